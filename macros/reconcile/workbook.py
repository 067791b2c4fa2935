"""Writes the comparison as a workbook: both sides with filters, causes in colour, matches and roll-forward."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any

from macros.reconcile.memory import doubtful
from macros.reconcile.sides import both
from macros.reconcile.tables import outcome, site_name
from macros.reconcile.words import title, words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from macros.reconcile.causes import Part
    from macros.reconcile.forward import Forward
    from macros.reconcile.run import Compared, Reconciliation
    from macros.reconcile.views import Month

_MONEY, _DAY = "#,##0.00;[Red]-#,##0.00", "yyyy-mm-dd"
_HEAD, _RULE, _FONT = "1F4E78", "BFBFBF", "微软雅黑"
#: Characters no workbook can hold.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write(
    file: IO[bytes], made: Reconciliation, month: Month, forward: Forward | None, *, ledger: str, now: dt.datetime,
) -> None:
    """Write the workbook.

    Args:
        file: where to.
        made: the month compared.
        month: what its lines are cut from.
        forward: the roll-forward, where last month is known.
        ledger: the operator's file name.
        now: the moment written as the workbook's own.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.creator = "TowerDesk 塔务台"
    book.properties.created = book.properties.modified = now
    _summary(book, made, forward, ledger)
    rows = {"lines": _compared(made, month), "parts": _parts(made), "matches": _matches(made)}
    for sheet in words()["sheet"]:
        _sheet(book, sheet["title"], sheet["headings"], rows[sheet["name"]], frozen=sheet["frozen"])
    book.save(file)


