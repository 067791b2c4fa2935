"""The days of papers that 单据登记簿 tells, in the rows they are about: taken as told, and entered by the board."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from macros.commands.shelf import Shelf
    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register


def with_days(register: Register, today: dt.date) -> Register:
    """The register as far as the clocks know it at ``today``: what is told of papers holds before it is entered."""
    if not _told(register):
        return register
    from generator.coming_back import coming_back

    days, _ = coming_back(register, today)
    new: dict[int, dict[str, dt.date]] = {}
    for day in days:
        new.setdefault(id(day.row), {})[day.column] = day.on
    tables = {
        code: tuple(_with(row, new.get(id(row), {})) for row in register.rows(code))
        for code in {day.row.form.code for day in days}
    }
    return register.having(tables)


def _with(row: Record, days: Mapping[str, dt.date]) -> Record:
    if not days:
        return row
    values = list(row.values)
    for column, on in days.items():
        values[row.form.index[column]] = on
    return replace(row, values=tuple(values))


def _told(register: Register) -> bool:
    """Whether any day is told, before what it takes to say where it belongs is loaded."""
    if not register.rows("document"):
        return False
    from generator.coming_back import DAYS

    return any(paper[name] for paper in register.rows("document") for name in DAYS)


def take_back(shelf: Shelf, register: Register, today: dt.date) -> tuple[Register, list[Finding]]:
    """The register with the days entered, each told; of a workbook that cannot be written none is."""
    if not _told(register):
        return register, []
    from generator.coming_back import coming_back

    days, findings = coming_back(register, today)
    shelf.update((day.row, {day.column: day.on}) for day in days)
    unsaved = shelf.save() if days else []
    entered = [day for day in days if day.row.place.workbook in shelf.saved]
    if entered:
        register = shelf.reread(register, shelf.saved)
    return register, [*(day.said("DOC081") for day in entered), *findings, *unsaved]
