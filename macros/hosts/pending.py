"""Edits of sheets not yet saved, by the rules that closed and open workbooks share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macros.hosts import refuse
from macros.hosts.limits import limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.records import Cell


@dataclass(slots=True)
class Pending:
    """Edits of one sheet. ``rows`` replaces the sheet; else ``cells`` and ``added`` patch it."""

    rows: list[list[Cell]] | None = None
    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    added: list[Sequence[Cell]] = field(default_factory=list)

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows after the last, those that replace the sheet where it is replaced."""
        if self.rows is None:
            self.added.extend(rows)
        else:
            self.rows.extend(map(list, rows))

    def put(self, cells: Mapping[tuple[int, int], Cell]) -> None:
        """Set single cells by (row, column), in the replaced rows where the sheet is replaced."""
        for (row, column), value in cells.items():
            if self.rows is None:
                self.cells.setdefault(row, {})[column] = value
            else:
                set_cell(self.rows, row, column, value)


def check_cells(cells: Iterable[tuple[int, int]], book: str, title: str) -> None:
    """Make sure that a sheet has such cells.

    Raises:
        Refused: it has no such row or column (WBK047).
    """
    for row, column in cells:
        if not (0 < row <= limit("sheet", "rows") and 0 < column <= limit("sheet", "columns")):
            raise refuse("WBK047", book, sheet=title, reason=f"没有第 {row} 行第 {column} 列")


def set_cell(rows: list[list[Cell]], row: int, column: int, value: Cell) -> None:
    """Set one cell of rows that end at their last value."""
    while len(rows) < row:
        rows.append([])
    line = rows[row - 1]
    line.extend([None] * (column - len(line)))
    line[column - 1] = value
