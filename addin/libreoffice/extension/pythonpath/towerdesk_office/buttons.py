"""Answers the URLs of the buttons: starts clicks and keeps each window's buttons enabled or grey."""

from __future__ import annotations

import threading
import time
from typing import Any

import unohelper
from com.sun.star.frame import (
    FeatureStateEvent,
    XDispatch,
    XDispatchProvider,
    XFrameActionListener,
)
from com.sun.star.frame.FrameAction import COMPONENT_ATTACHED, COMPONENT_REATTACHED
from com.sun.star.lang import XInitialization, XServiceInfo
from com.sun.star.sheet import XActivationEventListener
from com.sun.star.view import XSelectionChangeListener

from . import editing, office, starting, words
from .asking import ask

PROTOCOL = "vnd.towerdesk:"
#: Seconds in which a second click on the same button is taken for a double click.
DOUBLE_CLICK = 0.7
#: Seconds after which the status bar is given back, whatever the command does.
STATUS_SHOWN = 4.0
_windows: list[Window] = []


class ButtonHandler(unohelper.Base, XDispatchProvider, XInitialization, XServiceInfo):
    """What the office asks for a button's URL, once per button and window."""

    def __init__(self, context: Any, *_arguments: object) -> None:
        self.context = context
        self.frame: Any = None

    def initialize(self, arguments: tuple[Any, ...]) -> None:
        """Take the window the buttons are in."""
        if arguments:
            self.frame = arguments[0]

    def queryDispatch(self, url: Any, _target: str, _flags: int) -> Window | None:  # noqa: N802
        """The window's own answerer for a known button or menu."""
        name = url.Complete[len(PROTOCOL):]
        known = url.Complete.startswith(PROTOCOL) and (name in words.LABELS or name in words.MENUS)
        return window(self.context, self.frame) if known and self.frame is not None else None

    def queryDispatches(self, requests: tuple[Any, ...]) -> tuple[Any, ...]:  # noqa: N802
        """Several at once."""
        return tuple(self.queryDispatch(one.FeatureURL, one.FrameName, one.SearchFlags) for one in requests)

    def getImplementationName(self) -> str:  # noqa: N802
        """As registered."""
        return "cn.towerdesk.office.Buttons"

    def supportsService(self, name: str) -> bool:  # noqa: N802
        """As registered."""
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        """As registered."""
        return ("com.sun.star.frame.ProtocolHandler",)


def window(context: Any, frame: Any) -> Window:
    """The one answerer of a window, made when it is first asked for."""
    for one in _windows:
        if one.frame == frame:
            return one
    made = Window(context, frame)
    _windows.append(made)
    return made


