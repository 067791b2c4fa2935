"""Cuts a site's month wherever its tenants or the price rules change (billing rules 4 and 5)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from macros.billing.leases import Lease
    from macros.pricing.regimes import Regime

_DAY = dt.timedelta(days=1)


class Span(NamedTuple):
    """Days under one set of price rules, both counted."""

    first: dt.date
    last: dt.date
    regime: Regime


class Segment(NamedTuple):
    """Days of a lease with the same tenants and rules; first and last day counted."""

    first: dt.date
    last: dt.date
    tenants: int
    regime: Regime

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def by_site(leases: Iterable[Lease], first: dt.date, last: dt.date) -> dict[str, list[Lease]]:
    """The leases that run on any day of the span, by site."""
    sites: dict[str, list[Lease]] = defaultdict(list)
    for lease in leases:
        if lease.starts <= last and lease.ends >= first:
            sites[lease.site].append(lease)
    return sites


def cut(site: Sequence[Lease], spans: Sequence[Span]) -> dict[str, Sequence[Segment]]:
    """The segments of each of a site's leases, by lease number.

    Tenants are the distinct operators with a running lease: two leases of one operator are one tenant. Days between
    the spans belong to no segment.
    """
    first, last = spans[0].first, spans[-1].last
    if len(spans) == 1 and all(lease.starts <= first and lease.ends >= last for lease in site):
        whole = (Segment(first, last, len({lease.operator for lease in site}), spans[0].regime),)
        return {lease.key: whole for lease in site}
    found: dict[str, list[Segment]] = {lease.key: [] for lease in site}
    days = {span.first for span in spans} | {span.last + _DAY for span in spans[:-1]}
    for lease in site:
        if first < lease.starts <= last:
            days.add(lease.starts)
        if first <= lease.ends < last:
            days.add(lease.ends + _DAY)
    starts = sorted(days)
    for start, following in zip(starts, [*starts[1:], last + _DAY], strict=True):
        running = [lease for lease in site if lease.starts <= start <= lease.ends]
        regime = next((span.regime for span in spans if span.first <= start <= span.last), None)
        if running and regime is not None:
            segment = Segment(start, following - _DAY, len({lease.operator for lease in running}), regime)
            for lease in running:
                found[lease.key].append(segment)
    return dict(found)
