"""Reads a call as people type it: the options of every command anywhere, and a register by one of its workbooks."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from macros.commands import COMMANDS, FAILED

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Options that most commands take, and whether a value follows; they may stand before the command too.
_ANYWHERE = {"--json": False, "--register": True, "--now": True, "--out": True}
#: First words that a second one follows.
_GROUPS = frozenset(name.partition(".")[0] for name in COMMANDS if "." in name)
_WORKBOOKS = (".xlsx", ".xlsm")


class WrongCall(SystemExit):
    """The words make no call; ``message`` says why in Chinese, ``usage`` how it is written. Exit status 2."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(FAILED)
        self.message, self.usage = message, usage


def in_order(words: Sequence[str]) -> list[str]:
    """The words with the command first, and what was said before it behind it."""
    left, command, early = list(words), list[str](), list[str]()
    while left:
        option, _, value = left[0].partition("=")
        if option in _ANYWHERE:
            early += [left.pop(0) for _ in left[: 2 if _ANYWHERE[option] and not value else 1]]
        elif left[0].startswith("-") or (command and command[0] not in _GROUPS) or len(command) > 1:
            break
        else:
            command.append(left.pop(0))
    return [*command, *early, *left]


def register_folder(text: str) -> Path:
    """The register's folder that a call names, by itself or by one of its workbooks.

    Raises:
        argparse.ArgumentTypeError: the name is empty, as where a variable of the shell has no value.
    """
    if not text.strip():
        raise argparse.ArgumentTypeError("后面的文件夹名是空的")
    path = Path(text)
    return path.parent if path.suffix.lower() in _WORKBOOKS and path.is_file() else path


def place(text: str) -> Path:
    """The folder that results go to; it need not be there yet.

    Raises:
        argparse.ArgumentTypeError: the name is empty, or a file has it.
    """
    if not text.strip():
        raise argparse.ArgumentTypeError("后面的文件夹名是空的")
    if os.path.isfile(text):  # noqa: PTH113 - a name no system takes is no file
        raise argparse.ArgumentTypeError(f"“{text}”是文件，不是文件夹")
    return Path(text)
