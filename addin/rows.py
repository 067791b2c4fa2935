"""Which register rows the selected rows are: their keys, by the table's form or by the board's columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from macros.data import toml
from macros.forms import forms
from macros.hosts import opening, refuse
from macros.reader import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.desk import Selection
    from macros.forms import Form
    from macros.records import Cell

_BOARD = Path(__file__).parents[1] / "macros" / "rules" / "board.toml"
#: Rows one click works on; more is a batch, which the board's own button makes.
_MOST = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """A register row that was selected: its key and, on the board, the clock it speaks of."""

    key: str
    clock: str = ""


def form_of(selection: Selection) -> Form | None:
    """The form of the selected table; None for a sheet that is no register table."""
    return next(
        (form for form in forms().values() if form.title == selection.sheet and form.file == selection.path.name), None
    )


def rows_of(selection: Selection) -> list[Row]:
    """The selected rows that have a key, each key once.

    Raises:
        Refused: the sheet is no table of ours (ADD006), no selected row has a key (ADD007), or too many are
            selected (ADD012).
    """
    if len(selection.rows) > _MOST:
        raise refuse("ADD012", selection.path.name, sheet=selection.sheet, value=len(selection.rows), most=_MOST)
    cells = opening.book(selection.path).sheet(selection.sheet).rows
    form = form_of(selection)
    found = _table_rows(form, cells, selection) if form else _listed_rows(cells, selection)
    if not found:
        row = selection.rows[0] if selection.rows else 1
        raise refuse("ADD007", selection.path.name, sheet=selection.sheet, cell=f"A{row}")
    return list(dict.fromkeys(found))


def heading_of(selection: Selection) -> str:
    """The heading over the selected cell.

    Raises:
        Refused: there is none (ADD009).
    """
    rows = opening.book(selection.path).sheet(selection.sheet).rows
    heading = rows[0] if rows else []
    found = heading[selection.column - 1] if 0 < selection.column <= len(heading) else None
    if not found:
        raise refuse("ADD009", selection.path.name, sheet=selection.sheet)
    return str(found)


def _table_rows(form: Form, cells: list[list[Cell]], selection: Selection) -> list[Row]:
    wanted = set(selection.rows)
    # Only the heading and the wanted rows are read; the others stand as blank lines, so that rows keep numbers.
    sparse: list[Sequence[Cell]] = [row if n == 1 or n in wanted else () for n, row in enumerate(cells, 1)]
    records, _ = read(form, sparse, selection.path.name, selection.sheet)
    return [Row(record.key) for record in records if record.key]


def _listed_rows(cells: list[list[Cell]], selection: Selection) -> list[Row]:
    heading = [str(cell or "") for cell in (cells[0] if cells else [])]
    key, clock = (heading.index(title) if title in heading else -1 for title in _titles())
    if key < 0:
        raise refuse("ADD006", selection.path.name, sheet=selection.sheet)
    found = []
    for number in selection.rows:
        row = cells[number - 1] if 1 < number <= len(cells) else []
        said = str(row[key]) if key < len(row) and row[key] is not None else ""
        if said:
            found.append(Row(said, str(row[clock] or "") if 0 <= clock < len(row) else ""))
    return found


@cache
def _titles() -> tuple[str, str]:
    """The headings under which the program's own lists name a row and its clock."""
    raw = toml(_BOARD)
    columns = {column["name"]: column["title"] for column in raw["workbook"][0]["sheet"][0]["columns"]}
    return columns["key"], columns["clock"]
