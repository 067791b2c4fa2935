"""Ends the edit of a cell before a click: else the click would read the cell as it was before."""

from __future__ import annotations

from typing import Any

import unohelper
from com.sun.star.frame import XStatusListener
from com.sun.star.util import URL

#: A command that Calc allows only while a cell is being edited.
_ONLY_THEN = ".uno:InsertFieldSheet"


class _State(unohelper.Base, XStatusListener):
    """Notes whether a command can be given."""

    enabled = False

    def statusChanged(self, event: Any) -> None:  # noqa: N802
        self.enabled = bool(event.IsEnabled)

    def disposing(self, _source: object) -> None:
        """Nothing is held."""


def enter(context: Any, frame: Any) -> None:
    """Enter what is being typed into a cell, as the return key does; to be called on the office's main thread.

    What the cell's own rules do not admit Calc refuses with its own message; the cell is then as it was.
    """
    if _is_editing(context, frame):
        frame.getController().Model.calculate()  # before it calculates, Calc enters what is being typed


def _is_editing(context: Any, frame: Any) -> bool:
    url = URL()
    url.Complete = _ONLY_THEN
    transformer = context.ServiceManager.createInstanceWithContext("com.sun.star.util.URLTransformer", context)
    _, url = transformer.parseStrict(url)
    command, state = frame.queryDispatch(url, "", 0), _State()
    if command is None:
        return False
    command.addStatusListener(state, url)  # tells the state at once
    command.removeStatusListener(state, url)
    return state.enabled
