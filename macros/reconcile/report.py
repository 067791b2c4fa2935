"""A reconciliation as the commands print it: one JSON object, or words for people."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from macros.reconcile.tables import outcome
from macros.reconcile.words import title, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.reconcile.forward import Forward
    from macros.reconcile.run import Compared, Reconciliation

_NONE = Decimal("0.00")
#: Lines shown to people, at most; the workbook holds all.
_SHOWN = 20


def as_json(month: str, made: Sequence[Reconciliation], forwards: Sequence[Forward]) -> dict[str, Any]:
    """The answer of ``reconcile --json``; amounts as text with two decimals."""
    counts: dict[str, int] = defaultdict(int)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in made:
        for cause in one.causes:
            counts[cause.cause] += cause.lines
            sums[cause.cause] += cause.amount
    ours, theirs = sum((one.ours for one in made), _NONE), sum((one.theirs for one in made), _NONE)
    return {
        "month": month, "customer": "、".join(one.operator for one in made), "ours": str(ours), "theirs": str(theirs),
        "difference": str(ours - theirs), "unexplained": str(sum((one.unexplained for one in made), _NONE)),
        "causes": [
            {"cause": name, "lines": counts[name], "amount": str(sums[name])}
            for name in words()["cause"] if name in counts
        ],
        "lines": [_line(line) for one in made for line in one.lines],
        "forward": [_forward(one.operator, rolled) for one, rolled in zip(made, forwards, strict=True)],
    }


def _line(line: Compared) -> dict[str, Any]:
    return {
        "key": line.key, "ours": str(line.ours), "theirs": str(line.theirs), "difference": str(line.difference),
        "causes": [{"cause": part.cause, "amount": str(part.amount), "detail": part.detail} for part in line.parts],
        "match": {
            "by": line.match.by, "reason": line.match.reason, "leases": [one.lease.key for one in line.match.ours],
            "rows": [f"{one.row.place.sheet}!{one.row.place.row}" for one in line.match.theirs],
        },
    }


def _forward(operator: str, rolled: Forward) -> dict[str, Any]:
    steps = (rolled.before, *rolled.steps, rolled.after)
    return {
        "customer": operator, "ties": rolled.ties,
        "steps": [{"step": step.title, "lines": step.lines, "amount": str(step.amount)} for step in steps],
    }


def as_text(made: Reconciliation, rolled: Forward) -> str:
    """The comparison for reading."""
    lines = [
        f"{made.month} {made.operator}：铁塔侧 {made.ours:,}，运营商侧 {made.theirs:,}，差异 {made.difference:,}"
        f"（{outcome(made)}），未解释 {made.unexplained:,}。",
    ]
    lines += [f"  {title(one.cause)}　{one.lines} 条　{one.amount:,}" for one in made.causes]
    differing = made.differing
    for line in differing[:_SHOWN]:
        said = "；".join(f"{title(part.cause)} {part.amount:,}（{part.detail}）" for part in line.parts)
        lines.append(f"  {line.key}  {line.ours:,} / {line.theirs:,}  差 {line.difference:,}：{said}")
    if len(differing) > _SHOWN:
        lines.append(f"  ……另有 {len(differing) - _SHOWN} 条，见工作簿")
    changes = "，".join(f"{step.title} {step.lines:+} 条 {step.amount:+,}" for step in rolled.steps) or "无变化"
    lines.append(
        f"  与上月衔接：{rolled.before.title} {rolled.before.lines} 条 {rolled.before.amount:,}；{changes}；"
        f"{rolled.after.title} {rolled.after.lines} 条 {rolled.after.amount:,}，{'相符' if rolled.ties else '不符'}"
    )
    return "\n".join(lines)
