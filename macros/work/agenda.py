"""The list of the day: whom a manager visits and what falls due with them, each customer's lines together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.item import day
from macros.work.quotas import followed, is_done
from macros.work.wanted import owner_of
from macros.work.weeks import week_of
from macros.work.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from macros.clocks.item import Item
    from macros.records import Record
    from macros.register import Register
    from macros.tables import Values
    from macros.work.quotas import Quota


class Line(NamedTuple):
    """One thing to do with a customer that day."""

    manager: str
    customer: str
    reason: str
    due: dt.date
    content: str
    related: str


def agenda(register: Register, items: Sequence[Item], quotas: Sequence[Quota], today: dt.date) -> list[Line]:
    """Everything that calls for a customer today, by manager, the customers in the order of the register.

    Args:
        register: plans, follow-ups, customers.
        items: the board's items of the clocks that call for a visit.
        quotas: the weeks of the customers.
        today: the day.
    """
    found = [*_plans(register, today), *_quota(register, quotas, today), *_followups(register, today)]
    found += _calls(register, items, today)
    place = {row.key: number for number, row in enumerate(register.rows("customer"))}
    order = list(rules("visits")["reasons"].values())
    return sorted(
        found, key=lambda line: (line.manager, place.get(line.customer, len(place)), order.index(line.reason), line.due)
    )


def rows(register: Register, lines: Sequence[Line], today: dt.date) -> list[Values]:
    """The list as rows of the table its paper prints; a person to speak to and the address stand with each."""
    persons: dict[str, Record] = {}
    for each in register.rows("contact"):
        persons.setdefault(each.text("customer_name"), each)
    made: list[Values] = []
    for line in lines:
        person, customer = persons.get(line.customer), register.find("customer", line.customer)
        made.append({
            "day": today, "manager": line.manager, "seq": sum(row["manager"] == line.manager for row in made) + 1,
            "customer_name": line.customer or None, "reason": line.reason, "due": line.due, "content": line.content,
            "related": line.related or None, "person": person["person"] if person else None,
            "phone": person["phone"] if person else None, "address": customer["address"] if customer else None,
        })
    return made


def _plans(register: Register, today: dt.date) -> Iterator[Line]:
    """What is planned for today, and what was planned before and is neither done nor carried over."""
    said, states = rules("visits")["reasons"], rules()["plan"]["states"]
    closed = (states["carried"], states["done"])
    for row in register.rows("plan"):
        on = row.date("planned_on")
        if row["done_on"] is None and on and on <= today and row.text("state") not in closed:
            reason = said["planned" if on == today else "overdue"]
            who = row.text("owner") or owner_of(register, None)
            yield Line(who, row.text("customer_name"), reason, on, row.text("content"), row.text("plan_no"))


def _quota(register: Register, quotas: Sequence[Quota], today: dt.date) -> Iterator[Line]:
    """Towards the end of a week, customers not visited yet whom no plan of the rest of the week names."""
    rule = rules("visits")
    if today.isoweekday() < rule["quota"]["from_weekday"]:
        return
    planned = {
        row.text("customer_name") for row in register.rows("plan")
        if (on := row.date("planned_on")) and row["done_on"] is None and week_of(on) == week_of(today)
        and row.text("kind") == rules()["plan"]["visit"]
    }
    for each in quotas:
        customer = register.find("customer", each.customer)
        if each.week == week_of(today) and not each.visits and customer and each.customer not in planned:
            who = owner_of(register, customer)
            yield Line(who, each.customer, rule["reasons"]["quota"], each.due, rule["quota"]["content"], "")


def _followups(register: Register, today: dt.date) -> Iterator[Line]:
    for each in followed(register, today):
        if each.due and each.due <= today and not is_done(each, today):
            reason = rules("visits")["reasons"]["followup"]
            row = each.row
            owner = owner_of(register, register.find("customer", row.text("customer_name"))) or each.owner
            content = f"{row.text('matter')}（{each.owner}）" if each.owner != owner else row.text("matter")
            yield Line(owner, row.text("customer_name"), reason, each.due, content, row.key)


def _calls(register: Register, items: Sequence[Item], today: dt.date) -> Iterator[Line]:
    rule = rules("visits")
    reasons = {each["clock"]: rule["reasons"][each["reason"]] for each in rule["call"]}
    for item in items:
        if item.clock not in reasons or item.state not in ("open", "late") or not item.due:
            continue
        if day(item.act_by or item.due) <= today:
            customer = register.customer_of(item.record) if item.record else None
            name = customer.key if customer else item.branch
            who = owner_of(register, customer)
            yield Line(who, name, reasons[item.clock], day(item.due), item.next_action, item.key)
