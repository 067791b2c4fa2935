"""Draws the charts of papers: chart parts that Word, WPS and LibreOffice show without a workbook behind them.

The numbers stand where Word keeps those of the workbook a chart was made from. Elements follow one another in the
order the format prescribes; Word takes no other.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.figure_marks import letters, line, look_of, marked, numbers, readable, texts, title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<c:date1904 val="0"/><c:lang val="zh-CN"/><c:roundedCorners val="0"/>'
)
#: Where numbers stand beside what they tell the height of.
_LABELS = {"columns": "outEnd", "bars": "outEnd", "stacked": "ctr", "line": "t", "pie": "outEnd"}


class _Series(NamedTuple):
    """One colour: its name, the format of its numbers, and a number or a gap for each label."""

    title: str
    shown: str
    values: Sequence[Decimal | None]


def chart(data: Mapping[str, Any]) -> bytes:
    """The chart part of a figure; the same data always give the same bytes.

    Args:
        data: as `generator.figures.drawn` wrote them: kind, title, unit, labels and series with their values.
    """
    look, kind = look_of(), data["kind"]
    labels = list(data["labels"])
    series = [_Series(one["title"], look["format"][one["type"]], _numbers(one["values"])) for one in data["series"]]
    if kind == "pie":
        labels, series = _largest(labels, series[0], len(look["palette"]), look["words"]["other"])
    empty = not any(value for one in series for value in one.values)
    said = data["title"] + (look["words"]["unit"].format(unit=data["unit"]) if data["unit"] else "")
    if empty:
        said += look["words"]["empty"]
    points = len(labels) * len(series)
    if kind == "line" and len(series) > 1:  # numbers of several lines stand in each other's way
        points = look["labelled"] + 1
    drawn = "".join(_series(kind, place, one, labels, points, look) for place, one in enumerate(series))
    legend = ""
    if kind != "pie" and len(series) > 1:
        legend = f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{letters(look)}</c:legend>'
    return (
        f'{_HEAD}<c:chart>{title(said, look)}<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        f'{_plot(kind, drawn, look, series)}</c:plotArea>{legend}<c:plotVisOnly val="1"/>'
        '<c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>{letters(look)}'
        "</c:chartSpace>"
    ).encode()


def _numbers(values: Sequence[str | None]) -> list[Decimal | None]:
    return [None if value is None else Decimal(value) for value in values]


def _largest(labels: list[str], one: _Series, most: int, other: str) -> tuple[list[str], list[_Series]]:
    """A pie's slices, the largest first; more than there are colours are gathered in the last one."""
    ranked = sorted(zip(labels, one.values, strict=True), key=lambda each: -(each[1] or 0))
    if len(ranked) > most:
        rest = sum((value or Decimal(0) for _, value in ranked[most - 1 :]), Decimal(0))
        ranked = [*ranked[: most - 1], (other, rest)]
    return [label for label, _ in ranked], [one._replace(values=[value for _, value in ranked])]


def _beside(kind: str, points: int, colour: str, look: Mapping[str, Any]) -> str:
    """Numbers beside columns where there is room for them; names and shares beside slices always."""
    pie = kind == "pie"
    if not pie and points > look["labelled"]:
        return ""
    text = readable(colour, look) if kind == "stacked" else look["text"]
    separator = "<c:separator>\n</c:separator>" if pie else ""
    return (
        f'<c:dLbls><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{letters(look, text)}'
        f'<c:dLblPos val="{_LABELS[kind]}"/><c:showLegendKey val="0"/><c:showVal val="{1 - pie:d}"/>'
        f'<c:showCatName val="{pie:d}"/><c:showSerName val="0"/><c:showPercent val="{pie:d}"/>'
        f'<c:showBubbleSize val="0"/>{separator}</c:dLbls>'
    )


