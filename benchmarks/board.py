"""How long a day's check and board last on registers of 1,000 to 100,000 demands, and how time and memory grow.

Run with ``run bench board [--rows 1000 10000 100000] [--json]``. Rows are made in memory, every size in a process of
its own so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import multiprocessing
import random
import sys
import time
from pathlib import Path
from types import MappingProxyType

sys.path.insert(0, str(Path(__file__).parent.parent))

import itertools

from macros.calendars import base
from macros.clocks import board, sheets
from macros.clocks.engine import judge_all
from macros.clocks.hints import hints
from macros.forms import forms
from macros.records import Place, Record, Value
from macros.register import Register
from macros.validation import validate

NOW = dt.datetime(2026, 11, 21, 15, 30)
SIZES = (1_000, 10_000, 100_000)
STAGES = (
    "raised_on", "form_signed_on", "form_received_on", "plan_signed_on", "order_sent_on", "order_signed_on",
    "approved_on", "acceptance_sent_on", "acceptance_signed_on", "agreement_signed_on",
)
#: What a complete demand row holds beside its dates.
FIXED: dict[str, Value] = {
    "city": "澜江", "scene": "县城", "antenna_height": "30-35", "systems": 1, "antennas": 3,
    "deliver_by": dt.date(2027, 6, 30), "coverage": "县城西区", "offset_m": 150,
}


def demands(count: int) -> Register:
    """A register of ``count`` demands anywhere between the first request and the signed agreement."""
    form, lottery = forms()["demand"], random.Random(20261121)
    columns = tuple(range(1, len(form.columns) + 1))
    rows: list[Record] = []
    for number in range(count):
        values: dict[str, Value] = FIXED | {
            "demand_no": f"XQ-{number:06d}", "operator": ("移动", "联通", "电信")[number % 3],
            "county": f"第{number % 9}县", "site_name": f"{number}号站", "address": f"第{number}号",
            "solution": ("新建独享", "新建共享", "存量共享")[number % 3],
            "product_class": "室分类" if number % 5 == 0 else "铁塔类",
            "longitude": 111 + number % 999_983 / 1e6, "latitude": 31 + number % 999_979 / 1e6,  # type: ignore[dict-item]
        }
        day = dt.date(2026, 1, 5) + dt.timedelta(days=lottery.randrange(320))
        for stage in STAGES[: lottery.randrange(1, len(STAGES) + 1)]:
            values[stage] = day
            day += dt.timedelta(days=lottery.randrange(1, 20))
        place = Place(form.file, form.title, number + 2)
        rows.append(Record(form, tuple(values.get(column.name) for column in form.columns), place, columns))
    return Register(MappingProxyType({"demand": tuple(rows)}))


def memory() -> float:
    """Peak memory of this process in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / 1024 if sys.platform == "darwin" else peak / 1024


def measure(count: int) -> dict[str, float]:
    """Seconds and peak memory for one size: reading apart, check, deadlines, sheets and hints."""
    register, calendar = demands(count), base()
    ready = memory()
    marks = [time.perf_counter()]
    findings = validate(register, NOW.date())
    marks.append(time.perf_counter())
    judged = judge_all(register, calendar, NOW)
    marks.append(time.perf_counter())
    made = sheets.workbook(judged.items, NOW, register.settings)
    beside = hints(judged.items, NOW)
    marks.append(time.perf_counter())
    return {
        "demands": count, "deadlines": len(judged.items), "to_do": len(made["待办"]) - 1, "hints": len(beside),
        "findings": len(findings) + len(judged.findings), "running": len(board.running(judged.items, NOW)),
        "check_s": marks[1] - marks[0], "clocks_s": marks[2] - marks[1], "sheets_s": marks[3] - marks[2],
        "total_s": marks[3] - marks[0], "rows_mb": ready, "peak_mb": memory(),
    }


def alone(count: int) -> dict[str, float]:
    """`measure` in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (count,))


def growth(results: list[dict[str, float]], name: str) -> list[float]:
    """Exponents between neighbouring sizes: 1.0 is linear, 2.0 quadratic."""
    return [
        round(math.log(b[name] / a[name]) / math.log(b["demands"] / a["demands"]), 2)
        for a, b in itertools.pairwise(results) if a[name] > 0
    ]


def main() -> None:
    """Measure every size and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    results = [alone(count) for count in chosen.rows]
    grown = {name: growth(results, name) for name in ("check_s", "clocks_s", "sheets_s", "total_s", "peak_mb")}
    if chosen.json:
        print(json.dumps({"sizes": results, "growth": grown}, ensure_ascii=False))
        return
    print(f"{'demands':>9}{'deadlines':>11}{'check s':>9}{'clocks s':>10}{'sheets s':>10}{'total s':>9}{'peak MB':>9}")
    for found in results:
        print(
            f"{found['demands']:>9}{found['deadlines']:>11}{found['check_s']:>9.2f}{found['clocks_s']:>10.2f}"
            f"{found['sheets_s']:>10.2f}{found['total_s']:>9.2f}{found['peak_mb']:>9.0f}"
        )
    print("growth exponents: " + ", ".join(f"{name} {values}" for name, values in grown.items()))


if __name__ == "__main__":
    main()
