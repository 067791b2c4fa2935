"""How native Excel charts look: the house's colours, axes that say what they count, words where there is nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties

from macros.data import toml
from macros.workbooks.words import RULES, style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

Chart = BarChart | LineChart
#: A point in the format's unit for letters and in the one for lines.
_LETTER, _LINE = 100, 12700
#: A rate is shown as a part of this.
_WHOLE = 1


def look() -> dict[str, Any]:
    """How figures look: ``[figure]`` of house.toml."""
    found: dict[str, Any] = toml(RULES / "house.toml")["figure"]
    return found


def over(sheet: Worksheet, kind: str, series: Sequence[int], rows: int, names: int = 1) -> Chart:
    """A chart of columns of a sheet over its first ``rows`` rows below the headings, which name the series.

    Args:
        sheet: where the figures stand.
        kind: ``lines``, ``columns`` beside each other or ``stacked`` upon each other.
        series: the columns of figures.
        rows: how many rows; a chart of none is an empty frame.
        names: the column of the labels.
    """
    if kind == "lines":
        chart: Chart = LineChart()
    else:
        chart = BarChart()
        chart.type = "col"
        if kind == "stacked":
            chart.grouping, chart.overlap = "stacked", 100
    for column in series if rows else ():
        chart.add_data(Reference(sheet, min_col=column, min_row=1, max_row=rows + 1), titles_from_data=True)
    if rows:
        chart.set_categories(Reference(sheet, min_col=names, min_row=2, max_row=rows + 1))
    return chart


def dress(chart: Chart, title: str, shown: str, values: Iterable[object], *, letter: float, groups: int) -> None:
    """Give a chart that has its series their colours, title, axes, legend and, where there is room, numbers.

    Args:
        chart: the chart.
        title: its heading; a chart without figures says so there.
        shown: the format of its numbers; one with a percent sign makes the axis end at the whole, unless there is more.
        values: all its figures and blanks.
        letter: size of the letters in points; the heading has two more.
        groups: how many labels stand along the axis.
    """
    house, figures = look(), [value for value in values if isinstance(value, int | float | Decimal)]
    chart.title = title + ("" if any(figures) else house["words"]["empty"])
    _title(chart, letter + 2)
    # Excel leaves out axes that do not say that they stay, and lays titles over the bars unless told otherwise.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.txPr, chart.y_axis.txPr = letters(letter), letters(letter)
    chart.y_axis.number_format = shown
    chart.y_axis.majorGridlines = ChartLines(GraphicalProperties(ln=LineProperties(solidFill=house["grid"])))
    if all(figure >= 0 for figure in figures):
        chart.y_axis.scaling.min = 0
    if "%" in shown and all(figure <= _WHOLE for figure in figures):
        chart.y_axis.scaling.max = _WHOLE
    chart.roundedCorners = False
    if len(chart.series) < 2:
        chart.legend = None
    elif chart.legend is not None:
        chart.legend.position, chart.legend.overlay, chart.legend.txPr = "b", False, letters(letter)
    if isinstance(chart, BarChart):
        chart.gapWidth = house["between" if groups > house["few"] else "beside_few"]
    colour(chart, house["palette"])
    if len(chart.series) == 1 and groups <= house["labelled"]:
        # Excel refuses numbers beyond the end of bars that stand upon each other.
        place = "t" if isinstance(chart, LineChart) else "ctr" if chart.grouping == "stacked" else "outEnd"
        chart.series[0].dLbls = labels(shown, place, letter)


def colour(chart: Chart, colours: Sequence[str]) -> None:
    """Give each series a colour, lines a marker too; an empty one leaves it unseen."""
    markers = look()["markers"]
    for number, one in enumerate(chart.series):
        dye = colours[number % len(colours)]
        shape = one.graphicalProperties
        if isinstance(chart, LineChart):
            one.smooth = False  # a curve would show figures that nobody had
            shape.line.solidFill, shape.line.width = dye, round(2.25 * _LINE)
            one.marker.symbol, one.marker.size = markers[number % len(markers)], 6
            one.marker.graphicalProperties = GraphicalProperties(solidFill=dye)
            one.marker.graphicalProperties.line.solidFill = dye
        elif dye:
            shape.solidFill = shape.line.solidFill = dye
        else:
            shape.noFill = shape.line.noFill = True


def labels(shown: str, place: str, letter: float) -> DataLabelList:
    """Numbers beside the columns or points of a series; an empty place leaves it to the program."""
    made = DataLabelList()
    made.showVal, made.numFmt, made.txPr = True, shown, letters(letter)
    made.position = place or None
    made.showSerName = made.showCatName = made.showLegendKey = made.showPercent = False
    return made


def letters(size: float, *, bold: bool = False) -> RichText:
    """Letters of a size in points."""
    last = CharacterProperties(lang="zh-CN")
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=_signs(size, bold=bold)), endParaRPr=last)])


def _title(chart: Chart, size: float) -> None:
    title: Any = chart.title
    title.overlay = False
    for paragraph in title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=_signs(size, bold=True))
        for run in paragraph.r or ():
            run.rPr = _signs(size, bold=True)


def _signs(size: float, *, bold: bool = False) -> CharacterProperties:
    font = Font(typeface=style()["font"]["name"])
    return CharacterProperties(sz=round(size * _LETTER), b=bold, latin=font, ea=font, solidFill=look()["text"])
