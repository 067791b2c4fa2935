"""Cuts a register down to one county's leases: a click reads the register anew, and a city's leases are most of it."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl

from macros.forms import forms

COUNTY = "枫溪县"


def keep_one(folder: Path, also: set[str]) -> None:
    """Take every lease out but those of the `COUNTY` and those whose numbers are in ``also``."""
    lease = forms()["lease"]
    book = openpyxl.load_workbook(folder / lease.file)
    sheet = book[lease.title]
    heading, *rows = sheet.iter_rows(values_only=True)
    county = heading.index("区县")
    kept = [row for row in rows if row[county] == COUNTY or row[0] in also]
    sheet.delete_rows(len(kept) + 2, len(rows))
    for number, row in enumerate(kept, 2):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
    for table in sheet.tables.values():
        first, last = table.ref.split(":")
        table.ref = f"{first}:{re.sub('[0-9]+', '', last)}{len(kept) + 1}"
    book.save(folder / lease.file)
