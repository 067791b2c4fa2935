"""Tells the data rows of a foreign sheet from titles, totals, signatures, notes and blanks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macros.intake.headings import compact, shown, words
from macros.intake.row_kinds import Under, content, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from macros.hosts import Sheet
    from macros.intake.headings import Block
    from macros.records import Cell


@dataclass(frozen=True, slots=True)
class Rows:
    """A sheet's rows sorted: data as (1-based sheet row, cells), the others as sheet rows by kind."""

    data: list[tuple[int, Sequence[Cell]]]
    others: dict[str, list[int]]
    filled: list[str] = field(default_factory=list)


def sort_rows(sheet: Sheet, block: Block, keys: Sequence[int]) -> Rows:
    """Sort the rows under the headings; ``keys`` are the 1-based columns that identify a row.

    A wrong or repeated row is data: only what is plainly no record is left out. Cells merged downwards hold their
    value in each of their rows.
    """
    filled: list[str] = []
    source = _unmerged(sheet, block, keys, filled)
    # As understood, and as they stand in the sheet: so they are repeated.
    stand = sheet.rows[block.top - 1 : block.bottom]
    headings = {
        one.column: (
            *(compact(shown(row[one.column - 1])) for row in stand if one.column <= len(row)), *map(compact, one.parts),
        )
        for one in block.headings
    }
    serial = {
        column for column, parts in headings.items()
        if parts[-1] in words()["rows"]["serial"] and column not in keys
    }
    wide = {m[0] for m in sheet.merges if m[0] == m[2] and m[3] - m[1] > 1}
    under = Under(headings, keys, serial)
    data: list[tuple[int, Sequence[Cell]]] = []
    others: dict[str, list[int]] = {}
    if block.top > 1:
        others["title"] = [n for n in range(1, block.top) if any(map(content, sheet.rows[n - 1]))]
    blanks: list[int] = []
    before = ""
    for number, row in enumerate(source, block.bottom + 1):
        kind = kind_of(row, under, before, merged=number in wide)
        before = before if kind == "blank" else kind
        if kind == "blank":
            blanks.append(number)
            continue
        if kind:
            others.setdefault(kind, []).append(number)
        else:
            if blanks:
                others.setdefault("blank", []).extend(blanks)
            data.append((number, row))
        blanks = []
    return Rows(data, {kind: numbers for kind, numbers in others.items() if numbers}, filled)


def _unmerged(sheet: Sheet, block: Block, keys: Sequence[int], filled: list[str]) -> Iterator[Sequence[Cell]]:
    """The rows under the headings, with cells merged downwards repeated; says in ``filled`` where."""
    known = {heading.column for heading in block.headings} - set(keys)
    down: dict[int, list[tuple[int, int]]] = {}
    for top, left, last, right in sheet.merges:
        if top > block.bottom and last > top and left == right and left in known:
            for covered in range(top + 1, last + 1):
                down.setdefault(covered, []).append((left, top))
            filled.append(f"{top}—{last}行")
    if not down:
        yield from sheet.rows[block.bottom:]
        return
    for number, row in enumerate(sheet.rows[block.bottom:], block.bottom + 1):
        copied = list(row)
        for column, top in down.get(number, ()):
            above = sheet.rows[top - 1]
            copied += [None] * (column - len(copied))
            copied[column - 1] = above[column - 1] if column <= len(above) else None
        yield copied
