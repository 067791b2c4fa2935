"""report kpi: managers scored by the user's indicators; a page for each, a workbook with every row behind a score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.analytics.appraisal import cards, scheme
from macros.analytics.indicators import rules
from macros.analytics.sources import Sources
from macros.analytics.spans import quarter_of, span
from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.books import write_report
from macros.commands.days import calendar_of
from macros.commands.reports.kpi_papers import GRADES, PAGE, VALUES, grades, kpi
from macros.commands.reports.kpi_sheets import as_json, sheets, shown
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.commands.worked_out import issue
from macros.forms import forms
from macros.hosts import refuse

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from macros.analytics.appraisal import Card
    from macros.analytics.spans import Span

_TABLES = ("indicator", "score", "survey", "grade")


@no_collection()
def report(folder: Path, what: Sequence[str], out: Path, now: str | None = None) -> Answer:
    """Score the managers of a period; writes 考核-期间.xlsx, a page for each manager and the grids of service grades.

    Args:
        folder: the register.
        what: the period (the present quarter when none is named) and, where only one page is wanted, whose.
        out: where workbook and papers go.
        now: the moment it is, the present when None.
    """
    at = moment(now)
    shelf = Shelf(folder)
    register = shelf.register()
    period, name = asked(what, at)
    sources = Sources(register, calendar_of(register), period, at)
    if name and name not in sources.managers:
        raise refuse("KPI018", value=name, known="、".join(sources.managers))
    plan = scheme(register, period)
    held = cards(plan, sources, sources.managers)
    wanted = [card for card in held if name in ("", card.manager)]
    own = {forms()[code].title for code in _TABLES} | {""}
    file = forms()["indicator"].file
    findings = [said for said in register.findings if said.workbook == file and said.sheet in own]
    findings += plan.findings
    findings += [said for row in sources.marks for said in sources.against(row)]
    findings += sources.grid("").findings
    path = out / rules()["workbook"]["file"].format(period=period.name)
    findings += write_report(path, rules()["workbook"]["title"], sheets(held, sources, sources.managers))
    ranked = sum(card.rank is not None for card in held)
    papers = [
        (register.having({**kpi(some, ranked, sources)}), [paper])
        for paper, some in ((PAGE, [card for card in wanted if card.total is not None]),
                            (VALUES, [card for card in wanted if card.total is None])) if some
    ]
    graded = grades(sources)
    papers += [(register.having({**graded}), [GRADES])] if graded["grade_page"] and not name else []
    issued = issue(shelf, register, papers, out, at)
    findings += issued.findings
    findings += shelf.save()
    data = {
        "now": at.isoformat(), "period": period.name, "managers": as_json(wanted), "file": str(path),
        "documents": issued.documents, "withheld": issued.withheld,
    }
    files = [f"  {row['number']}  {row['file']}" for row in issued.documents]
    return lists.answer(data, _lines(wanted, sources, str(path), files), findings, issued.withheld)


def asked(what: Sequence[str], at: dt.datetime) -> tuple[Span, str]:
    """The period and the manager the words name, in either order; the quarter of ``at`` and nobody where they do not.

    Raises:
        Refused: two periods, two names, a period written wrongly, or one still to come (KPI004).
    """
    periods = [found for word in what if (found := span(word))]
    names = [word for word in what if not span(word)]
    if len(periods) > 1 or len(names) > 1 or any(word[:2] == "20" for word in names):
        raise refuse("KPI004", value=" ".join(what), rule=rules()["words"]["period_rule"])
    period = periods[0] if periods else quarter_of(at.date())
    if period.first > at.date():
        raise refuse("KPI004", value=period.name, rule=rules()["words"]["begun_rule"])
    return period, names[0] if names else ""


def _lines(held: Sequence[Card], sources: Sources, file: str, files: Sequence[str]) -> list[str]:
    said, period = rules()["words"], sources.period
    unfinished = said["as_of"].format(day=sources.last) if sources.last < period.last else ""
    lines = [f"{period.title}考核" + (f"（{unfinished}）" if unfinished else "") + "："]
    for card in held:
        none = said["no_rank"]
        lines.append(
            f"  {card.manager}：百分制得分 {shown(card.converted, none)}，等级 {card.grade or none}"
            f"，名次 {card.rank or none}"
        )
        lines += [
            f"    {one.indicator.key} {one.indicator.text('title')}：{one.found.figure.shown}"
            + (f"，得 {shown(one.weighted)}／{shown(one.weight)}" if one.weighted is not None else "")
            for one in card.scores if one.weight is not None or one.found.figure.value is not None
        ]
    return [*lines, *files, f"得分、公式、依据见《{file}》。"]
