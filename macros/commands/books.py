"""Writes the files that a command fills, whole or not at all."""

from __future__ import annotations

import codecs
from typing import IO, TYPE_CHECKING

from macros.hosts import Refused
from macros.hosts.saving import replace_bytes, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from macros.findings import Finding
    from macros.workbooks.reports import Sheet


def write(path: Path, content: bytes) -> list[Finding]:
    """Make ``content`` the file at ``path``; what kept it from being written is a finding."""
    try:
        replace_bytes(path, content)
    except Refused as refused:
        return [refused.finding]
    return []


def write_report(path: Path, title: str, sheets: Sequence[Sheet]) -> list[Finding]:
    """Write a workbook of figures (see `macros.workbooks.reports`)."""
    from macros.workbooks.reports import report

    return write(path, report(title, sheets))


def write_text(path: Path, pieces: Iterable[str], encoding: str) -> None:
    """Make ``pieces`` the text of the file at ``path``: written beside, flushed, swapped in.

    Raises:
        Refused: it could not be written; it is as it was.
    """
    def put(beside: IO[bytes]) -> None:
        beside.writelines(map(codecs.getincrementalencoder(encoding)().encode, pieces))

    replace_file(path, put, lambda made: None)
