"""Single cells gathered into rectangles, so that a program is asked once for each and not once for every cell."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from macros.hosts.areas import Area


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as (first, last) of each unbroken run, in order."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


def blocks(cells: Iterable[tuple[int, int]]) -> list[Area]:
    """Rectangles that cover exactly these (row, column) cells, each cell once."""
    columns: dict[int, set[int]] = {}
    for row, column in cells:
        columns.setdefault(row, set()).add(column)
    made: list[Area] = []
    waiting: dict[tuple[int, int], Area] = {}
    for row in sorted(columns):
        going: dict[tuple[int, int], Area] = {}
        for left, right in runs(columns[row]):
            above = waiting.pop((left, right), None)
            grows = above is not None and above[2] == row - 1
            if above is not None and not grows:
                made.append(above)
            going[left, right] = (above[0] if above is not None and grows else row, left, row, right)
        made += waiting.values()
        waiting = going
    return sorted([*made, *waiting.values()])


def bridged(cells: Iterable[tuple[int, int]], most: int, passable: Callable[[int, int], bool]) -> set[tuple[int, int]]:
    """The cells and, where they would make more than ``most`` rectangles, passable gaps between those of a column.

    A passable gap is written back as it was, so that the rectangles do not grow in number with the rows.
    """
    wanted = set(cells)
    if len(blocks(wanted)) <= most:
        return wanted
    columns: dict[int, list[int]] = {}
    for row, column in wanted:
        columns.setdefault(column, []).append(row)
    for column, rows in columns.items():
        ordered = sorted(rows)
        for above, below in pairwise(ordered):
            gap = range(above + 1, below)
            if all(passable(row, column) for row in gap):
                wanted.update((row, column) for row in gap)
    return wanted


def split(area: Area) -> tuple[Area, Area]:
    """An area of several cells as two halves, cut across its longer side."""
    first, left, last, right = area
    if last - first >= right - left:
        middle = (first + last) // 2
        return (first, left, middle, right), (middle + 1, left, last, right)
    middle = (left + right) // 2
    return (first, left, last, middle), (first, middle + 1, last, right)
