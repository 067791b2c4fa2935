"""Reading and writing the values of a block of cells, all at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from addin.libreoffice.engine.addresses import Block
from addin.libreoffice.engine.formats import DATE, DAY, GENERAL, LOGICAL, TEXT, uniform
from addin.libreoffice.engine.loading import struct
from addin.libreoffice.engine.values import (
    ERRORS,
    VALUE_ERROR,
    CellError,
    as_typed,
    day_code,
    is_typed,
    is_typed_day,
    moment,
    plain,
    serial,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from addin.libreoffice.engine.ranges import Range

#: Beyond so many cells only the used part of a range is read: whole columns and sheets.
WHOLE = 4_000_000
#: Beyond so many cells rows keep their heights while texts are written.
MEASURED = 2_000

#: The format of a truth value, and the words for one.
TRUTH = "BOOLEAN"
_TRUTHS = {"true": 1.0, "false": 0.0}

Place = tuple[int, int]


def read(rng: Range) -> Any:
    """The values of the first area: one value for one cell, else rows. Errors are `CellError`."""
    if rng.block.size == 0:
        return None
    block = rng.block
    if block.size > WHOLE:
        used = block.common(rng.sheet.used_range.block)
        block = used if used.size else block._replace(rows=1, columns=1)
    cells = rng.sheet.cells_of(block)
    rows = [list(row) for row in cells.getDataArray()]
    formats = rng.book.formats
    # A day or a truth value is a number with a format.
    for key, parts in _formats_of(cells):
        kind = formats.kind(key)
        if kind & DATE:
            _change(rows, block, parts, moment)
        elif kind & LOGICAL:
            _change(rows, block, parts, bool)
    for r, row in enumerate(rows):
        if None in row:
            for c, value in enumerate(row):
                if value is None:
                    number = cells.getCellByPosition(c, r).getError()
                    row[c] = CellError(ERRORS.get(number, VALUE_ERROR))
    return rows[0][0] if block.size == 1 else tuple(map(tuple, rows))


def write(rng: Range, data: Any) -> None:
    """Write one value into every cell, one row into every row, or a grid.

    Raises:
        SheetProtected: a cell is locked (ADD604); nothing is written.
        TypeError: a value no cell takes; nothing is written.
    """
    block = rng.block
    if block.size == 0:
        return
    grid = _grid(data, block)
    formats, typed = _told_apart(grid)
    rng.writable()
    if typed:
        typed = _left_to_calc(rng, grid, formats, typed)
    cells = rng.cells

    def put() -> None:
        cells.setDataArray(tuple(map(tuple, grid)))
        _type_in(rng, typed)
        for code, places in formats.items():
            _format_general(rng, code, places)

    unmeasured(rng, put)


def unmeasured(rng: Range, put: Callable[[], None]) -> None:
    """Let a large block be written without measuring its rows; the workbook's own setting is put back.

    Measuring would take ten times the writing. (No context manager: it would set a traceback on UNO's exceptions,
    which these refuse with another exception.)
    """
    doc = rng.book.doc
    if rng.block.size <= MEASURED or not doc.IsAdjustHeightEnabled:
        put()
        return
    doc.IsAdjustHeightEnabled = False
    try:
        put()
    finally:
        doc.IsAdjustHeightEnabled = True


def _grid(data: Any, block: Block) -> list[list[Any]]:
    if not isinstance(data, (list, tuple)):
        value = plain(data)
        return [[value] * block.columns for _ in range(block.rows)]
    rows = data if isinstance(data[0], (list, tuple)) else [data] * block.rows
    return [[plain(value) for value in row] for row in rows]


def _told_apart(grid: list[list[Any]]) -> tuple[dict[str, list[Place]], dict[Place, str]]:
    """Turn moments and truth values into numbers, in place, and find what more they and some texts need.

    Returns:
        Format code → places to have it; place → text that Excel would take for something else.
    """
    formats: dict[str, list[Place]] = defaultdict(list)
    typed: dict[Place, str] = {}
    for r, row in enumerate(grid):
        for c, value in enumerate(row):
            if isinstance(value, str):
                if value[:1] == "'":
                    row[c] = value[1:]
                elif value and is_typed(value):
                    typed[r, c] = value
            elif isinstance(value, bool):
                formats[TRUTH].append((r, c))
                row[c] = float(value)
            elif isinstance(value, dt.datetime):
                formats[day_code(value)].append((r, c))
                row[c] = serial(value)
    return formats, typed


def _left_to_calc(
    rng: Range, grid: list[list[Any]], formats: dict[str, list[Place]], typed: dict[Place, str]
) -> dict[Place, str]:
    """Those of the texts Calc has to read itself; their cells are left empty. In cells for text they stay text."""
    texts, left = _text_cells(rng), {}
    for (r, c), text in typed.items():
        if any(_inside((r, c), part) for part in texts):
            continue
        if text.lower() in _TRUTHS:  # Calc knows these words in the user's language only
            grid[r][c] = _TRUTHS[text.lower()]
            formats[TRUTH].append((r, c))
        else:
            grid[r][c] = ""
            left[r, c] = text
    return left


def _formats_of(cells: Any) -> Iterator[tuple[int, Iterable[Any]]]:
    """The number formats in a UNO range, each with the addresses of its cells."""
    shared = uniform(cells, "NumberFormat")
    if shared is not None:
        yield shared, (cells.RangeAddress,)
        return
    groups = cells.getUniqueCellFormatRanges()
    for index in range(groups.Count):
        group = groups.getByIndex(index)
        yield group.NumberFormat, group.RangeAddresses


def _change(rows: list[list[Any]], block: Block, parts: Iterable[Any], make: Any) -> None:
    """Turn the numbers in some parts of a block into something else."""
    for part in parts:
        columns = range(part.StartColumn + 1 - block.column, part.EndColumn + 2 - block.column)
        for row in rows[part.StartRow + 1 - block.row:part.EndRow + 2 - block.row]:
            for c in columns:
                value = row[c]
                if isinstance(value, float):
                    row[c] = make(value)


def _text_cells(rng: Range) -> list[Block]:
    """The parts of a range that are formatted as text, counted from the range's own first cell."""
    formats, block = rng.book.formats, rng.block
    parts = [part for key, found in _formats_of(rng.cells) if formats.kind(key) & TEXT for part in found]
    places = [Block.of(part) for part in parts]
    return [one._replace(row=one.row - block.row, column=one.column - block.column) for one in places]


