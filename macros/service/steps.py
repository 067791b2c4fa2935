"""What comes next in a case, in words, with its limit and how pressing it is."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.clocks.rules import terms
from macros.service.rules import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macros.clocks.item import Item
    from macros.records import Record
    from macros.service.cases import Case
    from macros.service.rules import Table


class Step(NamedTuple):
    """What to do next; ``item`` is the clock that limits it, None where none runs."""

    say: str
    column: str
    item: Item | None


@cache
def _steps(table: Table) -> tuple[Mapping[str, Any], ...]:
    return tuple(step for step in rules()["step"] if step["table"] == table)


@cache
def step_clocks() -> tuple[str, ...]:
    """Every clock that a step names."""
    return tuple(dict.fromkeys(step["clock"] for step in rules()["step"] if "clock" in step))


def next_step(case: Case, at: dt.datetime) -> Step | None:
    """The first step that is still to do at a moment; None when nothing is.

    Args:
        case: judged with the `step_clocks`.
        at: facts later than this are not yet known.
    """
    for step in _steps(case.table):
        if _due(step, case.record, case.clocks, at):
            item = case.clocks.get(step.get("clock", ""))
            return Step(step["say"], step["blank"], item if item is not None and item.running else None)
    return None


def _due(step: Mapping[str, Any], row: Record, clocks: Mapping[str, Item], at: dt.datetime) -> bool:
    blank = step["blank"]
    # A register made before the column was there cannot be asked to fill it.
    if _told(row, blank, at) or not row.columns[row.form.index[blank]]:
        return False
    if any(_told(row, name, at) for name in step.get("over", ())):
        return False
    runs = step.get("runs")
    return all(_told(row, name, at) for name in step.get("needs", ())) and (
        runs is None or (runs in clocks and clocks[runs].running)
    )


def _told(row: Record, name: str, at: dt.datetime) -> bool:
    """Whether a column says something already; agreements about the future count at once."""
    value = row[name]
    if f"{row.form.code}.{name}" in terms() or not isinstance(value, dt.date):
        return value is not None
    return value <= at if isinstance(value, dt.datetime) else value <= at.date()
