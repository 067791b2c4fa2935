"""Turns the rows of a document's list into what its template prints, and leaves out what it does not."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from generator.definition_checks import SERIAL
from generator.printed import unprintable
from generator.wording import brief
from macros.forms import forms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from generator.definitions import Listing
    from generator.printed import Printed
    from macros.forms import Column
    from macros.records import Record, Value

    #: How one value of a row reads: the row, the column's name and the wording.
    Show = Callable[[Record, str, Callable[[Value, str], str]], str]

#: Values remembered per column with how they read: days, places and kinds repeat themselves.
_REMEMBERED = 1 << 12


def columns_of(listing: Listing, uses: AbstractSet[str] | None) -> list[Column]:
    """The columns of a list that a template uses, and the one it is gathered by; all where its uses are not known."""
    columns = forms()[listing.table].columns
    if uses is None:
        return [*columns]
    wanted = {use.rpartition(".")[2] for use in uses if f".{use}".rpartition(".")[0].endswith(f".{listing.name}[]")}
    return [column for column in columns if column.title in wanted or (listing.grouped and column.name == listing.by)]


def printed_rows(records: Sequence[Record], columns: Sequence[Column], show: Show) -> list[Mapping[str, str]]:
    """A list's rows, numbered, as strings by the columns' titles; ``show`` says what cannot be printed."""
    memory: list[dict[object, str]] = [{} for _ in columns]
    made: list[Mapping[str, str]] = []
    index = records[0].form.index if records else {}
    places = [
        (column.title, column.name, index[column.name], column.type, known)
        for column, known in zip(columns, memory, strict=True)
    ] if records else []
    for number, record in enumerate(records, 1):
        row = {SERIAL: str(number)}
        for title, name, place, kind, known in places:
            value = record.values[place]
            text = known.get((value.__class__, value))
            if text is None:
                text = show(record, name, brief)
                # A text that had to be cleaned is told of in every row.
                if len(known) < _REMEMBERED and not unprintable(brief(value, kind)):
                    known[value.__class__, value] = text
            row[title] = text
        made.append(row)
    return made


def gathered(rows: Sequence[Mapping[str, str]], name: str, title: str) -> list[Mapping[str, Printed]]:
    """Runs of rows with one value of ``title``, each with its rows under ``name``."""
    runs = [(value, list(run)) for value, run in groupby(rows, key=lambda row: row[title])]
    return [{SERIAL: str(number), title: value, name: run} for number, (value, run) in enumerate(runs, 1)]