class Window(
    unohelper.Base, XDispatch, XFrameActionListener, XSelectionChangeListener, XActivationEventListener
):
    """The buttons of one window: who shows them, what sheet and rows they follow, which are enabled."""

    def __init__(self, context: Any, frame: Any) -> None:
        self.context = context
        self.frame = frame
        self.controller: Any = None
        self.sheet = ""
        self.rows: list[int] = []
        self.allowed: dict[str, bool] = {}
        self.shown: dict[str, list[tuple[Any, Any]]] = {}
        self.last_click = ("", 0.0)
        frame.addFrameActionListener(self)
        self._follow()

    # --- the buttons ---------------------------------------------------------------------------------------------

    def addStatusListener(self, control: Any, url: Any) -> None:  # noqa: N802
        """A toolbar or menu shows the button."""
        self.shown.setdefault(url.Complete[len(PROTOCOL):], []).append((control, url))
        self._tell(control, url)

    def removeStatusListener(self, control: Any, url: Any) -> None:  # noqa: N802
        """A toolbar or menu no longer shows it."""
        name = url.Complete[len(PROTOCOL):]
        self.shown[name] = [pair for pair in self.shown.get(name, []) if pair[0] != control]

    def dispatch(self, url: Any, _arguments: object) -> None:
        """A click."""
        self.click(url.Complete[len(PROTOCOL):])

    def click(self, button: str) -> None:
        """Say at once that the click was taken, and start it without holding up the office."""
        now = time.monotonic()
        if button not in words.LABELS or (self.last_click[0] == button and now - self.last_click[1] < DOUBLE_CLICK):
            return
        self.last_click = (button, now)
        controller = self.frame.getController()
        if controller is None:
            return
        editing.enter(self.context, self.frame)
        status = self.frame.createStatusIndicator()
        status.start(words.starting(button), 0)
        book = office.book(controller.Model)
        try:
            pipe = office.pipe(self.context)
        except Exception as problem:  # whatever keeps the office from listening, the user must be told
            status.end()
            office.say(self.context, self.frame, words.message("ADD624", reason=str(problem)))
            return
        done = threading.Event()
        threading.Thread(target=self._start, args=(button, book, pipe, done), daemon=True).start()
        threading.Thread(target=self._release, args=(status, done), daemon=True).start()

    def _start(self, button: str, book: str, pipe: str, done: threading.Event) -> None:
        try:
            if starting.start(button, book, pipe):
                done.set()
        except starting.CannotStart as problem:
            text = str(problem)
            done.set()
            office.later(self.context, lambda: office.say(self.context, self.frame, text))

    def _release(self, status: Any, done: threading.Event) -> None:
        done.wait(STATUS_SHOWN)
        office.later(self.context, status.end)

    def enabled(self, button: str) -> bool:
        """Whether a button can be pressed now; the menus always can."""
        sheets = words.SHEETS.get(button)
        return not sheets or (self.sheet in sheets and self.allowed.get(button, True))

    # --- what they follow ----------------------------------------------------------------------------------------

    def frameAction(self, event: Any) -> None:  # noqa: N802
        """Another document came into the window."""
        if event.Action in (COMPONENT_ATTACHED, COMPONENT_REATTACHED):
            self._follow()

    def activeSpreadsheetChanged(self, _event: object) -> None:  # noqa: N802
        """Another sheet came to the front."""
        self._look()

    def selectionChanged(self, _event: object) -> None:  # noqa: N802
        """Other cells were selected."""
        self._look()

    def disposing(self, source: Any) -> None:
        """The window or its document is gone."""
        if source.Source == self.frame:
            self.shown.clear()
            if self in _windows:
                _windows.remove(self)
        self.controller = None

    def _follow(self) -> None:
        controller = self.frame.getController()
        if controller is None or controller == self.controller or not hasattr(controller, "ActiveSheet"):
            return
        self.controller = controller
        controller.addActivationEventListener(self)
        controller.addSelectionChangeListener(self)
        self._look()

    def _look(self) -> None:
        if self.controller is None:
            return
        sheet = self.controller.ActiveSheet.Name
        rows = office.selected_rows(self.controller)
        if (sheet, rows) == (self.sheet, self.rows):
            return
        moved, self.sheet, self.rows = sheet != self.sheet, sheet, rows
        if moved or self.allowed:
            self._set_allowed({})  # what was said of other rows does not hold for these
        path = office.path(self.controller.Model)
        if path and rows:
            ask(self, path, sheet, rows)

    def answered(self, sheet: str, rows: list[int], allowed: dict[str, bool]) -> None:
        """The helper said which buttons the rows allow; called on its thread."""
        def take() -> None:
            if (sheet, rows) == (self.sheet, self.rows):
                self._set_allowed(allowed)

        office.later(self.context, take)

    def _set_allowed(self, allowed: dict[str, bool]) -> None:
        self.allowed = allowed
        for pairs in self.shown.values():
            for control, url in pairs:
                self._tell(control, url)

    def _tell(self, control: Any, url: Any) -> None:
        state = FeatureStateEvent()
        state.Source = self
        state.FeatureURL = url
        state.IsEnabled = self.enabled(url.Complete[len(PROTOCOL):])
        control.statusChanged(state)
