"""Reckons a lease's month as somebody else sees it: other dates, days, tenants or price inputs."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from macros.billing.lines import cents, line
from macros.billing.segments import Segment, by_site, cut
from macros.pricing.fees import base, base_share, site_share
from macros.pricing.regimes import SCALE
from macros.reconcile.words import limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.billing.leases import Lease
    from macros.billing.segments import Span

_DAY = dt.timedelta(days=1)
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """What a month's lines are cut from: its spans of price rules and the leases of every site."""

    spans: Sequence[Span]
    sites: Mapping[str, Sequence[Lease]]

    @property
    def first(self) -> dt.date:
        """First day."""
        return self.spans[0].first

    @property
    def last(self) -> dt.date:
        """Last day."""
        return self.spans[-1].last


def month_of(leases: Iterable[Lease], spans: Sequence[Span]) -> Month:
    """The month of these spans with the leases that run in it."""
    return Month(spans, by_site(leases, spans[0].first, spans[-1].last))


@dataclass(frozen=True, slots=True)
class View:
    """One side's view of a lease.

    ``unpaid`` are days at the beginning that are not counted, fewer than none where days are counted too many;
    ``tenancy`` are the tenants from each day on, empty where the register tells them.
    """

    lease: Lease
    unpaid: int = 0
    tenancy: tuple[tuple[dt.date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Amounts:
    """A view's rounded items by name and their sum."""

    items: Mapping[str, Decimal]
    total: Decimal


def segments(view: View, month: Month) -> list[Segment]:
    """The view's segments of the month; none where the lease does not run in it."""
    lease = view.lease
    if lease.starts > month.last or lease.ends < month.first or lease.ends < lease.starts:
        return []
    others = [one for one in month.sites.get(lease.site, ()) if one.key != lease.key]
    found = list(cut([*others, lease], month.spans)[lease.key])
    if view.unpaid:
        found = _counted(found, view.unpaid)
    return _seen(found, view.tenancy) if view.tenancy else found


def _counted(found: list[Segment], unpaid: int) -> list[Segment]:
    if unpaid < 0:
        return [*found[:-1], found[-1]._replace(last=found[-1].last - unpaid * _DAY)]
    start = found[0].first + unpaid * _DAY
    return [one._replace(first=max(one.first, start)) for one in found if one.last >= start]


def _seen(found: list[Segment], tenancy: tuple[tuple[dt.date, int], ...]) -> list[Segment]:
    made: list[Segment] = []
    for one in found:
        starts = [one.first, *(day for day, _ in tenancy if one.first < day <= one.last)]
        for start, following in zip(starts, [*starts[1:], one.last + _DAY], strict=True):
            tenants = next(count for day, count in reversed(tenancy) if day <= start)
            made.append(one._replace(first=start, last=following - _DAY, tenants=tenants))
    return made


def reckon(view: View, month: Month) -> Amounts:
    """What a view comes to, rounded as every line is."""
    found = segments(view, month)
    if not found:
        return Amounts({}, Decimal("0.00"))
    made = line(view.lease, found)
    return Amounts(dict(made.items), made.amount)


def days(view: View, month: Month) -> int:
    """How many days a view counts."""
    return sum(one.days for one in segments(view, month))


def rounded_early(view: View, month: Month) -> Decimal:
    """What a view comes to where every month's fee and every share of days is rounded before they are multiplied."""
    found, terms, places = segments(view, month), view.lease.terms, int(limit("places"))
    if not found:
        return Decimal("0.00")
    length = monthrange(month.first.year, month.first.month)[1]
    site = (("site_rent", terms.site_rent), ("power_fee", terms.power_fee))
    sums = [Fraction(0)]
    for one in found:
        yearly, below = base(terms, one.regime)
        share = base_share(terms, one.regime, one.tenants)
        sums[0] += _early(Fraction(yearly * share, below * SCALE), one.days, length, places)
    for _, fee in site:
        sums.append(sum((
            _early(Fraction(fee * site_share(terms, one.regime, one.tenants), SCALE**2), one.days, length, places)
            for one in found
        ), Fraction(0)))
    for _, fee in terms.extras:
        sums.append(sum((_early(Fraction(fee, SCALE), one.days, length, places) for one in found), Fraction(0)))
    return sum((cents(one.numerator, one.denominator) for one in sums), Decimal(0))


def _early(yearly: Fraction, counted: int, length: int, places: int) -> Fraction:
    return _half_up(yearly / _MONTHS, places) * _half_up(Fraction(counted, length), places)


def _half_up(value: Fraction, places: int) -> Fraction:
    scale = 10**places
    return Fraction((2 * value.numerator * scale + value.denominator) // (2 * value.denominator), scale)


def with_terms(view: View, **changed: object) -> View:
    """The view with other inputs of the price."""
    terms = replace(view.lease.terms, **changed)  # type: ignore[arg-type]
    return replace(view, lease=replace(view.lease, terms=terms))
