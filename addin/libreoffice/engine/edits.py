"""What is done to whole blocks of cells: emptying, inserting, taking out, copying, moving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.libreoffice.engine.addresses import Block
from addin.libreoffice.engine.loading import enum, struct

if TYPE_CHECKING:
    from addin.libreoffice.engine.ranges import Range

# com.sun.star.sheet.CellFlags: values, days, texts, formulas; hard attributes, styles
_CONTENTS, _LOOKS = 1 | 2 | 4 | 16, 32 | 64


def clear(rng: Range) -> None:
    """Empty the cells and take their formats away."""
    rng.writable()
    rng.cells.clearContents(_CONTENTS | _LOOKS)


def clear_contents(rng: Range) -> None:
    """Empty the cells."""
    rng.writable()
    rng.cells.clearContents(_CONTENTS)


def clear_formats(rng: Range) -> None:
    """Take the formats away."""
    rng.writable()
    rng.cells.clearContents(_LOOKS)


def insert(rng: Range, shift: str | None = None, copy_origin: object = None) -> None:
    """Insert as many cells, moving these ``right`` or ``down``."""
    rng.sheet.changeable()
    mode = enum("sheet.CellInsertMode", "RIGHT" if shift == "right" else "DOWN")
    rng.sheet.api.insertCells(rng.cells.RangeAddress, mode)


def delete(rng: Range, shift: str | None = None) -> None:
    """Take the cells out, moving others ``left`` or ``up``; as the shape suggests when not told."""
    rng.sheet.changeable()
    left = shift == "left" or (shift is None and rng.block.rows >= rng.block.columns)
    rng.sheet.api.removeRange(rng.cells.RangeAddress, enum("sheet.CellDeleteMode", "LEFT" if left else "UP"))


def copy(rng: Range, destination: Any = None) -> None:
    """Copy contents and looks to where another range of the same workbook begins.

    Raises:
        NotImplementedError: no destination, or one in another workbook.
    """
    rng.sheet.api.copyRange(_target(rng, destination), rng.cells.RangeAddress)


def move(rng: Range, destination: Any) -> None:
    """Move contents and looks to where another range of the same workbook begins; formulas follow.

    Raises:
        NotImplementedError: a destination in another workbook.
    """
    rng.writable()
    rng.sheet.api.moveRange(_target(rng, destination), rng.cells.RangeAddress)


def _target(rng: Range, destination: Any) -> Any:
    """The first cell to be written, after a look whether all of them may be."""
    target = getattr(destination, "impl", destination)
    if target is None or target.book.doc != rng.book.doc:
        raise NotImplementedError("cells are copied within one workbook")
    target.part(Block(0, 0, *rng.shape)).writable()
    return struct("table.CellAddress", Sheet=target.sheet.index - 1, Row=target.row - 1, Column=target.column - 1)
