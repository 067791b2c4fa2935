"""Draws the sheets beside the tables: the guide in front and the hidden values of the drop-downs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from macros.choices import choices, values_of
from macros.forms import forms
from macros.records import Link
from macros.workbooks.rules import wanted
from macros.workbooks.words import guide, style

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl import Workbook
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

    from macros.workbooks.plan import Shelf


def draw_guide(sheet: Worksheet, shelf: Shelf) -> None:
    """Draw the first sheet: what the tables are, what the colours mean, how to go on."""
    words, look = guide(), style()
    for letter, size in zip("ABCDE", (3, 22, 62, 16, 34), strict=True):
        sheet.column_dimensions[letter].width = size
    _put(sheet, 2, 2, words["heading"].format(workbook=shelf.title), size=look["font"]["title_size"], bold=True)
    row = 3
    if shelf.purpose:
        _put(sheet, row, 2, shelf.purpose)
        row += 1
    row = _section(sheet, row + 1, words["steps_title"])
    for number, step in enumerate(shelf.steps, 1):
        _put(sheet, row, 2, f"{number}. {step}", across=4)
        sheet.row_dimensions[row].height = look["sheet"]["row_height"] * (1 + len(step) // 62)
        row += 1
    row = _tables(sheet, _section(sheet, row + 1, words["tables"]), shelf)
    _colours(sheet, row + 1, shelf)
    _paged(sheet)


def draw_start(sheet: Worksheet) -> None:
    """Draw the sheet that greets a newcomer: the steps with links to where they are done and what comes of them."""
    words, look = guide()["start"], style()
    links = max(len(step["to"]) for step in words["step"])
    for letter, size in zip("ABCDEFGH", (3, 14, 60, 34, *(18,) * links), strict=False):
        sheet.column_dimensions[letter].width = size
    _put(sheet, 2, 2, words["heading"], size=look["font"]["title_size"], bold=True)
    _put(sheet, 3, 2, words["words"])
    for number, heading in enumerate(words["columns"], 2):
        _put(sheet, 5, number, heading, bold=True, look=look["group"][""], framed=True)
    sheet.merge_cells(start_row=5, start_column=5, end_row=5, end_column=4 + links)
    for row, step in enumerate(words["step"], 6):
        for column, text in enumerate((f"{row - 5}. {step['title']}", step["do"], step["way"]), 2):
            _put(sheet, row, column, text, framed=True, bold=column == 2)
        for column in range(5 + len(step["to"]), 5 + links):
            _put(sheet, row, column, "", framed=True)
        for column, (workbook, title) in enumerate(step["to"], 5):
            link = Link(f"{workbook.removesuffix('.xlsx')}　{title}", workbook, title, "A1")
            _put(sheet, row, column, link, framed=True)
            _linked(sheet.cell(row, column), link.target.removeprefix(f"{words['workbook']}.xlsx#"))
        sheet.row_dimensions[row].height = look["sheet"]["row_height"] * 2
    _put(sheet, 7 + len(words["step"]), 2, words["after"])
    _paged(sheet)


def _linked(cell: Cell | MergedCell, target: str) -> None:
    """Make a cell lead to a place of this workbook or, after a ``#``, of another."""
    other, _, place = target.rpartition("#")
    cell.hyperlink = target if other else Hyperlink(ref=cell.coordinate, location=place)
    font = style()["font"]
    cell.font = Font(name=font["name"], size=font["size"], color=style()["link"]["text"], underline="single")


