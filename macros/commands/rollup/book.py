"""Writes the roll-up's workbook: short sheets are drawn whole, long or linked ones filled by the quick writer."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from macros.commands.books import write
from macros.records import Link

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.findings import Finding
    from macros.records import Cell
    from macros.workbooks.reports import Sheet

#: Rows from which drawing cell by cell is too slow.
_LONG = 200


def write_workbook(path: Path, title: str, sheets: Sequence[Sheet]) -> list[Finding]:
    """Write ``sheets`` as a workbook, whole or not at all; the same figures always give the same bytes."""
    from macros.workbooks.reports import report

    long = {spec["title"]: (spec, rows) for spec, rows in sheets if _is_long(spec, rows)}
    drawn = report(title, [(spec, _one(rows) if spec["title"] in long else rows) for spec, rows in sheets])
    return write(path, _filled(drawn, path.name, long) if long else drawn)


def _one(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """A blank row as wide as these, to lend them its looks."""
    return [[None] * len(rows[0])]


def _is_long(spec: Mapping[str, Any], rows: Sequence[Sequence[Cell]]) -> bool:
    linked = any(isinstance(cell, Link) for row in rows for cell in row)
    return bool(rows) and "charts" not in spec and (linked or len(rows) > _LONG)


def _filled(drawn: bytes, name: str, long: Mapping[str, Sheet]) -> bytes:
    """The workbook with the rows of its long sheets, in the looks of the one row drawn there."""
    from macros.hosts.package import open_package
    from macros.hosts.pending import Pending
    from macros.hosts.xlsx_save import write_book
    from macros.workbooks.plan import of_board

    made = io.BytesIO()
    pending = {
        title: Pending(rows=[[column.heading for column in of_board(dict(spec), {}).columns], *map(list, rows)])
        for title, (spec, rows) in long.items()
    }
    write_book(open_package(io.BytesIO(drawn), name), pending, made)
    return made.getvalue()
