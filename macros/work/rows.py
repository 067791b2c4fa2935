"""Rows of a form from values by English name: to append to the register, or as records for papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.forms import forms
from macros.records import Place, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.records import Value

#: Values of one row by the columns' English names; columns not named are blank.
Values = dict[str, "Value"]


def in_order(code: str, rows: Iterable[Mapping[str, Value]]) -> list[list[Value]]:
    """The rows in the form's column order, as a shelf appends them."""
    columns = forms()[code].columns
    return [[row.get(column.name) for column in columns] for row in rows]


def records(code: str, rows: Sequence[Mapping[str, Value]]) -> tuple[Record, ...]:
    """The rows as records of a form; they stand in no sheet."""
    form = forms()[code]
    return tuple(
        Record(form, tuple(values), Place(form.file, form.title, number), (0,) * len(form.columns))
        for number, values in enumerate(in_order(code, rows), 2)
    )
