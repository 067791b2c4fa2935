"""Worked-out figures as records of the forms that papers print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.forms import forms
from macros.records import Place, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from macros.records import Value


def records(code: str, rows: Iterable[Mapping[str, Value]]) -> tuple[Record, ...]:
    """Rows given by English column names as records of a form; columns not named are blank."""
    form = forms()[code]
    return tuple(
        Record(
            form, tuple(row.get(column.name) for column in form.columns), Place(form.file, form.title, number),
            (0,) * len(form.columns),
        ) for number, row in enumerate(rows, 2)
    )
