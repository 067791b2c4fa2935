"""Who shares a site with a lease at the end of its month, and since when."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from macros.billing.leases import Lease
    from macros.billing.lines import Line


class Sharers:
    """The leases of a month by site."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._sites: dict[str, list[Lease]] = defaultdict(list)
        for line in lines:
            self._sites[line.lease.site].append(line.lease)

    def since(self, line: Line) -> list[dt.date]:
        """The first day of every other operator on the site on the line's last day, earliest first.

        An operator with several leases there counts from the first of them.
        """
        own = line.lease
        held = self._sites[own.site]
        if len(held) == 1:
            return []
        last = line.segments[-1].last
        first: dict[str, dt.date] = {}
        for other in held:
            if other.operator != own.operator and other.starts <= last <= other.ends:
                known = first.get(other.operator)
                first[other.operator] = other.since if known is None else min(known, other.since)
        return sorted(first.values())
