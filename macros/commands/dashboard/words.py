"""The workbench in words: what each cell of the page says, and where it leads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.clocks import board
from macros.clocks.item import DAY, day
from macros.commands.dashboard.figures import rules, worked
from macros.periods import CalendarError
from macros.records import Link

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.clocks.item import Item
    from macros.commands.dashboard.figures import Customer, Money, Morning, Weekday
    from macros.records import Cell
    from macros.workdays import Calendar

_MONEY, _COUNT, _RATE = "#,##0.00", "#,##0", "0.0%"
#: Signs of a matter and its next step that two lines of the page hold.
_LONG = 46
_SUNDAY = 6


class Told(NamedTuple):
    """A cell: its value, whether it is pressing (late, today, done), the cell it leads to, its number format."""

    value: Cell
    state: str = ""
    target: str = ""
    format: str = "General"
    bold: bool = False


class Block(NamedTuple):
    """A list of the page: its heading, its columns, its lines, and what stands below or instead of them."""

    title: str
    columns: Sequence[str]
    lines: Sequence[Sequence[Told]]
    rest: str


class Tile(NamedTuple):
    """A big number."""

    title: str
    number: Cell
    hint: str
    colour: str
    format: str


class DayBox(NamedTuple):
    """A day of the week in words."""

    title: str
    told: str
    rest: bool
    late: bool
    today: bool


class Page(NamedTuple):
    """Everything the page says."""

    title: str
    day: str
    tiles: Sequence[Tile]
    today: Block
    week_title: str
    week: Sequence[DayBox]
    red: Block
    money: Block
    customers: Block
    made: str


def page(found: Morning, calendar: Calendar, settings: Mapping[str, str], folder: Path, home: Path) -> Page:
    """Put the figures in words.

    Args:
        found: the figures.
        calendar: the working days, for the day's heading.
        settings: city and manager.
        folder: the register, which the links lead to.
        home: where the workbook will lie.
    """
    words, at = rules(), found.at
    where = _way(folder.resolve(), home.resolve())
    head = words["head"]["title"].format(city=settings.get("城市", ""), manager=settings.get("客户经理", ""))
    return Page(
        head.replace("　　", "　").strip("　"),  # without a city or a manager
        _day(at.date(), calendar), _tiles(found), _today(found, where), words["week"]["title"],
        [_box(each, at.date()) for each in found.week], _red(found, where), _money(found),
        _customers(found.customers), f"{at:%Y-%m-%d %H:%M}",
    )


def _way(folder: Path, home: Path) -> str:
    """How a link from a workbook in ``home`` begins that leads to one in ``folder``."""
    if folder == home:
        return ""
    try:
        return f"{os.path.relpath(folder, home)}/".replace(os.sep, "/")
    except ValueError:  # two drives of Windows
        return f"{folder.as_uri()}/"


def _day(today: dt.date, calendar: Calendar) -> str:
    """The date with its weekday, and whether it is worked."""
    words = rules()["head"]
    weekday = words["weekday"].format(sign=words["weekdays"][today.weekday()])
    try:
        why = calendar.reason(today)
        if worked(calendar, today):
            kind = words["makeup"].format(why=why) if why else words["work"]
        else:
            plain = why.startswith("周")
            kind = words["weekend" if plain else "rest"].format(why=why, next=calendar.next(today).day)
    except CalendarError:
        kind = words["unknown"]
    return str(words["day"].format(day=today, weekday=weekday, kind=kind))


def _tiles(found: Morning) -> list[Tile]:
    today, rate = found.at.date(), found.rate
    to_come = sum(each.due for each in found.week if each.day >= today)
    numbers: dict[str, tuple[Cell, bool, str]] = {
        "today": (len(found.today), not found.today, _COUNT),
        "week": (to_come, not to_come, _COUNT),
        "late": (found.late, not found.late, _COUNT),
        "supervised": (found.supervised, not found.supervised, _COUNT),
        "owed": (float(found.money.owed), not found.money.owed, _MONEY if found.money.owed else _COUNT),
        "rate": (None if rate.rate is None else float(rate.rate), rate.rate is None, _RATE),
    }
    facts = {
        "late": found.late, "sunday": today + (_SUNDAY - today.weekday()) * DAY, "hard": found.hard,
        "keys": len(found.red), "overdue": found.money.overdue, "judged": rate.judged, "met": rate.met,
    }
    made = []
    for each in rules()["tile"]:
        number, calm, shown = numbers[each["name"]]
        colour = "calm" if calm else each["colour"]
        if rate.rate is not None and "good" in each:
            colour = colour if rate.rate >= each["good"] else "near" if rate.rate >= each["fair"] else "late"
        made.append(Tile(
            each["title"], each["none"] if number is None else number, each["hint"].format(**facts), colour, shown,
        ))
    return made


def _today(found: Morning, where: str) -> Block:
    words, most = rules()["today"], rules()["rows"]["today"]
    matters: dict[object, list[Item]] = {}
    for item in found.today:  # a duty of every customer, such as the weekly visit, is one line
        matters.setdefault((item.clock, item.due) if _again(item) else item, []).append(item)
    shown = list(matters.values())[:most]
    lines = []
    for held in shown:
        line = [_time(held[0], found.at), *_task(held[0], where)]
        if len(held) > 1:
            line[2] = Told(words["several"].format(count=len(held)))
        lines.append(line)
    near = [
        [Told(words["near"].format(day=day(item.due))), *_task(item, where)] for item in found.following if item.due
    ]
    left = len(found.today) - sum(map(len, shown))
    rest = words["more"].format(count=left) if left else ""
    if not lines:
        rest = words["none"] + (words["above"] if near else "")
    return Block(words["title"], words["columns"], [*lines, *near][:most], rest)


def _time(item: Item, at: dt.datetime) -> Told:
    assert item.due is not None
    if day(item.due) > at.date():
        return Told(rules()["today"]["act"].format(day=day(item.due)), "today")
    shown = board.shown(item.due)
    return Told(shown[-5:] if " " in shown else board.distance(item.due, at), "today")


def _task(item: Item, where: str, also: str = "") -> list[Told]:
    """A matter's number, which leads to its cell, its customer, the next step and the clause."""
    text = f"{item.title}{also}：{item.next_action}"
    link = board.where(item)
    target = f"{where}{link.target}" if isinstance(link, Link) else ""
    return [
        Told(_number(item), target=target), Told(item.branch or item.customer),
        Told(text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"), Told(f"{item.clock} {item.clause}"),
    ]


def _number(item: Item) -> str:
    """What the matter is called: its row's number, or the period of a duty that comes again and again."""
    return item.period if _again(item) else item.key


def _again(item: Item) -> bool:
    """Whether a duty comes every week or month, as the weekly visit."""
    return item.rule.shape == "period" and bool(item.period)


def _red(found: Morning, where: str) -> Block:
    words, most = rules()["red_list"], rules()["rows"]["red"]
    lines = [
        [
            Told(board.distance(each.item.due, found.at), "late"),
            *_task(each.item, where, words["also"].format(count=each.deadlines) if each.deadlines > 1 else ""),
        ] for each in found.red[:most]
    ]
    left = len(found.red) - len(lines)
    rest = words["more"].format(count=left) if left else "" if lines else words["none"]
    return Block(words["title"], words["columns"], lines, rest)


def _box(each: Weekday, today: dt.date) -> DayBox:
    words = rules()["week"]
    title = words["day"].format(sign=rules()["head"]["weekdays"][each.day.weekday()], day=each.day)
    if each.worked is False:
        title = f"{title} {words['rest']}"
    told = [words["due"].format(count=each.due)] if each.due else []
    told += [words["late"].format(count=each.late)] if each.late else []
    return DayBox(title, "\n".join(told) or words["none"], each.worked is False, bool(each.late), each.day == today)


def _money(found: Morning) -> Block:
    words, most = rules()["money"], rules()["rows"]["money"]
    title = words["title"]
    if found.pay_by is not None:
        left = (found.pay_by - found.at.date()).days
        title += words["until"].format(day=found.pay_by, left=left) if left else words["today"]
    shown = list(found.months.items())[-most:]
    lines = [_sums(month, each) for month, each in reversed(shown)]
    if len(found.months) > 1:
        lines.append([told._replace(bold=True) for told in _sums(words["total"], found.money)])
    return Block(title, words["columns"], lines, "" if lines else words["none"])


def _sums(name: str, each: Money) -> list[Told]:
    owed = Told(float(each.owed), "late" if each.overdue else "", format=_MONEY)
    return [Told(name), Told(float(each.billed), format=_MONEY), Told(float(each.received), format=_MONEY), owed]


def _customers(found: Sequence[Customer]) -> Block:
    words, most = rules()["customers"], rules()["rows"]["customers"]
    states: dict[str, Any] = {"visited": "done", "late": "late"}
    lines = []
    for each in found[:most]:
        said = words[each.visit] + (f" {each.last_on.month}/{each.last_on.day}" if each.last_on else "")
        counts = [Told(each.late, "late" if each.late else ""), Told(each.demands), Told(each.cases)]
        lines.append([Told(each.name), Told(said, states.get(each.visit, "")), *counts])
    left = len(found) - len(lines)
    rest = words["more"].format(count=left) if left else "" if lines else words["none"]
    return Block(words["title"], words["columns"], lines, rest)
