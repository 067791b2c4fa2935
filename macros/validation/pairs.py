"""Checks columns of one row against each other: dates in order, what needs what, bounds and sums."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from macros.choices import values_of
from macros.findings import about
from macros.validation.cells import shown
from macros.validation.places import heights
from macros.validation.rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from macros.findings import Finding
    from macros.forms import Form
    from macros.records import Record, Value

_LIST = re.compile(r"[、,，;；/\s]+")


def check_pairs(record: Record, unread: Collection[str]) -> Iterator[Finding]:
    """What does not fit together within the row; arguments as for `check_cells`."""
    yield from _chains(record)
    table = record.form.code
    values = record.values
    for cause, needed, rule in _need_plan(record.form):
        # Nearly every row passes here.
        if values[cause] is not None and (values[needed] is None or "as" in rule):
            yield from _need(record, rule, unread)
    for rule in rules_of("bound", table):
        yield from _bound(record, rule)
    for rule in rules_of("sum", table):
        yield from _sum(record, rule)
    for rule in rules_of("tenants", table):
        yield from _tenants(record, rule)


@cache
def _chain_plan(form: Form) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The form's chains as (finding code, positions of the columns), the certain ones first."""
    return tuple(
        (code, tuple(form.index[name] for name in chain))
        for level, code in (("error", "CHK020"), ("doubt", "CHK021"))
        for rule in rules_of("chain", form.code)
        for chain in rule.get(level, ())
    )


@cache
def _need_plan(form: Form) -> tuple[tuple[int, int, dict[str, Any]], ...]:
    """The form's needs as (position of the cause, position of what it needs, rule)."""
    return tuple((form.index[rule["column"]], form.index[rule["needs"]], rule) for rule in rules_of("need", form.code))


def _chains(record: Record) -> Iterator[Finding]:
    """Dates that lie before one they should follow; of two chains saying the same pair, the first is heard."""
    values, said = record.values, set()
    for code, chain in _chain_plan(record.form):
        before = -1
        for i in chain:
            if values[i] is None:
                continue
            if before >= 0 and (before, i) not in said and _earlier(values[i], values[before]):
                said.add((before, i))
                name, other = record.form.columns[i].name, record.form.columns[before]
                yield about(
                    record, name, code, value=shown(record, name), other=other.title,
                    before=shown(record, other.name),
                )
            before = i


def _earlier(value: Value, other: Value) -> bool:
    """Whether ``value`` lies before ``other``: by moments when both have a time of day, else by days.

    Midnight is what a sheet keeps of a day without a time, so it counts as its whole day.
    """
    if type(value) is dt.date is type(other):
        return value < other
    if isinstance(value, dt.datetime) and isinstance(other, dt.datetime) and value.time() != dt.time():
        return value < other
    return _day(value) < _day(other)


def _day(value: Value) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    assert isinstance(value, dt.date)
    return value


def _need(record: Record, rule: dict[str, Any], unread: Collection[str]) -> Iterator[Finding]:
    cause = record[rule["column"]]
    if cause is None or ("among" in rule and cause not in rule["among"]):
        return
    needed = record.form.column(rule["needs"])
    value = record[needed.name]
    allowed = rule.get("as")
    if (value is None and needed.title not in unread) or (value is not None and allowed and value not in allowed):
        words = "、".join(_word(v) for v in allowed) if allowed else ""
        yield about(
            record, needed.name, rule["code"], other=record.form.column(rule["column"]).title,
            cause=shown(record, rule["column"]), wanted=f"为“{words}”" if words else "填写",
            shown=f"“{shown(record, needed.name)}”" if value is not None else "空",
        )


def _word(value: object) -> str:
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _bound(record: Record, rule: dict[str, Any]) -> Iterator[Finding]:
    lower, upper = record[rule["lower"]], record[rule["upper"]]
    if lower is None or not isinstance(upper, Decimal) or record[rule["unless"]] in rule["among"]:
        return
    figures = heights(str(lower))
    if figures and max(figures) > upper:
        yield about(record, rule["lower"], "CHK033", other=record.form.column(rule["upper"]).title, limit=upper)


def _sum(record: Record, rule: dict[str, Any]) -> Iterator[Finding]:
    total, parts = record[rule["total"]], [record[name] for name in rule["parts"]]
    if isinstance(total, Decimal) and all(isinstance(part, Decimal) for part in parts):
        added = sum((part for part in parts if isinstance(part, Decimal)), Decimal(0))
        if added != total:
            titles = "".join(f"“{record.form.column(name).title}”" for name in rule["parts"])
            yield about(record, rule["total"], "CHK034", parts=titles, sum=added)


def _tenants(record: Record, rule: dict[str, Any]) -> Iterator[Finding]:
    operators = values_of("operator")
    met: set[str] = set()
    for name in rule["columns"]:
        words = [word for word in _LIST.split(record.text(name)) if word]
        found = [next((o for o in operators if o in word), "") for word in words]
        # "无" and the like say that there is none.
        unknown = [word for word, operator in zip(words, found, strict=True) if not operator]
        if (unknown and len(words) > 1) or len(found) != len(set(found)):
            yield about(record, name, "CHK035", allowed="、".join(operators), limit=len(operators))
        met.update(found)
