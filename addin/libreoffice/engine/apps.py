"""The engine as xlwings knows it, and the offices it holds."""

from __future__ import annotations

import atexit
import os
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.libreoffice.engine import dialogs, values
from addin.libreoffice.engine.books import Books
from addin.libreoffice.engine.connection import Connection
from addin.libreoffice.engine.errors import OfficeGone, plainly, told
from addin.libreoffice.engine.process import launch
from addin.libreoffice.engine.ranges import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from addin.libreoffice.engine.process import Setting

#: Seconds an own office gets to end by itself before it is killed.
GRACE = 10.0


@plainly
class App(base_classes.App):
    """One office, our own or the user's."""

    def __init__(self, office: Connection, visible: bool, book: str = "") -> None:
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
        return engine

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
        engine.apps.prefer(self)

    def quit(self) -> None:
        """End our own office, unsaved work is lost; let go of the user's, which stays as it is."""
        if self.office.process:
            try:
                for book in list(self.books):
                    book.close()
                self.office.desktop.terminate()
            except Exception as error:
                if not self.office.process.ended and not _lost(error):
                    self.kill()
                    raise
        self._end(GRACE)

    def kill(self) -> None:
        """End our own office at once; let go of the user's."""
        self._end(0)

    def _end(self, grace: float) -> None:
        engine.apps.forget(self)
        self.office.close()
        if self.office.process:
            self.office.process.stop(grace)


def _lost(error: Exception) -> bool:
    return isinstance(told(error), OfficeGone)


def _kept(name: str) -> property:
    """A setting Calc has no use for, kept so that a macro may set and restore it.

    ``screen_updating`` is among them on purpose: Calc draws a block once, and a view locked by a macro that died
    would stay frozen under the user's hands.
    """
    return property(lambda app: app._told[name], lambda app, value: app._told.__setitem__(name, value))


for _name in ("screen_updating", "display_alerts", "enable_events", "interactive", "cut_copy_mode"):
    setattr(App, _name, _kept(_name))


class Apps(base_classes.Apps):
    """The offices held by this process, the one used last first."""

    def __init__(self) -> None:
        self._apps: list[App] = []

    def add(self, spec: object = None, add_book: bool = False, xl: object = None, visible: bool | None = None) -> App:
        """Start an own office: ``xw.App()``. It is shown only when asked for and there is a screen."""
        app = self.start(visible=bool(visible) and (os.name == "nt" or "DISPLAY" in os.environ))
        if add_book:
            app.books.add()
        return app

    def start(self, visible: bool, settings: Iterable[Setting] = ()) -> App:
        """Start an own office with a temporary profile."""
        process = launch(visible, settings)
        try:
            return self._hold(App(Connection(process.pipe, process), visible))
        except BaseException:
            process.stop(0)
            raise

    def attach(self, pipe: str, book: str) -> App:
        """Take hold of the office listening on a pipe."""
        app = App(Connection(pipe), visible=True, book=book)
        if book and app.books.active is None:
            app.kill()
            raise OfficeGone(f"工作簿 {book} 没有打开")
        return self._hold(app)

    def _hold(self, app: App) -> App:
        self._apps.insert(0, app)
        return app

    def prefer(self, app: App) -> None:
        """Put an office first."""
        self.forget(app)
        self._hold(app)

    def forget(self, app: App) -> None:
        """Drop an office from the list."""
        self._apps = [one for one in self._apps if one is not app]

    @staticmethod
    def cleanup() -> None:
        """End the offices we started, and let go of the others."""
        for app in list(engine.apps):
            app.kill()

    def keys(self) -> list[int]:
        """Process numbers."""
        return [app.pid for app in self._apps]

    def __iter__(self) -> Iterator[App]:
        return iter(list(self._apps))

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self._apps if app.pid == pid)


class Engine:
    """What xlwings asks for first: the offices, and how values are made ready and cleaned."""

    name = "libreoffice"
    type = "desktop"
    prepare_xl_data_element = staticmethod(values.prepared)
    clean_value_data = staticmethod(values.cleaned)

    def __init__(self) -> None:
        self.apps = Apps()


engine = Engine()
atexit.register(engine.apps.cleanup)
