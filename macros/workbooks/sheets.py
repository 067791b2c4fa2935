"""Draws one table sheet: headings, formats, drop-downs, colours and page, for rows still to come."""

from __future__ import annotations

import datetime as dt
import math
from copy import copy
from itertools import accumulate
from typing import TYPE_CHECKING

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo

from macros.widths import signs
from macros.workbooks.colours import colour_rows
from macros.workbooks.notes import note
from macros.workbooks.rules import drop_downs
from macros.workbooks.words import guide, style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.cell import Cell, MergedCell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.dimensions import ColumnDimension
    from openpyxl.worksheet.worksheet import Worksheet

    from macros.forms import Column
    from macros.records import Cell as Value
    from macros.workbooks.plan import Plan


def draw(sheet: Worksheet, plan: Plan, workbook: str, lists: dict[tuple[str, ...], str]) -> None:
    """Draw ``plan`` on an empty sheet; ``lists`` gives the defined name of each drop-down's values."""
    rows = plan.rows or (("",) * len(plan.columns),)
    widths = [width(column, [row[place] for row in plan.rows]) for place, column in enumerate(plan.columns)]
    for number, column in enumerate(plan.columns, 1):
        _heading(sheet.cell(1, number), column)
        _column(sheet, number, column, widths[number - 1], wraps=plan.lines > 1)
        looks: dict[bool, StyleArray] = {}
        for row, values in enumerate(rows, 2):
            _body(sheet.cell(row, number), column, values[number - 1], looks, wraps=plan.lines > 1)
    look = style()["sheet"]
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = look["row_height"], True
    sheet.row_dimensions[1].height = look["heading_height"]
    for row, values in enumerate(rows, 2):
        sheet.row_dimensions[row].height = look["row_height"] * max(plan.lines, *map(_lines, widths, values))
    area = f"A1:{get_column_letter(len(plan.columns))}{len(rows) + 1}"
    table = Table(displayName=plan.title, ref=area)
    table.tableStyleInfo = TableStyleInfo(name=look["table_style"], showRowStripes=True)
    sheet.add_table(table)
    drop_downs(sheet, plan, lists)
    colour_rows(sheet, plan)
    sheet.freeze_panes = f"{get_column_letter(plan.frozen + 1)}2"
    sheet.sheet_view.zoomScale = look["zoom"]
    _page(sheet, plan, workbook, widths)


def _heading(cell: Cell | MergedCell, column: Column) -> None:
    look = style()
    group = look["group"]["tool" if column.ours else column.group]
    thin = Side(style="thin", color=look["sheet"]["border"])
    below = Side(style="thick", color=look["required"]["line"]) if column.required else thin
    cell.value = column.heading
    cell.font = Font(name=look["font"]["name"], size=look["font"]["heading_size"], bold=True, color=group["text"])
    cell.fill = PatternFill("solid", fgColor=group["fill"])
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = Border(left=thin, right=thin, top=thin, bottom=below)
    text = note(column)
    comment = Comment(text, guide()["comment_author"])
    comment.width, comment.height = 260, 26 + 18 * sum(math.ceil(len(line) / 19) for line in text.split("\n"))
    cell.comment = comment


def _column(sheet: Worksheet, number: int, column: Column, wide: float, *, wraps: bool) -> None:
    """Width and looks of the whole column, so that rows far below are typed too and need not store blank cells."""
    dimension = sheet.column_dimensions[get_column_letter(number)]
    dimension.width = wide
    _look(dimension, column, wraps=wraps)


def width(column: Column, values: Iterable[Value] = ()) -> float:
    """A column wide enough for its heading on two lines and for its values, but for texts that are better wrapped."""
    look = style()["sheet"]
    heading = math.ceil(signs(column.heading) / look["heading_lines"]) * look["sign_width"] + 4
    least = float(max(column.width, heading, look["narrowest"]))
    longest = max((signs(shown(value, column)) for value in values), default=0) + look["beside_text"]
    fits = longest <= least * look["grows"] or style()["type"][column.type]["align"] == "right"
    return max(least, longest) if fits else least


def shown(value: Value, column: Column) -> str:
    """A value about as its cell shows it."""
    if isinstance(value, dt.date):  # a moment too
        return str(style()["type"][column.type]["format"])
    if isinstance(value, int | float) and column.type == "money":
        return f"{value:,.2f}"
    return "" if value is None else str(value)


def _alignment(column: Column, *, wraps: bool = False) -> Alignment:
    """Rows stay one line high unless their text is ours and known: no program sizes rows on opening reliably."""
    side = style()["type"][column.type]["align"]
    return Alignment(horizontal=side, vertical="center", wrap_text=wraps, indent=0 if side == "center" else 1)


def _lines(wide: float, value: Value) -> int:
    """How many lines a text takes in a column so wide; a line that is full may break early. Other values take one."""
    if not isinstance(value, str) or not value:
        return 1
    look = style()["sheet"]
    room = wide - look["beside_text"]
    parts = [signs(part) for part in value.split("\n")]
    return sum(1 if part <= room else math.ceil(part * look["sign_width"] / room) for part in parts)


def _body(
    cell: Cell | MergedCell, column: Column, value: Value, looks: dict[bool, StyleArray], *, wraps: bool,
) -> None:
    """Fill a cell; ``looks`` are those of the column so far, since making one anew costs more than all the rest."""
    cell.value = None if value == "" else value  # type: ignore[assignment]
    wraps = wraps or (isinstance(value, str) and bool(value))
    if wraps in looks:
        cell._style = copy(looks[wraps])  # type: ignore[union-attr]
        return
    _look(cell, column, wraps=wraps)
    looks[wraps] = cell._style  # type: ignore[union-attr]


def _look(of: Cell | MergedCell | ColumnDimension, column: Column, *, wraps: bool = False) -> None:
    look = style()
    thin = Side(style="thin", color=look["sheet"]["border"])
    of.number_format = look["type"][column.type]["format"]
    of.font = Font(name=look["font"]["name"], size=look["font"]["size"])
    of.alignment = _alignment(column, wraps=wraps)
    of.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    of.protection = Protection(locked=False)


def _across(plan: Plan, widths: Sequence[float]) -> tuple[int, int]:
    """How many pages wide a table is, and how many of its first columns each of these pages repeats.

    A register's row is told by its key; a result's by as many first columns as leave room for the others.
    """
    page, wide = style()["page"], sum(widths)
    if wide <= page["readable"]:
        return 1, 0
    room = page["readable"] * page["repeated"]
    kept = plan.frozen if plan.key else max(1, sum(each <= room for each in accumulate(widths)))
    again = min(sum(widths[:kept]), room)
    return math.ceil((wide - again) / (page["readable"] - again)), kept


def _page(sheet: Worksheet, plan: Plan, workbook: str, widths: Sequence[float]) -> None:
    """Landscape A4 with the headings on each page; as many pages wide as the text needs to stay readable."""
    across, kept = _across(plan, widths)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = across, 0
    sheet.print_title_rows = "1:1"
    if across > 1:
        sheet.print_title_cols = f"A:{get_column_letter(kept)}"
    margins, margin = sheet.page_margins, style()["page"]["margin"]
    margins.left = margins.right = margin
    margins.top = margins.bottom = margin * 1.8
    head, foot = HeaderFooterItem(), HeaderFooterItem()
    head.center.text = guide()["header"].format(workbook=workbook, sheet=plan.title)
    foot.center.text = guide()["pages"]
    sheet.HeaderFooter.oddHeader, sheet.HeaderFooter.oddFooter = head, foot
