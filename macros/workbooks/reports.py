"""Workbooks of figures: tables drawn like the register's, with native Excel charts beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from macros.records import Cell

#: A sheet as its TOML tells it (title, purpose, colour, columns, perhaps chart) and its rows, without headings.
Sheet = tuple["Mapping[str, Any]", "Sequence[Sequence[Cell]]"]


def report(title: str, sheets: Sequence[Sheet]) -> bytes:
    """Draw a workbook of figures; the same figures always give the same bytes.

    A sheet's ``chart`` names its title and kind: ``stacked`` sets the columns upon each other, ``columns`` beside each
    other. The first column holds the categories; each column from ``from`` on, else from the second, is a series.
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
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if cell.data_type == "f":  # a name that begins with an equals sign is no formula
                    cell.data_type = "s"
        if "chart" in spec and rows:
            _chart(sheet, spec["chart"], len(rows), len(plan.columns))
    book.properties.creator = guide()["comment_author"]
    book.properties.title = title
    return pack(book)


def _chart(sheet: Worksheet, look: Mapping[str, Any], rows: int, columns: int) -> None:
    """A column chart to the right of the table, of all its figures."""
    from openpyxl.chart import BarChart, Reference

    chart = BarChart()
    chart.type = "col"
    chart.title = look["title"]
    if look["kind"] == "stacked":
        chart.grouping, chart.overlap = "stacked", 100
    figures = Reference(sheet, min_col=look.get("from", 2), max_col=columns, min_row=1, max_row=rows + 1)
    chart.add_data(figures, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=rows + 1))
    # Excel leaves out axes that do not say that they stay.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format = "#,##0"
    chart.legend.position = "b"
    chart.width, chart.height = 22, 11
    sheet.add_chart(chart, sheet.cell(2, columns + 2).coordinate)
