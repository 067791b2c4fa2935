"""Merges the rows of a foreign sheet into the register: which are new, changed, unchanged or refused, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macros.intake.cells import Reading, key_of, read_row, record
from macros.intake.held import Held, meant
from macros.intake.lenient import Understood
from macros.intake.row_findings import beside, checked, compared, contradicted, difference, of_column, shortened, word
from macros.records import Place, Value

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from macros.findings import Finding
    from macros.intake.cells import Plan
    from macros.intake.held import Known, Seen
    from macros.intake.layouts import Layout
    from macros.intake.outcome import Taken
    from macros.intake.row_findings import Check
    from macros.intake.spelling import Spelling
    from macros.records import Cell


@dataclass(frozen=True, slots=True)
class Rules:
    """What rows are judged by: the register, the row rules and the day they hold on, None where it is doubted."""

    register: Known
    check: Check
    today: dt.date | None
    spelling: Spelling


@dataclass(slots=True)
class _Change:
    """What one record of a row would do."""

    status: str
    made: Plan
    values: tuple[Value, ...] = ()
    held: Held | None = None
    changed: dict[str, Value] = field(default_factory=dict)
    key: str = ""


def merge(
    taken: Taken, layout: Layout, plans: Sequence[Plan], data: Iterable[tuple[int, Sequence[Cell]]], rules: Rules,
    seen: Seen,
) -> None:
    """Judge every data row and enter the result in ``taken``. A row with an error is refused whole."""
    for number, row in data:
        place = Place(taken.file, taken.sheet, number)
        taken.rows += 1
        changes: list[_Change] = []
        for index, made in enumerate(plans):
            reading = read_row(made, row, place)
            if index and not _filled(made, row, plans[0]):
                continue
            _respell(made, reading, place, rules.spelling)
            changes.append(_judge(layout, made, reading, place, rules, seen, taken.findings))
        status = _status(changes)
        if status == "rejected":
            taken.rejected += 1
            continue
        for change in changes:
            _enter(taken, change, place, seen)
        if status == "added":
            taken.added_rows += 1
        elif status == "updated":
            taken.updated += 1
        else:
            taken.unchanged += 1


def _respell(made: Plan, reading: Reading, place: Place, spelling: Spelling) -> None:
    """Take keys and references as the register spells them, and other tables' numbers for what they stand for."""
    for slot in made.slots:
        column, value = slot.column, reading.values[slot.position]
        if value is None or not (column.refers or column.name in made.form.key):
            continue
        known = spelling.of(made.form, column, value)
        other = spelling.instead(made.form, column, known)
        if other is not None:
            slot.note(Understood(other, "INT039"), str(value), place)
        reading.values[slot.position] = other or known


def _filled(made: Plan, row: Sequence[Cell], main: Plan) -> bool:
    """Whether a further pass has content in columns of its own."""
    shared = {slot.index for slot in main.slots}
    return any(
        slot.index < len(row) and row[slot.index] not in (None, "") for slot in made.slots if slot.index not in shared
    )


def _status(changes: Sequence[_Change]) -> str:
    found = {change.status for change in changes}
    return next((word for word in ("rejected", "added", "updated") if word in found), "unchanged")


def _judge(
    layout: Layout, made: Plan, reading: Reading, place: Place, rules: Rules, seen: Seen, said: list[Finding],
) -> _Change:
    """Decide what one record would do, and say what is wrong with it."""
    form = made.form
    key = key_of(form, reading.values)
    complete = all(reading.values[form.index[name]] is not None for name in form.key)
    errors = list(reading.findings)
    faulty = dict(reading.faulty)
    rows = seen.rows(form, key, rules.register) if complete else ()
    held, crossed = meant(form, reading.values, rows)
    if layout.mode == "add" and form.in_turn and held and held.given not in (None, place):
        crossed, held = [held], None
    before = held.values if held else None
    if complete:
        repeated = _repeated(layout, made, reading, place, key, seen)
        if repeated:
            errors.append(repeated)
            faulty.setdefault(form.key[0], key)
        elif crossed:
            errors.append(beside(made, crossed, place, key))
            faulty.setdefault(form.key[0], key)
        elif layout.mode == "update" and before is None:
            errors.append(of_column(made, form.key[0], "INT021", place, key, key, table=form.title))
            faulty.setdefault(form.key[0], key)
    merged, changed = _overlay(made, reading.values, before)
    if layout.mode == "add" and "operator" in changed:
        known = word(before[form.index["operator"]] if before else None)
        errors.append(of_column(
            made, form.key[0], "INT040", place, key, key, known=known, operator=word(changed["operator"]),
        ))
    errors += contradicted(made, reading.values, place, key)
    errors += compared(made, reading.values, before, place, key)
    errors += shortened(made, before, changed, place, key)
    required = form.key if layout.mode == "update" else [c.name for c in form.columns if c.required]
    # An unknown word in a soft column leaves it blank with a warning; it is not missing besides.
    faulty |= {name: "" for name in layout.soft if merged[form.index[name]] is None}
    for name in required:
        number = made.columns[form.index[name]]
        if merged[form.index[name]] is None and name not in faulty and (number or name in form.key):
            errors.append(of_column(made, name, "INT020", place, key, ""))
            faulty[name] = ""
    if layout.mode == "add" or before is not None:
        errors += checked(made, record(made, merged, place), faulty, rules.check, rules.today)
    said += errors
    if any(one.severity == "error" for one in errors):
        return _Change("rejected", made, key=key)
    if before is None:
        return _Change("added", made, merged, key=key)
    return _Change("updated" if changed else "unchanged", made, merged, held, changed, key)


def _repeated(
    layout: Layout, made: Plan, reading: Reading, place: Place, key: str, seen: Seen,
) -> Finding | None:
    """The finding about a key met before in this file; the first row with it stands."""
    values = tuple(reading.values)
    turn = made.form.in_turn
    since = values[made.form.index[turn.starts]] if turn else None
    where = (made.form.code, layout.mode, key, since)
    first = seen.first.setdefault(where, (place, values))
    if first[0] == place:
        return None
    same = "两行内容完全相同" if first[1] == values else "两行内容不同"
    sheet = f"“{first[0].sheet}”" if first[0].sheet and first[0].sheet != place.sheet else ""
    return of_column(made, made.form.key[0], "INT022", place, key, key, first=f"{sheet}第{first[0].row}行", same=same)


def _overlay(
    made: Plan, values: Sequence[Value], before: tuple[Value, ...] | None,
) -> tuple[tuple[Value, ...], dict[str, Value]]:
    """The row as it would stand, and what changes; a blank of the file never erases anything."""
    if before is None:
        return tuple(values), {}
    merged = list(before)
    changed: dict[str, Value] = {}
    for slot in made.slots:
        value = values[slot.position]
        if value is None or value == merged[slot.position]:
            continue
        if not slot.written and not (slot.fills and merged[slot.position] is None):
            continue
        merged[slot.position] = value
        changed[slot.column.name] = value
    return tuple(merged), changed


def _enter(taken: Taken, change: _Change, place: Place, seen: Seen) -> None:
    """Enter an accepted record in the result."""
    held, new = change.held, Held(change.values, None, taken.added, len(taken.added), place)
    if change.status == "unchanged":
        return
    if held is None:
        taken.added.append(change.values)
    else:
        taken.findings.append(difference(change.made, held.values, change.changed, place, change.key))
        new = held._replace(values=change.values, given=place)
        if held.record:
            taken.updates.append((held.record, change.changed))
        elif held.added is not None:
            held.added[held.at] = change.values
    seen.put(change.made.form, change.key, held, new)
