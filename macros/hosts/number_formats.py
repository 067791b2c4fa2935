"""Which number formats show a day or a time, and serial numbers as moments (and back).

The table of built-in formats is ECMA-376 part 1, 18.8.30, with the meaning Chinese Excel gives to 27–36 and 50–58.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from macros.patterns import pattern
from macros.records import Broken

#: what a style makes of a number; "" is an ordinary number, elapsed times ([h]:mm) included, and a large unit stands
#: behind a number that people read as so many times more: 18.3 shown as 18.3万元
Kind = Literal["", "date", "time", "万", "亿"]
MOMENTS: frozenset[Kind] = frozenset({"date", "time"})
_LARGE: tuple[Kind, ...] = ("万", "亿")

_BUILT_IN: dict[int, Kind] = {
    **dict.fromkeys([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58], "date"),
    **dict.fromkeys([18, 19, 20, 21, 45, 47, 32, 33, 34, 35, 55, 56], "time"),
}
_SPOKEN = pattern(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]|AM/PM|A/P|上午/下午', re.IGNORECASE | re.DOTALL)
_LAST_DAY = 2_958_466  # the day after 9999-12-31
_DAY_MS = 86_400_000


def kind_of(number: int, code: str | None) -> Kind:
    """The kind of a number format by its id and, where the workbook defines one, its code."""
    if code is None:
        return _BUILT_IN.get(number, "")
    section = code.split(";", 1)[0] if '"' not in code.split(";", 1)[0] else code
    bare = _SPOKEN.sub("", section).split(";", 1)[0].lower()
    if "general" in bare or "通用格式" in bare or re.search(r"\[(h+|m+|s+)\]", bare):
        return _large(code)
    if re.search(r"[0#?]", re.sub(r"s\.0+", "s", bare)):
        return _large(code)
    if re.search(r"[yd]|aaa|e|g{1,3}", bare) or (re.search("m", bare) and not re.search("[hs]", bare)):
        return "date"
    return "time" if re.search("[hs]", bare) else ""


def _large(code: str) -> Kind:
    """The large unit a format writes, unless a comma behind the digits or a point of its own divides the number."""
    if re.search(r"[0#?],+(?![0#?,])|[!\\]\.", code):
        return ""
    return next((unit for unit in _LARGE if unit in code), "")


def moment(serial: float, kind: Kind, epoch_1904: bool, shown: str) -> dt.datetime | dt.time | Broken:
    """The moment of a serial number, to the millisecond.

    Serial 60 of the 1900 system is 1900-02-29, a day that never was; it, negative serials and serials without a
    day are ``Broken`` with the number as ``shown``.
    """
    if not 0 <= serial < _LAST_DAY - (1462 if epoch_1904 else 0):
        return Broken(shown, "error")
    milliseconds = round(serial * _DAY_MS)
    days, rest = divmod(milliseconds, _DAY_MS)
    if kind == "time" and days == 0:
        return (dt.datetime(1, 1, 1) + dt.timedelta(milliseconds=rest)).time()
    if epoch_1904:
        return dt.datetime(1904, 1, 1) + dt.timedelta(days, milliseconds=rest)
    if days in (0, 60):
        return Broken(shown, "error")
    first = dt.datetime(1899, 12, 31 if days < 60 else 30)
    return first + dt.timedelta(days, milliseconds=rest)


def serial(value: dt.date | dt.time, epoch_1904: bool) -> float | None:
    """The serial number of a day, moment or time of day; None before the calendar's first day."""
    if isinstance(value, dt.time):
        return _milliseconds(value) / _DAY_MS
    clock = value.time() if isinstance(value, dt.datetime) else dt.time()
    day = value.date() if isinstance(value, dt.datetime) else value
    days = (day - (dt.date(1904, 1, 1) if epoch_1904 else dt.date(1899, 12, 30))).days
    if not epoch_1904 and days < 61:
        days -= 1
    if days < (0 if epoch_1904 else 1):
        return None
    part = _milliseconds(clock) / _DAY_MS
    return days + part if part else days


def _milliseconds(clock: dt.time) -> float:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1000 + clock.microsecond / 1000
