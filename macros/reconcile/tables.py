"""The rows that letter and confirmation print, made of a reconciliation as records of computed forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.forms import forms
from macros.reconcile.words import title, words
from macros.records import Place, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macros.reconcile.run import Compared, Reconciliation
    from macros.records import Value


def tables(made: Reconciliation, ledger: str, addressee: str) -> dict[str, tuple[Record, ...]]:
    """Result, differences and their causes by form code.

    Args:
        made: the month compared.
        ledger: the operator's file name.
        addressee: whom letters go to.
    """
    who: dict[str, Value] = {"month": made.month, "operator": made.operator}
    result: dict[str, Value] = who | {
        "addressee": addressee, "ledger": ledger,
        "our_lines": sum(len(line.match.ours) for line in made.lines),
        "their_lines": sum(len(line.match.theirs) for line in made.lines),
        "differing": len(made.differing), "ours": made.ours, "theirs": made.theirs, "difference": made.difference,
        "unexplained": made.unexplained, "outcome": outcome(made),
    }
    causes = [
        _row(
            "difference_cause", who | {"cause": title(one.cause), "lines": one.lines, "amount": one.amount}, ledger, at,
        )
        for at, one in enumerate(made.causes, 1)
    ]
    lines = [_row("difference", who | _line(one), ledger, at) for at, one in enumerate(made.differing, 1)]
    return {
        "comparison": (_row("comparison", result, ledger, 1),), "difference_cause": tuple(causes),
        "difference": tuple(lines),
    }


def outcome(made: Reconciliation) -> str:
    """The conclusion in words."""
    said = words()["outcome"]
    if not made.difference:
        return str(said["even"].format(lines=len(made.differing)) if made.differing else said["equal"])
    return str(said["higher" if made.difference > 0 else "lower"].format(amount=f"{abs(made.difference):,}"))


def _line(one: Compared) -> dict[str, Value]:
    return {
        "line_no": one.key, "site_name": site_name(one), "ours": one.ours, "theirs": one.theirs,
        "difference": one.difference, "cause": "、".join(dict.fromkeys(title(part.cause) for part in one.parts)),
        "detail": "；".join(
            f"{part.detail}（{part.amount:+,}）" if len(one.parts) > 1 else part.detail for part in one.parts
        ),
    }


def site_name(one: Compared) -> str:
    """The site's name as we have it, else as they have it."""
    if one.match.ours:
        return one.match.ours[0].lease.row.text("site_name")
    return one.match.theirs[0].name


def _row(code: str, values: Mapping[str, Value], ledger: str, at: int) -> Record:
    form = forms()[code]
    cells = tuple(values.get(column.name) for column in form.columns)
    return Record(form, cells, Place(ledger, form.title, at), (0,) * len(form.columns))
