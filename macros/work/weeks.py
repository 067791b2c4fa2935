"""Cuts a month into the weeks that are planned in it, and finds the longer periods that actions recur by."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from macros.months import first_of, last_of, name_of
from macros.periods import add_months

if TYPE_CHECKING:
    from macros.workdays import Calendar

_DAY = dt.timedelta(days=1)
_WEEK = 7
#: Months of the longer periods.
LENGTHS = {"quarter": 3, "half-year": 6, "year": 12}


class Week(NamedTuple):
    """A week of a month's plan: its name ``2026-W47`` and its working days within the month."""

    name: str
    days: tuple[dt.date, ...]


def week_of(day: dt.date) -> str:
    """The name of the week a day lies in: ``2026-W47``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day from the first to the last."""
    return [first + number * _DAY for number in range((last - first).days + 1)]


def workdays(calendar: Calendar, month: str) -> tuple[dt.date, ...]:
    """The month's working days.

    Raises:
        CalendarError: the calendar does not hold the month.
    """
    return tuple(day for day in days_between(first_of(month), last_of(month)) if calendar.is_workday(day))


def weeks(calendar: Calendar, month: str) -> tuple[list[Week], list[str]]:
    """The weeks planned in a month, and the names of those without any working day.

    A week on the edge of two months belongs to the one that holds more of its working days, to the earlier one when
    they hold as many, so that each week is planned once.

    Raises:
        CalendarError: the calendar does not hold the month.
    """
    planned: list[Week] = []
    idle: list[str] = []
    monday = first_of(month) - (first_of(month).isoweekday() - 1) * _DAY
    while monday <= last_of(month):
        week = days_between(monday, monday + (_WEEK - 1) * _DAY)
        worked = [day for day in week if calendar.is_workday(day)]
        names = [name_of(day) for day in worked or week]
        if max(dict.fromkeys(names), key=names.count) == month:
            if worked:
                planned.append(Week(week_of(monday), tuple(day for day in worked if name_of(day) == month)))
            else:
                idle.append(week_of(monday))
        monday += _WEEK * _DAY
    return planned, idle


def period_of(month: str, every: str) -> tuple[str, ...]:
    """The months of the quarter, half-year or year that a month lies in."""
    first, length = first_of(month), LENGTHS.get(every, 1)
    start = first.replace(month=(first.month - 1) // length * length + 1)
    return tuple(name_of(add_months(start, number)) for number in range(length))