def _inside(place: Place, part: Block) -> bool:
    return part.row <= place[0] <= part.last_row and part.column <= place[1] <= part.last_column


def _type_in(rng: Range, typed: dict[Place, str]) -> None:
    """Let Calc read texts as if they were typed, which is what Excel does with them; formulas are Excel's."""
    for run, texts in runs(typed):
        if any(text.startswith("=") for text in texts):
            rng.part(run).formula = tuple((text,) for text in texts)
        else:
            rng.part(run).cells.setFormulaArray(tuple((as_typed(text),) for text in texts))
    days = [place for place, text in typed.items() if is_typed_day(text)]
    if days:
        _set_format(rng, days, rng.book.formats.key(DAY), of=None)


def _format_general(rng: Range, code: str, places: list[Place]) -> None:
    """Give those of the places that are plain a format; Excel leaves any other format as it is."""
    formats = rng.book.formats
    _set_format(rng, places, formats.key(code), of=formats.key(GENERAL))


def _set_format(rng: Range, places: list[Place], key: int, of: int | None) -> None:
    """Set the number format of some cells, or of those of them that have the format ``of``."""
    sheet = rng.sheet.index - 1
    parts = [run for run, _ in runs(dict.fromkeys(places, ""))]
    joined = rng.book.doc.createInstance("com.sun.star.sheet.SheetCellRanges")
    joined.addRangeAddresses(tuple(_address(rng, sheet, part) for part in parts), False)
    shared = uniform(joined, "NumberFormat")
    if of is None or shared == of:
        joined.NumberFormat = key
    elif shared is None:
        for part in parts:
            groups = rng.part(part).cells.getUniqueCellFormatRanges()
            for index in range(groups.Count):
                group = groups.getByIndex(index)
                if group.getByIndex(0).NumberFormat == of:
                    group.NumberFormat = key


def _address(rng: Range, sheet: int, run: Block) -> Any:
    row, column = rng.row - 1 + run.row, rng.column - 1 + run.column
    return struct(
        "table.CellRangeAddress", Sheet=sheet, StartRow=row, EndRow=row + run.rows - 1,
        StartColumn=column, EndColumn=column + run.columns - 1,
    )


def runs(places: dict[Place, str]) -> list[tuple[Block, list[str]]]:
    """Places joined into upright runs, as blocks counted from zero, each with its texts."""
    found: list[tuple[Block, list[str]]] = []
    for r, c in sorted(places, key=lambda place: (place[1], place[0])):
        if found:
            run, texts = found[-1]
            if run.column == c and run.row + run.rows == r:
                found[-1] = (run._replace(rows=run.rows + 1), texts)
                texts.append(places[r, c])
                continue
        found.append((Block(r, c), [places[r, c]]))
    return found
