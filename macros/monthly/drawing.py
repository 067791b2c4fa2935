"""Draws the sheets of a wide list: two heading rows of groups and columns, one row to take looks from, the foot."""

from __future__ import annotations

from copy import copy
from itertools import groupby
from typing import TYPE_CHECKING, Any

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties

from macros.monthly.words import wide
from macros.workbooks.words import guide, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.dimensions import ColumnDimension
    from openpyxl.worksheet.worksheet import Worksheet

    from macros.monthly.words import Column

#: The row of the column headings; the groups stand above it, the data below.
HEADING = 2
#: Columns that stay in sight: month and lease number.
_FROZEN = 2


def sheet(book: Workbook, title: str, wanted: Sequence[Column], rows: int) -> tuple[Worksheet, int, int]:
    """Draw a sheet for ``rows`` rows of data; gives it with the row the data begin in and that of their sums."""
    drawn: Worksheet = book.create_sheet(title)
    first, last = HEADING + 1, HEADING + max(rows, 1)
    known: dict[tuple[str, str], StyleArray] = {}
    at = 1
    for number, (group, held) in enumerate(groupby(wanted, key=lambda column: column.group)):
        end = at + len(list(held))
        for place in range(at, end):
            for cell, text in ((drawn.cell(1, place), group), (drawn.cell(HEADING, place), wanted[place - 1].title)):
                _dress(cell, "heading", str(number % 2), known)
                if cell.row == HEADING or place == at:
                    cell.value = text or None
        if group and end - at > 1:
            drawn.merge_cells(start_row=1, end_row=1, start_column=at, end_column=end - 1)
        at = end
    for place, column in enumerate(wanted, 1):
        dimension = drawn.column_dimensions[get_column_letter(place)]
        dimension.width = column.width
        for of in (dimension, drawn.cell(first, place)):
            _dress(of, "data", column.type, known)
        _dress(drawn.cell(last + 1, place), "total", column.type if column.type == "money" else "text", known)
        if column.note:
            drawn.cell(HEADING, place).comment = _note(column.note)
    drawn.row_dimensions[1].height, drawn.row_dimensions[HEADING].height = 20, 48
    drawn.freeze_panes = drawn.cell(first, _FROZEN + 1).coordinate
    drawn.auto_filter.ref = f"A{HEADING}:{get_column_letter(len(wanted))}{last}"
    _page(drawn)
    return drawn, first, last + 1


def below(drawn: Worksheet, total: int, across: int, settings: Mapping[str, str]) -> None:
    """Draw the note and the signatures below the row of sums."""
    words = wide()["below"]
    texts = (words["note"], words["signed"].format(
        manager=settings.get("客户经理", ""), company=settings.get("公司名称", "")
    ))
    for row, text in enumerate(texts, total + 1):
        cell = drawn.cell(row, 1, text)
        cell.font = Font(name=style()["font"]["name"], size=style()["font"]["size"])
        cell.alignment = Alignment(vertical="center")
        drawn.merge_cells(start_row=row, end_row=row, start_column=1, end_column=across)


def _dress(of: Any, role: str, kind: str, known: dict[tuple[str, str], StyleArray]) -> None:
    """Give a cell or a column its looks; the second one alike copies the first, since setting looks takes long."""
    if (role, kind) in known:
        of._style = copy(known[role, kind])
        return
    if role == "heading":
        _heading(of, int(kind))
    else:
        _look(of, kind, bold=role == "total")
    known[role, kind] = of._style


def _heading(cell: Cell, group: int) -> None:
    """The looks of a heading; neighbouring groups take turns of two colours."""
    look = style()
    colours = look["group"]["collection" if group else ""]
    cell.font = Font(name=look["font"]["name"], size=look["font"]["heading_size"], bold=True, color=colours["text"])
    cell.fill = PatternFill("solid", fgColor=colours["fill"])
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = _lines()


def _look(of: Cell | ColumnDimension, kind: str, *, bold: bool) -> None:
    look = style()
    shown = look["type"]["money" if kind == "price" else kind]
    of.number_format = shown["format"]
    of.font = Font(name=look["font"]["name"], size=look["font"]["size"], bold=bold)
    of.alignment = Alignment(horizontal=shown["align"], vertical="center")
    of.border = _lines()


def _lines() -> Border:
    thin = Side(style="thin", color=style()["sheet"]["border"])
    return Border(left=thin, right=thin, top=thin, bottom=thin)


def _note(text: str) -> Comment:
    note = Comment(text, guide()["comment_author"])
    note.width, note.height = 220, 70
    return note


def _page(drawn: Worksheet) -> None:
    """Landscape A3 with the headings on each page: lists so wide are looked at on a screen, rarely printed."""
    drawn.page_setup.orientation, drawn.page_setup.paperSize = "landscape", 8
    drawn.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    drawn.page_setup.fitToWidth, drawn.page_setup.fitToHeight = 4, 0
    drawn.print_title_rows = f"1:{HEADING}"
    drawn.print_title_cols = f"A:{get_column_letter(_FROZEN)}"
    foot = HeaderFooterItem()
    foot.center.text = guide()["pages"]
    drawn.HeaderFooter.oddFooter = foot
