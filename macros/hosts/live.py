"""A workbook that is open in Excel or LibreOffice, read and written there through xlwings.

Nothing is saved to disk: that stays the user's own decision. The workbook's selection, filters, hidden rows and
columns and calculation are left as they are; only an output sheet that is replaced is shown whole again.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from macros.hosts import Sheet, live_plan, live_read, live_write, refuse
from macros.hosts.live_desk import check_editable, opener
from macros.hosts.live_errors import plainly, reached
from macros.hosts.live_journal import Journal
from macros.hosts.live_seen import marks, moved
from macros.hosts.pending import Pending, check_cells, set_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from macros.hosts.live_seen import Marks
    from macros.records import Cell

__all__ = ["LiveBook", "opener"]


class LiveBook:
    """An open workbook.

    Raises:
        Refused: the program is busy or gone, or the workbook was closed (WBK060–WBK063); with any method.
    """

    def __init__(self, book: Any) -> None:
        self._book = book
        self._name = ""
        with self._plainly():
            self._name = str(book.name)
        self._titles = self._now()
        self._pending: dict[str, Pending] = {}
        #: of the sheets read: to tell whether a row is still the one that was read
        self._seen: dict[str, Marks] = {}

    @property
    def name(self) -> str:
        """File name with its suffix."""
        return self._name

    def sheets(self) -> list[str]:
        """Titles of the worksheets in their order."""
        self._titles = self._now()
        return list(self._titles)

    def sheet(self, title: str) -> Sheet:
        """Read one worksheet as it is now; edits are seen once they are saved."""
        with self._plainly(title):
            found = live_read.whole(self._sheet(title))
        self._seen[title] = marks(found.rows)
        return found

    def replace(self, title: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Make ``rows`` (the heading included) the whole content of one of our own output sheets."""
        self._check_title(title)
        self._pending[title] = Pending(rows=[list(row) for row in rows])

    def append(self, title: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows after the last data row of the sheet's table, in its looks and with its formulas."""
        self._check_title(title)
        self._pending.setdefault(title, Pending()).add(rows)

    def update(self, title: str, cells: Mapping[tuple[int, int], Cell]) -> None:
        """Set single cells by (row, column)."""
        self._check_title(title)
        check_cells(cells, self._name, title)
        self._pending.setdefault(title, Pending()).put(cells)

    def check_writable(self) -> None:
        """Make sure that what is written could also be saved by the user.

        Raises:
            Refused: the workbook is open for reading only (WBK065).
        """
        with self._plainly():
            check_editable(self._book)

    def save(self) -> None:
        """Bring every edit since the last save into the open workbook, or none of them.

        On a refusal the edits stay pending.

        Raises:
            Refused: a row to be changed is no longer the one that was read (WBK067), an edit cannot be made
                (WBK043–WBK049), or the program refuses; what was there before has been put back.
        """
        if not self._pending:
            return
        self.check_writable()
        journal = Journal(self._name)
        with self._quietly():
            plans = [self._plan(title, edits) for title, edits in self._pending.items()]
            try:
                for plan in plans:
                    with self._plainly(plan.title):
                        live_write.write(plan, journal)
            except BaseException:
                journal.take_back(lambda: reached(self._book))
                raise
            for plan in plans:
                live_write.finish(plan)
                self._remember(plan)
        self._pending = {}

    def _plan(self, title: str, edits: Pending) -> live_plan.Plan:
        with self._plainly(title):
            sheet = self._sheet(title)
            rows = live_read.rows(sheet, *live_read.used(sheet))
            if edits.rows is None and title in self._seen:
                # The heading tells whether columns have been moved.
                other = moved(sheet, self._seen[title], rows, {1, *edits.cells})
                if other:
                    raise refuse("WBK067", self._name, sheet=title, row=other)
            return live_plan.planned(live_plan.state_of(sheet, title, self._name, rows), edits)

    def _remember(self, plan: live_plan.Plan) -> None:
        """What the sheet now holds, for the next save."""
        if plan.title not in self._seen:
            return
        rows = plan.state.rows
        for row, column in sorted(plan.cells):
            set_cell(rows, row, column, plan.cells[row, column])
        for line in rows:
            while line and line[-1] is None:
                line.pop()
        self._seen[plan.title] = marks(rows)

    def _sheet(self, title: str) -> Any:
        if title not in self._now():
            raise refuse("WBK066" if title in self._titles else "WBK030", self._name, value=title)
        return self._book.sheets[title]

    def _check_title(self, title: str) -> None:
        if title not in self._titles and title not in self.sheets():
            raise refuse("WBK030", self._name, value=title)

    def _now(self) -> list[str]:
        with self._plainly():
            return list(self._book.sheet_names)

    def _plainly(self, sheet: str = "") -> contextlib.AbstractContextManager[None]:
        return plainly(self._book, self._name, sheet)

    @contextlib.contextmanager
    def _quietly(self) -> Iterator[None]:
        """Draw nothing meanwhile, and start no macro of the workbook: one that asks something would never end."""
        with self._plainly():
            app = self._book.app
            before = app.screen_updating, app.enable_events
            app.screen_updating, app.enable_events = False, False
        try:
            yield
        finally:
            with contextlib.suppress(Exception):
                app.screen_updating, app.enable_events = before
