"""Merges two workbooks: works out every sheet and writes the outcome into a copy of ours, formats and all."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from macros.history.formulas import formulas_of, without_formulas
from macros.history.lines import form_of
from macros.history.merging import Conflict, Merged, merge
from macros.history.rows import Reader
from macros.history.settings import is_book
from macros.hosts.files import FileBook, table_area
from macros.hosts.package import open_package

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macros.records import Cell


class Joined(NamedTuple):
    """A merged workbook: its bytes, how many cells, rows and columns were taken from them, and what is to decide."""

    data: bytes
    taken: int
    conflicts: list[Conflict]


def join(name: str, base: bytes | None, ours: bytes, theirs: bytes) -> Joined:
    """Merge a workbook of both sides; the result is ours with their changes.

    Args:
        name: its file name.
        base: what both were made from; None where that is not known.
        ours: our version, whose formats stay.
        theirs: the other version.

    Raises:
        Refused: one of them cannot be read, or ours cannot be written.
    """
    mine, other = _reader(name, ours), _reader(name, theirs)
    before = _reader(name, base) if base is not None else None
    conflicts: list[Conflict] = []
    todo: dict[str, Merged] = {}
    for title in other.package.sheets:
        if title not in mine.package.sheets:
            if before is None or title not in before.package.sheets:
                conflicts.append(Conflict(title, "", "", "", "", "", title, "sheet"))
            continue
        was = None if before is None else before.rows(title) if title in before.package.sheets else {}
        form = form_of(title) if is_book(name) else None
        done = without_formulas(merge(form, title, was, mine.rows(title), other.rows(title)), title, mine, other)
        conflicts += done.conflicts
        if done.cells or done.headings or done.added or done.emptied:
            todo[title] = done
    if not todo:
        return Joined(ours, 0, conflicts)
    taken = sum(len(one.cells) + len(one.headings) + len(one.added) + len(one.emptied) for one in todo.values())
    return Joined(_written(name, ours, todo, mine), taken, conflicts)


def _reader(name: str, data: bytes) -> Reader:
    return Reader(open_package(io.BytesIO(data), name))


def _written(name: str, ours: bytes, todo: Mapping[str, Merged], mine: Reader) -> bytes:
    with tempfile.TemporaryDirectory(prefix="towerdesk") as folder:
        path = Path(folder) / name
        path.write_bytes(ours)
        book = FileBook(path)
        late: dict[str, list[dict[int, Cell]]] = {}
        for title, done in todo.items():
            late[title] = _put(book, title, done, mine)
        book.save()
        again = FileBook(path)
        for title, rows in late.items():
            if any(rows):
                last = len(again.sheet(title).rows)
                first = last - len(rows) + 1
                cells = {(first + n, at): value for n, row in enumerate(rows) for at, value in row.items()}
                again.update(title, cells)
        again.save()
        return path.read_bytes()


def _put(book: FileBook, title: str, done: Merged, mine: Reader) -> list[dict[int, Cell]]:
    """Bring the outcome into the book; what of the new rows lies outside its table, to be set once they have places."""
    rows = mine.rows(title)
    cells: dict[tuple[int, int], Cell] = dict(done.cells)
    cells |= {(1, at): heading for at, heading in done.headings.items()}
    for number in done.emptied:
        cells |= {(number, at): None for at, value in enumerate(rows[number], 1) if value is not None}
    formulas = formulas_of(mine.package, title, {row for row, _ in cells})
    cells = {place: value for place, value in cells.items() if place not in formulas}
    if cells:
        book.update(title, cells)
    if not done.added:
        return []
    area = table_area(book.sheet(title))
    left, right = (area[1], area[3]) if area else (1, max((at for row in done.added for at in row), default=1))
    book.append(title, [[row.get(at) for at in range(left, right + 1)] for row in done.added])
    return [{at: value for at, value in row.items() if not left <= at <= right} for row in done.added]
