"""Native charts of the control workbook: columns, stacked bars and a waterfall that Excel, WPS and LibreOffice draw.

``least`` is where a chart's value axis begins; None leaves it to the program, which may make small differences look
large.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl.chart import BarChart, Reference

from macros.monthly.words import control
from macros.workbooks.charts import colour, dress, labels, over
from macros.workbooks.words import style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

_NUMBER, _LETTER = "#,##0", 9
#: A point in centimetres: charts are measured in these, rows in points.
_POINT = 2.54 / 72


def columns(
    sheet: Worksheet, title: str, series: Sequence[int], rows: int, at: str, least: Decimal | None,
) -> None:
    """Columns beside each other: a group for each of ``rows`` rows, a colour for each column in ``series``."""
    sheet.add_chart(_chart(sheet, title, series, rows, least), at)


def stacked(
    sheet: Worksheet, title: str, series: Sequence[int], rows: int, at: str, least: Decimal | None,
) -> None:
    """Bars across, a bar for each row, the columns in ``series`` one after the other in it, the first row on top."""
    chart = _chart(sheet, title, series, rows, least)
    chart.type, chart.grouping, chart.overlap = "bar", "stacked", 100
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"
    chart.height = _height(rows)
    for one in chart.series:
        one.dLbls = None
    sheet.add_chart(chart, at)


def turned(
    sheet: Worksheet, title: str, columns_: Sequence[int], row: int, at: str, least: Decimal | None,
) -> None:
    """One column for each of ``columns_``, named by its heading, as high as data row ``row`` says."""
    chart = BarChart()
    chart.type = "col"
    first, last = columns_[0], columns_[-1]
    chart.add_data(Reference(sheet, min_col=first, max_col=last, min_row=row + 1), from_rows=True)
    chart.set_categories(Reference(sheet, min_col=first, max_col=last, min_row=1))
    _plain(chart, title, len(columns_), least)
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
    chart.grouping, chart.overlap = "stacked", 100
    # Excel lets the floor of the axis cut bars only where the category axis stands there.
    chart.y_axis.crosses = "min"
    look = control()["colour"]
    colour(chart, ["", look["level"], look["more"], look["less"]])
    for one in chart.series[1:]:
        one.dLbls = labels(_NUMBER, "", _LETTER)
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
    chart = over(sheet, "columns", series, rows)
    assert isinstance(chart, BarChart)
    _plain(chart, title, rows, least)
    return chart


def _plain(chart: BarChart, title: str, groups: int, least: Decimal | None) -> None:
    # The rows are written after the chart: it does not know its figures, of which there always are some.
    dress(chart, title, _NUMBER, [1], letter=_LETTER, groups=groups)
    chart.y_axis.scaling.min = None if least is None else float(least)
    chart.width, chart.height = 22, 10
