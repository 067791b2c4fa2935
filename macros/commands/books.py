"""Writes the workbooks that a command fills, whole or not at all; what kept one from being written is a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.hosts import Refused
from macros.hosts.saving import replace_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from macros.findings import Finding
    from macros.workbooks.reports import Sheet


def write(path: Path, content: bytes) -> list[Finding]:
    """Make ``content`` the file at ``path``."""
    try:
        replace_bytes(path, content)
    except Refused as refused:
        return [refused.finding]
    return []


def write_report(path: Path, title: str, sheets: Sequence[Sheet]) -> list[Finding]:
    """Write a workbook of figures (see `macros.workbooks.reports`)."""
    from macros.workbooks.reports import report

    return write(path, report(title, sheets))
