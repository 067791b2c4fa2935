"""Cell addresses and areas in A1 style, as numbers."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from macros.records import column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable

#: first row, first column, last row, last column; 1-based, inclusive
Area = tuple[int, int, int, int]

_AREA = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6}))?")


@cache
def column_number(letters: str) -> int:
    """1-based number of a column's letters: AB → 28. Zero for what is not letters."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            return 0
        number = number * 26 + ord(letter) - 64
    return number


@cache
def letters(number: int) -> str:
    """A column's letters, remembered: cells by the million ask for a few hundred of them."""
    return column_letter(number)


def area(ref: str) -> Area | None:
    """An address or area as numbers; None for whole rows, whole columns and anything else."""
    match = _AREA.fullmatch(ref.strip())
    if not match:
        return None
    row, column = int(match[2]), column_number(match[1])
    if match[3] is None:
        return row, column, row, column
    return row, column, int(match[4]), column_number(match[3])


def a1(row: int, column: int) -> str:
    """Address of one cell."""
    return f"{letters(column)}{row}"


def ref(where: Area) -> str:
    """An area as ``A1:D20``."""
    return f"{a1(where[0], where[1])}:{a1(where[2], where[3])}"


def cells_of(where: Area) -> int:
    """How many cells an area has."""
    return (where[2] - where[0] + 1) * (where[3] - where[1] + 1)


def covers(one: Area, other: Area) -> bool:
    """Whether an area holds all of another."""
    return one[0] <= other[0] and one[1] <= other[1] and other[2] <= one[2] and other[3] <= one[3]


def reaching(table: Area, filled: Iterable[int], others: Iterable[Area]) -> tuple[Area, int]:
    """A table's area with the filled rows that stand directly below it, and the first filled row after these.

    Only Excel lets a table grow under the typing hand; in other programs such rows stay outside of it.

    Args:
        table: the area, its heading row included.
        filled: rows with content in the table's columns, in any order.
        others: other tables and merged cells, which no table may cover.

    Returns:
        The area the rows make, and 0 where nothing is filled after it.
    """
    heading, left, last, right = table
    bars = [max(one[0], last + 1) for one in others if one[2] > last and one[1] <= right and one[3] >= left]
    bar = min(bars, default=0)
    for row in sorted(row for row in filled if row > last):
        if row != last + 1 or row == bar:
            return (heading, left, last, right), row
        last = row
    return (heading, left, last, right), 0
