"""Shows what a command answered: status bar, result workbook, message with a way to the cell, file or folder."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.commands import DONE, FAILED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.gather import Asked
    from macros.commands import Answer
    from macros.findings import Finding

NAME = "塔务台"
#: Seconds the outcome stays in the status bar before the program gets it back; letters it shows.
_STAYS, _LETTERS = float(os.environ.get("TOWERDESK_STAYS", "4")), 200
#: Seconds of work that no window is shown for: the status bar tells of it, and a window would only flash.
_UNSEEN = 1.5
_GO, _FOLDER, _CLOSE, _CONFIRM = "转到单元格", "打开文件夹", "关闭", "已核对，照此出账"


def label(button: str) -> str:
    """What is written on a button."""
    from addin.ribbon import tab

    return next((one.label for one in tab().buttons() if one.id == button), NAME)


def status(app: Any, words: str) -> None:
    """Put words into the status bar; a program that is busy just does not show them."""
    if app is not None:
        with contextlib.suppress(Exception):
            app.status_bar = f"{NAME}：{words.splitlines()[0][:_LETTERS]}" if words else False


def release(app: Any) -> None:
    """Leave the outcome to be read for a while, then give the status bar back."""
    if app is not None:
        time.sleep(_STAYS)
        with contextlib.suppress(Exception):
            app.status_bar = False


@contextlib.contextmanager
def progress(asked: Asked) -> Iterator[None]:
    """Show a long order's progress in a window of its own, with a stop button."""
    if not asked.order.window:
        yield
        return
    from addin.window import job_window
    from macros.progress import reporting

    with job_window(asked.order.doing, asked.place, _UNSEEN) as listener, reporting(listener):
        yield


def refused(app: Any, finding: Finding) -> None:
    """Say why nothing was done, and lead to the cell it is about."""
    status(app, finding.message)
    choices = [_GO, _CLOSE] if app is not None and finding.cell else [_CLOSE]
    if told(NAME, finding.message, choices) == _GO:
        go(app, Path(app.books.active.fullname).parent, finding.workbook, finding.sheet, finding.cell)


def answer(app: Any, asked: Asked, said: Answer) -> None:
    """Show a command's answer the way its button wants it."""
    order = asked.order
    status(app, said.text)
    if order.open and said.status == DONE:
        open_file(Path(said.data[order.open]))
    if order.show and app is not None and said.status != FAILED:
        show_book(app, asked.folder / order.show)
    elif said.status == FAILED or order.tell or order.window or said.data.get("withheld"):
        _message(app, asked, said)


def _message(app: Any, asked: Asked, said: Answer) -> None:
    findings = said.data.get("findings", []) + [one for row in said.data.get("withheld", []) for one in row["findings"]]
    first = next((one for one in findings if one["cell"] and one["workbook"]), None)
    choices = [_GO] * (first is not None and app is not None) + [_FOLDER] * bool(said.data.get("documents")) + [_CLOSE]
    chosen = told(asked.label, said.text, choices)
    if chosen == _GO and first:
        go(app, asked.folder, first["workbook"], first["sheet"], first["cell"])
    elif chosen == _FOLDER:
        open_file(Path(said.data["documents"][0]["file"]).parent)


def codes(said: Answer) -> set[str]:
    """The findings of an answer, by code."""
    return {one["code"] for one in said.data.get("findings", [])}


def confirmed(asked: Asked, said: Answer) -> bool:
    """Whether the user, having read why a command stopped, wants it all the same."""
    return told(asked.label, said.text, [_CLOSE, _CONFIRM]) == _CONFIRM


def told(title: str, text: str, choices: list[str] | None = None) -> str:
    """Put a text before the user; returns the button pressed."""
    from addin.dialogs import tell

    return tell(title, text, choices or [_CLOSE])


def show_book(app: Any, path: Path) -> None:
    """Bring a workbook of the register to the front, opened when it is not."""
    if path.is_file():
        _open(app, path).sheets[0].activate()


def go(app: Any, folder: Path, workbook: str, sheet: str, cell: str) -> None:
    """Select a cell that a message names, in a workbook opened when it is not."""
    book = _open(app, folder / workbook)
    book.sheets[sheet].activate()
    book.sheets[sheet].range(cell).select()


def _open(app: Any, path: Path) -> Any:
    for book in app.books:
        if Path(book.fullname) == path:
            book.activate()
            return book
    return app.books.open(path)


def open_file(path: Path) -> None:
    """Open a file or folder with the program the user has for it; without a desktop nothing happens."""
    if sys.platform == "win32":
        os.startfile(path)
        return
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    with contextlib.suppress(OSError):
        subprocess.Popen([opener, str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
