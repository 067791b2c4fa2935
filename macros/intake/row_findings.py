"""What is said about single rows: under the file's own headings, with old and new values."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from macros.findings import finding
from macros.values import Unreadable, clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from macros.findings import Finding
    from macros.intake.cells import Plan
    from macros.intake.held import Held
    from macros.records import Place, Record, Value


class Check(Protocol):
    """The rules of one row, `macros.validation.check_row`; ``unread`` is what refused cells show, by column title."""

    def __call__(self, record: Record, today: dt.date | None, unread: Mapping[str, str] = ...) -> Iterable[Finding]:
        """Everything wrong with the row by itself."""
        ...


def compared(
    made: Plan, values: Sequence[Value], before: tuple[Value, ...] | None, place: Place, key: str,
) -> Iterator[Finding]:
    """Where columns that are only compared differ from the register."""
    for slot in made.slots:
        value, known = values[slot.position], before[slot.position] if before else None
        if not slot.written and None not in (value, known) and value != known:
            yield of_column(made, slot.column.name, "INT035", place, key, word(value), known=word(known))


def contradicted(made: Plan, values: Sequence[Value], place: Place, key: str) -> Iterator[Finding]:
    """Where a row says something else than what was said about the whole file (``--customer``)."""
    for name, said in made.given.items():
        value = values[made.form.index[name]]
        if value != said and value is not None and said is not None:
            yield of_column(made, name, "INT038", place, key, word(value), said=word(said))


def beside(made: Plan, rows: Iterable[Held], place: Place, key: str) -> Finding:
    """That a row cannot stand beside others of its key: their days overlap, or they are about something else."""
    turn = made.form.in_turn
    same = "、".join(made.form.column(name).title for name in turn.same) if turn else ""
    where = "、".join(one.where for one in rows)
    return of_column(made, made.form.key[0], "INT045", place, key, key, rows=where, same=same)


def shortened(
    made: Plan, before: tuple[Value, ...] | None, changed: Mapping[str, Value], place: Place, key: str,
) -> Iterator[Finding]:
    """Where a changed first day leaves days without a row that had one: they may have been charged for."""
    turn = made.form.in_turn
    if before is None or turn is None or turn.starts not in changed:
        return
    old, new = before[made.form.index[turn.starts]], changed[turn.starts]
    if isinstance(old, dt.date) and isinstance(new, dt.date) and old < new:
        ends = made.form.column(turn.ends).title
        yield of_column(made, turn.starts, "INT046", place, key, word(new), old=word(old), ends=ends)


def checked(
    made: Plan, row: Record, faulty: Mapping[str, str], check: Check, today: dt.date | None,
) -> list[Finding]:
    """What the row rules say about columns of this file, in the file's own words for them."""
    kept = []
    compared_only = {slot.column.name for slot in made.slots if not slot.written}
    unread = {made.form.column(name).title: shown for name, shown in faulty.items()}
    for one in check(row, today, unread):
        column = next((c for c in made.form.columns if c.title == one.field), None)
        if column is None:
            kept.append(one)
            continue
        heading = made.headings.get(column.title)
        if heading is None or column.name in faulty:
            continue
        # What the register lacks and this file may not write is no fault of this row.
        if column.name in compared_only and row[column.name] is None:
            continue
        said = one.message.replace(f"“{column.title}”", f"“{heading}”", 1)
        kept.append(replace(one, field=heading, message=said))
    return kept


def of_column(
    made: Plan, name: str, code: str, place: Place, key: str, value: str, **details: object,
) -> Finding:
    """A finding about the column ``name`` under the file's own heading."""
    column = made.form.column(name)
    number = made.columns[made.form.index[name]]
    return finding(
        code, workbook=place.workbook, sheet=place.sheet, cell=place.cell(number) if number else f"A{place.row}",
        key=key, field=made.headings.get(column.title, column.title), value=value, **details,
    )


def difference(
    made: Plan, before: Sequence[Value], changed: Mapping[str, Value], place: Place, key: str,
) -> Finding:
    """What an accepted row changes, old and new."""
    words = []
    for name, new in changed.items():
        old = before[made.form.index[name]]
        title = made.form.column(name).title
        words.append(f"{title}由“{word(old)}”改为“{word(new)}”" if old is not None else f"{title}填为“{word(new)}”")
    first = next(iter(changed))
    return of_column(made, first, "INT023", place, key, word(changed[first]), changes="；".join(words))


def word(value: Value) -> str:
    """A typed value as a message shows it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    try:
        return f"{value:f}" if isinstance(value, Decimal) else clean_text(value)
    except Unreadable:
        return str(value)
