"""The papers of a month: made, entered in the register, and the record that makes the month an issued one."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from generator import journal as journals
from macros.commands.batches import pressed
from macros.commands.bill.kept import SNAPSHOT
from macros.commands.bill.reckoning import RECORD
from macros.findings import finding
from macros.forms import forms
from macros.hosts.saving import replace_bytes
from macros.register import Register

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from generator.definitions import Definition
    from generator.hands import Hands
    from macros.commands.batches import Pressed
    from macros.commands.bill.reckoning import Month
    from macros.commands.shelf import Shelf
    from macros.findings import Finding
    from macros.records import Record, Value

#: The papers of a month, in the order they are numbered.
PAPERS = ("3.9", "3.10", "3.11")


def kinds() -> list[Definition]:
    """The kinds of paper of a month."""
    from generator.definitions import definitions

    return [definitions()[code] for code in PAPERS]


def make_room(place: Path, at: dt.datetime, *, preview: bool) -> list[Finding]:
    """Clear the month's folder before it is filled.

    A preview replaces the one before. What a run left that was broken off before its record was written is moved
    aside: none of it was issued.
    """
    if not place.is_dir() or (not preview and (place / RECORD).is_file()):
        return []
    if preview and (place / RECORD).is_file():
        shutil.rmtree(place)
        return []
    aside = place.with_name(f"{place.name}（未完成 {at:%Y%m%d-%H%M%S}）")
    place.rename(aside)
    said = [finding("BIL027", value=str(aside))]
    return [*said, finding("BAT015")] if (aside / SNAPSHOT).is_file() else said


def papers(
    register: Register, own: Mapping[str, tuple[Record, ...]], place: Path, at: dt.datetime, hands: Hands,
    templates: Sequence[Path],
) -> Pressed:
    """Make the month's papers; they are entered by `enter_month`.

    Args:
        register: the register, or what a snapshot kept of it.
        own: the month's rows by table.
        place: the month's folder.
        at: the moment of issue.
        hands: who presses the papers.
        templates: folders searched for templates in turn.

    Raises:
        Refused: the folder cannot be written to, or a worker was lost.
    """
    from generator.issuing import Desk
    from generator.ledger import Ledger
    from generator.states import due_from
    from macros.clocks.engine import evaluate
    from macros.commands.days import calendar_of

    printed = register.having(own)
    if (place / RECORD).is_file():
        # The run ended between its record and its journal.
        (place / journals.NAME).unlink(missing_ok=True)
    desk = Desk(
        place, at, register.settings, Ledger.of(register), templates, hands.apart, journals.read(place)
    )
    # The clocks of the month's statements alone: a board of the whole register would take longer than the month.
    few = {code: register.tables.get(code, ()) for code in ("assumption", "holiday", "override", "customer")}
    items = evaluate(Register({**few, "statement": own["statement"]}), calendar_of(register), at)
    return pressed(printed, [(kind, None) for kind in kinds()], desk, due_from(items), hands, {"papers": PAPERS})


def enter_month(
    shelf: Shelf, register: Register, made: Pressed, own: Mapping[str, Sequence[Record]],
) -> tuple[bool, list[Finding]]:
    """Enter the papers, the month's totals, its lines and the runs' fees in the register as it stands, and save it.

    What stands there already is left: a run may have been broken off after it was entered.

    Returns:
        Whether every paper is entered now, and what was found.
    """
    entered, numbers = forms()["document"], {row.text("document_no") for row in register.rows("document")}
    papers_ = [row for row in made.rows() if row[entered.index["document_no"]] not in numbers]
    shelf.append(entered, papers_)
    for code in ("statement", "statement_line"):
        form, held = forms()[code], {row.key: row for row in register.rows(code)}
        columns = [column.name for column in form.columns if not column.ours]
        new = [row for row in own[code] if row.key not in held]
        shelf.append(form, [[*row.values] for row in new])
        shelf.update([(held[row.key], _news(row, held[row.key], columns)) for row in own[code] if row.key in held])
    places = {(row.place, row.key): row for row in register.rows("generator")}
    keys = {row.key: row for row in register.rows("generator")}
    names = ("month", "billed_h", "fee", "tax_rate", "fee_taxed")
    runs = [(places.get((row.place, row.key)) or keys.get(row.key), row) for row in own["generator"]]
    shelf.update([(held_run, _news(row, held_run, names)) for held_run, row in runs if held_run])
    findings = shelf.save()
    return not papers_ or entered.file in shelf.saved, findings


def _news(row: Record, held: Record, columns: Sequence[str]) -> dict[str, Value]:
    """What a worked-out row says that the register's own does not say yet; a blank takes nothing away."""
    return {name: row[name] for name in columns if row[name] is not None and row[name] != held[name]}


def keep_record(place: Path, made: Month) -> None:
    """Write the record: it comes last, as it is what makes the month an issued one."""
    replace_bytes(place / RECORD, made.issued().as_bytes())
