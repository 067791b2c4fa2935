"""Rows, columns and merged cells: sizes, hiding, what belongs together, what stays in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.libreoffice.engine.addresses import COLUMNS, ROWS, Block
from addin.libreoffice.engine.errors import plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.libreoffice.engine.connection import Connection
    from addin.libreoffice.engine.ranges import Range
    from addin.libreoffice.engine.sheet import Sheet

#: Hundredths of a millimetre to a point, and to a pixel of Excel's column widths.
_POINT, _PIXEL = 35.278, 26.458
#: A column as wide as n digits has seven pixels for each and five beside them.
_DIGIT, _MARGIN = 7, 5


def row_height(rng: Range) -> float | None:
    """Points; 0 where all rows are hidden or filtered out, None where rows differ or only some are hidden."""
    shown = _shown_rows(rng)
    if not shown:
        return 0.0
    return _one_of(rng, "Rows", _POINT) if shown == rng.block.rows else None


def set_row_height(rng: Range, value: float) -> None:
    """Make the rows so many points high."""
    rng.sheet.changeable()
    rng.cells.Rows.Height = round(value * _POINT)


def row_hidden(rng: Range) -> bool | None:
    """Whether the rows are hidden or filtered out; None when only some are."""
    shown = _shown_rows(rng)
    return None if 0 < shown < rng.block.rows else not shown


def set_row_hidden(rng: Range, value: bool) -> None:
    """Hide or show the rows."""
    rng.sheet.changeable()
    rng.cells.Rows.IsVisible = not value


def column_width(rng: Range) -> float | None:
    """Characters; None where columns differ."""
    found = _one_of(rng, "Columns", _PIXEL)
    return None if found is None else round(max(0.0, (found - _MARGIN) / _DIGIT), 1)


def set_column_width(rng: Range, value: float) -> None:
    """Make the columns so many characters wide."""
    rng.sheet.changeable()
    rng.cells.Columns.Width = int((value * _DIGIT + _MARGIN) * _PIXEL)


def column_hidden(rng: Range) -> bool | None:
    """Whether the columns are hidden; None when only some are."""
    columns = rng.cells.Columns
    states = {bool(columns.getByIndex(index).IsVisible) for index in range(columns.Count)}
    return None if len(states) > 1 else not states.pop()


def set_column_hidden(rng: Range, value: bool) -> None:
    """Hide or show the columns."""
    rng.sheet.changeable()
    rng.cells.Columns.IsVisible = not value


def autofit(rng: Range, axis: str | None = None) -> None:
    """Make columns (``c``), rows (``r``) or both as large as what they hold."""
    rng.sheet.changeable()
    if axis in (None, "columns", "c"):
        rng.cells.Columns.OptimalWidth = True
    if axis in (None, "rows", "r"):
        rng.cells.Rows.OptimalHeight = True


def visible(rng: Range) -> list[Block]:
    """The parts of all of a range's areas that are neither hidden nor filtered out."""
    shown = [rng.sheet.cells_of(area).queryVisibleCells().RangeAddresses for area in rng.areas]
    return [Block.of(part) for parts in shown for part in parts]


def _shown_rows(rng: Range) -> int:
    """How many rows are to be seen. Asked for whole rows, so that hidden columns do not count."""
    seen: set[int] = set()
    for part in visible(rng.sheet.at(rng.block._replace(column=1, columns=COLUMNS))):
        seen.update(range(part.row, part.last_row + 1))
    return len(seen)


def _used(rng: Range) -> Block:
    """Of whole columns, the rows down to the last used one; of whole rows, the columns likewise."""
    block, used = rng.block, rng.sheet.used_range.block
    return block._replace(
        rows=used.last_row if block.rows == ROWS else block.rows,
        columns=used.last_column if block.columns == COLUMNS else block.columns,
    )


def _one_of(rng: Range, lines: str, unit: float) -> float | None:
    """The size all rows or columns share, in ``unit``; None when they differ."""
    found = getattr(rng.sheet.cells_of(_used(rng)), lines)
    name = "Height" if lines == "Rows" else "Width"
    first: int = getattr(found.getByIndex(0), name)
    if any(getattr(found.getByIndex(index), name) != first for index in range(1, found.Count)):
        return None
    return round(first / unit, 1)


def merge(rng: Range, across: bool = False) -> None:
    """Merge the cells into one, or each row's into one; what was merged there before is taken apart."""
    unmerge(rng)
    block = rng.block
    rows = [block._replace(row=block.row + n, rows=1) for n in range(block.rows)] if across else [block]
    for row in rows:
        rng.sheet.cells_of(row).merge(True)


def unmerge(rng: Range) -> None:
    """Take merged cells apart."""
    rng.writable()
    rng.cells.merge(False)


def merge_area(rng: Range) -> Block:
    """The merged cell the first cell belongs to; the cell itself when it is not merged."""
    return _around(rng, Block(rng.row, rng.column))


def merge_cells(rng: Range) -> bool | None:
    """True when every cell belongs to a merged one, False when none does, None when some do."""
    block = rng.block
    around = _around(rng, block)
    covered = sum(block.common(one).size for one in _merged(rng, around))
    return True if covered == block.size else None if covered else False


def _around(rng: Range, block: Block) -> Block:
    """A block grown to take in the merged cells it touches."""
    cursor: Any = rng.sheet.api.createCursorByRange(rng.sheet.cells_of(block))
    cursor.collapseToMergedArea()
    return Block.of(cursor.RangeAddress)


def _merged(rng: Range, block: Block) -> Iterator[Block]:
    """Merged cells that begin in a block, found by halving it: UNO only tells whether there is any."""
    if not block.size or not rng.sheet.cells_of(block).IsMerged:
        return
    if block.size == 1:
        yield _around(rng, block)
        return
    for half in block.halves():
        yield from _merged(rng, half)


@plainly
class FreezePanes(base_classes.FreezePanes):
    """The rows and columns of a sheet that stay in sight."""

    def __init__(self, sheet: Sheet) -> None:
        self.office: Connection = sheet.office
        self.book = sheet.book
        self._sheet = sheet

    def freeze_at(self, frozen_range: Any) -> None:
        """Keep the rows and columns of a range in sight."""
        block = self._sheet.range(getattr(frozen_range, "impl", frozen_range)).block
        self._sheet.activate()
        columns = block.last_column if block.columns < COLUMNS else 0
        rows = block.last_row if block.rows < ROWS else 0
        self.book.doc.CurrentController.freezeAtPosition(columns, rows)

    def unfreeze(self) -> None:
        """Keep nothing."""
        self._sheet.activate()
        self.book.doc.CurrentController.freezeAtPosition(0, 0)