def _series(kind: str, place: int, one: _Series, labels: Sequence[str], points: int, look: Mapping[str, Any]) -> str:
    column, last = chr(ord("B") + place), max(len(labels), 1) + 1
    palette = look["palette"]
    colour = palette[place % len(palette)]
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    parted = line("FFFFFF")
    if kind == "line":
        face = f"<c:spPr>{line(colour, 2.25)}</c:spPr>"
        face += (
            f'<c:marker><c:symbol val="{look["markers"][place % len(look["markers"])]}"/><c:size val="6"/>'
            f"<c:spPr>{fill}{line(colour)}</c:spPr></c:marker>"
        )
    elif kind == "pie":
        face = f"<c:spPr>{parted}</c:spPr>" + "".join(
            f'<c:dPt><c:idx val="{at}"/><c:bubble3D val="0"/><c:spPr><a:solidFill>'
            f'<a:srgbClr val="{palette[at % len(palette)]}"/></a:solidFill>{parted}</c:spPr></c:dPt>'
            for at in range(len(labels))
        )
    else:
        face = f'<c:spPr>{fill}{parted}</c:spPr><c:invertIfNegative val="0"/>'
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>'
        f"<c:tx>{texts(f'Sheet1!${column}$1', [one.title])}</c:tx>{face}{_beside(kind, points, colour, look)}"
        f"<c:cat>{texts(f'Sheet1!$A$2:$A${last}', labels)}</c:cat>"
        f"<c:val>{numbers(f'Sheet1!${column}$2:${column}${last}', one.shown, one.values)}</c:val>"
        + ('<c:smooth val="0"/>' if kind == "line" else "") + "</c:ser>"
    )


def _plot(kind: str, drawn: str, look: Mapping[str, Any], series: Sequence[_Series]) -> str:
    """The series of a kind with the axes they stand on."""
    shown, groups = series[0].shown, max(len(one.values) for one in series)
    on = '<c:axId val="10"/><c:axId val="100"/>'
    if kind == "pie":
        return f'<c:pieChart><c:varyColors val="1"/>{drawn}<c:firstSliceAng val="0"/></c:pieChart>'
    if kind == "line":
        made = (
            f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{drawn}<c:marker val="1"/>{on}'
            "</c:lineChart>"
        )
    else:
        grouping, overlap = ("stacked", 100) if kind == "stacked" else ("clustered", 0)
        gap = look["between" if groups > look["few"] else "beside_few"]
        made = (
            f'<c:barChart><c:barDir val="{"bar" if kind == "bars" else "col"}"/><c:grouping val="{grouping}"/>'
            f'<c:varyColors val="0"/>{drawn}<c:gapWidth val="{gap}"/><c:overlap val="{overlap}"/>{on}'
            "</c:barChart>"
        )
    # Bars across have their first row on top, and the numbers below all the same.
    across = kind == "bars"
    names, heights = ("l", "b") if across else ("b", "l")
    return (
        f'{made}<c:catAx><c:axId val="10"/><c:scaling><c:orientation val="{"maxMin" if across else "minMax"}"/>'
        f'</c:scaling><c:delete val="0"/><c:axPos val="{names}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        f'{_lined(look["axis"], "low", look)}<c:crossAx val="100"/><c:crosses val="autoZero"/><c:auto val="0"/>'
        '<c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        f'<c:valAx><c:axId val="100"/><c:scaling><c:orientation val="minMax"/>{_ends(shown, series)}</c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{heights}"/>'
        f'<c:majorGridlines><c:spPr>{line(look["grid"])}</c:spPr></c:majorGridlines>'
        f'<c:numFmt formatCode="{marked(shown)}" sourceLinked="0"/>{_lined("", "nextTo", look)}<c:crossAx val="10"/>'
        f'<c:crosses val="{"max" if across else "autoZero"}"/><c:crossBetween val="between"/></c:valAx>'
    )


def _ends(shown: str, series: Sequence[_Series]) -> str:
    """Where the axis of rates ends: at the whole and at nothing, unless there is more or less."""
    known = [value for one in series for value in one.values if value is not None]
    if not shown.endswith("%") or any(value > 1 for value in known):
        return ""
    return '<c:max val="1"/>' + ("" if any(value < 0 for value in known) else '<c:min val="0"/>')


def _lined(colour: str, labels: str, look: Mapping[str, Any]) -> str:
    """An axis without ticks, its line in a colour or none, where its labels stand, and their letters."""
    drawn = line(colour) if colour else "<a:ln><a:noFill/></a:ln>"
    return (
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="{labels}"/>'
        f"<c:spPr>{drawn}</c:spPr>{letters(look)}"
    )
