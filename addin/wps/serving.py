"""Serves one order from WPS: runs a button's command on the saved workbooks and tells what to change in open ones."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from addin import showing
from addin.buttons import filled, orders
from addin.click import perform
from addin.desk import Selection
from addin.gather import Asked, Dropped
from addin.wps.recording import RecordingBook
from macros.commands import DONE, FAILED, Answer
from macros.hosts import Refused, opening, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addin.buttons import Order
    from macros.hosts import Book

#: What WPS may be asked to open; anything else opens with the user's own program.
_WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".csv"}


class OpenBooks:
    """The workbooks WPS has open: those it can write are recorded, the others refused."""

    def __init__(self, paths: Sequence[str], locked: Sequence[str], room: Path) -> None:
        self._paths = {_same(path) for path in paths}
        self._locked = {_same(path) for path in locked}
        self._room = room
        self._books: dict[str, RecordingBook] = {}

    def book(self, path: Path) -> Book | None:
        """The open workbook of a path, always the same one; None for a closed file.

        Raises:
            Refused: it is open and cannot be written (ADD501), or not readable.
        """
        key = _same(path)
        if key in self._locked:
            raise refuse("ADD501", path.name)
        if key not in self._paths:
            return None
        if key not in self._books:
            self._books[key] = RecordingBook(path, self._room)
        return self._books[key]

    def edits(self) -> list[dict[str, Any]]:
        """Every change to the open workbooks, in the order of their names."""
        return [edit for _, book in sorted(self._books.items()) for edit in book.edits]


def run(order: Mapping[str, Any]) -> dict[str, Any]:
    """Do one button's work for WPS; closed workbooks are written, changes to open ones returned.

    Args:
        order: ``id`` of the button, ``path`` of the active workbook, ``sheet``, selected ``rows``, ``column``,
            ``open`` and ``locked`` paths of the workbooks WPS has open, ``answers`` already known for parts the
            command would ask for, and ``now`` where not the present moment counts.

    Returns:
        ``said`` and ``status`` of the command, whether the text is to be shown in full (``tell``), the ``edits``,
        paths to ``open`` and the cell to ``goto`` or None.
    """
    with tempfile.TemporaryDirectory(prefix="towerdesk-") as room:
        try:
            books = OpenBooks(order.get("open", []), order.get("locked", []), Path(room))
            asked = _asked(order)
            with opening.through(books.book):
                answer = _performed(asked, order.get("answers", {}), str(order.get("now", "")))
            return _told(asked, answer) | {"edits": books.edits()}
        except Dropped:
            return _said("已取消", DONE)
        except Refused as refused:
            return _said(refused.finding.message, FAILED, tell=True)


def _asked(order: Mapping[str, Any]) -> Asked:
    """The click as the gatherer wants it, with the selection WPS told.

    Raises:
        Refused: there is no such button (ADD010), or the workbook's path is not that of a file (ADD502).
    """
    button = str(order.get("id", ""))
    known = orders().get(button)
    if known is None:
        raise refuse("ADD010", value=button)
    path = str(order.get("path", ""))
    if not path:
        return Asked(None, known, showing.label(button))
    if "://" in path or not Path(path).is_absolute():
        raise refuse("ADD502", value=path)
    rows = tuple(int(row) for row in order.get("rows", []))
    asked = Asked(_Program(path), known, showing.label(button))
    vars(asked)["selection"] = Selection(Path(path), str(order.get("sheet", "")), rows, int(order.get("column", 1)))
    return asked


class _Program:
    """Stands for WPS where only the presence of a workbook is asked for."""

    def __init__(self, path: str) -> None:
        self.books = [path]


def _performed(asked: Asked, answers: Mapping[str, Sequence[str]], now: str) -> Answer:
    order = asked.order
    if answers:
        known = {part: list(words) for part, words in answers.items()}
        for part in (word[1:-1] for word in order.words if word.startswith("{")):
            known.setdefault(part, [f"{{{part}}}"])
        order = replace(order, words=tuple(filled(order, known)))
    if now:
        order = replace(order, words=(order.words[0], "--now", now, *order.words[1:]))
    asked.order = replace(order, window=order.window and _screen())
    return perform(asked)


def _screen() -> bool:
    """Whether a window of ours can be shown; without one the status bar of WPS has to do."""
    from addin.dialogs.looks import root

    try:
        root()
    except Refused:
        return False
    return True


def _told(asked: Asked, answer: Answer) -> dict[str, Any]:
    order: Order = asked.order
    opened: list[str] = []
    if order.open and answer.status == DONE:
        path = Path(answer.data[order.open])
        if path.suffix.lower() in _WORKBOOKS:
            opened.append(str(path))
        else:
            showing.open_file(path)
    if order.show and answer.status != FAILED and (asked.folder / order.show).is_file():
        opened.append(str(asked.folder / order.show))
    shown = bool(order.show and answer.status != FAILED)
    tell = not shown and (answer.status == FAILED or bool(order.tell) or bool(answer.data.get("withheld")))
    return _said(answer.text, answer.status, tell=tell) | {
        "open": opened, "goto": _cell(asked, answer) if tell else None,
    }


def _cell(asked: Asked, answer: Answer) -> dict[str, str] | None:
    """The first cell a message speaks of."""
    withheld = (one for row in answer.data.get("withheld", []) for one in row["findings"])
    for one in (*answer.data.get("findings", []), *withheld):
        if one["cell"] and one["workbook"]:
            return {"workbook": str(asked.folder / one["workbook"]), "sheet": one["sheet"], "cell": one["cell"]}
    return None


def _said(text: str, status: int, *, tell: bool = False) -> dict[str, Any]:
    return {"said": text, "status": status, "tell": tell, "edits": [], "open": [], "goto": None}


def _same(path: PurePath | str) -> str:
    """One spelling for every way to write a path: links followed, case and slashes as the system takes them."""
    return os.path.normcase(os.path.realpath(path))
