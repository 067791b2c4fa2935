"""Reading and writing registers of growing size, against openpyxl and calamine in the same run.

Each measurement runs in its own process, so that its peak memory is its own. openpyxl is measured on small
registers only; its figure for larger ones is its cost per row carried on, and marked as estimated.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from macros.records import Cell

ROOT = Path(__file__).parents[1]
SIZES = (1_000, 10_000, 100_000)
PEER_LIMIT = 10_000  # rows; beyond it openpyxl's figures are estimated
COLUMNS = 30
SHEET = "大表"


def make(path: Path, rows: int) -> None:
    """A register of ``rows`` rows by 30 columns: texts, numbers, days, half of them repeated."""
    import datetime as dt

    import openpyxl
    from openpyxl.worksheet.table import Table

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(SHEET)
    sheet.append([f"列{number}" for number in range(1, COLUMNS + 1)])
    sheet.append([dt.datetime(2026, 1, 1) if column == 5 else "样" for column in range(COLUMNS)])
    sheet.add_table(Table(displayName="表1", ref="A1:AD2"))
    book.save(path)
    from macros.hosts.files import FileBook

    host = FileBook(path)
    host.append(SHEET, (
        [f"XQ-2026-{row:06d}", f"客户{row % 500}", *(f"文本{(row * column) % 5000}" for column in range(2, 12)),
         *(row * column + 0.25 for column in range(12, 20)), *(row % 900 + column for column in range(20, 30))]
        for row in range(rows - 1)
    ))
    host.save()


def ours_column(path: Path) -> None:
    """Set one column of every row, and save."""
    from macros.hosts.files import FileBook

    book = FileBook(path)
    count = len_rows(path)
    book.update(SHEET, {(row, 14): row * 1.5 for row in range(2, count + 2)})
    book.save()


def ours_append(path: Path) -> None:
    """Add a hundred rows to the table, and save."""
    from macros.hosts.files import FileBook

    book = FileBook(path)
    book.append(SHEET, [["新"] * COLUMNS] * 100)
    book.save()


def ours_replace(path: Path) -> None:
    """Replace the whole sheet by twice as many rows of ten columns, and save."""
    from macros.hosts.files import FileBook

    book = FileBook(path)
    rows: list[list[Cell]] = [[f"列{column}" for column in range(1, 11)]]
    rows += ([f"单号{row}", f"客户{row % 500}", row, row * 0.5, "说明"] * 2 for row in range(2 * len_rows(path)))
    book.replace(SHEET, rows)
    book.save()


def ours_read(path: Path) -> None:
    """Read every cell."""
    from macros.hosts import open_book

    open_book(path)


def openpyxl_column(path: Path) -> None:
    """Set one column of every row, and save."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row in range(2, len_rows(path) + 2):
        sheet.cell(row, 14, row * 1.5)
    book.save(path)


def openpyxl_append(path: Path) -> None:
    """Add a hundred rows, and save."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for _ in range(100):
        sheet.append(["新"] * COLUMNS)
    sheet.tables["表1"].ref = f"A1:AD{sheet.max_row}"
    book.save(path)


def openpyxl_read(path: Path) -> None:
    """Read every cell in read-only mode, values only."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    list(book.worksheets[0].iter_rows(values_only=True))
    book.close()


def calamine_read(path: Path) -> None:
    """Read every cell."""
    from python_calamine import CalamineWorkbook

    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def len_rows(path: Path) -> int:
    """Rows of the register, out of its file name."""
    return int(path.stem.split("-")[1])


TASKS: dict[str, dict[str, Callable[[Path], None]]] = {
    "read": {"towerdesk": ours_read, "openpyxl": openpyxl_read, "calamine": calamine_read},
    "set a column, save": {"towerdesk": ours_column, "openpyxl": openpyxl_column},
    "append 100 rows, save": {"towerdesk": ours_append, "openpyxl": openpyxl_append},
    "replace by 2x rows of 10, save": {"towerdesk": ours_replace},
}


def measure(task: str, who: str, source: Path) -> tuple[float, int]:
    """Wall seconds and peak megabytes of one task in a process of its own."""
    import shutil

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(source, folder))
        done = subprocess.run(
            [sys.executable, str(Path(__file__)), "--one", task, who, str(copy)],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
        )
    seconds, memory = done.stdout.split()
    return float(seconds), int(memory)


def one(task: str, who: str, path: str) -> None:
    """Run one task here and print seconds and megabytes."""
    began = time.perf_counter()
    TASKS[task][who](Path(path))
    seconds = time.perf_counter() - began
    # Not getrusage: its peak is handed down from the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii") if sys.platform == "linux" else "VmHWM: 0"
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    print(seconds, int(peak) // 1024)


def results(sizes: list[int]) -> list[dict[str, object]]:
    """Every task by every peer on every size."""
    found: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            source = Path(folder) / f"register-{size}.xlsx"
            make(source, size)
            for task, peers in TASKS.items():
                for who in peers:
                    if who == "openpyxl" and size > PEER_LIMIT:
                        continue
                    seconds, memory = measure(task, who, source)
                    found.append({"task": task, "who": who, "rows": size, "seconds": round(seconds, 2),
                                  "megabytes": memory, "estimated": False})
    return found + estimates(found, sizes)


def estimates(found: list[dict[str, object]], sizes: list[int]) -> list[dict[str, object]]:
    """The peer, openpyxl, on sizes it was not run on: the largest measured size's cost per row carried on."""
    made: list[dict[str, object]] = []
    for task in TASKS:
        measured = [row for row in found if row["task"] == task and row["who"] == "openpyxl"]
        if not measured:
            continue
        base = measured[-1]
        for size in sizes:
            if size > PEER_LIMIT:
                times = size / int(str(base["rows"]))
                made.append({"task": task, "who": "openpyxl", "rows": size,
                             "seconds": round(float(str(base["seconds"])) * times, 1),
                             "megabytes": int(int(str(base["megabytes"])) * times), "estimated": True})
    return made


def main() -> None:
    """Measure and print a table, or JSON with ``--json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES), help="register sizes")
    parser.add_argument("--one", nargs=3, metavar=("TASK", "WHO", "PATH"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(*options.one)
        return
    found = results(options.rows)
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    print(f"{'task':32}{'who':12}{'rows':>9}{'seconds':>10}{'MB':>7}")
    for row in sorted(found, key=lambda row: (str(row["task"]), int(str(row["rows"])), str(row["who"]))):
        mark = " (estimated)" if row["estimated"] else ""
        print(f"{row['task']:32}{row['who']:12}{row['rows']:>9}{row['seconds']:>10}{row['megabytes']:>7}{mark}")


if __name__ == "__main__":
    main()
