"""Evaluates what recurs by month or week for each operator, each customer or the register as a whole."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.item import DAY, Item, State, When, day, judge
from macros.clocks.limits import reckon, rolled
from macros.clocks.rules import words
from macros.clocks.verdicts import rest_day
from macros.periods import CalendarError, add_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.clocks.facts import Facts
    from macros.clocks.limits import Memory, Reckoned
    from macros.clocks.rules import Clock, Version
    from macros.records import Record, Value

_WEEK = 7


class Member(NamedTuple):
    """Who a recurring duty is owed to: the value in the table's own column, and the name the key begins with."""

    value: Value
    name: str
    customer: str
    branch: str
    manager: str
    record: Record | None


def items(clock: Clock, facts: Facts, memory: Memory, since: dt.date | None = None) -> list[Item]:
    """One item per member and period: those with rows, those between the first row and now, and the current one.

    Args:
        clock: what recurs.
        facts: the tables.
        memory: the calendar and what was reckoned already.
        since: with a day, customers who have no row at all owe every period from it on, or from the table's first row
            if that is later; without one a customer's duties begin with its first row.
    """
    served = _served(clock, facts)
    owed = _owed(clock, facts, served, since) if since else []
    made: list[Item] = []
    for member in members(clock, facts):
        mine = served.get(member.value, {})
        made += [
            _item(clock, facts, memory, member, period, mine.get(period, []))
            for period in periods(clock, facts.today, mine or owed)
        ]
    return made


def _owed(
    clock: Clock, facts: Facts, served: Mapping[Value, Mapping[dt.date, Sequence[int]]], since: dt.date,
) -> list[dt.date]:
    """The first period owed by a customer without rows; none before anybody has one."""
    begun = min((start for mine in served.values() for start in mine), default=None)
    if clock.group != "customer" or begun is None or begun > facts.today:
        return []
    return [max(begun, start_of(clock, since))]


def members(clock: Clock, facts: Facts) -> list[Member]:
    """The operators with running leases or statements, every customer, or the register as one member."""
    if clock.group == "customer":
        who = facts.who("customer")
        if _per_manager(clock, facts):
            managers = dict.fromkeys(whose.manager for whose in who if whose.manager)
            return [Member(name, name, "", "", name, None) for name in managers]
        return [
            Member(row[clock.member], row.key, *who[position], row)
            for position, row in enumerate(facts.rows("customer")) if row.key
        ]
    if clock.group == "register":
        return [Member(None, "", "", "", "", None)]
    operators: dict[Value, None] = dict.fromkeys(facts.column(clock.table, clock.group))
    running = zip(
        facts.column("lease", clock.group), facts.column("lease", "starts_on"), facts.column("lease", "ends_on"),
        strict=True,
    )
    first = shift(clock, start_of(clock, facts.today), -clock.lag)
    last = shift(clock, first, 1) - DAY
    for operator, starts_on, ends_on in running:
        begun = isinstance(starts_on, dt.date) and starts_on <= last
        over = isinstance(ends_on, dt.date) and ends_on < first
        if begun and not over:
            operators[operator] = None
    return [Member(name, str(name), str(name), str(name), "", None) for name in operators if name is not None]


def _per_manager(clock: Clock, facts: Facts) -> bool:
    """Whether the user owes this duty once per account manager, not per customer (assumption 11)."""
    option = words()["options"]["per_manager"]
    return bool(clock.id == option["clock"] and facts.settings.get(option["setting"]) == option["choice"])


def start_of(clock: Clock, within: dt.date) -> dt.date:
    """First day of the month or week a day lies in."""
    return within.replace(day=1) if clock.period == "month" else within - (within.isoweekday() - 1) * DAY


def shift(clock: Clock, start: dt.date, count: int) -> dt.date:
    """First day of the period ``count`` periods later."""
    return add_months(start, count) if clock.period == "month" else start + count * _WEEK * DAY


def name_of(clock: Clock, start: dt.date) -> str:
    """A period's name: ``2026-11`` or ``2026-W47``."""
    if clock.period == "month":
        return f"{start:%Y-%m}"
    year, week, _ = start.isocalendar()
    return f"{year}-W{week:02d}"


