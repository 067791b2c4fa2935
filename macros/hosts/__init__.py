"""Hosts: where a workbook lives, told as grids of cells; a host knows no table of ours."""

from __future__ import annotations

import errno
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from macros.findings import finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from macros.findings import Finding
    from macros.records import Cell


class Refused(Exception):
    """A file was not read or not written; ``finding`` says why. Nothing was changed."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def refuse(
    code: str, workbook: str = "", *, sheet: str = "", cell: str = "", value: object = "", **details: object
) -> Refused:
    """Make the refusal ``code`` about a file or one of its cells, ready to raise."""
    return Refused(
        finding(code, workbook=workbook, sheet=sheet, cell=cell, key="", field="", value=value, **details)
    )


class TableRef(NamedTuple):
    """A named spreadsheet table and its area, heading row included, as ``A1:D20``."""

    name: str
    ref: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet's used area. ``rows[0]`` is sheet row 1; rows may be ragged and end at their last value.

    ``merges`` are (first row, first column, last row, last column), 1-based and inclusive.
    """

    title: str
    rows: list[list[Cell]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    tables: list[TableRef] = field(default_factory=list)


class Book(Protocol):
    """A workbook to read and to write back to. Edits are seen by `sheet` after `save`, and all or none are.

    Every method may raise `Refused`; after a refusal the workbook is as it was.
    """

    @property
    def name(self) -> str:
        """File name with its suffix."""
        ...

    def sheets(self) -> list[str]:
        """Titles of the worksheets in their order."""
        ...

    def sheet(self, title: str) -> Sheet:
        """Read one worksheet as last saved."""
        ...

    def replace(self, title: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Make ``rows`` (the heading included) the whole content of one of our own output sheets."""
        ...

    def append(self, title: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows after the last data row of the sheet's table; None leaves a column to its template.

        Filled rows directly below the table count as its own, and it grows over them.
        """
        ...

    def update(self, title: str, cells: Mapping[tuple[int, int], Cell]) -> None:
        """Set single cells by (row, column), both 1-based; None empties a cell and keeps its looks."""
        ...

    def save(self) -> None:
        """Write every edit since the last save at once."""
        ...


_REASONS = {
    errno.ENOSPC: "磁盘已满", errno.EROFS: "磁盘只能读", errno.ENAMETOOLONG: "名称太长", errno.EEXIST: "已有同名的文件",
    errno.ENOTDIR: "路径里有一段是文件，不是文件夹", errno.EISDIR: "是文件夹，不是文件",
}


def reason(error: OSError) -> str:
    """What the system said, in the user's language."""
    if isinstance(error, FileNotFoundError):
        return "文件或文件夹不存在"
    if isinstance(error, PermissionError):
        return "没有权限，或被其他程序占用"
    return _REASONS.get(error.errno or 0, f"系统错误 {error.errno}")


def open_book(path: Path) -> tuple[list[Sheet], list[Finding]]:
    """Read every sheet of a workbook or text table, recognised by content, in this process.

    Raises:
        Refused: the file cannot be read; the finding says why.
    """
    from macros.hosts.reading import open_book as read  # heavy readers load when first used

    return read(path)
