"""A province from its cities: sums of sums, what each indicator makes of them, and every city's place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from macros.analytics.rollup_shapes import Leaf, added, together
from macros.analytics.rollup_words import indicators, readable, rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.analytics.rollup_shapes import City, Sum, Sums
    from macros.analytics.rollup_words import Indicator

_PERCENT, _HUNDREDTH = Decimal("0.0001"), Decimal("0.01")


class Measure(NamedTuple):
    """An indicator of a city, a month or the province: two sums, compared by their exact quotient."""

    indicator: Indicator
    over: Sum
    under: Sum

    @property
    def exact(self) -> Fraction | None:
        """The quotient; None where there is no base."""
        return Fraction(self.over) / Fraction(self.under) if self.under else None

    @property
    def value(self) -> Decimal | None:
        """The figure as shown: a rate to a hundredth of a percent, or so many for each `each` of the base."""
        if not self.under:
            return None
        found = Decimal(self.over) * (self.indicator.each or 1) / Decimal(self.under)
        return found.quantize(_HUNDREDTH if self.indicator.each else _PERCENT, ROUND_HALF_UP)

    @property
    def small(self) -> bool:
        """Whether the base is too small to be ranked by."""
        return self.under < self.indicator.least

    def words(self) -> str:
        """``98.53%``, ``12.30``, or in words that there is no base."""
        value = self.value
        if value is None:
            return str(rules()["words"]["none"])
        return f"{value}" if self.indicator.each else f"{value * 100:.2f}%"


class Ranked(NamedTuple):
    """A city under one indicator: its measure and its place; None without a base, or with one that is too small."""

    name: str
    measure: Measure
    place: int | None


@dataclass(frozen=True)
class Province:
    """The cities that could be read, in the order of their names, and what they make together."""

    cities: Sequence[City]
    names: Sequence[str]

    @cached_property
    def months(self) -> Mapping[str, Sums]:
        """The sums of each month, oldest first."""
        known = list(self.cities[0].months) if self.cities else []
        return {name: added(city.months.get(name, {}) for city in self.cities) for name in known}

    @cached_property
    def now(self) -> Sums:
        """The sums of this moment."""
        return added(city.now for city in self.cities)

    @cached_property
    def period(self) -> Sums:
        """The sums of the whole period, and of this moment."""
        return added([self.now, *self.months.values()])

    @cached_property
    def clocks(self) -> Mapping[str, Leaf]:
        """How each hard clock stands in all cities."""
        return by_clock(self.cities)

    @cached_property
    def ranking(self) -> Mapping[str, Sequence[Ranked]]:
        """The cities in their own order, by indicator."""
        periods = [city.period for city in self.cities]
        return {
            each.id: ranked(self.names, [measured(each, sums) for sums in periods]) for each in indicators()
        }

    def whole(self, indicator: Indicator) -> Measure:
        """An indicator of the period."""
        return measured(indicator, self.period)

    def in_month(self, indicator: Indicator, month: str) -> Measure | None:
        """An indicator of one month; None where it tells only how things stand now.

        Bases that are no month's own, such as leases in force, are those of this moment.
        """
        if not indicator.monthly or month not in self.months:
            return None
        return measured(indicator, {**self.now, **self.months[month]})


def measured(indicator: Indicator, sums: Sums) -> Measure:
    """What an indicator makes of sums."""
    over, under = (sum((sums.get(name, 0) for name in names), 0) for names in (indicator.over, indicator.under))
    return Measure(indicator, over, under)


def ranked(names: Sequence[str], found: Sequence[Measure]) -> list[Ranked]:
    """The places of cities by one indicator: equal figures share a place, and the next comes after all of them."""
    better = Counter(measure.exact for measure in found if measure.exact is not None and not measure.small)
    order = sorted(better, reverse=bool(found) and found[0].indicator.direction == "high")
    places: dict[Fraction, int] = {}
    ahead = 0
    for exact in order:
        places[exact] = ahead + 1
        ahead += better[exact]
    return [
        Ranked(name, measure, None if measure.small or measure.exact is None else places[measure.exact])
        for name, measure in zip(names, found, strict=True)
    ]


def by_clock(cities: Sequence[City]) -> dict[str, Leaf]:
    """The leaves of cities by clock."""
    return _grouped([(clock, leaf) for city in cities for (_, _, clock), leaf in city.leaves.items()])


def by_person(city: City, which: int) -> dict[str, dict[str, Leaf]]:
    """A city's leaves by manager (``which`` is 0) or by customer (1), then by clock."""
    found: dict[str, list[tuple[str, Leaf]]] = {}
    for whose, leaf in city.leaves.items():
        found.setdefault(whose[which], []).append((whose[2], leaf))
    return {name: _grouped(each) for name, each in sorted(found.items())}


def _grouped(leaves: Sequence[tuple[str, Leaf]]) -> dict[str, Leaf]:
    found: dict[str, list[Leaf]] = {}
    for name, leaf in leaves:
        found.setdefault(name, []).append(leaf)
    return {name: together(found[name]) for name in sorted(found)}


def rate(leaf: Leaf) -> Decimal | None:
    """Met ÷ judged of a leaf, to a hundredth of a percent; None where nothing was judged."""
    judged = leaf.met + leaf.late
    return (Decimal(leaf.met) / judged).quantize(_PERCENT, ROUND_HALF_UP) if judged else None


def told(cities: Sequence[City]) -> list[str]:
    """What each city is called: its name, with its folder's where two have the same or it has none."""
    many = Counter(city.name for city in cities)
    said = rules()["words"]
    return [
        readable(
            PurePath(city.folder).name if not city.name
            else said["doubled"].format(name=city.name, folder=PurePath(city.folder).name) if many[city.name] > 1
            else city.name
        ) for city in cities
    ]
