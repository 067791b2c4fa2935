"""What the memory wrote down for itself, read as what anybody who may write to the folder, or a sync, made of it."""

from __future__ import annotations

import json
import os
from typing import IO, TYPE_CHECKING, Any

from macros.patterns import pattern

if TYPE_CHECKING:
    from pathlib import Path

#: What a note raises that is not what the memory writes.
WRONG = (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)
_HASH, _PRINT = pattern(r"[0-9a-f]{64}"), pattern(r"(?:[0-9]+-)?[0-9a-f]{64}")


def parsed(note: str | bytes) -> Any:
    """The data of a note.

    Raises:
        ValueError: it is not JSON, or nested beyond all measure.
    """
    try:
        return json.loads(note)
    except RecursionError as error:
        raise ValueError("nested") from error


def text(value: Any) -> str:
    """A text.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, str):
        raise ValueError(repr(value)[:40])
    return value


def count(value: Any) -> int:
    """A whole number from 0 on.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(repr(value)[:40])
    return value


def sha256(value: Any) -> str:
    """A SHA-256 in hexadecimal.

    Raises:
        ValueError: it is none.
    """
    if not _HASH.fullmatch(text(value)):
        raise ValueError(value[:40])
    return str(value)


def prints(value: Any) -> dict[str, str]:
    """Fingerprints by sheet.

    Raises:
        ValueError: they are none.
    """
    if not isinstance(value, dict) or not all(_PRINT.fullmatch(text(one)) for one in value.values()):
        raise ValueError(repr(value)[:40])
    return {text(title): told for title, told in value.items()}


def opened(path: Path, mode: str) -> IO[bytes]:
    """Open one of the memory's own files for writing; never what a link in its place leads to.

    Raises:
        OSError: it cannot be opened, or it is a link.
    """
    return open(path, mode, opener=_unlinked)


def _unlinked(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)
