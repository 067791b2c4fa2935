"""Foreign sheets as readable tables: one line of bars per row, blank cells blank, merges given as areas."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import openpyxl

from macros.hosts import Sheet
from macros.intake import Outcome, Taken, take
from macros.records import Broken, Cell
from macros.register import Register
from macros.validation import check_row
from tests.tables import register

TODAY = dt.date(2026, 11, 22)
EMPTY = register("")
_AREA = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


def sheet(table: str, title: str = "Sheet1", merges: str = "", hidden: bool = False) -> Sheet:
    """A sheet of texts. Every line of the table is a row, ``||`` a blank one; ``merges`` are areas such as A1:C1."""
    return Sheet(title, _rows(table), [_area(one) for one in merges.split()], hidden)


def _rows(table: str) -> list[list[Cell]]:
    return [
        [_cell(cell.strip()) for cell in line.removeprefix("|").removesuffix("|").split("|")]
        for line in map(str.strip, table.strip().splitlines()) if line.startswith("|")
    ]


def _cell(text: str) -> Cell:
    """A text; ``#…`` an error value, ``<digits>`` a number cell, ``@2026-09-03`` a date cell."""
    if text.startswith("#"):
        return Broken(text, "error")
    if text.startswith("@"):
        return dt.datetime.fromisoformat(text[1:])
    if text.startswith("<"):
        return float(text[1:-1])
    return text.replace("␣", "　").replace("⏎", "\n") or None


def _area(text: str) -> tuple[int, int, int, int]:
    found = _AREA.fullmatch(text)
    assert found, text
    left, top, right, bottom = found.groups()
    return int(top), _number(left), int(bottom), _number(right)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def take_one(
    table: str, *, known: Register = EMPTY, title: str = "Sheet1", merges: str = "", layout: str | None = None,
    customer: str | None = None, mappings: dict[tuple[str, str], str] | None = None,
) -> Taken:
    """Take in one sheet and give what it came to."""
    (taken,) = take_all([sheet(table, title, merges)], known, layout, customer, mappings).taken
    return taken


def take_all(
    sheets: list[Sheet], known: Register = EMPTY, layout: str | None = None, customer: str | None = None,
    mappings: dict[tuple[str, str], str] | None = None,
) -> Outcome:
    """Take in several sheets of one file called 来文.xlsx."""
    return take(
        sheets, "来文.xlsx", known, check=check_row, today=TODAY, layout=layout, customer=customer, mappings=mappings
    )


def counts(taken: Taken) -> tuple[int, int, int, int, int]:
    """Rows, added, updated, unchanged, rejected."""
    return taken.rows, taken.added_rows, taken.updated, taken.unchanged, taken.rejected


def said(taken: Taken) -> list[tuple[str, str, str]]:
    """Code, cell and field of every finding that is no mere information."""
    return [(one.code, one.cell, one.field) for one in taken.findings if one.severity != "info"]


def codes(taken: Taken) -> set[str]:
    """Codes of all findings."""
    return {one.code for one in taken.findings}


def message(taken: Taken, code: str) -> str:
    """The words of the only finding with this code."""
    (found,) = [one.message for one in taken.findings if one.code == code]
    return found


def workbook(path: Path, tables: dict[str, str], merges: str = "") -> Path:
    """Write a real workbook of the tables by sheet title."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, table in tables.items():
        page = book.create_sheet(title)
        for number, row in enumerate(_rows(table), 1):
            for column, value in enumerate(row, 1):
                page.cell(number, column, value if not isinstance(value, Broken) else value.text)
        for area in merges.split():
            page.merge_cells(area)
    book.save(path)
    return path
