"""The workbench's native charts and the sheet with the figures behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties
from openpyxl.styles import Font as CellFont

from macros.commands.dashboard.figures import rules
from macros.data import toml
from macros.workbooks.words import RULES, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from macros.commands.dashboard.figures import Morning
    from macros.records import Cell

    Chart = BarChart | LineChart


class _Figures(NamedTuple):
    """A chart's look and where its figures stand: the first of its columns and how many rows it has."""

    look: Mapping[str, Any]
    column: int
    rows: int
    empty: bool


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
        empty = not any(value is not None and value for values in rows for value in values[1:])
        made.append(_Figures(look, column, len(rows), empty))
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
    look, palette = one.look, toml(RULES / "house.toml")["figure"]["palette"]
    chart: Chart = LineChart() if look["kind"] == "line" else BarChart()
    chart.title = look["title"] + (f"　{rules()['chart'][-1]['none']}" if one.empty else "")
    last = one.column + len(look["series"])
    if one.rows:
        numbers = Reference(data, min_col=one.column + 1, max_col=last, min_row=1, max_row=one.rows + 1)
        chart.add_data(numbers, titles_from_data=True)
        chart.set_categories(Reference(data, min_col=one.column, min_row=2, max_row=one.rows + 1))
    _plain(chart, look["format"])
    for series, colour in zip(chart.series, palette, strict=False):
        if isinstance(chart, LineChart):
            series.smooth = False
            series.graphicalProperties.line.solidFill, series.graphicalProperties.line.width = colour, 28575
            series.marker.symbol, series.marker.size = "circle", 6
            series.marker.graphicalProperties = GraphicalProperties(solidFill=colour)
            series.marker.graphicalProperties.line.solidFill = colour
        else:
            series.graphicalProperties.solidFill = series.graphicalProperties.line.solidFill = colour
        if len(chart.series) == 1:
            series.dLbls = _labels(look["format"], "t" if isinstance(chart, LineChart) else "outEnd")
    if len(look["series"]) == 1:
        chart.legend = None
    if "%" in look["format"]:
        chart.y_axis.scaling.max = 1
    return chart


def _plain(chart: Chart, shown: str) -> None:
    # Excel leaves out axes that do not say that they stay, and lays titles over the bars unless told otherwise.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.txPr = chart.y_axis.txPr = _letters(800)
    chart.y_axis.number_format, chart.y_axis.scaling.min = shown, 0
    chart.y_axis.majorGridlines = ChartLines(GraphicalProperties(ln=LineProperties(solidFill=rules()["look"]["rule"])))
    chart.roundedCorners = False
    title: Any = chart.title
    if title is not None:
        title.overlay = False
        for paragraph in title.tx.rich.p:
            paragraph.pPr = ParagraphProperties(defRPr=_signs(1000, bold=True))
            for run in paragraph.r or ():
                run.rPr = _signs(1000, bold=True)
    if chart.legend is not None:
        chart.legend.position, chart.legend.overlay, chart.legend.txPr = "t", False, _letters(800)
    if isinstance(chart, BarChart):
        chart.type, chart.gapWidth = "col", 60


def _labels(shown: str, place: str) -> DataLabelList:
    labels = DataLabelList()
    labels.showVal, labels.numFmt, labels.position, labels.txPr = True, shown, place, _letters(800)
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    return labels


def _letters(size: int) -> RichText:
    last = CharacterProperties(lang="zh-CN")
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=_signs(size)), endParaRPr=last)])


def _signs(size: int, *, bold: bool = False) -> CharacterProperties:
    font = Font(typeface=style()["font"]["name"])
    return CharacterProperties(sz=size, b=bold, latin=font, ea=font, solidFill=rules()["look"]["ink"])
