"""The paper of a drawn template: WordprocessingML of its paragraphs and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from macros.data import toml
from macros.escaping import escape

_HOUSE = Path(__file__).parent.parent / "macros" / "rules" / "house.toml"
#: The style of a paragraph that may be parted from the next one.
_UNKEPT = re.compile(r'(<w:pPr><w:pStyle w:val="\w+"/>)(?!<w:keepNext/>)')
#: Boxes to tick. They are not Chinese letters: at the head of a line LibreOffice would take them from the Latin font,
#: where they are smaller than behind a Chinese word.
_BOXES = frozenset("□☑")
#: Twentieths of a point in a centimetre.
_TWIPS = 567


@cache
def house() -> dict[str, Any]:
    """The house style, `macros/rules/house.toml`."""
    return toml(_HOUSE)


def twips(centimetres: float) -> int:
    """Centimetres in Word's unit."""
    return round(centimetres * _TWIPS)


def paragraph(style: str, text: str = "", *, align: str = "", keep: bool = False, extra: str = "") -> str:
    """One paragraph in one run per line piece, so that a placeholder is never split.

    Args:
        style: style id of house.toml.
        text: its text; a tab and a line feed become Word's own.
        align: left | center | right | both; empty takes the style's.
        keep: keep on one page with the next paragraph.
        extra: further paragraph properties as XML (tabs, borders).
    """
    properties = f'<w:pStyle w:val="{style}"/>' + ("<w:keepNext/>" if keep else "") + extra
    properties += f'<w:jc w:val="{align}"/>' if align else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def run(text: str) -> str:
    """Text as a run; empty text gives nothing."""
    if not text:
        return ""
    inner = escape(text).replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    inner = inner.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    box = house()["fonts"]["box"]
    font = f'w:ascii="{box}" w:hAnsi="{box}" ' if _BOXES & {*text} else ""
    return f'<w:r><w:rPr><w:rFonts {font}w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{inner}</w:t></w:r>'


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: ready paragraphs, width in cm, shade (RRGGBB), vertical merge (restart | continue)."""

    content: str
    width: float
    shade: str = ""
    merge: str = ""
    valign: str = "center"


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; ``height`` is the least height in cm; ``repeat`` marks a heading row."""

    cells: tuple[Cell, ...]
    height: float = 0
    repeat: bool = False


def kept(row: Row) -> Row:
    """The same row, on one page with what follows it."""
    cells = (replace(cell, content=_UNKEPT.sub(r"\1<w:keepNext/>", cell.content)) for cell in row.cells)
    return replace(row, cells=tuple(cells))


def table(rows: list[Row], width: float) -> str:
    """A table whose rows may divide the width (cm) differently: the grid is the union of all cell edges.

    No row is split over pages; heading rows repeat.
    """
    edges = sorted({_snap(edge, width) for row in rows for edge in accumulate(cell.width for cell in row.cells)})
    starts = {edge: position for position, edge in enumerate([0, *edges])}
    look = house()["table"]
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="{look[kind]}" w:space="0" w:color="auto"/>'
        for side, kind in (("top", "outer"), ("left", "outer"), ("bottom", "outer"), ("right", "outer"),
                           ("insideH", "inner"), ("insideV", "inner"))
    )
    grid = "".join(
        f'<w:gridCol w:w="{high - low}"/>' for low, high in zip([0, *edges], edges, strict=False)
    )
    body = "".join(_row(row, starts, width) for row in rows)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{edges[-1]}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
    )


def _snap(edge: float, width: float) -> int:
    """A cell edge in twips; edges within a millimetre of the right margin or of each other coincide."""
    place = width if abs(edge - width) < 0.1 else edge
    return round(twips(place) / 57) * 57


def _row(row: Row, starts: dict[int, int], width: float) -> str:
    properties = "<w:cantSplit/>"
    if row.height:
        properties += f'<w:trHeight w:val="{twips(row.height)}" w:hRule="atLeast"/>'
    if row.repeat:
        properties += "<w:tblHeader/>"
    cells, left = "", 0
    for cell, edge in zip(row.cells, accumulate(cell.width for cell in row.cells), strict=True):
        right = _snap(edge, width)
        span = starts[right] - starts[left]
        inner = f'<w:tcW w:w="{right - left}" w:type="dxa"/>'
        inner += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        inner += f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
        inner += f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.shade}"/>' if cell.shade else ""
        cells += f'<w:tc><w:tcPr>{inner}<w:vAlign w:val="{cell.valign}"/></w:tcPr>{cell.content}</w:tc>'
        left = right
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"
