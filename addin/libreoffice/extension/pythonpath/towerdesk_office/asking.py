"""Asks the resident helper which papers the selected rows allow, on a thread of its own, once the selection rests."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from . import starting, words

if TYPE_CHECKING:
    from .buttons import Window

#: Seconds a selection must rest before it is worth a question.
REST = 0.15
_news = threading.Condition()
_question: list[tuple[Any, str, str, list[int]]] = []
_thread: threading.Thread | None = None


def ask(window: Window, path: str, sheet: str, rows: list[int]) -> None:
    """Note the newest question; older ones are forgotten, nothing waits here."""
    global _thread  # one for every window
    if not any(sheet in sheets for sheets in words.SHEETS.values()):
        return
    if not (starting.home() / "agent.json").is_file():
        return
    with _news:
        _question[:] = [(window, path, sheet, rows)]
        _news.notify()
    if _thread is None:
        _thread = threading.Thread(target=_serve, daemon=True)
        _thread.start()


def _serve() -> None:
    while True:
        with _news:
            while not _question:
                _news.wait()
            newest = _question[0]
            while _news.wait(REST):
                newest = _question[0]
            _question.clear()
        window, path, sheet, rows = newest
        answer = starting.ask_helper("/menu", {"path": path, "sheet": sheet, "rows": rows})
        if answer is not None:
            try:
                window.answered(sheet, rows, {one["id"]: bool(one["enabled"]) for one in answer["buttons"]})
            except Exception:
                continue  # the window closed meanwhile, or the helper speaks another version
