"""Runs a month that is worked out: its lists, checks, papers and control workbook, then the register and the record."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from macros.billing.tables import tables
from macros.commands.bill.books import write_control, write_lists
from macros.commands.bill.papers import enter_month, keep_record, papers
from macros.commands.bill.words import told_month
from macros.findings import finding
from macros.monthly.books import tie
from macros.monthly.checks import stops
from macros.monthly.given import MonthRun
from macros.progress import Cancelled

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from generator.hands import Hands
    from macros.billing.records import Issued
    from macros.commands import Answer
    from macros.commands.batches import Pressed
    from macros.commands.bill.reckoning import Month
    from macros.commands.shelf import Shelf
    from macros.findings import Finding
    from macros.monthly.books import Tied
    from macros.register import Register


@dataclass(frozen=True, slots=True)
class Given:
    """What a month's run is made of: the register it was worked out from, the month issued before, and the templates.

    ``back`` leads from the month's folder to the register's; ``issued`` says that the month was issued before: its
    files stay as they are and missing ones are brought back.
    """

    register: Register
    month: Month
    before: Issued | None
    at: dt.datetime
    back: str
    templates: Sequence[Path]
    issued: bool


def run_month(
    given: Given, place: Path, hands: Hands, findings: list[Finding], enter: tuple[Shelf, Register] | None,
) -> Answer:
    """Make everything of a month, and issue it where it is to be entered.

    Args:
        given: what it is made of.
        place: the month's folder.
        hands: who makes the papers, and the lists where they hold what we hold.
        findings: what was found so far.
        enter: the register to enter it in, as it stands; None leaves it alone.
    """
    made, register = given.month, given.register
    own = tables(made.bill, made.accounts, made.tariff, register.settings, register.rows("statement"))
    run = MonthRun(made.bill, made.accounts, given.before, own, register, made.tariff, back=given.back)
    try:
        lists, listed = write_lists(run, place, hands, issued=given.issued)
    except Cancelled as cancelled:
        said = finding("ADD401", done=cancelled.done, left=cancelled.left)
        return told_month(made, None, {}, [*findings, said, finding("BAT023")])
    findings += listed.findings
    tied = tie(run, lists)
    stopped = [] if enter is None or given.issued else stops(tied.checks)
    if stopped:
        # Nothing has been entered or printed yet: what was listed so far is taken back.
        shutil.rmtree(place, ignore_errors=True)
        said = finding("BIL070", month=made.bill.month, value=len(stopped))
        return told_month(made, None, {}, [*findings, *stopped, said])
    pressed = papers(register, own, place, given.at, hands, given.templates)
    findings += pressed.batch.findings
    if pressed.batch.left:
        pressed.leave()
        return told_month(made, None, {}, [*findings, finding("BAT023")])
    try:
        books = _close(given, run, tied, pressed, place, findings, enter)
    except BaseException:
        pressed.leave()
        raise
    return told_month(made, pressed.batch, {"folder": str(place)}, findings, [*listed.books, *books])


def _close(
    given: Given, run: MonthRun, tied: Tied, pressed: Pressed, place: Path, findings: list[Finding],
    enter: tuple[Shelf, Register] | None,
) -> list[Path]:
    """Write the control workbook, enter the month, and close it with its record; gives the workbook."""
    batch = pressed.batch
    run = replace(run, papers=len(batch.made), withheld=len(batch.withheld))
    control = write_control(run, tied, place, issued=given.issued)
    findings += control.findings
    if enter:
        entered, said = enter_month(*enter, pressed, run.tables)
        findings += said
        if not entered:
            pressed.leave()
            return control.books
    if not given.issued:
        keep_record(place, given.month)
    findings += pressed.close()
    return control.books
