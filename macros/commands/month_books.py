"""Writes the workbooks of a month's run beside its papers, and never over one that was issued."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING

from macros.findings import finding
from macros.hosts import Refused
from macros.hosts.saving import replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from macros.findings import Finding
    from macros.monthly.given import MonthRun


def write_books(run: MonthRun, place: Path, *, issued: bool) -> tuple[list[Path], list[Finding]]:
    """Write a run's workbooks below ``place``; what cannot be written is a finding and the others follow.

    Args:
        run: the month.
        place: the month's folder.
        issued: whether the month has been issued: its workbooks stay as they are, and only missing ones are written.
            Those of a run that was broken off are no issued ones and are written anew.

    Returns:
        The workbooks that are there now, and what was found.
    """
    from macros.monthly.books import books

    there: list[Path] = []
    findings: list[Finding] = []
    try:
        for name, content in books(run, findings):
            path = place / name
            if issued and path.is_file():
                if not _same(path, content):
                    findings.append(finding("MON002", workbook=path.name, value=path.name))
                there.append(path)
                continue
            said = _write(path, content)
            findings += said
            there += [] if said else [path]
    except Refused as refused:
        findings.append(refused.finding)
    return there, findings


def back_to(folder: Path, place: Path) -> str:
    """The way from the month's folder to the register's, for links; empty where there is none, as between drives."""
    try:
        return os.path.relpath(folder.resolve(), place.resolve()).replace(os.sep, "/")
    except ValueError:
        return ""


def _same(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _write(path: Path, content: bytes) -> list[Finding]:
    def put(beside: IO[bytes]) -> None:
        beside.write(content)

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, put, lambda made: None)
    except Refused as refused:
        return [refused.finding]
    except OSError as error:
        return [finding("WBK035", workbook=path.name, reason=error.strerror or type(error).__name__)]
    return []
