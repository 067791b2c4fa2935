"""Gathers the cells of one worksheet into rows, within the limits, whoever found them in the part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.hosts import refuse
from macros.hosts.areas import a1, column_number
from macros.hosts.limits import limit
from macros.hosts.xlsx_values import Values, is_command
from macros.hosts.xml_parts import whole
from macros.records import Broken, Cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.hosts.areas import Area
    from macros.hosts.package import Package


class Gather:
    """Rows of one worksheet; ``ready`` holds the finished ones as (1-based number, cells) until somebody takes them.

    ``inside`` tells whether the rows' element is open, ``open`` whether a row is.
    """

    def __init__(self, package: Package, title: str, strings: Sequence[str]) -> None:
        self.package, self.title = package, title
        self.values = Values(package, title, strings)
        self.used_columns, self.blank_run = limit("sheet", "used_columns"), limit("sheet", "blank_run")
        self.last_row, self.last_column, self.most_cells = (limit("sheet", n) for n in ("rows", "columns", "cells"))
        self.ready: list[tuple[int, list[Cell]]] = []
        self.merges: list[Area] = []
        self.inside = self.open = False
        self.row = self._kept_row = self._count = 0
        self._columns: dict[str, int] = {}

    def begin(self, number: str | None) -> None:
        """Open the row of that number, the next one where none is given.

        Raises:
            Refused: rows out of order or within each other (WBK007).
        """
        following = self.row + 1 if number is None else whole(number) or 0
        if self.open or not self.row < following <= self.last_row:
            raise refuse("WBK007", self.package.name, reason=f"工作表“{self.title}”的行号 {number} 不合法或重复")
        self.row, self.open = following, True

    def end(self, current: list[Cell]) -> None:
        """Close the row that holds ``current``, which is kept as it is.

        Raises:
            Refused: too many cells (WBK014).
        """
        self.open = False
        if not current:
            return
        if self.row - self._kept_row > self.blank_run:
            first = next(i for i, one in enumerate(current, 1) if one is not None)
            self.values.note("WBK024", self.row, first)
            return
        self._kept_row = self.row
        self._count += len(current)
        if self._count > self.most_cells:
            raise refuse("WBK014", self.package.name, sheet=self.title, limit=self.most_cells, row=self.row)
        self.ready.append((self.row, current))

    def column(self, letters: str) -> int:
        """The number of a column's letters.

        Raises:
            Refused: there is no such column (WBK007).
        """
        number = self._columns.get(letters)
        if number is None:
            number = self._columns[letters] = column_number(letters)
            if not 0 < number <= self.last_column:
                reason = f"工作表“{self.title}”的单元格地址 {letters}{self.row} 不合法"
                raise refuse("WBK007", self.package.name, reason=reason)
        return number

    def value(self, column: int, type_: str | None, style: str | None, text: str) -> Cell:
        """What a cell of the open row holds."""
        kind = self.values.kind(style, self.row, column) if type_ is None or type_ == "n" else ""
        return self.values.value(type_, kind, text)

    def calculated(self, column: int, type_: str | None, style: str | None, formula: str, text: str) -> Cell:
        """What a cell with a formula holds: its stored result, unless there is none or it would start a program."""
        if formula and is_command(formula, self.package.command_links):
            self.values.note("WBK022", self.row, column, "=" + formula)
            return Broken("=" + formula, "command")
        if type_ != "str" and not text.strip():
            return Broken("=" + formula, "formula")
        return self.value(column, type_, style, text)

    def put(self, current: list[Cell], column: int, value: Cell) -> None:
        """Put a value into the open row; one far to the right is left out, and said so.

        Raises:
            Refused: the cell is there already, or in no column (WBK007).
        """
        if value is None:
            return
        if column > self.used_columns:
            self.values.note("WBK024", self.row, column)
            return
        gap = column - len(current)
        if gap > 0:
            current.extend([None] * (gap - 1))
            current.append(value)
        elif column > 0 and current[column - 1] is None:
            current[column - 1] = value
        else:
            # A row within a cell leaves the cell without a column.
            where = a1(self.row, column) if column > 0 else f"（第 {self.row} 行）"
            raise refuse("WBK007", self.package.name, reason=f"工作表“{self.title}”的单元格 {where} 重复或错位")
