"""Values by the columns' English names as rows of a form: to append to the register, or as records for papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.forms import forms
from macros.records import Place, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from macros.records import Value

#: Values of one row by the columns' English names; columns not named are blank.
Values = dict[str, "Value"]
#: The row that the first record of a worked-out table is said to stand in, below its headings.
FIRST_ROW = 2


def in_order(code: str, rows: Iterable[Mapping[str, Value]]) -> list[list[Value]]:
    """The rows in the form's column order, as a shelf appends them."""
    columns = forms()[code].columns
    return [[row.get(column.name) for column in columns] for row in rows]


def record(code: str, values: Mapping[str, Value], row: int = FIRST_ROW) -> Record:
    """One worked-out row as a record; it stands in no sheet, its ``row`` only tells it from the others."""
    form = forms()[code]
    cells = tuple(values.get(column.name) for column in form.columns)
    return Record(form, cells, Place(form.file, form.title, row), (0,) * len(form.columns))


def records(code: str, rows: Iterable[Mapping[str, Value]]) -> tuple[Record, ...]:
    """Worked-out rows as records of a form, numbered as they stand."""
    return tuple(record(code, values, number) for number, values in enumerate(rows, FIRST_ROW))
