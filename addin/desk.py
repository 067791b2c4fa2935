"""The spreadsheet program a click came from: found again from this process, and what is selected in it."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin import lean
from macros.hosts import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Caller:
    """Who clicked what: button id, host, the active workbook, and Excel's window or LibreOffice's pipe."""

    id: str
    host: str = ""
    book: str = ""
    hwnd: int = 0
    pipe: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected rows: the saved path of the workbook, sheet title, visible rows in order, first column."""

    path: Path
    sheet: str
    rows: tuple[int, ...]
    column: int


def caller_of(words: Sequence[str]) -> Caller:
    """The caller that a launcher's words name: ``ID --host excel --book NAME --hwnd N``."""
    parser = argparse.ArgumentParser(prog="addin click", allow_abbrev=False)
    parser.add_argument("id")
    parser.add_argument("--host", default="", choices=("", "excel", "libreoffice"))
    parser.add_argument("--book", default="")
    parser.add_argument("--hwnd", default=0, type=int)
    parser.add_argument("--pipe", default="")
    return Caller(**vars(parser.parse_args(words)))


def attach(caller: Caller) -> Any:
    """The xlwings App that the click came from; None when it came from none.

    Raises:
        Refused: the program is gone or cannot be reached (ADD001).
    """
    if not caller.host:
        return None
    lean.load()
    try:
        return _libreoffice(caller) if caller.host == "libreoffice" else _excel(caller)
    except ImportError as error:
        raise refuse("ADD002", value=error.name or str(error)) from error


def _libreoffice(caller: Caller) -> Any:
    from addin.libreoffice import engine

    return engine.attach(caller.pipe, caller.book)


def _excel(caller: Caller) -> Any:
    import xlwings

    # Every workbook of one Excel has its own window: what they share is the process.
    process = _process_of(caller.hwnd)
    for app in xlwings.apps:
        if process is None or app.pid == process:
            return app
    raise refuse("ADD001", value="Excel")


def _process_of(hwnd: int) -> int | None:
    """The process of a window; None where windows have no numbers, as on a Mac, which runs one Excel only."""
    if not hwnd or sys.platform != "win32":
        return None
    from win32process import GetWindowThreadProcessId

    return int(GetWindowThreadProcessId(hwnd)[1])


def selection(app: Any) -> Selection:
    """What is selected in the program.

    Raises:
        Refused: no workbook is open (ADD003), or the live host cannot tell what is selected.
    """
    from macros.hosts.live_selection import selected_rows

    if app is None or not len(app.books):
        raise refuse("ADD003")
    path, sheet, rows, column = selected_rows(app)
    return Selection(Path(path), sheet, tuple(rows), column)
