"""Checklists that the user owns: their lists, the cases filled by them, what is open and what is due by cycle (R12)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from macros.findings import about
from macros.months import first_of, last_of, name_of
from macros.periods import add_months
from macros.values import READERS, Unreadable
from macros.work.weeks import LENGTHS, period_of, week_of
from macros.work.words import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register
    from macros.tables import Values
    from macros.workdays import Calendar

_DAY, _WEEK = dt.timedelta(days=1), 7


class Checklist(NamedTuple):
    """A list: its title, cycle (week, month, quarter, year, empty for each case anew) and items in order."""

    title: str
    cycle: str
    told: str
    items: tuple[Record, ...]


class Case(NamedTuple):
    """One filling of a list: how many of its items are there and still without an answer."""

    title: str
    name: str
    items: int
    open: int
    refused: int


def checklists(register: Register) -> dict[str, Checklist]:
    """Every list by its title, in the order of the table; the first item tells the cycle."""
    found: dict[str, list[Record]] = {}
    for row in register.rows("checklist"):
        if row.text("list_title") and row["item"] is not None:
            found.setdefault(row.text("list_title"), []).append(row)
    return {
        title: Checklist(
            title, rules("checklists")["cycles"].get(items[0].text("cycle"), ""), items[0].text("cycle"),
            tuple(sorted(items, key=lambda row: _number(row))),
        ) for title, items in found.items()
    }


def cases(register: Register) -> dict[tuple[str, str], Case]:
    """Every case by list and case number."""
    no = rules("checklists")["no"]
    return {
        (str(title), str(name)): Case(
            str(title), str(name), len(rows), sum(row["answer"] is None for row in rows),
            sum(row.text("kind") == no["kind"] and row.text("answer") == no["answer"] for row in rows),
        ) for (title, name), rows in register.groups("checkup", ("list_title", "case_no")).items()
    }


def period(cycle: str, day: dt.date) -> tuple[str, dt.date]:
    """The name of the cycle that a day lies in, and the cycle's last day."""
    if cycle == "week":
        return week_of(day), day + (_WEEK - day.isoweekday()) * _DAY
    if cycle == "month":
        return name_of(day), last_of(name_of(day))
    months = period_of(name_of(day), cycle)
    last = add_months(first_of(months[0]), len(months)) - _DAY
    return (f"{day.year}-Q{(day.month - 1) // LENGTHS['quarter'] + 1}" if cycle == "quarter" else str(day.year)), last


def due(calendar: Calendar, cycle: str, day: dt.date) -> tuple[str, dt.date]:
    """The case of a cycle now running, and the working day it is to be finished by.

    Raises:
        CalendarError: the calendar does not hold the day.
    """
    name, last = period(cycle, day)
    return name, calendar.previous(last).day


def started(listed: Checklist, case: str, register: Register, today: dt.date) -> list[Values]:
    """The rows that a case still lacks; answered ones stay, and so do those whose item was taken out since."""
    there = {
        row.text("item_no") for row in register.rows("checkup")
        if row.text("list_title") == listed.title and row.text("case_no") == case
    }
    return [
        {
            "list_title": listed.title, "case_no": case, "item_no": item["item_no"], "item": item["item"],
            "kind": item["kind"], "who": item["who"], "started_on": today,
        } for item in listed.items if item.text("item_no") not in there
    ]


def doubts(rows: Sequence[Record]) -> list[Finding]:
    """Answers that are not what the item asks for, and a No without a remark."""
    found: list[Finding] = []
    kinds, no = rules("checklists")["kinds"], rules("checklists")["no"]
    for row in rows:
        rule, answer = kinds.get(row.text("kind"), {}), row.text("answer")
        if answer and not _fits(answer, rule.get("words"), rule.get("type", "")):
            found.append(about(row, "answer", "WRK042", kind=rule["told"]))
        if row.text("kind") == no["kind"] and answer == no["answer"] and row["remark"] is None:
            found.append(about(row, "remark", "WRK043"))
    return found


def state(case: Case | None) -> str:
    """How a case stands, in words."""
    said = rules("checklists")["states"]
    if case is None:
        return str(said["missing"])
    return str(said["open"].format(count=case.open) if case.open else said["done"])


def _fits(answer: str, words: Sequence[str] | None, kind: str) -> bool:
    if words is not None:
        return answer in words
    if not kind:
        return True
    try:
        return READERS[kind](answer) is not None
    except Unreadable:
        return False


def _number(row: Record) -> int:
    value = row["item_no"]
    return value if isinstance(value, int) else 0
