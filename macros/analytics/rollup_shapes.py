"""The shapes of a roll-up: what a city hands over, and how sums are added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.analytics.rollup_words import rules
from macros.months import name_of, previous

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

Sum = int | Decimal
#: Sums by name, as ``rules/rollup.toml`` lists them.
Sums = Mapping[str, Sum]
#: Manager, customer and clock.
Whose = tuple[str, str, str]


class Leaf(NamedTuple):
    """How the deadlines of one clock stand for one manager and customer: judged in the period, running now."""

    met: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0


class Late(NamedTuple):
    """One row that is overdue now, with its place in the city's own workbook; ``row`` is 0 where it has none."""

    manager: str
    customer: str
    clock: str
    title: str
    key: str
    due: dt.date
    days: int
    workbook: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class City:
    """A city's figures.

    ``now`` are sums of this moment, ``months`` those of each month of the period, oldest first; ``leaves`` the hard
    clocks by manager, customer and clock; ``stages`` the demands by label and stage; ``late`` the longest overdue rows,
    no more than were asked for; ``basis`` says what its days and prices are counted by; ``missing`` what its folder
    lacks.
    """

    folder: str
    name: str
    now: Sums
    months: Mapping[str, Sums]
    leaves: Mapping[Whose, Leaf]
    stages: Mapping[tuple[str, str], int]
    late: tuple[Late, ...]
    basis: Mapping[str, str]
    missing: tuple[str, ...]

    @property
    def period(self) -> Sums:
        """The sums of the whole period, and those of this moment."""
        return added([self.now, *self.months.values()])


def added(each: Iterable[Sums]) -> dict[str, Sum]:
    """Sums added up by name."""
    total: dict[str, Sum] = defaultdict(int)
    for sums in each:
        for name, value in sums.items():
            total[name] += value
    return dict(total)


def together(leaves: Iterable[Leaf]) -> Leaf:
    """Leaves added up."""
    return Leaf(*map(sum, zip(*leaves, strict=True)))


def months(at: dt.date) -> tuple[str, ...]:
    """The months of the period that ends with the month of ``at``, oldest first."""
    return tuple(previous(name_of(at), back) for back in reversed(range(rules()["months"])))
