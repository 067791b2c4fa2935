"""Checks rows against other rows: repeated keys, look-alikes, unknown references, missing customers and levels."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from macros.findings import about
from macros.forms import forms
from macros.validation.rules import rules, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.findings import Finding
    from macros.forms import Form, Turn
    from macros.records import Record, Value
    from macros.register import Register


def check_crossings(register: Register) -> Iterator[Finding]:
    """What is wrong between the rows of all tables."""
    for code, form in forms().items():
        if register.rows(code):
            yield from _repeats(register, form)
            yield from _alike(register, code)
            yield from _references(register, form)
    for code in rules()["references"]["owned"]:
        yield from _owners(register, code)
    for code in rules()["references"]["levelled"]:
        yield from _levels(register, code)
    yield from _options(register)


def _repeats(register: Register, form: Form) -> Iterator[Finding]:
    """Every row after the first with the same key; an incomplete key is a missing value, not a repeat.

    Nor is a row that goes on where another of its key ended, in tables whose rows may: a lease whose data changed.
    """
    first: dict[tuple[Value, ...], Record] = {}
    positions = [form.index[name] for name in form.key]
    several: dict[tuple[Value, ...], list[Record]] = {}
    for record in register.rows(form.code):
        key = tuple(record.values[i] for i in positions)
        if None in key:
            continue
        other = first.setdefault(key, record)
        if other is record:
            continue
        held = several.setdefault(key, [other])
        held.append(record)
        if form.in_turn is None or not all(_in_turn(record, one, form.in_turn) for one in held[:-1]):
            yield about(
                record, form.key[-1], "CHK050", value=record.key, first=other.place.row, row=record.place.row
            )


def _in_turn(record: Record, other: Record, how: Turn) -> bool:
    """Whether two rows are about the same thing on different days; an open end is no end."""
    if any(record[name] != other[name] for name in how.same):
        return False
    earlier, later = sorted((record, other), key=lambda one: one.date(how.starts) or dt.date.max)
    ends, starts = earlier.date(how.ends), later.date(how.starts)
    return ends is not None and starts is not None and ends < starts


def _alike(register: Register, code: str) -> Iterator[Finding]:
    for rule in rules_of("alike", code):
        form, names = forms()[code], tuple(rule["columns"])
        titles = "".join(f"“{form.column(name).title}”" for name in names)
        for values, records in register.groups(code, names).items():
            if None in values:
                continue
            for record in records[1:]:
                if record.key != records[0].key:
                    first = records[0]
                    yield about(
                        record, names[-1], "CHK051", columns=titles, first=first.place.row, twin=first.key
                    )


def _references(register: Register, form: Form) -> Iterator[Finding]:
    """Values that name no row of the table they refer to."""
    doubted, looked = rules()["references"]["doubted"], rules()["references"]["looked_up"]
    for i, column in enumerate(form.columns):
        refers = column.refers or looked.get(f"{form.code}.{column.name}")
        if not refers:
            continue
        code, _, name = refers.partition(".")
        known = register.groups(code, (name,))
        if not known:
            yield from _unchecked(register, form, i, forms()[code].title)
            continue
        code_said = "CHK061" if f"{form.code}.{column.name}" in doubted or not column.refers else "CHK060"
        for record in register.rows(form.code):
            value = record.values[i]
            if value is not None and (value,) not in known:
                yield about(record, column.name, code_said, table=forms()[code].title)


def _unchecked(register: Register, form: Form, position: int, table: str) -> Iterator[Finding]:
    """One word for all rows that refer to a table still empty, said beside the first of them."""
    rows = [record for record in register.rows(form.code) if record.values[position] is not None]
    column = form.columns[position]
    if rows and column.refers:
        yield about(rows[0], column.name, "CHK064", table=table, rows=len(rows))


def _owners(register: Register, code: str) -> Iterator[Finding]:
    if not register.rows("customer"):
        return
    index = forms()[code].index
    for records in register.groups(code, ("operator", "county")).values():
        if records[0]["operator"] is None:
            continue
        for record in records:
            if "customer_name" in index and record["customer_name"] is not None:
                continue
            if register.customer_of(record) is not None:
                break
            details = {"operator": record.text("operator"), "county": record.text("county")}
            yield about(record, "operator", "CHK062", **details)


def _levels(register: Register, code: str) -> Iterator[Finding]:
    for record in register.rows(code):
        customer = register.customer_of(record)
        if record["level"] is None and (customer is None or customer["level"] is None):
            yield about(record, "level", "CHK063", level=register.level_of(record))


def _options(register: Register) -> Iterator[Finding]:
    """Assumptions for which something was chosen that is not on offer."""
    for record in register.rows("assumption"):
        allowed = [word for word in record.text("options").split("／") if word]
        if allowed and record["chosen"] is not None and record.text("chosen") not in allowed:
            yield about(record, "chosen", "CHK036", allowed="、".join(allowed))
