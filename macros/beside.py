"""Work files: what becomes a user's file is first written beside it, under a name of its own.

The name tells the machine and the process that made it, so that one left by a dead process can be told from one
that is being written.
"""

from __future__ import annotations

import os
import re
import sys
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
#: Windows: the right to ask for a process's state, the error that there is none, the state of one that runs.
_ASK, _NO_SUCH, _RUNNING = 0x1000, 87, 259
_NAME = re.compile(r"\.~[0-9a-f]{16}\.([0-9a-f]{8})\.([0-9]+)\.tmp")


def machine() -> str:
    """This machine's name; asked without the network's help."""
    if sys.platform == "win32":
        return os.environ.get("COMPUTERNAME", "")
    return os.uname().nodename


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
    """Whether a process of this machine may be running; one nobody can tell of may."""
    if sys.platform == "win32":
        return _alive_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _alive_on_windows(process: int) -> bool:
    """As `alive`: there ``os.kill`` ends the process it is asked about."""
    import ctypes

    windows: Any = ctypes
    kernel = windows.WinDLL("kernel32", use_last_error=True)
    handle = kernel.OpenProcess(_ASK, False, process)
    if not handle:
        return int(windows.get_last_error()) != _NO_SUCH
    code = ctypes.c_ulong()
    told = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return not told or code.value == _RUNNING
