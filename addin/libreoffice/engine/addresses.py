"""Places of cells: A1 text, UNO's range addresses counted from zero, and blocks counted from one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.hosts.areas import area, column_number, letters

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Rows and columns of a sheet, in Excel and in Calc since 7.4.
ROWS, COLUMNS = 1_048_576, 16_384

_WHOLE_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_WHOLE_ROWS = re.compile(r"\$?(\d{1,7}):\$?(\d{1,7})")


class Block(NamedTuple):
    """A rectangle of cells; row and column of its first cell count from 1. It may be empty."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @classmethod
    def of(cls, address: Any) -> Block:
        """A UNO CellRangeAddress as a block."""
        return cls(
            address.StartRow + 1, address.StartColumn + 1,
            address.EndRow - address.StartRow + 1, address.EndColumn - address.StartColumn + 1,
        )

    @classmethod
    def between(cls, row: int, column: int, last_row: int, last_column: int) -> Block:
        """The block two corners make, in whatever order they are given."""
        (row, last_row), (column, last_column) = sorted((row, last_row)), sorted((column, last_column))
        return cls(row, column, last_row - row + 1, last_column - column + 1)

    @property
    def last_row(self) -> int:
        """Last row."""
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        """Last column."""
        return self.column + self.columns - 1

    @property
    def size(self) -> int:
        """Cells."""
        return self.rows * self.columns

    def common(self, other: Block) -> Block:
        """The cells both have; an empty block when there are none."""
        row, column = max(self.row, other.row), max(self.column, other.column)
        last_row, last_column = min(self.last_row, other.last_row), min(self.last_column, other.last_column)
        return Block(row, column, max(0, last_row - row + 1), max(0, last_column - column + 1))

    def joined(self, other: Block) -> Block:
        """The smallest block that has both."""
        return Block.between(
            min(self.row, other.row), min(self.column, other.column),
            max(self.last_row, other.last_row), max(self.last_column, other.last_column),
        )

    def halves(self) -> Iterator[Block]:
        """Cut in two along the longer side."""
        if self.rows >= self.columns:
            half = self.rows // 2
            yield self._replace(rows=half)
            yield self._replace(row=self.row + half, rows=self.rows - half)
        else:
            half = self.columns // 2
            yield self._replace(columns=half)
            yield self._replace(column=self.column + half, columns=self.columns - half)

    def a1(self, row_mark: str = "$", column_mark: str = "$") -> str:
        """The address as ``$A$1`` or ``$A$1:$B$2``."""
        first = f"{column_mark}{letters(self.column)}{row_mark}{self.row}"
        if self.size == 1:
            return first
        return f"{first}:{column_mark}{letters(self.last_column)}{row_mark}{self.last_row}"


def parsed(text: str) -> Block | None:
    """An address in A1 style, whole columns (``A:C``) and whole rows (``1:3``) included; None for anything else."""
    if found := area(text):
        return Block.between(*found)
    if whole := _WHOLE_COLUMNS.fullmatch(text):
        return Block.between(1, column_number(whole[1]), ROWS, column_number(whole[2]))
    if whole := _WHOLE_ROWS.fullmatch(text):
        return Block.between(int(whole[1]), 1, int(whole[2]), COLUMNS)
    return None


def split(text: str) -> tuple[str, str]:
    """Sheet and rest of ``'My sheet'!A1``; an empty sheet where none is named."""
    sheet, mark, rest = text.rpartition("!")
    if not mark:
        return "", text
    if len(sheet) > 1 and sheet[0] == sheet[-1] == "'":
        sheet = sheet[1:-1].replace("''", "'")
    return sheet, rest
