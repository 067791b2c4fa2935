"""Evaluates the clocks of single rows: from the trigger's cell to the closing cell of the same row."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.item import DAY, Item, When, day
from macros.clocks.verdicts import Case, Verdict, verdict
from macros.findings import Finding, about

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.clocks.facts import Facts
    from macros.clocks.limits import Memory
    from macros.clocks.rules import Clock
    from macros.records import Record


class Start(NamedTuple):
    """A row whose clock runs: its position in the table, the trigger's column and value, what was assumed."""

    position: int
    trigger: str
    on: When
    note: str = ""


def first_of(facts: Facts, table: str, names: Sequence[str]) -> list[Start]:
    """The rows where one of the columns is filled, each with the first such column."""
    if len(names) == 1:
        filled = enumerate(facts.column(table, names[0]))
        return [Start(position, names[0], value) for position, value in filled if isinstance(value, dt.date)]
    found: dict[int, Start] = {}
    for name in names:
        for start in first_of(facts, table, [name]):
            found.setdefault(start.position, start)
    return [found[position] for position in sorted(found)]


def starts(clock: Clock, facts: Facts) -> list[Start]:
    """The rows whose trigger is known and whose conditions hold."""
    running = first_of(facts, clock.table, clock.trigger)
    for condition in clock.when:
        values = facts.column(clock.table, condition.column)
        holds = {v: condition.holds(v, facts.today, facts.settings) for v in set(values)}
        kept = [start for start in running if holds[values[start.position]]]
        if condition.blank_note:
            kept = [s._replace(note=condition.blank_note) if values[s.position] is None else s for s in kept]
        running = kept
    return _latest(clock, facts, running) if clock.latest else running


def _latest(clock: Clock, facts: Facts, running: list[Start]) -> list[Start]:
    """The rows that no later one of their number continues: what was agreed anew does not end with the old row."""
    last: dict[str, dt.date] = {}
    dated = list(zip(facts.keys(clock.table), facts.column(clock.table, clock.latest), strict=True))
    for key, on in dated:
        if key and isinstance(on, dt.date):
            last[key] = max(last.get(key, on), on)
    return [start for start in running if dated[start.position][1] in (None, last.get(dated[start.position][0]))]


def chained(clock: Clock, facts: Facts, parents: Mapping[str, Iterable[Item]]) -> list[Start]:
    """The rows whose clock ``after`` stands in one of the states ``on``; from its lapse where the rule says so."""
    lapsed = {
        item.record.place: item for item in parents.get(clock.after, ())
        if item.record and item.due is not None and item.state in clock.on
    }
    rows = facts.rows(clock.table)
    found: list[Start] = []
    for start in starts(clock, facts) if lapsed else ():
        parent = lapsed.get(rows[start.position].place)
        if parent and parent.due:
            found.append(start._replace(on=day(parent.due) + DAY) if clock.from_lapse else start)
    return found


def items(clock: Clock, facts: Facts, memory: Memory, running: list[Start]) -> tuple[list[Item], list[Finding]]:
    """The items of the rows in ``running``, and what is wrong with their cells."""
    table = clock.table
    rows, keys, who, paused = facts.rows(table), facts.keys(table), facts.who(table), facts.paused(table)
    agreed = facts.column(table, clock.due_column) if clock.due_column else [None] * len(rows)
    columns = [facts.column(table, name) for name in clock.close]
    closings = list(zip(*columns, strict=True)) if columns else [()] * len(rows)
    tiered = any(version.vip is not None for version in clock.versions)
    # Registers hold few distinct dates: a verdict is reached once and serves every row with the same ones.
    known: dict[Case, Verdict | None] = {}
    made: list[Item] = []
    said: list[Finding] = []
    for position, trigger, on, assumed in running:
        record = rows[position]
        level = facts.register.level_of(record) if tiered else ""
        case = Case(trigger, on, agreed[position], level, closings[position])
        if case in known:
            reached = known[case]
        else:
            reached = known[case] = verdict(clock, record.form, case, memory, facts.now)
        if reached is None:
            continue
        due, act_by, state, provisional, closed_on, note, problem, _ = reached
        if problem:
            said.append(_problem(clock, record, reached, case))
        if assumed:
            said += _assumed(clock, record, assumed)
            note = f"{assumed}；{note}" if note else assumed
        if closed_on is None and position in paused:
            note = f"{note}；{paused[position]}" if note else paused[position]
        customer, branch, manager = who[position]
        made.append(Item(
            clock, keys[position], customer, due, act_by, state, provisional, closed_on, trigger, on, record, branch,
            manager, level, note,
        ))
    return made, said


def _problem(clock: Clock, record: Record, reached: Verdict, case: Case) -> Finding:
    title = record.form.column(case.trigger).title
    return about(
        record, reached.column, reached.problem, clock=clock.id, title=clock.title, trigger=title, start=case.on,
        why=reached.note, note=reached.note,
    )


def _assumed(clock: Clock, record: Record, note: str) -> list[Finding]:
    """Say that a blank decided which clock runs."""
    return [
        about(record, condition.column, "CLK006", clock=clock.id, title=clock.title, note=note)
        for condition in clock.when if condition.blank_note == note
    ]
