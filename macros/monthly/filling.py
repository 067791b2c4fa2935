"""Puts any number of rows into a drawn workbook: one drawn row lends them its looks and is replaced by them."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.hosts.areas import letters
from macros.hosts.package import open_package
from macros.hosts.xlsx_cells import CellWriter
from macros.hosts.xlsx_rows import row_spans, split
from macros.hosts.xlsx_styles import Styles
from macros.hosts.xlsx_write import template_of
from macros.hosts.zip_write import Packed, rewrite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from macros.hosts.package import Package
    from macros.hosts.xlsx_rows import RowSpan, Tags
    from macros.records import Cell
    from macros.workbooks.plan import Plan

_ROWS = 256  # rows written at a time
_LEVEL = 3  # a list of a hundred thousand rows is packed to a twentieth; more takes longer than it saves


class Filling(NamedTuple):
    """The rows of one sheet by the drawn row they take the place of and the looks of; other drawn rows stay.

    The rows of a lower one are asked for when those of a higher one have been written: they may be their sums.
    """

    title: str
    rows: Mapping[int, Iterable[Sequence[Cell | Decimal]]]


def with_table(book: Workbook, plan: Plan, rows: int, title: str) -> Worksheet:
    """A sheet drawn like the register's, its table as long as the rows will be that are filled in."""
    from macros.workbooks.sheets import draw

    sheet: Worksheet = book.create_sheet(plan.title)
    draw(sheet, plan, title, {})
    table = sheet.tables[plan.title]
    # Headings are told to the table here: asked for them later, openpyxl would make every cell of a long table.
    table._initialise_columns()
    for column, told in zip(table.tableColumns, plan.columns, strict=True):
        column.name = told.heading
    first, last = table.ref.split(":")
    table.ref = f"{first}:{last.rstrip('0123456789')}{max(rows, 1) + 1}"
    table.autoFilter.ref = table.ref
    return sheet


def filled(drawn: bytes, name: str, fillings: Iterable[Filling]) -> bytes:
    """The drawn workbook with its rows; the same rows always give the same bytes.

    Rows are written one after the other and never kept, and blanks are not written: columns carry looks of their own.

    Args:
        drawn: the workbook as openpyxl drew it.
        name: what findings call the file.
        fillings: the sheets with rows; tables, filters and dimensions are drawn as the rows will need them.

    Raises:
        Refused: a value that no cell can hold (WBK045, WBK046).
    """
    package = open_package(io.BytesIO(drawn), name)
    assert package.styles is not None
    styles = Styles(name, package.zip.read(package.styles), package.kinds)
    changed: dict[str, bytes | Packed] = {}
    out = io.BytesIO()
    try:
        for one in fillings:
            changed[package.sheets[one.title].part] = Packed(_sheet(package, one, styles), _LEVEL)
        if styles.dirty and styles.xml:
            changed[package.styles] = styles.xml
        rewrite(package.zip, out, changed)
    finally:
        for content in changed.values():
            if isinstance(content, Packed):
                content.close()
    return out.getvalue()


def _sheet(package: Package, one: Filling, styles: Styles) -> Iterator[bytes]:
    previous = 0
    for piece, data, found in split(package.zip.chunks(package.sheets[one.title].part), package.name):
        if piece != "rows":
            yield data
            continue
        for span in row_spans(data, found, previous, package.name):
            previous = span.number
            if span.number in one.rows:
                writer = CellWriter(package.name, one.title, found.prefix, package.epoch_1904, styles)
                yield from _rows(data, span, found, writer, one.rows[span.number])
            else:
                yield data[span.start : span.stop]


def _rows(
    data: bytes, span: RowSpan, found: Tags, writer: CellWriter, rows: Iterable[Sequence[Cell | Decimal]],
) -> Iterator[bytes]:
    template = template_of(data, span, found)
    looks, p, many = template.looks.decode(), writer.prefix, max(template.styles, default=0)
    # What stands before and after the row number of each column's cells; amounts need nothing else but themselves.
    places = [(number, f'<{p}c r="{letters(number)}', template.styles.get(number, 0)) for number in range(1, many + 1)]
    cells = [(number, start, style, f'" s="{style}"><{p}v>') for number, start, style in places]
    end, known = f"</{p}v></{p}c>", writer.memo
    made: list[str] = []
    for row, values in enumerate(rows, span.number):
        made.append(f'<{p}row r="{row}"{looks}>')
        for (number, start, style, middle), value in zip(cells, values, strict=True):
            if value is None:
                continue
            if value.__class__ is Decimal:
                made.append(f"{start}{row}{middle}{value}{end}")
            elif value != "":
                rest = known.get((value.__class__, value, style)) or writer.rest(row, number, value, style)  # type: ignore[arg-type]
                made.append(f'{start}{row}"{rest}')
        made.append(f"</{p}row>")
        if not row % _ROWS:
            yield "".join(made).encode()
            made = []
    yield "".join(made).encode()
