"""Tells which documents a register row is ready for, and in Chinese why not for the others."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from generator.definitions import Definition, definitions
from generator.joins import Linked, link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from macros.clocks.item import Item
    from macros.clocks.limits import Memory
    from macros.clocks.rules import Clock
    from macros.periods import Due, DueMoment
    from macros.records import Record
    from macros.register import Register

    #: When a clock falls due for a row, by clock id and row; None when the clock does not run.
    DueOf = Callable[[str, Record], Due | DueMoment | dt.date | dt.datetime | None]


def reasons(definition: Definition, linked: Linked) -> list[str]:
    """Why the document is not offered for a row yet; nothing when it is."""
    return [
        condition.say for condition in definition.offered
        if not linked.meets(condition)
    ]


def belongs(definition: Definition, linked: Linked) -> bool:
    """Whether a row is one of those the definition's ``where`` speaks of."""
    return all(linked.meets(condition) for condition in definition.where)


def outside(definition: Definition, linked: Linked) -> list[str]:
    """Why a row is none of those the definition's ``where`` speaks of."""
    return [condition.say or "该行不属于本单据" for condition in definition.where if not linked.meets(condition)]


def offered(
    register: Register, record: Record, today: dt.date, among: Mapping[str, Definition] | None = None,
) -> list[tuple[Definition, list[str]]]:
    """Every document that rows of this table make, with the reasons against it; no reasons means offered.

    Args:
        register: all tables, for the joins.
        record: the row asked about.
        today: the day of issue.
        among: the definitions to look at, all when not given.
    """
    found = []
    for definition in (definitions() if among is None else among).values():
        if definition.table == record.form.code:
            linked = link(register, definition, record, today)
            if belongs(definition, linked):
                found.append((definition, reasons(definition, linked)))
    return found


def due_forms(
    items: Iterable[Item], among: Mapping[str, Definition] | None = None,
) -> list[tuple[Definition, str]]:
    """The documents that open board items call for, each once, in the board's order.

    Args:
        items: the board.
        among: the definitions to look at, all when not given.
    """
    known = definitions() if among is None else among
    by_clock: dict[str, list[Definition]] = {}
    for definition in known.values():
        for clock in definition.due:
            by_clock.setdefault(clock, []).append(definition)
    called: dict[tuple[str, str], tuple[Definition, str]] = {}
    for item in items:
        if item.state in ("open", "late"):
            named = [known[item.form]] if item.form in known else []
            for definition in (*named, *by_clock.get(item.clock, ())):
                called.setdefault((definition.code, item.key), (definition, item.key))
    return list(called.values())


def due_from(items: Sequence[Item], memory: Memory | None = None) -> DueOf:
    """When a clock falls due for a row, as the board tells it: by the row's own key or that of one it refers to.

    Parts of a key count in any order: the board says 移动 2026-10 where a statement's key is 2026-10/移动.

    Args:
        items: the board.
        memory: reckons the limits the board does not hold yet because a condition of theirs is still undecided, as
            the renewal's while the customer is only being asked; without it they stay blank.
    """
    from macros.clocks.rules import clocks
    from macros.periods import Due

    known: dict[tuple[str, frozenset[str]], Due] = {}

    def due(clock: str, record: Record) -> Due | None:
        if not known:  # a board is long, and few papers print a clock
            known.update({(i.clock, parts_of(i.key)): Due(i.due, i.provisional) for i in items if i.due})
        keys = [record.key, *(record.text(column.name) for column in record.form.columns if column.refers)]
        told = next((known[clock, parts_of(key)] for key in keys if (clock, parts_of(key)) in known), None)
        return told or (_undecided(clocks()[clock], record, memory) if memory else None)

    return due


def _undecided(clock: Clock, record: Record, memory: Memory) -> Due | None:
    """Where a row's limit ends if its undecided conditions come to be met; None when one speaks against it."""
    from macros.periods import CalendarError, Due, day_of

    if clock.shape != "row" or clock.table != record.form.code or clock.due_column:
        return None
    decided = [condition for condition in clock.when if record[condition.column] is not None]
    start = next((record[name] for name in clock.trigger if record[name] is not None), None)
    # Minutes wait for no decision: a report the board lacks lies after the moment it is of.
    if not isinstance(start, dt.date) or isinstance(start, dt.datetime):
        return None
    # Whether a term is still current does not matter to a paper that names its last day.
    if not all(each.holds(record[each.column], dt.date.min, {}) for each in decided):
        return None
    version = clock.version_on(start)
    try:
        end = memory.end(version, version.limit, start)
    except CalendarError:
        return None
    return Due(day_of(end.due), end.provisional)


def parts_of(key: str) -> frozenset[str]:
    """A key's parts in no order: the board says 移动 2026-10 where a group's key is 2026-10/移动."""
    return frozenset(key.replace("/", " ").split())
