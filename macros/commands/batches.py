"""Runs a batch of papers so that it can be broken off anywhere: planned, written down, pressed, entered, closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator import journal as journals
from generator.documents import press
from generator.files import clear_temporary
from generator.orders import plan
from macros.commands.batch_list import write_list
from macros.findings import finding
from macros.forms import forms
from macros.hosts import Refused, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from generator.documents import Batch
    from generator.hands import Hands
    from generator.issuing import Desk
    from generator.journal import Journal, Opened
    from generator.orders import Asked, Plan
    from generator.states import DueOf
    from macros.commands.shelf import Shelf
    from macros.findings import Finding
    from macros.register import Register


@dataclass(slots=True)
class Pressed:
    """A batch whose papers are on disk and not yet entered; its journal is open where it has new papers."""

    batch: Batch
    known: int
    journal: Journal | None
    desk: Desk

    def rows(self) -> list[list[Any]]:
        """The new rows of 单据登记簿."""
        columns = [column.name for column in forms()["document"].columns]
        new = (entry.values() for entry in self.desk.ledger.entries[self.known:])
        return [[values.get(name) for name in columns] for values in new]

    def close(self) -> list[Finding]:
        """List the batch and close its journal; to be called when its papers are entered."""
        said = write_list(self.desk.out, self.desk.now, self.batch)
        if self.journal:
            self.journal.close()
        return said

    def leave(self) -> None:
        """Stop here: the journal stays for who finishes the batch."""
        if self.journal:
            self.journal.leave()


def broken(out: Path, *, resume: bool) -> Opened | None:
    """The batch to be finished in a folder.

    Raises:
        Refused: there is one and it was not asked for (BAT001), or its journal cannot be read (BAT004).
    """
    opened = journals.read(out)
    if opened and not resume:
        raise refuse("BAT001", **opened.told(out))
    return opened


def pressed(
    register: Register, orders: Sequence[Asked], desk: Desk, due: DueOf | None, hands: Hands, head: Mapping[str, Any],
) -> Pressed:
    """Plan a batch, write the plan down and make its papers.

    Args:
        register: all tables.
        orders: what was asked for.
        desk: the batch's surroundings, with the broken batch that is to be finished, if any.
        due: gives clocks' due dates.
        hands: who presses.
        head: what the journal says of the batch, so that it can be finished by who knows nothing else of it.

    Raises:
        Refused: the folder cannot be written to, or a worker was lost: the journal stays open then.
    """
    known = len(desk.ledger.entries)
    journal: Journal | None = None
    if desk.resumed:
        journal = journals.hold(desk.out)
        clear_temporary(desk.out)
    try:
        made = plan(register, orders, desk, due)
        if journal is None:
            new = [paper.entry for paper in made.papers if paper.state == "new"]
            journal = journals.begin(desk.out, desk.now, head, new) if new else None
        batch = press(made, desk, hands, journal)
    except BaseException:
        if journal:
            journal.leave()
        raise
    if desk.resumed:
        batch.findings.append(_resumed(desk.resumed, made))
    return Pressed(batch, known, journal, desk)


def _resumed(opened: Opened, made: Plan) -> Finding:
    again = sum(paper.job is not None for paper in made.papers)
    return finding("BAT005", at=f"{opened.at:%Y-%m-%d %H:%M}", done=len(opened.promised) - again, value=again)


def enter(shelf: Shelf, made: Pressed) -> list[Finding]:
    """Enter a batch's papers in 单据登记簿, save what else the shelf holds, and close the batch.

    Where 单据登记簿 could not be written the batch stays open.
    """
    rows = made.rows()
    shelf.append(forms()["document"], rows)
    findings = shelf.save()
    if rows and forms()["document"].file not in shelf.saved:
        made.leave()
        return findings
    return [*findings, *made.close()]


def check_writable(shelf: Shelf) -> None:
    """Make sure papers can be entered: one that cannot would give its number to another.

    Raises:
        Refused: 单据登记簿 is missing or open elsewhere.
    """
    blocked = shelf.blocked([forms()["document"].file])
    if blocked:
        raise Refused(blocked[0])