def _summary(book: Any, made: Reconciliation, forward: Forward | None, ledger: str) -> None:
    sheet = book.create_sheet("对账汇总")
    for letter, width in zip("ABCDE", (30, 16, 18, 18, 46), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    cell = _Cells(sheet)
    cell.row([("对账汇总", {"big": True})])
    cell.row([(f"账期 {made.month}　　运营商 {made.operator}　　对方详单 {ledger}", {"bare": True})])
    cell.row([])
    cell.row([(text, {"head": True}) for text in ("项目", "条数", "金额（元，不含税）")])
    counts = [sum(len(line.match.ours) for line in made.lines), sum(len(line.match.theirs) for line in made.lines)]
    for text, count, amount in (
        ("铁塔侧", counts[0], made.ours), ("运营商侧", counts[1], made.theirs),
        ("差异（铁塔侧减运营商侧）", len(made.differing), made.difference), ("其中未解释", None, made.unexplained),
    ):
        cell.row([(text, {}), (count, {}), (amount, {})])
    cell.row([("对账结论", {}), (outcome(made), {"bare": True})])
    cell.row([])
    cell.row([(text, {"head": True}) for text in ("差异原因", "条数", "金额")])
    for cause in made.causes:
        colour = words()["cause"][cause.cause]["colour"]
        cell.row([(title(cause.cause), {"fill": colour}), (cause.lines, {}), (cause.amount, {})])
    explained = sum((cause.amount for cause in made.causes), made.difference - made.difference)
    tied = "相符" if explained == made.difference else "不符"
    bold, bare = {"bold": True}, {"bare": True}
    cell.row([("各原因合计", bold), (None, {}), (explained, bold), (f"与差异{tied}", bare)])
    if forward:
        cell.row([])
        cell.row([(text, {"head": True}) for text in ("与上月衔接", "条数", "金额（含油机按次）")])
        rows = [forward.before, *forward.steps, forward.after]
        for place, step in enumerate(rows):
            ends = place in (0, len(rows) - 1)
            text = f"{step.title} 账单" if ends else step.title
            cell.row([(text, {"bold": ends}), (step.lines, {}), (step.amount, {})])
        cell.row([("上月加各项变化与本月", {}), ("相符" if forward.ties else "不符", {"bold": True})])


def _compared(made: Reconciliation, month: Month) -> Iterable[list[tuple[Any, dict[str, Any]]]]:
    for number, line in enumerate(made.lines, 1):
        colour = _colour(line)
        said = "、".join(dict.fromkeys(title(part.cause) for part in line.parts)) or "一致"
        told = [(value, {"fill": colour if differs else ""}) for value, differs in both(line, month)]
        yield [(number, {}), (said, {"fill": colour}), *told]


def _colour(line: Compared) -> str:
    """The colour of a line's greatest part."""
    if not line.parts:
        return ""
    greatest: Part = max(line.parts, key=lambda part: abs(part.amount))
    return str(words()["cause"][greatest.cause]["colour"])


def _parts(made: Reconciliation) -> Iterable[list[tuple[Any, dict[str, Any]]]]:
    for line in made.differing:
        for part in line.parts:
            colour = words()["cause"][part.cause]["colour"]
            yield [
                (line.key, {}), (site_name(line), {}), (title(part.cause), {"fill": colour}), (part.amount, {}),
                (part.detail, {}), (line.difference, {}),
            ]


def _matches(made: Reconciliation) -> Iterable[list[tuple[Any, dict[str, Any]]]]:
    open_ones = set(map(id, doubtful(made)))
    for line in made.lines:
        ours, theirs = line.match.ours, line.match.theirs
        if not ours or not theirs or (line.match.by == "number" and len(ours) == len(theirs) == 1):
            continue
        for other in theirs:
            yield [
                (line.key, {}), (site_name(line), {}), ("、".join(other.numbers) or other.site, {}), (other.name, {}),
                (line.match.reason, {}), ("待确认" if id(line) in open_ones else "是", {}),
            ]


def _sheet(
    book: Any, name: str, headings: Sequence[str], rows: Iterable[list[tuple[Any, dict[str, Any]]]], *, frozen: str,
) -> None:
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    sheet.freeze_panes = frozen
    for number, heading in enumerate(headings, 1):
        fitting = (width for word, width in words()["widths"]["words"] if word in heading)
        sheet.column_dimensions[get_column_letter(number)].width = next(fitting, words()["widths"]["width"])
    _paper(sheet)
    held = list(rows)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{len(held) + 1}"
    cell = _Cells(sheet)
    cell.row([(heading, {"head": True}) for heading in headings])
    for row in held:
        cell.row(row)


def _paper(sheet: Any) -> None:
    """A3 across, one page wide, headings on every page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "1:1"


class _Cells:
    """Writes rows of one sheet, each cell as (value, looks), with styles made once."""

    def __init__(self, sheet: Any) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self.sheet = sheet
        side = Side(style="thin", color=_RULE)
        self.border = Border(left=side, right=side, top=side, bottom=side)
        self.fonts = {
            "": Font(name=_FONT, size=10), "bold": Font(name=_FONT, size=10, bold=True),
            "big": Font(name=_FONT, size=16, bold=True), "head": Font(name=_FONT, size=10, bold=True, color="FFFFFF"),
        }
        self.fill = {colour: PatternFill("solid", fgColor=colour) for colour in {
            _HEAD, *(cause["colour"] for cause in words()["cause"].values())
        }}
        self.middle = Alignment(horizontal="center", vertical="center", wrap_text=True)

    def row(self, cells: Sequence[tuple[Any, dict[str, Any]]]) -> None:
        self.sheet.append([self.cell(value, looks) for value, looks in cells])

    def cell(self, value: Any, looks: dict[str, Any]) -> Any:
        import datetime as dt
        from decimal import Decimal

        from openpyxl.cell import WriteOnlyCell

        text = isinstance(value, str)
        made = WriteOnlyCell(self.sheet, _UNFIT.sub("", value) if text else value)
        if text:
            made.data_type = "s"  # a foreign text that begins with = is no formula
        made.font = self.fonts[next((name for name in ("big", "head", "bold") if looks.get(name)), "")]
        if isinstance(value, Decimal):
            made.number_format = _MONEY
        elif isinstance(value, dt.date):
            made.number_format = _DAY
        colour = _HEAD if looks.get("head") else looks.get("fill")
        if colour:
            made.fill = self.fill[colour]
        if looks.get("head"):
            made.alignment = self.middle
        if value is not None and not (looks.get("big") or looks.get("bare")):
            made.border = self.border
        return made
