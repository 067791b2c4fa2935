"""A week of one manager in figures and lines: what was done, what is open, what comes next (R4)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from macros.work.diary import counted, manager_of
from macros.work.events import action_rule
from macros.work.wanted import owner_of
from macros.work.weeks import days_between, week_of
from macros.work.words import rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.records import Record
    from macros.register import Register
    from macros.tables import Values
    from macros.workdays import Calendar

_DAY, _WEEK = dt.timedelta(days=1), 7


class Span(NamedTuple):
    """A week: its name, Monday and Sunday, and the last day that has come."""

    name: str
    first: dt.date
    last: dt.date
    until: dt.date


def span(day: dt.date, today: dt.date) -> Span:
    """The week a day lies in."""
    first = day - (day.isoweekday() - 1) * _DAY
    last = first + (_WEEK - 1) * _DAY
    return Span(week_of(day), first, last, min(last, today))


def managers(register: Register, week: Span) -> list[str]:
    """Whose week is told: managers of customers, of diary lines, and the one of the settings."""
    found = dict.fromkeys(owner_of(register, row) for row in register.rows("customer"))
    found |= dict.fromkeys(
        row.text("manager") for row in register.rows("diary")
        if (day := row.date("day")) and week.first <= day <= week.last
    )
    return [name for name in found if name]


def figures(register: Register, calendar: Calendar, week: Span, manager: str) -> Values:
    """The week's counts as the row its paper prints.

    Raises:
        CalendarError: the calendar does not hold the week.
    """
    rule = rules("diary")["week"]
    worked = [day for day in days_between(week.first, week.last) if calendar.is_workday(day)]
    written = {row.date("day") for row in _diary(register, week, manager)}
    unwritten = [day for day in worked if day <= week.until and day not in written]
    visits = _visits(register, week, manager)
    on_site = {row.text("customer_name") for row in visits if row.text("manner") == _on_site()}
    mine = [row.key for row in register.rows("customer") if row.key and owner_of(register, row) == manager]
    plans = _plans(register, week.first, week.last, manager)
    return {
        "week": week.name, "manager": manager, "first": week.first, "last": week.last, "workdays": len(worked),
        "written": len([day for day in written if day in worked]),
        "unwritten": "、".join(f"{day:%m-%d}" for day in unwritten) or rule["none"],
        "visits": len(visits), "visited": len(on_site),
        "unvisited": "、".join(name for name in mine if name not in on_site) or rule["none"],
        "papers": counted(register, rule["papers"], week.first, week.until, manager),
        "cases": sum(counted(register, each, week.first, week.until, manager) for each in rule["cases"]),
        "planned": len(plans), "done": sum(row["done_on"] is not None for row in plans),
    }


def lines(register: Register, week: Span, manager: str) -> list[Values]:
    """The lines of the summary: the diary, the plans still open, the plans of the week after."""
    parts = rules("diary")["week"]["parts"]
    states = rules()["plan"]["states"]
    told: list[tuple[str, Record, dt.date | None, str, str, str]] = [
        (parts["now"], row, row.date("day"), "work", "result", "related") for row in _diary(register, week, manager)
    ]
    told += [
        (parts["open"], row, row.date("planned_on"), "content", "result", "plan_no")
        for row in register.rows("plan")
        if row.text("owner") == manager and row["done_on"] is None and row.text("state") != states["carried"]
        and (day := row.date("planned_on")) and day <= week.last
    ]
    following = _plans(register, week.last + _DAY, week.last + _WEEK * _DAY, manager)
    told += [
        (parts["next"], row, row.date("planned_on"), "content", "target", "plan_no")
        for row in following if row["done_on"] is None
    ]
    return [
        {
            "week": week.name, "manager": manager, "part": part, "line_no": number, "day": day,
            "customer_name": row["customer_name"], "work": row[work], "result": row[result], "related": row[related],
        } for number, (part, row, day, work, result, related) in enumerate(told, 1)
    ]


def _diary(register: Register, week: Span, manager: str) -> list[Record]:
    found = [
        (day, row) for row in register.rows("diary")
        if row.text("manager") == manager and (day := row.date("day")) and week.first <= day <= week.last
    ]
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def _visits(register: Register, week: Span, manager: str) -> list[Record]:
    return [
        row for row in register.rows("visit")
        if (day := row.date("visited_on")) and week.first <= day <= week.until and manager_of(register, row) == manager
    ]


def _plans(register: Register, first: dt.date, last: dt.date, manager: str) -> list[Record]:
    """A manager's rows planned from the first to the last day and not carried over, by day."""
    found = [
        (day, row) for row in register.rows("plan")
        if row.text("owner") == manager and row.text("state") != rules()["plan"]["states"]["carried"]
        and (day := row.date("planned_on")) and first <= day <= last
    ]
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def _on_site() -> str:
    """The manner of visit that counts for the quota."""
    return str(action_rule(rules()["plan"]["default"])["done"]["where"]["manner"][0])


def idle_days(found: Iterator[Values] | list[Values]) -> dict[str, str]:
    """By manager, the working days without a line."""
    none = rules("diary")["week"]["none"]
    return {str(row["manager"]): str(row["unwritten"]) for row in found if row["unwritten"] != none}
