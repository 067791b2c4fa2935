"""board, explain, preview: what is due today and why, and what would move if a date changed."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from macros.clocks.quiet import no_collection
from macros.commands import DONE, FOUND, Answer, lists
from macros.commands.books import write_text
from macros.commands.days import calendar_of
from macros.commands.judging import judged
from macros.commands.shelf import Shelf
from macros.commands.taking_back import with_days
from macros.commands.times import RULES, moment
from macros.commands.whole import not_whole
from macros.data import toml
from macros.findings import finding
from macros.hosts import Refused, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from macros.clocks.archive import Change
    from macros.clocks.item import Item
    from macros.forms import Column
    from macros.records import Record, Value
    from macros.register import Register

FILE, CALENDAR = "待办.xlsx", "待办.ics"
_WORDS = {"late": "逾期", "open": "在办", "waiting": "等待", "met": "按时办结", "met-late": "逾期办结"}


@no_collection()
def board(folder: Path, now: str | None = None) -> Answer:
    """Evaluate the 42 clocks of every row; writes 待办.xlsx, 待办.ics and 时限提示 beside the rows.

    Days told in 单据登记簿 are first entered in the rows the papers are about.
    Deadlines closed earlier keep the day they were judged by (时限存档.csv); what differs is listed.
    """
    from macros.clocks import archive, sheets
    from macros.clocks import board as rows
    from macros.clocks.hints import hints
    from macros.clocks.ics import calendar as events
    from macros.commands.archiving import archived, settle
    from macros.commands.taking_back import take_back

    shelf = Shelf(folder)
    at = moment(now)
    register, taken = take_back(shelf, shelf.register(), at.date())
    calendar = calendar_of(register)
    found = judged(register, at)
    held, unreadable = archived(shelf)
    items, _, changes = settle(shelf, held, found.items, at, calendar.version)
    held.clear()
    # The clocks of a table that is not there do not run, and nobody would miss them.
    findings = [*not_whole(register), *taken, *found.findings]
    findings += [finding("CLK009", workbook=archive.NAME, line=number) for number in unreadable]
    write_text(folder / CALENDAR, [events(items, at)], encoding="utf-8")
    if (folder / FILE).is_file():
        for sheet, cells in sheets.workbook(items, at, register.settings).items():
            try:
                shelf.output(FILE, sheet, cells)
            except Refused as refused:  # an older workbook, or a sheet the user has taken out: the others still count
                findings.append(refused.finding)
        findings += shelf.save()
    texts = {(place.workbook, place.sheet, place.row): text for place, text in hints(items, at).items()}
    shelf.hint(register, "due_hint", texts)
    findings = list(dict.fromkeys([*findings, *shelf.save()]))  # what keeps one sheet from being written keeps all

    def told() -> dict[str, Any]:
        return rows.as_json(items, at) | {
            "findings": [said.as_json() for said in findings], "changes": [change._asdict() for change in changes],
            "archive_unreadable": unreadable,
        }

    words = _board_text(items, at, changes, findings, FILE in shelf.saved)
    return Answer(told, words, FOUND if lists.failed(findings) else DONE)


def _board_text(
    items: Sequence[Item], at: dt.datetime, changes: Sequence[Change], findings: Sequence[Any], written: bool,
) -> str:
    from macros.clocks import board as rows

    states = Counter[str](item.state for item in items)
    lines = [
        f"{at:%Y-%m-%d %H:%M} 的待办：" + "，".join(f"{words} {states[state]}" for state, words in _WORDS.items())
    ]
    lines += [f"  {rows.line(item, at)}" for item in rows.nearest(items, toml(RULES)["pressing"])]
    lines.append((f"全部见《{FILE}》；" if written else "") + f"日历见 {CALENDAR}。")
    lines += [f"存档时限 {change.key} {change.clock}：{change.old} → {change.new}，{change.why}" for change in changes]
    return "\n".join(lines + ([lists.text(findings)] if findings else []))


def explain(key: str, clock: str, folder: Path, now: str | None = None) -> Answer:
    """The arithmetic of one deadline: counted and skipped days, clause and calendar.

    Raises:
        Refused: there is no such clock, or no row or period of that key.
    """
    from macros.clocks.explain import explain as told
    from macros.clocks.rules import clocks

    register = Shelf(folder).register()
    name = clock.upper()
    if name not in clocks():
        raise refuse("CMD009", value=clock, present="、".join(clocks()))
    at = moment(now)
    data = told(with_days(register, at.date()), calendar_of(register), at, key, name)
    if not data["due"] and not any(register.find(code, key) for code in register.tables):
        raise refuse("CMD006", value=key)
    lines = [f"{key} {name} {data['title']}（{data['clause']}）"]
    if data["due"]:
        mark = "（暂定）" if data["provisional"] else ""
        trigger = data["trigger"]
        on, due = (str(when).replace("T", " ") for when in (trigger["on"], data["due"]))
        lines.append(f"  起算：{trigger['field']} {on}；期限：{_spoken(data['limit'])}；到期：{due}{mark}")
    lines += [f"  {_spoken(sentence)}" for sentence in data["arithmetic"]]
    if data["counted"]:
        lines.append("  计入：" + "、".join(data["counted"]))
    if data["skipped"]:
        lines.append("  跳过：" + "、".join(f"{skip['on']}（{skip['why']}）" for skip in data["skipped"]))
    if data.get("note") and data["note"] not in data["arithmetic"]:
        lines.append(f"  备注：{data['note']}")
    return Answer(data, "\n".join([*lines, f"  日历：{data['calendar']}"]))


def _spoken(text: str) -> str:
    """A limit's unit as people say it."""
    from macros.clocks.rules import words

    spoken = words()["spoken"]
    return re.sub(rf"(?<=\d) ({'|'.join(spoken)})\b", lambda unit: str(spoken[unit[1]]), text)


