"""Native charts of the control workbook: columns, stacked bars and a waterfall that Excel, WPS and LibreOffice draw.

``least`` is where a chart's value axis begins; None leaves it to the program, which may make small differences look
large.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from macros.monthly.words import control
from macros.workbooks.words import style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

_NUMBER, _GRID = "#,##0", "D9D9D9"
#: A point in centimetres: charts are measured in these, rows in points.
_POINT = 2.54 / 72


def columns(
    sheet: Worksheet, title: str, series: Sequence[int], rows: int, at: str, least: Decimal | None,
) -> None:
    """Columns beside each other: a group for each of ``rows`` rows, a colour for each column in ``series``."""
    chart = _chart(sheet, title, series, rows, least)
    chart.legend.position = "b"
    if len(series) == 1:
        chart.legend = None
    _coloured(chart, control()["colour"]["series"])
    sheet.add_chart(chart, at)


def stacked(
    sheet: Worksheet, title: str, series: Sequence[int], rows: int, at: str, least: Decimal | None,
) -> None:
    """Bars across, a bar for each row, the columns in ``series`` one after the other in it, the first row on top."""
    chart = _chart(sheet, title, series, rows, least)
    chart.type, chart.grouping, chart.overlap = "bar", "stacked", 100
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"
    chart.legend.position = "b"
    chart.height = _height(rows)
    _coloured(chart, control()["colour"]["series"])
    sheet.add_chart(chart, at)


def turned(
    sheet: Worksheet, title: str, columns_: Sequence[int], row: int, at: str, least: Decimal | None,
) -> None:
    """One column for each of ``columns_``, named by its heading, as high as data row ``row`` says."""
    chart = BarChart()
    chart.type, chart.title = "col", title
    first, last = columns_[0], columns_[-1]
    chart.add_data(Reference(sheet, min_col=first, max_col=last, min_row=row + 1), from_rows=True)
    chart.set_categories(Reference(sheet, min_col=first, max_col=last, min_row=1))
    _plain(chart, least)
    chart.legend, chart.gapWidth = None, 80
    _coloured(chart, control()["colour"]["series"])
    chart.series[0].dLbls = _labels()
    sheet.add_chart(chart, at)


def rows_high(bars: int) -> int:
    """How many sheet rows a stacked chart of so many bars covers."""
    return math.ceil(_height(bars) / (float(style()["sheet"]["row_height"]) * _POINT))


def _height(bars: int) -> int:
    return max(8, bars + 4)


def waterfall(
    sheet: Worksheet, title: str, series: Sequence[int], rows: int, at: str, least: Decimal | None,
) -> None:
    """Columns that stand on an unseen one: ``series`` are floor, level, more and less."""
    chart = _chart(sheet, title, series, rows, least)
    chart.grouping, chart.overlap, chart.gapWidth = "stacked", 100, 40
    # Excel lets the floor of the axis cut bars only where the category axis stands there.
    chart.y_axis.crosses = "min"
    look = control()["colour"]
    _coloured(chart, ["", look["level"], look["more"], look["less"]])
    for one in chart.series[1:]:
        one.dLbls = _labels()
    chart.legend = None
    chart.width = max(24, 3 * rows)
    sheet.add_chart(chart, at)


def floor_below(levels: Sequence[Decimal]) -> Decimal:
    """A round figure below all levels, so near that their differences fill the chart; 0 where they nearly reach it."""
    least, most = min(levels), max(levels)
    span = max(most - least, most * Decimal("0.01"))
    if least <= span:
        return Decimal(0)
    step = Decimal(10) ** (span.adjusted())
    return max(Decimal(0), (least - span / 2) // step * step)


def _chart(
    sheet: Worksheet, title: str, series: Sequence[int], rows: int, least: Decimal | None,
) -> BarChart:
    """A column chart of these columns over the first ``rows`` data rows; the first column names them."""
    chart = BarChart()
    chart.type, chart.style = "col", 10
    chart.title = title
    for column in series:
        chart.add_data(Reference(sheet, min_col=column, min_row=1, max_row=rows + 1), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=rows + 1))
    _plain(chart, least)
    return chart


def _plain(chart: BarChart, least: Decimal | None) -> None:
    # Excel leaves out axes that do not say that they stay, and lays titles over the bars unless told otherwise.
    chart.x_axis.delete = chart.y_axis.delete = False
    assert chart.title is not None
    chart.title.overlay = False
    chart.y_axis.number_format = _NUMBER
    chart.y_axis.majorGridlines = ChartLines(GraphicalProperties(ln=LineProperties(solidFill=_GRID)))
    if least is not None:
        chart.y_axis.scaling.min = float(least)
    chart.width, chart.height = 22, 10


def _labels() -> DataLabelList:
    labels = DataLabelList()
    labels.showVal, labels.numFmt = True, _NUMBER
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    return labels


def _coloured(chart: BarChart, colours: Sequence[str]) -> None:
    for number, one in enumerate(chart.series):
        colour = colours[number % len(colours)]
        if colour:
            one.graphicalProperties.solidFill = one.graphicalProperties.line.solidFill = colour
        else:
            one.graphicalProperties.noFill = one.graphicalProperties.line.noFill = True
