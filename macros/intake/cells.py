"""Reads the cells of a foreign row by the types of their columns, with a finding for each it cannot read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from macros.choices import choices, is_open
from macros.findings import finding
from macros.headings import settings
from macros.intake.lenient import Understood, means_nothing, of_lines, understood
from macros.intake.units import scaled, times
from macros.records import Broken, Cell, Place, Record, Value
from macros.values import READERS, Unreadable, clean_text, hidden_characters, read_choice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from macros.findings import Finding
    from macros.forms import Column, Form
    from macros.intake.headings import Heading
    from macros.intake.layouts import Layout

#: Strings remembered per column with what they were read as; lists repeat themselves.
_REMEMBERED = 1 << 13


@dataclass(frozen=True, slots=True)
class Slot:
    """One column of the file: where it goes in the record, how it is read and what it is called in the file.

    A column that is not ``written`` is only compared with the register, and one that ``fills`` also written there
    where the register has nothing. ``times`` turns its figures into the column's unit.
    """

    position: int
    index: int
    column: Column
    heading: str
    soft: bool
    written: bool
    fills: bool
    times: Decimal
    read: Callable[[Cell], Value]
    known: dict[str, Value] = field(default_factory=dict)
    notes: dict[str, _Note] = field(default_factory=dict)

    def note(self, meant: Understood, cell: Cell, place: Place) -> None:
        """Remember that a cell was understood in a way worth telling once per column."""
        if meant.note:
            first = self.notes.setdefault(meant.note, _Note(place, shown_value(cell), shown_value(meant.value)))
            first.count += 1


@dataclass(slots=True)
class _Note:
    """The first cell of a column that was understood in some way, and how many there were."""

    place: Place
    shown: str
    value: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """How one record is made from a row: its slots, values it has where the row is blank, and the file's columns.

    ``given`` are the values the user named for the whole file, by column.
    """

    form: Form
    slots: tuple[Slot, ...]
    constants: tuple[Value, ...]
    columns: tuple[int, ...]
    headings: Mapping[str, str]
    given: Mapping[str, Value]


@dataclass(slots=True)
class Reading:
    """One record as read: values in form order, findings about its cells, what refused cells show by column name."""

    values: list[Value]
    findings: list[Finding]
    faulty: dict[str, str]
    filled: bool


def plan(
    layout: Layout, columns: Mapping[str, Heading], fixed: Mapping[str, Value], given: Mapping[str, Value],
    units: Mapping[int, str] = MappingProxyType({}),
) -> Plan:
    """Prepare the reading of one pass; ``fixed`` values belong to the layout, ``given`` ones the user named.

    ``units`` are those stated outside the headings (`macros.intake.units.units_of`). The layout's defaults stand
    where the file has no column for them, for new rows only: with a column its blanks are blanks, and known rows
    change by columns alone.
    """
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
        factor = times(column, heading, units)
        reader = scaled(reader, factor) if factor != 1 else reader
        written = layout.mode != "update" or name in layout.takes or name in form.key
        slots.append(
            Slot(
                form.index[name], heading.column - 1, column, heading.text, name in layout.soft, written,
                name in layout.fills, factor, reader,
            )
        )
    said = {name: value for name, value in given.items() if name in form.index}
    constants: list[Value] = [None] * len(form.columns)
    unsaid = {name: value for name, value in layout.defaults.items() if name not in columns}
    for name, value in {**unsaid, **said, **fixed}.items():
        constants[form.index[name]] = value
    by_title = {form.column(name).title: heading.text for name, heading in columns.items()}
    return Plan(form, tuple(slots), tuple(constants), tuple(numbers), by_title, said)


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
            value = slot.known[cell]
            if value is not None:
                values[slot.position] = value
                filled = True
            continue
        try:
            got = slot.read(cell)
        except Unreadable as refusal:
            meant = understood(made.form, slot.column, cell, refusal.code)
            if meant:
                if meant.value is not None:
                    values[slot.position] = meant.value
                    filled = True
                slot.note(meant, cell, place)
                continue
            filled = True
            if _only_unusual(slot, refusal):
                values[slot.position] = clean_text(cell)
            if slot.written:
                unread.append((slot, cell, refusal))
            continue
        if type(got) is str and means_nothing(slot.column, got):
            slot.note(Understood(None, "INT037"), cell, place)
            continue
        if got is not None:
            values[slot.position] = got
            filled = True
        if type(cell) is str:
            if not cell.isprintable() and (hidden_characters(cell) or of_lines(slot.column, cell)):
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


def _only_unusual(slot: Slot, why: Unreadable) -> bool:
    """Whether a word is missing from a list that only suggests, so that it stands as it is."""
    return why.code == settings()["not_listed_code"] and is_open(slot.column.list) and not slot.soft


def _unread(made: Plan, slot: Slot, cell: Cell, why: Unreadable | None, place: Place, key: str) -> Finding:
    where = {
        "workbook": place.workbook, "sheet": place.sheet, "cell": place.cell(slot.index + 1), "key": key,
        "field": slot.heading,
    }
    value = shown_value(cell)
    if why is None and of_lines(slot.column, cell):
        return finding("INT049", **where, value="、".join(value.split()), taken=slot.read(cell))
    if why is None:
        return finding("VAL005", **where, value=value)
    name = f"{made.form.code}.{slot.column.name}"
    if why.code == settings()["open_ended_code"] and name in settings()["open_ended"]:
        return finding("REG004", **where, value=value)
    if _only_unusual(slot, why):
        return finding("REG005", **where, value=value, **why.details)
    if slot.soft and not isinstance(cell, Broken):
        return finding("INT024", **where, value=value)
    return finding(why.code, **where, value=value, **why.details)


def notes(made: Plan) -> list[Finding]:
    """What is to be told once per column about cells that were not written as the register has them."""
    return [
        finding(
            code, workbook=one.place.workbook, sheet=one.place.sheet, cell=one.place.cell(slot.index + 1),
            field=slot.heading, value=one.shown, taken=one.value, count=one.count,
        )
        for slot in made.slots for code, one in slot.notes.items()
    ]


def shown_value(cell: Cell | Value) -> str:
    """A cell as its sheet shows it, for a message."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == dt.time() else "%Y-%m-%d %H:%M:%S")
    return str(cell)


def record(made: Plan, values: Sequence[Value], place: Place) -> Record:
    """A record that says where in the foreign file it stands."""
    return Record(made.form, tuple(values), place, made.columns)
