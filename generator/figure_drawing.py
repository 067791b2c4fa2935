"""Draws the figures of a template: a chart of made-up numbers, or a grey field where a picture will stand."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.figures import MARK, PICTURES, Figure, content, sample
from generator.layout_paper import house, paragraph

if TYPE_CHECKING:
    from generator.layout_names import Names
    from generator.layout_tables import Block

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
#: A centimetre in the unit of drawings.
_EMU = 360_000
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
#: Grey levels of the field and of its frame, and its size in pixels.
_FIELD, _FRAME, _WIDE, _HIGH = 242, 166, 160, 100


class Drawn(NamedTuple):
    """A figure's part in a template: its name, the relation to it, its bytes and type, which PNG files need not say."""

    part: str
    relation: str
    identity: str
    data: bytes
    type_: str


def figure(block: Block, figures: dict[str, Figure], names: Names, width: float, first: int) -> tuple[str, list[Drawn]]:
    """A figure, or several side by side, centred on the page, and their parts.

    Keys: ``name`` (one, or a list of those side by side), ``height`` and ``width`` in cm.

    Args:
        block: the layout's block.
        figures: the definition's by name.
        names: what the definition may print.
        width: of the page between its margins, cm.
        first: the number of the first of these figures in the template.
    """
    wanted = block["name"] if isinstance(block["name"], list) else [block["name"]]
    look: dict[str, Any] = house()["figure"]
    each = (block.get("width", width) - look["gap"] * (len(wanted) - 1)) / len(wanted)
    height = block.get("height", look["height"])
    made = [_drawn(figures[name], names, first + turn) for turn, name in enumerate(wanted)]
    runs = " ".join(
        _run(figures[name], one, first + turn, each, height)
        for turn, (name, one) in enumerate(zip(wanted, made, strict=True))
    )
    return paragraph("TDValue", align="center").replace("</w:pPr>", f"</w:pPr>{runs}"), made


def _drawn(of: Figure, names: Names, number: int) -> Drawn:
    """The part of one figure in a template."""
    identity = f"rIdFigure{number}"
    if of.kind in PICTURES:
        return Drawn(f"media/image{number}.png", "image", identity, field(), "")
    table = names.lists.get(of.list)
    data = content(of.field, sample(of, table))
    return Drawn(f"charts/chart{number}.xml", "chart", identity, data, _CHART_TYPE)


def _run(of: Figure, drawn: Drawn, number: int, width: float, height: float) -> str:
    """The run with the drawing in it, named so that it is found again."""
    size = f'cx="{round(width * _EMU)}" cy="{round(height * _EMU)}"'
    name = f"{MARK}{of.name}"
    if of.kind in PICTURES:
        inner = (
            f'<a:graphicData uri="{_DRAWING}/picture"><pic:pic xmlns:pic="{_DRAWING}/picture">'
            f'<pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{drawn.identity}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
        )
    else:
        inner = (
            f'<a:graphicData uri="{_DRAWING}/chart"><c:chart xmlns:c="{_DRAWING}/chart" r:id="{drawn.identity}"/>'
            "</a:graphicData>"
        )
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" '
        f'distR="0"><wp:extent {size}/><wp:docPr id="{number}" name="{name}" descr="{name}"/>'
        f'<wp:cNvGraphicFramePr/><a:graphic xmlns:a="{_DRAWING}/main">{inner}</a:graphic></wp:inline></w:drawing></w:r>'
    )


def field() -> bytes:
    """A grey field with a frame and its diagonals, where a picture will stand."""
    rows = []
    for y in range(_HIGH):
        row = bytearray([_FIELD]) * _WIDE
        row[y * (_WIDE - 1) // (_HIGH - 1)] = row[(_HIGH - 1 - y) * (_WIDE - 1) // (_HIGH - 1)] = _FRAME
        row[0] = row[-1] = _FRAME
        rows.append(bytes(row) if 0 < y < _HIGH - 1 else bytes([_FRAME]) * _WIDE)
    return _png(_WIDE, rows)


def blank() -> bytes:
    """A white picture, where there is none to show."""
    return _png(1, [b"\xff"])


def _png(width: int, rows: list[bytes]) -> bytes:
    """Rows of grey levels as a PNG file."""
    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, len(rows), 8, 0, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", packed) + piece(b"IEND", b"")
