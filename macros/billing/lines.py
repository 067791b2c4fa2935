"""A lease's amounts of a month, item by item, exact to the last step and rounded once (billing rules 5 and 6)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from macros.pricing.fees import base, base_share, site_share
from macros.pricing.regimes import SCALE

if TYPE_CHECKING:
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
    start = segments[0].first
    below = _MONTHS * monthrange(start.year, start.month)[1]
    terms = lease.terms
    items = [("base", _base(lease, segments, below))]
    if terms.site_rent or terms.power_fee:
        paid = sum(site_share(terms, one.regime, one.tenants) * one.days for one in segments)
        for name, yearly in (("site_rent", terms.site_rent), ("power_fee", terms.power_fee)):
            if yearly:
                items.append((name, cents(yearly * paid, SCALE * SCALE * below)))
    if terms.extras:
        days = sum(one.days for one in segments)
        items += [(name, cents(yearly * days, SCALE * below)) for name, yearly in terms.extras]
    return Line(lease, tuple(items), sum((amount for _, amount in items), Decimal(0)), tuple(segments))


def _base(lease: Lease, segments: Sequence[Segment], below: int) -> Decimal:
    regime = segments[0].regime
    if all(one.regime is regime for one in segments):
        yearly, under = base(lease.terms, regime)
        paid = sum(base_share(lease.terms, regime, one.tenants) * one.days for one in segments)
        return cents(yearly * paid, under * SCALE * below)
    exact = sum((segment_base(lease, one) for one in segments), Fraction(0)) / below
    return cents(exact.numerator, exact.denominator)


def segment_base(lease: Lease, segment: Segment) -> Fraction:
    """The discounted base price of a year, times the days of the segment, in yuan."""
    yearly, under = base(lease.terms, segment.regime)
    return Fraction(yearly * base_share(lease.terms, segment.regime, segment.tenants) * segment.days, under * SCALE)


def segment_amount(lease: Lease, segment: Segment) -> Decimal:
    """What a segment contributes to its line, all items, rounded for display only."""
    below = _MONTHS * monthrange(segment.first.year, segment.first.month)[1]
    terms = lease.terms
    site = (terms.site_rent + terms.power_fee) * site_share(terms, segment.regime, segment.tenants)
    yearly = Fraction(site, SCALE**2) + Fraction(sum(fee for _, fee in terms.extras), SCALE)
    exact = (segment_base(lease, segment) + yearly * segment.days) / below
    return cents(exact.numerator, exact.denominator)


def cents(numerator: int, denominator: int) -> Decimal:
    """A fraction of yuan rounded half up to 0.01; neither part is negative."""
    return Decimal((200 * numerator + denominator) // (2 * denominator)).scaleb(-2)
