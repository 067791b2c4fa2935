"""Puts finished papers on disk: whole or not at all, and never over another paper."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from generator.names import key, unique_name
from macros.beside import beside

if TYPE_CHECKING:
    from collections.abc import Iterable


#: Files whose writing is waited for at the same time.
_TOGETHER = 16


class Folder:
    """An output folder with the names taken in it, read from disk once per subfolder."""

    def __init__(self, out: Path, registered: Iterable[str] = ()) -> None:
        self.out = out
        self._registered = [Path(file) for file in registered]
        self._taken: dict[str, set[str]] = {}

    def place(self, group: str, stem: str, suffix: str = ".docx") -> str:
        """A free file name, relative to the folder, in the subfolder ``group``."""
        return f"{group}/{unique_name(stem, suffix, self._names(group))}"

    def take(self, file: str) -> None:
        """Keep a name that was given away before."""
        group, _, name = file.rpartition("/")
        self._names(group).add(key(name))

    def _names(self, group: str) -> set[str]:
        taken = self._taken.get(group)
        if taken is None:
            folder = self.out / group
            taken = {key(path.name) for path in folder.iterdir()} if folder.is_dir() else set()
            taken |= {key(file.name) for file in self._registered if file.parent == Path(group)}
            self._taken[group] = taken
        return taken


def holds(path: Path, data: bytes) -> bool:
    """Whether a file is there and has that very content."""
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, and wait until it is on disk.

    Raises:
        FileExistsError: it is there; it stays as it was.
        OSError: it cannot be written; nothing is left behind.
    """
    put_new(path, data)
    settle([path])


def put_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet; it lasts through a power cut once `settle` has been called for it.

    Raises:
        FileExistsError: it is there; it stays as it was.
        OSError: it cannot be written; nothing is left behind.
    """
    try:
        handle, temporary = beside(path.parent)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = beside(path.parent)
    try:
        with os.fdopen(handle, "wb", buffering=0) as stream:
            stream.write(data)
        temporary.chmod(0o644)
        take_name(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def settle(paths: Iterable[Path]) -> None:
    """Make files and their names last through a power cut.

    Once for a batch rather than for each file: the system has written most of them by then, and until the document
    register is saved the batch's journal is what a power cut falls back on.
    """
    held = [*paths]
    if len(held) > _TOGETHER:
        from concurrent.futures import ThreadPoolExecutor

        # Files that are waited for together share the disk's own commits: thirty times as fast as one by one.
        with ThreadPoolExecutor(_TOGETHER) as threads:
            list(threads.map(_flushed, held))
    else:
        for path in held:
            _flushed(path)
    for folder in sorted({path.parent for path in held}):
        flush_folder(folder)


def _flushed(path: Path) -> None:
    with contextlib.suppress(OSError):
        flush(path)


def flush(path: Path) -> None:
    """Wait until a file's content is on disk.

    Raises:
        OSError: it is not there or cannot be opened.
    """
    # Windows flushes only what is open for writing.
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_folder(folder: Path) -> None:
    """Wait until a folder's names are on disk, where the system lets a folder be flushed."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def is_whole(path: Path) -> bool:
    """Whether a paper can be read to its end: a power cut may leave one that cannot."""
    from macros.hosts import Refused
    from macros.hosts.rawzip import RawZip

    try:
        with path.open("rb") as file:
            paper = RawZip(file, path.name)
            for part in paper.members:
                paper.read(part)
    except (OSError, Refused):
        return False
    return True


def clear_temporary(folder: Path) -> None:
    """Remove the work files of batches that were killed, in the folder and its subfolders."""
    for pattern in (".~*.tmp", "*/.~*.tmp"):
        for path in folder.glob(pattern):
            with contextlib.suppress(OSError):
                path.unlink()


def take_name(temporary: Path, path: Path) -> None:
    """Give the finished file its name in one step.

    Raises:
        FileExistsError: the name is taken.
        OSError: it cannot be given.
    """
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if path.exists():
            raise FileExistsError(str(path)) from None
        temporary.replace(path)
