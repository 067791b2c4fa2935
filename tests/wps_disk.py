"""Workbook files as the fake WPS holds them and back: ``wps_disk.py load PATH``, ``store`` with pairs of path and sheets on stdin."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel


def load(path: Path) -> dict[str, Any]:
    """A workbook file as the fake opens it; days are serial numbers with a format."""
    book = openpyxl.load_workbook(path)
    sheets = []
    for sheet in book.worksheets:
        cells = [
            [cell.row, cell.column, _held(cell, book.epoch)] for row in sheet.iter_rows() for cell in row
            if cell.value is not None or cell.number_format != "General"
        ]
        tables = [{"name": table.displayName, "ref": table.ref} for table in sheet.tables.values()]
        sheets.append({"title": sheet.title, "cells": cells, "tables": tables})
    return {"path": str(path), "sheets": sheets, "date1904": book.epoch == CALENDAR_MAC_1904}


def _held(cell: Any, epoch: dt.datetime) -> dict[str, Any]:
    value, held = cell.value, {"format": cell.number_format}
    if cell.data_type == "f":
        return {**held, "formula": value, "cached": value.rsplit('","', 1)[-1].removesuffix('")').replace('""', '"')}
    if isinstance(value, dt.date | dt.time):
        value = to_excel(value, epoch)  # type: ignore[no-untyped-call]
    return held if value is None else {**held, "value": value}


def store(path: Path, sheets: list[dict[str, Any]]) -> None:
    """Write the changed cells of sheets into the file, as the program saves them."""
    book = openpyxl.load_workbook(path)
    for told in sheets:
        sheet = book[told["title"]]
        for row, column, held in told["cells"]:
            cell = sheet.cell(row, column)
            cell.number_format = held.get("format") or "General"
            cell.value = held.get("formula", held.get("value"))
            if "formula" not in held and isinstance(cell.value, str):
                cell.data_type = "s"
        for table in told["tables"]:
            sheet.tables[table["name"]].ref = table["ref"]
            sheet.tables[table["name"]].autoFilter.ref = table["ref"]
    book.save(path)


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    if sys.argv[1] == "load":
        print(json.dumps(load(Path(sys.argv[2]))))
    else:
        for path, sheets in json.load(sys.stdin):
            store(Path(path), sheets)
