"""What a progress letter says of each milestone: how tight it is, what the period changed, a bar of characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.delivery.schedule import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable


class Stone(NamedTuple):
    """A milestone of a project: its name, the day it is planned for and the day it was reached."""

    milestone: str
    planned: dt.date
    actual: dt.date | None


class Line(NamedTuple):
    """One milestone of a letter: days beyond the plan, what changed, its bar."""

    stone: Stone
    deviation: int | None
    news: str
    bar: str


def lines(stones: Iterable[Stone], told_on: dt.date | None, begin: dt.date | None, today: dt.date) -> list[Line]:
    """The milestones of one project in the order of their planned days.

    Args:
        stones: its milestones.
        told_on: the day of the last letter; what happened after it is news. None: this is the first.
        begin: the day of approval, where the bars begin.
        today: the day of this letter.
    """
    ordered = sorted(stones, key=lambda stone: stone.planned)
    days = [day for stone in ordered for day in (stone.planned, stone.actual) if day]
    if not days:
        return []
    start = min([*days, begin] if begin else days)
    span = max((max(days) - start).days, 1)
    made = []
    previous = start
    for stone in ordered:
        deviation = (stone.actual - stone.planned).days if stone.actual else None
        bar = _bar(start, span, previous, stone, today)
        made.append(Line(stone, deviation, _news(stone, told_on, today), bar))
        previous = stone.planned
    return made


def _news(stone: Stone, told_on: dt.date | None, today: dt.date) -> str:
    words, planned, actual = rules()["words"], stone.planned, stone.actual
    if actual:
        if told_on and actual <= told_on:
            return ""
        late = (actual - planned).days
        return str(words["finished_late"].format(days=late) if late > 0 else words["finished"])
    if planned < today:
        return str(words["overdue"].format(days=(today - planned).days))
    return ""


def _bar(start: dt.date, span: int, previous: dt.date, stone: Stone, today: dt.date) -> str:
    """A milestone's stretch of the whole schedule: from the one before it to its own day."""
    chart = rules()["chart"]
    cells: int = chart["cells"]

    def cell(day: dt.date) -> int:
        return min(max((day - start).days, 0) * (cells - 1) // span, cells - 1)

    planned, actual = stone.planned, stone.actual
    end = actual or planned
    sign = chart["done"] if actual else chart["late"] if planned < today else chart["planned"]
    first, last = cell(min(previous, end)), cell(end)
    bar = [chart["blank"]] * cells
    bar[first : last + 1] = [sign] * (last + 1 - first)
    here = cell(today)
    if start <= today and bar[here] == chart["blank"]:
        bar[here] = chart["today"]
    return "".join(bar)
