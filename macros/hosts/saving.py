"""Replace a file all at once or not at all."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from macros.beside import beside
from macros.hosts import Refused, reason, refuse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def replace_bytes(path: Path, content: bytes) -> None:
    """Make ``content`` the file at ``path``, whole or not at all; the folder is made when it is not there.

    Raises:
        Refused: see `replace_file`.
    """
    def put(made: IO[bytes]) -> None:
        made.write(content)

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refuse("WBK035", path.name, reason=reason(error)) from error
    replace_file(path, put, lambda made: None)


def replace_file(path: Path, write: Callable[[IO[bytes]], None], check: Callable[[Path], None]) -> None:
    """Write beside ``path``, flush to disk, ``check`` the result, then take the old file's place in one step.

    Raises:
        Refused: writing failed (WBK035) or the result is unsound (WBK034), the old file is untouched and nothing
            is left behind; or the old file is held by another program (WBK036) and the new one stands beside it.
    """
    try:
        handle, made = beside(path.parent)
    except OSError as error:
        raise refuse("WBK035", path.name, reason=reason(error)) from error
    try:
        with os.fdopen(handle, "w+b") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        try:
            check(made)
        except Refused as refused:
            raise refuse("WBK034", path.name, reason=refused.finding.message.rstrip("。")) from refused
        with suppress(OSError):
            # A temporary file is private; what it replaces, or the folder, says who may read it.
            if path.exists():
                made.chmod(stat.S_IMODE(path.stat().st_mode))
            else:
                os.umask(mask := os.umask(0))
                made.chmod(0o666 & ~mask)
        _take_place(made, path)
    except OSError as error:
        raise refuse("WBK035", path.name, reason=reason(error)) from error
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _take_place(made: Path, path: Path) -> None:
    try:
        made.replace(path)
    except PermissionError as error:
        aside = path.with_name(f"{path.stem}.待保存{path.suffix}")
        made.replace(aside)
        raise refuse("WBK036", path.name, saved=aside.name) from error


def _flush_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system lets a folder be flushed."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
