"""Orders deadlines for a board, soft limits apart, and says in words how each one stands."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from heapq import nsmallest
from typing import TYPE_CHECKING

from macros.clocks.item import DAY, Item, When, day, ends, iso
from macros.clocks.rules import words
from macros.records import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


#: Days and moments remembered with their words: deadlines by the hundred thousand fall on few of them.
_DAYS = 1 << 15


def instant(item: Item) -> tuple[bool, dt.datetime, str, str]:
    """What a board is sorted by: the instant a deadline lapses, a day at 24:00; those without one come last."""
    return (item.due is None, ends(item.due or dt.date.min), item.clock, item.key)


def running(items: Iterable[Item], now: dt.datetime, days: int | None = None) -> list[Item]:
    """What is still to be done, in the order of true instants; soft limits are left to `aside`.

    Args:
        items: evaluated deadlines.
        now: the board's moment.
        days: leave out what is due later than this many days from now; None shows all.
    """
    return _ordered(items, now, days, lambda item: item.kind not in words()["aside"])


def nearest(items: Iterable[Item], count: int) -> list[Item]:
    """The first few of `running`."""
    soft = words()["aside"]
    return nsmallest(count, (item for item in items if item.running and item.kind not in soft), key=instant)


def aside(items: Iterable[Item], now: dt.datetime) -> list[Item]:
    """The soft limits (原则上, 尽快, 立即) still to be done, shown apart."""
    return _ordered(items, now, None, lambda item: item.kind in words()["aside"])


def _ordered(
    items: Iterable[Item], now: dt.datetime, days: int | None, wanted: Callable[[Item], bool],
) -> list[Item]:
    last = None if days is None else now.date() + days * DAY
    chosen = [
        item for item in items
        if item.running and wanted(item) and (last is None or item.due is None or day(item.due) <= last)
    ]
    return sorted(chosen, key=instant)


def nearest_first(items: Sequence[Item], now: dt.datetime, most: int) -> list[Item]:
    """Items in the order given where they are at most so many; else the nearest so many, then those farther off.

    A sheet holds so many rows and no more: what stands beyond them is left out.
    """
    if len(items) <= most:
        return list(items)
    ranked = sorted(items, key=lambda item: abs((day(item.due or dt.date.max) - now.date()).days))
    return sorted(ranked[:most], key=instant) + ranked[most:]


def line(item: Item, now: dt.datetime) -> str:
    """One deadline in one line of text, for lists on a terminal."""
    states = words()["states"]
    whose = item.branch or item.customer
    told = (states[item.state], item.clock, item.title, item.key, whose, shown(item.due), distance(item.due, now))
    return "  ".join(part for part in (*told, item.clause) if part)


@lru_cache(_DAYS)
def shown(due: When | None) -> str:
    """A day, or a moment to the minute, as text."""
    if due is None:
        return ""
    return f"{due:%Y-%m-%d %H:%M}" if isinstance(due, dt.datetime) else due.isoformat()


def standing(item: Item, now: dt.datetime) -> str:
    """How pressing a running deadline is: late, today, near, normal, provisional or waiting."""
    if item.due is None or item.state == "waiting":
        return "waiting"
    if item.state == "late":
        return "late"
    left = (day(item.due) - now.date()).days
    if left <= int(words()["near_days"]):
        return "near" if left > 0 else "today"
    return "provisional" if item.provisional else "normal"


def where(item: Item) -> str:
    """Workbook, sheet and cell of what started the clock, as text that leads there."""
    if item.place is None:
        return ""
    place, spot = item.place, item.cell or item.place.cell(1)
    return Link(f"《{place.workbook.rsplit('.', 1)[0]}》{place.sheet} {spot}", place.workbook, place.sheet, spot)


@lru_cache(_DAYS)
def distance(due: When | None, now: dt.datetime) -> str:
    """How far a deadline is: 逾期9天, 今日, 剩3天; for moments overdue on the same day 逾期1小时5分."""
    if due is None:
        return ""
    hint = words()["hint"]
    days = (day(due) - now.date()).days
    if isinstance(due, dt.datetime) and now > due and days == 0:
        hours, minutes = divmod(int((now - due).total_seconds()) // 60, 60)
        return str(hint["overdue_time"]).format(n=(f"{hours}小时" if hours else "") + f"{minutes}分")
    if days < 0:
        return str(hint["overdue"]).format(n=-days)
    return str(hint["today"] if days == 0 else hint["left"].format(n=days))


def as_json(items: Iterable[Item], now: dt.datetime) -> dict[str, object]:
    """What ``board --json`` prints."""
    return {"now": iso(now), "items": [item.as_json() for item in items]}
