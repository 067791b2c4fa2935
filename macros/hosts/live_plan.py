"""What saving would change on a sheet of an open workbook, worked out before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from macros.hosts import refuse
from macros.hosts.areas import Area, area, cells_of, reaching
from macros.hosts.limits import limit
from macros.hosts.live_cells import is_formula, stored
from macros.hosts.live_read import BESIDE, formulas, last_typed, merges, tables, used

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.hosts.live_read import Grid
    from macros.hosts.pending import Pending
    from macros.records import Cell

Cells = dict[tuple[int, int], "Cell"]


@dataclass(slots=True)
class State:
    """A sheet as it is now: the xlwings Sheet, its title and workbook, its rows, the areas of its tables by name."""

    sheet: Any
    title: str
    book: str
    rows: Grid
    tables: list[tuple[str, Area]]

    @property
    def main(self) -> tuple[str, Area] | None:
        """The sheet's table, the largest where there are several."""
        return max(self.tables, key=lambda one: cells_of(one[1]), default=None)

    def filled(self, row: int, where: Area) -> bool:
        """Whether a row holds anything in the columns of an area."""
        line = self.rows[row - 1] if row <= len(self.rows) else []
        return any(value is not None for value in line[where[1] - 1 : where[3]])

    def cell(self, row: int, column: int) -> Cell:
        """The value of a cell."""
        line = self.rows[row - 1] if row <= len(self.rows) else []
        return line[column - 1] if column <= len(line) else None


@dataclass(slots=True)
class Plan:
    """The changes of one sheet.

    Attributes:
        cells: values by row and column, as they will be read back.
        looks: row whose looks and formulas new rows take, and the area of these.
        table: name of the table that changes its size, its old and its new area.
        split: merged cells that are parted.
        bare: area whose looks are cleared in the end.
        shown: whether filters are lifted, so that every row shows.
    """

    state: State
    cells: Cells = field(default_factory=dict)
    looks: tuple[int, Area] | None = None
    table: tuple[str, Area, Area] | None = None
    split: list[Area] = field(default_factory=list)
    bare: Area | None = None
    shown: bool = False

    @property
    def title(self) -> str:
        """The sheet's title."""
        return self.state.title


def state_of(sheet: Any, title: str, book: str, rows: Grid) -> State:
    """The sheet with its rows and tables."""
    found = [(table.name, where) for table in tables(sheet) if (where := area(table.ref))]
    return State(sheet, title, book, rows, found)


def planned(state: State, edits: Pending) -> Plan:
    """The changes that pending edits make.

    Raises:
        Refused: an edit cannot be made (WBK045–WBK049).
    """
    if edits.rows is not None:
        return _replaced(state, edits.rows)
    plan = Plan(state)
    for row, line in edits.cells.items():
        for column, value in line.items():
            plan.cells[row, column] = _stored(state, value, row, column)
    if edits.added:
        _append(plan, [list(row) for row in edits.added])
    return plan


def _append(plan: Plan, added: list[list[Cell]]) -> None:
    state, sheet, edited = plan.state, plan.state.sheet, dict(plan.cells)
    table = state.main
    width = max(map(len, added))
    right = max([width, *map(len, state.rows)])
    where = table[1] if table else (1, 1, limit("sheet", "rows"), right)

    def cell(row: int, column: int) -> Cell:
        return edited[row, column] if (row, column) in edited else state.cell(row, column)

    end = max([len(state.rows), *(row for row, _ in edited)])
    columns = range(where[1], where[3] + 1)
    busy = {row for row, _ in edited}
    filled = [
        row for row in range(where[0] + 1, end + 1)
        if (any(cell(row, one) is not None for one in columns) if row in busy else state.filled(row, where))
    ]
    touched = {row for (row, one), value in edited.items() if value is not None and one in columns and row > where[0]}
    last_data = last_typed(sheet, [row for row in filled if row <= where[2]], (where[1], where[3]), state.cell)
    last_data = max([where[0], last_data])
    full, below = _full(plan, where, filled, touched, len(added)) if table else (where, 0)
    typed = full[2] if table and full[2] > where[2] else last_data
    first = max([typed, *(row for row in touched if row <= full[2])]) + 1
    last = first + len(added) - 1
    _check_room(state, table, width, last, below)
    _check_formulas(state, added, first, max(first, (where[2] if table else where[0]) + 1), where[1])
    template = last_data if last_data > where[0] else where[0] + 1
    right = where[3] if table else right
    kept = formulas(sheet, (template, where[1], template, right))[0]
    keep = {
        one for one, text in enumerate(kept, where[1]) if is_formula(text, state.cell(template, one))
    }
    for number, row in enumerate(added, first):
        padded = [*row, *[None] * (right - where[1] + 1 - len(row))]
        for column, value in enumerate(padded, where[1]):
            if value is not None or (column not in keep and number != template):
                plan.cells[number, column] = _stored(state, value, number, column)
    new = max(first, template + 1)
    if new <= last:
        plan.looks = template, (new, where[1], last, right)
    if table and max(last, full[2]) > where[2]:
        plan.table = table[0], where, (*where[:2], max(last, full[2]), where[3])


