"""Makes sure that a path leads to a file with an end: reading a pipe or a device may never come to one."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from macros.hosts import reason, refuse
from macros.hosts.limits import limit

if TYPE_CHECKING:
    from pathlib import Path


def check_file(path: Path, most: int) -> int:
    """Make sure that a path leads to a file of at most so many bytes; how many it has.

    Raises:
        Refused: it does not (WBK001, WBK002), or to a larger one (WBK011).
        OSError: the system does not tell.
    """
    try:
        about = path.stat()
    except ValueError as error:
        raise refuse("WBK001", path.name, reason="名称含有不能用的字符") from error
    if stat.S_ISDIR(about.st_mode):
        raise refuse("WBK002", path.name)
    if not stat.S_ISREG(about.st_mode):
        raise refuse("WBK001", path.name, reason="这是管道或设备，不是普通文件")
    if about.st_size > most:
        raise refuse("WBK011", path.name, limit=most, size=about.st_size)
    return about.st_size


def content(path: Path) -> bytes:
    """The whole of a file from outside that is no workbook.

    Raises:
        Refused: not a readable file (WBK001, WBK002), or too large (WBK011).
    """
    try:
        check_file(path, limit("file", "text_bytes"))
        return path.read_bytes()
    except OSError as error:
        raise refuse("WBK001", path.name, reason=reason(error)) from error
