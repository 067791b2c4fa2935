"""Splits the days a deadline has run between the party that was waited for and ourselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.facts import WAITING
from macros.clocks.item import Item, day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable


class Share(NamedTuple):
    """Calendar days of one running deadline; ``ours`` + ``waited`` = ``elapsed``, always."""

    key: str
    clock: str
    since: dt.date
    until: dt.date
    elapsed: int
    ours: int
    waited: int
    party: str
    reason: str


def attribution(items: Iterable[Item], now: dt.datetime) -> list[Share]:
    """The shares of every running deadline whose row can be paused.

    A pause counts from the day it began, or from the trigger where it began earlier, until ``now``. Without a
    pause all days are our own.
    """
    today = now.date()
    shares: list[Share] = []
    for item in items:
        record = item.record
        reminder = item.rule.trigger and item.trigger_on and day(item.trigger_on) > today
        if record is None or not item.running or reminder or WAITING[0] not in record.form.index or not item.trigger_on:
            continue
        since = day(item.trigger_on)
        paused = record.date(WAITING[0])
        elapsed = (today - since).days
        waited = (today - max(paused, since)).days if paused and paused <= today else 0
        party = record.text(WAITING[1]) if paused else ""
        reason = record.text(WAITING[2]) if paused else ""
        shares.append(Share(item.key, item.clock, since, today, elapsed, elapsed - waited, waited, party, reason))
    return shares
