"""Reads an operator's own list into typed lines, from workbooks and text tables of any layout."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.findings import finding
from macros.intake.cells import plan, read_row, record
from macros.intake.rows import sort_rows
from macros.intake.units import units_of
from macros.reconcile.doubts import few, lacking, no_amount, other_month, unlike, untied
from macros.reconcile.headings import IDENTITY, TOTAL, guessed, layout, line_form, recognise
from macros.reconcile.lines import LedgerLine, line_of
from macros.records import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.findings import Finding
    from macros.hosts import Sheet
    from macros.intake.headings import Heading
    from macros.intake.matching import Match, Remembered
    from macros.intake.rows import Rows

#: Amounts that some lists give for the month under a heading others use for the year.
_MONTHLY = {"site_rent": "item_site_rent", "power_fee": "item_power_fee"}
_MONTH = re.compile(r"(?<!\d)(20\d\d)\s*[年.\-/_]?\s*(0?[1-9]|1[0-2])(?!\d)")


@dataclass(slots=True)
class Ledger:
    """What a file holds: its lines, also by sheet, the words around them, mappings to remember, and what was found.

    ``words`` are file name, sheet titles and title rows; ``learned`` are (layout title, heading, column title).
    """

    file: str
    lines: list[LedgerLine] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    sheets: dict[str, list[LedgerLine]] = field(default_factory=dict)
    learned: list[tuple[str, str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def unread(self) -> dict[str, str]:
        """The numbers of lines whose amount cannot be read, with the cells."""
        return {said.key: said.cell for said in self.findings if said.code == "REC004"}

    @property
    def failed(self) -> bool:
        """Whether nothing could be read."""
        return not self.lines


def read_ledger(
    sheets: Sequence[Sheet], file: str, month: str, remembered: Remembered, accept: bool = False,
) -> Ledger:
    """Read the sheets of one file that list lines of ``month``.

    Args:
        sheets: as a host read them.
        file: the file's name.
        month: the month wanted, ``YYYY-MM``.
        remembered: confirmed headings (`macros.reconcile.headings.recall`).
        accept: read headings nobody knows by likeness too, and learn them.
    """
    ledger = Ledger(file, words=[file])
    passed: list[Finding] = []
    short: list[Finding] = []
    read = [(sheet, None if sheet.hidden else recognise(sheet, remembered)) for sheet in sheets]
    passed += [finding("REC003", workbook=file, sheet=sheet.title) for sheet, found in read if found is None]
    known = [(sheet, found) for sheet, found in read if found is not None]
    # Of a list and its summary the one that says more is read.
    for sheet, found in sorted(known, key=lambda one: -one[1].matched):
        columns = dict(found.columns[0])
        learned = _guess(found, columns, accept)
        missing = _missing(columns)
        if missing:
            short.append(lacking(found, missing, file, sheet))
            continue
        _read_sheet(ledger, sheet, found, columns, month, passed)
        ledger.learned += [(layout().title, heading.text, line_form().column(name).title) for name, heading in learned]
        ledger.findings += [
            finding("REC009", workbook=file, sheet=sheet.title, field=heading.text, value=heading.text,
                    column=line_form().column(name).title, likeness=f"{likeness:.0%}")
            for name, (heading, likeness) in guessed(found).items() if (name, heading) in learned
        ]
    if ledger.lines:
        ledger.findings += passed
        ledger.findings += [finding("REC003", workbook=file, sheet=said.sheet) for said in short]
    else:
        months = [said for said in passed if said.code == "REC007"]
        ledger.findings += [other_month(said, month) for said in months] or short
        ledger.findings = ledger.findings or [finding("REC001", workbook=file)]
    return ledger


def _guess(found: Match, columns: dict[str, Heading], accept: bool) -> list[tuple[str, Heading]]:
    if not accept:
        return []
    likely = [(name, heading) for name, (heading, _) in guessed(found).items()]
    columns.update(likely)
    return likely


def _missing(columns: Mapping[str, Heading]) -> list[str]:
    missing = [] if TOTAL in columns or _items(columns) else [TOTAL]
    return missing if any(name in columns for name in IDENTITY) else [*IDENTITY, *missing]


def _items(columns: Iterable[str]) -> bool:
    """Whether the parts of a line make up for a missing total."""
    return "item_base" in columns


def _read_sheet(
    ledger: Ledger, sheet: Sheet, found: Match, columns: Mapping[str, Heading], month: str, passed: list[Finding],
) -> None:
    """Add a sheet's lines, unless it is of another month."""
    keys = [columns[name].column for name in IDENTITY if name in columns]
    rows = sort_rows(sheet, found.block, keys)
    lines, findings = _lines(ledger.file, sheet, rows, columns)
    monthly = {_MONTHLY.get(name, name): heading for name, heading in columns.items()}
    if monthly.keys() != columns.keys() and _loose(lines) * 2 > len(lines):
        # 场地费 without a group is the month's where the totals say so.
        other, said = _lines(ledger.file, sheet, rows, monthly)
        lines, findings = (other, said) if _loose(other) * 2 < len(other) else (lines, findings)
    titles = [sheet.title, *_texts(sheet, rows.others.get("title", ()))]
    if len(lines) > 1 and _sums(lines[:-1], lines[-1]):
        lines.pop()  # a total without a word for it
    again = next((title for title, held in ledger.sheets.items() if len(held) > 1 and _alike(held, lines)), "")
    stated = {line.month for line in lines if line.month} or _months(titles) or _months([ledger.file])
    if stated and month not in stated:
        passed.append(finding("REC007", workbook=ledger.file, sheet=sheet.title, value="、".join(sorted(stated))))
        return
    if again:
        passed.append(finding("REC014", workbook=ledger.file, sheet=sheet.title, value=again))
        return
    ledger.words += titles
    ledger.sheets[sheet.title] = lines
    ledger.lines += lines
    ledger.findings += [*few(findings), *untied(sheet, rows, columns, lines, ledger.file), *unlike(lines)]


