"""Formulas as Excel writes them, in bulk."""

from __future__ import annotations

import re
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

from addin.libreoffice.engine.blocks import runs, unmeasured
from addin.libreoffice.engine.loading import struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from addin.libreoffice.engine.ranges import Range

# com.sun.star.sheet.AddressConvention: Calc's own spelling, which its cells speak, and Excel's
CALC, EXCEL = 0, 3

#: What reads the same in both spellings: texts in quotes, and addresses without a sheet.
_ATOM = re.compile(r'"(?:[^"]|"")*"|(?<![A-Za-z0-9_])\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?![A-Za-z0-9_(])')
_GAP = "\0"
#: Errors written out, which Calc loses when it translates; meanwhile a text with a mark stands for each.
_MARK = "\ue000"
_ERROR = re.compile(r'"(?:[^"]|"")*"|(#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!))')
_STAND_IN = re.compile(f'"{_MARK}(.*?){_MARK}"')


class Translator:
    """Turns formulas from one spelling into another.

    Calc itself translates, in two calls for each formula. A column's formulas differ in their texts and addresses
    only, which stay as they are; so each pattern is translated once.
    """

    def __init__(self, rng: Range, source: int, target: int) -> None:
        self._origin = cell(rng.sheet.index - 1, rng.row - 1, rng.column - 1)
        self._source, self._target = parser(rng.book.doc, source), parser(rng.book.doc, target)
        self._known: dict[str, list[str]] = {}

    def __call__(self, formula: str, tokens: Callable[[], tuple[Any, Any]] | None = None) -> str:
        """The formula, with its equals sign, in the other spelling.

        Args:
            formula: in the first spelling.
            tokens: gives the formula as Calc has it and the cell it stands in, where it stands in one. Calc does not
                read all of its own names of functions.
        """
        atoms: list[str] = _ATOM.findall(formula)
        pattern = _ATOM.sub(_GAP, formula)
        if pattern in self._known:
            return "".join(chain.from_iterable(zip_longest(self._known[pattern], atoms, fillvalue="")))
        written_out = any(_ERROR.findall(formula))
        parsed, origin = (self._parsed(formula), self._origin) if tokens is None or written_out else tokens()
        said = self._printed(parsed, origin)
        if _ATOM.findall(said) == atoms:
            self._known[pattern] = _ATOM.sub(_GAP, said).split(_GAP)
        return said

    def _parsed(self, formula: str) -> Any:
        return self._source.parseFormula(_ERROR.sub(_hidden, formula[1:]), self._origin)

    def _printed(self, tokens: Any, origin: Any) -> str:
        said = _STAND_IN.sub(r"\1", str(self._target.printFormula(tokens, origin)))
        return "=" + said.replace("_xlfn.", "")  # files mark newer functions so, Excel's cells do not

    def spread(self, formula: str, rows: int, columns: int) -> list[list[str]]:
        """The formula of the first cell as it reads in each cell of a block, its relative references moved along."""
        tokens, first = self._parsed(formula), self._origin

        def at(r: int, c: int) -> str:
            return self._printed(tokens, cell(first.Sheet, first.Row + r, first.Column + c))

        return [[at(r, c) for c in range(columns)] for r in range(rows)]


def _hidden(found: re.Match[str]) -> str:
    return f'"{_MARK}{found[1]}{_MARK}"' if found[1] else found[0]


def cell(sheet: int, row: int, column: int) -> Any:
    """A cell's address, counted from zero; relative references count from it."""
    return struct("table.CellAddress", Sheet=sheet, Row=row, Column=column)


def parser(doc: Any, spelling: int) -> Any:
    """What reads and prints a document's formulas, with functions in English whatever the office speaks."""
    made = doc.createInstance("com.sun.star.sheet.FormulaParser")
    made.CompileEnglish = True
    made.FormulaConvention = spelling
    return made


def read(rng: Range) -> Any:
    """The formulas of a block in Excel's spelling, values as text: one for one cell, else rows."""
    if rng.block.size == 0:
        return None
    excels, cells = Translator(rng, CALC, EXCEL), rng.cells
    sheet, top, left = rng.sheet.index - 1, rng.row - 1, rng.column - 1

    def said(r: int, c: int, text: str, value: Any) -> str:
        def tokens() -> tuple[Any, Any]:
            return cells.getCellByPosition(c, r).getTokens(), cell(sheet, top + r, left + c)

        if text[:1] == "=" and text != value:  # a text that only looks like a formula is its own value
            return excels(text, tokens)
        # Calc marks a text that looks like a number; Excel's formula does not show the mark.
        return text[1:] if text[:1] == "'" else text

    lines = zip(cells.getFormulaArray(), cells.getDataArray(), strict=True)
    rows = tuple(
        tuple(said(r, c, *both) for c, both in enumerate(zip(*line, strict=True))) for r, line in enumerate(lines)
    )
    return rows[0][0] if rng.block.size == 1 else rows


def write(rng: Range, value: Any) -> None:
    """Write one formula into every cell, its relative references moving along, or a grid of formulas and values.

    Raises:
        SheetProtected: a cell is locked (ADD604); nothing is written.
    """
    rng.writable()
    block, calcs = rng.block, Translator(rng, EXCEL, CALC)
    if not isinstance(value, (list, tuple)):
        if not (isinstance(value, str) and value[:1] == "="):
            rng.raw_value = value
            return
        value = calcs.spread(value, *rng.shape)
        unmeasured(rng, lambda: rng.cells.setFormulaArray(tuple(map(tuple, value))))
        return
    grid = [list(row) for row in (value if isinstance(value[0], (list, tuple)) else [value] * block.rows)]
    spoken: dict[tuple[int, int], str] = {}  # formulas and what is empty between them
    for r, row in enumerate(grid):
        for c, one in enumerate(row):
            if isinstance(one, str) and one[:1] == "=":
                spoken[r, c] = calcs(one)
                row[c] = ""
            elif one is None or one == "":
                spoken[r, c] = ""
    if len(spoken) < block.size:
        rng.raw_value = grid

    def put() -> None:
        for run, texts in runs(spoken):
            if any(texts) or len(spoken) == block.size:
                rng.part(run).cells.setFormulaArray(tuple((text,) for text in texts))

    unmeasured(rng, put)
