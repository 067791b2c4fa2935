"""A line's base price in the parts operators list: each part's yearly price, and its share of the month to the fen."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from math import lcm
from typing import TYPE_CHECKING

from macros.billing.lines import cents
from macros.pricing.fees import base, base_share
from macros.pricing.regimes import SCALE

if TYPE_CHECKING:
    from decimal import Decimal

    from macros.billing.lines import Line
    from macros.pricing.fees import Terms
    from macros.pricing.regimes import Regime

#: The parts of the base price, in the order they are listed.
PARTS = ("tower", "room", "support", "maintenance")
_ONE = {part: dict.fromkeys(PARTS, 0) | {part: 1} for part in PARTS}
_MONTHS = 12


class Parts:
    """Takes prices apart; what a yuan of each cost makes of the price is reckoned once for all leases alike."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, int], tuple[tuple[int, ...], int]] = {}

    def yearly(self, line: Line) -> list[Decimal]:
        """Each part's price of a year and one product unit before discount, in yuan, as lists state it.

        A product with a yearly base price has no parts: each is nothing.
        """
        numerators, below = self._unit(line.lease.terms, line.segments[-1].regime)
        return [cents(one, below) for one in numerators]

    def month(self, line: Line) -> list[int]:
        """Each part's amount of the month in fen; they add up to the line's base amount exactly.

        Every part is rounded down and the fen left over go to the parts that lost most, so that no part is off by a
        whole fen and none without a price gets one.
        """
        exact, below = self._exact(line)
        whole = [one // below for one in exact]
        # What was billed by a yearly base price belongs to no part.
        left = line.fen[0] - sum(whole) if all(one.terms.yearly is None for one in line.leases) else 0
        if left:
            lost = sorted(range(len(PARTS)), key=lambda at: (-(exact[at] % below), at))
            for at in lost[:left]:
                whole[at] += 1
        return whole

    def _exact(self, line: Line) -> tuple[list[int], int]:
        """The parts of the month in fen before rounding, as numerators and their denominator."""
        start = line.segments[0].first
        paid: dict[tuple[int, int], int] = {}
        held: dict[tuple[int, int], tuple[Terms, Regime]] = {}
        for one in line.segments:
            terms = line.of(one).terms
            name = id(terms), id(one.regime)
            held[name] = terms, one.regime
            paid[name] = paid.get(name, 0) + base_share(terms, one.regime, one.tenants) * one.days
        units = {name: self._unit(*each) for name, each in held.items()}
        common = lcm(*(below for _, below in units.values()))
        times = {
            name: 100 * held[name][0].units * paid[name] * (common // below) for name, (_, below) in units.items()
        }
        sums = [sum(units[name][0][at] * times[name] for name in units) for at in range(len(PARTS))]
        return sums, common * SCALE * SCALE * _MONTHS * monthrange(start.year, start.month)[1]

    def _unit(self, terms: Terms, regime: Regime) -> tuple[list[int], int]:
        """The parts of a year's price of one unit as numerators, and their denominator: prices grow with costs."""
        if terms.yearly is not None:
            return [0] * len(PARTS), 1
        named = id(regime), terms.wind, terms.region
        known = self._known.get(named)
        if known is None:
            ones = [base(replace(terms, units=SCALE, **_ONE[part]), regime) for part in PARTS]  # type: ignore[arg-type]
            known = self._known[named] = tuple(one[0] for one in ones), ones[0][1]
        costs = (terms.tower, terms.room, terms.support, terms.maintenance)
        return [each * cost for each, cost in zip(known[0], costs, strict=True)], known[1]
