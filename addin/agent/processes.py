"""Starts the helper's own processes, and tells which version of the program lies on the disk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: The folder the packages of the program lie in.
ROOT = Path(__file__).parents[2]
_PACKAGES = ("macros", "generator", "addin")
_SOURCES = (".py", ".toml", ".xml")


def python(*words: str) -> tuple[str, ...]:
    """The words that start this Python on one of the program's modules: ``python("addin", "worker")``."""
    return (sys.executable, "-X", "utf8", "-m", *words)


#: A process that has loaded everything and waits for one order.
WORKER = python("addin", "worker")
#: The process that holds the register for the menus.
MENUS = python("addin.agent.menus")
#: The helper itself, in the foreground.
AGENT = python("addin", "agent")


def spawn(words: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a process with pipes to its input and output, without a window.

    It stands in a group of its own, so that Ctrl-C ends the helper and not a click that is writing a workbook.

    Raises:
        OSError: it cannot be started.
    """
    if sys.platform == "win32":
        return subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT,
            creationflags=subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP,
        )
    return subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT,
        start_new_session=True,
    )


def detach(words: Sequence[str]) -> None:
    """Start a process that outlives this one, without a window and without this one's input and output.

    Raises:
        OSError: it cannot be started.
    """
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        made = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
            creationflags=flags,
        )
    else:
        made = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
            start_new_session=True,
        )
    made.returncode = 0  # nobody waits for it here


def stamp() -> str:
    """What changes whenever a file of the program does: number of its sources and the newest time among them."""
    times = [time for package in _PACKAGES for time in _times(str(ROOT / package))]
    return f"{len(times)}:{max(times, default=0)}"


def _times(folder: str) -> Iterator[int]:
    try:
        entries = list(os.scandir(folder))
    except OSError:  # the program is being replaced just now
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "__pycache__":
                yield from _times(entry.path)
        elif entry.name.endswith(_SOURCES):
            yield entry.stat(follow_symlinks=False).st_mtime_ns