def _lines(
    file: str, sheet: Sheet, rows: Rows, columns: Mapping[str, Heading],
) -> tuple[list[LedgerLine], list[Finding]]:
    marks = (sheet.rows[number - 1] for number in rows.others.get("mark", ()))
    made = plan(layout(), columns, {}, {}, units_of(_texts(sheet, rows.others.get("title", ())), marks))
    lines: list[LedgerLine] = []
    findings: list[Finding] = []
    for number, cells in rows.data:
        place = Place(file, sheet.title, number)
        reading = read_row(made, cells, place)
        if not reading.filled:
            continue
        findings += [said for said in reading.findings if said.severity == "error"]
        line = line_of(record(made, reading.values, place), frozenset(columns))
        if line is None:
            findings.append(no_amount(columns, cells, place))
        else:
            lines.append(line)
    return lines, findings


def _sums(lines: Sequence[LedgerLine], last: LedgerLine) -> bool:
    """Whether the last line names nothing and is the sum of the others."""
    named = last.numbers or last.site or last.name
    return not named and last.total == sum((line.total for line in lines), Decimal(0))


def _alike(a: Sequence[LedgerLine], b: Sequence[LedgerLine]) -> bool:
    """Whether two sheets come to the same amount: one then is the other's copy or summary."""
    total = sum((line.total for line in a), Decimal(0))
    return bool(total) and total == sum((line.total for line in b), Decimal(0))


def _loose(lines: Sequence[LedgerLine]) -> int:
    """How many lines have items that do not add up to their total."""
    return sum(line.listed is not None and not line.items for line in lines)


def _texts(sheet: Sheet, rows: Iterable[int]) -> list[str]:
    return [cell for row in rows for cell in sheet.rows[row - 1] if isinstance(cell, str)]


def _months(texts: Iterable[str]) -> set[str]:
    """The months that titles name."""
    return {f"{found[1]}-{int(found[2]):02}" for text in texts for found in _MONTH.finditer(text)}
