"""Read .xls, .xlsb and .ods through calamine; call it only in a child process, for bad files make it abort."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum, ZipError

from macros.hosts import Sheet, refuse
from macros.hosts.limits import limit
from macros.records import Broken

if TYPE_CHECKING:
    from pathlib import Path

    from macros.records import Cell


def read_legacy(path: Path, kind: str) -> list[Sheet]:
    """Every worksheet of an old-format workbook.

    Raises:
        Refused: damaged (WBK007) or with an opening password (WBK005).
    """
    try:
        # From the open file: by a path the reader would go by its suffix.
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            sheets = []
            for about in book.sheets_metadata:
                sheet = book.get_sheet_by_name(about.name)
                rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
                for row in rows:
                    while row and row[-1] is None:
                        row.pop()
                while rows and not rows[-1]:
                    rows.pop()
                merges = [(r1 + 1, c1 + 1, r2 + 1, c2 + 1) for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or []]
                sheets.append(Sheet(about.name, rows, merges, about.visible != SheetVisibleEnum.Visible))
            return sheets
    except (CalamineError, ZipError) as error:
        if "password" in str(error).lower():
            raise refuse("WBK005", path.name) from error
        raise refuse("WBK007", path.name, reason=f"{kind} 内容无法解析") from error


def _cell(value: object) -> Cell:
    if isinstance(value, (dt.datetime, dt.time, bool)):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if isinstance(value, float) and value.is_integer():
        return Broken(repr(value), "digits") if abs(value) >= limit("sheet", "digits_from") else int(value)
    if isinstance(value, (int, float)):
        return value
    return str(value) or None
