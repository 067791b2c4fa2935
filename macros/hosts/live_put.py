"""Put one block of cells into an open sheet so that each is read back as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from macros.hosts.limits import limit, number_format
from macros.hosts.live_blocks import runs
from macros.hosts.live_cells import given, touchy, want
from macros.hosts.live_read import formats, of
from macros.hosts.number_formats import MOMENTS, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.hosts.areas import Area
    from macros.hosts.live_read import Grid

_TEXT, _PLAIN = "@", "General"


class Stretch(NamedTuple):
    """Cells of a column below each other that get another number format, and the one they had."""

    column: int
    first: int
    last: int
    code: str
    old: str


class Looks(NamedTuple):
    """What the number formats of a block mean for the values it is to take.

    Attributes:
        texts: cells whose format keeps text by itself.
        dated: formats to give for good, since days and times would not show as such.
        loosened: formats to give while writing, since a cell formatted as text makes text of everything.
        guarded: formats to keep, since LibreOffice formats a cell as text where it is given text like a number.
    """

    texts: set[tuple[int, int]]
    dated: list[Stretch]
    loosened: list[Stretch]
    guarded: list[Stretch]


def looks(sheet: Any, where: Area, grid: Grid) -> Looks:
    """Ask for the number formats that matter: a column of one format takes one question, one of text none."""
    texts: set[tuple[int, int]] = set()
    dated: dict[tuple[int, str, str], list[int]] = {}
    loosened: dict[int, list[int]] = {}
    guarded: list[Stretch] = []
    for at, column in enumerate(range(where[1], where[3] + 1)):
        doubtful = {
            row: line[at] for row, line in enumerate(grid, where[0])
            if line[at] is not None and (want(line[at]) or touchy(str(line[at])))
        }
        for first, last, code in formats(sheet, column, doubtful):
            within = [row for row in doubtful if first <= row <= last]
            if code != _TEXT and any(not want(doubtful[row]) for row in within):
                guarded.append(Stretch(column, first, last, code, code))
            for row in within:
                kind = want(doubtful[row])
                if kind in ("date", "moment", "time"):
                    if kind_of(0, code) not in MOMENTS:
                        dated.setdefault((column, number_format(kind), code), []).append(row)
                elif code == _TEXT and (kind or str(doubtful[row]).startswith("'")):
                    loosened.setdefault(column, []).append(row)
                elif code == _TEXT:
                    texts.add((row, column))
    return Looks(
        texts,
        [Stretch(column, *run, new, old) for (column, new, old), rows in dated.items() for run in runs(rows)],
        [Stretch(column, *run, _PLAIN, _TEXT) for column, rows in loosened.items() for run in runs(rows)],
        guarded,
    )


def put(sheet: Any, where: Area, grid: Grid, found: Looks) -> None:
    """Write one block of stored cells: text stays text, days look like days.

    Args:
        sheet: an xlwings Sheet.
        where: the block's area.
        grid: its cells, as `macros.hosts.live_cells.stored` gives them.
        found: what `looks` said about them.
    """
    for stretch in (*found.dated, *found.loosened):
        set_format(sheet, stretch, stretch.code)
    lines = [
        [given(value, (row, column) in found.texts) for column, value in enumerate(line, where[1])]
        for row, line in enumerate(grid, where[0])
    ]
    apart = list(_long(lines, where))
    for row, column, _ in apart:
        lines[row - where[0]][column - where[1]] = None
    of(sheet, where).value = lines
    for row, column, text in apart:
        of(sheet, (row, column, row, column)).value = text
    for stretch in found.guarded:
        set_format(sheet, stretch, stretch.code)
    for stretch in found.dated if found.guarded else ():
        set_format(sheet, stretch, stretch.code)
    for stretch in found.loosened:
        set_format(sheet, stretch, stretch.old)


def set_format(sheet: Any, stretch: Stretch, code: str) -> None:
    """Give a stretch a number format, unless it has it."""
    asked = of(sheet, (stretch.first, stretch.column, stretch.last, stretch.column))
    if asked.number_format != code:
        asked.number_format = code


def _long(lines: list[list[Any]], where: Area) -> Iterator[tuple[int, int, str]]:
    """Texts too long to be taken as part of a block, with their places."""
    longest = limit("live", "array_text")
    for row, line in enumerate(lines, where[0]):
        for column, value in enumerate(line, where[1]):
            if type(value) is str and len(value) > longest:
                yield row, column, value
