"""Times a column of deadlines against the ways it is usually done, all in one run.

Usage: python benchmarks/deadlines.py [--json]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from macros import calendars

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from macros.workdays import Calendar

    Days = NDArray[np.datetime64]

LIMIT = 30
MILLION = 1_000_000
SAMPLE = 2_000


def timed(work: Callable[[], object], times: int = 5) -> float:
    """Median seconds of several runs."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def starts(rows: int) -> Days:
    """Random start days within the decreed years, the same in every run."""
    first, last = np.datetime64("2014-01-01"), np.datetime64("2026-10-01")
    return first + np.random.default_rng(20261121).integers(0, (last - first).astype(int), rows)


def by_busday(calendar: Calendar, column: Days) -> Days:
    """Count with numpy: every weekday allowed, every rest day a holiday, so make-up weekends stay working."""
    days = np.datetime64(calendar.first) + np.arange(len(calendar.working))
    rest = days[np.frombuffer(calendar.working, dtype=np.uint8) == 0]
    every = np.busdaycalendar(weekmask="1111111", holidays=rest)
    return np.busday_offset(column, LIMIT, roll="preceding", busdaycal=every)


def by_loop(column: Days) -> Days:
    """Ask chinese_calendar day by day, as most scripts do."""
    import datetime as dt

    from chinese_calendar import is_workday

    due = []
    for day in column.tolist():
        left = LIMIT
        while left:
            day += dt.timedelta(days=1)
            left -= is_workday(day)
        due.append(day)
    return np.array(due, dtype="datetime64[D]")


def measure() -> dict[str, Any]:
    """Times in seconds for a million deadlines, growth, and whether all three agree on the sampled rows."""
    calendar = calendars.base()
    column, sample = starts(MILLION), starts(MILLION)[:SAMPLE]
    ours, _ = calendar.add_many(column, LIMIT)
    agree = bool((ours[:SAMPLE] == by_loop(sample)).all() and (ours == by_busday(calendar, column)).all())
    own = timed(lambda: calendar.add_many(column, LIMIT))
    numpy = timed(lambda: by_busday(calendar, column), 3)
    loop = timed(lambda: by_loop(sample), 1) * MILLION / SAMPLE
    one = column[:10_000].tolist()
    return {
        "rows": MILLION, "limit": f"{LIMIT} WD", "agree": agree, "build_seconds": timed(calendars.build),
        "seconds": {"towerdesk": own, "numpy_busday_offset": numpy, "chinese_calendar_loop": loop},
        "ratio": {"numpy_busday_offset": numpy / own, "chinese_calendar_loop": loop / own},
        "one_by_one_microseconds": timed(lambda: [calendar.add(day, LIMIT) for day in one], 3) * 100,
        "growth": {str(rows): timed(partial(calendar.add_many, column[:rows], LIMIT))
                   for rows in (1_000, 10_000, 100_000, MILLION)},
        "sampled": SAMPLE,
    }


def table(found: dict[str, Any]) -> str:
    """The measurement for people, Chinese and English."""
    seconds, ratio, growth = found["seconds"], found["ratio"], found["growth"]
    lines = [f"{found['rows']:,} 个 {LIMIT} 工作日期限 / deadlines of {LIMIT} working days",
             f"{'方法 method':<34}{'秒 s':>12}{'倍数 ratio':>12}"]
    names = {"towerdesk": "序号表 ordinal table (this)", "numpy_busday_offset": "numpy busday_offset",
             "chinese_calendar_loop": f"chinese_calendar loop ({found['sampled']:,} rows → 1M)"}
    lines += [f"{names[key]:<34}{value:>12.4f}{ratio.get(key, 1):>12,.1f}" for key, value in seconds.items()]
    lines.append("行数 rows → 秒 s: " + "  ".join(f"{int(rows):,} → {value:.5f}" for rows, value in growth.items()))
    lines.append(f"逐个 one by one: {found['one_by_one_microseconds']:.2f} µs; "
                 f"建历 build: {found['build_seconds']:.4f} s; 结果一致 all agree: {found['agree']}")
    return "\n".join(lines)


def main() -> int:
    """Measure and print; fails when the three ways disagree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    found = measure()
    print(json.dumps(found, ensure_ascii=False) if parser.parse_args().json else table(found))
    return 0 if found["agree"] else 1


if __name__ == "__main__":
    sys.exit(main())
