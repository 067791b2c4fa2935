"""Faults and complaints as cases: whose, when asked, how each of their clocks stands, whether they stayed over."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.engine import judge_all
from macros.periods import local
from macros.service.rules import TABLES, measures, rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from macros.clocks.item import Item
    from macros.records import Record
    from macros.register import Register
    from macros.service.rules import Table
    from macros.workdays import Calendar


class Case(NamedTuple):
    """One fault or complaint as known at a moment.

    ``asked`` is the moment the customer asked; ``ended`` when the matter was over, ``closed`` when the response centre
    closed it. ``outcome`` gives each rate's verdict by its id: kept, broken, or None while it cannot be told.
    """

    table: Table
    record: Record
    key: str
    customer: str
    cause: str
    asked: dt.datetime
    ended: dt.datetime | None
    closed: dt.datetime | None
    clocks: Mapping[str, Item]
    outcome: Mapping[str, bool | None]

    @property
    def month(self) -> str:
        """The month the customer asked in, ``2026-11``."""
        return f"{self.asked:%Y-%m}"


def cases(
    register: Register, calendar: Calendar, at: dt.datetime, first: dt.date | None = None, last: dt.date | None = None,
    *, clocks: Iterable[str] = (),
) -> tuple[Case, ...]:
    """The cases asked from ``first`` to ``last``, both included, as they stand at ``at``; sheet order, faults first.

    Args:
        register: the tables; facts later than ``at`` are not yet known.
        calendar: the working days.
        at: the moment to judge at.
        first: first day; from the beginning when None.
        last: last day; up to ``at`` when None.
        clocks: clocks to judge besides those of the rates.
    """
    at = local(at)
    only: dict[str, list[Record]] = {table: list(_within(register, table, at, first, last)) for table in TABLES}
    wanted = dict.fromkeys([*(clock for t in TABLES for each in measures(t) for clock in each.clocks), *clocks])
    standing: dict[tuple[str, int], dict[str, Item]] = {}
    for item in judge_all(register, calendar, at, clocks=wanted, only=only).items:
        if item.record is not None:
            standing.setdefault((item.record.form.code, item.record.place.row), {})[item.clock] = item
    unhappy, happy = _called_back(register, at)
    again = _again(register, at)
    return tuple(
        _case(table, row, at, standing.get((table, row.place.row), {}), unhappy, happy, again)
        for table in TABLES for row in only[table]
    )


def _within(
    register: Register, table: Table, at: dt.datetime, first: dt.date | None, last: dt.date | None,
) -> Iterator[Record]:
    rows = register.rows(table)
    column = rows[0].form.index[rules()["case"][table]["asked_at"]] if rows else 0
    for row in rows:
        asked = row.values[column]
        if not isinstance(asked, dt.datetime) or asked > at:
            continue
        on = asked.date()
        if (first is None or on >= first) and (last is None or on <= last):
            yield row


def _called_back(register: Register, at: dt.datetime) -> tuple[set[str], set[str]]:
    """The cases whose last call-back found them unsatisfied or not repaired for good, and those found well."""
    said = rules()["satisfied"]
    latest: dict[str, Record] = {}
    for row in register.rows("callback"):
        on = row.date("called_on")
        case = row.text("case_no")
        if on and on <= at.date() and (case not in latest or on >= (latest[case].date("called_on") or on)):
            latest[case] = row
    unhappy = {key for key, row in latest.items() if row["satisfied"] in said["no"] or row["repaired"] is False}
    pleased = {key for key, row in latest.items() if row["satisfied"] in said["yes"] or row["repaired"]}
    return unhappy, pleased - unhappy


def _again(register: Register, at: dt.datetime) -> set[str]:
    """The faults that came back: another fault, reported by now, names them as its first one."""
    name = rules()["case"]["fault"]["again"]
    return {
        row.text(name) for row in register.rows("fault")
        if row[name] is not None and isinstance(row["reported_at"], dt.datetime) and row["reported_at"] <= at
    }


def _case(
    table: Table, row: Record, at: dt.datetime, clocks: Mapping[str, Item], unhappy: set[str], happy: set[str],
    again: set[str],
) -> Case:
    said, words = rules()["case"][table], rules()["words"]
    asked = row[said["asked_at"]]
    assert isinstance(asked, dt.datetime)
    ended = min((moment for name in said["ended"] if (moment := _moment(row, name, at))), default=None)
    key = row.key
    passed = _passed(table, row, ended, unhappy=unhappy, happy=happy, again=again)
    outcome = {each.id: _kept(each.clocks, clocks) if each.clocks else passed for each in measures(table)}
    return Case(
        table, row, key, row.text("customer_name") or words["no_customer"],
        row.text(said["cause"]) or words["no_cause"], asked, ended, _moment(row, said["closed"], at), clocks, outcome,
    )


def _moment(row: Record, name: str, at: dt.datetime) -> dt.datetime | None:
    value = row[name]
    return value if isinstance(value, dt.datetime) and value <= at else None


def _kept(wanted: Iterable[str], clocks: Mapping[str, Item]) -> bool | None:
    """Whether every clock that runs was kept; None while that cannot be told, and where none runs."""
    states = [clocks[clock].state for clock in wanted if clock in clocks]
    if any(state in ("late", "met-late") for state in states):
        return False
    return True if states and all(state == "met" for state in states) else None


def _passed(
    table: Table, row: Record, ended: dt.datetime | None, *, unhappy: set[str], happy: set[str], again: set[str],
) -> bool | None:
    """Whether a matter that is over stayed over and left no one unhappy; None while it is not over."""
    if ended is None:
        return None
    if row.key in unhappy or row.key in again:
        return False
    # A call-back comes after what the customer wrote on 3.17, and outranks it.
    return not (table == "complaint" and row.key not in happy and row["satisfaction"] in rules()["satisfied"]["no"])
