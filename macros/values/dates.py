"""Reads days, moments and months in the styles people type and spreadsheets keep."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import TypeVar

from macros.months import last_of
from macros.patterns import pattern
from macros.records import Broken, Cell
from macros.values.errors import Unreadable, refuse_broken
from macros.values.text import brief, fold
from macros.values.words import AFTERNOON, EARLIEST_YEAR, MORNING, OPEN_ENDED

# Asia/Shanghai without a time zone database, which Windows lacks; summer time ended in 1991.
_CHINA = dt.timezone(dt.timedelta(hours=8))
_Day = TypeVar("_Day", dt.date, dt.datetime)
_WEEKDAYS = "一二三四五六日"
_NUMERALS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "十": 10}

_DAY = pattern(
    r"(?P<y>[0-9]{4})(?:\s*(?P<sep>[-./])\s*(?P<m>[0-9]{1,2})\s*(?P=sep)\s*(?P<d>[0-9]{1,2})(?![0-9])"
    r"|\s*年\s*(?P<m2>[0-9]{1,2})\s*月\s*(?P<d2>[0-9]{1,2})\s*[日号]"
    r"|(?P<m3>[0-9]{2})(?P<d3>[0-9]{2}))"
)
_WEEKDAY = pattern(r"\s*\(?(?:星期|周|礼拜)(?P<w>[一二三四五六日天])\)?")
_HALF_DAY = "|".join(sorted(MORNING | AFTERNOON))
_TIME = pattern(
    rf"(?P<gap>[ T]*)(?:(?P<before>{_HALF_DAY})\s*)?(?P<h>[0-9]{{1,2}})"
    r"(?:\s*:\s*(?P<mi>[0-9]{2})(?:\s*:\s*(?P<s>[0-9]{2})(?P<fraction>\.[0-9]{1,9})?)?"
    r"|\s*[时点]\s*(?:(?P<mi2>[0-9]{1,2})\s*分\s*(?:(?P<s2>[0-9]{1,2})\s*秒)?)?)"
    rf"\s*(?P<after>{_HALF_DAY})?\s*(?P<zone>Z|[+-][0-9]{{2}}:?[0-9]{{2}})?",
    re.IGNORECASE,
)
_COMPACT_TIME = pattern(r"[ T]?(?P<h>[0-9]{2})(?P<mi>[0-9]{2})(?P<s>[0-9]{2})?")
_ONLY_TIME = pattern(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
_SHORT_YEAR = pattern(r"[0-9]{2}\s*[-./年]\s*[0-9]{1,2}\s*[-./月]\s*[0-9]{1,2}(?![0-9]).*")
_MONTH = pattern(r"([0-9]{4})(?:\s*[-./]\s*([0-9]{1,2})|\s*年\s*([0-9]{1,2})\s*月(?:份)?|([0-9]{2}))")
_NUMERAL_DAY = pattern(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)


def read_date(cell: Cell) -> dt.date | None:
    """A day; None for a blank. A moment gives its day.

    Accepted: date cells; 2026-09-03, 2026.9.3, 2026/9/3, 20260903, 2026年9月3日, 二〇二六年九月三日, each
    with a time or its (right) weekday after it; ISO with a zone, converted to China's time first. A
    number cell is read only as eight digits YYYYMMDD, never as a serial number: nobody saw a date there.

    Raises:
        Unreadable: anything else; code VAL015 where the text says that there is no date (长期, —), which a
            caller reading an end date may accept.
    """
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        return _not_too_early(cell)
    moment = read_moment(cell)
    return None if moment is None else moment.date()


def read_moment(cell: Cell) -> dt.datetime | None:
    """A moment in China's time without a zone, to the second; None for a blank.

    Accepted: as `read_date`, with 8:05, 08:05:30, 8时5分 or 下午3:05 after the day. A day alone is its
    midnight, as spreadsheets keep it. Parts of a second are rounded: they are the noise of serial numbers.

    Raises:
        Unreadable: as `read_date`.
    """
    if cell is None:
        return None
    if type(cell) is str:
        text = brief(cell)
        return _moment_of_text(text) if text else None
    if isinstance(cell, dt.datetime):
        return _not_too_early(_to_second(cell))
    if isinstance(cell, dt.date):
        return _not_too_early(dt.datetime(cell.year, cell.month, cell.day))
    if isinstance(cell, Broken):
        refuse_broken(cell)
    if isinstance(cell, dt.time):
        raise Unreadable("VAL018", cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise Unreadable("VAL010", cell)
    if EARLIEST_YEAR * 10_000 <= cell < 10**8 and cell == int(cell):
        return _moment_of_text(str(int(cell)))
    raise Unreadable("VAL014", cell)


def read_month(cell: Cell) -> str | None:
    """A month as ``YYYY-MM``; None for a blank. A day or a moment gives its month.

    Accepted besides: 2026-09, 2026.9, 2026/9, 202609 (also as a number), 2026年9月, 二〇二六年九月.

    Raises:
        Unreadable: anything else; a number such as 2026.1 could be January or October.
    """
    if cell is None:
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not (EARLIEST_YEAR * 100 <= cell < 10**8 and cell == int(cell)):
            raise Unreadable("VAL020", cell)
        cell = str(int(cell))
    if isinstance(cell, str):
        text = brief(cell)
        month = _month_of_text(text)
        if month:
            return month
    try:
        day = read_date(cell)
    except Unreadable as refusal:
        if refusal.code in ("VAL010", "VAL014", "VAL018"):
            raise Unreadable("VAL020", cell) from None
        raise
    return None if day is None else f"{day:%Y-%m}"


def read_month_end(cell: Cell) -> dt.date | None:
    """The last day of a month given without a day; None where the cell says anything else.

    For deadlines, which a plan may give as a month.
    """
    if isinstance(cell, dt.date | dt.time | Broken):
        return None
    try:
        read_date(cell)
    except Unreadable as refusal:
        if refusal.code not in ("VAL014", "VAL016"):
            return None
    else:
        return None
    try:
        month = read_month(cell)
    except Unreadable:
        return None
    return last_of(month) if month else None


def _month_of_text(text: str) -> str:
    found = _MONTH.fullmatch(text)
    year, month = (int(found[1]), int(found[2] or found[3] or found[4])) if found else (0, 0)
    if not found and (numerals := _NUMERAL_DAY.fullmatch(text)) and not numerals[3]:
        year, month = _year(numerals[1]), _count(numerals[2])
    if not year:
        return ""
    if not 1 <= month <= 12:
        raise Unreadable("VAL020", text)
    if year < EARLIEST_YEAR:
        raise Unreadable("VAL019", text, earliest=EARLIEST_YEAR)
    return f"{year:04d}-{month:02d}"


def _not_too_early(day: _Day) -> _Day:
    if day.year < EARLIEST_YEAR:
        raise Unreadable("VAL019", day, earliest=EARLIEST_YEAR)
    return day


def _to_second(moment: dt.datetime) -> dt.datetime:
    try:
        if moment.tzinfo is not None:
            moment = moment.astimezone(_CHINA).replace(tzinfo=None)
        if moment.microsecond:
            moment = (moment + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    except OverflowError:
        raise Unreadable("VAL011", moment) from None
    return moment


@lru_cache(maxsize=1 << 14)
def _moment_of_text(text: str) -> dt.datetime:
    """The moment a cleaned, half-width text names."""
    found = _DAY.match(text)
    if found is None:
        return _moment_of_numerals(text)
    year = int(found["y"])
    month, day = int(found["m"] or found["m2"] or found["m3"]), int(found["d"] or found["d2"] or found["d3"])
    rest = text[found.end():]
    if found["m3"] and rest and (compact := _COMPACT_TIME.fullmatch(rest)):
        return _build(text, year, month, day, _clock(text, compact["h"], compact["mi"], compact["s"]))
    weekday = _WEEKDAY.match(rest)
    if weekday:
        rest = rest[weekday.end():]
    if not rest.strip():
        moment = _build(text, year, month, day, dt.time())
    else:
        time = _TIME.fullmatch(rest)
        if time is None or not (time["gap"] or time["before"] or found["m2"] or weekday):
            raise Unreadable("VAL014" if text.isdigit() else "VAL010", text)
        moment = _with_time(text, time, year, month, day)
    if weekday and weekday["w"].replace("天", "日") != _WEEKDAYS[moment.weekday()]:
        raise Unreadable("VAL017", text, weekday=f"星期{_WEEKDAYS[moment.weekday()]}")
    return moment


def _with_time(text: str, time: re.Match[str], year: int, month: int, day: int) -> dt.datetime:
    clock = _clock(text, time["h"], time["mi"] or time["mi2"], time["s"] or time["s2"])
    half = (time["before"] or time["after"] or "").lower()
    if half in AFTERNOON and clock.hour < 12:
        clock = clock.replace(hour=clock.hour + 12)
    elif half in MORNING and clock.hour == 12:
        clock = clock.replace(hour=0)
    elif half in MORNING and clock.hour > 12:
        raise Unreadable("VAL012", text)
    moment = _build(text, year, month, day, clock)
    if time["fraction"]:
        moment = moment.replace(microsecond=int(float(time["fraction"]) * 1_000_000))
    zone = (time["zone"] or "").upper().replace(":", "")
    if zone:
        away = dt.timedelta() if zone == "Z" else dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
        if away >= dt.timedelta(days=1):
            raise Unreadable("VAL012", text)
        moment = moment.replace(tzinfo=dt.timezone(-away if zone[0] == "-" else away))
    return _to_second(moment)


def _clock(text: str, hour: str, minute: str | None, second: str | None) -> dt.time:
    try:
        return dt.time(int(hour), int(minute or 0), int(second or 0))
    except ValueError:
        raise Unreadable("VAL012", text) from None


def _build(text: str, year: int, month: int, day: int, clock: dt.time) -> dt.datetime:
    if year < EARLIEST_YEAR:
        raise Unreadable("VAL019", text, earliest=EARLIEST_YEAR)
    try:
        return dt.datetime.combine(dt.date(year, month, day), clock)
    except ValueError:
        raise Unreadable("VAL011", text) from None


def _moment_of_numerals(text: str) -> dt.datetime:
    """A day in Chinese numerals, or the reason why the text is no day."""
    found = _NUMERAL_DAY.fullmatch(text)
    if found and found[3]:
        return _build(text, _year(found[1]), _count(found[2]), _count(found[3]), dt.time())
    if fold(text) in OPEN_ENDED:
        raise Unreadable("VAL015", text)
    if found or (_MONTH.fullmatch(text) and not text.isdigit()):
        raise Unreadable("VAL016", text)
    if text.isdigit():
        raise Unreadable("VAL014", text)
    if _ONLY_TIME.fullmatch(text):
        raise Unreadable("VAL018", text)
    raise Unreadable("VAL013" if _SHORT_YEAR.fullmatch(text) else "VAL010", text)


def _year(numerals: str) -> int:
    return int("".join(str(_NUMERALS[sign]) for sign in numerals))


def _count(numerals: str) -> int:
    """一 … 三十一 as a number; 0, which is no day and no month, where the numerals are out of order."""
    tens, ten, ones = numerals.rpartition("十")
    if not ten:
        return _NUMERALS[ones] if len(ones) == 1 else 0
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)
