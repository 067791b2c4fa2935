"""Cells around a range: where Ctrl+arrow leads, the region that is filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.libreoffice.engine.addresses import COLUMNS, ROWS, Block

if TYPE_CHECKING:
    from addin.libreoffice.engine.ranges import Range


def current_region(rng: Range) -> Range:
    """The filled cells around, up to empty rows and columns."""
    cursor = rng.sheet.api.createCursorByRange(rng.cells)
    cursor.collapseToCurrentRegion()
    return rng.sheet.at(Block.of(cursor.RangeAddress))


def end(rng: Range, direction: str) -> Range:
    """Where Ctrl+arrow leads from the first cell: the edge of a filled run, else the next filled cell.

    Args:
        rng: the range.
        direction: ``up``, ``down``, ``left`` or ``right``, or the first letter.
    """
    upright, step = direction[0] in "ud", 1 if direction[0] in "dr" else -1
    filled = _filled(rng, upright)
    place, edge = rng.row if upright else rng.column, 1 if step < 0 else ROWS if upright else COLUMNS

    def is_filled(at: int) -> bool:
        return 0 < at <= len(filled) and filled[at - 1]

    if is_filled(place) and is_filled(place + step):
        while is_filled(place + step):
            place += step
    else:
        place += step
        while 0 < place <= len(filled) and not is_filled(place):
            place += step
        place = place if is_filled(place) else edge
    return rng.sheet.at(Block(place, rng.column) if upright else Block(rng.row, place))


def _filled(rng: Range, upright: bool) -> list[bool]:
    """Which cells of the first cell's column, or row, are filled; up to the last used one."""
    used = rng.sheet.used_range.block
    if upright:
        line = Block(1, rng.column, max(rng.row, used.last_row), 1)
        return [row[0] != "" for row in rng.sheet.cells_of(line).getDataArray()]
    line = Block(rng.row, 1, 1, max(rng.column, used.last_column))
    return [value != "" for value in rng.sheet.cells_of(line).getDataArray()[0]]
