"""Counts how deadlines stand by customer or by manager, with the on-time rate of hard limits only."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.board import standing
from macros.clocks.rules import words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from macros.clocks.item import Item


class Count(NamedTuple):
    """How one customer's or manager's deadlines stand.

    Running ones count by their standing; ``met``, ``met_late`` and ``hard_late`` count what the rate counts.
    """

    late: int = 0
    today: int = 0
    near: int = 0
    normal: int = 0
    waiting: int = 0
    provisional: int = 0
    met: int = 0
    met_late: int = 0
    hard_late: int = 0

    @property
    def rate(self) -> float | None:
        """On-time rate: met ÷ (met + met late + overdue); None where nothing was due yet."""
        judged = self.met + self.met_late + self.hard_late
        return self.met / judged if judged else None


def counts(
    items: Iterable[Item], now: dt.datetime, name: Callable[[Item], str], settings: Mapping[str, str] | None = None,
) -> dict[str, Count]:
    """Counts by a name, such as the customer's or the manager's, sorted by name; soft limits are left out.

    Args:
        items: evaluated deadlines.
        now: the board's moment.
        name: what to count by, `by_customer` or `by_manager`.
        settings: the user's assumptions, one of which decides whether complaints count in the rate.
    """
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    aside = words()["aside"]
    counted: dict[str, bool] = {}
    for item in items:
        rule = item.rule
        scores = counted.get(rule.id)
        if scores is None:
            scores = counted[rule.id] = scored(item, settings or {})
        if rule.kind in aside and not scores:
            continue
        line = tally[name(item)]
        if item.running:
            line[standing(item, now)] += 1
            if scores and item.state == "late":
                line["hard_late"] += 1
        elif scores:
            line["met" if item.state == "met" else "met_late"] += 1
    return {key: Count(**tally[key]) for key in sorted(tally)}


def scored(item: Item, settings: Mapping[str, str]) -> bool:
    """Whether a deadline counts in the on-time rate: hard ones, and what the user's assumptions add (A15)."""
    extra = words()["options"]["score_complaints"]
    added = item.clock == extra["clock"] and settings.get(extra["setting"]) == extra["choice"]
    return item.kind in words()["scored"] or bool(added)


def by_customer(item: Item) -> str:
    """The customer's branch, or the operator where the branch is not known."""
    return item.branch or item.customer or str(words()["unnamed"])


def by_manager(item: Item) -> str:
    """The account manager."""
    return item.manager or str(words()["unnamed"])
