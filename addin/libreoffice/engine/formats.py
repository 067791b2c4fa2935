"""Number formats and colours, said as Excel says them whatever language the office speaks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from addin.libreoffice.engine.loading import struct

if TYPE_CHECKING:
    from addin.libreoffice.engine.ranges import Range

Colour = tuple[int, int, int]

# com.sun.star.util.NumberFormat
DATE, TIME, TEXT, LOGICAL = 2, 4, 256, 1024
GENERAL = "General"
#: Excel's own codes for a day, a moment and a time of day put into a plain cell.
DAY, MOMENT, HOURS = "yyyy/m/d", "yyyy/m/d h:mm", "h:mm:ss"

_PARTS = re.compile(r'"[^"]*"|\\.|\[[^]]*\]|AM/PM|A/P|[YMDHS]+')


class Formats:
    """The number formats of one workbook.

    A format belongs to a language and its code is spelt in it (``JJJJ/M/T`` in German). Codes are therefore
    converted from and to English; the formats themselves stay in the workbook's default language, since any other
    would be written to the file with a language mark.
    """

    def __init__(self, doc: Any) -> None:
        self._doc = doc
        self._english = struct("lang.Locale", Language="en", Country="US")
        self._default = struct("lang.Locale")
        self._keys: dict[str, int] = {}
        self._codes: dict[int, str] = {}
        self._kinds: dict[int, int] = {}

    def key(self, code: str) -> int:
        """The number of a format given by its code; it is added when the workbook does not have it yet."""
        if code not in self._keys:
            formats = self._doc.NumberFormats
            if code == GENERAL:
                self._keys[code] = int(formats.getStandardIndex(self._default))
            else:
                self._keys[code] = int(formats.addNewConverted(code, self._english, self._default))
        return self._keys[code]

    def code(self, key: int) -> str:
        """The code of a format, in English and with day parts in small letters as Excel has them."""
        if key not in self._codes:
            formats = self._doc.NumberFormats
            about = formats.getByKey(key)
            if key == formats.getStandardIndex(about.Locale):
                self._codes[key] = GENERAL
            else:
                english = formats.addNewConverted(about.FormatString, about.Locale, self._english)
                code = str(formats.getByKey(english).FormatString)
                self._codes[key] = _PARTS.sub(_small, code) if about.Type & (DATE | TIME) else code
        return self._codes[key]

    def kind(self, key: int) -> int:
        """What a format shows, as UNO's NumberFormat flags."""
        if key not in self._kinds:
            self._kinds[key] = int(self._doc.NumberFormats.getByKey(key).Type)
        return self._kinds[key]


def _small(part: re.Match[str]) -> str:
    text = part[0]
    return text.lower() if text[0] in "YMDHS" or text[:2] in ("[H", "[M", "[S") else text


def uniform(thing: Any, name: str) -> Any:
    """A property all cells of a UNO range share; None when they differ."""
    return None if thing.getPropertyState(name).value == "AMBIGUOUS_VALUE" else getattr(thing, name)


def number_format(rng: Range) -> str | None:
    """The format code all cells share; None when they differ."""
    key = uniform(rng.cells, "NumberFormat")
    return None if key is None else rng.book.formats.code(key)


def set_number_format(rng: Range, code: str) -> None:
    """Give all cells a format."""
    rng.writable()
    rng.cells.NumberFormat = rng.book.formats.key(code)


def colour(rng: Range) -> Colour | None:
    """The fill of the first cell; None without one."""
    return from_number(rng.cells.CellBackColor)


def set_colour(rng: Range, value: Colour | str | int | None) -> None:
    """Fill all cells, given as red, green, blue, as ``#RRGGBB`` or as Excel's number; None takes the fill away."""
    rng.writable()
    rng.cells.CellBackColor = -1 if value is None else to_number(value)


def to_number(value: Colour | str | int) -> int:
    """A colour as UNO counts it: red first."""
    if isinstance(value, str):
        return int(value.removeprefix("#"), 16)
    if isinstance(value, int):  # Excel counts blue first
        value = value & 255, value >> 8 & 255, value >> 16 & 255
    red, green, blue = value
    return (red << 16) + (green << 8) + blue


def from_number(value: int) -> Colour | None:
    """UNO's number as red, green, blue; None for "automatic"."""
    return None if value == -1 else (value >> 16 & 255, value >> 8 & 255, value & 255)
