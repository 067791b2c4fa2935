"""Shows the arithmetic of one deadline: the clause, the days counted and passed over, and why it stands as it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.clocks.absence import why_not
from macros.clocks.cycles import latest
from macros.clocks.engine import judge_all
from macros.clocks.facts import Facts
from macros.clocks.item import DAY, Item, day, iso
from macros.clocks.limits import reckon
from macros.clocks.rules import clocks, words
from macros.clocks.settings import Switches, switches
from macros.months import end_of

if TYPE_CHECKING:
    import datetime as dt

    from macros.clocks.rules import Version
    from macros.register import Register
    from macros.workdays import Calendar


def explain(register: Register, calendar: Calendar, now: dt.datetime, key: str, clock: str) -> dict[str, Any]:
    """The arithmetic of one deadline, in the shape of ``explain --json``.

    Beside the fixed fields: ``title``, ``state``, ``act_by``, ``arithmetic`` (Chinese sentences), ``note`` and, for
    days of the month, ``forward``. Where the clock does not run ``due`` is None and ``note`` says why.

    Raises:
        KeyError: no such clock.
    """
    rule = clocks()[clock]
    how = switches(register.settings)
    found = [item for item in judge_all(register, calendar, now, clocks=[clock]).items if item.key == key]
    facts = Facts(register, now)
    said: dict[str, Any] = {
        "clock": clock, "key": key, "title": rule.title, "clause": rule.clause, "kind": rule.kind,
        "calendar": calendar.version, "counted": [], "skipped": [], "provisional": False, "due": None, "act_by": None,
    }
    if not found:
        version = rule.versions[-1]
        note = why_not(rule, facts, key)
        return said | {
            "trigger": {"field": "", "on": None}, "limit": version.text(), "state": None, "note": note,
            "arithmetic": [note],
        }
    item = found[0]
    version, limit = item.version, item.version.limit_at(item.level)
    said |= {
        "trigger": {"field": _field(item), "on": iso(item.trigger_on)}, "limit": item.limit, "due": iso(item.due),
        "act_by": iso(item.act_by), "provisional": item.provisional, "state": item.state, "note": item.note,
        "closed_on": iso(item.closed_on), "customer": item.customer,
    }
    if item.original_due:
        said["original_due"] = iso(item.original_due)
    if version.unit == "day-of-month":
        said["forward"] = iso(_forward(item, calendar, how))
    if rule.shape == "cycle":
        said |= _cycle(item, facts, calendar, how)
    else:
        said |= _days(version, limit, item, calendar, how)
        said["arithmetic"] = [_sentence(item, version, limit, calendar, how)]
    said["arithmetic"] += _circumstances(item, calendar, facts)
    return said


def _field(item: Item) -> str:
    """The trigger's heading; for recurring duties what recurs, for an escalation the clock that lapsed."""
    if item.rule.from_lapse:
        return f"{item.rule.after} {clocks()[item.rule.after].title}"
    if item.record and item.trigger in item.record.form.index and item.rule.shape != "period":
        return item.record.form.column(item.trigger).title
    return str(words()["period"][item.rule.period])


def _walked(start: dt.date, count: int, calendar: Calendar, how: Switches) -> dict[str, Any]:
    """The days a count of working days took and those it passed over."""
    origin = start - DAY if how.trigger_counts else start
    steps = calendar.walk(origin, count, how.conventions)
    return {
        "counted": [step.day.isoformat() for step in steps if step.number],
        "skipped": [{"on": step.day.isoformat(), "why": step.reason} for step in steps if not step.number],
    }


def _days(version: Version, limit: int, item: Item, calendar: Calendar, how: Switches) -> dict[str, Any]:
    if version.unit != "WD" or item.trigger_on is None or item.due is None:
        return {}
    return _walked(item.trigger_on, limit, calendar, how)


def _cycle(item: Item, facts: Facts, calendar: Calendar, how: Switches) -> dict[str, Any]:
    """A recurring duty's days: from the trigger on a grid, else from the last time it was done."""
    rule, version = item.rule, item.version
    arithmetic = words()["arithmetic"]
    assert item.trigger_on is not None and item.due is not None and item.record is not None
    start = day(item.trigger_on)
    if rule.grid:
        number = int(item.period)
        line = arithmetic["grid"].format(trigger=start, n=version.limit, cycle=number, due=item.due)
        return _walked(start, number * version.limit, calendar, how) | {"arithmetic": [line]}
    rows = facts.rows(rule.table)
    done = latest(facts, rule.table, rule.last)[next(i for i, row in enumerate(rows) if row is item.record)]
    last = max(start, done) if done else start
    size = int(item.period)
    if version.unit == "WD":
        line = arithmetic["rolling"].format(last=last, n=size, due=item.due)
        return _walked(last, size, calendar, how) | {"arithmetic": [line]}
    line = arithmetic["day"].format(last=last, n=size, nominal=last + size * DAY, due=item.due)
    return {"arithmetic": [line]}


def _sentence(item: Item, version: Version, limit: int, calendar: Calendar, how: Switches) -> str:
    """The one sentence that derives the deadline before any change by a person."""
    arithmetic = words()["arithmetic"]
    due, rule = item.original_due or item.due, item.rule
    if due is None or item.trigger_on is None:
        return item.note
    details: dict[str, object] = {"trigger": item.trigger_on, "n": limit, "due": due, "act_by": item.act_by}
    if version.unit == "column" and item.record:
        details["column"] = item.record.form.column(rule.due_column).title
    if version.unit == "day-of-month":
        details |= {"month": f"{due:%Y-%m}", "forward": _forward(item, calendar, how)}
    if version.unit == "week-end":
        details["week"] = item.period
    if rule.from_lapse:
        last = day(item.trigger_on) - DAY
        return str(arithmetic["lapse"].format(after=rule.after, last=last, **details))
    if version.forward:
        return str(arithmetic[f"{version.unit}-forward"].format(**details))
    if rule.agreed_day and due != end_of(day(due)):
        return str(arithmetic["agreed"].format(**details | {"n": day(due).day}))
    return str(arithmetic[version.unit].format(**details))


def _forward(item: Item, calendar: Calendar, how: Switches) -> dt.date | None:
    """The day a deadline on a day of the month would roll to (Civil Code 203)."""
    due = item.original_due or item.due
    return None if due is None else reckon("day-of-month", day(due).day, day(due), calendar, how).forward


def _circumstances(item: Item, calendar: Calendar, facts: Facts) -> list[str]:
    """Which rule was in force, what the estimate touches, and how the deadline stands."""
    arithmetic, states = words()["arithmetic"], words()["states"]
    said = [arithmetic["version"].format(effective=item.version.effective, limit=item.limit)]
    if item.level:
        said.append(arithmetic["level"].format(level=item.level, limit=item.limit))
    if item.provisional:
        said.append(arithmetic["provisional"].format(last=calendar.last_decreed))
    if item.original_due:
        said.append(arithmetic["override"].format(note=item.note))
    if item.closed_on:
        said.append(arithmetic["closed"].format(closed=item.closed_on, state=states[item.state]))
    else:
        said.append(arithmetic["open"].format(now=facts.now, state=states[item.state]))
    if item.note and not item.original_due:
        said.append(item.note)
    return said


