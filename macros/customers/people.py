"""The stakeholder map: who is known at each customer, what is lacking, and when leaders visit (G2, E3, §3.2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.customers.names import names
from macros.customers.words import default_manager, rules, says
from macros.findings import about
from macros.periods import add_months

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register


class Person(NamedTuple):
    """One contact: who of ours looks after him, the last visit of our leader, the day of the next, what is lacking."""

    row: Record
    manager: str
    last: dt.date | None
    next: dt.date | None
    gaps: tuple[str, ...] = ()


class Map(NamedTuple):
    """One customer's stakeholders; ``own`` are the gaps of the whole, beside those of each person."""

    row: Record
    key: bool
    people: tuple[Person, ...]
    own: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """Every gap in words, those of the whole first."""
        return (*self.own, *(said for each in self.people for said in each.gaps))


def maps(register: Register, today: dt.date) -> list[Map]:
    """The stakeholder map of every customer, in the order of the sheet."""
    contacts = register.groups("contact", ("customer_name",))
    visits = register.groups("visit", ("customer_name",))
    fallback = default_manager(register)
    return [
        _map(row, contacts.get((row["customer_name"],), []), visits.get((row["customer_name"],), []), fallback, today)
        for row in register.rows("customer") if row.key
    ]


def _map(
    row: Record, contacts: Sequence[Record], visits: Sequence[Record], fallback: str, today: dt.date,
) -> Map:
    rule = rules()["people"]
    key = row["key_account"] is True
    known = [_person(each, row, visits, fallback, today) for each in contacts]
    people = tuple(each._replace(gaps=tuple(_gaps(each, key, today))) for each in known)
    own: list[str] = []
    least = rule["key_least"] if key else rule["least"]
    if len(people) < least:
        own.append(says("gap", "few", count=len(people), least=least))
    if key and len(people) > rule["key_most"]:
        own.append(says("gap", "many", count=len(people), most=rule["key_most"]))
    held = {each.row.text("role") for each in people}
    own += [says("gap", "role", role=role) for role in rule["roles" if key else "roles_other"] if role not in held]
    lacking = [(row, said) for said in own] + [(each.row, said) for each in people for said in each.gaps]
    findings = tuple(about(where, where.form.key[-1], "CUS010", gap=said) for where, said in lacking)
    return Map(row, key, people, tuple(own), findings)


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
