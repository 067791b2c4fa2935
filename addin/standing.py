"""How a register's workbooks stand in the program: a command that works on the files must not miss what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.hosts import refuse
from macros.hosts.live import opener
from macros.hosts.live_errors import plainly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def check(app: Any, folder: Path, books: str, label: str) -> None:
    """Make sure that the workbooks of a register stand as an order's ``books`` wants them.

    Args:
        app: the xlwings App; None for a click from elsewhere, which the files' own locks guard.
        folder: the register.
        books: "closed" or "saved"; empty where the command reads and writes what is open.
        label: of the button, for the words.

    Raises:
        Refused: one is open (ADD013), or holds what has not been saved (ADD014).
    """
    if app is None or not books:
        return
    code, names = {"closed": ("ADD013", _open), "saved": ("ADD014", _unsaved)}[books]
    found = "、".join(names(app, folder))
    if found:
        raise refuse(code, value=found, label=label)


def _open(app: Any, folder: Path) -> list[str]:
    return [name for name, _ in _books(app, folder)]


def _unsaved(app: Any, folder: Path) -> list[str]:
    found = []
    for name, book in _books(app, folder):
        with plainly(book, name):
            if _changed(book):
                found.append(name)
    return found


def _books(app: Any, folder: Path) -> Iterator[tuple[str, Any]]:
    """The open workbooks of the folder, by their file names."""
    find = opener(app)
    for path in sorted(folder.glob("*.xls*")):
        if find(path) is not None:
            yield path.name, app.books[path.name]


def _changed(book: Any) -> bool:
    """Whether an open workbook differs from its file."""
    told = getattr(book.impl, "changed", None)  # our engine for LibreOffice
    if told is not None:
        return bool(told)
    saved = getattr(book.api, "Saved", None)  # Excel on Windows; on a Mac it is asked otherwise
    return not (book.api.saved.get() if saved is None else saved)
