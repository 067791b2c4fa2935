"""Says whether a lease runs on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from macros.records import Record


def in_force(lease: Record, on: dt.date) -> bool:
    """Whether the lease's term holds the day, its first and last day included; one without an end runs on."""
    starts, ends = lease.date("starts_on"), lease.date("ends_on")
    return starts is not None and starts <= on and (ends is None or ends >= on)
