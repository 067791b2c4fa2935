"""Tells in which coordinate system a sheet gives its places, where its headings or notes say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.choices import choices
from macros.intake.headings import words
from macros.values import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from macros.forms import Form
    from macros.intake.headings import Heading

#: The column that keeps the system, and the columns that are in it.
COLUMN = "datum"
_PLACES = ("longitude", "latitude")


def plain(form: Form, name: str, said: Iterable[str]) -> list[str]:
    """The remarks of a heading but for those that name a coordinate system the form can keep."""
    if COLUMN not in form.index or form.column(name).type not in _PLACES:
        return list(said)
    return [remark for remark in said if not _named(remark)]


def datum_of(form: Form, columns: Mapping[str, Heading], texts: Iterable[str]) -> dict[str, str]:
    """The system that a sheet's coordinates are in, as a value of the form; empty where nothing or two things say so.

    Args:
        form: the form the rows feed.
        columns: the headings of its columns; a system named there, or in a column of its own, outranks the notes.
        texts: the lines above and below the table.
    """
    places = [heading for name, heading in columns.items() if form.column(name).type in _PLACES]
    if COLUMN not in form.index or COLUMN in columns or not places:
        return {}
    named = [_named(heading.text) for heading in places]
    if not any(named):
        about = words()["datums"]["about"]
        named = [[found] for text in texts if any(word in text for word in about) for found in _named(text)]
    found = {each for one in named for each in one}
    return {COLUMN: found.pop()} if len(found) == 1 else {}


def _named(text: str) -> list[str]:
    """The coordinate systems that a text names."""
    folded, least = fold(text), words()["datums"]["least"]
    found = [
        value for spelling, value in choices()[COLUMN].items() if len(spelling) >= least and fold(spelling) in folded
    ]
    return list(dict.fromkeys(found))
