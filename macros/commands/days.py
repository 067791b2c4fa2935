"""workdays: the working-day calendar, its arithmetic and the import of a State Council notice."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from macros.commands import Answer, lists
from macros.commands.shelf import Shelf
from macros.commands.times import moment, named
from macros.forms import forms
from macros.hosts import refuse

if TYPE_CHECKING:
    from pathlib import Path

    from macros.clocks.archive import Change
    from macros.notices import NoticeDay
    from macros.register import Register
    from macros.workdays import Calendar

_KINDS = {"休": "rest", "班": "work"}
_MARKS = {kind: mark for mark, kind in _KINDS.items()}


def notice_days(register: Register) -> list[NoticeDay]:
    """The user's notice table as calendar rows."""
    from macros.notices import NoticeDay

    days: list[NoticeDay] = []
    for record in register.rows("holiday"):
        day, kind = record.date("day"), _KINDS.get(record.text("kind"))
        if day and kind:
            days.append(NoticeDay(
                day, "rest" if kind == "rest" else "work", record.text("festival"), record.text("notice_no"),
                record.date("published_on"),
            ))
    return days


def calendar_of(register: Register) -> Calendar:
    """The calendar this register is judged by: the published days and its own notice table."""
    from macros.calendars import build

    return build(notice_days(register))


def _calendar(folder: Path | None) -> Calendar:
    from macros.calendars import base

    return calendar_of(Shelf(folder).on_demand()) if folder else base()


def add(start: str, n: int, folder: Path | None = None) -> Answer:
    """The ``n``-th working day after (before, for a negative ``n``) the day ``start``."""
    calendar, day = _calendar(folder), named(start).date()
    due = calendar.add(day, n) if n >= 0 else calendar.sub(day, -n)
    mark = "（暂定：所用年份的放假通知尚未发布）" if due.provisional else ""
    side = "后" if n >= 0 else "前"
    return Answer(
        {"due": due.day.isoformat(), "provisional": due.provisional},
        f"{day} {side}第 {abs(n)} 个工作日是 {due.day}{mark}。",
    )


def between(start: str, end: str, folder: Path | None = None) -> Answer:
    """Working days after ``start`` up to and including ``end``."""
    calendar, first, last = _calendar(folder), named(start).date(), moment(end).date()
    days, provisional = calendar.count(first, last), calendar.provisional(last)
    mark = "（暂定）" if provisional else ""
    return Answer(
        {"days": days, "provisional": provisional}, f"{first}（不含）至 {last}（含）共 {days} 个工作日{mark}。"
    )


def show(year: int, folder: Path | None = None) -> Answer:
    """The rest days and make-up days of one year.

    Raises:
        Refused: the calendar does not know the year.
    """
    calendar = _calendar(folder)
    if not calendar.first.year <= year <= calendar.horizon.year:
        raise refuse("CMD014", value=year, first=calendar.first.year, last=calendar.horizon.year)
    days = [dt.date(year, 1, 1) + dt.timedelta(days=n) for n in range(366)]
    days = [day for day in days if day.year == year]
    special = [day for day in days if calendar.is_workday(day) != (day.weekday() < 5)]
    working = sum(map(calendar.is_workday, days))
    state = "" if dt.date(year, 12, 31) <= calendar.last_decreed else "（暂定：放假通知尚未发布）"
    lines = [f"{year} 年共 {working} 个工作日{state}。依据：{calendar.version}"]
    lines += [f"  {day}  {'班' if calendar.is_workday(day) else '休'}  {calendar.reason(day)}" for day in special]
    return Answer(
        {
            "year": year, "workdays": working, "provisional": bool(state), "calendar": calendar.version,
            "days": [
                {"on": day.isoformat(), "work": calendar.is_workday(day), "why": calendar.reason(day)}
                for day in special
            ],
        },
        "\n".join(lines),
    )


def import_notice(notice: Path, folder: Path, now: str | None = None) -> Answer:
    """Read the text of a State Council notice into 节假日 and list every open deadline it moves.

    The notice is plain text in a file; days already in the table from the same notice are not added twice.
    """
    from macros.calendars import build
    from macros.notices import parse

    shelf = Shelf(folder)
    register = shelf.register()
    known = notice_days(register)
    rows, findings = parse(_text(notice), calendar=build(known))
    present = {(day.day, day.notice_no) for day in known}
    fresh = [] if lists.failed(findings) else [row for row in rows if (row.day, row.notice_no) not in present]
    at = moment(now)
    moved = _moved(shelf, register, known, fresh, at) if fresh else []
    form = forms()["holiday"]
    blank = [None] * (len(form.columns) - 5)
    shelf.append(form, [
        [row.day, _MARKS[row.kind], row.festival, row.notice_no, row.published_on, *blank] for row in fresh
    ])
    unsaved = shelf.save()
    if unsaved:
        fresh, moved = [], []
    findings = [*findings, *unsaved]
    words = [f"读出 {len(rows)} 天，新增 {len(fresh)} 天；变动的时限 {len(moved)} 个。"]
    for change in moved:
        firmed = "（暂定转为确定）" if change.old == change.new else ""
        words.append(f"  {change.clock} {change.key}：{change.old} → {change.new}{firmed}")
    told = [
        {"on": day.day.isoformat(), "work": day.kind == "work", "festival": day.festival, "notice": day.notice_no}
        for day in rows
    ]
    moves = [change._asdict() for change in moved]
    return lists.answer({"days": len(rows), "added": len(fresh), "moved": moves, "rows": told}, words, findings)


def _moved(
    shelf: Shelf, register: Register, known: list[NoticeDay], fresh: list[NoticeDay], at: dt.datetime,
) -> list[Change]:
    """Deadlines that ``fresh`` days move; those closed already are archived first and stay as they were judged."""
    from macros.calendars import build
    from macros.clocks.changes import diff
    from macros.clocks.engine import evaluate
    from macros.commands.archiving import archived, settle

    old, new = build(known), build([*known, *fresh])
    before = evaluate(register, old, at)
    settle(shelf, archived(shelf)[0], before, at, old.version)
    after = evaluate(register, new, at)
    return diff(*([item for item in items if item.closed_on is None] for items in (before, after)))


def _text(notice: Path) -> str:
    from macros.hosts.regular import content
    from macros.hosts.text import decode

    return decode(content(notice), notice.name)
