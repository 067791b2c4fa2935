"""The workbench's native charts and the sheet with the figures behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.styles import Font as CellFont

from macros.commands.dashboard.figures import rules
from macros.workbooks.charts import dress, over

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from macros.commands.dashboard.figures import Morning
    from macros.records import Cell
    from macros.workbooks.charts import Chart

#: Size of the charts' letters in points.
_LETTER = 8


class _Figures(NamedTuple):
    """A chart's look and where its figures stand: the first of its columns and its rows."""

    look: Mapping[str, Any]
    column: int
    rows: Sequence[Sequence[Cell]]


def figures(sheet: Worksheet, found: Morning) -> list[_Figures]:
    """Write the figures of every chart beside each other, headings first, and tell where they are."""
    made = []
    column = 1
    for look in rules()["chart"]:
        rows = _rows(look["name"], look.get("scale", 1), found)
        for place, title in enumerate((look["first"], *look["series"])):
            sheet.cell(1, column + place, title).font = CellFont(bold=True)
        for number, values in enumerate(rows, 2):
            for place, value in enumerate(values):
                cell: Any = sheet.cell(number, column + place)
                cell.value = value
                if place:
                    cell.number_format = look["format"]
        made.append(_Figures(look, column, rows))
        column += len(look["series"]) + 2
    return made


def _rows(name: str, scale: int, found: Morning) -> Sequence[Sequence[Cell]]:
    if name == "ahead":
        return [[f"{on.month}/{on.day}", count] for on, count in found.ahead.items()]
    if name == "money":
        shown = list(found.months.items())[-rules()["spans"]["months"] :]
        return [[month, float(each.billed / scale), float(each.received / scale)] for month, each in shown]
    return [[month, None if rate.rate is None else float(rate.rate)] for month, rate in found.rates.items()]


def beside(
    sheet: Worksheet, data: Worksheet, charts: Sequence[_Figures], top: int, bottom: int, columns: tuple[int, int],
) -> None:
    """Draw the charts below each other between two rows, in the columns given, each as high as the others."""
    heights = [sheet.row_dimensions[row].height or 15 for row in range(top, bottom)]
    each = sum(heights) / len(charts)
    for number, one in enumerate(charts):
        chart: Any = _chart(data, one)
        chart.anchor = TwoCellAnchor(
            "oneCell", _mark(heights, top, columns[0] - 1, number * each),
            _mark(heights, top, columns[1], (number + 1) * each - 4),
        )
        sheet.add_chart(chart)


def _mark(heights: Sequence[float], top: int, column: int, points: float) -> AnchorMarker:
    """The place so many points below the upper edge of row ``top``."""
    for number, height in enumerate(heights):
        if points < height:
            return AnchorMarker(col=column, row=top - 1 + number, rowOff=round(points * 12700))
        points -= height
    return AnchorMarker(col=column, row=top - 1 + len(heights))


def _chart(data: Worksheet, one: _Figures) -> Chart:
    first = one.column + 1
    chart = over(data, one.look["kind"], range(first, first + len(one.look["series"])), len(one.rows), one.column)
    values = [value for row in one.rows for value in row[1:]]
    dress(chart, one.look["title"], one.look["format"], values, letter=_LETTER, groups=len(one.rows))
    return chart
