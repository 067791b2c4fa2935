"""Rows as they are compared: called by their keys, their cells by the headings they stand under."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from macros.forms import forms
from macros.headings import match
from macros.history.settings import word
from macros.history.texts import EMPTY, Told, unpacked
from macros.records import column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.forms import Form


class Line(NamedTuple):
    """One row as compared: its sheet row, its key, the packed row and the names of the sheet's columns."""

    number: int
    key: str
    row: bytes
    named: Mapping[int, str]

    @property
    def cells(self) -> dict[str, Told]:
        """The filled cells by the names of their columns, unpacked anew each time."""
        return _cells(unpacked(self.row), self.named)


def form_of(title: str) -> Form | None:
    """The form of a sheet; None for the user's own."""
    return _by_title().get(title)


@cache
def _by_title() -> dict[str, Form]:
    return {form.title: form for form in forms().values() if form.workbook}


def width(rows: Iterable[bytes]) -> int:
    """How many columns the widest of some packed rows has."""
    return max((len(unpacked(row)) for row in rows), default=0)


def columns(form: Form | None, head: bytes, width: int, *, ours: bool = False) -> dict[int, str]:
    """The names of a sheet's columns: headings, a form's own under its present one, a repeated one with its number.

    A column without a heading is called by its letter, for what stands there is a user's words too. Columns that the
    program fills by itself are left out unless ``ours``.
    """
    texts = [told.text.strip() for told in unpacked(head)]
    named: dict[int, str] = {}
    if form is not None:
        for column, number in zip(form.columns, _matched(form, texts), strict=True):
            if number:
                named[number] = column.heading if ours or not column.ours else ""
    counted: Counter[str] = Counter()
    found: dict[int, str] = {}
    for at, text in enumerate(texts + [""] * (width - len(texts)), 1):
        heading = named.get(at, text)
        if heading:
            counted[heading] += 1
            found[at] = heading if counted[heading] == 1 else f"{heading}#{counted[heading]}"
        elif at not in named:
            found[at] = word("no_heading", letter=column_letter(at))
    return found


def headings(form: Form | None, head: bytes, *, ours: bool = False) -> dict[int, str]:
    """The names of those columns that have a heading."""
    told = unpacked(head)
    return {at: name for at, name in columns(form, head, 0, ours=ours).items() if told[at - 1].text.strip()}


def _matched(form: Form, texts: Sequence[str]) -> Sequence[int]:
    return match(form, [text or None for text in texts]).columns


def lines(form: Form | None, head: bytes, rows: Mapping[int, bytes], named: Mapping[int, str]) -> list[Line]:
    """Rows with their keys; a row without a key, or of a sheet without a form, is called by its first cell."""
    texts = [told.text.strip() for told in unpacked(head)]
    places = [_matched(form, texts)[form.index[name]] for name in form.key] if form else [1]
    found: list[Line] = []
    for number in sorted(rows):
        told = unpacked(rows[number])
        if _cells(told, named):
            found.append(Line(number, _key(places, told, number), rows[number], named))
    return found


def _cells(told: Sequence[Told], named: Mapping[int, str]) -> dict[str, Told]:
    return {name: told[at - 1] for at, name in named.items() if at <= len(told) and told[at - 1] != EMPTY}


def _key(places: Sequence[int], told: Sequence[Told], number: int) -> str:
    parts = [told[at - 1].text if 0 < at <= len(told) else "" for at in places]
    return "/".join(parts) if any(parts) else f"#{number}"


def paired(old: Sequence[Line], new: Sequence[Line]) -> list[tuple[Line | None, Line | None]]:
    """Rows of the same key together, the n-th with the n-th; in the order of the new ones, deleted ones last.

    A row whose key was typed over is known by its place.
    """
    waiting: dict[str, list[Line]] = {}
    for line in old:
        waiting.setdefault(line.key, []).append(line)
    for each in waiting.values():
        each.reverse()
    found: list[tuple[Line | None, Line | None]] = []
    for line in new:
        known = waiting.get(line.key)
        found.append((known.pop() if known else None, line))
    gone = {line.number: line for each in waiting.values() for line in each}
    placed = [
        (was, line) if was or line is None else (gone.pop(line.number, None), line) for was, line in found
    ]
    return placed + [(gone[number], None) for number in sorted(gone)]