def _paged(sheet: Worksheet) -> None:
    """A page to read: no grid, landscape A4, one page wide."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True


def _tables(sheet: Worksheet, row: int, shelf: Shelf) -> int:
    base = style()["group"][""]
    for number, heading in enumerate(guide()["table_columns"], 2):
        _put(sheet, row, number, heading, bold=True, look=base, framed=True)
    for plan in shelf.sheets:
        row += 1
        cells = (plan.title, plan.purpose, plan.clause, "、".join(plan.key))
        for number, text in enumerate(cells, 2):
            _put(sheet, row, number, text, framed=True)
        _linked(sheet.cell(row, 2), f"{quote_sheetname(plan.title)}!A1")
    return row + 1


def _colours(sheet: Worksheet, row: int, shelf: Shelf) -> int:
    words, look = guide(), style()
    kinds = {plan.colour for plan in shelf.sheets}
    if "hints" in kinds:
        row = _section(sheet, row, words["colours"])
        columns = [column for plan in shelf.sheets for column in plan.columns]
        used = dict.fromkeys("tool" if column.ours else column.group for column in columns)
        shown = sorted(used, key=list(look["group"]).index)
        for name in shown:
            _put(sheet, row, 2, look["group"][name]["title"], look=look["group"][name], framed=True)
            row += 1
        _put(sheet, row, 2, words["required"], across=4)
        row = _legend(sheet, row + 2, words["wrong_title"], look["cell"])
        _put(sheet, row - 1, 2, words["wrong"], across=4)
        row += 1
    if kinds & {"hints", "state"}:
        row = _legend(sheet, row, words["states"], look["state"])
    if "level" in kinds:
        row = _legend(sheet, row, words["levels"], look["level"])
    return row


def _legend(sheet: Worksheet, row: int, title: str, looks: Iterable[dict[str, Any]]) -> int:
    row = _section(sheet, row, title)
    for look in looks:
        word, _, meaning = look["title"].partition("：")
        _put(sheet, row, 2, word, look=look, framed=True)
        _put(sheet, row, 3, meaning)
        row += 1
    return row + 1


def _section(sheet: Worksheet, row: int, title: str) -> int:
    _put(sheet, row, 2, title, size=style()["font"]["size"] + 2, bold=True)
    return row + 1


def _put(
    sheet: Worksheet, row: int, column: int, text: str, *, size: int = 0, bold: bool = False, across: int = 1,
    look: dict[str, Any] | None = None, framed: bool = False,
) -> None:
    """Write one cell, ``across`` so many columns, with the fill and text colour of ``look``."""
    font = style()["font"]
    cell = sheet.cell(row, column, text or None)
    colours = look or {}
    cell.font = Font(
        name=font["name"], size=size or font["size"], bold=bold or colours.get("bold"),
        italic=colours.get("italic"), color=colours.get("text"),
    )
    cell.alignment = Alignment(vertical="center", wrap_text=across > 1 or framed)
    if "fill" in colours:
        cell.fill = PatternFill("solid", fgColor=colours["fill"])
    thin = Side(style="thin", color=style()["sheet"]["border"])
    for offset in range(across if framed else 0):
        sheet.cell(row, column + offset).border = Border(left=thin, right=thin, top=thin, bottom=thin)
    if across > 1:
        sheet.merge_cells(start_row=row, start_column=column, end_row=row, end_column=column + across - 1)


def draw_options(book: Workbook, sheet: Worksheet, shelf: Shelf) -> dict[tuple[str, ...], str]:
    """Write the values of all drop-downs of a workbook, each list a column with a defined name; hide the sheet.

    Returns:
        The defined name of each list.
    """
    words = guide()
    titles = {values_of(column.list): column.title for form in reversed(list(forms().values()))
              for column in reversed(form.columns) if column.list}
    titles[tuple(words["flags"])] = words["flags_title"]
    known = [*(values_of(name) for name in choices()), tuple(words["flags"])]
    needed = set().union(*(wanted(plan) for plan in shelf.sheets))
    ordered = [values for values in dict.fromkeys(known) if values in needed]
    ordered += [values for plan in shelf.sheets for values in dict.fromkeys(plan.choices.values())]
    names: dict[tuple[str, ...], str] = {}
    for number, values in enumerate(dict.fromkeys(ordered), 1):
        title = titles.get(values, f"{number}")
        name = f"{words['options_prefix']}{title}"
        if name in names.values():
            name = f"{name}_{number}"
        letter = get_column_letter(number)
        for row, value in enumerate((title, *values), 1):
            sheet.cell(row, number, value).number_format = "@"
        area = f"{quote_sheetname(sheet.title)}!${letter}$2:${letter}${len(values) + 1}"
        book.defined_names[name] = DefinedName(name, attr_text=area)
        names[values] = name
    sheet.sheet_state = "hidden"
    return names
