"""Papers printed from tables that a command has worked out: made, numbered and entered like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from macros.commands.setup import OWN_TEMPLATES, TEMPLATES
from macros.forms import forms

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from macros.commands.shelf import Shelf
    from macros.findings import Finding
    from macros.records import Value
    from macros.register import Register


class Issued(NamedTuple):
    """What came of it, as ``form --json`` tells it, and what was said besides."""

    documents: list[dict[str, Any]]
    withheld: list[dict[str, Any]]
    findings: list[Finding]


def issue(
    shelf: Shelf, register: Register, wanted: Iterable[tuple[Register, Sequence[str]]], home: Path, at: dt.datetime,
    pictures: Mapping[str, bytes] | None = None,
) -> Issued:
    """Make papers into ``home`` and put their entries into 单据登记簿, which the caller saves with the shelf.

    A document register that cannot be written keeps every paper back, as a paper has no number without it.

    Args:
        shelf: the register's folder.
        register: what it holds; its entries give the next numbers.
        wanted: for each run the register with the worked-out tables in it (`Register.having`), and the papers' codes;
            all rows of the paper's table are printed.
        home: folder of the papers.
        at: the moment they are issued.
        pictures: PNG files for figures of the papers, by the figures' names.
    """
    from generator.definitions import definitions
    from generator.documents import work
    from generator.figures import picture
    from generator.issuing import Desk
    from generator.ledger import Ledger

    entered = forms()["document"]
    blocked = shelf.blocked([entered.file])
    if blocked:
        return Issued([], [], blocked)
    issued = Ledger.of(register)
    known = len(issued.entries)
    shown = {name: picture(content) for name, content in (pictures or {}).items()}
    desk = Desk(home, at, register.settings, issued, (shelf.folder / OWN_TEMPLATES, TEMPLATES), pictures=shown)
    told = Issued([], [], [])
    for printed, papers in wanted:
        batch = work(printed, [(definitions()[paper], None) for paper in papers], desk)
        told.documents.extend(row.as_json() | {"file": str(home / row.entry.file)} for row in batch.made)
        told.withheld.extend(row.as_json() for row in batch.withheld)
        told.findings.extend(batch.findings)
    rows: list[list[Value]] = [
        [entry.values().get(column.name) for column in entered.columns] for entry in issued.entries[known:]
    ]
    shelf.append(entered, rows)
    return told
