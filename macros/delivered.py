"""Rows that register tables are delivered with: ``rules/delivered/<form>.csv``, in the words of the sheet."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from macros.forms import forms
from macros.reader import read

if TYPE_CHECKING:
    from macros.records import Record

HERE = Path(__file__).parent / "rules" / "delivered"


def delivered(code: str) -> list[Record]:
    """The rows a table is delivered with, for the user to change; none for most tables."""
    path = HERE / f"{code}.csv"
    return rows_of(path, code) if path.is_file() else []


def rows_of(path: Path, code: str) -> list[Record]:
    """The rows of a file of ours that is written like the table's sheet."""
    with path.open(encoding="utf-8", newline="") as file:
        cells = [[cell or None for cell in line] for line in csv.reader(file)]
    records, findings = read(forms()[code], cells, path.name, forms()[code].title)
    assert not findings, findings
    return records
