"""A workbook that WPS has open: read as saved, edits tried on a copy and told as cells instead of written."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.hosts import reason, refuse
from macros.hosts.areas import area
from macros.hosts.files import FileBook, table_area
from macros.hosts.limits import number_format
from macros.hosts.number_formats import serial
from macros.records import Broken, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.hosts import Sheet
    from macros.records import Cell

#: One cell on its way to WPS: row, column, value as `told` puts it.
Told = list[Any]


class RecordingBook:
    """A book over a copy of the saved file: what the copy refuses is refused, what it took is in `edits`.

    Each of ``edits`` is JSON-able: the workbook's path, the sheet, and either ``cells`` to set, with the cells
    ``seen`` before (a workbook that has moved on since must not be written), the rows ``added`` and the table they
    make longer, or ``rows`` as the sheet's whole content, with the row number of its ``heading`` and the rows and
    columns there ``were``.

    Raises:
        Refused: the file cannot be read or copied, or is of a kind that cannot be written.
    """

    def __init__(self, path: Path, room: Path) -> None:
        self.path = path
        self.edits: list[dict[str, Any]] = []
        home = Path(tempfile.mkdtemp(dir=room))  # the copy keeps the name, which messages and links carry
        try:
            self._book = FileBook(Path(shutil.copyfile(path, home / path.name)))
        except OSError as error:
            raise refuse("WBK001", path.name, reason=reason(error)) from error
        self._cells: dict[str, dict[tuple[int, int], Cell]] = {}
        self._added: dict[str, list[Sequence[Cell]]] = {}
        self._links: dict[str, dict[tuple[int, int], Link]] = {}
        self._ours: dict[str, set[tuple[int, int]]] = {}
        self._whole: set[str] = set()
        self._touched: set[str] = set()

    @property
    def name(self) -> str:
        """File name with its suffix."""
        return self.path.name

    def sheets(self) -> list[str]:
        """Titles of the worksheets in their order."""
        return self._book.sheets()

    def sheet(self, title: str) -> Sheet:
        """Read one worksheet as last saved."""
        return self._book.sheet(title)

    def replace(self, title: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Make ``rows`` the whole content of one of our own output sheets."""
        made = [list(row) for row in rows]
        self._book.replace(title, made)
        self._cells.pop(title, None)
        self._added.pop(title, None)
        self._whole.add(title)
        self._touched.add(title)
        self._links[title] = {
            (number, column): value
            for number, row in enumerate(made, 1) for column, value in enumerate(row, 1) if isinstance(value, Link)
        }

    def append(self, title: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows after the last data row of the sheet's table."""
        made = [list(row) for row in rows]
        self._book.append(title, made)
        if made:
            self._added.setdefault(title, []).extend(made)
            self._touched.add(title)

    def update(self, title: str, cells: Mapping[tuple[int, int], Cell]) -> None:
        """Set single cells by (row, column)."""
        self._book.update(title, cells)
        self._cells.setdefault(title, {}).update(cells)
        for place in cells:
            self._links.get(title, {}).pop(place, None)
        if cells:
            self._touched.add(title)

    def save(self) -> None:
        """Take every edit since the last save into `edits`."""
        before = {title: self._book.sheet(title) for title in sorted(self._touched)}
        self._book.save()
        for title, old in before.items():
            (self._tell_whole if title in self._whole else self._tell_cells)(title, old)
        self._cells, self._added, self._touched = {}, {}, set()

    def _tell_whole(self, title: str, old: Sheet) -> None:
        earlier = [one["were"] for one in self.edits if one["sheet"] == title and "were" in one]
        were = [len(old.rows), max(map(len, old.rows), default=0)]
        after = self._book.sheet(title)
        table = table_area(after)
        links = self._links.get(title, {})
        rows = [
            [told(links.get((number, column), value)) for column, value in enumerate(row, 1)]
            for number, row in enumerate(after.rows, 1)
        ]
        self.edits = [one for one in self.edits if one["sheet"] != title]
        heading = table[0] if table else 1
        self.edits.append(
            self._edit(title, rows=rows, heading=heading, were=(earlier or [were])[0], table=_table(after))
        )

    def _tell_cells(self, title: str, old: Sheet) -> None:
        cells = dict(self._cells.get(title, {}))
        more: dict[str, Any] = {}
        anchors = {row for row, _ in cells}
        rows = self._added.get(title, [])
        if rows:
            after = self._book.sheet(title)
            first = _first_added(old, after, rows, anchors)
            left, right = (where[1], where[3]) if (where := table_area(after)) else (1, max(map(len, rows)))
            for number, row in enumerate(rows, first):
                cells |= {(number, left + at): value for at, value in enumerate(row) if value is not None}
            more = {"added": [first, first + len(rows) - 1], "columns": [left, right], "table": _table(after)}
            anchors.add(first - 1)
        ours = self._ours.setdefault(title, set())
        key = where[1] if (where := table_area(old)) else 1
        looked = sorted(({*cells} | {(row, key) for row in anchors}) - ours)
        seen = [
            [row, column, told(value)]
            for row, column in looked if not isinstance(value := _at(old, row, column), Broken)
        ]
        ours |= cells.keys()
        listed: list[Told] = [[*place, told(cells[place])] for place in sorted(cells)]
        self.edits.append(self._edit(title, cells=listed, seen=seen, **more))

    def _edit(self, title: str, **content: Any) -> dict[str, Any]:
        return {"workbook": str(self.path), "sheet": title, **content}


def told(value: Cell) -> Any:
    """A cell for the script: text, number and truth as they are, links as formulas, moments as serial numbers.

    Serial numbers are those of the 1900 system; the script shifts them for a workbook of the other one.
    """
    if isinstance(value, Link):
        target, shown = (text.replace('"', '""') for text in (value.target, str(value)))
        return {"formula": f'=HYPERLINK("{target}","{shown}")', "text": str(value)}
    if isinstance(value, dt.date | dt.time):
        day = isinstance(value, dt.date) and (not isinstance(value, dt.datetime) or value.time() == dt.time())
        kind = "date" if day else "time" if isinstance(value, dt.time) else "moment"
        return {"serial": serial(value, False), "format": number_format(kind)}
    return (str(value) or None) if isinstance(value, str | Broken) else value


def _at(sheet: Sheet, row: int, column: int) -> Cell:
    line = sheet.rows[row - 1] if 0 < row <= len(sheet.rows) else []
    return line[column - 1] if column <= len(line) else None


def _first_added(old: Sheet, new: Sheet, added: Sequence[Sequence[Cell]], updated: set[int]) -> int:
    """The row the first of the ``added`` rows went to: the first row that changed without being updated."""
    blank = next((at for at, row in enumerate(added) if any(value is not None for value in row)), 0)
    changed = (
        number for number, row in enumerate(new.rows, 1)
        if number not in updated and row != (old.rows[number - 1] if number <= len(old.rows) else [])
    )
    return next(changed, len(new.rows) + 1) - blank


def _table(sheet: Sheet) -> dict[str, str] | None:
    largest = table_area(sheet)
    found = next((table for table in sheet.tables if area(table.ref) == largest), None)
    return {"name": found.name, "ref": found.ref} if found else None
