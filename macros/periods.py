"""What counting days gives, the conventions it follows, and all of it that needs no working-day table."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from typing import Literal, NamedTuple

#: Asia/Shanghai has kept +08:00 without summer time since 1992: no zone database is needed for it.
SHANGHAI = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")

Judgement = Literal["ON_TIME", "LATE", "WAITING", "ERROR"]


class CalendarError(ValueError):
    """A day the calendar cannot answer for (before its first, beyond its last), or a bad count."""


class Due(NamedTuple):
    """A counted day; ``provisional`` when the count consulted a day no decree covers yet (S9)."""

    day: dt.date
    provisional: bool


class DueMoment(NamedTuple):
    """A counted moment, naive Shanghai time."""

    moment: dt.datetime
    provisional: bool


class Reminder(NamedTuple):
    """A calendar day with the working day to act by and the one a forward roll would give."""

    due: dt.date
    act_by: Due
    forward: Due


class Step(NamedTuple):
    """One day of a count: its ``number``, 0 if skipped; ``reason`` says why, or names a make-up day."""

    day: dt.date
    number: int
    reason: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Conventions:
    """Where law and handbook leave room: switches C1 to C10. The defaults are the house's own reading."""

    #: C1 after an event on a rest day, the ``next`` working day is day 1, or it is ``received`` only then.
    rest_day_event: Literal["next", "received"] = "next"
    #: C2 where a reminder falls on a rest day, act by the working day before, after, or on the day itself.
    reminder: Literal["back", "forward", "nominal"] = "back"
    #: C3 a month step ends on the ``corresponding`` day, or goes from month end to month end.
    month_step: Literal["corresponding", "month_end"] = "corresponding"
    #: C4 "N working days before": the ``nth`` one before the event, or N ``clear`` days between.
    days_before: Literal["nth", "clear"] = "nth"
    #: C5 zero working days from a rest day: the ``next`` working day, or the ``same`` day.
    zero_days: Literal["next", "same"] = "next"
    #: C6 a result that consulted undecreed days is ``shown`` as provisional, or ``refused``.
    undecreed: Literal["shown", "refused"] = "shown"
    #: C7 minutes run round the clock (None), or only within these hours of working days.
    office_hours: tuple[dt.time, dt.time] | None = None
    #: C8 a feedback in the very second of the event is ``on_time``, or an ``error``.
    zero_duration: Literal["on_time", "error"] = "on_time"
    #: C9 receipt after this time of day counts as received on the next working day; None: it counts today.
    closes_at: dt.time | None = None
    #: C10 a term's first day is ``included`` (it ends the day before the corresponding day) or ``excluded``.
    first_day: Literal["included", "excluded"] = "included"


HOUSE = Conventions()


def local(moment: dt.datetime) -> dt.datetime:
    """The moment as naive Shanghai time; a naive one is taken to be that already."""
    return moment if moment.tzinfo is None else moment.astimezone(SHANGHAI).replace(tzinfo=None)


def day_of(moment: dt.date) -> dt.date:
    """The Shanghai day of a day or moment (S8: the time of day does not move the start day)."""
    return local(moment).date() if isinstance(moment, dt.datetime) else moment


def add_months(day: dt.date, months: int, conventions: Conventions = HOUSE) -> dt.date:
    """The corresponding day ``months`` later (negative: earlier), or the month's last (S4, Civil Code 202).

    One step from the original day: chaining steps gives another, wrong answer (31 March + 1 + 1 is 30 May).

    Raises:
        CalendarError: the result lies outside the years 1 to 9999.
    """
    day = day_of(day)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise CalendarError(f"{day} 加 {months} 个月超出可表示的年份")
    last = monthrange(year, month + 1)[1]
    at_month_end = day.day == monthrange(day.year, day.month)[1]
    if conventions.month_step == "month_end" and at_month_end:
        return dt.date(year, month + 1, last)
    return dt.date(year, month + 1, min(day.day, last))


def period_end(start: dt.date, months: int, conventions: Conventions = HOUSE) -> dt.date:
    """Last day of a term of ``months`` that begins with ``start`` (S11)."""
    end = add_months(start, months, conventions)
    return end if conventions.first_day == "excluded" else end - dt.timedelta(days=1)


def add_minutes(moment: dt.datetime, minutes: int) -> dt.datetime:
    """The naive Shanghai moment ``minutes`` of wall time later, nights and holidays included (S7)."""
    return local(moment) + dt.timedelta(minutes=minutes)


def elapsed_seconds(start: dt.datetime, end: dt.datetime) -> int:
    """Whole seconds from start to end: spreadsheet times carry binary dust that must not decide a limit."""
    gap = local(end) - local(start)
    return gap.days * 86_400 + gap.seconds + (gap.microseconds >= 500_000)


def on_time(
    start: dt.datetime | None, end: dt.datetime | None, limit_minutes: int, conventions: Conventions = HOUSE,
) -> Judgement:
    """Judge a feedback to the second; exactly on the limit is on time (S7, Civil Code 1259).

    Returns:
        ``WAITING`` while either moment is blank, ``ERROR`` when the end lies before the start.
    """
    if start is None or end is None:
        return "WAITING"
    seconds = elapsed_seconds(start, end)
    if seconds < 0 or (seconds == 0 and conventions.zero_duration == "error"):
        return "ERROR"
    return "ON_TIME" if seconds <= limit_minutes * 60 else "LATE"
