"""How punctually each operator pays: late or not, by how many days, and why (R2)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.customers.words import Evidence, rules, says

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from macros.billing.collection import Standing


class Payment(NamedTuple):
    """One statement: what was billed and received, when it was due and complete, the days late and the reason."""

    standing: Standing
    due: dt.date
    complete: dt.date | None
    days: int
    why: str
    points: Decimal

    @property
    def says(self) -> str:
        """The payment in words."""
        why = f"（{self.why}）" if self.why else ""
        name = "met" if not self.days else "late" if self.complete else "open"
        return says("view", name, month=self.standing.month, days=self.days, why=why, points=self.points)

    @property
    def evidence(self) -> Evidence:
        """The statement's row and what it says."""
        return Evidence(self.standing.row, self.says)


def payments(standings: Iterable[Standing], months: frozenset[str], today: dt.date) -> dict[str, list[Payment]]:
    """Each operator's statements of some months that are judged: complete, or due before today.

    Args:
        standings: every statement as collection tells it (`macros.billing.collection.standings`).
        months: the months looked at.
        today: the day of judging; what is open then is late by the days since it was due.
    """
    found: dict[str, list[Payment]] = {}
    clock = rules()["words"]["clock_paid"]
    for each in standings:
        stone = each.milestones.get(clock)
        if each.month not in months or stone is None or stone.due is None:
            continue
        complete = each.received.complete_on
        if complete is None and stone.due >= today:
            continue
        days = max(0, ((complete or today) - stone.due).days)
        why = each.row.text("note") if days else ""
        found.setdefault(each.operator, []).append(Payment(each, stone.due, complete, days, why, points(days)))
    return found


def points(days: int) -> Decimal:
    """The points of a statement complete so many days late."""
    view = rules()["view"]["punctual"]
    return Decimal(next((given for most, given in view["steps"] if days <= most), view["beyond"]))


def cycle(paid: Iterable[Payment]) -> Decimal | None:
    """The mean days from the first of the month in which a statement falls due to its last yuan; None for none."""
    days = [(each.complete - each.due.replace(day=1)).days + 1 for each in paid if each.complete]
    return Decimal(sum(days)) / Decimal(len(days)) if days else None
