"""Tells of printed pages whether company moved their text.

The office puts no more than 255 glyphs of a font into one font of the file. Where papers together have more, the rest
are in a second one; a line that changes from one to the other is positioned anew there, to a tenth of a point. Nothing
moves in lines of Chinese characters, whose widths are tenths of a point; a line with a narrow sign between them, or
with adjusted widths, may move by a part of a pixel.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pypdf.generic import DictionaryObject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdf import PageObject

#: Glyphs that fit in one font, besides the one for missing characters.
_FIT = 254
#: The width of a Chinese character, in thousandths of its size.
_SQUARE = 1000
_LINE = re.compile(rb"\bBT\b(.*?)\bET\b", re.DOTALL)
_SHOWN = re.compile(rb"(/F\d+) [-.\d]+ Tf\s*(\[[^\]]*\]\s*TJ|<[0-9A-Fa-f]*>\s*Tj)")
_ANY = re.compile(rb"[>\])]\s*T[jJ]\b")
_CODES = re.compile(rb"<([0-9A-Fa-f]*)>")


def exact(pages: Sequence[PageObject]) -> bool:
    """Whether the pages of a paper are certain to look as when it is printed alone.

    Args:
        pages: all pages of one paper, from a file printed with others.
    """
    glyphs: dict[str, set[tuple[bytes, bytes]]] = {}
    uneven: set[str] = set()
    for page in pages:
        fonts = _parted(page)
        content = page.get_contents() if fonts else None
        for line in _LINE.findall(b"" if content is None else content.get_data()):
            shown = _SHOWN.findall(line)
            if len(shown) != len(_ANY.findall(line)):
                return False
            used: dict[str, set[bytes]] = {}
            moved: set[str] = set()
            for name, codes in shown:
                if name not in fonts:
                    continue
                font = fonts[name]
                pairs = b"".join(_CODES.findall(codes))
                found = {pairs[at : at + 2] for at in range(0, len(pairs), 2)}
                glyphs.setdefault(font.family, set()).update((name, code) for code in found)
                used.setdefault(font.family, set()).add(name)
                if codes.startswith(b"[") or not font.full.issuperset(found):
                    moved.add(font.family)
            if any(len(used[family]) > 1 for family in moved):
                return False
            uneven |= moved
    # A paper with more glyphs than fit is parted when it is printed alone as well, at places unknown here.
    return all(len(found) <= _FIT or family not in uneven for family, found in glyphs.items())


class _Part(NamedTuple):
    """One of the fonts that a larger one was parted into: the larger one's name, and the codes of full width."""

    family: str
    full: frozenset[bytes]


def _parted(page: PageObject) -> dict[bytes, _Part]:
    """The page's fonts that are parts of a larger one."""
    resources = page["/Resources"].get_object()
    fonts = resources.get("/Font") if isinstance(resources, DictionaryObject) else None
    listed = None if fonts is None else fonts.get_object()
    if not isinstance(listed, DictionaryObject):
        return {}
    told = {key.encode(): font.get_object() for key, font in listed.items()}
    names = {key: str(font["/BaseFont"]).partition("+")[2] for key, font in told.items()}
    uses = Counter(names.values())
    return {key: _Part(name, _full(told[key])) for key, name in names.items() if uses[name] > 1}


def _full(font: DictionaryObject) -> frozenset[bytes]:
    """The codes, in hexadecimal, of a font's glyphs that are as wide as the font is high."""
    first = int(font.get("/FirstChar", 0))
    widths = font.get("/Widths", ())
    return frozenset(b"%02X" % code for code, width in enumerate(widths, first) if width == _SQUARE)
