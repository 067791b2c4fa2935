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
    """One lease's line: its rounded items in the order of annex 3.9, their sum, and the segments they come from."""

    lease: Lease
    items: tuple[tuple[str, Decimal], ...]
    amount: Decimal
    segments: tuple[Segment, ...]


def line(lease: Lease, segments: Sequence[Segment]) -> Line:
    """The line of a lease whose month was cut into ``segments``, all of one calendar month."""
    below = _below(segments[0].first)
    terms = lease.terms
    found = _base(lease, segments, below)
    items, amount = [_item("base", found)], found
    if terms.site_rent or terms.power_fee:
        paid = 0
        for one in segments:
            paid += site_share(terms, one.regime, one.tenants) * one.days
        for name, yearly in (("site_rent", terms.site_rent), ("power_fee", terms.power_fee)):
            if yearly:
                found = _half_up(yearly * paid, SCALE * SCALE * below)
                items.append(_item(name, found))
                amount += found
    if terms.extras:
        days = sum(one.days for one in segments)
        for name, yearly in terms.extras:
            found = _half_up(yearly * days, SCALE * below)
            items.append(_item(name, found))
            amount += found
    return Line(lease, tuple(items), _yuan(amount), tuple(segments))


def _base(lease: Lease, segments: Sequence[Segment], below: int) -> int:
    regime = segments[0].regime
    if len(segments) == 1 or all(one.regime is regime for one in segments):
        yearly, under = base(lease.terms, regime)
        paid = 0
        for one in segments:
            paid += base_share(lease.terms, regime, one.tenants) * one.days
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
    return _yuan(_half_up(numerator, denominator))


def _half_up(numerator: int, denominator: int) -> int:
    return (200 * numerator + denominator) // (2 * denominator)


@lru_cache(maxsize=1 << 12)
def _below(day: dt.date) -> int:
    """What a year's amount times days is divided by: twelve times the days of the month."""
    return _MONTHS * monthrange(day.year, day.month)[1]


# Amounts repeat themselves from lease to lease: remembered, a million lines take a third less memory.
@lru_cache(maxsize=1 << 17)
def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


@lru_cache(maxsize=1 << 17)
def _item(name: str, fen: int) -> tuple[str, Decimal]:
    return name, _yuan(fen)
