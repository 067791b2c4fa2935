"""The rows that a record of a foreign file may be about: the register's, and those the file itself has given before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.forms import Form
    from macros.records import Place, Record, Value


class Known(Protocol):
    """What intake asks of a register."""

    def find(self, code: str, key: str) -> Record | None:
        """The first row of a table with this key."""
        ...

    def rows(self, code: str) -> Sequence[Record]:
        """All rows of a table."""
        ...

    def groups(self, code: str, columns: tuple[str, ...]) -> Mapping[tuple[Value, ...], Sequence[Record]]:
        """The rows of a table by their values in ``columns``."""
        ...


class Held(NamedTuple):
    """A row as it stands by now: one of the register, or the one ``at`` a place of the rows ``added`` by the file.

    ``given`` is the row of the file that states it, None where it is as the register has it.
    """

    values: tuple[Value, ...]
    record: Record | None = None
    added: list[tuple[Value, ...]] | None = None
    at: int = 0
    given: Place | None = None

    @property
    def where(self) -> str:
        """Where it stands, for a message."""
        if self.given:
            return f"本文件第{self.given.row}行"
        return f"台账第{self.record.place.row}行" if self.record else ""


@dataclass(slots=True)
class Seen:
    """What this file said so far: where a key was first met, by table, layout mode and turn; rows as they became."""

    first: dict[tuple[str, str, str, Value], tuple[Place, tuple[Value, ...]]] = field(default_factory=dict)
    held: dict[tuple[str, str], tuple[Held, ...]] = field(default_factory=dict)

    def rows(self, form: Form, key: str, register: Known) -> tuple[Held, ...]:
        """The rows with a key, the register's first; of a table whose rows do not follow each other one at most."""
        known = self.held.get((form.code, key))
        if known is not None:
            return known
        record = register.find(form.code, key)
        if record is None:
            return ()
        of_key = tuple(record[name] for name in form.key)
        records = register.groups(form.code, form.key)[of_key] if form.in_turn else [record]
        made = self.held[form.code, key] = tuple(Held(one.values, one) for one in records)
        return made

    def put(self, form: Form, key: str, old: Held | None, new: Held) -> None:
        """Remember what a row became, or that there is one more."""
        rows = self.held.get((form.code, key), ())
        self.held[form.code, key] = tuple(new if one is old else one for one in rows) if old else (*rows, new)


def meant(form: Form, values: Sequence[Value], rows: Sequence[Held]) -> tuple[Held | None, Sequence[Held]]:
    """The row that a record is about, None where it is a new one; and the rows beside which it cannot stand.

    In a table whose rows follow each other (`macros.forms.Turn`) it is the row of the same first day; else the one
    whose days the record's overlap, since a first day may be corrected; else none: what was agreed from that day on
    is new. A record that names no first day is about the last row.
    """
    turn = form.in_turn
    if turn is None or not rows:
        return (rows[0] if rows else None), ()
    first, last = form.index[turn.starts], form.index[turn.ends]
    begins, ends = values[first], _day(values[last], dt.date.max)
    if not isinstance(begins, dt.date):
        return max(rows, key=lambda one: _day(one.values[first], dt.date.min)), ()
    found = [one for one in rows if one.values[first] == begins] or [
        one for one in rows
        if begins <= _day(one.values[last], dt.date.max) and ends >= _day(one.values[first], dt.date.min)
    ]
    if found:
        return (found[0], ()) if len(found) == 1 else (None, found)
    shared = [form.index[name] for name in turn.same]
    return None, [one for one in rows if any(values[at] not in (None, one.values[at]) for at in shared)]


def _day(value: Value, otherwise: dt.date) -> dt.date:
    return value if isinstance(value, dt.date) else otherwise
