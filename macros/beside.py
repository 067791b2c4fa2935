"""Work files: what becomes a user's file is first written beside it, under a name of its own.

The name tells the machine and the process that made it, so that one left by a dead process can be told from one
that is being written.
"""

from __future__ import annotations

import os
import re
import sys
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
_NAME = re.compile(r"\.~[0-9a-f]{16}\.([0-9a-f]{8})\.([0-9]+)\.tmp")


def machine() -> str:
    """This machine's name; asked without the network's help."""
    return os.environ.get("COMPUTERNAME", "") if sys.platform == "win32" else os.uname().nodename


def _mark() -> str:
    return f"{zlib.crc32(machine().encode()):08x}"


def beside(folder: Path) -> tuple[int, Path]:
    """A new work file in a folder, open and private, as ``tempfile.mkstemp`` makes it without loading half of Python.

    Raises:
        OSError: the folder is not there or cannot be written.
    """
    path = folder / f".~{os.urandom(8).hex()}.{_mark()}.{os.getpid()}.tmp"
    return os.open(path, _FLAGS, 0o600), path


def maker(name: str) -> int | None:
    """The process of this machine that made the work file of that name; None for any other file."""
    found = _NAME.fullmatch(name)
    return int(found[2]) if found and found[1] == _mark() else None


def alive(process: int) -> bool:
    """Whether a process of this machine may be running; where nobody can tell without harm, it may."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
