"""Cross rules: two conditions that hold together for a customer raise a flag and a question to ask (R13)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.customers import cases
from macros.customers.words import Evidence, flag_rules, rules
from macros.forms import forms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.records import Record, Value
    from macros.register import Register

#: The subject of conditions that is no table of many rows.
CUSTOMER = "customer"


class Flag(NamedTuple):
    """One flag: which rule, for whom, what to ask, and the rows that raised it."""

    id: str
    title: str
    question: str
    row: Record
    evidence: tuple[Evidence, ...]


def flags(
    register: Register, figures: Mapping[str, Mapping[str, Decimal | None]], said: Mapping[str, str], today: dt.date,
) -> list[Flag]:
    """The flags of every customer, in the order of the sheet and then of the rules.

    Args:
        register: the tables.
        figures: by customer, what has been worked out of it (`macros.customers.figures`).
        said: how the evidence puts each figure.
        today: the day; facts and cases not in force on it raise nothing.
    """
    known = {"fact": _by_customer(current_facts(register, today)),
             cases.FORM: _by_customer([row for row in register.rows(cases.FORM) if cases.runs(row, today)])}
    titles = {form.title: code for code in (CUSTOMER, *known) for form in [forms()[code]]}
    found = []
    for row in register.rows("customer"):
        if not row.key:
            continue
        for rule in flag_rules():
            evidence = _raised(rule, row, known, figures.get(row.key, {}), said, titles, today)
            if evidence:
                found.append(Flag(rule["id"], rule["title"], rule["question"], row, tuple(evidence)))
    return found


def current_facts(register: Register, today: dt.date) -> list[Record]:
    """The market facts known and in force on a day."""
    limit = dt.timedelta(days=rules()["facts"]["current_days"])
    return [
        row for row in register.rows("fact")
        if (known := row.date("known_on")) and known <= today <= (row.date("expires_on") or known + limit)
    ]


def _by_customer(rows: Sequence[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for row in rows:
        found.setdefault(row.text("customer_name"), []).append(row)
    return found


def _raised(
    rule: Mapping[str, Any], row: Record, known: Mapping[str, Mapping[str, Sequence[Record]]],
    figures: Mapping[str, Decimal | None], said: Mapping[str, str], titles: Mapping[str, str], today: dt.date,
) -> list[Evidence]:
    """The rows that meet a rule's conditions; none unless all of them are met."""
    by_table: dict[str, list[Mapping[str, Any]]] = {}
    for condition in rule["when"]:
        by_table.setdefault(titles[condition["of"]], []).append(condition)
    found: list[Evidence] = []
    for table, conditions in by_table.items():
        if table == CUSTOMER:
            held = [_of_customer(condition, row, figures, said, today) for condition in conditions]
            met = [each for each in held if each]
            if len(met) < len(held):
                return []
            found += met
            continue
        rows = [
            each for each in known[table].get(row.key, ())
            if all(holds(condition, each[condition["column"]], today) for condition in conditions)
        ]
        if not rows:
            return []
        found += [Evidence(each, _told(each, conditions)) for each in rows]
    return found


def _of_customer(
    condition: Mapping[str, Any], row: Record, figures: Mapping[str, Decimal | None], said: Mapping[str, str],
    today: dt.date,
) -> Evidence | None:
    """The customer's row and what it says, where its column or figure meets the condition."""
    name = condition["column"]
    if name in row.form.index:
        return Evidence(row, _told(row, [condition])) if holds(condition, row[name], today) else None
    value = figures.get(name)
    if value is None or not holds(condition, value, today):
        return None
    return Evidence(row, said[name].format(value=f"{value:,}"))


def holds(condition: Mapping[str, Any], value: Value, today: dt.date) -> bool:
    """Whether a value meets a condition; a blank meets none but ``blank``."""
    if "blank" in condition:
        return value is None
    if value is None:
        return False
    if "filled" in condition:
        return True
    if "equals" in condition:
        return bool(value == condition["equals"])
    if "among" in condition:
        return value in condition["among"]
    if "ahead" in condition:
        day = value.date() if isinstance(value, dt.datetime) else value
        return isinstance(day, dt.date) and today <= day <= today + dt.timedelta(days=condition["ahead"])
    if not isinstance(value, int | Decimal):
        return False
    if "at_least" in condition:
        return value >= Decimal(str(condition["at_least"]))
    return value <= Decimal(str(condition["at_most"]))


def _told(row: Record, conditions: Sequence[Mapping[str, Any]]) -> str:
    none = rules()["words"]["none"]
    return f"{row.key} " + "，".join(
        f"{row.form.column(each['column']).title}：{row.text(each['column']) or none}" for each in conditions
    )
