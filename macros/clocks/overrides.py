"""Applies the deadlines a named person has changed, keeping the original beside them (table 时限调整)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.item import Item, When, iso, judge
from macros.clocks.rules import words
from macros.findings import Finding, about
from macros.values import Unreadable, read_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macros.clocks.facts import Facts
    from macros.records import Record

_TABLE = "override"
_SIGNED = ("decided_by", "decided_on", "reason")


class Override(NamedTuple):
    """A changed deadline: until when, decided by whom, on which day and why."""

    until: dt.datetime
    who: str
    on: dt.date
    why: str
    record: Record


def read(facts: Facts) -> tuple[dict[tuple[str, str], Override], list[Finding]]:
    """The usable changes by (row key, clock), and what is wrong with the others."""
    found: dict[tuple[str, str], Override] = {}
    said: list[Finding] = []
    for record in facts.rows(_TABLE):
        clock, key = record.text("clock"), record.text("row_key")
        blank = next((name for name in _SIGNED if record[name] is None), "")
        if blank:
            said.append(about(record, blank, "CLK003", clock=clock, row=key))
            continue
        on = record.date("decided_on")
        if on is None or on > facts.today:
            continue
        try:
            until = read_moment(record.text("new_due"))
        except Unreadable:
            until = None
        if until is None:
            said.append(about(record, "new_due", "CLK004"))
            continue
        if (key, clock) in found:
            said.append(about(record, "row_key", "CLK010", clock=clock, row=key))
        found[key, clock] = Override(until, record.text("decided_by"), on, record.text("reason"), record)
    return found, said


def _whole_day(moment: dt.datetime) -> bool:
    return moment.time() == dt.time()


def _as(due: When | None, override: Override) -> When:
    """The new deadline in the shape of the old: a moment for minute clocks, where a bare day means its end."""
    if not isinstance(due, dt.datetime):
        return override.until.date()
    if _whole_day(override.until):
        return dt.datetime.combine(override.until, dt.time(23, 59, 59))
    return override.until


def applied(item: Item, override: Override, facts: Facts, closes_at: dt.time | None = None) -> Item:
    """The item with its deadline changed; a guarded proposal is thereby decided."""
    new = _as(item.due, override)
    note = words()["note"]
    said = note["overridden"].format(old=iso(item.due), who=override.who, new=iso(new), why=override.why)
    if item.rule.guarded:
        decided = note["approved"].format(who=override.who, on=override.on, why=override.why)
        return item._replace(
            due=new, act_by=new, state="met", closed_on=override.on, original_due=item.due, provisional=False,
            note="；".join(part for part in (decided, said) if part),
        )
    # A closing that contradicts its trigger stays in doubt whatever the deadline.
    doubtful = item.state == "waiting" and item.due is not None
    state = item.state if doubtful else judge(new, item.closed_on, facts.now, closes_at)
    return item._replace(
        due=new, act_by=new, state=state, original_due=item.due, provisional=False,
        note="；".join(part for part in (said, item.note) if part),
    )


def apply(
    items: list[Item], overrides: Mapping[tuple[str, str], Override], facts: Facts, closes_at: dt.time | None,
) -> list[Item]:
    """The items with every change of a deadline applied."""
    if not overrides:
        return items
    return [
        applied(item, overrides[item.key, item.clock], facts, closes_at)
        if (item.key, item.clock) in overrides else item
        for item in items
    ]


def unused(overrides: Mapping[tuple[str, str], Override], items: list[Item]) -> list[Finding]:
    """Say which changes belong to no deadline."""
    if not overrides:
        return []
    there = {(item.key, item.clock) for item in items}
    return [
        about(override.record, "row_key", "CLK005", row=key, clock=clock)
        for (key, clock), override in overrides.items() if (key, clock) not in there
    ]


