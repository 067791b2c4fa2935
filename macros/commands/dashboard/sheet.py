"""Draws the workbench: one sheet that fits one landscape A4 page, its charts beside, the figures behind them apart."""

from __future__ import annotations

from copy import copy
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties

from macros.commands.dashboard.charts import beside, figures
from macros.commands.dashboard.figures import rules
from macros.workbooks.packing import pack
from macros.workbooks.words import guide, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from macros.commands.dashboard.figures import Morning
    from macros.commands.dashboard.words import Page, Told
    from macros.records import Cell

#: Columns of the lists on the left and of the charts beside them, both with their last one.
LEFT, RIGHT = (1, 16), (18, 25)
#: How wide each column of a list is, in the page's narrow columns.
_TASKS, _MONEY, _CUSTOMERS = (2, 3, 3, 5, 3), (2, 2, 2, 2), (6, 4, 2, 2, 2)
_TILE = 4
_DAYS = (3, 2, 2, 2, 2, 2, 3)


class _Look(NamedTuple):
    """How a cell looks; cells of one look share it, as making looks takes most of the time."""

    size: str = "text"
    bold: bool = False
    colour: str = ""
    fill: str = ""
    align: str = "left"
    wrap: bool = False
    ruled: bool = True
    link: bool = False
    format: str = "General"


class _Pen:
    """Writes cells of a sheet, each look made once."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self._known: dict[_Look, Any] = {}

    def put(self, row: int, first: int, last: int, value: Cell, look: _Look, target: str = "") -> None:
        """A value over the columns ``first`` to ``last`` of a row."""
        for column in range(first, last + 1):
            cell: Any = self.sheet.cell(row, column)
            if look in self._known:
                cell._style = copy(self._known[look])
            else:
                self._dress(cell, look)
                self._known[look] = cell._style
        cell = self.sheet.cell(row, first)
        cell.value = value
        if cell.data_type == "f":  # a name that begins with an equals sign is no formula
            cell.data_type = "s"
        if target:
            cell.hyperlink = target
        if last > first:
            self.sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)

    def _dress(self, cell: Any, look: _Look) -> None:
        of = rules()["look"]
        cell.font = Font(
            name=style()["font"]["name"], size=of["sizes"][look.size], bold=look.bold, color=look.colour or of["ink"],
            underline="single" if look.link else None,
        )
        cell.alignment = Alignment(horizontal=look.align, vertical="center", wrap_text=look.wrap)
        cell.number_format = look.format
        if look.fill:
            cell.fill = PatternFill("solid", fgColor=look.fill)
        if look.ruled:
            cell.border = Border(bottom=Side(style="thin", color=of["rule"]))


def workbook(page: Page, found: Morning) -> bytes:
    """The workbook as a file; the same page always gives the same bytes."""
    words = rules()["workbook"]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = words["title"]
    pen = _Pen(sheet)
    of = rules()["look"]
    for column in range(1, of["columns"] + 2):
        narrow = column in (LEFT[1] + 1,)
        sheet.column_dimensions[get_column_letter(column)].width = of["width"] / 3 if narrow else of["width"]
    row = _head(pen, page)
    row = _tiles(pen, page, row)
    top = row
    row = _list(pen, row, LEFT[0], _TASKS, page.today, of["heights"]["line"])
    row = _week(pen, page, row)
    row = _list(pen, row, LEFT[0], _TASKS, page.red, of["heights"]["line"])
    short = of["heights"]["charts"] - sum(sheet.row_dimensions[each].height or 0 for each in range(top, row))
    if short > 0:  # the charts beside need their height also where the lists are short
        _height(pen, row - 1, short)
    data = book.create_sheet(words["data"])
    beside(sheet, data, figures(data, found), top, row, RIGHT)
    ends = [
        _list(pen, row, LEFT[0], _MONEY, page.money, of["heights"]["short"]),
        _list(pen, row, LEFT[0] + sum(_MONEY) + 1, _CUSTOMERS, page.customers, of["heights"]["short"], RIGHT[1]),
    ]
    _paged(sheet, max(ends) - 1, page)
    book.properties.creator = guide()["comment_author"]
    book.properties.title = words["title"]
    return pack(book)


def _height(pen: _Pen, row: int, name: str | float) -> None:
    heights = rules()["look"]["heights"]
    pen.sheet.row_dimensions[row].height = heights[name] if isinstance(name, str) else name


def _head(pen: _Pen, page: Page) -> int:
    of = rules()["look"]
    pen.put(1, LEFT[0], 11, page.title, _Look("head", bold=True, colour=of["title"], ruled=False))
    pen.put(1, 12, RIGHT[1], page.day, _Look("day", colour=of["ink"], align="right", ruled=False))
    _height(pen, 1, "head")
    return 2


def _tiles(pen: _Pen, page: Page, row: int) -> int:
    """The big numbers: title, number and hint upon each other."""
    of = rules()["look"]
    for place, tile in enumerate(page.tiles):
        first = LEFT[0] + place * _TILE + (place * _TILE >= LEFT[1])
        colours = of["tile"][tile.colour]
        look = _Look(fill=colours["fill"], colour=colours["text"], align="center", ruled=False)
        last = first + _TILE - 1
        pen.put(row, first, last, tile.title, look._replace(bold=True))
        pen.put(row + 1, first, last, tile.number, look._replace(size="number", bold=True, format=tile.format))
        pen.put(row + 2, first, last, tile.hint, look._replace(size="hint"))
        white = Side(style="thick", color="FFFFFF")
        for line in range(row, row + 3):  # a white edge parts the tiles
            pen.sheet.cell(line, last).border = Border(right=white)
    for line, name in enumerate(("tile", "number", "tile", "gap"), row):
        _height(pen, line, name)
    return row + 4


def _list(
    pen: _Pen, row: int, first: int, widths: Sequence[int], block: Any, height: float, until: int = 0,
) -> int:
    """A block's title, headings and lines; the last one of what is left over. Gives the row below it and a gap."""
    of = rules()["look"]
    edges = [first + sum(widths[:place]) for place in range(len(widths) + 1)]
    if until:  # the last column takes the rest
        edges[-1] = until + 1
    pen.put(row, first, edges[-1] - 1, block.title, _Look("title", bold=True, colour=of["title"]))
    _height(pen, row, "title")
    row += 1
    if block.lines:
        for title, told, (start, end) in zip(block.columns, block.lines[0], pairwise(edges), strict=True):
            align = _align(told)
            pen.put(row, start, end - 1, title, _Look("hint", colour=of["quiet"], fill=of["heading"], align=align))
        _height(pen, row, "heading")
        row += 1
    for line in block.lines:
        for cell, (start, end) in zip(line, pairwise(edges), strict=True):
            colour = of["state"].get(cell.state, of["title"] if cell.target else "")
            look = _Look(
                colour=colour, bold=bool(cell.state) or cell.bold, wrap=isinstance(cell.value, str),
                link=bool(cell.target), align=_align(cell), format=cell.format,
            )
            pen.put(row, start, end - 1, cell.value, look, cell.target)
        _height(pen, row, height)
        row += 1
    if block.rest:
        pen.put(row, first, edges[-1] - 1, block.rest, _Look(colour=of["quiet"], ruled=False))
        _height(pen, row, "short")
        row += 1
    _height(pen, row, "gap")
    return row + 1


