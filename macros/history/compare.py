"""Which cells differ between two versions of a workbook, told by row key and column heading."""

from __future__ import annotations

import io
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from macros.history.lines import columns, form_of, headings, lines, paired, width
from macros.history.rows import Difference, Reader, difference
from macros.history.settings import settings
from macros.history.texts import EMPTY, SCHEME, fingerprint, moved, printed
from macros.hosts.package import open_package
from macros.records import column_letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from macros.history.texts import Told


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

    The fingerprints are None where those of the old version were not known; ``more`` counts cells beyond the most
    that were wanted.
    """

    cells: list[Change]
    tables: dict[str, str] | None
    more: int = 0


def changes(
    name: str, old: bytes, new: bytes, tables: Mapping[str, str] | None = None, *, ours: bool = False,
    most: int | None = None,
) -> Changes:
    """Compare two versions of a workbook.

    Args:
        name: its file name.
        old: the former version.
        new: the present one.
        tables: the fingerprints of the former version, to be carried on.
        ours: tell of the columns too that the program fills by itself.
        most: how many cells to tell of, where not of all.

    Raises:
        Refused: one of them cannot be read.
    """
    before, after = (Reader(open_package(io.BytesIO(data), name)) for data in (old, new))
    prints: dict[str, str] | None = {} if tables is not None and is_current(tables) else None
    found: list[Iterator[Change]] = []
    for title in after.package.sheets:
        if title in before.package.sheets:
            differs = difference(before, after, title)
        else:
            rows = dict(after.told(title))
            head = rows.pop(1, b"")
            differs = Difference(b"", head, {}, rows)
        if differs is not None:
            found.append(_cells(title, differs, ours))
        if prints is not None and tables is not None:
            prints[title] = _print_now(tables.get(title), differs, after, title)
    for title in before.package.sheets:
        if title not in after.package.sheets:
            rows = dict(before.told(title))
            head = rows.pop(1, b"")
            found.append(_cells(title, Difference(head, b"", rows, {}), ours))
    cells = chain.from_iterable(found)
    return Changes(list(islice(cells, most)), prints, sum(1 for _ in cells))


def is_current(tables: Mapping[str, str]) -> bool:
    """Whether fingerprints are of the present making, so that they may be compared and carried on."""
    return all(told.startswith(SCHEME) for told in tables.values())


def fingerprints(name: str, data: bytes) -> dict[str, str]:
    """The fingerprint of every sheet of a workbook.

    Raises:
        Refused: it cannot be read.
    """
    reader = Reader(open_package(io.BytesIO(data), name))
    return {title: fingerprint(reader.told(title)) for title in reader.package.sheets}


def _print_now(was: str | None, differs: Difference | None, after: Reader, title: str) -> str:
    if differs is not None and differs.total is not None:
        return printed(differs.total)
    if was is None:
        return fingerprint(after.told(title))
    return was if differs is None else moved(was, differs.old, differs.new)


def _cells(title: str, differs: Difference, ours: bool) -> Iterator[Change]:
    form = form_of(title)
    widest = max(width(differs.old.values()), width(differs.new.values()))
    places = columns(form, differs.new_head, widest, ours=ours)
    former = columns(form, differs.old_head, widest, ours=ours)
    yield from _headings(title, *(headings(form, head, ours=ours) for head in (differs.old_head, differs.new_head)))
    was = lines(form, differs.old_head, differs.old, former)
    now = lines(form, differs.new_head, differs.new, places)
    present = set(places.values())
    for old, new in paired(was, now):
        kind = "cell" if old and new else "added" if new else "deleted"
        line = new or old
        assert line is not None
        before, after = old.cells if old else {}, new.cells if new else {}
        for at, heading in (places if new else former).items():
            a, b = before.get(heading, EMPTY), after.get(heading, EMPTY)
            if a != b:
                yield Change(title, line.key, f"{column_letter(at)}{line.number}", heading, *_told(a, b), kind)
        if old and new:
            for at, heading in former.items():
                if heading not in present and heading in before:
                    where = f"{column_letter(at)}{old.number}"
                    yield Change(title, line.key, where, heading, before[heading].text, "", kind)


def _headings(title: str, former: Mapping[int, str], present: Mapping[int, str]) -> Iterator[Change]:
    for at, heading in former.items():
        if heading not in present.values():
            yield Change(title, "", f"{column_letter(at)}1", heading, heading, "", "cell")
    for at, heading in present.items():
        if heading not in former.values():
            yield Change(title, "", f"{column_letter(at)}1", heading, "", heading, "cell")


def _told(old: Told, new: Told) -> tuple[str, str]:
    """The texts of a cell before and after; where these are the same its kinds are told with them."""
    if old.text != new.text:
        return old.text, new.text
    kinds = settings()["kinds"]
    return f"{old.text}（{kinds[old.kind]}）", f"{new.text}（{kinds[new.kind]}）"
