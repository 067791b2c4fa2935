"""Reads longitudes and latitudes in decimal degrees or in degrees, minutes and seconds."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from macros.patterns import pattern
from macros.values.errors import Unreadable
from macros.values.numbers import number_of_cell, plain_figure, round_half_up
from macros.values.text import brief
from macros.values.words import COORDINATE_PLACES, EAST, NORTH, SOUTH, WEST

if TYPE_CHECKING:
    from macros.records import Cell

_HEMISPHERES = {
    word: sign for words, sign in ((EAST, "E"), (WEST, "W"), (NORTH, "N"), (SOUTH, "S")) for word in words
}
_HEMISPHERE = "|".join(sorted(map(re.escape, _HEMISPHERES), key=len, reverse=True))
_DEGREE, _MINUTE, _SECOND = "[°º˚度]", "[′'’‘´`分]", "(?:[″\"”“秒]|[′'’‘´`]{2})"
_FIGURE = r"[0-9]+(?:\.[0-9]+)?"
_MARKED = pattern(
    rf"(?P<d>{_FIGURE})\s*{_DEGREE}\s*(?:(?P<m>{_FIGURE})\s*{_MINUTE}(?!['′’])\s*(?:(?P<s>{_FIGURE})\s*{_SECOND}?)?)?"
)
_SPACED = pattern(rf"(?P<d>[0-9]+)(?P<gap>\s*[:-]\s*|\s+)(?P<m>[0-9]+)(?P=gap)(?P<s>{_FIGURE})")
_LETTERED = pattern(
    rf"(?P<before>{_HEMISPHERE})?\s*[::]?\s*(?P<sign>[+\-−]?)(?P<body>[0-9].*?)\s*(?P<after>{_HEMISPHERE})?",
    re.IGNORECASE,
)
_AXES = {"E": "经度", "W": "经度", "N": "纬度", "S": "纬度"}
_FULL_CIRCLE = 180


def read_longitude(cell: Cell) -> Decimal | None:
    """Degrees east of Greenwich, negative west; None for a blank.

    Accepted: decimal degrees; degrees, minutes and seconds in the marks °′″, °'", 度分秒 (the last may lack), or
    parted by colons, hyphens or spaces; E, W, 东经, 西经 before or after. Degrees made from minutes are rounded to
    seven decimals.

    Raises:
        Unreadable: anything else, minutes or seconds from sixty, a latitude's letter, or beyond ±180.
    """
    return _read(cell, "经度", _FULL_CIRCLE)


def read_latitude(cell: Cell) -> Decimal | None:
    """Degrees north of the equator, negative south; None for a blank.

    Accepted and refused as `read_longitude`.

    Raises:
        Unreadable: as `read_longitude`, beyond ±90.
    """
    return _read(cell, "纬度", _FULL_CIRCLE // 2)


def _read(cell: Cell, axis: str, limit: int) -> Decimal | None:
    if cell is None:
        return None
    if type(cell) is str:
        text = brief(cell)
        if not text:
            return None
        degrees = _degrees(text, axis)
    else:
        degrees = number_of_cell(cell)
    if abs(degrees) > limit:
        raise Unreadable("VAL052", cell, axis=axis, limit=limit)
    return degrees


@lru_cache(maxsize=1 << 13)
def _degrees(text: str, axis: str) -> Decimal:
    figure = plain_figure(text) if "," not in text else None
    if figure is not None:
        return figure
    found = _LETTERED.fullmatch(text)
    if found is None or (found["before"] and found["after"]):
        raise Unreadable("VAL050", text)
    letter = _HEMISPHERES.get((found["before"] or found["after"] or "").lower(), "")
    if letter and _AXES[letter] != axis:
        raise Unreadable("VAL053", text, axis=axis)
    if letter and found["sign"]:
        raise Unreadable("VAL050", text)
    degrees = _unsigned(text, found["body"])
    return -degrees if degrees and (letter in ("W", "S") or found["sign"] in ("-", "−")) else degrees


def _unsigned(text: str, body: str) -> Decimal:
    """Degrees of what stands between the letters."""
    figure = plain_figure(body) if "," not in body else None
    if figure is not None:
        return figure
    found = _MARKED.fullmatch(body) or _SPACED.fullmatch(body)
    if found is None:
        raise Unreadable("VAL050", text)
    degrees, minutes, seconds = found["d"], found["m"] or "0", found["s"] or "0"
    # A fraction belongs to the last part only.
    if ("." in degrees and found["m"]) or ("." in minutes and found["s"]):
        raise Unreadable("VAL050", text)
    if Decimal(minutes) >= 60 or Decimal(seconds) >= 60:
        raise Unreadable("VAL051", text)
    if found["m"] is None:
        return Decimal(degrees)
    parts = Decimal(degrees) * 3600 + Decimal(minutes) * 60 + Decimal(seconds)
    return round_half_up(parts / 3600, COORDINATE_PLACES)
