"""Draws a schedule backwards from the agreed delivery day, over working days (§2.2.2, 倒排工期).

Each milestone gets the last day that still keeps the delivery day, the first day it can be reached, and the working
days between the two; those with the fewest are critical.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.data import toml

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from macros.workdays import Calendar

RULES = Path(__file__).parents[1] / "rules" / "schedule.toml"


class Step(NamedTuple):
    """A step of a template: its milestone, the working days it takes, the milestones it waits for."""

    milestone: str
    days: int
    after: tuple[str, ...]


class Template(NamedTuple):
    """The steps of a kind of project, each after those it waits for; an empty tuple of words takes any."""

    name: str
    product_class: tuple[str, ...]
    solution: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A milestone with its last and first possible day; ``slack`` counts working days and is negative when too late."""

    milestone: str
    last: dt.date
    first: dt.date
    slack: int
    critical: bool
    provisional: bool


@cache
def rules() -> Mapping[str, Any]:
    """The file macros/rules/schedule.toml."""
    read: Mapping[str, Any] = toml(RULES)
    return read


@cache
def templates() -> tuple[Template, ...]:
    """The templates, in the order in which they are tried.

    Raises:
        ValueError: a step waits for one that does not stand before it.
    """
    made = []
    for each in rules()["template"]:
        steps = tuple(Step(step["milestone"], step["days"], tuple(step["after"])) for step in each["steps"])
        for number, step in enumerate(steps):
            if not {*step.after} <= {before.milestone for before in steps[:number]}:
                raise ValueError(f"{RULES.name}: {each['name']}: {step.milestone}")
        made.append(Template(each["name"], tuple(each["product_class"]), tuple(each["solution"]), steps))
    return tuple(made)


def template_for(product_class: str, solution: str) -> Template | None:
    """The first template for a demand's product class and solution."""
    return next((
        each for each in templates()
        if (not each.product_class or product_class in each.product_class)
        and (not each.solution or solution in each.solution)
    ), None)


def drawn(steps: Sequence[Step], begin: dt.date, deliver: dt.date, calendar: Calendar) -> list[Planned]:
    """The plan of a project, in the order of the template's steps.

    Args:
        steps: each after those it waits for.
        begin: the day of approval; work starts on the working day after it.
        deliver: the agreed day. A day of rest counts as the working day before it: the customer is never kept
            waiting for a holiday of ours.
        calendar: the working days.

    Raises:
        CalendarError: a day the calendar cannot answer for.
    """
    last, unsure = _backwards(steps, deliver, calendar)
    first: dict[str, dt.date] = {}
    for step in steps:
        start = max((first[name] for name in step.after), default=begin)
        due = calendar.add(start, step.days)
        first[step.milestone] = due.day
        if due.provisional:
            unsure.add(step.milestone)
    slack = {step.milestone: _between(first[step.milestone], last[step.milestone], calendar) for step in steps}
    tightest = min(slack.values(), default=0)
    return [
        Planned(name, last[name], first[name], slack[name], slack[name] == tightest, name in unsure)
        for name in (step.milestone for step in steps)
    ]


def _backwards(
    steps: Sequence[Step], deliver: dt.date, calendar: Calendar,
) -> tuple[dict[str, dt.date], set[str]]:
    """The last day of each milestone, and those counted over days that no decree covers yet."""
    last: dict[str, dt.date] = {}
    unsure: set[str] = set()
    for step in reversed(steps):
        followers = [each for each in steps if step.milestone in each.after]
        ends = [calendar.sub(last[each.milestone], each.days) for each in followers]
        due = min(ends, default=calendar.previous(deliver))
        last[step.milestone] = due.day
        if due.provisional or any(each.milestone in unsure for each in followers):
            unsure.add(step.milestone)
    return last, unsure


def _between(first: dt.date, last: dt.date, calendar: Calendar) -> int:
    """Working days from the first possible day to the last one; negative where the last comes too early."""
    return calendar.count(first, last) if first <= last else -calendar.count(last, first)


def latest(planned: Iterable[Planned]) -> int:
    """Working days by which a plan is too late; 0 when it fits."""
    return max((-each.slack for each in planned if each.slack < 0), default=0)
