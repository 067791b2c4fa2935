"""What is said of lists that cannot be read, of lines without an amount and of sums that do not tie."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from macros.findings import finding
from macros.intake.cells import shown_value
from macros.reconcile.headings import IDENTITY, TOTAL, guessed, layout, line_form
from macros.records import column_letter
from macros.values import READERS, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.findings import Finding
    from macros.hosts import Sheet
    from macros.intake.headings import Heading
    from macros.intake.matching import Match
    from macros.intake.rows import Rows
    from macros.reconcile.lines import LedgerLine
    from macros.records import Cell, Place

#: Findings of one kind about one column that are told, at most.
_MOST = 10


def lacking(found: Match, missing: Sequence[str], file: str, sheet: Sheet) -> Finding:
    """The columns a sheet lacks, what its unknown headings are and what they look like."""
    form = line_form()
    near = [
        f"“{heading.text}”像是“{form.column(name).title}”" for name, (heading, _) in guessed(found).items()
        if name in missing
    ]
    return finding(
        "REC002", workbook=file, sheet=sheet.title, cell=f"A{found.block.bottom}", layout=layout().title,
        columns="、".join(form.column(name).title for name in missing),
        unmatched="、".join(heading.text for heading in found.unmatched[:20]) or "无",
        likely=f"（{'，'.join(near)}）" if near else "",
    )


def other_month(said: Finding, month: str) -> Finding:
    """The error a list of another month is, of the remark that its sheet was passed over."""
    return finding("REC006", workbook=said.workbook, sheet=said.sheet, value=said.value, month=month)


def no_amount(columns: Mapping[str, Heading], cells: Sequence[Cell], place: Place) -> Finding:
    """A line whose amount cannot be read."""
    heading = columns.get(TOTAL) or columns["item_base"]
    cell = cells[heading.column - 1] if heading.column <= len(cells) else None
    key = next((shown_value(cells[columns[name].column - 1]) for name in IDENTITY if name in columns), "")
    return finding(
        "REC004", workbook=place.workbook, sheet=place.sheet, cell=place.cell(heading.column), key=key,
        field=heading.text, value=shown_value(cell),
    )


def untied(
    sheet: Sheet, rows: Rows, columns: Mapping[str, Heading], lines: Sequence[LedgerLine], file: str,
) -> list[Finding]:
    """The list's own total where it is not the sum of its lines."""
    heading = columns.get(TOTAL)
    if heading is None:
        return []
    told: list[tuple[int, Decimal]] = []
    for number in rows.others.get("total", ()):
        amount = _money(_cell(sheet, number, heading.column))
        if amount is not None:
            told.append((number, amount))
    summed = sum((line.total for line in lines), Decimal("0.00"))
    if not told or any(amount == summed for _, amount in told):
        return []
    number, amount = told[-1]
    return [finding(
        "REC005", workbook=file, sheet=sheet.title, cell=f"{column_letter(heading.column)}{number}", field=heading.text,
        value=amount, sum=summed,
    )]


def _cell(sheet: Sheet, row: int, column: int) -> Cell:
    cells = sheet.rows[row - 1]
    return cells[column - 1] if column <= len(cells) else None


def _money(cell: Cell) -> Decimal | None:
    try:
        amount = READERS["money"](cell)
    except Unreadable:
        return None
    return amount if isinstance(amount, Decimal) else None


def unlike(lines: Sequence[LedgerLine]) -> list[Finding]:
    """One finding for all lines whose items do not add up to their total."""
    wrong = [line for line in lines if line.listed is not None and not line.items]
    if not wrong or len(wrong) * 2 > len(lines):
        return []  # a list whose items never make the total gives only some of them
    place = wrong[0].row.place
    return [finding(
        "REC010", workbook=place.workbook, sheet=place.sheet, cell=wrong[0].row.cell(TOTAL), key=wrong[0].key,
        value=wrong[0].total, sum=wrong[0].listed, count=len(wrong),
    )]
def few(findings: Sequence[Finding]) -> list[Finding]:
    """At most so many findings of one kind and column: a column read wrongly would fill the page."""
    seen: dict[tuple[str, str], int] = {}
    kept = []
    for said in findings:
        count = seen[said.code, said.field] = seen.get((said.code, said.field), 0) + 1
        if count <= _MOST or said.code == "REC004":
            kept.append(said)
    return kept
