"""Which workbooks a program has open, by the path of their files."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.hosts import refuse
from macros.hosts.limits import limit
from macros.hosts.live_errors import Front, plainly, reached

if TYPE_CHECKING:
    from collections.abc import Callable

    from macros.hosts.live import LiveBook


def opener(app: Any) -> Callable[[Path], LiveBook | None]:
    """What answers for workbooks an xlwings App has open, for `macros.hosts.opening.through`.

    The function it returns gives the open workbook of a path, the same one each time, and None for a path that is
    not open.

    Raises:
        Refused: with a call: the program is busy or gone (WBK061, WBK063), or it has the workbook open from a
            web address that no path can be told for (WBK068).
    """
    from macros.hosts.live import LiveBook

    _patiently()
    known: dict[str, tuple[Any, LiveBook]] = {}

    def find(path: Path) -> LiveBook | None:
        wanted = _spelt(str(path))
        kept = known.get(wanted)
        if kept is not None and reached(kept[0]) and _path(kept[0]) == wanted:
            return kept[1]
        known.pop(wanted, None)
        with plainly(Front(app), path.name):
            books = list(app.books)
        for book in books:
            with plainly(book, path.name):
                found = _path(book, path.name)
            if found == wanted:
                live = LiveBook(book)
                known[wanted] = book, live
                return live
        return None

    return find


def check_editable(book: Any) -> None:
    """Make sure that a workbook is not open for reading only, as far as that can be told.

    Our engine for LibreOffice is asked. Excel, spoken to through xlwings, does not tell; but on Windows it keeps
    a file that it may write from being opened for writing by others, so that one left free is open for reading only.

    Raises:
        Refused: it is (WBK065).
        Exception: whatever the program raises.
    """
    told = getattr(book.impl, "read_only", None)
    if told is not None:
        if told:
            raise refuse("WBK065", str(book.name))
        return
    path = Path(book.fullname)
    if path.is_absolute() and path.is_file() and (not os.access(path, os.W_OK) or _left_free(path)):
        raise refuse("WBK065", path.name)


def _left_free(path: Path) -> bool:
    if sys.platform != "win32":
        return False
    try:
        with path.open("r+b"):
            return True
    except OSError:
        return False


def _path(book: Any, name: str = "") -> str:
    """The resolved path of an open workbook; empty for one never saved.

    Raises:
        Refused: it is open from a web address and bears the name that is looked for (WBK068).
    """
    try:
        full = str(book.fullname)
    except Exception:
        # xlwings gives up on addresses it finds no folder for; only the name is left to compare.
        if name and str(book.name).casefold() == name.casefold():
            raise refuse("WBK068", name, value=book.name) from None
        return ""
    if "://" in full:
        if name and full.rsplit("/", 1)[-1].casefold() == name.casefold():
            raise refuse("WBK068", name, value=full)
        return ""
    return _spelt(full) if Path(full).is_absolute() else ""


def _spelt(path: str) -> str:
    """A path in the one way it is compared: links followed, and on Windows without regard to case."""
    return os.path.normcase(os.path.realpath(path))


def _patiently() -> None:
    """Let calls give up some time when Excel is busy: xlwings otherwise asks again for ever, without a pause."""
    windows = sys.modules.get("xlwings._xlwindows")
    if windows is not None:
        windows.N_COM_ATTEMPTS = limit("live", "attempts")  # type: ignore[attr-defined]
