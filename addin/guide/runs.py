"""The runs of a paragraph of the guide: words, strong words, commands, pictures, fields."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.data import toml
from macros.escaping import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

_EMU = 360_000
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


@cache
def look() -> dict[str, Any]:
    """What ``look.toml`` says."""
    return toml(Path(__file__).with_name("look.toml"))


def runs(parts: Sequence[Token]) -> str:
    """The runs of a line of Markdown; a link is its words."""
    made, strong = "", False
    for part in parts:
        if part.type in ("strong_open", "strong_close"):
            strong = part.type == "strong_open"
        elif part.type == "text":
            made += run(part.content, "<w:b/>" if strong else "")
        elif part.type == "code_inline":
            made += code(part.content)
    return made


def run(text: str, looks: str = "") -> str:
    """Words in a run of their own; ``looks`` are further properties as XML."""
    if not text:
        return ""
    words = escape(text)
    return f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/>{looks}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def code(text: str) -> str:
    """What is typed in, shaded."""
    font, shade = look()["code_font"], look()["code_shade"]
    return (
        f'<w:r><w:rPr><w:rFonts w:hint="eastAsia" w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )


def field(order: str, shown: str) -> str:
    """A field with the result it has until somebody has it worked out anew."""
    begin, middle, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    words = f'<w:r><w:instrText xml:space="preserve"> {order} </w:instrText></w:r>'
    return f"{begin}{words}{middle}{run(shown)}{end}"


def picture(file: Path, number: int, words: str) -> str:
    """A picture of the guide, as large as the page lets it be; ``words`` are told to who cannot see it."""
    wide, high = struct.unpack(">II", file.read_bytes()[16:24])
    most = look()["picture"]
    scale = min(most["wide"] / wide, most["high"] / high, 1 / most["dots"]) * _EMU
    size = f'cx="{round(wide * scale)}" cy="{round(high * scale)}"'
    name = f'id="{number}" name="{file.name}" descr="{escape(words)}"'
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing"><wp:extent {size}/><wp:docPr {name}/>'
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="rIdPicture{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        '<a:ln w="6350"><a:solidFill><a:srgbClr val="D6DCE4"/></a:solidFill></a:ln></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
