"""The engine as xlwings knows it, and the offices it holds."""

from __future__ import annotations

import atexit
import os
from typing import TYPE_CHECKING

from xlwings import base_classes

from addin.libreoffice.engine import values
from addin.libreoffice.engine.app import App
from addin.libreoffice.engine.connection import Connection
from addin.libreoffice.engine.errors import OfficeGone
from addin.libreoffice.engine.process import launch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from addin.libreoffice.engine.process import Setting


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
            return self._hold(App(engine, Connection(process.pipe, process), visible))
        except BaseException:
            process.stop(0)
            raise

    def attach(self, pipe: str, book: str) -> App:
        """Take hold of the office listening on a pipe."""
        app = App(engine, Connection(pipe), visible=True, book=book)
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
