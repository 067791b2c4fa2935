"""What a register's memory costs: copies of it in time and room, the trail of a save, a large workbook changed outside.

Run with ``run bench keeping [--rows 100000] [--copies 100] [--json]``.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import openpyxl

from macros import cli
from macros.commands.setup import init
from macros.commands.shelf import Shelf
from macros.forms import forms
from macros.history.compare import changes
from macros.history.store import Store
from macros.hosts.files import FileBook

_SAVES = 15


def sites(folder: Path, rows: int) -> None:
    """Fill the table of sites with rows of 30 different cells, as far as it has columns."""
    form, dice = forms()["site"], random.Random(20261122)
    width = min(30, len(form.columns) - 2)
    book = FileBook(folder / form.file)
    book.append(form.title, (
        [f"4401{n:014d}", *(f"{dice.randrange(10**9)}号" for _ in range(width - 1))] for n in range(rows)
    ))
    book.save()


def timed(name: str, folder: Path, **options: Any) -> tuple[float, dict[str, Any]]:
    """Seconds of a command in this process, and its data."""
    begun = time.perf_counter()
    data = cli.run(name, {"folder": folder, **options}).data
    return time.perf_counter() - begun, data


def thirty(home: Path) -> dict[str, Any]:
    """A register of 30 workbooks: the first copy of it, and one after a workbook has changed."""
    folder = home / "三十"
    init(folder)
    files = sorted(folder.glob("*.xlsx"))
    for number in range(30 - len(files)):
        shutil.copyfile(files[number % len(files)], folder / f"自有{number}.xlsx")
    first, _ = timed("snapshot", folder)
    time.sleep(3.1)  # a file just written is read again to be sure
    timed("snapshot", folder)
    book = FileBook(folder / "站址台账.xlsx")
    book.append("站址", [["440100000000000001"]])
    book.save()
    size = Store(folder).bytes()
    again, data = timed("snapshot", folder)
    more = Store(folder).bytes() - size
    return {"first_s": first, "again_s": again, "files": len(data["files"]), "again_bytes": more}


def trail_cost(home: Path) -> dict[str, Any]:
    """A command that changes one cell, saved with and without the memory: milliseconds."""
    folder = home / "一格"
    init(folder)
    sites(folder, 1_000)
    told: dict[str, Any] = {}
    for kept in ("without", "with"):
        taken: list[tuple[float, float]] = []
        for number in range(_SAVES):
            shelf = Shelf(folder)
            record = shelf.on_demand().rows("site")[number]
            shelf.update([(record, {"site_name": f"{kept}{number}"})])
            if kept == "without":
                shelf._kept = lambda untold: nullcontext()  # type: ignore[method-assign]
            cpu, wall = time.process_time(), time.perf_counter()
            shelf.save()
            taken.append((time.process_time() - cpu, time.perf_counter() - wall))
        told[f"{kept}_cpu_ms"] = statistics.median(one for one, _ in taken) * 1000
        told[f"{kept}_wall_ms"] = statistics.median(one for _, one in taken) * 1000
    return told


def large(home: Path, rows: int, copies: int) -> dict[str, Any]:
    """A large register: copies with a cell changed between each, and its comparison after two kinds of saving."""
    folder = home / "大"
    init(folder)
    sites(folder, rows)
    first, data = timed("snapshot", folder)
    path = folder / "站址台账.xlsx"
    old, room = path.read_bytes(), data["store_bytes"]
    taken: list[float] = []
    for number in range(copies - 1):
        book = FileBook(path)
        book.update("站址", {(2 + number * 97 % rows, 2): f"改{number}"})
        book.save()
        seconds, data = timed("snapshot", folder)
        taken.append(seconds)
    begun = time.process_time()
    found = changes(path.name, old, path.read_bytes())
    ours = time.process_time() - begun
    return {
        "register_bytes": len(old), "first_s": first, "median_s": statistics.median(taken), "copies": copies,
        "one_copy_bytes": room, "all_copies_bytes": data["store_bytes"], "compare_cpu_s": ours,
        "cells": len(found.cells),
    }


_COMPARED = """
import json, sys, time
from pathlib import Path
from macros.history.compare import changes
old, new = (Path(name) for name in sys.argv[1:])
found = changes(old.name, old.read_bytes(), new.read_bytes(), {}, most=2_000)
# What a process was before it became this one does not count here, as it does in its resource usage.
peak = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps([len(found.cells), time.process_time(), int(peak) // 1024]))
"""


def saved_anew(home: Path, rows: int) -> dict[str, Any]:
    """A large register saved by another program, its texts in one table: what comparing it costs."""
    folder = home / "另存"
    init(folder)
    sites(folder, rows)
    path, twin = folder / "站址台账.xlsx", home / "站址台账-另存.xlsx"
    book = openpyxl.load_workbook(path)
    book["站址"].cell(rows // 2, 3, "改")
    book.save(twin)
    done = subprocess.run(
        [sys.executable, "-c", _COMPARED, path, twin], cwd=Path(__file__).parents[1], capture_output=True, check=True,
    )
    cells, cpu, megabytes = json.loads(done.stdout)
    return {"cells": cells, "compare_cpu_s": cpu, "peak_megabytes": megabytes}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        made = {"thirty": thirty(Path(home)), "trail": trail_cost(Path(home))}
        made["large"] = large(Path(home), chosen.rows, chosen.copies)
        made["saved_anew"] = saved_anew(Path(home), chosen.rows)
    if chosen.json:
        print(json.dumps(made))
        return 0
    for name, figures in made.items():
        print(name, "  ".join(f"{key} {value:,.3f}" for key, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
