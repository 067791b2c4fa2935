"""Lists what a new calendar, or a changed cell, would do to deadlines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from macros.clocks.archive import Change
from macros.clocks.engine import judge_all
from macros.clocks.item import Item, iso
from macros.clocks.rules import clocks, words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from macros.records import Record, Value
    from macros.register import Register
    from macros.workdays import Calendar

#: The table whose rows say how days are counted.
_SWITCHES = "assumption"


def diff(old: Iterable[Item], new: Iterable[Item]) -> list[Change]:
    """What differs between two evaluations, old → new per deadline, in the order of the clocks.

    A deadline that only turns from provisional to firm is listed too, with that as its reason.
    """
    said = words()["change"]
    before = {(item.clock, item.key): item for item in old}
    after = {(item.clock, item.key): item for item in new}
    changes: list[Change] = []
    for name in sorted(before.keys() | after.keys()):
        was, becomes = before.get(name), after.get(name)
        why = _why(was, becomes)
        if why:
            day = _act_by if why == "act" else _due
            changes.append(Change(name[1], name[0], day(was), day(becomes), _state(was), _state(becomes), said[why]))
    return changes


def _why(was: Item | None, becomes: Item | None) -> str:
    if was is None or becomes is None:
        return "appeared" if was is None else "gone"
    if was.due != becomes.due:
        return "moved"
    if was.state != becomes.state:
        return "state"
    if was.act_by != becomes.act_by:
        return "act"
    return "firm" if was.provisional and not becomes.provisional else ""


def _act_by(item: Item | None) -> str:
    return (iso(item.act_by) or "") if item else ""


def _due(item: Item | None) -> str:
    return (iso(item.due) or "") if item else ""


def _state(item: Item | None) -> str:
    return item.state if item else ""


def preview(
    register: Register, calendar: Calendar, now: dt.datetime, table: str, key: str, column: str, value: Value,
) -> list[Change]:
    """Every deadline that changes if the cell ``column`` of the row ``key`` held ``value``; nothing is written.

    Args:
        register: the tables as they stand.
        calendar: the working days.
        now: the moment to judge at.
        table: the row's table.
        key: the row's number.
        column: the column's English name.
        value: the typed value it would hold, None to clear it.

    Raises:
        KeyError: no such row or column.
    """
    record = register.find(table, key)
    if record is None:
        raise KeyError(key)
    values = list(record.values)
    values[record.form.index[column]] = value
    changed = replace(record, values=tuple(values))
    rows = tuple(changed if row is record else row for row in register.rows(table))
    other = register.having({table: rows})
    if table == _SWITCHES:  # how days are counted touches every clock
        return diff(judge_all(register, calendar, now).items, judge_all(other, calendar, now).items)
    own = [clock.id for clock in clocks().values() if clock.table == table and clock.shape != "period"]
    rest = [clock.id for clock in clocks().values() if table in clock.tables and clock.id not in own]
    was = _judge(register, calendar, now, own, rest, record)
    becomes = _judge(other, calendar, now, own, rest, changed)
    return diff(was, becomes)


def _judge(
    register: Register, calendar: Calendar, now: dt.datetime, own: list[str], rest: list[str], record: Record,
) -> list[Item]:
    """The items of one row, and those of other rows that read its table."""
    only = {record.form.code: (record,)}
    items = judge_all(register, calendar, now, clocks=own, only=only).items
    return items + (judge_all(register, calendar, now, clocks=rest).items if rest else [])


__all__ = ["Change", "diff", "preview"]
