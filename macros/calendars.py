"""Builds the working-day calendar from published data, the user's notice table and the estimate beyond."""

from __future__ import annotations

import datetime as dt
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.data import toml
from macros.workdays import Calendar, CalendarError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from macros.notices import DayKind, NoticeDay

_DATA = Path(__file__).parent / "rules" / "calendar"


class _Mark(NamedTuple):
    """What a source says of one day; ``festival`` is empty for an ordinary day."""

    kind: DayKind
    festival: str


@cache
def _rules(name: str) -> dict[str, Any]:
    return toml(_DATA / name)


@cache
def _published() -> dict[dt.date, _Mark]:
    """Every day chinese-calendar lists, corrected; its other days are ordinary weekdays and weekends."""
    from chinese_calendar import constants

    names: dict[str, str] = _rules("base.toml")["names"]
    marks = {day: _Mark("rest", names.get(name, name)) for day, name in constants.holidays.items()}
    marks |= {day: _Mark("work", names.get(name, name)) for day, name in constants.workdays.items()}
    for row in _rules("base.toml")["corrections"]:
        marks[row["day"]] = _Mark(row["kind"], row["festival"])
    return marks


def _version() -> str:
    import chinese_calendar

    return str(chinese_calendar.__version__)


def _as_of(asof: dt.date) -> tuple[dict[dt.date, _Mark], dt.date]:
    """The published days as they stood at the end of the day ``asof``, and the last decreed day then."""
    decrees = [row for row in _rules("base.toml")["decrees"] if row["published_on"] <= asof]
    if not decrees:
        first = _rules("base.toml")["decrees"][0]["published_on"]
        raise CalendarError(f"只能还原 {first} 及以后的日历，不能还原 {asof} 的")
    last = max(row["year"] for row in decrees)
    marks = {day: mark for day, mark in _published().items() if day.year <= last}
    later = [row for row in _rules("base.toml")["amendments"] if row["published_on"] > asof]
    for amendment in sorted(later, key=lambda row: row["published_on"], reverse=True):
        marks |= {row["day"]: _Mark(row["kind"], row["festival"]) for row in amendment["before"]}
    return {day: mark for day, mark in marks.items() if day.year <= last}, dt.date(last, 12, 31)


def _newest_last(row: NoticeDay) -> dt.date:
    # A row typed without a day of publication is the user's own latest word.
    return row.published_on or dt.date.max


def _overlay(rows: Sequence[NoticeDay], asof: dt.date) -> dict[dt.date, _Mark]:
    """What the rows set, where no amendment published later than the row had the last word.

    Pasting the yearly notice of 2020 must not undo the extension of its Spring Festival, which is already known.
    """
    told = [(_newest_last(row), 1, row.day, _Mark(row.kind, row.festival)) for row in rows]
    set_by_rows = {row.day for row in rows}
    for amendment in _rules("base.toml")["amendments"]:
        published = amendment["published_on"]
        days = {row["day"] for row in amendment["before"]} & set_by_rows if published <= asof else set()
        told += [(published, 0, day, _published()[day]) for day in days]
    return {day: mark for _, _, day, mark in sorted(told, key=lambda said: said[:2])}


def _decreed_until(rows: Iterable[NoticeDay], last: dt.date) -> dt.date:
    """Extend ``last`` year by year while the rows hold a whole yearly notice."""
    rest = {row.day for row in rows if row.kind == "rest"}
    needed = [tuple(map(int, text.split("-"))) for text in _rules("estimate.toml")["decreed_by"]]
    while all(dt.date(last.year + 1, month, day) in rest for month, day in needed):
        last = last.replace(year=last.year + 1)
    return last


def _estimated(last: dt.date, horizon: dt.date) -> dict[dt.date, str]:
    """The rest days the estimate names, after the last decreed day: yearly (01-01) or dated (2027-02-06)."""
    rest: dict[str, str] = _rules("estimate.toml")["rest"]
    years = range(last.year + 1, horizon.year + 1)
    days = {f"{year}-{day}": name for year in years for day, name in rest.items() if len(day) == len("01-01")}
    days |= {day: name for day, name in rest.items() if len(day) == len("2027-01-01")}
    named = {dt.date.fromisoformat(day): name for day, name in days.items()}
    return {day: name for day, name in named.items() if last < day <= horizon}


def _table(marks: dict[dt.date, _Mark], last: dt.date, sources: Sequence[str]) -> Calendar:
    first = dt.date(min(_published()).year, 1, 1)
    horizon = dt.date(last.year + _rules("estimate.toml")["years"], 12, 31)
    length = (horizon - first).days + 1
    week = bytes((first.weekday() + offset) % 7 < 5 for offset in range(7))
    working = bytearray((week * (length // 7 + 1))[:length])
    names = _estimated(last, horizon)
    for day in names:
        working[(day - first).days] = 0
    for day, mark in marks.items():
        if not first <= day <= horizon:
            raise CalendarError(f"放假安排中的 {day} 不在 {first} 至 {horizon} 之内")
        offset = (day - first).days
        ordinary = "work" if week[offset % 7] else "rest"
        working[offset] = mark.kind == "work"
        names.pop(day, None)
        if mark.kind == "rest" and mark.festival:
            names[day] = mark.festival
        elif mark.kind == "work" and ordinary == "rest":
            names[day] = f"{mark.festival}调休补班"
    table = bytes(working)
    digest = sha256(f"{first} {last} ".encode() + table).hexdigest()[:8]
    return Calendar(first, last, f"{' + '.join(sources)} #{digest}", table, names)


def build(notice_days: Iterable[NoticeDay] = (), asof: dt.date | None = None) -> Calendar:
    """Make the calendar from the published data and the user's notice table.

    A notice published later overrides an earlier one, and any of them the published data. Years after that
    data become firm one by one as their notices arrive; a single row changes its day, never makes a year firm.

    Args:
        notice_days: rows of the notice table, in any order.
        asof: leave out what was published after this day, to explain a deadline judged then; rows that do not
            say when they were published are left out too.

    Raises:
        CalendarError: ``asof`` lies before the first decree on file, or a row's day outside the table.
    """
    rows = sorted(notice_days, key=_newest_last)  # the version lists them by publication
    if asof is None:
        marks, last = dict(_published()), dt.date(max(_published()).year, 12, 31)
    else:
        marks, last = _as_of(asof)
        rows = [row for row in rows if _newest_last(row) <= asof]
    marks |= _overlay(rows, asof or dt.date.max)
    sources = [f"chinese-calendar {_version()}"]
    sources += [] if asof is None else [f"截至{asof}"]
    sources += dict.fromkeys(row.notice_no for row in rows if row.notice_no)
    return _table(marks, _decreed_until(rows, last), sources)


@cache
def base() -> Calendar:
    """Make the calendar of the published data alone."""
    return build()
