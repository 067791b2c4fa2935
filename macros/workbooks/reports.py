"""Workbooks of figures: tables drawn like the register's, with native Excel charts beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from macros.records import Link
from macros.workbooks.words import guide, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from macros.records import Cell
    from macros.workbooks.plan import Plan

#: Size of a chart in cm, and the rows from one to the next.
_WIDTH, _HEIGHT, _APART = 22, 11, 17
#: Size of its letters in points.
_LETTER = 9
#: A sheet as its TOML tells it (title, purpose, colour, columns, perhaps chart) and its rows, without headings.
Sheet = tuple["Mapping[str, Any]", "Sequence[Sequence[Cell]]"]


def report(title: str, sheets: Sequence[Sheet]) -> bytes:
    """Draw a workbook of figures; the same figures always give the same bytes.

    A sheet's ``chart``, or each of its ``charts``, names its title and kind: ``stacked`` sets the columns upon each
    other, ``columns`` beside each other, ``lines`` draws a line each. The first column holds the categories; each
    column from ``from`` to ``to``, else from the second to the last, is a series. ``format`` is that of the figures;
    ``among`` shows the first so many rows only. A `Link` leads to its cell of a workbook in the same folder.
    """
    from macros.workbooks.packing import empty, pack
    from macros.workbooks.plan import of_board
    from macros.workbooks.sheets import draw

    book = empty()
    for spec, rows in sheets:
        sheet = book.create_sheet(spec["title"])
        plan = replace(of_board(dict(spec), {}), rows=tuple(tuple("" if c is None else c for c in row) for row in rows))
        draw(sheet, plan, title, {})
        _end(sheet, plan)
        for number, values in enumerate(rows, 2):
            for place, value in enumerate(values, 1):
                if isinstance(value, str) and value[:1] == "=":  # a name that begins so is no formula
                    sheet.cell(number, place).data_type = "s"
                if isinstance(value, Link):
                    sheet.cell(number, place).hyperlink = value.target
        looks = [spec["chart"]] if "chart" in spec else spec.get("charts", [])
        row, column = _place(sheet, len(looks), len(rows), len(plan.columns))
        for number, look in enumerate(looks if rows else []):
            at = sheet.cell(row + number * _APART, column).coordinate
            _chart(sheet, look, min(len(rows), look.get("among", len(rows))), len(plan.columns), at)
    book.properties.creator = guide()["comment_author"]
    book.properties.title = title
    return pack(book)


def _end(sheet: Worksheet, plan: Plan) -> None:
    """Leave the paper below the rows white, for nobody adds any; say so where there are none."""
    from openpyxl.styles import Alignment, Border, Font

    for dimension in sheet.column_dimensions.values():
        dimension.border = Border()
    if not plan.rows:
        sheet["A2"] = plan.nothing
        sheet["A2"].font = Font(name=style()["font"]["name"], size=style()["font"]["size"], italic=True)
        # Beginning at the left and not wrapped, words run on over the blank cells beside them.
        sheet["A2"].alignment = Alignment(vertical="center", indent=1)


def _place(sheet: Worksheet, charts: int, rows: int, columns: int) -> tuple[int, int]:
    """Row and column of the first chart: right of the table; below a wide one that is short, on one page with it."""
    look = style()["sheet"]
    wide = sum(sheet.column_dimensions[letter].width for letter in list(sheet.column_dimensions))
    if charts != 1 or wide <= look["chart_beside"] or rows > look["chart_below"]:
        return 2, columns + 2
    sheet.page_setup.fitToHeight = 1
    return rows + 3, 1


def _chart(sheet: Worksheet, look: Mapping[str, Any], rows: int, columns: int, at: str) -> None:
    from macros.workbooks.charts import dress, over

    first, last = look.get("from", 2), look.get("to", columns)
    chart = over(sheet, look["kind"], range(first, last + 1), rows)
    shown = look.get("format", "#,##0")
    values = [cell.value for line in sheet.iter_rows(2, rows + 1, first, last) for cell in line]
    dress(chart, look["title"], shown, values, letter=_LETTER, groups=rows)
    chart.width, chart.height = _WIDTH, _HEIGHT
    sheet.add_chart(chart, at)
