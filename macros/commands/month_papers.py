"""The papers of a month: made, entered in the register, and kept with what they were made of."""

from __future__ import annotations

import shutil
from typing import IO, TYPE_CHECKING

from macros.billing import snapshot as snapshots
from macros.commands.months import RECORD
from macros.commands.setup import OWN_TEMPLATES, TEMPLATES
from macros.findings import finding
from macros.forms import forms
from macros.hosts import Refused
from macros.hosts.saving import replace_file
from macros.register import Register

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from generator.documents import Batch
    from macros.commands.months import Month
    from macros.commands.shelf import Shelf
    from macros.findings import Finding
    from macros.records import Record, Value

SNAPSHOT = "快照.zip"
#: The papers of a month, in the order they are numbered.
PAPERS = ("3.9", "3.10", "3.11")


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
    return [finding("BIL027", value=str(aside))]


def papers(
    shelf: Shelf, register: Register, own: Mapping[str, tuple[Record, ...]], place: Path,
    at: dt.datetime, *, enter: bool,
) -> tuple[Batch, list[Finding]]:
    """Make the month's papers; enter them and the month's totals in the register unless it is a preview.

    Raises:
        Refused: 单据登记簿 cannot be written; no paper was made.
    """
    from generator.definitions import definitions
    from generator.documents import work
    from generator.issuing import Desk
    from generator.ledger import Ledger
    from generator.states import due_from
    from macros.clocks.engine import evaluate
    from macros.commands.days import calendar_of

    entered = forms()["document"]
    if enter and (blocked := shelf.blocked([entered.file])):
        raise Refused(blocked[0])
    printed = Register({**register.tables, **own}, register.findings)
    ledger = Ledger.of(register)
    known = len(ledger.entries)
    desk = Desk(place, at, register.settings, ledger, (shelf.folder / OWN_TEMPLATES, TEMPLATES))
    # The clocks of the month's statements alone: a board of the whole register would take longer than the month.
    few = {code: register.tables.get(code, ()) for code in ("assumption", "holiday", "override", "customer")}
    items = evaluate(Register({**few, "statement": own["statement"]}), calendar_of(register), at)
    batch = work(printed, [(definitions()[code], None) for code in PAPERS], desk, due_from(items))
    if not enter:
        return batch, []
    shelf.append(entered, [
        [entry.values().get(column.name) for column in entered.columns] for entry in ledger.entries[known:]
    ])
    _enter(shelf, register, own)
    return batch, shelf.save()


def _enter(shelf: Shelf, register: Register, own: Mapping[str, Sequence[Record]]) -> None:
    """Write the month's totals, its lines and the runs' fees into the register's tables."""
    for code in ("statement", "statement_line"):
        form, held = forms()[code], {row.key: row for row in register.rows(code)}
        columns = [column.name for column in form.columns if not column.ours]
        new = [row for row in own[code] if row.key not in held]
        shelf.append(form, [[*row.values] for row in new])
        shelf.update([(held[row.key], _news(row, held[row.key], columns)) for row in own[code] if row.key in held])
    runs = {row.place: row for row in register.rows("generator")}
    names = ("month", "billed_h", "fee", "tax_rate", "fee_taxed")
    shelf.update([(runs[row.place], _news(row, runs[row.place], names)) for row in own["generator"]])


def _news(row: Record, held: Record, columns: Sequence[str]) -> dict[str, Value]:
    """What a worked-out row says that the register's own does not say yet; a blank takes nothing away."""
    return {name: row[name] for name in columns if row[name] is not None and row[name] != held[name]}


def keep(place: Path, made: Month) -> None:
    """Write the snapshot and the record; the record comes last, as it is what makes the month an issued one."""
    place.mkdir(parents=True, exist_ok=True)
    for name, data in ((SNAPSHOT, snapshots.packed(made.snapshot)), (RECORD, made.issued().as_bytes())):
        def put(beside: IO[bytes], data: bytes = data) -> None:
            beside.write(data)

        replace_file(place / name, put, lambda written: None)
