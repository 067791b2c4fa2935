"""Checks registers: every error of every row at once, without touching the rows.

`check_row` looks at one row alone; `validate` at all rows, among each other and across tables.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.findings import finding
from macros.validation.cells import check_cells, trusted_today
from macros.validation.crossings import check_crossings
from macros.validation.pairs import check_pairs
from macros.validation.places import check_places, swapped
from macros.validation.runs import check_overlaps, check_run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register

__all__ = ["check_row", "hints", "trusted_today", "validate"]

_ROW = re.compile(r"[A-Z]+([0-9]+)")
#: Parts two findings beside one row: an ideographic space.
_BETWEEN = "\u3000"
#: The quotes of each severity, the gravest first.
_QUOTES = {"error": str.maketrans({}), "warning": str.maketrans("“”", "‘’"), "info": str.maketrans("“”", "「」")}
#: A sheet row: workbook file name, sheet title, 1-based row number.
RowPlace = tuple[str, str, int]


def check_row(record: Record, today: dt.date | None, unread: Collection[str] = ()) -> list[Finding]:
    """Everything wrong with one row by itself.

    Args:
        record: the row; a required column counts as missing only where the sheet has the column.
        today: no fact may be dated later; None leaves that unchecked.
        unread: titles of the columns whose cells could not be read: reported already, and not missing; a mapping
            gives what they show besides.
    """
    return [
        *check_cells(record, today, unread),
        *check_places(record, unread),
        *check_pairs(record, unread),
        *check_run(record),
    ]


def validate(register: Register, today: dt.date) -> list[Finding]:
    """Everything wrong with a register, what reading it had to say included, in the order of tables and rows."""
    records = [record for rows in register.tables.values() for record in rows]
    day, late, latest = trusted_today(records, today)
    unread = _unread(register.findings)
    exchanged: set[tuple[str, str, str]] = set()
    found: list[Finding] = []
    if day is None:
        found.append(finding("CHK015", today=today, rows=late, latest=latest))
    for record in records:
        place = (record.place.workbook, record.place.sheet, record.place.row)
        refused = unread.get(place, {})
        found += check_row(record, day, refused)
        if "longitude" in record.form.index and refused and swapped(record, refused):
            exchanged.add((place[0], place[1], record.cell("latitude")))
    found += check_crossings(register)
    found += check_overlaps(register.rows("generator"))
    # Exchanged coordinates are one mistake: the finding that names both stands for the refused latitude too.
    found += [said for said in register.findings if (said.workbook, said.sheet, said.cell) not in exchanged]
    order = {place: number for number, place in enumerate(_places(records))}
    found.sort(key=lambda said: order.get(row_of(said), -1))
    return found


def _places(records: Iterable[Record]) -> Iterable[RowPlace]:
    return ((r.place.workbook, r.place.sheet, r.place.row) for r in records)


def row_of(said: Finding) -> RowPlace:
    """The sheet row a finding is about; row 0 where it is about no cell."""
    found = _ROW.fullmatch(said.cell)
    return said.workbook, said.sheet, int(found[1]) if found else 0


def _unread(findings: Iterable[Finding]) -> dict[RowPlace, dict[str, str]]:
    """What the refused cells show, by row and column title."""
    cells: dict[RowPlace, dict[str, str]] = {}
    for said in findings:
        if said.severity == "error":
            cells.setdefault(row_of(said), {})[said.field] = said.value
    return cells


def hints(findings: Iterable[Finding]) -> Mapping[RowPlace, str]:
    """What to write beside each row: its findings, errors first, each as “column”：rule, found, cure.

    The quotes round a column's title are what the sheet colours its cells by: “ ” where something is wrong, ‘ ’
    where it is doubted, 「 」, without colour, where it is only worth knowing. All stands on one line, as rows of a
    register are one line high.
    """
    rank = {severity: number for number, severity in enumerate(_QUOTES)}
    lines: dict[RowPlace, dict[str, int]] = {}
    for said in findings:
        place = row_of(said)
        if place[2]:
            text = said.message.split("：", 1)[-1]
            line = f"“{said.field}”：{text}" if said.field else text
            quoted = line.translate(_QUOTES[said.severity])
            lines.setdefault(place, {}).setdefault(quoted, rank[said.severity])
    return {place: _BETWEEN.join(sorted(said, key=said.__getitem__)) for place, said in lines.items()}
