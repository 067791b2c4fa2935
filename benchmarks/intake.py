"""How long taking in a long demand list lasts: rows per second, first import and the same file again.

Run with ``run bench intake [--rows 100000] [--json]``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import time
from types import MappingProxyType

from macros.forms import forms
from macros.hosts import Sheet
from macros.intake import take
from macros.records import Cell, Place, Record
from macros.register import Register
from macros.validation import check_row

HEADINGS: list[Cell] = [
    "序号", "需求编号", "电信企业", "分公司(地市)", "区县", "站点名称", "场景划分", "经度", "纬度", "详细地址",
    "覆盖范围描述", "允许偏离半径(米)", "交付时间要求(月)", "需求提出时间", "系统数", "BBU数(个)", "RRU数(个)",
    "天线挂高范围(m)", "天线方向角", "天线数(个)", "需求的具体联系人", "备注",
]


def demand_list(rows: int) -> Sheet:
    """A demand list of ``rows`` rows, with dates and figures in the styles operators use."""
    cells: list[list[Cell]] = [["2026年需求收集表（附表3.1）"], HEADINGS]
    start = dt.date(2026, 1, 1)
    for n in range(rows):
        day = start + dt.timedelta(days=n % 300)
        cells.append([
            n + 1, f"XQ-YD-{n:06d}", "移动", "澜江", "澜南区", f"澜南区{n}号站", "县城", 111 + n % 999_983 / 1e6,
            31 + n % 999_979 / 1e6, f"澜南区{n}号站楼顶", None, 150, f"{day.year + 1}年{day.month}月{day.day}日",
            f"{day:%Y%m%d}", 1, 4, "３", "30-35", "0/120/240", 3, "客户代表B", None,
        ])
    return Sheet("需求收集表", cells, [(1, 1, 1, len(HEADINGS))])


def measure(rows: int) -> dict[str, float]:
    """Seconds for a first import of ``rows`` rows and for the same file again."""
    sheet, today = demand_list(rows), dt.date(2026, 11, 22)
    register = Register(MappingProxyType({}))
    started = time.perf_counter()
    first = take([sheet], "需求.xlsx", register, check=check_row, today=today).taken[0]
    took = time.perf_counter() - started
    form = forms()["demand"]
    columns = tuple(range(1, len(form.columns) + 1))
    records = tuple(
        Record(form, values, Place(form.file, form.title, n), columns) for n, values in enumerate(first.added, 2)
    )
    known = Register(MappingProxyType({"demand": records}))
    started = time.perf_counter()
    again = take([sheet], "需求.xlsx", known, check=check_row, today=today).taken[0]
    return {
        "rows": rows, "added": first.added_rows, "first_seconds": round(took, 2),
        "unchanged": again.unchanged, "again_seconds": round(time.perf_counter() - started, 2),
    }


def main() -> None:
    """Print the measurement."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    found = measure(chosen.rows)
    if chosen.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:>16} {value}")


if __name__ == "__main__":
    main()
