"""Puts finished papers on disk: whole or not at all, and never over another paper."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from generator.names import key, unique_name

if TYPE_CHECKING:
    from collections.abc import Iterable


class Folder:
    """An output folder with the names taken in it, read from disk once per subfolder."""

    def __init__(self, out: Path, registered: Iterable[str] = ()) -> None:
        self.out = out
        self._registered = [Path(file) for file in registered]
        self._taken: dict[str, set[str]] = {}

    def place(self, group: str, stem: str, suffix: str = ".docx") -> str:
        """A free file name, relative to the folder, in the subfolder ``group``."""
        taken = self._taken.get(group)
        if taken is None:
            folder = self.out / group
            taken = {key(path.name) for path in folder.iterdir()} if folder.is_dir() else set()
            taken |= {key(file.name) for file in self._registered if file.parent == Path(group)}
            self._taken[group] = taken
        return f"{group}/{unique_name(stem, suffix, taken)}"


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet.

    Raises:
        FileExistsError: it is there; it stays as it was.
        OSError: it cannot be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".~", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        _move(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _move(temporary: Path, path: Path) -> None:
    """Give the finished file its name in one step that fails when the name is taken."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if path.exists():
            raise FileExistsError(str(path)) from None
        temporary.replace(path)
