"""What each customer still owes of each month's statement, for how long, and how far its reconciliation is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.data import toml
from macros.findings import about

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from macros.findings import Finding
    from macros.records import Record, Value

_NOTHING = Decimal("0.00")

#: A statement's month and operator.
Whose = tuple[str, str]


class Milestone(NamedTuple):
    """A month's duty as the clocks tell it: its last day, its state, and when it was done."""

    due: dt.date | None
    state: str
    done_on: dt.date | None


class Received(NamedTuple):
    """What came in for a statement: the sum, the day of the last payment, the day it was complete.

    ``payments`` counts the rows of 收款 it is the sum of; 0 where the statement's own cells say it.
    """

    amount: Decimal
    last_on: dt.date | None
    complete_on: dt.date | None
    payments: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """One statement: what is billed, received and open; ``days`` past the last day of payment, 0 while not late."""

    month: str
    operator: str
    billed: Decimal
    received: Received
    open: Decimal
    days: int
    bucket: str
    milestones: Mapping[str, Milestone]
    row: Record


@cache
def words() -> dict[str, Any]:
    """Buckets, words and sheets, from ``rules/collection.toml``."""
    path = Path(__file__).parents[1] / "rules" / "collection.toml"
    return toml(path)


def standings(
    statements: Iterable[Record], payments: Iterable[Record], milestones: Mapping[tuple[str, str, str], Milestone],
    today: dt.date,
) -> tuple[list[Standing], list[Finding]]:
    """How each statement stands at the end of ``today``; what is dated later is not known yet.

    Args:
        statements: rows of 账单.
        payments: rows of 收款; where a statement has any, their sum is what came in.
        milestones: by clock, month and operator.
        today: the day of the list.

    Returns:
        Statements with a total, by month and operator, and what was found.
    """
    findings: list[Finding] = []
    by_whose: dict[Whose, Record] = {}
    for row in statements:
        whose = row.text("month"), row.text("operator")
        if not all(whose):
            continue  # the register's own check names the missing cell
        if whose in by_whose:
            findings.append(about(row, "month", "COL007", other=by_whose[whose].place.row))
        elif row["total"] is None:
            findings.append(about(row, "total", "COL005"))
        else:
            by_whose[whose] = row
    came, said = _payments(payments, by_whose, today)
    findings += said
    found = []
    for whose in sorted(by_whose):
        row = by_whose[whose]
        received, said = _received(row, came.get(whose, []), today)
        findings += said
        found.append(_standing(whose, row, received, milestones, today))
    return found, findings


def _payments(
    rows: Iterable[Record], statements: Mapping[Whose, Record], today: dt.date,
) -> tuple[dict[Whose, list[tuple[dt.date, Decimal]]], list[Finding]]:
    """Each statement's payments in the order of days, and those that belong to none."""
    found: dict[Whose, list[tuple[dt.date, Decimal]]] = {}
    findings: list[Finding] = []
    for row in rows:
        day, amount, whose = row.date("received_on"), row["amount"], (row.text("month"), row.text("operator"))
        if day is None or not isinstance(amount, Decimal) or not all(whose):
            continue  # the register's own check names the missing cell
        if whose not in statements:
            findings.append(about(row, "month", "COL001", month=whose[0], operator=whose[1], value=amount))
        elif day <= today:
            found.setdefault(whose, []).append((day, amount))
    return {whose: sorted(each) for whose, each in found.items()}, findings


def _received(
    row: Record, payments: Sequence[tuple[dt.date, Decimal]], today: dt.date,
) -> tuple[Received, list[Finding]]:
    """What came in for one statement, by its payments, else by its own cells."""
    total, paid, paid_on = _money(row["total"]), row["paid"], row.date("paid_on")
    known = paid_on is None or paid_on <= today
    if payments:
        amount = sum((each for _, each in payments), _NOTHING)
        if isinstance(paid, Decimal) and paid > amount and known:
            return Received(paid, payments[-1][0], paid_on), [about(row, "paid", "COL002", paid=amount)]
        return Received(amount, payments[-1][0], _complete(payments, total), len(payments)), _over(row, amount, total)
    if not known:
        return Received(_NOTHING, None, None), []
    if paid is None:
        if paid_on is None:
            return Received(_NOTHING, None, None), []
        return Received(total, paid_on, paid_on), [about(row, "paid", "COL004", day=paid_on)]
    amount = _money(paid)
    if amount < total and paid_on:
        said = [about(row, "paid_on", "COL003", total=total, paid=amount)]
    else:
        said = _over(row, amount, total)
    return Received(amount, paid_on, paid_on if amount >= total else None), said


def _over(row: Record, amount: Decimal, total: Decimal) -> list[Finding]:
    return [about(row, "paid", "COL006", total=total, value=amount)] if amount > total else []


def _complete(payments: Sequence[tuple[dt.date, Decimal]], total: Decimal) -> dt.date | None:
    """The day from which on everything was there, later returns included."""
    amount, complete = _NOTHING, None
    for day, each in payments:
        amount += each
        complete = None if amount < total else complete or day
    return complete


def _standing(
    whose: Whose, row: Record, received: Received, milestones: Mapping[tuple[str, str, str], Milestone], today: dt.date,
) -> Standing:
    total = _money(row["total"])
    open_ = total - received.amount
    own = {clock: found for clock in words()["clocks"].values() if (found := milestones.get((clock, *whose)))}
    paid = own.get(words()["clocks"]["paid"])
    days = max(0, (today - paid.due).days) if open_ > 0 and paid and paid.due else 0
    return Standing(*whose, total, received, open_, days, bucket(open_, days), own, row)


def bucket(open_: Decimal, days: int) -> str:
    """The age of an open amount; settled and overpaid statements have none."""
    if open_ <= 0:
        return str(words()["words"]["settled"])
    if days <= 0:
        return str(words()["words"]["not_due"])
    return next(str(one["title"]) for one in words()["bucket"] if one["first"] <= days <= one.get("last", days))


def buckets() -> list[str]:
    """Every age of open amounts, not yet due first."""
    return [words()["words"]["not_due"], *(one["title"] for one in words()["bucket"])]


def ageing(found: Iterable[Standing]) -> dict[str, dict[str, Decimal]]:
    """The open amounts by age, then by operator; every age and operator is there."""
    held = list(found)
    operators = sorted({each.operator for each in held})
    made = {title: dict.fromkeys(operators, _NOTHING) for title in buckets()}
    for each in held:
        if each.open > 0:
            made[each.bucket][each.operator] += each.open
    return made


def entries(found: Iterable[Standing]) -> list[tuple[Record, dict[str, Value]]]:
    """What payments set in their statements: 到账金额 their sum, 到账日期 the day it was complete.

    A statement without payments, or whose own amount is higher than their sum, stays as it is.
    """
    updates: list[tuple[Record, dict[str, Value]]] = []
    for each in found:
        if not each.received.payments:
            continue
        values: dict[str, Value] = {"paid": each.received.amount, "paid_on": each.received.complete_on}
        values = {name: value for name, value in values.items() if value != each.row[name]}
        if values:
            updates.append((each.row, values))
    return updates


def _money(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else _NOTHING
