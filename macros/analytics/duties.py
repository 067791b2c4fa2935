"""The deadlines of a whole period: also the weeks and months that a board has let go of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from macros.clocks import overrides, periods
from macros.clocks.engine import judge_all
from macros.clocks.facts import Facts
from macros.clocks.limits import Memory
from macros.clocks.rules import clocks as all_clocks
from macros.clocks.settings import switches

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from macros.clocks.item import Item
    from macros.clocks.rules import Clock
    from macros.register import Register
    from macros.workdays import Calendar

_WEEK, _YEAR = 7, 12


def deadlines(
    register: Register, calendar: Calendar, at: dt.datetime, first: dt.date, clocks: Iterable[str] | None = None,
) -> list[Item]:
    """Evaluate clocks at ``at``; visits, meetings and plans of every week and month since ``first`` are among them.

    A board shows recurring duties only so far back (``back`` in ``rules/clocks.toml``), which is too short for the
    rate of a quarter or year; and it shows a customer without any visit only the running week, where a rate without
    the weeks gone by would be the better the fewer customers are visited.

    Args:
        register: the tables.
        calendar: the working days.
        at: the moment to judge at.
        first: the first day of the period a rate is made for.
        clocks: ids to evaluate, all when not given.
    """
    wanted = list(all_clocks()) if clocks is None else list(clocks)
    short = [number for number in wanted if all_clocks()[number].back is not None]
    items = list(judge_all(register, calendar, at, clocks=[number for number in wanted if number not in short]).items)
    facts = Facts(register, at, None)
    memory = Memory(calendar, switches(facts.settings))
    changes, _ = overrides.read(facts)
    for number in short:
        clock = all_clocks()[number]
        long = replace(clock, back=max(clock.back or 0, _count(clock, first, at.date())))
        items += overrides.apply(periods.items(long, facts, memory, first), changes, facts, memory.switches.lapses_at)
    return items


def _count(clock: Clock, first: dt.date, today: dt.date) -> int:
    """How many periods lie between the first day and today, the one the first day lies in among them."""
    if clock.period == "week":
        return (today - first).days // _WEEK + 1
    return (today.year - first.year) * _YEAR + today.month - first.month
