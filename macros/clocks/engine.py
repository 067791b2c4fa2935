"""Evaluates all clocks of a register at a moment, in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.clocks import cycles, overrides, periods, rows
from macros.clocks.facts import Facts
from macros.clocks.limits import Memory
from macros.clocks.quiet import no_collection
from macros.clocks.rules import clocks as all_clocks
from macros.clocks.rules import words
from macros.clocks.settings import switches
from macros.findings import Finding, about

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from macros.clocks.item import Item
    from macros.clocks.rules import Clock
    from macros.records import Record
    from macros.register import Register
    from macros.workdays import Calendar


class Judged(NamedTuple):
    """Every deadline of a register at a moment, and what is wrong with its cells."""

    items: list[Item]
    findings: list[Finding]


def judge_all(
    register: Register, calendar: Calendar, now: dt.datetime, *, clocks: Iterable[str] | None = None,
    only: Mapping[str, Sequence[Record]] | None = None,
) -> Judged:
    """Evaluate clocks at ``now``: facts dated later are not yet known.

    Args:
        register: the tables.
        calendar: the working days.
        now: local or aware moment.
        clocks: ids to evaluate, all 42 when not given; what they depend on is evaluated with them.
        only: for some tables, the rows to look at instead of all.
    """
    facts = Facts(register, now, only)
    memory = Memory(calendar, switches(facts.settings))
    changes, findings = overrides.read(facts)
    done: dict[str, list[Item]] = {}
    wanted = list(all_clocks()) if clocks is None else list(clocks)
    with no_collection():
        for number in wanted:
            _evaluate(all_clocks()[number], facts, memory, changes, done, findings)
    items = [item for number in wanted for item in done[number]]
    findings += [] if clocks is not None or only else overrides.unused(changes, items)
    return Judged(items, findings)


def evaluate(register: Register, calendar: Calendar, now: dt.datetime) -> list[Item]:
    """Every deadline of a register at ``now``, clock by clock in the order K01 to K42."""
    return judge_all(register, calendar, now).items


def _evaluate(
    clock: Clock, facts: Facts, memory: Memory, changes: Mapping[tuple[str, str], overrides.Override],
    done: dict[str, list[Item]], findings: list[Finding],
) -> None:
    """Evaluate one clock into ``done``, the clock it follows first."""
    if clock.id in done:
        return
    said: list[Finding] = []
    if clock.shape == "period":
        items = periods.items(clock, facts, memory)
    elif clock.shape == "cycle":
        items, said = cycles.items(clock, facts, memory)
    elif clock.shape == "chain":
        _evaluate(all_clocks()[clock.after], facts, memory, changes, done, findings)
        items, said = rows.items(clock, facts, memory, rows.chained(clock, facts, done))
    else:
        items, said = rows.items(clock, facts, memory, rows.starts(clock, facts))
    if clock.guarded:
        guard = words()["note"]["guarded"]
        items = [item._replace(note="；".join(part for part in (guard, item.note) if part)) for item in items]
    items = overrides.apply(items, changes, facts, memory.switches.lapses_at)
    done[clock.id] = items
    findings += said
    if clock.guarded:
        findings += [
            about(item.record, item.trigger, "CLK008", due=item.due)
            for item in items if item.record and item.running
        ]
