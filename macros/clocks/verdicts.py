"""Judges one clock on the few values it depends on: trigger, agreed moment, level and closing cells."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.item import State, When, day, judge
from macros.clocks.rules import words
from macros.periods import CalendarError, elapsed_seconds

if TYPE_CHECKING:
    from macros.clocks.limits import Memory, Reckoned
    from macros.clocks.rules import Clock
    from macros.forms import Form
    from macros.periods import Conventions
    from macros.records import Value


class Case(NamedTuple):
    """What a verdict depends on; rows with equal cases get the same verdict."""

    trigger: str
    on: When
    agreed: Value
    level: str
    closings: tuple[Value, ...]


class Verdict(NamedTuple):
    """A judged case. ``problem`` is the code of a finding about the cell of ``column``, or empty."""

    due: When | None
    act_by: When | None
    state: State
    provisional: bool
    closed_on: When | None
    note: str
    problem: str = ""
    column: str = ""


class Closed(NamedTuple):
    """What the closing cells say: when and by which column, or that the column contradicts the trigger."""

    on: When | None = None
    column: str = ""
    contradicts: bool = False
    missing: tuple[str, ...] = ()


def verdict(clock: Clock, form: Form, case: Case, memory: Memory, now: dt.datetime) -> Verdict | None:
    """Judge a case at ``now``; None where nothing was agreed and there is nothing left to ask for."""
    version = clock.version_on(day(case.on))
    closed = closing(clock, case, memory.switches.conventions)
    base = case.agreed if version.unit == "column" else case.on
    if not isinstance(base, dt.date):
        if not clock.ask or closed.on is not None:
            return None
        return Verdict(None, None, "waiting", False, None, clock.ask, "CLK007", clock.due_column)
    try:
        ended = memory.end(version, version.limit_at(case.level), base)
    except CalendarError as refusal:
        return Verdict(None, None, "waiting", False, closed.on, str(refusal), "CLK002", case.trigger)
    if closed.contradicts:
        titles = {"close": form.column(closed.column).title, "trigger": form.column(case.trigger).title}
        note = words()["note"]["contradiction"].format(**titles)
        return Verdict(ended.due, ended.act_by, "waiting", ended.provisional, None, note, "CLK001", closed.column)
    state = judge(ended.due, closed.on, now, memory.switches.lapses_at)
    note = "；".join(_remarks(clock, form, closed, ended))
    return Verdict(ended.due, ended.act_by, state, ended.provisional, closed.on, note)


def closing(clock: Clock, case: Case, conventions: Conventions) -> Closed:
    """Read the closing cells; one before the trigger contradicts it, unless it belongs to an earlier round."""
    pairs = zip(case.closings, clock.close, strict=True)
    filled = [(value, name) for value, name in pairs if isinstance(value, dt.date)]
    # A reminder comes before its trigger, and a case may be escalated before it has to be.
    if clock.versions[-1].unit != "month-before" and not clock.from_lapse:
        early = [name for value, name in filled if _before(value, case.on, conventions)]
        contradicting = [name for name in early if name not in clock.rounds]
        if contradicting:
            return Closed(None, contradicting[0], True)
        if clock.closing == "first":
            filled = [(value, name) for value, name in filled if name not in early]
    if clock.closing == "all":
        missing = tuple(name for name in clock.close if name not in {name for _, name in filled})
        if missing:
            return Closed(missing=missing)
        return Closed(*max(filled, key=lambda pair: day(pair[0])))
    return Closed(*min(filled, key=lambda pair: day(pair[0]))) if filled else Closed()


def _before(value: When, on: When, conventions: Conventions) -> bool:
    if isinstance(value, dt.datetime) and isinstance(on, dt.datetime):
        return elapsed_seconds(on, value) < (conventions.zero_duration == "error")
    return day(value) < day(on)


def _remarks(clock: Clock, form: Form, closed: Closed, ended: Reckoned) -> list[str]:
    """What is still missing, what was inferred, and where a rest day or an estimate matters."""
    note = words()["note"]
    if closed.missing:
        return [note["missing"].format(columns="、".join(form.column(name).title for name in closed.missing))]
    if closed.on is None:
        return rest_day(ended)
    inferred = clock.closing == "first" and closed.column != clock.close[0]
    return [note["inferred"].format(column=form.column(closed.column).title)] if inferred else []


def rest_day(ended: Reckoned) -> list[str]:
    """Notes on a calendar deadline that falls on a rest day (Civil Code 203), or is acted on by an estimate."""
    note = words()["note"]
    said: list[str] = []
    if ended.forward and ended.forward != ended.due:
        said.append(note["roll"].format(due=ended.due, back=ended.act_by, forward=ended.forward))
    elif ended.act_by < ended.due:
        said.append(note["earlier"].format(due=ended.due, back=ended.act_by))
    if ended.act_provisional:
        said.append(note["act_provisional"].format(day=ended.act_by))
    return said
