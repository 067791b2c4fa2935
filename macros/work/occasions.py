"""The days that call for a greeting: festivals of the working-day calendar, anniversaries, important events (§3.2)."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from typing import TYPE_CHECKING, NamedTuple

from macros.work.weeks import days_between
from macros.work.words import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from macros.records import Record
    from macros.register import Register
    from macros.tables import Values
    from macros.workdays import Calendar

_DAY = dt.timedelta(days=1)


class Occasion(NamedTuple):
    """Somebody to greet: the day, why, and the working day to do it by."""

    day: dt.date
    name: str
    kind: str
    greet_by: dt.date
    contact: Record

    @property
    def key(self) -> str:
        """How the document register knows the letter."""
        return f"{self.contact.key}/{self.day}/{self.name}"


def festivals(calendar: Calendar, first: dt.date, last: dt.date) -> list[tuple[dt.date, str]]:
    """The first rest day of each festival greeted on, from the first to the last day."""
    rule = rules("care")
    found = []
    for day in days_between(first, last):
        if day - _DAY < calendar.first or day > calendar.horizon or calendar.is_workday(day):
            continue
        before = set(calendar.names.get(day - _DAY, "").split(rule["between"]))
        named = calendar.names.get(day, "").split(rule["between"])
        found += [(day, name) for name in named if name in rule["festivals"] and name not in before]
    return found


def occasions(register: Register, calendar: Calendar, first: dt.date, last: dt.date) -> list[Occasion]:
    """Everybody to greet for a day from the first to the last, by day; once for each day and reason.

    Raises:
        CalendarError: the calendar does not hold the days.
    """
    found: dict[str, Occasion] = {}
    for day, name, kind, contact in _all(register, calendar, first, last):
        made = Occasion(day, name, kind, calendar.sub(day, 1).day, contact)
        found.setdefault(made.key, made)
    return sorted(found.values(), key=lambda each: each.day)


def _all(
    register: Register, calendar: Calendar, first: dt.date, last: dt.date,
) -> Iterator[tuple[dt.date, str, str, Record]]:
    rule = rules("care")
    contacts = [row for row in register.rows("contact") if row["person"] and row["customer_name"]]
    shared = [(day, name, rule["kinds"]["festival"]) for day, name in festivals(calendar, first, last)]
    shared += [
        (day, each["name"], rule["kinds"]["event"]) for each in rule["event"]
        for day in _yearly(each["month"], each["day"], first, last)
    ]
    for day, name, kind in shared:
        for contact in contacts:
            yield day, name, kind, contact
    for contact in contacts:
        born = contact.date("anniversary")
        for day in _yearly(born.month, born.day, first, last) if born else ():
            yield day, rule["anniversary"]["name"], rule["kinds"]["anniversary"], contact
    for event in register.rows("event"):
        held = event.date("held_on")
        if held is None or event["matter"] is None:
            continue
        days = _yearly(held.month, held.day, first, last) if event["yearly"] else [held]
        for day in (each for each in days if first <= each <= last):
            for contact in _invited(event, contacts):
                yield day, event.text("matter"), rule["kinds"]["event"], contact


def _yearly(month: int, day: int, first: dt.date, last: dt.date) -> list[dt.date]:
    """The day of every year in a span; 29 February falls on the 28th where there is none."""
    found = []
    for year in range(first.year, last.year + 1):
        when = dt.date(year, month, min(day, monthrange(year, month)[1]))
        if first <= when <= last:
            found.append(when)
    return found


def _invited(event: Record, contacts: Sequence[Record]) -> list[Record]:
    """The contacts an event is for: the one named, all of its customer, or all."""
    return [
        row for row in contacts
        if event["customer_name"] in (None, row["customer_name"]) and event["person"] in (None, row["person"])
    ]


def greeted(register: Register, each: Occasion) -> Record | None:
    """The letter already issued for an occasion: its own, or one by hand for the reason noted with the contact."""
    rule = rules("care")
    for entry in register.rows("document"):
        if entry.text("form_no") == rule["paper"] and entry.text("row_key") == each.key:
            return entry
        issued = entry.date("issued_at")
        by_hand = entry.text("form_no") == rule["by_hand"] and entry.text("row_key") == each.contact.key
        named = each.contact.text("occasion") == each.name
        if by_hand and named and issued and each.day - dt.timedelta(days=rule["days"]) <= issued <= each.day:
            return entry
    return None


def pending(register: Register, today: dt.date) -> list[Values]:
    """What is open with each customer and what was closed of late, with how far it is."""
    rule, made = rules("care"), list[dict[str, object]]()
    for matter in rule["matter"]:
        for row in register.rows(matter["table"]):
            closed = row.date(matter["closed"])
            if not row.key or (closed and not today - dt.timedelta(days=rule["recent_days"]) <= closed <= today):
                continue
            customer = register.customer_of(row)
            state = next((each["say"] for each in matter["stages"] if row[each["column"]] is not None), matter["begun"])
            made.append({
                "customer_name": customer.key if customer else None, "number": row.key, "kind": matter["kind"],
                "matter": next((row.text(name) for name in matter["words"] if row[name] is not None), None),
                "state": f"{matter['finished']}（{closed}）" if closed else state,
                "since": row.date(matter["since"]) if matter["since"] else None, "due": row.date(matter["due"]),
            })
    return [row for row in made if row["customer_name"]]  # type: ignore[misc]
