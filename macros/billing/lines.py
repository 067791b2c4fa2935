"""A lease's amounts of a month, item by item, exact to the last step and rounded once (billing rules 5 and 6)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from macros.pricing.fees import base, base_share, site_share
from macros.pricing.regimes import SCALE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from macros.billing.leases import Lease
    from macros.billing.segments import Segment

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One lease's line: its items rounded, in fen and in the order of annex 3.9, and the segments they come from.

    Fen as whole numbers, and names that are the lease's own: a million lines take half the memory of Decimals.
    """

    lease: Lease
    fen: tuple[int, ...]
    segments: tuple[Segment, ...]

    @property
    def names(self) -> list[str]:
        """What the items are called, in the same order."""
        terms = self.lease.terms
        names = ["base"]
        if terms.site_rent:
            names.append("site_rent")
        if terms.power_fee:
            names.append("power_fee")
        if terms.extras:
            names += [name for name, _ in terms.extras]
        return names

    @property
    def items(self) -> tuple[tuple[str, Decimal], ...]:
        """The items in yuan by name."""
        return tuple(zip(self.names, map(yuan, self.fen), strict=True))

    @property
    def amount(self) -> Decimal:
        """The sum of the items in yuan."""
        return yuan(sum(self.fen))


def line(lease: Lease, segments: Sequence[Segment]) -> Line:
    """The line of a lease whose month was cut into ``segments``, all of one calendar month."""
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


def segment_amount(lease: Lease, segment: Segment) -> Decimal:
    """What a segment contributes to its line, all items, rounded for display only."""
    below = _below(segment.first)
    terms = lease.terms
    site = (terms.site_rent + terms.power_fee) * site_share(terms, segment.regime, segment.tenants)
    yearly = Fraction(site, SCALE**2) + Fraction(sum(fee for _, fee in terms.extras), SCALE)
    exact = (segment_base(lease, segment) + yearly * segment.days) / below
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
