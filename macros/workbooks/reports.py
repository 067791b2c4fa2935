"""Workbooks of figures: tables drawn like the register's, with native Excel charts beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from macros.records import Link

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from macros.records import Cell

#: Size of a chart in cm, and the rows from one to the next.
_WIDTH, _HEIGHT, _APART = 22, 11, 17
#: A sheet as its TOML tells it (title, purpose, colour, columns, perhaps chart) and its rows, without headings.
Sheet = tuple["Mapping[str, Any]", "Sequence[Sequence[Cell]]"]


def report(title: str, sheets: Sequence[Sheet]) -> bytes:
    """Draw a workbook of figures; the same figures always give the same bytes.

    A sheet's ``chart``, or each of its ``charts``, names its title and kind: ``stacked`` sets the columns upon each
    other, ``columns`` beside each other, ``lines`` draws a line each. The first column holds the categories; each
    column from ``from`` to ``to``, else from the second to the last, is a series. ``format`` is that of the figures;
    ``among`` shows the first so many rows only. A `Link` leads to its cell of a workbook in the same folder.
    """
    from openpyxl import Workbook

    from macros.workbooks.packing import pack
    from macros.workbooks.plan import of_board
    from macros.workbooks.sheets import draw
    from macros.workbooks.words import guide

    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for spec, rows in sheets:
        sheet = book.create_sheet(spec["title"])
        plan = replace(of_board(dict(spec), {}), rows=tuple(tuple("" if c is None else c for c in row) for row in rows))
        draw(sheet, plan, title, {})
        for number, values in enumerate(rows, 2):
            for place, value in enumerate(values, 1):
                if isinstance(value, str) and value[:1] == "=":  # a name that begins so is no formula
                    sheet.cell(number, place).data_type = "s"
                if isinstance(value, Link):
                    sheet.cell(number, place).hyperlink = value.target
        looks = [spec["chart"]] if "chart" in spec else spec.get("charts", [])
        for number, look in enumerate(looks if rows else []):
            _chart(sheet, look, min(len(rows), look.get("among", len(rows))), len(plan.columns), number)
    book.properties.creator = guide()["comment_author"]
    book.properties.title = title
    return pack(book)


def _chart(sheet: Worksheet, look: Mapping[str, Any], rows: int, columns: int, number: int) -> None:
    """A chart to the right of the table, the further ones below the first."""
    from openpyxl.chart import BarChart, LineChart, Reference

    if look["kind"] == "lines":
        chart: BarChart | LineChart = LineChart()
    else:
        chart = BarChart()
        chart.type = "col"
        if look["kind"] == "stacked":
            chart.grouping, chart.overlap = "stacked", 100
    chart.title = look["title"]
    figures = Reference(
        sheet, min_col=look.get("from", 2), max_col=look.get("to", columns), min_row=1, max_row=rows + 1,
    )
    chart.add_data(figures, titles_from_data=True)
    for one in chart.series if look["kind"] == "lines" else ():
        one.smooth = False  # a curve would show rates that nobody had
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=rows + 1))
    # Excel leaves out axes that do not say that they stay.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format = look.get("format", "#,##0")
    if chart.legend is not None:
        chart.legend.position = "b"
    chart.width, chart.height = _WIDTH, _HEIGHT
    sheet.add_chart(chart, sheet.cell(2 + number * _APART, columns + 2).coordinate)
