"""Formulas as Excel writes them, in bulk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from addin.libreoffice.engine.loading import struct

if TYPE_CHECKING:
    from addin.libreoffice.engine.ranges import Range

#: A link between two texts: registers have them by the thousand, and only the mark between the texts differs.
_LINK = re.compile(r'(=HYPERLINK\("(?:[^"]|"")*")\s*[,;]\s*("(?:[^"]|"")*"\))', re.IGNORECASE)


def read(rng: Range) -> Any:
    """The formulas of a block in Excel's spelling, values as text: one for one cell, else rows."""
    if rng.block.size == 0:
        return None
    cells, parser = rng.cells, rng.book.parser()
    rows = [list(row) for row in cells.getFormulaArray()]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text.startswith("=") and (link := _LINK.fullmatch(text)):
                row[c] = f"{link[1]},{link[2]}"
            elif text.startswith("="):
                tokens = cells.getCellByPosition(c, r).getTokens()
                if tokens:  # a text that only looks like a formula has none
                    row[c] = "=" + parser.printFormula(tokens, _origin(rng, r, c))
    return rows[0][0] if rng.block.size == 1 else tuple(map(tuple, rows))


def write(rng: Range, value: Any) -> None:
    """Write one formula into every cell, its relative references moving along, or a grid of formulas and values.

    Raises:
        SheetProtected: a cell is locked (ADD604); nothing is written.
    """
    rng.writable()
    block = rng.block
    if not isinstance(value, (list, tuple)):
        if isinstance(value, str) and value.startswith("="):
            _fill(rng, value)
        else:
            rng.raw_value = value
        return
    grid = [list(row) for row in (value if isinstance(value[0], (list, tuple)) else [value] * block.rows)]
    if all(isinstance(one, str) and _LINK.fullmatch(one) for row in grid for one in row):
        rng.cells.setFormulaArray(tuple(tuple(_LINK.sub(r"\1;\2", one) for one in row) for row in grid))
        return
    formulas = {
        (r, c): one for r, row in enumerate(grid) for c, one in enumerate(row)
        if isinstance(one, str) and one.startswith("=")
    }
    if len(formulas) < block.size:
        rng.raw_value = [["" if (r, c) in formulas else one for c, one in enumerate(row)] for r, row in enumerate(grid)]
    parser, cells = rng.book.parser(), rng.cells
    for (r, c), formula in formulas.items():
        cells.getCellByPosition(c, r).setTokens(parser.parseFormula(formula[1:], _origin(rng, r, c)))


def _fill(rng: Range, formula: str) -> None:
    """One formula for every cell, relative to the first."""
    cells = rng.cells
    tokens = rng.book.parser().parseFormula(formula[1:], _origin(rng, 0, 0))
    for r in range(rng.block.rows):
        for c in range(rng.block.columns):
            cells.getCellByPosition(c, r).setTokens(tokens)


def _origin(rng: Range, row: int, column: int) -> Any:
    """The cell a formula's relative references count from."""
    return struct(
        "table.CellAddress", Sheet=rng.sheet.index - 1, Row=rng.row - 1 + row, Column=rng.column - 1 + column
    )
