"""Books in memory, for tests and dry runs; they keep the same promises as files."""

from __future__ import annotations

import copy
import datetime as dt
from typing import TYPE_CHECKING

from macros.hosts import Sheet, TableRef, refuse
from macros.hosts.areas import area, reaching, ref
from macros.hosts.pending import check_cells, set_cell
from macros.records import Broken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.hosts.areas import Area
    from macros.records import Cell


class MemoryBook:
    """Sheets in memory; edits are collected and applied by `save`."""

    def __init__(self, name: str, sheets: Iterable[Sheet]) -> None:
        self._name = name
        self._saved = {sheet.title: sheet for sheet in sheets}
        self._next = self._copy()

    @property
    def name(self) -> str:
        """File name with its suffix."""
        return self._name

    def sheets(self) -> list[str]:
        """Titles of the worksheets in their order."""
        return list(self._saved)

    def sheet(self, title: str) -> Sheet:
        """One worksheet as last saved."""
        self._check_title(title)
        return _copy(self._saved[title])

    def replace(self, title: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Make ``rows`` (the heading included) the whole content of a sheet."""
        self._check_title(title)
        sheet = self._next[title]
        heading = where[0] if (where := _table(sheet)) else 1
        new = [[_stored(value) for value in row] for row in rows]
        sheet.rows[:] = new + sheet.rows[len(new) : heading]
        sheet.merges[:] = [merge for merge in sheet.merges if merge[2] <= heading]
        if where:
            names = len(new[heading - 1]) if len(new) >= heading else where[3]
            self._resize(sheet, (heading, where[1], max(len(new), heading + 1), names))
        _trim(sheet)

    def append(self, title: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows after the last data row of the sheet's table."""
        self._check_title(title)
        sheet = self._next[title]
        new = [list(row) for row in rows]
        if not new:
            return
        where = _table(sheet)
        left, right = (where[1], where[3]) if where else (1, max(map(len, [*sheet.rows, *new]), default=1))
        if any(len(row) > right - left + 1 for row in new):
            raise refuse("WBK047", self._name, sheet=title, reason="追加的行多于表的列数")
        where, below = _reaching(sheet, where) if where else (None, 0)
        last = _last_data(sheet, left, right, where)
        if below and last + len(new) >= below:
            raise refuse("WBK049", self._name, sheet=title, row=below)
        own = where[2] if where else 1
        for number, row in enumerate(new, last + 1):
            for column, value in enumerate(row, left):
                if value is not None:
                    if number > own and _is_formula(sheet, number, column):
                        raise refuse("WBK049", self._name, sheet=title, row=number)
                    set_cell(sheet.rows, number, column, _stored(value))
        if where:
            self._resize(sheet, (*where[:2], max(where[2], last + len(new)), right))

    def update(self, title: str, cells: Mapping[tuple[int, int], Cell]) -> None:
        """Set single cells by (row, column)."""
        self._check_title(title)
        check_cells(cells, self._name, title)
        for (row, column), value in cells.items():
            set_cell(self._next[title].rows, row, column, _stored(value))
        _trim(self._next[title])

    def save(self) -> None:
        """Make the edits seen."""
        self._saved, self._next = self._next, {}
        self._next = self._copy()

    def _copy(self) -> dict[str, Sheet]:
        return {title: _copy(sheet) for title, sheet in self._saved.items()}

    def _check_title(self, title: str) -> None:
        if title not in self._saved:
            raise refuse("WBK030", self._name, value=title)

    def _resize(self, sheet: Sheet, where: Area) -> None:
        sheet.tables[0] = TableRef(sheet.tables[0].name, ref(where))


def _copy(sheet: Sheet) -> Sheet:
    rows = [list(row) for row in sheet.rows]
    return Sheet(sheet.title, rows, list(sheet.merges), sheet.hidden, copy.copy(sheet.tables))


def _table(sheet: Sheet) -> Area | None:
    return area(sheet.tables[0].ref) if sheet.tables else None


def _stored(value: Cell) -> Cell:
    """A value as a workbook file gives it back."""
    if isinstance(value, Broken):
        return value.text or None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)
    return None if value == "" else value


def _is_formula(sheet: Sheet, row: int, column: int) -> bool:
    line = sheet.rows[row - 1] if row <= len(sheet.rows) else []
    value = line[column - 1] if column <= len(line) else None
    return isinstance(value, Broken) and value.why == "formula"


def _trim(sheet: Sheet) -> None:
    """End rows and sheet at their last value, as a file is read."""
    for row in sheet.rows:
        while row and row[-1] is None:
            row.pop()
    while sheet.rows and not sheet.rows[-1]:
        sheet.rows.pop()


def _filled(row: list[Cell], left: int, right: int) -> bool:
    return any(
        value is not None and not (isinstance(value, Broken) and value.why == "formula")
        for value in row[left - 1 : right]
    )


def _last_data(sheet: Sheet, left: int, right: int, where: Area | None) -> int:
    first, last = (where[0], where[2]) if where else (1, len(sheet.rows))
    numbers = range(min(last, len(sheet.rows)), first, -1)
    return next((number for number in numbers if _filled(sheet.rows[number - 1], left, right)), first)


def _reaching(sheet: Sheet, where: Area) -> tuple[Area, int]:
    """The table's area with the rows typed directly below it, and the first filled row after these."""
    _, left, last, right = where
    filled = (number for number, row in enumerate(sheet.rows[last:], last + 1) if _filled(row, left, right))
    others = [one for table in sheet.tables[1:] if (one := area(table.ref))]
    return reaching(where, filled, [*others, *sheet.merges])
