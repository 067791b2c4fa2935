"""One office as xlwings sees it: its workbooks, what is selected, what it shows the user."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.libreoffice.engine import dialogs
from addin.libreoffice.engine.books import Books
from addin.libreoffice.engine.errors import plainly
from addin.libreoffice.engine.ranges import Range

if TYPE_CHECKING:
    from addin.libreoffice.engine.apps import Engine
    from addin.libreoffice.engine.connection import Connection

#: Seconds an own office gets to end by itself before it is killed.
GRACE = 10.0


def _kept(name: str) -> property:
    """A setting Calc has no use for, kept so that a macro may set and restore it.

    ``screen_updating`` is among them on purpose: Calc draws a block once, and a view locked by a macro that died
    would stay frozen under the user's hands.
    """
    return property(lambda app: app._told[name], lambda app, value: app._told.__setitem__(name, value))


@plainly
class App(base_classes.App):
    """One office, our own or the user's."""

    screen_updating = _kept("screen_updating")
    display_alerts = _kept("display_alerts")
    enable_events = _kept("enable_events")
    interactive = _kept("interactive")
    cut_copy_mode = _kept("cut_copy_mode")

    def __init__(self, engine: Engine, office: Connection, visible: bool, book: str = "") -> None:
        self._engine = engine
        self.office = office
        #: alerts shown where nobody sees them, as (prompt, title, buttons, mode); and the answers to give to the next
        self.alerts: list[tuple[str, str, str, str]] = []
        self.alert_answers: list[str] = []
        self._visible = visible
        self._book = book
        self._bar = dialogs.StatusBar(office)
        self._told: dict[str, Any] = {
            "screen_updating": True, "display_alerts": True, "enable_events": True, "interactive": True,
            "calculation": "automatic", "cut_copy_mode": False,
        }

    @property
    def engine(self) -> Engine:
        """The engine."""
        return self._engine

    @property
    def api(self) -> Any:
        """The office's desktop."""
        return self.office.desktop

    @property
    def pid(self) -> int:
        """Process number of our own office; of the user's, which UNO does not tell, a number below zero."""
        process = self.office.process
        return process.running.pid if process else self.office.number

    @property
    def hwnd(self) -> int | None:
        """The window system's number of the active window; None without windows."""
        return dialogs.window_number(self.office) if self._visible else None

    @property
    def version(self) -> str:
        """The Excel whose habits are followed; xlwings looks at it."""
        return "16.0"

    @property
    def books(self) -> Books:
        """The open workbooks."""
        return Books(self, self._book)

    @property
    def selection(self) -> Range | None:
        """The selected cells of the active workbook, with every area of them; None when no cells are selected."""
        book = self.books.active
        controller = book.doc.CurrentController if book else None
        selected: Any = controller.Selection if controller is not None else None
        if book is None or selected is None:
            return None
        if selected.supportsService("com.sun.star.sheet.SheetCellRange"):
            return Range.of(book, (selected.RangeAddress,))
        if selected.supportsService("com.sun.star.sheet.SheetCellRanges"):
            return Range.of(book, selected.RangeAddresses)
        return None

    @property
    def visible(self) -> bool:
        """Whether it has windows; settled when it starts."""
        return self._visible

    @visible.setter
    def visible(self, value: bool) -> None:
        self._told["visible"] = value

    @property
    def status_bar(self) -> str | bool:
        """The text we put into the status bar; False while the bar is the office's own."""
        return self._bar.text

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        self._bar.show(value)

    @property
    def calculation(self) -> str:
        """``automatic`` or ``manual``, for all open workbooks."""
        return str(self._told["calculation"])

    @calculation.setter
    def calculation(self, value: str) -> None:
        for book in self.books:
            book.doc.enableAutomaticCalculation(value != "manual")
        self._told["calculation"] = value

    def calculate(self) -> None:
        """Calculate every open workbook anew."""
        for book in self.books:
            book.doc.calculateAll()

    def alert(self, prompt: str, title: str | None, buttons: str | None, mode: str | None, callback: object) -> str:
        """Show a message and return the button pressed: ``ok``, ``cancel``, ``yes`` or ``no``.

        Without windows the message is kept in ``alerts`` and answered with the next of ``alert_answers``.
        """
        kind = buttons or "ok"
        if self._visible:
            return dialogs.ask(self.office, prompt or "", title or "", kind, mode or "")
        self.alerts.append((prompt or "", title or "", kind, mode or ""))
        if self.alert_answers:
            return self.alert_answers.pop(0)
        return "yes" if kind.startswith("yes") else "ok"

    def activate(self, steal_focus: bool = False) -> None:
        """Make this the office xlwings means when none is named."""
        self._engine.apps.prefer(self)

    def quit(self) -> None:
        """End our own office, unsaved work is lost; let go of the user's, which stays as it is."""
        if self.office.process:
            with contextlib.suppress(Exception):  # it may be gone already; what is left is killed below
                for book in self.books:
                    book.close()
                self.office.desktop.terminate()
        self._end(GRACE)

    def kill(self) -> None:
        """End our own office at once; let go of the user's."""
        self._end(0)

    def _end(self, grace: float) -> None:
        self._engine.apps.forget(self)
        self.office.close()
        if self.office.process:
            self.office.process.stop(grace)
