"""The small pieces that charts are written of: letters, lines, and numbers where Word keeps them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.data import toml
from macros.escaping import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

_HOUSE = Path(__file__).parent.parent / "macros" / "rules" / "house.toml"
#: A point in the format's unit for lines.
_POINT = 12700
#: Colours less bright than this, of 255, carry white letters.
_MIDDLE, _WHITE = 128, "FFFFFF"


@cache
def look_of() -> dict[str, Any]:
    """How figures look: ``[figure]`` of house.toml."""
    look: dict[str, Any] = toml(_HOUSE)["figure"]
    return look


def marked(text: str) -> str:
    """A text as an attribute's value."""
    return escape(text).replace('"', "&quot;")


def line(colour: str, width: float = 0.75) -> str:
    """A line of a colour, ``width`` points wide."""
    return f'<a:ln w="{round(width * _POINT)}"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:ln>'


def title(text: str, look: Mapping[str, Any]) -> str:
    """The chart's heading, above it and not over it."""
    run = _letters("rPr", look["size"]["title"], look["text"], look["font"]["title"], look, bold=True)
    return (
        "<c:title><c:tx><c:rich><a:bodyPr/><a:p>"
        f"<a:r>{run}<a:t>{escape(text)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val=\"0\"/></c:title>"
    )


def readable(colour: str, look: Mapping[str, Any]) -> str:
    """The colour of letters that stand on ``colour``: dark, or white where that is dark itself."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (0, 2, 4))
    bright = 0.299 * red + 0.587 * green + 0.114 * blue
    text: str = look["text"] if bright > _MIDDLE else _WHITE
    return text


def letters(look: Mapping[str, Any], colour: str = "") -> str:
    """The letters of labels."""
    made = _letters("defRPr", look["size"]["label"], colour or look["text"], look["font"]["label"], look)
    return f'<c:txPr><a:bodyPr/><a:p><a:pPr>{made}</a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'


def _letters(
    element: str, size: float, colour: str, font: str, look: Mapping[str, Any], *, bold: bool = False,
) -> str:
    lang = ' lang="zh-CN"' if element == "rPr" else ""
    return (
        f'<a:{element}{lang} sz="{round(size * 100)}" b="{bold:d}"><a:solidFill><a:srgbClr val="{colour}"/>'
        f'</a:solidFill><a:latin typeface="{look["font"]["latin"]}"/><a:ea typeface="{font}"/></a:{element}>'
    )


def texts(of: str, values: Sequence[str]) -> str:
    """Words as if they came from the cells ``of``."""
    points = "".join(f'<c:pt idx="{at}"><c:v>{escape(value)}</c:v></c:pt>' for at, value in enumerate(values))
    return f'<c:strRef><c:f>{of}</c:f><c:strCache><c:ptCount val="{len(values)}"/>{points}</c:strCache></c:strRef>'


def numbers(of: str, shown: str, values: Sequence[Decimal | None]) -> str:
    """Numbers as if they came from the cells ``of``; a gap is left out."""
    points = "".join(
        f'<c:pt idx="{at}"><c:v>{value:f}</c:v></c:pt>' for at, value in enumerate(values) if value is not None
    )
    return (
        f"<c:numRef><c:f>{of}</c:f><c:numCache><c:formatCode>{escape(shown)}</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef>'
    )
