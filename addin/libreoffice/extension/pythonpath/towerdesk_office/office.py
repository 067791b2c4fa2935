"""What the extension asks of the office it runs in: the pipe, the main thread, message boxes, the selection."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

import uno
import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.connection import NoConnectException

from . import words

if TYPE_CHECKING:
    from collections.abc import Callable

#: More selected rows than this are not asked about one by one.
MOST_ROWS = 500
#: How often, and with what pause in seconds, to ask whether the pipe is open.
_ATTEMPTS, _PAUSE = 100, 0.01
_pipe = ""
#: Listens only as long as somebody holds it.
_acceptor: Any = None


class _Call(unohelper.Base, XCallback):
    def __init__(self, action: Callable[[], None]) -> None:
        self.action = action

    def notify(self, _data: object) -> None:
        self.action()


def later(context: Any, action: Callable[[], None]) -> None:
    """Run ``action`` on the office's main thread as soon as it is free."""
    service = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.AsyncCallback", context)
    service.addCallback(_Call(action), None)


def pipe(context: Any) -> str:
    """The name of the pipe this office listens on, opened once per process; ASCII letters and digits.

    Raises:
        Exception: the office does not listen; whatever UNO says.
    """
    global _pipe, _acceptor  # one for the whole process
    if not _pipe:
        name = "towerdesk-" + secrets.token_hex(8)
        acceptor = context.ServiceManager.createInstanceWithContext("com.sun.star.office.Acceptor", context)
        acceptor.initialize(("pipe,name=" + name + ";urp;", True))
        _await(context, "pipe,name=" + name)
        _pipe, _acceptor = name, acceptor
    return _pipe


def _await(context: Any, place: str) -> None:
    """Wait until the acceptor's own thread listens: a warm helper would be there before it."""
    connector = context.ServiceManager.createInstanceWithContext("com.sun.star.connection.Connector", context)
    for attempt in range(_ATTEMPTS):
        try:
            connector.connect(place).close()
            return
        except NoConnectException:
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)


def say(context: Any, frame: Any, text: str) -> None:
    """Show an error in a box that belongs to the window."""
    toolkit = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
    kind = uno.Enum("com.sun.star.awt.MessageBoxType", "ERRORBOX")
    toolkit.createMessageBox(frame.getContainerWindow(), kind, 1, words.PRODUCT, text).execute()


def book(model: Any) -> str:
    """What the click's process finds a workbook by: its full path, or the title of one that is no file here."""
    return path(model) or str(model.Title)


def path(model: Any) -> str:
    """The full path of a saved workbook; empty for one that is no file on this machine."""
    return str(uno.fileUrlToSystemPath(model.URL)) if model.URL.startswith("file:") else ""


def selected_rows(controller: Any) -> list[int]:
    """The numbers of the selected rows down to the last used one, from 1; empty when they are too many or no cells."""
    selection = controller.Model.CurrentSelection
    if hasattr(selection, "RangeAddresses"):
        areas = selection.RangeAddresses
    elif hasattr(selection, "RangeAddress"):
        areas = (selection.RangeAddress,)
    else:
        return []  # a picture or a chart
    used = controller.ActiveSheet.createCursor()
    used.gotoEndOfUsedArea(False)
    last = used.RangeAddress.EndRow
    spans = [(area.StartRow, min(area.EndRow, last)) for area in areas]
    if sum(end - start + 1 for start, end in spans) > MOST_ROWS:
        return []
    return sorted({row + 1 for start, end in spans for row in range(start, end + 1)})
