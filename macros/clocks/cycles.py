"""Evaluates what recurs on a single row: batches every few working days, daily and weekly reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.item import Item, State, When, day, judge
from macros.clocks.rows import starts
from macros.clocks.rules import words
from macros.findings import Finding, about
from macros.periods import CalendarError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from macros.clocks.facts import Facts
    from macros.clocks.limits import Memory
    from macros.clocks.rules import Clock, Version


class Turn(NamedTuple):
    """The cycle to look at: its number on a grid, else its length; its end."""

    number: int
    due: dt.date
    provisional: bool
    waiting: bool
    note: str


def latest(facts: Facts, table: str, names: Sequence[str]) -> list[dt.date | None]:
    """For each row the latest day of several columns."""
    found: list[dt.date | None] = [None] * len(facts.rows(table))
    for name in names:
        for position, value in enumerate(facts.days(table, name)):
            if value is not None:
                before = found[position]
                found[position] = value if before is None or value > before else before
    return found


def numbered(start: dt.date, done: dt.date | None, version: Version, memory: Memory, today: dt.date) -> Turn:
    """The first cycle not served, on a grid of working days from the trigger.

    Cycle k ends on the (k × limit)-th working day after the trigger. What was done during one cycle serves that
    cycle; the next one waits until that one is over.

    Raises:
        CalendarError: days the calendar does not hold.
    """
    calendar, size = memory.calendar, version.limit
    served = max(1, -(-calendar.count(start, done) // size)) if done and done >= start else 0
    due = calendar.add(start, size * (served + 1), memory.switches.conventions)
    begins = calendar.add(start, size * served, memory.switches.conventions).day if served else start
    note = words()["note"]
    if served and done and today <= begins:
        return Turn(served + 1, due.day, due.provisional, True, note["cycle_done"].format(day=done, due=due.day))
    running = max(1, -(-calendar.count(start, today) // size))
    missed = running - served - 1
    said = ""
    if missed > 0:
        now = calendar.add(start, size * running, memory.switches.conventions).day
        said = note["cycles_missed"].format(n=missed, day=now)
    return Turn(served + 1, due.day, due.provisional, False, said)


def rolling(last: dt.date, version: Version, size: int, memory: Memory) -> Turn:
    """The cycle that follows the last time it was done.

    Raises:
        CalendarError: days the calendar does not hold.
    """
    ended = memory.end(version, size, last)
    return Turn(size, day(ended.due), ended.provisional, False, "")


def sizes(clock: Clock, facts: Facts) -> list[int | None]:
    """The agreed interval of each row, None where none was agreed."""
    found: list[int | None] = [None] * len(facts.rows(clock.table))
    for name in reversed(clock.interval):
        for position, value in enumerate(facts.column(clock.table, name)):
            if isinstance(value, int) and value > 0:
                found[position] = value
    return found


def items(clock: Clock, facts: Facts, memory: Memory) -> tuple[list[Item], list[Finding]]:
    """One item per row whose cycle runs: the first cycle not served."""
    rows, keys, who = facts.rows(clock.table), facts.keys(clock.table), facts.who(clock.table)
    paused = facts.paused(clock.table)
    over = latest(facts, clock.table, clock.until)
    done = latest(facts, clock.table, clock.last)
    agreed = sizes(clock, facts) if clock.interval else []
    known: dict[tuple[dt.date, dt.date | None, int], Turn] = {}
    made: list[Item] = []
    said: list[Finding] = []
    for position, trigger, on, _ in starts(clock, facts):
        if over[position] is not None:
            continue
        record, start, last = rows[position], day(on), done[position]
        version = clock.version_on(start)
        size = (agreed[position] if agreed else None) or version.limit
        try:
            if (start, last, size) in known:
                turn = known[start, last, size]
            elif clock.grid:
                turn = known[start, last, size] = numbered(start, last, version, memory, facts.today)
            else:
                turn = known[start, last, size] = rolling(max(start, last or start), version, size, memory)
        except CalendarError as refusal:
            said.append(about(record, trigger, "CLK002", clock=clock.id, title=clock.title, why=refusal))
            continue
        due: When = turn.due
        state: State = "waiting" if turn.waiting else judge(due, None, facts.now, memory.switches.lapses_at)
        note = "；".join(part for part in (turn.note, paused.get(position, "")) if part)
        whose = who[position]
        made.append(Item(
            clock, keys[position], whose.customer, due, due, state, turn.provisional, None, trigger, on, record,
            whose.branch, whose.manager, "", note, None, str(turn.number),
        ))
    return made, said


