"""Who was on a site when: tenants by their leases, from day to day, with the anchor."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from macros.records import Record

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days, first and last counted, through which the same operators are on a site; ``last`` None runs on.

    ``anchor`` names those whose running lease says 锚定用户.
    """

    first: dt.date
    last: dt.date | None
    operators: tuple[str, ...]
    anchor: tuple[str, ...]

    def runs(self, day: dt.date) -> bool:
        """Whether the day is one of it."""
        return self.first <= day and (self.last is None or day <= self.last)


def timelines(leases: Iterable[Record]) -> dict[str, list[Period]]:
    """The periods of every site with leases, in time order; days without any tenant are in none.

    Two leases of one operator on a site are one tenant. A lease without first day, or ending before it, counts nowhere.
    """
    held: dict[str, list[Record]] = {}
    for lease in leases:
        start, end = lease.date("starts_on"), lease.date("ends_on")
        usable = lease["operator"] is not None and lease["site_code"] is not None and start is not None
        if usable and start is not None and (end is None or start <= end):
            held.setdefault(lease.text("site_code"), []).append(lease)
    return {site: _periods(own) for site, own in held.items()}


def _periods(leases: Sequence[Record]) -> list[Period]:
    cuts: set[dt.date] = set()
    for lease in leases:
        start, end = lease.date("starts_on"), lease.date("ends_on")
        cuts |= {start} if start else set()
        cuts |= {end + _DAY} if end and end < dt.date.max else set()
    found: list[Period] = []
    days: list[dt.date | None] = [*sorted(cuts), None]
    for first, following in pairwise(days):
        assert first is not None
        running = [lease for lease in leases if _runs(lease, first)]
        if not running:
            continue
        operators = tuple(sorted({lease.text("operator") for lease in running}))
        anchor = tuple(sorted({lease.text("operator") for lease in running if lease["anchor"] is True}))
        last = following - _DAY if following else None
        before = found[-1] if found else None
        if before and before.last == first - _DAY and (before.operators, before.anchor) == (operators, anchor):
            found[-1] = Period(before.first, last, operators, anchor)
        else:
            found.append(Period(first, last, operators, anchor))
    return found


def _runs(lease: Record, day: dt.date) -> bool:
    start, end = lease.date("starts_on"), lease.date("ends_on")
    return start is not None and start <= day and (end is None or day <= end)
