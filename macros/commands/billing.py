"""bill: one month's charges of every lease, the statements of every customer, and the record of what was issued."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from macros.billing.accounts import far_off
from macros.billing.records import charges
from macros.billing.tables import tables
from macros.clocks.quiet import no_collection
from macros.commands.month_books import back_to, write_control, write_lists
from macros.commands.month_papers import keep, make_room, papers
from macros.commands.month_words import told_month
from macros.commands.months import OUT, PREVIEW, check_month, history, last_before, work_out
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.findings import finding
from macros.monthly.books import tie
from macros.monthly.checks import stops
from macros.monthly.given import MonthRun

if TYPE_CHECKING:
    from pathlib import Path

    from macros.billing.records import Issued
    from macros.commands import Answer
    from macros.commands.months import Month


@no_collection()
def bill(
    month: str, folder: Path, out: Path | None = None, now: str | None = None, dry_run: bool = False,
    confirm: bool = False,
) -> Answer:
    """Bill a month; writes papers, workbooks, snapshot and record below ``out`` and the totals into the register.

    A dry run writes the same files into a folder of its own and leaves the register alone. A month issued before is
    never changed: what differs now becomes a correction on the next month. A run that was broken off is run again.
    A month whose control checks do not hold is not issued (BIL070): nothing is printed or entered, a dry run shows why.

    Raises:
        Refused: no such month, an unreadable record of an earlier month, or 单据登记簿 cannot be written.
    """
    check_month(month)
    shelf = Shelf(folder)
    register = shelf.register()
    home, at = out or folder / OUT, moment(now)
    earlier = history(home)
    made = work_out(register, month, at, earlier)
    findings = list(made.findings)
    before = earlier.get(month)
    if before is not None:
        changed = _different(before, made)
        if changed:
            findings.append(finding("BIL021", month=month, value=len(changed)))
            return told_month(made, None, {}, findings)
        findings.append(finding("BIL022", month=month, value=str(home / month)))
    elif not confirm:
        doubts = far_off(made.accounts, last_before(earlier, month))
        findings += doubts
        if doubts and not dry_run:
            return told_month(made, None, {}, findings)
    place = home / (month + (PREVIEW if dry_run else ""))
    findings += make_room(place, at, preview=dry_run)
    own = tables(made.bill, made.accounts, made.tariff, register.settings, register.rows("statement"))
    run = MonthRun(
        made.bill, made.accounts, last_before(earlier, month), own, register, made.tariff,
        back=back_to(shelf.folder, place),
    )
    lists, listed = write_lists(run, place, issued=before is not None)
    findings += listed.findings
    tied = tie(run, lists)
    stopped = [] if dry_run or before is not None else stops(tied.checks)
    if stopped:
        # Nothing has been entered or printed yet: what was listed so far is taken back.
        shutil.rmtree(place, ignore_errors=True)
        return told_month(made, None, {}, [*findings, *stopped, finding("BIL070", month=month, value=len(stopped))])
    batch, wrote = papers(shelf, register, own, place, at, enter=not dry_run)
    findings += [*batch.findings, *wrote]
    run = replace(run, papers=len(batch.made), withheld=len(batch.withheld))
    control = write_control(run, tied, place, issued=before is not None)
    findings += control.findings
    if before is None:
        keep(place, made)
    return told_month(made, batch, {"folder": str(place)}, findings, [*listed.books, *control.books])


def _different(before: Issued, made: Month) -> set[tuple[str, str]]:
    """The charges of an issued month that come out differently now."""
    then = {(one.operator, one.key): dict(one.items) for one in before.charges}
    now = {(one.operator, one.key): dict(one.items) for one in charges(made.bill)}
    return {who for who in then.keys() | now.keys() if then.get(who) != now.get(who)}
