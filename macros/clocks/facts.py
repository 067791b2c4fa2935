"""The register's columns as they were known at a moment: a fact dated later than `now` is still blank."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.rules import terms, words
from macros.periods import local

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.records import Record, Value
    from macros.register import Register

#: How a table joined to another is matched: (joined table, its column, the row's own column).
JOINS = {"project": ("demand_no", "demand_no")}

#: Columns of a pause: since when, which party is waited for, why.
WAITING = ("waiting_since", "waiting_party", "waiting_reason")


class Who(NamedTuple):
    """Whose row it is: operator (or customer) as shown, the customer's branch, the account manager."""

    customer: str
    branch: str
    manager: str


class Facts:
    """Columns of a register as known at ``now`` (naive Shanghai time). Lists run parallel to the table's rows."""

    def __init__(self, register: Register, now: dt.datetime, only: Mapping[str, Sequence[Record]] | None = None):
        """Look at ``register``; ``only`` replaces whole tables by a choice of their rows."""
        self.register = register
        self.now = local(now)
        self.today = self.now.date()
        self._only = only or {}
        self._columns: dict[tuple[str, str], list[Value]] = {}
        self._paused: dict[str, Mapping[int, str]] = {}
        self._keys: dict[str, list[str]] = {}
        self._who: dict[str, list[Who]] = {}

    @property
    def settings(self) -> Mapping[str, str]:
        """What the user chose for every assumption."""
        return self.register.settings

    def rows(self, table: str) -> Sequence[Record]:
        """The table's rows in sheet order."""
        return self._only.get(table, self.register.rows(table))

    def known(self, value: Value) -> Value:
        """A value as known: None for a date or moment later than `now`."""
        if isinstance(value, dt.datetime):
            value = local(value)
            return value if value <= self.now else None
        if isinstance(value, dt.date):
            return value if value <= self.today else None
        return value

    def column(self, table: str, name: str) -> list[Value]:
        """A column as known; ``name`` may be ``project.told_on`` or ``customer.progress_days``, a joined one."""
        made = self._columns.get((table, name))
        if made is None:
            made = self._columns[table, name] = self._read(table, name)
        return made

    def keys(self, table: str) -> list[str]:
        """The rows' own numbers."""
        made = self._keys.get(table)
        if made is None:
            made = self._keys[table] = [row.key for row in self.rows(table)]
        return made

    def days(self, table: str, name: str) -> list[dt.date | None]:
        """A column of dates or moments as days."""
        made = self._columns.get((table, f"{name}/day"))
        if made is None:
            values = self.column(table, name)
            made = [v.date() if isinstance(v, dt.datetime) else v for v in values]
            self._columns[table, f"{name}/day"] = made
        return made  # type: ignore[return-value]

    def _read(self, table: str, name: str) -> list[Value]:
        rows = self.rows(table)
        joined, _, column = name.rpartition(".")
        if joined:
            return [None if other is None else self._value(other, column) for other in self._joined(rows, joined)]
        if not rows:
            return []
        position = rows[0].form.index[name]
        values = [row.values[position] for row in rows]
        kind = rows[0].form.columns[position].type
        if f"{table}.{name}" in terms() or kind not in ("date", "moment"):
            return values
        known, today = self.known, self.today
        if kind == "date":
            return [v if v is None or (type(v) is dt.date and v <= today) else known(v) for v in values]
        return [None if v is None else known(v) for v in values]

    def _value(self, record: Record, name: str) -> Value:
        value = record[name]
        return value if f"{record.form.code}.{name}" in terms() else self.known(value)

    def _joined(self, rows: Sequence[Record], table: str) -> list[Record | None]:
        if table == "customer":
            return [self.register.customer_of(row) for row in rows]
        theirs, ours = JOINS[table]
        found = self.register.lookup(table, (theirs,))
        return [found.get((row[ours],)) for row in rows]

    def paused(self, table: str) -> Mapping[int, str]:
        """What to note of each paused row, by its position: since when, by whom and why."""
        if table not in self._paused:
            self._paused[table] = self._pauses(table)
        return self._paused[table]

    def _pauses(self, table: str) -> Mapping[int, str]:
        rows = self.rows(table)
        if not rows or WAITING[0] not in rows[0].form.index:
            return {}
        since, party, reason = (self.column(table, name) for name in WAITING)
        said: str = words()["note"]["paused"]
        return {
            i: said.format(since=day, party=party[i] or words()["unnamed"], reason=reason[i] or "")
            for i, day in enumerate(since) if day is not None
        }

    def who(self, table: str) -> list[Who]:
        """Whose each row of a table is."""
        made = self._who.get(table)
        if made is None:
            known: dict[tuple[Value, ...], Who] = {}
            made = self._who[table] = [self._whose(row, known) for row in self.rows(table)]
        return made

    def _whose(self, row: Record, known: dict[tuple[Value, ...], Who]) -> Who:
        index = row.form.index
        operator, branch, county, manager = (
            row.values[index[name]] if name in index else None
            for name in ("operator", "customer_name", "county", "manager")
        )
        # Only what the row itself says may be remembered for other rows.
        told = branch is not None or (operator is not None and county is not None)
        memory = (operator, branch, county, manager)
        if told and memory in known:
            return known[memory]
        customer = self.register.customer_of(row)
        if customer:
            branch = customer["customer_name"]
            operator = operator or customer["operator"]
            manager = manager or customer["manager"]
        manager = manager or self.settings.get(words()["manager"])
        who = Who(str(operator or branch or ""), str(branch or operator or ""), str(manager or ""))
        if told:
            known[memory] = who
        return who