def _served(clock: Clock, facts: Facts) -> dict[Value, dict[dt.date, list[int]]]:
    """The positions of the table's rows by member and first day of their period."""
    found: dict[Value, dict[dt.date, list[int]]] = defaultdict(lambda: defaultdict(list))
    member = clock.group if clock.group == "operator" else clock.member
    owners: Sequence[Value] = facts.column(clock.table, member) if member else []
    if _per_manager(clock, facts):
        owners = [whose.manager for whose in facts.who(clock.table)]
    tests = [(condition, facts.column(clock.table, condition.column)) for condition in clock.when]
    for position, value in enumerate(facts.column(clock.table, clock.dated or "month")):
        start = _period_of(clock, value)
        if start and all(c.holds(column[position], facts.today, facts.settings) for c, column in tests):
            found[owners[position] if member else None][start].append(position)
    return found


def _period_of(clock: Clock, value: Value) -> dt.date | None:
    if isinstance(value, dt.date):
        return start_of(clock, day(value))
    if isinstance(value, str):
        return dt.date.fromisoformat(f"{value}-01")
    return None


def periods(clock: Clock, today: dt.date, served: Iterable[dt.date]) -> list[dt.date]:
    """First days of the periods to show, oldest first; duties of the far past leave the board after ``back``."""
    current = shift(clock, start_of(clock, today), -clock.lag)
    known = {current, *served}
    start = min(known)
    while start < current:
        known.add(start)
        start = shift(clock, start, 1)
    oldest = None if clock.back is None else shift(clock, current, -clock.back)
    return sorted(period for period in known if oldest is None or period >= oldest)


def deadline(clock: Clock, version: Version, member: Member, duty: dt.date, memory: Memory) -> Reckoned:
    """When a period's duty is due; ``duty`` is the first day of the month or week it falls in.

    Raises:
        CalendarError: days the calendar does not hold.
    """
    unit, limit = version.unit, version.limit
    agreed = member.record[clock.agreed_day] if clock.agreed_day and member.record else None
    if isinstance(agreed, int) and agreed < 1:  # the check tells of a day that no month has
        agreed = None
    if isinstance(agreed, int):
        unit, limit = "day-of-month", agreed
    ended = rolled(version, reckon(unit, limit, duty, memory.calendar, memory.switches))
    if isinstance(agreed, int):
        ended = ended._replace(forward=None)
    # In a week of holidays the last working day lies before the week: then the week's own last day counts.
    return ended._replace(act_by=ended.due) if day(ended.act_by) < duty else ended


def _item(
    clock: Clock, facts: Facts, memory: Memory, member: Member, period: dt.date, positions: list[int],
) -> Item:
    duty = shift(clock, period, clock.lag)
    version = clock.version_on(duty)
    key = " ".join(part for part in (member.name, name_of(clock, period)) if part)
    try:
        ended = deadline(clock, version, member, duty, memory)
    except CalendarError as refusal:
        return Item(
            clock, key, member.customer, None, None, "waiting", False, None, "month", duty, member.record,
            member.branch, member.manager, "", str(refusal), None, name_of(clock, period),
        )
    record = facts.rows(clock.table)[positions[0]] if positions else member.record
    closed, said = _closing(clock, facts, positions)
    state: State = judge(ended.due, closed, facts.now, memory.switches.lapses_at)
    if clock.exists and positions and closed is None:
        state = "met"
    elif closed is None and duty > facts.today:
        state = "waiting"
    notes = [said] if said else []
    notes += rest_day(ended) if closed is None and state != "met" else []
    return Item(
        clock, key, member.customer, ended.due, ended.act_by, state, ended.provisional, closed, "month",
        duty, record, member.branch, member.manager, "", "；".join(notes), None, name_of(clock, period),
    )


def _closing(clock: Clock, facts: Facts, positions: list[int]) -> tuple[When | None, str]:
    """When a period's rows closed it, and what is still missing or undated.

    Of several rows the first complete one counts: one visit a week is enough.
    """
    form = facts.rows(clock.table)[positions[0]].form if positions else None
    complete: list[When] = []
    missing: tuple[str, ...] = clock.close if positions else ()
    for position in positions:
        values = {name: facts.column(clock.table, name)[position] for name in clock.close}
        filled = [value for value in values.values() if isinstance(value, dt.date)]
        if len(filled) == len(values) or (filled and clock.closing == "first"):
            complete.append(max(filled, key=day))
        missing = min(missing, tuple(name for name, value in values.items() if value is None), key=len)
    if complete or not form:
        return (min(complete, key=day) if complete else None), ""
    note = words()["note"]["undated" if clock.exists else "missing"]
    return None, note.format(columns="、".join(form.column(name).title for name in missing))
