"""Tells whether today's date can be trusted: a slow clock would make right rows look dated in the future."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from macros.findings import finding
from macros.forms import forms
from macros.intake.headings import words
from macros.intake.merge import merge
from macros.intake.outcome import Taken

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from macros.findings import Finding
    from macros.intake.cells import Plan
    from macros.intake.held import Known, Seen
    from macros.intake.layouts import Layout
    from macros.intake.merge import Rules
    from macros.intake.row_findings import Check
    from macros.records import Cell


def behind_register(register: Known, check: Check, today: dt.date) -> bool:
    """Whether so many rows of the register are dated after ``today`` that the computer's clock must be behind.

    The newest rows stand last in every table; no more of them are looked at than tell it quickly.
    """
    late, codes = 0, _codes()
    newest = words()["future"]["newest"]
    for code in forms():
        for record in register.rows(code)[-newest:]:
            late += any(said.code in codes for said in check(record, today))
            if late >= words()["future"]["rows"]:
                return True
    return False


def behind_rows(findings: Iterable[Finding], rows: int) -> int:
    """How many of ``rows`` rows are dated after today, where they are so many that the clock is doubted; else 0."""
    codes = _codes()
    late = len({said.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for said in findings if said.code in codes})
    settings = words()["future"]
    return late if late >= settings["rows"] and late >= rows * settings["share"] else 0


def merge_trusting(
    taken: Taken, layout: Layout, plans: Sequence[Plan], data: Sequence[tuple[int, Sequence[Cell]]], rules: Rules,
    seen: Seen,
) -> None:
    """Merge the rows; where many of them are dated after today, once more without that check, doubting the clock."""
    first, held = dict(seen.first), dict(seen.held)
    result = Taken(taken.file, taken.sheet)
    merge(result, layout, plans, data, rules, seen)
    late = behind_rows(result.findings, result.rows) if rules.today else 0
    if late:
        seen.first, seen.held = first, held
        for made in plans:
            for slot in made.slots:
                slot.notes.clear()
        result = Taken(taken.file, taken.sheet)
        merge(result, layout, plans, data, replace(rules, today=None), seen)
        result.findings.insert(0, finding(
            "INT042", workbook=taken.file, sheet=taken.sheet, today=rules.today, rows=late,
        ))
    taken.rows, taken.added, taken.updates = result.rows, result.added, result.updates
    taken.added_rows, taken.updated = result.added_rows, result.updated
    taken.unchanged, taken.rejected = result.unchanged, result.rejected
    taken.findings += result.findings


def _codes() -> frozenset[str]:
    return frozenset(words()["future"]["codes"])
