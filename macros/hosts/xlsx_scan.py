"""Find where a sheet's table ends and how its last row looks, without parsing the rows before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.hosts.xlsx_areas import merged
from macros.hosts.xlsx_rows import RowSpan, Tags, cell_spans, row_spans, split
from macros.hosts.xlsx_write import Template, template_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from macros.hosts.areas import Area


class End(NamedTuple):
    """Where a table's data ends.

    ``last_data`` is the table's last row holding data (the heading's where none does), ``below`` the filled rows
    below the table, ``template`` the looks new rows take, ``merges`` the sheet's merged cells, ``formulas`` the columns
    of the user's formulas by row, in rows of formulas alone that are no blank rows of the table.
    """

    last_data: int
    below: list[int]
    template: Template
    merges: list[Area]
    formulas: dict[int, set[int]]


def find_end(chunks: Iterable[bytes], table: Area, workbook: str, waiting_to: int) -> End:
    """Look through a worksheet part for the end of the data in ``table`` (its heading row included).

    A row of nothing but formulas and looks is a blank one waiting to be filled, up to the row ``waiting_to``.
    """
    heading, left, last, right = table
    last_data = heading
    below: list[int] = []
    merges: list[Area] = []
    formulas: dict[int, set[int]] = {}
    template, waiting = Template(), Template()
    previous = 0
    for piece, block, found in split(chunks, workbook):
        if piece == "tail":
            merges = merged(block)
        if piece != "rows":
            continue
        spans = row_spans(block, found, previous, workbook)
        previous = spans[-1].number if spans else previous
        for span in reversed(spans):
            if heading < span.number <= last and _filled(block, span, found, left, right):
                last_data, template = span.number, template_of(block, span, found)
                break
        for span in reversed(spans):
            if span.number <= max(waiting_to, last_data):
                break
            if b"<" + found.named(b"f") in block[span.body : span.stop]:
                formulas[span.number] = _formulas(block, span, found)
        for span in spans:
            if span.number == heading + 1:
                waiting = template_of(block, span, found)
            if span.number > last and _filled(block, span, found, left, right):
                below.append(span.number)
    formulas = {row: columns for row, columns in formulas.items() if row > last_data}
    return End(last_data, below, template if last_data > heading else waiting, merges, formulas)


def _formulas(block: bytes, span: RowSpan, found: Tags) -> set[int]:
    cells = cell_spans(block[span.body : span.stop], found)
    return {cell.column for cell in cells if found.formula.search(cell.inner)}


def _filled(block: bytes, span: RowSpan, found: Tags, left: int, right: int) -> bool:
    return any(
        left <= cell.column <= right and cell.inner.strip() and not found.formula.search(cell.inner)
        for cell in cell_spans(block[span.body : span.stop], found)
    )
