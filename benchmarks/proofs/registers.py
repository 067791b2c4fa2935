"""A register to be hurt, the edit that is made to it, and what the file is before and after."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.workbooks import COLUMNS, SHEET, make
from macros.hosts.files import FileBook
from macros.hosts.locks import lock_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Victim:
    """A register in a folder of its own; ``old`` and ``new`` are the hashes of its only lawful contents."""

    path: Path
    blank: Path
    old: str
    new: str
    seconds: float

    def restore(self) -> None:
        """Make the folder as it was at first."""
        for left in self.path.parent.iterdir():
            if left != self.path:
                left.unlink()
        shutil.copyfile(self.blank, self.path)

    def state(self) -> str:
        """``old``, ``new`` or ``lost``."""
        found = sha256(self.path) if self.path.exists() else ""
        return {self.old: "old", self.new: "new"}.get(found, "lost")

    def strays(self) -> list[str]:
        """Names in the folder that are neither the register nor its lock."""
        known = {self.path.name, lock_path(self.path).name}
        return sorted(one.name for one in self.path.parent.iterdir() if one.name not in known)


def sha256(path: Path) -> str:
    """A file's hash."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def edit(path: Path) -> None:
    """Set three cells, add five rows, save."""
    book = FileBook(path)
    book.update(SHEET, {(2, 3): "改", (3, 15): 12.5, (5, 4): None})
    book.append(SHEET, [["新", None, number] for number in range(5)])
    book.save()


@contextmanager
def victim(rows: int, where: Path | None = None) -> Iterator[Victim]:
    """A register of so many rows by 30 columns in a new folder, below ``where``."""
    with tempfile.TemporaryDirectory(dir=where) as home:
        blank, folder = Path(home) / "blank.xlsx", Path(home) / "台账"
        folder.mkdir()
        make(blank, rows)
        path = folder / "大表.xlsx"
        shutil.copyfile(blank, path)
        old = sha256(path)
        began = time.perf_counter()
        edit(path)
        seconds = time.perf_counter() - began
        found = Victim(path, blank, old, sha256(path), seconds)
        found.restore()
        yield found


def forked(work: Callable[[], None]) -> int:
    """Start ``work`` as a process of its own, quiet; its number."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    with suppress(BaseException):
        work()
        code = 0
    os._exit(code)


assert COLUMNS > 15
