"""Makes the rows of a month's plan, and carries over what the month before left undone (§3.2.1, §3.2.2.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.months import previous
from macros.work.spread import spread
from macros.work.wanted import Wanted, action_of, is_own
from macros.work.weeks import week_of, workdays
from macros.work.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register
    from macros.tables import Values
    from macros.work.wanted import Month
    from macros.workdays import Calendar


def made(register: Register, month: Month, rows: Sequence[Wanted], today: dt.date) -> list[Values]:
    """The new rows of a month, numbered after those that are there, in the order of their days.

    Args:
        register: what it holds; its rows are never touched.
        month: the month planned.
        rows: what it lacks.
        today: the day it is planned.
    """
    days = spread(rows, (row for row in register.rows("plan") if row.text("month") == month.name))
    states, marks = rules()["plan"]["states"], rules()["plan"]["marks"]
    made = [
        {
            "month": month.name, "kind": row.kind, "customer_name": row.customer or None, "content": row.content,
            "target": row.target or None, "owner": row.owner or None, "made_on": today, "planned_on": day,
            "state": states["draft"], "mark": marks["planned"], "action": row.action, "related": row.related or None,
        } for day, row in sorted(zip(days, rows, strict=True), key=lambda pair: pair[0])
    ]
    return numbered(register, month.name, made)


def unfinished(register: Register, month: str) -> list[Record]:
    """The rows of the month before that are neither done nor carried over already."""
    states, plan = rules()["plan"]["states"], rules()["plan"]
    carried = {row.text("carried_from") for row in register.rows("plan")}
    return [
        row for row in register.rows("plan")
        if row.text("month") == previous(month) and row["done_on"] is None
        and row.text("state") not in (states["carried"], states["done"]) and row.text("kind") != plan["unplanned"]
        and row.key not in carried
    ]


def carried(
    register: Register, calendar: Calendar, month: str, today: dt.date,
) -> tuple[list[tuple[Record, Values]], list[Values]]:
    """What to set in the rows left undone, and the rows of the new month that go on with them.

    A row that stands in the new month already, in a run that was broken off, is only marked as carried over.

    Raises:
        CalendarError: the calendar does not hold the month.
    """
    plan = rules()["plan"]
    left = unfinished(register, month)
    old: list[tuple[Record, Values]] = [(row, {"state": plan["states"]["carried"]}) for row in left]
    there = {row.text("carried_from") for row in register.rows("plan")}
    old += [
        (row, {"state": plan["states"]["carried"]}) for row in register.rows("plan")
        if row.key in there and row["done_on"] is None and row.text("state") != plan["states"]["carried"]
    ]
    days = [day for day in workdays(calendar, month) if day >= today] or list(workdays(calendar, month)[-1:])
    rows = [
        Wanted(
            row.text("action"), row.text("kind"), row.text("customer_name"), row.text("owner"), row.text("content"),
            row.text("target"), tuple(days[: plan["carry_days"]]), row.text("related"),
        ) for row in left
    ]
    chosen = spread(rows, (row for row in register.rows("plan") if row.text("month") == month))
    new: list[Values] = [
        {
            "month": month, "kind": row["kind"], "customer_name": row["customer_name"], "content": row["content"],
            "target": row["target"], "owner": row["owner"], "planned_on": day, "state": plan["states"]["draft"],
            "mark": plan["marks"]["planned"], "action": row["action"], "related": row["related"],
            "carried_from": row.key, "carried": _times(row) + 1,
        } for row, day in zip(left, chosen, strict=True)
    ]
    return old, numbered(register, month, new)


def doubts(register: Register, calendar: Calendar, month: Month) -> list[Finding]:
    """Weeks of the month without a planned visit to a customer, rest days planned on, rows carried again and again."""
    from macros.findings import about, finding

    found = [finding("WRK009", week=week) for week in month.idle]
    plan = rules()["plan"]
    visits: dict[str, set[str]] = {}
    for row in register.rows("plan"):
        if row.text("month") != month.name:
            continue
        day = row.date("planned_on")
        open_ = row["done_on"] is None
        if day and open_ and calendar.first <= day <= calendar.horizon and not calendar.is_workday(day):
            found.append(about(row, "planned_on", "WRK010", day=day, why=calendar.reason(day)))
        if _times(row) > 1 and open_:
            found.append(about(row, "carried", "WRK011", times=_times(row)))
        if day and is_own(row) and action_of(row) == plan["default"]:
            visits.setdefault(row.text("customer_name"), set()).add(week_of(day))
    served = {(each.customer, week_of(each.day)) for each in month.done if each.action == plan["default"]}
    for name, planned in visits.items():
        found += [
            finding("WRK008", customer=name, week=week.name) for week in month.weeks
            if week.name not in planned and (name, week.name) not in served
        ]
    return found


def _times(row: Record) -> int:
    value = row["carried"]
    return value if isinstance(value, int) else 0


def numbered(register: Register, month: str, rows: Iterable[Values]) -> list[Values]:
    """The rows with the next free numbers of their month."""
    pattern = rules()["plan"]["number"]
    short = month.replace("-", "")[2:]
    shape = re.compile(re.escape(pattern.format(month=short, n=0)).replace("000", r"(\d+)"))
    numbers = [
        int(found[1]) for row in register.rows("plan")
        if row.text("month") == month and (found := shape.fullmatch(row.text("plan_no")))
    ]
    start = max(numbers, default=0) + 1
    return [
        {**row, "plan_no": pattern.format(month=short, n=number)}
        for number, row in enumerate(rows, start)
    ]
