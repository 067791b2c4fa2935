"""Turns a trigger and a limit into the day or moment it ends, one function for every unit of the rules."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.item import DAY, When, day
from macros.clocks.settings import Switches
from macros.periods import CalendarError, local

if TYPE_CHECKING:
    from macros.clocks.rules import Unit, Version
    from macros.workdays import Calendar

#: Minutes in a unit of elapsed time.
MINUTES = {"minute": 1, "hour": 60}
_WEEK = 7
DEFAULT = Switches()


class Reckoned(NamedTuple):
    """Where a limit ends: the deadline, the day to act by, and whether undecreed days were consulted (S9).

    ``forward`` is the day a roll to the next working day would give, for days of the month only;
    ``act_provisional`` says that only the day to act by rests on the estimate.
    """

    due: When
    act_by: When
    provisional: bool = False
    forward: dt.date | None = None
    act_provisional: bool = False


def reckon(unit: Unit, n: int, start: When, calendar: Calendar, switches: Switches = DEFAULT) -> Reckoned:
    """The end of a limit of ``n`` units that runs from ``start`` (dates.md S1 to S8).

    Args:
        unit: a unit of `rules.Version`; ``column`` takes ``start`` for the agreed moment itself.
        n: the number of units; day of the month for ``day-of-month``.
        start: trigger day or moment; any day of the month or week for calendar units.
        calendar: the working days.
        switches: how days are counted.

    Raises:
        CalendarError: a day the calendar cannot answer for, or undecreed days where the user refuses them.
    """
    conventions = switches.conventions
    if unit == "WD":
        due = calendar.add(start - DAY if switches.trigger_counts else start, n, conventions)
        return Reckoned(due.day, due.day, due.provisional)
    if unit in MINUTES:
        if not isinstance(start, dt.datetime):
            raise CalendarError(f"{start} 没有时刻，无法按分钟计算")
        moment = calendar.add_minutes(start, n * MINUTES[unit], conventions)
        return Reckoned(moment.moment, moment.moment, moment.provisional)
    if unit == "day":
        due = calendar.next(day(start) + n * DAY, conventions)
        return Reckoned(due.day, due.day, due.provisional)
    if unit == "column":
        agreed = local(start) if isinstance(start, dt.datetime) else start
        return Reckoned(agreed, agreed)
    if unit == "at-once":
        return Reckoned(day(start), day(start))
    if unit == "month-before":
        # The nominal day never moves for a weekend, only the day to act by does (S6).
        reminder = calendar.before_end(day(start), n, conventions)
        return Reckoned(reminder.due, reminder.act_by.day, act_provisional=reminder.act_by.provisional)
    nominal = _calendar_day(unit, n, day(start))
    payday = replace(conventions, reminder=switches.payday if unit == "day-of-month" else "back")
    reminder = calendar.around(nominal, payday)
    forward = reminder.forward.day if unit == "day-of-month" else None
    return Reckoned(nominal, reminder.act_by.day, False, forward, reminder.act_by.provisional)


def _calendar_day(unit: Unit, n: int, within: dt.date) -> dt.date:
    """The nominal last day of the month or week that ``within`` lies in; a short month ends on its last day."""
    if unit == "week-end":
        return within + (_WEEK - within.isoweekday()) * DAY
    last = monthrange(within.year, within.month)[1]
    return within.replace(day=last if unit == "month-end" else min(n, last))


def rolled(version: Version, reckoned: Reckoned) -> Reckoned:
    """The same limit with a rest day at its end moved to the next working day, where the rule says so (S5)."""
    if version.forward and reckoned.forward:
        return reckoned._replace(due=reckoned.forward, act_by=reckoned.forward, forward=None)
    return reckoned


class Memory:
    """`reckon` with what it said before: registers hold few distinct days, and a hundred thousand rows of them."""

    def __init__(self, calendar: Calendar, switches: Switches = DEFAULT):
        """Remember for one calendar under one set of switches."""
        self.calendar = calendar
        self.switches = switches
        self._known: dict[tuple[object, ...], Reckoned | CalendarError] = {}

    def end(self, version: Version, n: int, start: When) -> Reckoned:
        """The end of a limit of a version, rolled where the version says so.

        Raises:
            CalendarError: as `reckon`.
        """
        # A count depends on the time of day only where a close of business is set.
        timed = version.unit in MINUTES or version.unit == "column" or self.switches.conventions.closes_at
        key = (version.unit, n, version.forward, start if timed else day(start))
        known = self._known.get(key)
        if known is None:
            try:
                known = rolled(version, reckon(version.unit, n, start, self.calendar, self.switches))
            except CalendarError as refusal:
                known = refusal
            self._known[key] = known
        if isinstance(known, CalendarError):
            raise known
        return known
