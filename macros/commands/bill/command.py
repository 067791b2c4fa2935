"""bill: one month's charges of every lease, the statements of every customer, and the record of what was issued."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from macros.billing.accounts import far_off
from macros.billing.records import charges
from macros.clocks.quiet import no_collection
from macros.commands.batches import check_writable
from macros.commands.bill.books import back_to
from macros.commands.bill.kept import SNAPSHOT, keep, unfinished
from macros.commands.bill.kept import read as read_kept
from macros.commands.bill.papers import kinds, make_room
from macros.commands.bill.reckoning import OUT, PREVIEW, check_month, history, last_before, work_out
from macros.commands.bill.run import Given, run_month
from macros.commands.bill.words import told_month
from macros.commands.crews import crew
from macros.commands.setup import OWN_TEMPLATES, TEMPLATES
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.commands.whole import check_whole
from macros.findings import finding
from macros.hosts import refuse

if TYPE_CHECKING:
    from generator.hands import Hands
    from macros.billing.records import Issued
    from macros.commands import Answer
    from macros.commands.bill.kept import Kept
    from macros.commands.bill.reckoning import Month
    from macros.register import Register


@dataclass(frozen=True, slots=True)
class Help:
    """Who presses the papers: processes of this machine, or a cluster."""

    workers: int = 1
    cluster: str | None = None


@no_collection()
def bill(
    month: str, folder: Path, out: Path | None = None, now: str | None = None, dry_run: bool = False,
    confirm: bool = False, resume: bool = False, workers: int = 1, cluster: str | None = None,
    snapshot: Path | None = None,
) -> Answer:
    """Bill a month; writes papers, workbooks, snapshot and record below ``out`` and the totals into the register.

    A dry run writes the same files into a folder of its own and leaves the register alone. A month issued before is
    never changed: what differs now becomes a correction on the next month. A run that was broken off is run again, or
    finished as it was begun with ``resume``. With ``snapshot`` a run is made once more of what was kept with it, and
    nothing is entered. A month whose control checks do not hold is not issued (BIL070): nothing is printed or
    entered, a dry run shows why.

    Raises:
        Refused: no such month, an unreadable record of an earlier month, leases or runs that cannot be read whole,
            or 单据登记簿 cannot be written.
    """
    check_month(month)
    helping = Help(workers, cluster)
    if snapshot:
        return _once_more(month, snapshot, out, folder, helping)
    shelf = Shelf(folder)
    if not dry_run:
        check_writable(shelf)
    home, at = out or folder / OUT, moment(now)
    place = home / (month + (PREVIEW if dry_run else ""))
    kept = unfinished(place) if resume else None
    if kept:
        return _finish(kept, place, shelf, helping, enter=not dry_run)
    register = shelf.register()
    findings = check_whole(register, "lease", "generator")
    earlier = history(home)
    made = work_out(register, month, at, earlier)
    findings += made.findings
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
    findings += make_room(place, at, preview=dry_run)
    back, own = back_to(shelf.folder, place), shelf.folder / OWN_TEMPLATES
    given = Given(register, made, last_before(earlier, month), at, back, (own, TEMPLATES), issued=before is not None)
    if before is None:
        keep(
            place, made.snapshot, register, month=month, at=at, back=back, earlier=earlier, own=own, papers=kinds(),
        )
    with crew(helping.workers, helping.cluster) as hands:
        return run_month(given, place, hands, findings, (shelf, register) if not dry_run else None)


def _finish(kept: Kept, place: Path, shelf: Shelf, helping: Help, *, enter: bool) -> Answer:
    """Finish a run that was broken off, of what it was begun with."""
    register = shelf.register() if enter else None
    with crew(helping.workers, helping.cluster) as hands:
        return _of(kept, place, place.parent, hands, (shelf, register) if register else None)


def _once_more(month: str, snapshot: Path, out: Path | None, folder: Path, helping: Help) -> Answer:
    """Make a run once more of its snapshot, below ``out``.

    Raises:
        Refused: the snapshot cannot be read or is another month's, or ``out`` is none or the month's own folder.
    """
    kept = read_kept(snapshot)
    if kept.month != month:
        raise refuse("BAT020", value=month, made=kept.month)
    home = snapshot.resolve().parent.parent
    if out is None or out.resolve() in (home, (folder / OUT).resolve()):
        raise refuse("BAT021")
    place = out / month
    make_room(place, kept.at, preview=True)
    place.mkdir(parents=True, exist_ok=True)
    (place / SNAPSHOT).write_bytes(snapshot.read_bytes())
    with crew(helping.workers, helping.cluster) as hands:
        return _of(kept, place, home, hands, None)


def _of(kept: Kept, place: Path, home: Path, hands: Hands, enter: tuple[Shelf, Register] | None) -> Answer:
    """Make the run that a snapshot was kept of; the records of earlier months stand below ``home``."""
    earlier = kept.earlier(home)
    register = kept.register()
    made = work_out(register, kept.month, kept.at, earlier)
    with tempfile.TemporaryDirectory() as own:
        templates = (kept.templates(Path(own)),)
        given = Given(
            register, made, last_before(earlier, kept.month), kept.at, kept.back, templates, issued=False
        )
        return run_month(given, place, hands, list(made.findings), enter)


def _different(before: Issued, made: Month) -> set[tuple[str, str]]:
    """The charges of an issued month that come out differently now."""
    then = {(one.operator, one.key): dict(one.items) for one in before.charges}
    now = {(one.operator, one.key): dict(one.items) for one in charges(made.bill)}
    return {who for who in then.keys() | now.keys() if then.get(who) != now.get(who)}
