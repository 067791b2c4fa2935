"""Work files: what becomes a user's file is first written beside it, under a name of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)


def beside(folder: Path) -> tuple[int, Path]:
    """A new work file in a folder, open and private, as ``tempfile.mkstemp`` makes it without loading half of Python.

    Raises:
        OSError: the folder is not there or cannot be written.
    """
    path = folder / f".~{os.urandom(8).hex()}.tmp"
    return os.open(path, _FLAGS, 0o600), path
