"""Which book answers for a workbook of a folder: the closed file, or the program that has it open."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from macros.hosts.files import FileBook
from macros.hosts.locks import check_closed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from macros.hosts import Book

    #: The open book of a path, or None where the program does not have it open.
    Opener = Callable[[Path], Book | None]


@runtime_checkable
class _Guarded(Protocol):
    """A book that knows by itself whether it can be written now."""

    def check_writable(self) -> None:
        """Refuse where it cannot."""
        ...


_OPENER: ContextVar[Opener | None] = ContextVar("opener", default=None)


@contextmanager
def through(opener: Opener) -> Iterator[None]:
    """Within the block, workbooks a program has open are read and written there, and files only where it has not."""
    token = _OPENER.set(opener)
    try:
        yield
    finally:
        _OPENER.reset(token)


def book(path: Path) -> Book:
    """The book of a workbook file.

    Raises:
        Refused: the file cannot be read.
    """
    return _open(path) or FileBook(path)


def check_writable(path: Path) -> None:
    """Make sure the workbook can be written now, here or where it is open.

    Raises:
        Refused: another program has it open (WBK032), or it is open for reading only (WBK065).
    """
    found = _open(path)
    if found is None:
        check_closed(path.resolve())
    elif isinstance(found, _Guarded):
        found.check_writable()


def _open(path: Path) -> Book | None:
    opener = _OPENER.get()
    return opener(path) if opener else None
