"""On-time rates of clocks over a period: each deadline counts once, on the day its verdict fell."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.item import day
from macros.clocks.rules import words
from macros.clocks.tallies import scored

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from macros.clocks.item import Item


class Rate(NamedTuple):
    """How the deadlines of one clock, or of several together, stood in a period.

    ``met`` and ``late`` are judged; ``open`` fall due in the period and may still be met; ``waiting`` cannot be told,
    because a date is missing or contradicts another. ``counts`` says whether the clock enters totals.
    """

    clock: str
    title: str
    clause: str
    met: int = 0
    late: int = 0
    open: int = 0
    waiting: int = 0
    kind: str = "hard"
    counts: bool = True

    @property
    def judged(self) -> int:
        """How many deadlines have a verdict."""
        return self.met + self.late

    @property
    def rate(self) -> Decimal | None:
        """Met ÷ judged, unrounded; None where nothing was judged, which is neither 0 nor 100 %."""
        return Decimal(self.met) / Decimal(self.judged) if self.judged else None


def verdict_day(item: Item) -> dt.date | None:
    """The day an item is judged on: closed in time, that day; else the day it was due. None while not judged.

    A deadline missed stays with the period in which it was missed, however late it is closed: no later closing
    changes the rate of a past month.
    """
    if item.state == "met":
        return day(item.closed_on) if item.closed_on else None
    if item.state in ("late", "met-late"):
        return day(item.due) if item.due else None
    return None


def within(item: Item, first: dt.date, last: dt.date) -> str:
    """What an item counts as in the period ``first`` to ``last``: met, late, open, waiting; empty for nothing."""
    if item.state == "waiting":
        begun = day(item.trigger_on) if item.trigger_on else None
        return "waiting" if begun is None or first <= begun <= last else ""
    judged = verdict_day(item)
    if judged is None:
        due = day(item.due) if item.due else None
        return "open" if item.state == "open" and due and first <= due <= last else ""
    if not first <= judged <= last:
        return ""
    return "met" if item.state == "met" else "late"


def rates(
    items: Iterable[Item], first: dt.date, last: dt.date, settings: Mapping[str, str] | None = None,
) -> dict[str, Rate]:
    """The rate of every clock that has items in the period, by clock id in the clocks' order.

    Args:
        items: evaluated deadlines.
        first: first day of the period.
        last: last day of the period, included.
        settings: the user's assumptions, one of which decides whether solving complaints enters totals.
    """
    return grouped(items, first, last, lambda _: "", settings).get("", {})


def grouped(
    items: Iterable[Item], first: dt.date, last: dt.date, name: Callable[[Item], str],
    settings: Mapping[str, str] | None = None,
) -> dict[str, dict[str, Rate]]:
    """`rates` by a name, such as the manager's or the customer's (`tallies.by_manager`), sorted by name."""
    counted: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rules: dict[str, Item] = {}
    for item in items:
        stands = within(item, first, last)
        if stands:
            rules.setdefault(item.rule.id, item)
            counted[name(item), item.rule.id][stands] += 1
    made: dict[str, dict[str, Rate]] = {}
    for who, clock in sorted(counted):
        first_item = rules[clock]
        rule = first_item.rule
        made.setdefault(who, {})[clock] = Rate(
            clock, rule.title, rule.clause, **counted[who, clock], kind=rule.kind,
            counts=scored(first_item, settings or {}),
        )
    return made


def total(found: Mapping[str, Rate]) -> Rate:
    """All clocks that count (hard limits) as one; soft limits and the other side's duties never enter."""
    hard = [rate for rate in found.values() if rate.counts]
    return Rate(
        "", str(words()["attribution"]["total"]), "", sum(r.met for r in hard), sum(r.late for r in hard),
        sum(r.open for r in hard), sum(r.waiting for r in hard),
    )


def hard(found: Mapping[str, Rate]) -> list[Rate]:
    """The clocks that enter the total."""
    return [rate for rate in found.values() if rate.counts]
