"""Keeps the document register: numbers, what each paper was made of, and which papers already exist."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.printed import at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from generator.printed import Printed
    from macros.records import Record, Value
    from macros.register import Register

_NUMBER = re.compile(r"(.+-)(\d{4,})")
#: The moment of an entry whose time of issue was lost.
_UNKNOWN = dt.datetime(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the document register; the fields are the columns of the form ``document`` the program fills."""

    document_no: str
    form_no: str
    name: str
    customer_name: str
    row_key: str
    source_rows: str
    file: str
    template: str
    template_version: str
    sha256: str
    inputs_sha256: str
    issued_at: dt.datetime
    issued_by: str = ""

    def values(self) -> dict[str, Value]:
        """The row by English column names, blanks as None."""
        return {name: getattr(self, name) or None for name in self.__dataclass_fields__}


class Ledger:
    """The papers issued so far, growing as a batch goes on."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries: list[Entry] = []
        self._last: dict[str, int] = {}
        self._made: dict[tuple[str, str, str, str], Entry] = {}
        for entry in entries:
            self.add(entry)

    @classmethod
    def of(cls, register: Register) -> Ledger:
        """The document register as it stands in 单据登记簿."""
        return cls(_entry(record) for record in register.rows("document") if record["document_no"] is not None)

    def add(self, entry: Entry) -> None:
        """Enter a paper; of two with the same inputs the later counts."""
        self.entries.append(entry)
        self.reserve(entry.document_no)
        made = (entry.form_no, entry.row_key, entry.template_version, entry.inputs_sha256)
        self._made[made] = entry

    def reserve(self, document_no: str) -> None:
        """Give no number up to this one to another paper."""
        number = _NUMBER.fullmatch(document_no)
        if number:
            self._last[number[1]] = max(self._last.get(number[1], 0), int(number[2]))

    def copy(self) -> Ledger:
        """The same papers, to plan further ones with."""
        made = Ledger()
        made.entries, made._last, made._made = [*self.entries], {**self._last}, {**self._made}
        return made

    def without(self, numbers: AbstractSet[str]) -> Ledger:
        """The papers of other numbers."""
        return Ledger(entry for entry in self.entries if entry.document_no not in numbers)

    def next_number(self, series: str, year: int, town: str = "") -> str:
        """The next free number of a series in a year: TD-3.4-2026-0001, before it the town's short name if any."""
        start = f"{town}TD-{series}-{year}-"
        return f"{start}{self._last.get(start, 0) + 1:04d}"

    def find(self, form: str, row_key: str, template_version: str, inputs: str) -> Entry | None:
        """The paper already made of the same inputs with the same template."""
        return self._made.get((form, row_key, template_version, inputs))

    @property
    def files(self) -> set[str]:
        """Every file ever entered, since its name must not come back."""
        return {entry.file for entry in self.entries}


def _entry(record: Record) -> Entry:
    issued = record["issued_at"]
    moment = issued if isinstance(issued, dt.datetime) else _UNKNOWN
    texts = {name: record.text(name) for name in Entry.__dataclass_fields__ if name != "issued_at"}
    return Entry(**texts, issued_at=moment)


def inputs_sha256(values: Mapping[str, Printed], uses: Iterable[str]) -> str:
    """A hash of what a paper prints: the same data, the same hash.

    Args:
        values: the context without number and day of issue.
        uses: the placeholders of the template. What it does not print is left out, or the signing date entered
            afterwards would ask for the paper anew.
    """
    printed = {path: _strings(values, path) for path in uses}
    text = json.dumps(printed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _strings(values: Mapping[str, Printed], path: str) -> list[str]:
    name, _, column = path.partition("[].")
    rows = values.get(name)
    if column and "." not in column and isinstance(rows, list):
        return [row.get(column, "") for row in rows]
    return list(at(values, path))


def source_rows(records: Iterable[Record]) -> str:
    """Register rows in words: 需求台账.xlsx 需求!5；租约台账.xlsx 租约!5-304,310."""
    sheets: dict[tuple[str, str], list[int]] = {}
    for record in records:
        rows = sheets.setdefault((record.place.workbook, record.place.sheet), [])
        rows.append(record.place.row)
    return "；".join(f"{workbook} {sheet}!{_runs(rows)}" for (workbook, sheet), rows in sheets.items())


def _runs(rows: list[int]) -> str:
    """Row numbers with neighbours drawn together: 5-7,9."""
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
