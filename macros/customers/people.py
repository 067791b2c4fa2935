"""The stakeholder map: who is known at each customer, what is lacking, and when leaders visit (G2, E3, §3.2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.customers.names import names
from macros.customers.words import rules, says
from macros.findings import about
from macros.periods import add_months

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register


class Person(NamedTuple):
    """One contact: who of ours looks after him, the last visit of our leader, and the day the next is due."""

    row: Record
    manager: str
    last: dt.date | None
    next: dt.date | None


class Map(NamedTuple):
    """One customer's stakeholders and the gaps among them, in words."""

    row: Record
    key: bool
    people: tuple[Person, ...]
    gaps: tuple[str, ...]
    findings: tuple[Finding, ...]


def maps(register: Register, today: dt.date) -> list[Map]:
    """The stakeholder map of every customer, in the order of the sheet."""
    contacts = register.groups("contact", ("customer_name",))
    visits = register.groups("visit", ("customer_name",))
    fallback = register.settings.get("客户经理", "")
    return [
        _map(row, contacts.get((row["customer_name"],), []), visits.get((row["customer_name"],), []), fallback, today)
        for row in register.rows("customer") if row.key
    ]


def _map(
    row: Record, contacts: Sequence[Record], visits: Sequence[Record], fallback: str, today: dt.date,
) -> Map:
    rule = rules()["people"]
    key = row["key_account"] is True
    people = tuple(_person(each, row, visits, fallback, today) for each in contacts)
    gaps: list[tuple[str, Record]] = []
    least = rule["key_least"] if key else rule["least"]
    if len(people) < least:
        gaps.append((says("gap", "few", count=len(people), least=least), row))
    if key and len(people) > rule["key_most"]:
        gaps.append((says("gap", "many", count=len(people), most=rule["key_most"]), row))
    held = {each.row.text("role") for each in people}
    gaps += [
        (says("gap", "role", role=role), row) for role in (rule["roles"] if key else rule["roles_other"])
        if role not in held
    ]
    for each in people:
        gaps += [(said, each.row) for said in _gaps(each, key, today)]
    findings = tuple(about(where, where.form.key[-1], "CUS010", gap=said) for said, where in gaps)
    return Map(row, key, people, tuple(said for said, _ in gaps), findings)


def _person(
    contact: Record, customer: Record, visits: Sequence[Record], fallback: str, today: dt.date,
) -> Person:
    """A contact with the high-level visits paid to him; visits that name nobody count for all of the customer's."""
    rule, name = rules()["people"], contact.text("person")
    days = [
        day for visit in visits
        if visit["kind"] == rule["visit_kind"] and (day := visit.date("visited_on")) and day <= today
        and (visit["people"] is None or name in names(visit.text("people")))
    ]
    last = max(days, default=None)
    months = contact["visit_months"]
    every = months if isinstance(months, int) else rule["visit_months"]
    due = (add_months(last, every) if last else today) if contact["leader"] is not None else None
    manager = contact.text("manager") or customer.text("manager") or fallback
    return Person(contact, manager, last, due)


def _gaps(person: Person, key: bool, today: dt.date) -> list[str]:
    """What is lacking in one contact."""
    rule, row = rules()["people"], person.row
    name, role = row.text("person"), row.text("role")
    found = []
    if row["attitude"] == rule["against"] and row["influence"] == rule["strong"]:
        found.append(says("gap", "against", person=name, influence=row["influence"], attitude=row["attitude"]))
    if not person.manager:
        found.append(says("gap", "manager", person=name))
    if key and role == rule["roles"][0] and row["leader"] is None:
        found.append(says("gap", "leader", person=name, role=role))
    if row["leader"] is not None and person.last is None:
        found.append(says("gap", "visit_never", person=name))
    elif person.next and person.next < today:
        found.append(says("gap", "visit", person=name, day=person.next))
    return found
