"""Opens one foreign table for reading only, such as an operator's ledger: its flattened headings and its data rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from macros.intake.layouts import layouts
from macros.intake.propose import fits, sure
from macros.intake.rows import sort_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.hosts import Sheet
    from macros.records import Cell


@dataclass(frozen=True, slots=True)
class Table:
    """A table found in a file: flattened heading by 1-based sheet column, and data rows as (sheet row, cells)."""

    sheet: str
    headings: dict[int, str]
    rows: list[tuple[int, Sequence[Cell]]]


def open_table(sheets: Sequence[Sheet], layout: str) -> Table | None:
    """The first sheet that surely has this layout, without title, total, signature and note rows; None when none has.

    Args:
        sheets: the sheets of one file.
        layout: the layout's id, such as ``ledger``.
    """
    for sheet in sheets:
        for found in fits(sheet, [layouts()[layout]], (), {}):
            if sure(found):
                headings = {heading.column: heading.text for heading in found.block.headings}
                return Table(sheet.title, headings, sort_rows(sheet, found.block, ()).data)
    return None
