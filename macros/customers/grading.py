"""Grades customers by a weighted composite of the four views, and tells what a regrade changed and why (R2)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.customers.views import VIEWS, View, views
from macros.customers.words import percent, rules, says, weights
from macros.findings import about
from macros.tables import in_order
from macros.values import round_half_up

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from macros.billing.collection import Standing
    from macros.findings import Finding
    from macros.records import Record, Value
    from macros.register import Register

FORM = "regrade"


class Grade(NamedTuple):
    """One customer's grade: its views, the composite and its working, what the grade was before and what changed.

    ``last`` is the row of 分级记录 the scores are compared with.
    """

    row: Record
    views: Mapping[str, View]
    score: Decimal
    grade: str
    working: str
    before: str
    change: str
    last: Record | None

    @property
    def changed(self) -> bool:
        """Whether the grade is another than the customer's row says."""
        return self.grade != self.before


def grades(
    register: Register, standings: Sequence[Standing], today: dt.date,
) -> tuple[list[Grade], list[Finding]]:
    """Every customer's grade in the order of the sheet.

    No customer is graded by weights that do not add up. A view of which nothing is known is left out and the others'
    weights are taken in proportion; where too little is known there is no grade, since each view alone misleads.
    """
    chosen, findings = weights(register.settings)
    if not chosen:
        return [], findings
    known = views(register, standings, today)
    logs = register.groups(FORM, ("customer_name",))
    made = []
    for row in register.rows("customer"):
        if row.key not in known:
            continue
        mine = known[row.key]
        unknown = [name for name in VIEWS if mine[name].score is None]
        told = sum((chosen.get(name, Decimal(0)) for name in VIEWS if name not in unknown), Decimal(0))
        if told < Decimal(rules()["grading"]["least_known"]):
            titles = "、".join(mine[name].says for name in unknown)
            findings.append(about(row, "customer_name", "CUS022", told=percent(told), unknown=titles))
            continue
        made.append(_grade(row, mine, chosen, logs.get((row["customer_name"],), []), today))
    return made, findings


def _grade(
    row: Record, mine: Mapping[str, View], chosen: Mapping[str, Decimal], log: Sequence[Record], today: dt.date,
) -> Grade:
    score, working = composite(mine, chosen)
    grade = next(name for name, least in rules()["grading"]["grades"] if score >= least)
    before = row.text("grade")
    earlier = [each for each in log if (day := each.date("graded_on")) and day <= today]
    last = max(earlier, key=lambda each: str(each.date("graded_on")), default=None)
    return Grade(row, mine, score, grade, working, before, _change(mine, score, grade, before, last), last)


def composite(mine: Mapping[str, View], chosen: Mapping[str, Decimal]) -> tuple[Decimal, str]:
    """The weighted mean of the views that have points, to a tenth, and its working."""
    counted = [
        (weight, view.score) for name in VIEWS
        if (view := mine[name]).score is not None and (weight := chosen.get(name, Decimal(0))) > 0
    ]
    total = sum((weight for weight, _ in counted), Decimal(0))
    if not total:
        return Decimal("0.0"), says("grading", "nothing")
    score = round_half_up(sum((weight * points for weight, points in counted), Decimal(0)) / total, 1)
    working = "＋".join(f"{points}×{percent(weight)}" for weight, points in counted)
    left = [rules()["view"][name]["title"] for name in VIEWS if mine[name].score is None]
    if total == 1:
        return score, f"{working}＝{score}"
    return score, says(
        "grading", "partial", working=working, total=percent(total), score=score, left="、".join(left)
    )


def _change(mine: Mapping[str, View], score: Decimal, grade: str, before: str, last: Record | None) -> str:
    """What changed since the last entry of the log: the grade, and each view whose points moved, with its reason."""
    if last is None:
        return says("grading", "first") if not before else says("grading", "unlogged", before=before, grade=grade)
    moved = [
        says("grading", "moved", title=rules()["view"][name]["title"], old=_shown(last[name]),
             new=_shown(mine[name].score), why=_why(mine[name]))
        for name in VIEWS if last[name] != mine[name].score
    ]
    if grade == before and not moved:
        return says("grading", "same")
    head = says("grading", "regraded" if grade != before else "kept", before=before, grade=grade,
                old=_shown(last["score"]), new=score)
    return "；".join([head, *moved]) if moved else f"{head}；{says('grading', 'weights')}"


def _why(view: View) -> str:
    """What a view's points rest on: the last of its rows, which is what is new, else how it comes about."""
    return view.evidence[-1].says if view.evidence else view.says


def _shown(value: Value) -> str:
    return says("grading", "blank") if value is None else str(value)


def entries(
    found: Sequence[Grade], today: dt.date,
) -> tuple[list[tuple[Record, dict[str, Value]]], list[tuple[Record, dict[str, Value]]], list[list[Value]]]:
    """What a regrade writes: the grade and its day on the customers' rows, and rows of the log set and added.

    A grade that stays as it was writes nothing; a second regrade of one day takes the place of the first.
    """
    customers: list[tuple[Record, dict[str, Value]]] = []
    updates: list[tuple[Record, dict[str, Value]]] = []
    added: list[list[Value]] = []
    for each in found:
        if not each.changed and each.last is not None:
            continue
        customers.append((each.row, {"grade": each.grade, "graded_on": today}))
        values: dict[str, Value] = {
            "customer_name": each.row.key, "graded_on": today, "before": each.before or None, "grade": each.grade,
            "score": each.score, "reason": each.change, **{name: each.views[name].score for name in VIEWS},
        }
        if each.last is not None and each.last.date("graded_on") == today:
            updates.append((each.last, values | {"before": each.last["before"]}))
        else:
            added += in_order(FORM, [values])
    return customers, updates, added
