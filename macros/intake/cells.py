"""Reads the cells of a foreign row by the types of their columns, with a finding for each it cannot read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macros.choices import choices
from macros.findings import finding
from macros.headings import settings
from macros.records import Broken, Cell, Place, Record, Value
from macros.values import READERS, Unreadable, hidden_characters, read_choice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from macros.findings import Finding
    from macros.forms import Column, Form
    from macros.intake.headings import Heading
    from macros.intake.layouts import Layout

#: Strings remembered per column with what they were read as; lists repeat themselves.
_REMEMBERED = 1 << 13


@dataclass(frozen=True, slots=True)
class Slot:
    """One column of the file: where it goes in the record, how it is read and what it is called in the file.

    A column that is not ``written`` is only compared with the register.
    """

    position: int
    index: int
    column: Column
    heading: str
    soft: bool
    written: bool
    read: Callable[[Cell], Value]
    known: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """How one record is made from a row: its slots, values it always has, and the file's column of each form column."""

    form: Form
    slots: tuple[Slot, ...]
    constants: tuple[Value, ...]
    columns: tuple[int, ...]
    headings: Mapping[str, str]


@dataclass(slots=True)
class Reading:
    """One record as read: values in form order, findings about its cells, what refused cells show by column name."""

    values: list[Value]
    findings: list[Finding]
    faulty: dict[str, str]
    filled: bool


def plan(layout: Layout, columns: Mapping[str, Heading], constants: Mapping[str, Value]) -> Plan:
    """Prepare the reading of one pass; ``constants`` are values the file does not hold."""
    form = layout.form
    if form is None:
        raise ValueError(f"{layout.id} feeds no form")
    lists = choices()
    slots = []
    numbers = [0] * len(form.columns)
    for name, heading in columns.items():
        column = form.column(name)
        reader = _choice(lists[column.list]) if column.type == "choice" else READERS[column.type]
        numbers[form.index[name]] = heading.column
        written = layout.mode != "update" or name in layout.takes or name in form.key
        slots.append(
            Slot(form.index[name], heading.column - 1, column, heading.text, name in layout.soft, written, reader)
        )
    fixed: list[Value] = [None] * len(form.columns)
    for name, value in constants.items():
        if name not in columns:
            fixed[form.index[name]] = value
    by_title = {form.column(name).title: heading.text for name, heading in columns.items()}
    return Plan(form, tuple(slots), tuple(fixed), tuple(numbers), by_title)


def _choice(spellings: Mapping[str, str]) -> Callable[[Cell], Value]:
    return lambda cell: read_choice(cell, spellings)


def read_row(made: Plan, row: Sequence[Cell], place: Place) -> Reading:
    """Read one record. A cell that cannot be read is None and has a finding; so has an open end date (REG004)."""
    values = list(made.constants)
    unread: list[tuple[Slot, Cell, Unreadable | None]] = []
    width = len(row)
    filled = False
    for slot in made.slots:
        if slot.index >= width:
            continue
        cell = row[slot.index]
        if cell is None:
            continue
        if type(cell) is str and cell in slot.known:
            value = values[slot.position] = slot.known[cell]
            filled = filled or value is not None
            continue
        try:
            got = slot.read(cell)
        except Unreadable as refusal:
            filled = True
            if slot.written:
                unread.append((slot, cell, refusal))
            continue
        values[slot.position] = got
        filled = filled or got is not None
        if type(cell) is str:
            if not cell.isprintable() and hidden_characters(cell):
                unread.append((slot, cell, None))
            elif len(slot.known) < _REMEMBERED:
                slot.known[cell] = got
    reading = Reading(values, [], {}, filled)
    if unread:
        key = key_of(made.form, values) or _raw_key(made, row)
        for slot, cell, why in unread:
            said = _unread(made, slot, cell, why, place, key)
            reading.findings.append(said)
            if said.severity == "error":
                reading.faulty[slot.column.name] = shown_value(cell)
    return reading


def key_of(form: Form, values: Sequence[Value]) -> str:
    """The row's key as `Record.key` gives it."""
    parts = ["" if values[form.index[name]] is None else str(values[form.index[name]]) for name in form.key]
    return "/".join(parts) if any(parts) else ""


def _raw_key(made: Plan, row: Sequence[Cell]) -> str:
    """What the key cell shows, where it could not be read."""
    for slot in made.slots:
        if slot.column.name == made.form.key[0] and slot.index < len(row):
            return shown_value(row[slot.index])
    return ""


def _unread(made: Plan, slot: Slot, cell: Cell, why: Unreadable | None, place: Place, key: str) -> Finding:
    where = {
        "workbook": place.workbook, "sheet": place.sheet, "cell": place.cell(slot.index + 1), "key": key,
        "field": slot.heading,
    }
    value = shown_value(cell)
    if why is None:
        return finding("VAL005", **where, value=value)
    name = f"{made.form.code}.{slot.column.name}"
    if why.code == settings()["open_ended_code"] and name in settings()["open_ended"]:
        return finding("REG004", **where, value=value)
    if slot.soft and not isinstance(cell, Broken):
        return finding("INT024", **where, value=value)
    return finding(why.code, **where, value=value, **why.details)


def shown_value(cell: Cell) -> str:
    """A cell as its sheet shows it, for a message."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == dt.time() else "%Y-%m-%d %H:%M:%S")
    return str(cell)


def record(made: Plan, values: Sequence[Value], place: Place) -> Record:
    """A record that says where in the foreign file it stands."""
    return Record(made.form, tuple(values), place, made.columns)
