"""A day's `check` and `board` on register folders of 1,000 to 100,000 demands: time, memory and growth, files included.

Run with ``run bench register [--rows 1000 10000 100000] [--json]``. Each command runs in a process of its own, as a
user starts it. ``again`` is the board of the next morning, over an archive of every deadline closed before.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.commands.setup import init
from macros.commands.shelf import Shelf
from macros.forms import forms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.records import Value

ROOT = Path(__file__).parent.parent
SIZES = (1_000, 10_000, 100_000)
STEPS = (
    ("check", "check", "2026-11-21T09:00"), ("board", "board", "2026-11-21T09:00"),
    ("again", "board", "2026-11-22T09:00"),
)
#: The promise for 100,000 demands: CPU seconds of check and board together, megabytes of each.
PROMISE = {"seconds": 60, "megabytes": 1024}
STAGES = (
    "form_signed_on", "form_received_on", "plan_signed_on", "order_sent_on", "order_signed_on", "approved_on",
    "acceptance_sent_on", "acceptance_signed_on",
)
FIRST, LAST = dt.date(2026, 1, 5), dt.date(2026, 11, 20)


def demands(count: int) -> Iterator[list[Value]]:
    """Rows of the table 需求 anywhere between the first request and the signed acceptance, one in 1,000 wrong."""
    form, lottery = forms()["demand"], random.Random(20261121)
    for number in range(count):
        day = FIRST + dt.timedelta(days=lottery.randrange(300))
        told: dict[str, Value] = {
            "demand_no": f"XQ-{number:06d}", "operator": lottery.choice(("移动", "联通", "电信")), "city": "大城",
            "county": f"第{number % 20}县", "site_name": f"站点{number}", "scene": "乡镇", "address": f"{number}号",
            "longitude": Decimal(111_000_000 + lottery.randrange(900_000)) / 1_000_000,
            "latitude": Decimal(31_000_000 + lottery.randrange(900_000)) / 1_000_000, "offset_m": 200,
            "deliver_by": day + dt.timedelta(days=200), "raised_on": day, "systems": 2 if number % 1_000 else 0,
            "antenna_height": "30-35", "antennas": 3, "product_class": lottery.choice(("铁塔类", "室分类")),
            "solution": lottery.choice(("新建独享", "新建共享", "存量共享")),
        }
        for stage in STAGES[: lottery.randrange(1, len(STAGES) + 1)]:
            day += dt.timedelta(days=lottery.randrange(1, 12))
            if day > LAST:
                break
            told[stage] = day
        yield [told.get(column.name) for column in form.columns]


def make(folder: Path, count: int) -> None:
    """A register folder with so many demands."""
    init(folder, "大城")
    shelf = Shelf(folder)
    shelf.register()
    shelf.append(forms()["demand"], demands(count))
    shelf.save()


def run(folder: Path, command: str, now: str) -> dict[str, float]:
    """Wall and CPU seconds and peak megabytes of one command in a process of its own."""
    words = [sys.executable, "-m", "macros.cli", command, "--register", str(folder), "--now", now]
    started = time.perf_counter()
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} failed with status {process.returncode}")
    peak = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    seconds = time.perf_counter() - started
    return {"wall_s": round(seconds, 2), "cpu_s": round(used.ru_utime + used.ru_stime, 2), "peak_mb": round(peak)}


def measure(count: int) -> dict[str, Any]:
    """One size: making the register, then every step; sizes of the files at the end, in MB."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "register"
        # In a process of its own: the peak memory of this one would be handed down to the commands measured.
        subprocess.run([sys.executable, __file__, "--make", str(folder), str(count)], cwd=ROOT, check=True)
        steps = {name: run(folder, command, now) for name, command, now in STEPS}
        sizes = {path.name: round(path.stat().st_size / 1e6, 1) for path in folder.iterdir() if path.is_file()}
    return {"demands": count, **steps, "files_mb": {name: size for name, size in sizes.items() if size >= 1}}


def growth(results: list[dict[str, Any]], step: str, name: str) -> list[float]:
    """Exponents between neighbouring sizes: 1.0 is linear, 2.0 quadratic."""
    return [
        round(math.log(b[step][name] / a[step][name]) / math.log(b["demands"] / a["demands"]), 2)
        for a, b in itertools.pairwise(results)
    ]


def kept(results: list[dict[str, Any]]) -> bool | None:
    """Whether the largest register meets the promise; None when it is smaller than the promise speaks of."""
    last = results[-1]
    if last["demands"] < SIZES[-1]:
        return None
    seconds = max(last["check"]["cpu_s"] + last[name]["cpu_s"] for name in ("board", "again"))
    return seconds < PROMISE["seconds"] and all(last[name]["peak_mb"] < PROMISE["megabytes"] for name, _, _ in STEPS)


def main() -> bool:
    """Measure every size and print a table or JSON; whether the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES), help="register sizes")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--make", nargs=2, metavar=("DIR", "ROWS"), help="only make a register")
    chosen = parser.parse_args()
    if chosen.make:
        make(Path(chosen.make[0]), int(chosen.make[1]))
        return False
    results = [measure(count) for count in sorted(chosen.rows)]
    grown = {name: {of: growth(results, name, of) for of in ("cpu_s", "peak_mb")} for name, _, _ in STEPS}
    promise = kept(results)
    if chosen.json:
        print(json.dumps({"sizes": results, "growth": grown, "promise": PROMISE, "kept": promise}, ensure_ascii=False))
        return promise is False
    print(f"{'demands':>9}  {'step':<6}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    for result in results:
        for name, _, _ in STEPS:
            found = result[name]
            print(f"{result['demands']:>9}  {name:<6}{found['wall_s']:>9}{found['cpu_s']:>9}{found['peak_mb']:>9}")
    for name, of in grown.items():
        print(f"growth exponents of {name}: CPU {of['cpu_s']}, memory {of['peak_mb']}")
    if promise is not None:
        told = "kept" if promise else "NOT kept"
        print(f"check + board < {PROMISE['seconds']} CPU s, each < {PROMISE['megabytes']} MB: {told}")
    return promise is False


if __name__ == "__main__":
    sys.exit(main())
