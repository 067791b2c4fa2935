"""Whether rows of an open sheet are still those that were read: the user goes on working meanwhile."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from macros.hosts.live_cells import is_formula
from macros.hosts.live_read import formulas

if TYPE_CHECKING:
    from collections.abc import Iterable

    from macros.hosts.live_read import Grid
    from macros.records import Cell

#: What tells each cell of a sheet from another value, by row: kept where the rows themselves are let go.
Marks = list["array[int]"]

_BLANK = hash(None)


def marks(rows: Grid) -> Marks:
    """The marks of a sheet's rows."""
    return [array("q", map(hash, row)) for row in rows]


def moved(sheet: Any, seen: Marks, rows: Grid, numbers: Iterable[int]) -> int:
    """The first of some rows that is no longer the one that was seen; 0 where all are.

    Cells with formulas may have moved on: they follow others, or the clock.

    Args:
        sheet: an xlwings Sheet.
        seen: the marks of the rows when they were read.
        rows: the rows as they are now.
        numbers: which rows to compare.
    """
    changed = {number: columns for number in sorted(numbers) if (columns := _changed(seen, rows, number))}
    if not changed:
        return 0
    first, last = min(changed), max(changed)
    right = max(max(columns) for columns in changed.values())
    texts = formulas(sheet, (first, 1, last, right))
    return next((
        number for number, columns in changed.items()
        if not all(is_formula(texts[number - first][column - 1], _cell(rows, number, column)) for column in columns)
    ), 0)


def _changed(seen: Marks, rows: Grid, number: int) -> list[int]:
    """The columns of a row that hold something else than they did."""
    old = seen[number - 1] if number <= len(seen) else array("q")
    row = rows[number - 1] if number <= len(rows) else []
    new = array("q", map(hash, row))
    if old == new:
        return []
    width = max(len(old), len(new))
    before = [*old, *[_BLANK] * (width - len(old))]
    after = [*new, *[_BLANK] * (width - len(new))]
    return [column for column in range(1, width + 1) if before[column - 1] != after[column - 1]]


def _cell(rows: Grid, number: int, column: int) -> Cell:
    row = rows[number - 1] if number <= len(rows) else []
    return row[column - 1] if column <= len(row) else None
