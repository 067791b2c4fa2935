"""Enters the days of papers that 单据登记簿 tells into the rows they are about, before the board is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.coming_back import DAYS, coming_back

if TYPE_CHECKING:
    import datetime as dt

    from macros.commands.shelf import Shelf
    from macros.findings import Finding
    from macros.register import Register


def take_back(shelf: Shelf, register: Register, today: dt.date) -> tuple[Register, list[Finding]]:
    """The register with the days entered, each told; of a workbook that cannot be written none is."""
    if not any(paper[name] for paper in register.rows("document") for name in DAYS):
        return register, []
    days, findings = coming_back(register, today)
    shelf.update((day.row, {day.column: day.on}) for day in days)
    unsaved = shelf.save() if days else []
    entered = [day for day in days if day.row.place.workbook in shelf.saved]
    if entered:
        register = shelf.reread(register, shelf.saved)
    return register, [*(day.said("DOC081") for day in entered), *findings, *unsaved]
