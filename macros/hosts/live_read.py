"""Read a sheet of an open workbook: its values in one go, its tables and merged cells in few questions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from macros.hosts import Sheet, TableRef, refuse
from macros.hosts.areas import area, covers
from macros.hosts.limits import limit
from macros.hosts.live_blocks import runs, split
from macros.hosts.live_cells import is_formula, looks_like_error, read
from macros.hosts.number_formats import kind_of, moment
from macros.records import Broken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from macros.hosts.areas import Area
    from macros.records import Cell

Grid = list[list["Cell"]]

#: Columns right of the used ones where merged cells are looked for: whether blank ones count as used, programs differ.
BESIDE = 8


def whole(sheet: Any) -> Sheet:
    """The sheet's used area with its merged cells and tables.

    Args:
        sheet: an xlwings Sheet.

    Raises:
        Refused: more cells than are kept in memory (WBK014).
    """
    last, right = used(sheet)
    merged = merges(sheet, (1, 1, last, right + BESIDE))
    # Excel's very hidden sheets answer 2 where shown ones answer True or -1.
    return Sheet(sheet.name, rows(sheet, last, right), merged, sheet.visible not in (True, -1), tables(sheet))


def used(sheet: Any) -> tuple[int, int]:
    """The last row and column the program counts as used, no further right than is read of files."""
    found = sheet.used_range
    height, width = found.shape
    return found.row + height - 1, min(found.column + width - 1, limit("sheet", "used_columns"))


def rows(sheet: Any, last: int, right: int) -> Grid:
    """The sheet's rows, each ending at its last value, up to the last with one before a long blank run.

    Read in blocks of so many rows that a register takes one: formats may reach down to the sheet's last row.
    """
    kept: Grid = []
    block, blank, most, count = (
        limit("live", "block_rows"), limit("sheet", "blank_run"), limit("sheet", "cells"), 0
    )
    for first in range(1, last + 1, block):
        waiting = first - 1 - len(kept)
        for line in values(sheet, (first, 1, min(first + block - 1, last), right)):
            while line and line[-1] is None:
                line.pop()
            if not line:
                waiting += 1
                continue
            if waiting > blank:
                return kept
            count += len(line)
            if count > most:
                raise refuse("WBK014", sheet.book.name, sheet=sheet.name, limit=most, row=len(kept) + waiting + 1)
            kept += [[] for _ in range(waiting)]
            kept.append(line)
            waiting = 0
        if waiting > blank:
            break
    return kept


def values(sheet: Any, where: Area) -> Grid:
    """The values of an area as cells; one question to the program, and few more where a value leaves a doubt."""
    asked = of(sheet, where)
    raw = asked.options(ndim=2, err_to_str=True).value
    found = [[value if type(value) is str and value else read(value) for value in line] for line in raw]
    if any(type(value) is str and value[:1] == "#" and looks_like_error(value) for line in raw for value in line):
        # Errors come as None unless asked for by name; text that reads like an error comes as itself both times.
        bare = asked.options(ndim=2).value
        for line, other in zip(found, bare, strict=True):
            for at, value in enumerate(line):
                if looks_like_error(value) and other[at] is None:
                    line[at] = Broken(str(value), "error")
    if any(type(value) is Decimal for line in raw for value in line):
        _full_amounts(sheet, where, raw, found)
    _times(sheet, where, found)
    return found


def of(sheet: Any, where: Area) -> Any:
    """The xlwings Range of an area."""
    return sheet.range(where[:2], where[2:])


def formulas(sheet: Any, where: Area) -> list[list[str]]:
    """The formulas of an area; cells without one give their content as text."""
    found = of(sheet, where).formula
    if not isinstance(found, (list, tuple)):
        return [[str(found or "")]]
    if found and not isinstance(found[0], (list, tuple)):
        found = [found] if where[0] == where[2] else [[one] for one in found]
    return [[str(one or "") for one in line] for line in found]


def tables(sheet: Any) -> list[TableRef]:
    """The sheet's named tables."""
    return [TableRef(table.name, table.range.address.replace("$", "")) for table in sheet.tables]


