"""Keeps formulas out of a merge: they are worked out anew, and a value never takes a formula's place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.history.merging import Conflict
from macros.history.texts import text
from macros.hosts.areas import a1
from macros.hosts.xlsx_rows import cell_spans, row_spans, split

if TYPE_CHECKING:
    from macros.history.merging import Merged
    from macros.history.rows import Reader
    from macros.hosts.package import Package

_CONTENT = re.compile(rb"<(?:[\w.-]+:)?f(?=[\s>/])[^>]*?(?:/>|>(.*?)</)", re.DOTALL)


def without_formulas(done: Merged, title: str, mine: Reader, other: Reader) -> Merged:
    """The outcome for a sheet with its formulas left alone.

    Where both sides have the same formula only its result differs, which is no difference. Where one side has
    another formula, or only one has any, ours stays and a conflict tells of it.
    """
    if not done.sources:
        return done
    ours = formulas_of(mine.package, title, {row for row, _ in done.sources})
    theirs = formulas_of(other.package, title, {row for row, _ in done.sources.values()})
    if not ours and not theirs:
        return done
    settled: set[str] = set()
    for place, source in done.sources.items():
        if place not in ours and source not in theirs:
            continue
        taken = place in done.cells
        value = done.cells.pop(place, None)
        if ours.get(place) == theirs.get(source):
            settled.add(a1(*place))
        elif taken:
            here, there = _told(ours.get(place), ""), _told(theirs.get(source), text(value))
            done.conflicts.append(Conflict(title, a1(*place), "", "", "", here, there, "formula"))
    done.conflicts[:] = [one for one in done.conflicts if one.cell not in settled or not one.field]
    return done


def _told(formula: bytes | None, value: str) -> str:
    return value if formula is None else f"={formula.decode('utf-8', 'replace')}"


def formulas_of(package: Package, title: str, wanted: set[int]) -> dict[tuple[int, int], bytes]:
    """The cells of these rows that hold formulas, with their texts as stored."""
    found: dict[tuple[int, int], bytes] = {}
    previous = 0
    for piece, data, tags in split(package.zip.chunks(package.sheets[title].part), package.name):
        if piece != "rows":
            continue
        spans = row_spans(data, tags, previous, package.name)
        previous = spans[-1].number if spans else previous
        for span in spans:
            if span.number in wanted:
                for cell in cell_spans(data[span.body : span.stop], tags):
                    match = _CONTENT.search(cell.inner)
                    if match:
                        found[span.number, cell.column] = match[1] or b""
    return found
