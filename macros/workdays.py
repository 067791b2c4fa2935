"""The working-day calendar: an ordinal table of days and every count that consults it (S1 to S12)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, compress
from typing import TYPE_CHECKING

from macros.periods import (
    HOUSE,
    CalendarError,
    Conventions,
    Due,
    DueMoment,
    Judgement,
    Reminder,
    Step,
    add_minutes,
    add_months,
    day_of,
    local,
    on_time,
    period_end,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    Days = NDArray[np.datetime64]

__all__ = [
    "HOUSE", "Calendar", "CalendarError", "Conventions", "Due", "DueMoment", "Judgement", "Reminder", "Step",
    "add_minutes", "add_months", "day_of", "local", "on_time", "period_end",
]

_WEEKDAYS = "周一", "周二", "周三", "周四", "周五", "周六", "周日"


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, from ``first`` to the horizon; days after ``last_decreed`` are an estimate.

    ``working`` holds one byte per day from ``first``, 1 for a working day. ``names`` gives festivals and
    make-up days their Chinese names. ``version`` names the sources and differs when any day differs.
    """

    first: dt.date
    last_decreed: dt.date
    version: str
    working: bytes = field(repr=False)
    names: Mapping[dt.date, str] = field(repr=False, compare=False)

    @cached_property
    def horizon(self) -> dt.date:
        """The last day the table can answer for."""
        return self.first + dt.timedelta(days=len(self.working) - 1)

    @cached_property
    def _until(self) -> list[int]:
        """Working days from ``first`` up to and including each day."""
        return list(accumulate(self.working))

    @cached_property
    def _ordinals(self) -> list[int]:
        """Proleptic ordinals of all working days, ascending."""
        start = self.first.toordinal()
        return list(compress(range(start, start + len(self.working)), self.working))

    def _index(self, day: dt.date) -> int:
        at = day.toordinal() - self.first.toordinal()
        if at < 0:
            raise CalendarError(f"{day} 早于工作日历的第一天 {self.first}，无法计算工作日")
        if at >= len(self.working):
            raise CalendarError(f"{day} 超出工作日历的最后一天 {self.horizon}，无法计算工作日")
        return at

    def _nth(self, rank: int, told: str) -> dt.date:
        """The working day of 0-based ``rank``; ``told`` is the count as the message shows it."""
        if rank < 0:
            raise CalendarError(f"{told}：结果早于工作日历的第一天 {self.first}")
        if rank >= len(self._ordinals):
            raise CalendarError(f"{told}：结果超出工作日历的最后一天 {self.horizon}")
        return dt.date.fromordinal(self._ordinals[rank])

    def _due(self, day: dt.date, furthest: dt.date, conventions: Conventions) -> Due:
        provisional = furthest > self.last_decreed
        if provisional and conventions.undecreed == "refused":
            raise CalendarError(f"{furthest} 的放假安排尚未公布（已公布至 {self.last_decreed}）")
        return Due(day, provisional)

    def provisional(self, day: dt.date) -> bool:
        """Whether a count that consults ``day`` rests on the estimate (S9)."""
        return day_of(day) > self.last_decreed

    def is_workday(self, day: dt.date) -> bool:
        """Whether ``day`` is worked.

        Raises:
            CalendarError: the table does not hold the day; so does every method here.
        """
        return bool(self.working[self._index(day_of(day))])

    def reason(self, day: dt.date) -> str:
        """Why ``day`` is a rest day (国庆节, 周六) or an unusual working one (国庆节调休补班); else empty."""
        named = self.names.get(day, "")
        return named or ("" if self.is_workday(day) else _WEEKDAYS[day.weekday()])

    def starts(self, moment: dt.date, conventions: Conventions = HOUSE) -> dt.date:
        """The day a count starts after, by the conventions on late and rest-day receipt (S8, C1, C9)."""
        day = day_of(moment)
        closes = conventions.closes_at
        if closes and isinstance(moment, dt.datetime) and local(moment).time() > closes:
            return self.next(day + dt.timedelta(days=1)).day
        return self.next(day).day if conventions.rest_day_event == "received" else day

    def add(self, start: dt.date, days: int, conventions: Conventions = HOUSE) -> Due:
        """The ``days``-th working day strictly after ``start`` (S1); 0 gives the day or the next one (S3).

        Raises:
            CalendarError: a negative count, or days the table does not hold.
        """
        if days < 0:
            raise CalendarError(f"工作日数不能为负数：{days}")
        day = self.starts(start, conventions)
        if days == 0:
            same = conventions.zero_days == "same"
            return self._due(day, day, conventions) if same else self.next(day, conventions)
        due = self._nth(self._until[self._index(day)] + days - 1, f"{day} 后第 {days} 个工作日")
        return self._due(due, due, conventions)

    def sub(self, event: dt.date, days: int, conventions: Conventions = HOUSE) -> Due:
        """The ``days``-th working day strictly before ``event`` (S2); 0 gives the day or the one before.

        Raises:
            CalendarError: a negative count, or days the table does not hold.
        """
        if days < 0:
            raise CalendarError(f"工作日数不能为负数：{days}")
        day = day_of(event)
        if days == 0:
            return self.previous(day, conventions)
        days += conventions.days_before == "clear"
        at = self._index(day)
        due = self._nth(self._until[at] - self.working[at] - days, f"{day} 前第 {days} 个工作日")
        return self._due(due, day - dt.timedelta(days=1), conventions)

    def next(self, day: dt.date, conventions: Conventions = HOUSE) -> Due:
        """``day`` if worked, else the next working day: a period's last day rolls so (S5, Civil Code 203)."""
        day = day_of(day)
        at = self._index(day)
        due = day if self.working[at] else self._nth(self._until[at], f"{day} 起的下一工作日")
        return self._due(due, due, conventions)

    def previous(self, day: dt.date, conventions: Conventions = HOUSE) -> Due:
        """``day`` if worked, else the working day before it."""
        day = day_of(day)
        at = self._index(day)
        due = day if self.working[at] else self._nth(self._until[at] - 1, f"{day} 前的最近工作日")
        return self._due(due, day, conventions)

    def count(self, after: dt.date, until: dt.date) -> int:
        """Working days in (after, until] (S12), negative going back; `provisional` (until) is its flag."""
        return self._until[self._index(day_of(until))] - self._until[self._index(day_of(after))]

    def around(self, due: dt.date, conventions: Conventions = HOUSE) -> Reminder:
        """A nominal day, such as the 25th, with the day to act by and the rolled one (S6)."""
        due = day_of(due)
        back, forward = self.previous(due, conventions), self.next(due, conventions)
        choices = {"back": back, "forward": forward, "nominal": Due(due, False)}
        return Reminder(due, choices[conventions.reminder], forward)

    def before_end(self, end: dt.date, months: int, conventions: Conventions = HOUSE) -> Reminder:
        """The reminder ``months`` before a term's end: the corresponding day, acted on no later (S6)."""
        return self.around(add_months(end, -months, conventions), conventions)

    def add_minutes(self, moment: dt.datetime, minutes: int, conventions: Conventions = HOUSE) -> DueMoment:
        """``minutes`` after a moment, round the clock or, where so agreed, within office hours (S7, C7)."""
        now = local(moment)
        if conventions.office_hours is None:
            return DueMoment(add_minutes(now, minutes), False)
        opens, closes = conventions.office_hours
        left = dt.timedelta(minutes=minutes)
        day = self.next(now.date()).day
        while True:
            start, end = max(now, dt.datetime.combine(day, opens)), dt.datetime.combine(day, closes)
            if start + left <= end:
                return DueMoment(start + left, self._due(day, day, conventions).provisional)
            left -= max(end - start, dt.timedelta())
            day = self.add(day, 1).day

    def walk(self, start: dt.date, days: int, conventions: Conventions = HOUSE) -> list[Step]:
        """Every day from ``start`` to its due day in counting order; negative ``days`` walk back."""
        if days < 0:
            day, due = day_of(start), self.sub(start, -days, conventions).day
        else:
            day, due = self.starts(start, conventions), self.add(start, days, conventions).day
        one = dt.timedelta(days=-1 if days < 0 else 1)
        if days == 0 and day == due:
            return [Step(day, 0, self.reason(day), self.provisional(day))]
        steps, number = list[Step](), 0
        while day != due:
            day += one
            worked = self.is_workday(day)
            number += worked
            steps.append(Step(day, number if worked else 0, self.reason(day), self.provisional(day)))
        return steps

    @cached_property
    def _columns(self) -> tuple[NDArray[np.int64], Days, NDArray[np.uint8]]:
        import numpy as np

        working = np.frombuffer(self.working, dtype=np.uint8)
        days = np.datetime64(self.first, "D") + np.arange(len(working))
        return np.cumsum(working, dtype=np.int64), days[working.astype(bool)], working

    def add_many(self, starts: Days, days: NDArray[np.integer] | int) -> tuple[Days, NDArray[np.bool_]]:
        """`add` for whole columns under the house conventions.

        Args:
            starts: start days, datetime64[D], any shape; NaT gives NaT, not provisional.
            days: working days to count, one for all or one per start, not negative.

        Returns:
            The due days (datetime64[D]) and whether each is provisional.

        Raises:
            CalendarError: a negative count, or a day the table does not hold; names the first such position.
        """
        import numpy as np

        until, worked_days, working = self._columns
        starts = np.asarray(starts, dtype="datetime64[D]")
        counts = np.asarray(days, dtype=np.int64)
        blank = np.isnat(starts)
        at = np.where(blank, 0, (starts - np.datetime64(self.first, "D")).astype(np.int64))
        outside = (at < 0) | (at >= len(working)) | (counts < 0)
        safe = np.where(outside, 0, at)
        rank = until[safe] + counts - np.where((counts == 0) & (working[safe] == 0), 0, 1)
        outside |= rank >= len(worked_days)
        if outside.any():
            position = int(np.flatnonzero(np.broadcast_to(outside, rank.shape))[0])
            span = f"{self.first} 至 {self.horizon}"
            raise CalendarError(f"第 {position + 1} 个日期或天数超出工作日历（{span}）")
        due = np.where(blank, np.datetime64("NaT", "D"), worked_days[np.where(blank, 0, rank)])
        return due, due > np.datetime64(self.last_decreed, "D")
