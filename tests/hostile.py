"""What somebody who means harm puts into a cell or a template, and a watch over what the program does with it."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
#: What running a payload would do: start something, reach the network.
_DEEDS = (
    "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "subprocess.Popen",
    "pty.spawn", "socket.connect", "socket.getaddrinfo", "urllib.Request",
)
_watching: list[list[str]] = []


def rows(name: str) -> list[dict[str, str]]:
    """A table of ``tests/answers``."""
    with (HERE / "answers" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def unescape(text: str) -> str:
    r"""\n, \\ and \uXXXX as Python writes them; everything else as it stands."""
    return text.encode("ascii", "backslashreplace").decode("unicode_escape")


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and (event in _DEEDS or (event == "open" and "marker" in str(arguments[0]))):
        _watching[-1].append(f"{event} {arguments}"[:200])


sys.addaudithook(_hear)


@contextmanager
def idle() -> Iterator[None]:
    """Fails when anything within starts a process, reaches the network or leaves its mark (PEP 578)."""
    deeds: list[str] = []
    _watching.append(deeds)
    try:
        yield
    finally:
        _watching.pop()
    assert not deeds, deeds
    assert not Path("marker").exists()
