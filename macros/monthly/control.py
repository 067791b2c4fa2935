"""Makes the control workbook of a month's run: figures, checks, what was left out, and charts of them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.monthly import figures
from macros.monthly.filling import Filling, filled, with_table
from macros.monthly.words import control

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from macros.billing.movement import Movement
    from macros.monthly.checks import Check
    from macros.monthly.figures import Row
    from macros.monthly.given import MonthRun
    from macros.workbooks.plan import Plan


#: A sheet of fewer rows is printed on one page with its charts.
_ON_ONE_PAGE = 60


class Control(NamedTuple):
    """The control workbook as a file."""

    name: str
    content: bytes


def control_book(run: MonthRun, held: Sequence[Check], move: Movement | None) -> Control:
    """Make the control workbook; the same run always gives the same bytes.

    Args:
        run: the month.
        held: its checks.
        move: the way from last month to this; None where no month was issued before, and then its sheets are left out.

    Raises:
        Refused: a value that no cell can hold.
    """
    from macros.workbooks.packing import empty, pack
    from macros.workbooks.plan import nothing
    from macros.workbooks.words import guide

    book = empty()
    operators = [one.operator for one in run.accounts]
    sheets: list[tuple[str, list[Row], Sequence[str]]] = [
        ("overview", figures.overview(run), ()), ("checks", [_told(one) for one in held], ()),
        ("left_out", figures.left_out(run), ()), ("fixes", figures.fixes(run), ()),
        ("invoices", figures.invoices(run), ()),
        ("products", figures.products(run), operators), ("items", figures.items(run), operators),
    ]
    if move:
        everyone = move.operators
        sheets += [("movement", figures.waterfall(move, everyone), everyone), ("steps", figures.steps(move), ())]
    title = control()["title"].format(month=run.bill.month)
    fillings = []
    for name, rows, each in sheets:
        plan = _plan(control()["sheet"][name], each)
        sheet = with_table(book, plan, len(rows), title)
        if name == "checks":
            _mark(sheet, len(rows))
        fillings.append(Filling(sheet.title, {2: rows or [nothing(plan)]}))
        _draw_charts(sheet, name, rows, len(each))
    book.properties.creator, book.properties.title = guide()["comment_author"], title
    name = control()["file"].format(month=run.bill.month)
    return Control(name, filled(pack(book), name, fillings))


def _told(check: Check) -> Row:
    said = control()["check"]
    mark = said["yes" if check.holds else "no"]
    return [mark, said[check.name], check.operator or None, check.left, check.right, check.left - check.right]


def _plan(spec: Mapping[str, Any], each: Sequence[str]) -> Plan:
    """A sheet with a column for every operator in ``each``."""
    from macros.workbooks.plan import of_board

    columns: list[dict[str, Any]] = []
    for column in spec["columns"]:
        if column["name"] == "each":
            columns += [{**column, "name": f"each{number}", "title": who} for number, who in enumerate(each)]
        else:
            columns.append(column)
    return of_board({**spec, "columns": columns}, {})


def _mark(sheet: Worksheet, rows: int) -> None:
    """Colour the results of the checks."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    for name in ("yes", "no"):
        look = control()["colour"][name]
        dye = DifferentialStyle(
            font=Font(color=look["text"], bold=True), fill=PatternFill(bgColor=look["fill"], fill_type="solid")
        )
        rule = Rule(type="expression", dxf=dye, formula=[f'$A2="{control()["check"][name]}"'])
        sheet.conditional_formatting.add(f"A2:A{rows + 1}", rule)


def _draw_charts(sheet: Worksheet, name: str, rows: Sequence[Row], each: int) -> None:
    """The sheet's charts, below its rows: they follow the table on paper and never cover it."""
    from macros.monthly import charts

    look = control()["sheet"][name].get("chart")
    spread = any(column["name"] == "each" for column in control()["sheet"][name]["columns"])
    if look is None or len(rows) < 2 or (spread and not each):
        return
    at, own = f"A{len(rows) + 4}", list(range(2, 2 + each))
    sheet.page_setup.fitToHeight = 1 if len(rows) < _ON_ONE_PAGE else 0
    amounts = [value for row in rows for value in row[1:] if isinstance(value, Decimal)]
    least = Decimal(0) if min(amounts) >= 0 else None
    if name == "overview":
        named = [column["name"] for column in control()["sheet"][name]["columns"]]
        shown = [named.index(one) + 1 for one in look["columns"] if one != "before" or rows[-1][10] is not None]
        charts.columns(sheet, look["title"], shown, len(rows) - 1, at, least)
    elif name == "movement":
        levels = [value for row in rows for value in row[-4:-2] if isinstance(value, Decimal)]
        # From a little below the lowest step: a month's change could not be seen beside its sum.
        helpers = list(range(each + 3, each + 7))
        charts.waterfall(sheet, look["title"], helpers, len(rows), at, charts.floor_below(levels))
    else:
        charts.stacked(sheet, look["title"], own, len(rows) - 1, at, least)
        if "customers" in look:
            below = f"A{len(rows) + 6 + charts.rows_high(len(rows) - 1)}"
            charts.turned(sheet, look["customers"], own, len(rows), below, least)
