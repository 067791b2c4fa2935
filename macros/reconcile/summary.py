"""The first sheet of the workbook: totals, causes and whether they tie, and how last month became this one."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from macros.reconcile.tables import outcome
from macros.reconcile.words import title, words

if TYPE_CHECKING:
    from macros.reconcile.forward import Forward
    from macros.reconcile.run import Reconciliation

_MONEY, _FONT = "#,##0.00", "微软雅黑"
_NONE = Decimal("0.00")


def summary(sheet: Any, made: Reconciliation, forward: Forward | None, ledger: str) -> None:
    """Fill an empty sheet of openpyxl's with the comparison in short."""
    sheet.title = "对账汇总"
    for letter, width in zip("ABCD", (30, 12, 20, 16), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    _row(sheet, ["对账汇总"], size=16)
    _row(sheet, [f"账期 {made.month}　　运营商 {made.operator}　　对方详单 {ledger}"])
    sheet.append([])
    _row(sheet, ["项目", "条数", "金额（元，不含税）"], head=True)
    ours = sum(len(line.match.ours) for line in made.lines)
    theirs = sum(len(line.match.theirs) for line in made.lines)
    _row(sheet, ["铁塔侧", ours, made.ours])
    _row(sheet, ["运营商侧", theirs, made.theirs])
    _row(sheet, ["差异（铁塔侧减运营商侧）", len(made.differing), made.difference])
    _row(sheet, ["其中未解释", None, made.unexplained])
    _row(sheet, ["对账结论", outcome(made)])
    sheet.append([])
    _row(sheet, ["差异原因", "条数", "金额"], head=True)
    for cause in made.causes:
        _row(sheet, [title(cause.cause), cause.lines, cause.amount], fill=words()["cause"][cause.cause]["colour"])
    explained = sum((cause.amount for cause in made.causes), _NONE)
    tied = "与差异相符" if explained == made.difference else "与差异不符"
    _row(sheet, ["各原因合计", None, explained, tied], bold=True)
    if forward:
        sheet.append([])
        _row(sheet, ["与上月衔接", "条数", "金额（含油机按次）"], head=True)
        _row(sheet, [f"{forward.before.title} 账单", forward.before.lines, forward.before.amount], bold=True)
        for step in forward.steps:
            _row(sheet, [step.title, step.lines, step.amount])
        tied = "相符" if forward.ties else "不符"
        _row(sheet, [f"{forward.after.title} 账单", forward.after.lines, forward.after.amount, tied], bold=True)


def _row(
    sheet: Any, values: list[Any], *, head: bool = False, bold: bool = False, fill: str = "", size: int = 10,
) -> None:
    """Add a row; its first cell has the colour, all of them where it is a heading."""
    from openpyxl.styles import Font, PatternFill

    sheet.append([float(value) if isinstance(value, Decimal) else value for value in values])
    row = sheet[sheet.max_row]
    for cell, value in zip(row, values, strict=False):
        cell.font = Font(name=_FONT, size=size, bold=head or bold or size > 10, color="FFFFFF" if head else None)
        if isinstance(value, str):
            cell.data_type = "s"
        if isinstance(value, Decimal):
            cell.number_format = _MONEY
        if head:
            cell.fill = PatternFill("solid", fgColor="1F4E78")
    if fill:
        row[0].fill = PatternFill("solid", fgColor=fill)
