"""Dates as notices write them, 1月1日（周四）至3日（周六）: year and month come from what goes before."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

WEEKDAYS = "一二三四五六日"

_ONE = (
    r"(?:(?P<year{0}>\d{{4}})年)?(?:(?P<month{0}>\d{{1,2}})月(?:份)?)?(?P<day{0}>\d{{1,2}})日"
    r"(?:\((?P<note{0}>[^()]*)\))?"
)
#: A date, or a span of dates, as a part of a larger pattern.
SPAN = f"(?P<span>{_ONE.format(1)}(?:(?:至|到|—+|-|~){_ONE.format(2)})?)"

_STATED_WEEKDAY = re.compile(r"(?:星期|礼拜|周)([一二三四五六日天])")
_DIGITS = {digit: number for number, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "十": 10}


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one written span, and the weekdays it states that the dates do not have."""

    days: tuple[dt.date, ...]
    text: str
    wrong_weekdays: tuple[tuple[dt.date, str], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a date without year or month is read by: the notice's year, the festival, the date before it."""

    year: int
    new_year: bool
    before: dt.date | None = None
    longest: int = 31


def stated_number(text: str) -> int:
    """Read digits or Chinese numerals below a hundred: 8, 八, 十二, 三十一."""
    if text.isdecimal():
        return int(text)
    tens, ten, units = text.rpartition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[units] if units else 0) if ten else _DIGITS[units]


def written_date(text: str) -> dt.date:
    """Read a whole date: 2025年11月4日 or 二〇一一年十二月五日.

    Raises:
        ValueError: there is no such day.
    """
    year, month, day = re.split("[年月日]", text)[:3]
    number = int(year) if year.isdecimal() else int("".join(str(_DIGITS[digit]) for digit in year))
    return dt.date(number, stated_number(month), stated_number(day))


def _weekday(note: str | None) -> str:
    found = _STATED_WEEKDAY.search(note or "")
    return found[1].replace("天", "日") if found else ""


def _resolve(match: re.Match[str], which: int, reading: Reading) -> dt.date:
    year, month, day = (match[f"{part}{which}"] for part in ("year", "month", "day"))
    before = reading.before
    if not month:
        if before is None:
            raise ValueError("no month")
        return before.replace(year=int(year) if year else before.year, day=int(day))
    if year:
        return dt.date(int(year), int(month), int(day))
    if which == 2 and before is not None:
        return dt.date(before.year + (int(month) < before.month), int(month), int(day))
    # The New Year's clause of a notice may begin, or borrow a Saturday, in December of the year before.
    return dt.date(reading.year - (reading.new_year and int(month) == 12), int(month), int(day))


def read_span(match: re.Match[str], reading: Reading) -> Span:
    """Read a match of `SPAN` into days.

    Raises:
        ValueError: no such date, an end before its start, or a span longer than any holiday.
    """
    first = last = _resolve(match, 1, reading)
    stated = [(first, _weekday(match["note1"]))]
    if match["day2"]:
        last = _resolve(match, 2, Reading(reading.year, reading.new_year, first))
        stated.append((last, _weekday(match["note2"])))
    length = (last - first).days + 1
    if not 1 <= length <= reading.longest:
        raise ValueError("not a holiday's span")
    wrong = tuple((day, name) for day, name in stated if name and name != WEEKDAYS[day.weekday()])
    return Span(tuple(first + dt.timedelta(days=offset) for offset in range(length)), match["span"], wrong)
