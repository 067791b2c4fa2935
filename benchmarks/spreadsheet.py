"""Writing and reading open workbooks in LibreOffice in one block, against cell by cell and against openpyxl's files.

Every way does the same rows of 30 columns in the same run. Cell by cell is measured on few rows only; its figure for
more is its cost per row carried on, and marked as estimated. The office's start is not counted. openpyxl writes and
reads a file: what a program has to do that does not speak to the open workbook.

Run with ``run bench spreadsheet [--rows 100 1000 10000] [--json]``; needs LibreOffice.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.libreoffice import engine

if TYPE_CHECKING:
    from collections.abc import Callable

    import xlwings as xw

SIZES = (100, 1_000, 10_000)
COLUMNS = 30
CELL_BY_CELL_LIMIT = 20  # rows; beyond it cell by cell is estimated

Row = list[str | float | dt.datetime]


def rows_of(count: int) -> list[Row]:
    """Chinese texts, days, numbers and codes kept as text, in turn."""
    start = dt.datetime(2026, 1, 1)
    return [
        [
            (f"站点{row}-{column}", start + dt.timedelta(days=(row + column) % 365), row * COLUMNS + column * 1.5,
             f"'{row:06d}")[column % 4]
            for column in range(COLUMNS)
        ]
        for row in range(count)
    ]


def block_write(sheet: xw.Sheet, rows: list[Row]) -> None:
    """Write all at once."""
    sheet["A1"].value = rows


def block_read(sheet: xw.Sheet, count: int) -> Any:
    """Read all at once."""
    return sheet["A1"].resize(count, COLUMNS).options(ndim=2).value


def cells_write(sheet: xw.Sheet, rows: list[Row]) -> None:
    """Write one cell after the other."""
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            sheet.range((number, column)).value = value


def cells_read(sheet: xw.Sheet, count: int) -> Any:
    """Read one cell after the other."""
    return [[sheet.range((row, column)).value for column in range(1, COLUMNS + 1)] for row in range(1, count + 1)]


def file_write(path: Path, rows: list[Row]) -> None:
    """Write a new file with openpyxl."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append([value[1:] if isinstance(value, str) and value[0] == "'" else value for value in row])
    book.save(path)


def file_read(path: Path) -> Any:
    """Load the file with openpyxl as it has to be loaded for writing, and take the values."""
    import openpyxl

    return [list(row) for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def timed(task: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and result."""
    began = time.perf_counter()
    result = task()
    return time.perf_counter() - began, result


def measure(app: xw.App, count: int, folder: Path) -> list[dict[str, object]]:
    """Every way on ``count`` rows; what is read back is compared."""
    rows, path = rows_of(count), folder / f"{count}.xlsx"
    found: list[dict[str, object]] = []

    def note(task: str, who: str, seconds: float, number: int = count) -> None:
        found.append({
            "task": task, "who": who, "rows": count, "seconds": round(seconds * count / number, 3),
            "estimated": number != count,
        })

    expected = [[value[1:] if isinstance(value, str) and value[0] == "'" else value for value in row] for row in rows]
    book = app.books.add()
    sheet = book.sheets[0]
    note("write", "block", timed(lambda: block_write(sheet, rows))[0])
    seconds, read = timed(lambda: block_read(sheet, count))
    note("read", "block", seconds)
    few = min(count, CELL_BY_CELL_LIMIT)
    sheet.clear()
    note("write", "cell by cell", timed(lambda: cells_write(sheet, rows[:few]))[0], few)
    seconds, cells = timed(lambda: cells_read(sheet, few))
    note("read", "cell by cell", seconds, few)
    book.close()
    note("write", "openpyxl file", timed(lambda: file_write(path, rows))[0])
    seconds, loaded = timed(lambda: file_read(path))
    note("read", "openpyxl file", seconds)
    if not read == loaded == expected or cells != expected[:few]:
        raise SystemExit(f"{count} rows did not come back as they were written")
    return found


def main() -> None:
    """Measure and print a table, or JSON with ``--json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES), help="numbers of rows")
    options = parser.parse_args()
    app = engine.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = [one for count in options.rows for one in measure(app, count, Path(folder))]
    finally:
        app.quit()
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    print(f"{'task':8}{'who':16}{'rows':>9}{'seconds':>10}")
    for row in sorted(found, key=lambda row: (str(row["task"]), int(str(row["rows"])), str(row["who"]))):
        mark = " (estimated)" if row["estimated"] else ""
        print(f"{row['task']:8}{row['who']:16}{row['rows']:>9}{row['seconds']:>10}{mark}")


if __name__ == "__main__":
    main()
