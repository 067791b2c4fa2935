"""Finds the rows a document draws on and tests conditions on them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.wording import yes_no
from macros.forms import forms
from macros.months import end_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.definitions import Condition, Definition, Listing
    from macros.records import Record, Value
    from macros.register import Register


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """A register row with the rows its document's joins lead to; None where there is no such row.

    ``days`` are the definition's computed days by name.
    """

    record: Record
    joins: Mapping[str, Record | None]
    days: Mapping[str, dt.date] = field(default_factory=dict)

    def holder(self, path: str) -> tuple[Record | None, str]:
        """The row that holds a column path, and the column's name in it."""
        name, dot, column = path.rpartition(".")
        return (self.joins[name], column) if dot else (self.record, path)

    def value(self, path: str) -> Value:
        """The value at a column path; None where the join found no row."""
        record, column = self.holder(path)
        return None if record is None else record[column]

    def meets(self, condition: Condition) -> bool:
        """Whether the row meets a condition on itself or one of its joins."""
        return any(holds(condition, self.value(path), self.days) for path in condition.columns)


def tables(definition: Definition) -> frozenset[str]:
    """The tables that papers of a kind may draw on: their own, those of joins and lists, and what these refer to."""
    found = {definition.table, "customer", *(join.table for join in definition.joins)}
    found |= {listing.table for listing in definition.lists}
    ahead = list(found)
    while ahead:
        columns = forms()[ahead.pop()].columns
        further = {column.refers.partition(".")[0] for column in columns if column.refers} - found
        found |= further
        ahead += further
    return frozenset(found)


def link(register: Register, definition: Definition, record: Record, today: dt.date) -> Linked:
    """Follow every join of a definition from one row; later joins may start from earlier ones.

    Of several matching rows the first in sheet order counts, which is the order the user gave them.
    """
    joins: dict[str, Record | None] = {}
    linked = Linked(record, joins, days(definition, today, record))
    for join in definition.joins:
        if join.customer:
            holder = joins[join.of] if join.of else record
            joins[join.name] = register.customer_of(holder) if holder else None
        else:
            found = matching(register, linked, join.table, join.on, join.where)
            if join.serves_all and not found:
                blank = register.groups(join.table, tuple(name for name, _ in join.on)).get((None,) * len(join.on), [])
                found = [each for each in blank if all(_meets(each, one, linked.days) for one in join.where)]
            joins[join.name] = found[0] if found else None
    return linked


def matching(
    register: Register, linked: Linked, table: str, on: Sequence[tuple[str, str]], where: Sequence[Condition],
) -> list[Record]:
    """The rows of ``table`` whose columns equal those of the linked row; none where one of these is blank."""
    wanted = tuple(linked.value(ours) for _, ours in on)
    if any(value is None for value in wanted):
        return []
    found = register.groups(table, tuple(theirs for theirs, _ in on)).get(wanted, [])
    return [each for each in found if all(_meets(each, condition, linked.days) for condition in where)]


def _meets(record: Record, condition: Condition, known: Mapping[str, dt.date]) -> bool:
    return any(holds(condition, record[name], known) for name in condition.columns)


def listed(register: Register, linked: Linked, listing: Listing) -> list[Record]:
    """The rows of one list of a document, sorted as its definition says."""
    if listing.customer:
        return in_order(_owned(register, linked, listing), listing.sort)
    return in_order(matching(register, linked, listing.table, listing.on, listing.where), listing.sort)


def _owned(register: Register, linked: Linked, listing: Listing) -> list[Record]:
    """The rows of the list's table that belong to the linked row's customer."""
    customer = register.customer_of(linked.record)
    return [
        row for row in register.rows(listing.table)
        if customer is not None and register.customer_of(row) is customer
        and all(_meets(row, condition, linked.days) for condition in listing.where)
    ]


def in_order(records: list[Record], columns: Sequence[str]) -> list[Record]:
    """The rows by the given columns, blanks last, else in sheet order."""
    if not columns:
        return records
    return sorted(records, key=lambda record: [_rank(record[name]) for name in columns])


def _rank(value: Value) -> tuple[bool, str, object]:
    """Sortable beside values of another type, as a text column may hold anything."""
    kind = "" if isinstance(value, int) or type(value).__name__ == "Decimal" else type(value).__name__
    return value is None, kind, 0 if value is None else value


def days(definition: Definition, today: dt.date, record: Record) -> dict[str, dt.date]:
    """The computed days of a definition, seen from the day of issue or from the month its row is about.

    The end of a row's month is the day of issue while the month still runs.
    """
    this = today.replace(day=1)
    month = record.text("month") if "month" in record.form.index else ""
    row = dt.date.fromisoformat(f"{month}-01") if month else this
    known = {
        "today": today,
        "last_month_start": (this - dt.timedelta(days=1)).replace(day=1),
        "last_month_end": this - dt.timedelta(days=1),
        "this_month_start": this,
        "this_month_end": end_of(this),
        "row_month_start": row,
        "row_month_end": min(end_of(row), today) if row <= today else end_of(row),
    }
    return {each.name: known[each.source] for each in definition.computed if each.kind == "day"}


def holds(condition: Condition, value: Value, known: Mapping[str, dt.date]) -> bool:
    """Whether a value meets a condition; what has no day has not begun and does not end.

    Args:
        condition: the test.
        value: the value of its column.
        known: computed days by name.
    """
    if condition.test == "filled":
        return value is not None
    if condition.test == "blank":
        return value is None
    if condition.test in ("not_after", "not_before"):
        limit = known[str(condition.expected[0])]
        day = value.date() if isinstance(value, dt.datetime) else value
        if not isinstance(day, dt.date):
            return condition.test == "not_before"
        return day <= limit if condition.test == "not_after" else day >= limit
    if condition.test == "below":
        return isinstance(value, int | Decimal) and value < int(condition.expected[0])
    same = any(_same(value, expected) for expected in condition.expected)
    return not same if condition.test == "differs" else same


def _same(value: Value, expected: str | int | bool) -> bool:
    if isinstance(value, bool):
        return value is expected or yes_no(value) == expected
    if isinstance(expected, bool):
        return False
    if isinstance(expected, str):
        return value is not None and str(value) == expected
    return value == expected
