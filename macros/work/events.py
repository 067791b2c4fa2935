"""What the registers prove was done: visits, meetings, verified files, closed follow-ups, by day and customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from macros.work.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from macros.records import Record
    from macros.register import Register


class Event(NamedTuple):
    """Something done: the planned action it serves, empty when it serves none."""

    day: dt.date
    customer: str
    action: str
    key: str
    result: str
    row: Record


def events(register: Register, today: dt.date) -> list[Event]:
    """Every action done up to today, oldest first, visits that serve no planned action included."""
    found: list[Event] = []
    seen: set[tuple[str, str]] = set()
    for action in rules()["action"]:
        done = action["done"]
        for row in register.rows(done["table"]):
            day = row.date(done["day"])
            if day is None or day > today or not _fits(row, done["where"]):
                continue
            found.append(Event(day, _customer(register, row), action["name"], row.key, _said(row, done["result"]), row))
            seen.add((row.form.code, row.key))
    visit = action_rule(rules()["plan"]["default"])["done"]
    for row in register.rows(visit["table"]):
        day = row.date(visit["day"])
        if day and day <= today and (row.form.code, row.key) not in seen:
            found.append(Event(day, _customer(register, row), "", row.key, _said(row, visit["result"]), row))
    return sorted(found, key=lambda each: (each.day, each.key))


def proofs(register: Register, today: dt.date) -> dict[str, Event]:
    """By its number, every row that shows that what refers to it is done."""
    found: dict[str, Event] = {}
    for rule in rules()["proof"]:
        for row in register.rows(rule["table"]):
            day = row.date(rule["day"])
            if row.key and day and day <= today:
                said = _said(row, rule["result"])
                found.setdefault(row.key, Event(day, _customer(register, row), "", row.key, said, row))
    return found


def action_rule(name: str) -> Mapping[str, Any]:
    """How ``rules/work.toml`` tells of an action."""
    found: Mapping[str, Any] = next(each for each in rules()["action"] if each["name"] == name)
    return found


def _fits(row: Record, where: Mapping[str, list[str]]) -> bool:
    return all(row.text(column) in wanted for column, wanted in where.items())


def _customer(register: Register, row: Record) -> str:
    customer = register.customer_of(row)
    return customer.key if customer else row.text("customer_name") if "customer_name" in row.form.index else ""


def _said(row: Record, column: str) -> str:
    return row.text(column) if column else ""
