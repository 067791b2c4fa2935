"""report forecast: how well demand was forecast, what became of the goals; a workbook of figures and a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.analytics.counting import rules
from macros.analytics.figures import plain
from macros.analytics.outlook import outlook, shown
from macros.analytics.spans import month_of, span
from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.books import write_report
from macros.commands.reports.forecast_sheets import as_json, paper, sheets
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.commands.worked_out import issue
from macros.forms import forms
from macros.hosts import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from macros.analytics.outlook import Outlook
    from macros.analytics.spans import Span

PAPER = "forecast"


@no_collection()
def report(folder: Path, what: Sequence[str], out: Path, now: str | None = None) -> Answer:
    """Work out a month's forecast analysis; writes 需求预测分析-YYYY-MM.xlsx and the paper.

    Args:
        folder: the register.
        what: the month, the present one when empty.
        out: where workbook and paper go.
        now: the moment it is, the present when None.
    """
    at = moment(now)
    month = asked(what) or month_of(at.date())
    shelf = Shelf(folder)
    register = shelf.register()
    made = outlook(register, month, at.date())
    own = {forms()[code].title for code in ("forecast", "target")} | {""}
    home = forms()["forecast"].file
    findings = [said for said in register.findings if said.workbook == home and said.sheet in own]
    findings += made.findings
    documents: list[dict[str, Any]] = []
    withheld: list[dict[str, Any]] = []
    file = ""
    if made.month.lines or made.year.lines or made.goals:
        path = out / rules()["workbook"]["file"].format(month=month.name)
        findings += write_report(path, rules()["workbook"]["title"], sheets(made))
        file = str(path)
        issued = issue(shelf, register, [(register.having(paper(made, at)), [PAPER])], out, at)
        documents, withheld = issued.documents, issued.withheld
        findings += issued.findings
        findings += shelf.save()
    data = {
        "now": at.isoformat(), "month": month.name, **as_json(made), "file": file, "documents": documents,
        "withheld": withheld,
    }
    return lists.answer(data, _lines(made, month, file, documents), findings, withheld)


def asked(what: Sequence[str]) -> Span | None:
    """The month the words name; None where they name none.

    Raises:
        Refused: they name something else (KPI004).
    """
    if not what:
        return None
    found = span(what[0])
    if found is None or len(found.months) > 1 or len(what) > 1:
        raise refuse("KPI004", value=" ".join(what), rule=rules()["words"]["month_rule"])
    return found


def _lines(made: Outlook, month: Span, file: str, documents: Sequence[dict[str, Any]]) -> list[str]:
    said = rules()["words"]
    lines = [f"{month.title}需求预测分析（{said['month']}／{said['year']}）："]
    years = {figure.title: figure.shown for figure in made.year.figures}
    lines += [f"  {each.title}：{each.shown}／{years.get(each.title, '')}" for each in made.month.figures]
    lines += [
        f"  {goal.title}：计划 {goal.plan}，实际 {said['unknown'] if goal.actual is None else plain(goal.actual)}"
        f"，完成率 {goal.attained.shown}，进度完成率 {goal.paced.shown}" for goal in made.goals
    ]
    lines += [
        f"  偏差超过 {shown(made.limit)}：{miss.line.customer} {miss.line.item} {miss.figure.shown}"
        f"（{miss.side}），原因：{miss.reason or said['ask']}" for miss in made.misses
    ]
    lines += [f"  {row['number']}  {row['file']}" for row in documents]
    return [*lines, f"明细、公式和图见《{file}》。"] if file else lines
