"""Ticks a plan by what was done: ★ where a row's visit, meeting or follow-up is there, ● for what was in no plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.months import name_of
from macros.work.events import events, proofs
from macros.work.planning import numbered
from macros.work.wanted import action_of, owner_of
from macros.work.weeks import week_of
from macros.work.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from macros.records import Record
    from macros.register import Register
    from macros.tables import Values
    from macros.work.events import Event


class Ticked(NamedTuple):
    """What to set in rows that are there, and the rows to add for what was not planned."""

    updates: list[tuple[Record, Values]]
    added: list[Values]


def ticked(register: Register, months: Collection[str], today: dt.date) -> Ticked:
    """Tick the plans of some months.

    A visit ticks the row of its customer and action that is planned in its week, else the earliest one left from an
    earlier week of the month; where there is none it is entered as unplanned, in months that have a plan.

    Args:
        register: plans and what proves them done.
        months: the plans looked at.
        today: the day; what is dated later has not happened yet.
    """
    rows = [row for row in register.rows("plan") if row.text("month") in months and not _carried(row)]
    used = {row.text("related") for row in register.rows("plan")} - {""}
    done: dict[int, Event] = {}
    known = proofs(register, today)
    for number, row in enumerate(rows):
        if row["done_on"] is None and row.text("related") in known:
            done[number] = known[row.text("related")]
    loose: list[Event] = []
    for event in events(register, today):
        if name_of(event.day) not in months or event.key in used:
            continue
        place = _place(rows, done, event)
        if place is not None:
            done[place] = event
        elif event.row.form.code == "visit":
            loose.append(event)
    updates = [(row, said) for number, row in enumerate(rows) if (said := _said(row, done.get(number)))]
    return Ticked(updates, _unplanned(register, rows, loose))


def _carried(row: Record) -> bool:
    return row.text("state") == str(rules()["plan"]["states"]["carried"])


def _place(rows: Sequence[Record], done: dict[int, Event], event: Event) -> int | None:
    """The row that an event does: ticked by hand for its day, planned in its week, or left from before."""
    mine = [
        (number, row, row.date("planned_on")) for number, row in enumerate(rows)
        if number not in done and row["related"] is None and row.text("month") == name_of(event.day)
        and row.text("customer_name") == event.customer and _serves(row, event)
    ]
    by_hand = [number for number, row, _ in mine if row.date("done_on") == event.day]
    open_ = [(number, day) for number, row, day in mine if row["done_on"] is None]
    same = [number for number, day in open_ if day and week_of(day) == week_of(event.day)]
    earlier = sorted((day, number) for number, day in open_ if day and day < event.day)
    undated = [number for number, day in open_ if day is None]
    later = [number for number, _ in open_] if event.action != rules()["plan"]["default"] else []
    return next(iter([*by_hand, *same, *(number for _, number in earlier), *undated, *later]), None)


def _serves(row: Record, event: Event) -> bool:
    """Whether an event is what a row plans; a visit's row that names no action takes any visit."""
    if row["action"] is None and row.text("kind") == rules()["plan"]["visit"]:
        return event.row.form.code == "visit"
    return bool(event.action) and action_of(row) == event.action


def _said(row: Record, event: Event | None) -> Values:
    """What differs between a row and what is known of it."""
    plan = rules()["plan"]
    finished = row.date("done_on") or (event.day if event else None)
    wanted: Values = {}
    if event:
        wanted["done_on"] = event.day
        if row["related"] is None and event.row.form.code != "customer":
            wanted["related"] = event.key
        if row["result"] is None and event.result:
            wanted["result"] = event.result
    if row.text("mark") != plan["marks"]["unplanned"]:
        wanted["mark"] = plan["marks"]["done" if finished else "planned"]
    if finished and row.text("state") == plan["states"]["approved"]:
        wanted["state"] = plan["states"]["done"]
    if row["state"] is None:
        wanted["state"] = plan["states"]["draft"]
    return {name: value for name, value in wanted.items() if row[name] != value}


def _unplanned(register: Register, rows: Sequence[Record], loose: Sequence[Event]) -> list[Values]:
    plan, words = rules()["plan"], rules()["unplanned"]
    planned = {row.text("month") for row in rows if row.text("kind") == plan["visit"]}
    added: list[Values] = []
    for month in sorted(planned):
        made: list[Values] = [
            {
                "month": month, "kind": plan["unplanned"], "customer_name": event.customer or None,
                "content": words["content"].format(**{
                    name: event.row.text(name) for name in ("kind", "manner", "topics")
                }).rstrip("："),
                "owner": owner_of(register, register.customer_of(event.row)) or None, "planned_on": event.day,
                "done_on": event.day, "state": plan["states"]["done"], "result": event.result or None,
                "mark": plan["marks"]["unplanned"], "action": event.action or None, "related": event.key,
            } for event in loose if name_of(event.day) == month
        ]
        added += numbered(register, month, made)
    return added
