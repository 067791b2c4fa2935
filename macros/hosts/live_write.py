"""Make planned changes on a sheet of an open workbook, block by block, and check that they took."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from macros.hosts import refuse
from macros.hosts.areas import a1, covers
from macros.hosts.limits import limit
from macros.hosts.live_blocks import blocks, bridged
from macros.hosts.live_cells import Formula, read, same
from macros.hosts.live_put import looks, put
from macros.hosts.live_read import of
from macros.hosts.live_rows import shown_rows, unfilter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.hosts.areas import Area
    from macros.hosts.live_journal import Journal
    from macros.hosts.live_plan import Cells, Plan
    from macros.hosts.live_read import Grid


def write(plan: Plan, journal: Journal) -> None:
    """Make the changes of one sheet.

    Raises:
        Refused: the program took something else than was given (WBK064).
        Exception: whatever the program raises.
    """
    sheet, cells = plan.state.sheet, dict(plan.cells)
    if plan.shown:
        unfilter(sheet)
    for merged in plan.split:
        journal.merged(sheet, merged)
        of(sheet, merged).unmerge()
    if plan.looks:
        journal.content(sheet, plan.looks[1])
        _copy_looks(plan)
    wanted = bridged(cells, limit("live", "rectangles"), lambda row, column: _passable(plan, row, column))
    areas = [part for where in blocks(wanted) for part in _pieces(where)]
    for where in areas:
        if plan.looks is None or not covers(plan.looks[1], where):
            _fill_gaps(cells, where, journal.content(sheet, where))
    for where in areas:
        grid = _grid(cells, where)
        found = looks(sheet, where, grid)
        journal.formats(sheet, found)
        put(sheet, where, grid, found)
    if plan.table:
        name, old, new = plan.table
        journal.table(sheet, name, old)
        sheet.tables[name].resize(of(sheet, new))
    _check(plan, cells, areas)


def finish(plan: Plan) -> None:
    """Clear the looks of rows no longer used; nothing is lost where this fails."""
    if plan.bare:
        with contextlib.suppress(Exception):
            of(plan.state.sheet, plan.bare).clear_formats()


def _copy_looks(plan: Plan) -> None:
    """Give new rows looks and formulas of another row: copied once, then twice as many each time."""
    if plan.looks is None:
        return
    sheet, (template, (first, left, last, right)) = plan.state.sheet, plan.looks
    if of(sheet, (template, left, template, left)).row_height == 0:
        # A program copies no row that a filter hides.
        heading = plan.state.main[1][0] if plan.state.main else 1
        template = max(shown_rows(sheet, [(heading + 1, template)]), default=template)
    of(sheet, (template, left, template, right)).copy(of(sheet, (first, left, first, right)))
    _forget_notes(sheet, first, left, right)
    done = 1
    while first + done <= last:
        more = min(done, last - first - done + 1)
        source, at = of(sheet, (first, left, first + more - 1, right)), first + done
        source.copy(of(sheet, (at, left, at + more - 1, right)))
        done += more


def _forget_notes(sheet: Any, row: int, left: int, right: int) -> None:
    """Take away the notes that came along with a copied row: they speak of the row they were written for."""
    with contextlib.suppress(NotImplementedError):
        if not len(sheet.notes):
            return
    for column in range(left, right + 1):
        note = of(sheet, (row, column, row, column)).note
        if note is not None:
            note.delete()


def _passable(plan: Plan, row: int, column: int) -> bool:
    """Whether a cell between edits may be written back: text or nothing, which come back as they were."""
    value = plan.state.cell(row, column)
    return value is None or type(value) is str


def _fill_gaps(cells: Cells, where: Area, found: Grid) -> None:
    for row, line in enumerate(found, where[0]):
        for column, value in enumerate(line, where[1]):
            cells.setdefault((row, column), value)


def _grid(cells: Cells, where: Area) -> Grid:
    columns = range(where[1], where[3] + 1)
    return [[cells.get((row, column)) for column in columns] for row in range(where[0], where[2] + 1)]


def _pieces(where: Area) -> Iterator[Area]:
    """A block cut into pieces a program takes at once."""
    size = limit("live", "block_rows")
    for first in range(where[0], where[2] + 1, size):
        yield first, where[1], min(first + size - 1, where[2]), where[3]


def _check(plan: Plan, cells: Cells, areas: list[Area]) -> None:
    """Read back what was written.

    Raises:
        Refused: a cell holds something else (WBK064).
    """
    for where in areas:
        # An error comes as nothing here: text that reads like one must not have become one.
        found = of(plan.state.sheet, where).options(ndim=2).value
        for row, line in enumerate(found, where[0]):
            for column, value in enumerate(line, where[1]):
                wanted = cells.get((row, column))
                if value != wanted and not isinstance(wanted, Formula) and not same(wanted, read(value)):
                    raise refuse("WBK064", plan.state.book, sheet=plan.title, cell=a1(row, column), value=wanted)
