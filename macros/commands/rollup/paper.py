"""Makes the province's paper from worked-out tables, numbered by its month: no document register is touched."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from macros.commands.books import write

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from macros.findings import Finding
    from macros.records import Record

PAPER = "province-report"


def write_paper(
    path: Path, tables: Mapping[str, tuple[Record, ...]], settings: Mapping[str, str], at: dt.datetime,
) -> list[Finding]:
    """Write the paper at ``path``, over an earlier one: it is a view of the registers, not an issued document.

    Args:
        path: the file.
        tables: the province's worked-out tables.
        settings: the words of its head.
        at: the moment of the roll-up; the paper is numbered by its month.
    """
    from generator import making
    from generator.definitions import definitions
    from generator.issuing import Desk
    from generator.ledger import Ledger
    from generator.orders import plan
    from macros.register import Register

    definition, ledger = definitions()[PAPER], Ledger()
    if at.month > 1:
        before = ledger.next_number(definition.series, at.year)
        ledger.reserve(f"{before.rpartition('-')[0]}-{at.month - 1:04d}")
    planned = plan(Register(tables), [(definition, None)], Desk(path.parent, at, settings, ledger))
    findings = [*planned.findings, *(said for one in planned.withheld for said in one.findings)]
    for paper in planned.papers:
        if paper.source and paper.job:
            (made,) = making.press(paper.source, [replace(paper.job, target="")])
            findings += made.findings
            if made.data:
                findings += write(path, made.data)
    return findings
