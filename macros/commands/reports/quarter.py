"""report quarter: visits of a quarter, what customers said and what became of it, follow-ups by department, service."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from macros.analytics.spans import quarter_of, span
from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.days import calendar_of
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.commands.worked_out import issue
from macros.hosts import refuse
from macros.periods import add_months
from macros.service.agenda import TREND
from macros.service.counts import service_month, service_months
from macros.service.quarter import LINE, PAGE, quarter
from macros.service.rules import rules
from macros.service.trend import trend_rows
from macros.tables import records

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from macros.analytics.spans import Span
    from macros.records import Value

PAPER = "quarter-report"


@no_collection()
def report(folder: Path, what: tuple[str, ...], out: Path, now: str | None) -> Answer:
    """Make the quarterly report of visit supervision (R5).

    Args:
        folder: the register.
        what: ``2026-Q4``; the present quarter when left out.
        out: where the paper goes.
        now: the moment it is, the present when None.

    Raises:
        Refused: ``what`` names no quarter (SVC034), or one that has not begun (SVC035).
    """
    at = moment(now)
    asked = _asked(what, at)
    shelf = Shelf(folder)
    register = shelf.register()
    calendar = calendar_of(register)
    last = min(asked.last, at.date())
    counts = service_month(register, calendar, asked.first, asked.last, at)
    made = quarter(register, asked.name, asked.title, asked.first, asked.last, at.date(), counts)
    back = add_months(last.replace(day=1), 1 - rules()["trend_months"])
    months = service_months(register, calendar, back, asked.last, at)
    past = {name: each for name, each in months.items() if each.first <= last}
    tables = {
        PAGE: records(PAGE, [made.page]), LINE: records(LINE, made.lines),
        TREND: records(TREND, trend_rows(asked.name, past)),
    }
    issued = issue(shelf, register, [(register.having(tables), [PAPER])], out, at)
    findings = [*issued.findings, *shelf.save()]
    told = {
        "now": at.isoformat(), "quarter": asked.name, "page": _plain(made.page),
        "lines": [_plain(line) for line in made.lines], "documents": issued.documents, "withheld": issued.withheld,
    }
    lines = [f"{asked.title}走访督办"]
    lines += [f"  {made.page[f'{name}_words']}" for name in ("visit", "opinion", "task", "fault", "complaint")]
    lines += [
        f"  {line['department']}：{line['total']} 项，完成 {line['done']}，逾期 {line['late']}，"
        f"按期完成率{line['rate_words']}"
        for line in made.part("departments")
    ]
    lines += [f"  {row['number']}  {row['file']}" for row in issued.documents]
    lines += [f"  扣发 {row['form']}：{said['message']}" for row in issued.withheld for said in row["findings"]]
    return lists.answer(told, lines, findings, issued.withheld)


def _asked(what: tuple[str, ...], at: dt.datetime) -> Span:
    if not what:
        return quarter_of(at.date())
    found = span(what[0]) if "-Q" in what[0] else None
    if found is None:
        raise refuse("SVC034", value=" ".join(what))
    if found.first > at.date():
        raise refuse("SVC035", value=found.name)
    return found


def _plain(row: Mapping[str, Value]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}
