"""Clears away what killed processes left in a folder; nothing of a process that may still be at work."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from macros.beside import alive, maker


def clear(folder: Path, age: float) -> list[str]:
    """Remove work files of dead processes; the names removed.

    Args:
        folder: looked at without its subfolders.
        age: seconds after which a work file of another machine, or of unknown make, is given up for dead.
    """
    gone: list[str] = []
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.startswith(".~")]
    except OSError:
        return []
    for name in names:
        path = Path(folder) / name
        left = False
        if name.endswith(".tmp"):
            process = maker(name)
            left = not alive(process) if process is not None else _older(path, age)
        if left:
            with suppress(OSError):
                path.unlink()
                gone.append(name)
    return gone


def _older(path: Path, age: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime > age
    except OSError:
        return False