def merges(sheet: Any, where: Area) -> list[Area]:
    """The merged cells in an area: one question where there are none, halving it where there are."""
    found: list[Area] = []

    def look(part: Area) -> None:
        if any(covers(one, part) for one in found):
            return
        state = of(sheet, part).merge_cells
        if state is False:
            return
        single = part[:2] == part[2:]
        if state or single:
            merged = area(of(sheet, (*part[:2], *part[:2])).merge_area.address)
            if merged is not None and merged not in found and merged[:2] != merged[2:]:
                found.append(merged)
            if single or (merged and covers(merged, part)):
                return
        for half in split(part):
            look(half)

    look(where)
    return sorted(found)


def formats(sheet: Any, column: int, wanted: Iterable[int]) -> Iterator[tuple[int, int, str]]:
    """The number formats of rows of a column, as (first row, last row, format) of stretches that share one.

    Rows in between that are not wanted may be part of a stretch; a column of one format takes one question.
    """
    waiting = [sorted(wanted)]
    while waiting:
        part = waiting.pop()
        if not part:
            continue
        code = of(sheet, (part[0], column, part[-1], column)).number_format
        if isinstance(code, str):
            yield part[0], part[-1], code
        elif len(part) == 1:
            yield part[0], part[0], "General"
        else:
            # Differing formats often stand in the gaps: each unbroken run is asked for before one is halved.
            whole_runs = runs(part)
            half = len(whole_runs) // 2 or None
            cut = whole_runs[half][0] if half else part[len(part) // 2]
            waiting += [[row for row in part if row >= cut], [row for row in part if row < cut]]


def _times(sheet: Any, where: Area, found: Grid) -> None:
    """Turn fractions of a day into times where the cell shows them so: programs hand them over as numbers."""
    doubtful: dict[int, list[int]] = {}
    for number, line in enumerate(found, where[0]):
        for at, value in enumerate(line):
            if type(value) in (int, float) and 0 <= value < 1:  # type: ignore[operator]
                doubtful.setdefault(where[1] + at, []).append(number)
    for column, numbers in doubtful.items():
        for first, last, code in formats(sheet, column, numbers):
            if kind_of(0, code) != "time":
                continue
            for number in numbers:
                if first <= number <= last:
                    line = found[number - where[0]]
                    serial = line[column - where[1]]
                    line[column - where[1]] = moment(float(serial), "time", False, "")  # type: ignore[arg-type]


def _full_amounts(sheet: Any, where: Area, raw: list[list[Any]], found: Grid) -> None:
    """Give amounts in currency formats their full value: Excel hands over no more than four decimals of them."""
    texts = formulas(sheet, where)
    for at, line in enumerate(raw):
        for column, value in enumerate(line):
            text = texts[at][column]
            if type(value) is Decimal and not is_formula(text, value):
                try:
                    found[at][column] = read(float(text))
                except ValueError:
                    continue


def last_typed(sheet: Any, filled: list[int], columns: tuple[int, int], cell: Callable[[int, int], Cell]) -> int:
    """The last of the filled rows that holds more than formulas; 0 where none does.

    Args:
        sheet: an xlwings Sheet.
        filled: rows with any value in the columns, in order.
        columns: the first and the last column.
        cell: the value of a cell by row and column.
    """
    stop, size = len(filled), 1
    while stop > 0:
        part = filled[max(0, stop - size) : stop]
        texts = formulas(sheet, (part[0], columns[0], part[-1], columns[1]))
        for number in reversed(part):
            line = texts[number - part[0]]
            if any(
                (value := cell(number, column)) is not None and not is_formula(text, value)
                for column, text in enumerate(line, columns[0])
            ):
                return number
        stop, size = stop - size, size * 8
    return 0
