"""Which cells differ between two versions of a workbook, told by row key and column heading."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from macros.forms import forms
from macros.headings import match
from macros.history.rows import Difference, Reader, difference
from macros.history.texts import fingerprint, moved, text
from macros.hosts.package import open_package
from macros.records import column_letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from macros.forms import Form
    from macros.records import Cell


class Change(NamedTuple):
    """One cell that differs. ``cell`` is where it stands now, or stood where its row is gone.

    ``kind`` is ``cell``, ``added`` or ``deleted`` (of a cell of a row that was).
    """

    sheet: str
    key: str
    cell: str
    field: str
    old: str
    new: str
    kind: str


class Changes(NamedTuple):
    """What differs between two versions: cells, also of sheets that came or went, and the new fingerprints by sheet.

    The fingerprints are None where those of the old version were not known.
    """

    cells: list[Change]
    tables: dict[str, str] | None


class Line(NamedTuple):
    """One row as compared: its sheet row, its key, and the texts of its cells by column position."""

    number: int
    key: str
    texts: dict[str, str]


def changes(
    name: str, old: bytes, new: bytes, tables: Mapping[str, str] | None = None, *, ours: bool = False,
) -> Changes:
    """Compare two versions of a workbook.

    Args:
        name: its file name.
        old: the former version.
        new: the present one.
        tables: the fingerprints of the former version, to be carried on.
        ours: tell of the columns too that the program fills by itself.

    Raises:
        Refused: one of them cannot be read.
    """
    before, after = (Reader(open_package(io.BytesIO(data), name)) for data in (old, new))
    found: list[Change] = []
    prints: dict[str, str] | None = {} if tables is not None else None
    for title in after.package.sheets:
        if title not in before.package.sheets:
            rows = after.rows(title)
            if prints is not None:
                prints[title] = fingerprint(rows)
            head = rows.pop(1, [])
            found += _cells(title, Difference([], head, {}, rows, True), ours)
            continue
        differs = difference(before, after, title)
        if differs is not None:
            found += _cells(title, differs, ours)
        if prints is not None and tables is not None:
            was = tables.get(title)
            prints[title] = _print_now(was, differs, after, title)
    for title in before.package.sheets:
        if title not in after.package.sheets:
            rows = before.rows(title)
            head = rows.pop(1, [])
            found += _cells(title, Difference(head, [], rows, {}, True), ours)
    return Changes(found, prints)


def fingerprints(name: str, data: bytes) -> dict[str, str]:
    """The fingerprint of every sheet of a workbook.

    Raises:
        Refused: it cannot be read.
    """
    reader = Reader(open_package(io.BytesIO(data), name))
    return {title: fingerprint(reader.rows(title)) for title in reader.package.sheets}


def _print_now(was: str | None, differs: Difference | None, after: Reader, title: str) -> str:
    if was is None:
        return fingerprint(after.rows(title))
    if differs is None:
        return was
    old, new = dict(differs.old), dict(differs.new)
    if differs.whole:
        old[1], new[1] = differs.old_head, differs.new_head
    return moved(was, old, new)


def _cells(title: str, differs: Difference, ours: bool) -> Iterator[Change]:
    form = form_of(title)
    was = lines(form, differs.old_head, differs.old, ours=ours)
    now = lines(form, differs.new_head, differs.new, ours=ours)
    places = columns(form, differs.new_head, ours=ours)
    former = columns(form, differs.old_head, ours=ours)
    for at, heading in former.items():
        if heading not in places.values():
            yield Change(title, "", f"{column_letter(at)}1", heading, heading, "", "cell")
    for at, heading in places.items():
        if heading not in former.values():
            yield Change(title, "", f"{column_letter(at)}1", heading, "", heading, "cell")
    for old, new in paired(was, now):
        kind = "cell" if old and new else "added" if new else "deleted"
        line = new or old
        assert line is not None
        there = places if new else former
        for at, heading in there.items():
            a = old.texts.get(heading, "") if old else ""
            b = new.texts.get(heading, "") if new else ""
            if a != b:
                yield Change(title, line.key, f"{column_letter(at)}{line.number}", heading, a, b, kind)
        if new:
            for at, heading in former.items():
                if old and heading not in places.values() and old.texts.get(heading):
                    where = f"{column_letter(at)}{old.number}"
                    yield Change(title, line.key, where, heading, old.texts[heading], "", kind)


def form_of(title: str) -> Form | None:
    """The form of a sheet; None for the user's own."""
    return _by_title().get(title)


def _by_title() -> dict[str, Form]:
    if not _TITLES:
        _TITLES.update({form.title: form for form in forms().values() if form.workbook})
    return _TITLES


_TITLES: dict[str, Form] = {}


def columns(form: Form | None, head: Sequence[Cell], *, ours: bool = False) -> dict[int, str]:
    """The headings of a sheet by column; a form's own under its present heading, a repeated one with its number."""
    named: dict[int, str] = {}
    if form is not None:
        for column, number in zip(form.columns, match(form, head).columns, strict=True):
            if number and (ours or not column.ours):
                named[number] = column.heading
            elif number:
                named[number] = ""
    counted: Counter[str] = Counter()
    found: dict[int, str] = {}
    for at, cell in enumerate(head, 1):
        heading = named.get(at, text(cell).strip())
        if heading:
            counted[heading] += 1
            found[at] = heading if counted[heading] == 1 else f"{heading}#{counted[heading]}"
    return found


def lines(
    form: Form | None, head: Sequence[Cell], rows: Mapping[int, Sequence[Cell]], *, ours: bool = False,
) -> list[Line]:
    """Rows with their keys; a row without a key, or of a sheet without a form, is called by its first cell."""
    named = columns(form, head, ours=ours)
    keys = [match(form, head).columns[form.index[name]] for name in form.key] if form else []
    found: list[Line] = []
    for number in sorted(rows):
        cells = rows[number]
        texts = {heading: text(cells[at - 1]) for at, heading in named.items() if at <= len(cells)}
        if any(texts.values()):
            found.append(Line(number, _key(keys, cells, number), texts))
    return found


def _key(keys: Sequence[int], cells: Sequence[Cell], number: int) -> str:
    parts = [text(cells[at - 1]) if at and at <= len(cells) else "" for at in keys or (1,)]
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