def _check_formulas(state: State, added: list[list[Cell]], first: int, beyond: int, left: int) -> None:
    """Refuse to write values over the user's formulas from the row ``beyond`` on, outside of the table."""
    last = min(first + len(added) - 1, used(state.sheet)[0])
    width = max(map(len, added))
    if beyond > last or not width:
        return
    texts = formulas(state.sheet, (beyond, left, last, left + width - 1))
    for number, line in enumerate(texts, beyond):
        for column, (value, text) in enumerate(zip(added[number - first], line, strict=False), left):
            if value is not None and is_formula(text, state.cell(number, column)):
                raise refuse("WBK049", state.book, sheet=state.title, row=number)


def _full(plan: Plan, where: Area, filled: list[int], touched: set[int], more: int) -> tuple[Area, int]:
    """The table's area with the rows typed directly below it, and the first filled row after these."""
    state, sheet = plan.state, plan.state.sheet
    below = [row for row in filled if row > where[2] and row not in touched]
    typed = set(touched)
    if below:
        texts = formulas(sheet, (below[0], where[1], below[-1], where[3]))
        typed |= {
            row for row in below if any(
                (value := state.cell(row, column)) is not None and not is_formula(text, value)
                for column, text in enumerate(texts[row - below[0]], where[1])
            )
        }
    others = [one for _, one in state.tables if one != where]
    last, right = used(sheet)
    last = min(max(last, where[2]) + more, limit("sheet", "rows"))
    if last > where[2]:
        others += merges(sheet, (where[2] + 1, 1, last, max(right, where[3]) + BESIDE))
    return reaching(where, typed, others)


def _check_room(state: State, table: tuple[str, Area] | None, width: int, last: int, below: int) -> None:
    title = state.title
    if last > limit("sheet", "rows"):
        raise refuse("WBK047", state.book, sheet=title, reason=f"需要 {last} 行，工作表放不下")
    if table is None:
        return
    name, where = table
    if width > where[3] - where[1] + 1:
        raise refuse("WBK047", state.book, sheet=title, reason=f"要追加 {width} 列，多于表 {name}")
    if _totalled(state.sheet.tables[name]):
        raise refuse("WBK048", state.book, sheet=title, value=name)
    if below and last >= below:
        raise refuse("WBK049", state.book, sheet=title, row=below)


def _totalled(table: Any) -> bool:
    """Whether a table ends in a row of totals; LibreOffice keeps none."""
    try:
        return bool(table.show_totals)
    except NotImplementedError:
        return False


def _replaced(state: State, rows: Sequence[Sequence[Cell]]) -> Plan:
    plan, table, title = Plan(state, shown=True), state.main, state.title
    heading = table[1][0] if table else 1
    width, old_width = (max(map(len, lines), default=0) for lines in (rows, state.rows))
    if len(rows) > limit("sheet", "rows") or width > limit("sheet", "columns"):
        raise refuse("WBK047", state.book, sheet=title, reason=f"需要 {len(rows)} 行 {width} 列，工作表放不下")
    for number, row in enumerate(rows, 1):
        line = [_stored(state, value, number, column) for column, value in enumerate(row, 1)]
        line += [None] * (max(width, old_width) - len(line))
        if number <= heading and line == [state.cell(number, column) for column in range(1, len(line) + 1)]:
            continue  # a heading that stays is left alone: its table hangs on it
        plan.cells |= {(number, column): value for column, value in enumerate(line, 1)}
    for number in range(max(len(rows), heading) + 1, len(state.rows) + 1):
        plan.cells |= {(number, column): None for column in range(1, old_width + 1)}
    if len(rows) > heading + 1:
        plan.looks = heading + 1, (heading + 2, 1, len(rows), width)
    last = max(len(rows), heading + 1)
    if table:
        name, where = table
        right = _heading_end(state, rows[heading - 1], where) if len(rows) >= heading else where[3]
        new = (heading, where[1], last, right)
        plan.table = (name, where, new) if new != where else None
        last_old = max(where[2], len(state.rows))
    else:
        last_old = len(state.rows)
    if last_old > last:
        plan.bare = (last + 1, 1, last_old, max(width, old_width, 1))
    last_used, right_used = used(state.sheet)
    plan.split = [one for one in merges(state.sheet, (1, 1, last_used, right_used + BESIDE)) if one[2] > heading]
    return plan


def _heading_end(state: State, heading: Sequence[Cell], where: Area) -> int:
    """The last column of a table whose heading row this is.

    Raises:
        Refused: the heading has blank, double or non-text names (WBK047).
    """
    names = list(heading[where[1] - 1 :])
    while names and names[-1] in (None, ""):
        names.pop()
    texts = [name for name in names if isinstance(name, str) and name]
    if not texts or len(texts) != len(names) or len({text.casefold() for text in texts}) < len(texts):
        raise refuse("WBK047", state.book, sheet=state.title, reason="表头有空白、重复或不是文本的列名")
    return where[1] + len(texts) - 1


def _stored(state: State, value: Cell, row: int, column: int) -> Cell:
    # Most cells are text or blank, and short: these are asked nothing.
    if value is None or (type(value) is str and value.isalnum() and len(value) < 256):
        return value
    return stored(value, (state.book, state.title, row, column))
