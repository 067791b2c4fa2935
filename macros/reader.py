"""Reads the rows of one register sheet as typed records, and says what of them cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.choices import choices, is_open
from macros.findings import Finding, about
from macros.headings import heading_findings, match, settings
from macros.records import Cell, Place, Record, Value
from macros.values import READERS, Unreadable, clean_text, hidden_characters, read_choice, read_month_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from macros.forms import Column, Form

    #: Position in the form, index in the row, reader, strings read so far, column.
    _Step = tuple[int, int, Callable[[Cell], Value], dict[str, Value], Column]

#: Strings remembered per column with what they were read as; registers repeat themselves.
_REMEMBERED = 1 << 12
#: The readers' code for a word that is not in its list.
_NOT_LISTED = "VAL041"


def read(
    form: Form, rows: Iterable[Sequence[Cell]], workbook: str, sheet: str,
) -> tuple[list[Record], list[Finding]]:
    """Read one sheet: its first row holds the headings, each further row a record.

    A cell that cannot be read gives a finding and stands as None; a word missing from an open list stands as it
    is, with a warning; a deadline given as a month is its last day, with a note. Rows without content in the form's
    columns are passed over. Columns the form does not know are the user's own and stay unread.

    Args:
        form: the table's form.
        rows: cells of the sheet, heading row first; rows may be shorter than the heading.
        workbook: file name for places.
        sheet: sheet title for places.
    """
    source = iter(rows)
    headings = next(source, ())
    matched = match(form, headings)
    findings = heading_findings(form, matched, Place(workbook, sheet, 1))
    plan: list[_Step] = [
        (position, number - 1, _reader(column), {}, column)
        for position, (column, number) in enumerate(zip(form.columns, matched.columns, strict=True))
        if number and not column.ours
    ]
    ours = [(i, number - 1) for i, number in enumerate(matched.columns) if number and form.columns[i].ours]
    width = max(matched.columns, default=0)
    records: list[Record] = []
    blank: list[Value] = [None] * len(form.columns)
    for row_number, cells in enumerate(source, 2):
        row = cells if len(cells) >= width else (*cells, *([None] * (width - len(cells))))
        values = blank.copy()
        said: list[tuple[Column, Cell, Unreadable | None]] = []
        filled = False
        for position, index, reader, remembered, column in plan:
            cell = row[index]
            if cell is None:
                continue
            if type(cell) is str and cell in remembered:
                value = values[position] = remembered[cell]
                filled = filled or value is not None
                continue
            try:
                value = reader(cell)
            except Unreadable as refusal:
                said.append((column, cell, refusal))
                if refusal.code == _NOT_LISTED and is_open(column.list):
                    values[position] = clean_text(cell)
                elif f"{form.code}.{column.name}" in settings()["month_ends"]:
                    values[position] = read_month_end(cell)
                filled = True
                continue
            values[position] = value
            filled = filled or value is not None
            if type(cell) is str:
                if not cell.isprintable() and hidden_characters(cell):
                    said.append((column, cell, None))
                elif len(remembered) < _REMEMBERED:
                    remembered[cell] = value
        if not filled:
            continue
        for position, index in ours:
            values[position] = None if row[index] is None else str(row[index])
        record = Record(form, tuple(values), Place(workbook, sheet, row_number), matched.columns)
        records.append(record)
        findings += [_said(record, column, cell, refused) for column, cell, refused in said]
    return records, findings


def _reader(column: Column) -> Callable[[Cell], Value]:
    if column.type != "choice":
        return READERS[column.type]
    words = choices()[column.list]
    return lambda cell: read_choice(cell, words)


def _said(record: Record, column: Column, cell: Cell, refused: Unreadable | None) -> Finding:
    """What to say about a cell that was refused, or read after taking hidden characters out."""
    name = column.name
    if refused is None:
        return about(record, name, "VAL005")
    if refused.code == _NOT_LISTED and is_open(column.list):
        return about(record, name, "REG005", value=cell, **refused.details)
    full = f"{record.form.code}.{name}"
    if full in settings()["month_ends"] and record[name] is not None:
        return about(record, name, "REG006", value=cell, taken=record[name])
    if full in settings()["open_ended"] and refused.code == settings()["open_ended_code"]:
        return about(record, name, "REG004", value=cell)
    return about(record, name, refused.code, value=cell, **refused.details)