def preview(key: str, field: str, value: str, folder: Path, now: str | None = None) -> Answer:
    """Every deadline that would move if the column ``field`` of the row ``key`` held ``value``; writes nothing.

    Raises:
        Refused: no such row or column, or a value the column cannot hold.
    """
    from macros.clocks.changes import preview as moved
    from macros.values import Unreadable

    register = Shelf(folder).register()
    record, name = _cell_of(register, key, field)
    column = record.form.column(name)
    try:
        typed = _typed(column, value) if value else None
    except Unreadable as unreadable:
        raise refuse(unreadable.code, value=value, **unreadable.details) from None
    at = _when_known(typed, moment(now))
    changes = moved(with_days(register, at.date()), calendar_of(register), at, record.form.code, key, name, typed)
    lines = [
        f"若 {key} 的“{column.title}”改为 {value or '空'}，"
        f"截至 {at:%Y-%m-%d} 变动的时限 {len(changes)} 个（台账未改动）："
    ]
    lines += [
        f"  {change.clock} {change.key}：{change.old or '无'}（{_WORDS.get(change.old_state, '无')}）"
        f" → {change.new or '无'}（{_WORDS.get(change.new_state, '无')}）" for change in changes
    ]
    moves = [change._asdict() for change in changes]
    return Answer({"key": key, "field": column.title, "changes": moves}, "\n".join(lines))


def _typed(column: Column, value: str) -> Value:
    """What a cell of the column would hold.

    Raises:
        Unreadable: the column cannot hold it.
    """
    from macros.choices import choices
    from macros.values import READERS, read_choice

    return read_choice(value, choices()[column.list]) if column.type == "choice" else READERS[column.type](value)


def _when_known(value: object, now: dt.datetime) -> dt.datetime:
    """The moment to try a date at: now, or the end of a day still to come, as nobody knows of it before."""
    if isinstance(value, dt.datetime):
        return max(now, value)
    if isinstance(value, dt.date):
        return max(now, dt.datetime.combine(value, dt.time(23, 59)))
    return now


def _cell_of(register: Register, key: str, field: str) -> tuple[Record, str]:
    """The first row with this key whose table has the column, and the column's English name."""
    found = [record for code in register.tables if (record := register.find(code, key))]
    if not found:
        raise refuse("CMD006", value=key)
    for record in found:
        for column in record.form.columns:
            if field in (column.title, column.heading, column.name, *column.aliases):
                return record, column.name
    raise refuse("CMD011", found[0].place.workbook, sheet=found[0].place.sheet, value=field)
