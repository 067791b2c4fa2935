"""A lease's amounts of a month, item by item, exact to the last step and rounded once (billing rules 5 and 6)."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from macros.pricing.fees import base, base_share, site_share
from macros.pricing.parameters import words
from macros.pricing.regimes import SCALE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from macros.billing.leases import Lease
    from macros.billing.segments import Segment
    from macros.pricing.fees import Terms

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One lease's line: its items rounded, in fen and in the order of annex 3.9, and the segments they come from.

    Fen as whole numbers, and names that are the lease's own: a million lines take half the memory of Decimals.
    ``before`` are the number's other rows of the month where its data changed in it, in their order; ``lease`` is
    then the last.
    """

    lease: Lease
    fen: tuple[int, ...]
    segments: tuple[Segment, ...]
    before: tuple[Lease, ...] = ()

    @property
    def leases(self) -> tuple[Lease, ...]:
        """The number's rows that ran in the month, in their order."""
        return (*self.before, self.lease)

    def of(self, segment: Segment) -> Lease:
        """The row in force on the days of a segment."""
        if not self.before:
            return self.lease
        return next((one for one in self.before if one.starts <= segment.first <= one.ends), self.lease)

    @property
    def names(self) -> list[str]:
        """What the items are called, in the same order."""
        if not self.before:
            return _names(self.lease.terms)
        held = {name for one in self.leases for name in _names(one.terms)}
        return [name for name in _order() if name in held]

    @property
    def items(self) -> tuple[tuple[str, Decimal], ...]:
        """The items in yuan by name."""
        return tuple(zip(self.names, map(yuan, self.fen), strict=True))

    @property
    def amount(self) -> Decimal:
        """The sum of the items in yuan."""
        return yuan(sum(self.fen))


def _names(terms: Terms) -> list[str]:
    names = ["base"]
    if terms.site_rent:
        names.append("site_rent")
    if terms.power_fee:
        names.append("power_fee")
    if terms.extras:
        names += [name for name, _ in terms.extras]
    return names


@cache
def _order() -> tuple[str, ...]:
    return tuple(item["name"] for item in words()["item"])


def line(lease: Lease, segments: Sequence[Segment], before: Sequence[Lease] = ()) -> Line:
    """The line of a lease whose month was cut into ``segments``, all of one calendar month.

    Args:
        lease: the row in force on the last of them.
        segments: days with the same tenants, rules and data.
        before: the number's earlier rows of the month, each with segments of its own.
    """
    if before:
        return _changing(Line(lease, (), tuple(segments), tuple(before)))
    below = _below(segments[0].first)
    terms = lease.terms
    days = [one.days for one in segments]
    fen = [_base(lease, segments, days, below)]
    if terms.site_rent or terms.power_fee:
        paid = 0
        for one, length in zip(segments, days, strict=True):
            paid += site_share(terms, one.regime, one.tenants) * length
        site = (terms.site_rent, terms.power_fee)
        fen += [_half_up(yearly * paid, SCALE * SCALE * below) for yearly in site if yearly]
    if terms.extras:
        fen += [_half_up(yearly * sum(days), SCALE * below) for _, yearly in terms.extras]
    return Line(lease, tuple(fen), tuple(segments))


def _changing(made: Line) -> Line:
    """The line with its items, each summed over the rows it comes from and rounded once."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for segment in made.segments:
        for name, exact in _exact(made.of(segment), segment):
            sums[name] += exact / _below(segment.first)
    fen = (_half_up(sums[name].numerator, sums[name].denominator) for name in made.names)
    return Line(made.lease, tuple(fen), made.segments, made.before)


def _base(lease: Lease, segments: Sequence[Segment], days: Sequence[int], below: int) -> int:
    regime = segments[0].regime
    if len(segments) == 1 or all(one.regime is regime for one in segments):
        yearly, under = base(lease.terms, regime)
        paid = 0
        for one, length in zip(segments, days, strict=True):
            paid += base_share(lease.terms, regime, one.tenants) * length
        return _half_up(yearly * paid, under * SCALE * below)
    exact = sum((segment_base(lease, one) for one in segments), Fraction(0)) / below
    return _half_up(exact.numerator, exact.denominator)


def segment_base(lease: Lease, segment: Segment) -> Fraction:
    """The discounted base price of a year, times the days of the segment, in yuan."""
    yearly, under = base(lease.terms, segment.regime)
    return Fraction(yearly * base_share(lease.terms, segment.regime, segment.tenants) * segment.days, under * SCALE)


def _exact(lease: Lease, segment: Segment) -> Iterator[tuple[str, Fraction]]:
    """Each item's discounted amount of a year, times the days of the segment, in yuan."""
    terms = lease.terms
    yield "base", segment_base(lease, segment)
    site = site_share(terms, segment.regime, segment.tenants) * segment.days
    yield "site_rent", Fraction(terms.site_rent * site, SCALE**2)
    yield "power_fee", Fraction(terms.power_fee * site, SCALE**2)
    for name, yearly in terms.extras:
        yield name, Fraction(yearly * segment.days, SCALE)


def segment_amount(lease: Lease, segment: Segment) -> Decimal:
    """What a segment contributes to its line, all items, rounded for display only."""
    exact = Fraction(sum(part for _, part in _exact(lease, segment))) / _below(segment.first)
    return cents(exact.numerator, exact.denominator)


def cents(numerator: int, denominator: int) -> Decimal:
    """A fraction of yuan rounded half up to 0.01; neither part is negative."""
    return yuan(_half_up(numerator, denominator))


def yuan(fen: int) -> Decimal:
    """Fen as yuan with two decimals."""
    return Decimal(fen).scaleb(-2)


def _half_up(numerator: int, denominator: int) -> int:
    return (200 * numerator + denominator) // (2 * denominator)


@lru_cache(maxsize=1 << 12)
def _below(day: dt.date) -> int:
    """What a year's amount times days is divided by: twelve times the days of the month."""
    return _MONTHS * monthrange(day.year, day.month)[1]