def _align(told: Told) -> str:
    """Amounts at the right, counts in the middle, words at the left."""
    return "left" if isinstance(told.value, str) else "center" if isinstance(told.value, int) else "right"


def _week(pen: _Pen, page: Page, row: int) -> int:
    """Seven days side by side."""
    of = rules()["look"]
    pen.put(row, LEFT[0], LEFT[1], page.week_title, _Look("title", bold=True, colour=of["title"], ruled=False))
    _height(pen, row, "title")
    first = LEFT[0]
    for each, wide in zip(page.week, _DAYS, strict=True):
        last = first + wide - 1
        if each.today:
            colours: Mapping[str, str] = of["tile"]["today"]
        else:
            colours = {"fill": of["heading"], "text": of["quiet"] if each.rest else of["ink"]}
        look = _Look("hint", fill=colours["fill"], colour=colours["text"], align="center", wrap=True, ruled=False)
        pen.put(row + 1, first, last, each.title, look._replace(bold=True))
        told = look._replace(colour=of["state"]["late"]) if each.late else look
        pen.put(row + 2, first, last, each.told, told)
        first = last + 1
    for line, name in enumerate(("heading", "week", "gap"), row + 1):
        _height(pen, line, name)
    return row + 4


def _paged(sheet: Worksheet, last: int, page: Page) -> None:
    """One landscape A4 page; head and numbers stay in sight on the screen."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = style()["sheet"]["zoom"]
    sheet.freeze_panes = "A6"
    sheet.print_area = f"A1:{get_column_letter(RIGHT[1])}{last}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = style()["page"]["margin"]
    margins.bottom, margins.header, margins.footer = margins.top + 0.2, 0.2, 0.2
    foot = HeaderFooterItem()
    foot.left.text = page.made.replace("&", "&&")
    sheet.HeaderFooter.oddFooter = foot
