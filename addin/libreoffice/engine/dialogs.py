"""What the user sees beside the cells: the status bar, message boxes, the window."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from addin.libreoffice.engine.loading import enum, load_uno

if TYPE_CHECKING:
    from addin.libreoffice.engine.connection import Connection

# com.sun.star.awt.MessageBoxButtons, and the numbers its boxes answer with
_BUTTONS = {"ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}
_ANSWERS = {0: "cancel", 1: "ok", 2: "yes", 3: "no"}
# com.sun.star.lang.SystemDependent
_WIN32, _XWINDOW = 1, 6


class StatusBar:
    """The office's status bar. Calc shows our text in place of its own until it is given back."""

    def __init__(self, office: Connection) -> None:
        self._office = office
        self._indicator: Any = None
        self.text: str | bool = False

    def show(self, value: str | bool) -> None:
        """Show a text; False gives the bar back."""
        self.text = value
        frame = self._office.desktop.CurrentFrame
        if value is False:
            if self._indicator is not None:
                self._indicator.end()
            self._indicator = None
        elif frame is not None:
            if self._indicator is None:
                self._indicator = frame.createStatusIndicator()
                self._indicator.start(str(value), 0)
            self._indicator.setText(str(value))


def ask(office: Connection, prompt: str, title: str, buttons: str, mode: str) -> str:
    """Show a message box over the active window and wait for the user, however long that takes."""
    kind = "ERRORBOX" if mode == "critical" else "INFOBOX" if buttons == "ok" else "QUERYBOX"
    frame = office.desktop.CurrentFrame
    toolkit = office.service("com.sun.star.awt.Toolkit")
    parent = frame.ContainerWindow if frame is not None else toolkit.getDesktopWindow()
    box = toolkit.createMessageBox(parent, enum("awt.MessageBoxType", kind), _BUTTONS[buttons], title, prompt)
    patience, office.patience = office.patience, float("inf")
    try:
        return _ANSWERS[box.execute()]
    finally:
        office.patience = patience
        office.rest()
        box.dispose()


def window_number(office: Connection) -> int | None:
    """The active window's number in the window system; None where it is not told."""
    frame = office.desktop.CurrentFrame
    window = frame.ContainerWindow if frame is not None else None
    if window is None or not hasattr(window, "getWindowHandle"):
        return None
    handle = window.getWindowHandle(load_uno().ByteSequence(b""), _WIN32 if sys.platform == "win32" else _XWINDOW)
    number = getattr(handle, "WindowHandle", handle)
    return number if isinstance(number, int) and number else None
