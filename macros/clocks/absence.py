"""Says in words why a clock does not run for a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.clocks.rules import clocks, words

if TYPE_CHECKING:
    from macros.clocks.facts import Facts
    from macros.clocks.rules import Clock
    from macros.records import Record


def why_not(clock: Clock, facts: Facts, key: str) -> str:
    """Why ``clock`` has no deadline for the row numbered ``key``, in one Chinese sentence."""
    why = words()["why"]
    rows = facts.rows(clock.table)
    position = next((i for i, row in enumerate(rows) if row.key == key), None)
    if position is None:
        elsewhere = next((row for table in sorted(_tables()) if (row := facts.register.find(table, key))), None)
        if elsewhere is None or elsewhere.form.code == clock.table:
            return str(why["no_row"].format(key=key))
        return str(why["wrong_table"].format(clock=clock.id, table=elsewhere.form.title))
    return str(_of_row(clock, facts, rows[position], position))


def _tables() -> set[str]:
    return {clock.table for clock in clocks().values()}


def _of_row(clock: Clock, facts: Facts, record: Record, position: int) -> object:
    why = words()["why"]
    filled = [name for name in clock.trigger if record[name] is not None]
    if not filled:
        titles = "、".join(record.form.column(name).title for name in clock.trigger)
        return why["no_trigger"].format(column=titles)
    if all(facts.column(clock.table, name)[position] is None for name in filled):
        title = record.form.column(filled[0]).title
        return why["future"].format(column=title, value=record[filled[0]], now=facts.now)
    for condition in clock.when:
        value = facts.column(clock.table, condition.column)[position]
        if not condition.holds(value, facts.today, facts.settings):
            title = record.form.column(condition.column).title
            return why["condition"].format(column=title, value=_shown(value))
    for name in clock.until:
        if facts.column(clock.table, name)[position] is not None:
            table, _, column = name.rpartition(".")
            other = facts.register.groups(table, ("demand_no",)) if table else {}
            form = next(iter(other.values()))[0].form if other else record.form
            return why["ended"].format(column=form.column(column).title)
    if clock.after:
        return why["parent"].format(after=clock.after)
    return why["no_trigger"].format(column=record.form.column(clock.due_column).title) if clock.due_column else ""


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(words()["flags"][str(value).lower()])
    return "" if value is None else str(value)


