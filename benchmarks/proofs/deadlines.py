"""Random deadlines by our calendar and by two others: another package's days, counted by numpy; months too.

Ours counts through a table of ordinals made from chinese_calendar and our own list of notices. The other engine shares
neither data nor code with it: the days are those of the package ``holidays``, the counting is numpy's busday functions
with every weekday allowed and every rest day a holiday.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from macros import calendars
from macros.periods import add_months, period_end

if TYPE_CHECKING:
    from benchmarks.proofs import Figures, Scale

FIRST, LAST = dt.date(2014, 1, 1), dt.date(2026, 12, 31)
#: The longest count; starts and counts stay within the years that were decreed when this was written.
MOST = 120
STARTS = (dt.date(2014, 7, 1), dt.date(2026, 6, 30))
BATCH = 1_000_000
#: Of so many deadlines one is also counted one by one: forwards, backwards, between, in months and before an end.
SINGLE = 100


def measure(scale: Scale) -> Figures:
    """Compare batch by batch."""
    sizes = [min(BATCH, scale.count - at) for at in range(0, scale.count, BATCH)]
    with multiprocessing.get_context("spawn").Pool(scale.processes) as pool:
        sums = sum(pool.starmap(compared, [(size, scale.seed + at) for at, size in enumerate(sizes)]), Counter[str]())
    differ = {name: number for name, number in sums.items() if name.endswith("differ") and number}
    return {
        "deadlines": sums["deadlines"], "one_by_one": sums["one by one"], "differ": sum(differ.values()),
        **({"where": differ} if differ else {}), "held": not differ and sums["deadlines"] == scale.count,
    }


def other_days() -> np.busdaycalendar:
    """The rest days as the package ``holidays`` has them, weekends included."""
    import holidays

    years = range(FIRST.year, LAST.year + 1)
    known = holidays.country_holidays("CN", years=years)
    every = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    rest = [day for day in every if not known.is_working_day(day)]
    return np.busdaycalendar(weekmask="1111111", holidays=np.array(rest, dtype="datetime64[D]"))


def compared(size: int, seed: int) -> Counter[str]:
    """How many of one batch differ, by what was asked."""
    ours, theirs = calendars.base(), other_days()
    dice = np.random.default_rng(seed)
    span = (STARTS[1] - STARTS[0]).days + 1
    starts = np.datetime64(STARTS[0], "D") + dice.integers(0, span, size)
    counts = dice.integers(0, MOST + 1, size)
    due, provisional = ours.add_many(starts, counts)
    zero = np.busday_offset(starts, 0, roll="forward", busdaycal=theirs)
    wanted = np.where(counts == 0, zero, np.busday_offset(starts, counts, roll="preceding", busdaycal=theirs))
    sums = Counter({"deadlines": size, "add differ": int((due != wanted).sum())})
    sums["flags differ"] = int(provisional.sum())
    few = slice(None, None, SINGLE)
    sums.update(_one_by_one(starts[few], counts[few], wanted[few], theirs))
    return sums


def _later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the month's last."""
    month = np.datetime64(day, "M") + months
    last = (month + 1).astype("datetime64[D]") - 1
    found: dt.date = min(month.astype("datetime64[D]") + day.day - 1, last).item()
    return found


def _one_by_one(starts: np.ndarray, counts: np.ndarray, wanted: np.ndarray, theirs: np.busdaycalendar) -> Counter[str]:
    ours = calendars.base()
    back = np.busday_offset(starts, -counts, roll="following", busdaycal=theirs)
    # Working days in (start, due]: numpy counts from the first to before the last, so both move on by a day.
    one = np.timedelta64(1, "D")
    between = np.busday_count(starts + one, wanted + one, busdaycal=theirs)
    sums = Counter({"one by one": len(starts)})
    rows = zip(starts.tolist(), counts.tolist(), wanted.tolist(), back.tolist(), between.tolist(), strict=True)
    for start, count, after, before, number in rows:
        sums["add one differ"] += ours.add(start, count).day != after
        sums["sub differ"] += count > 0 and ours.sub(start, count).day != before
        sums["count differ"] += ours.count(start, after) != number
        months = count % 37
        sums["months differ"] += add_months(start, months) != _later(start, months)
        sums["term differ"] += period_end(start, months) != _later(start, months) - dt.timedelta(days=1)
        marked = _later(after, -3)
        act_by = np.busday_offset(marked, 0, roll="preceding", busdaycal=theirs).item()
        found = ours.before_end(after, 3)
        sums["reminder differ"] += (found.due, found.act_by.day) != (marked, act_by)
    return sums
