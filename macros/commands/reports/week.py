"""report week: the diary filled from the registers, and each manager's weekly summary in Word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.commands import Answer, lists
from macros.commands.days import calendar_of
from macros.commands.diaries import write_up
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.commands.worked_out import issue
from macros.findings import finding
from macros.hosts import Refused
from macros.periods import CalendarError
from macros.tables import records
from macros.work.weekly import figures, idle_days, lines, managers, span
from macros.work.words import rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from macros.tables import Values


def report(folder: Path, what: Sequence[str], out: Path, now: str | None = None) -> Answer:
    """Summarise a week for every manager; the diary's missing lines are proposed and written first.

    Args:
        folder: the register.
        what: a day of the week (the present one when not given) and, after it, one manager.
        out: where the papers go.
        now: the moment it is, the present when None.
    """
    at = moment(now)
    try:
        day = moment(what[0]).date() if what else at.date()
    except Refused:
        return lists.vain({}, [finding("WRK030", value=what[0])])
    week = span(day, at.date())
    shelf = Shelf(folder)
    added, findings = write_up(shelf, shelf.register(), week.first, week.until)
    findings += shelf.save()
    shelf = Shelf(folder)
    register = shelf.register()
    who = [name for name in managers(register, week) if len(what) < 2 or name in what[1:]]
    if not who:
        findings.append(finding("WRK012"))
    try:
        told = [figures(register, calendar_of(register), week, name) for name in who]
    except CalendarError as error:
        return lists.vain({}, [*findings, finding("WRK013", why=error)])
    rows = [line for name in who for line in lines(register, week, name)]
    tables = {"week": records("week", told), "week_line": records("week_line", rows)}
    papers = [(register.having(tables), [rules("diary")["paper"]])] if told else []
    documents, withheld, said_of = issue(shelf, register, papers, out, at)
    findings += [*said_of, *shelf.save()]
    findings += [finding("WRK031", days=f"{name}{days}") for name, days in idle_days(told).items()]
    data: dict[str, Any] = {
        "week": week.name, "first": week.first.isoformat(), "last": week.last.isoformat(), "proposed": len(added),
        "managers": [_json(row) for row in told], "documents": documents, "withheld": withheld,
    }
    return lists.answer(data, _lines(data, told), findings, withheld)


def _json(row: Values) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("week", "first", "last")}


def _lines(data: dict[str, Any], told: Sequence[Values]) -> list[str]:
    ask = "，请补充完善" if data["proposed"] else ""
    lines = [f"{data['week']}（{data['first']} 至 {data['last']}）：代拟工作日志 {data['proposed']} 行{ask}。"]
    lines += [
        f"  {row['manager']}  拜访 {row['visits']} 次、上门 {row['visited']} 户；计划 {row['planned']} 项，"
        f"完成 {row['done']} 项；出具单据 {row['papers']} 份；"
        f"办结故障投诉 {row['cases']} 件；未写日志：{row['unwritten']}" for row in told
    ]
    lines += [f"  {row['number']}  {row['file']}" for row in data["documents"]]
    return lines + [f"  扣发 {row['key']}：{said['message']}" for row in data["withheld"] for said in row["findings"]]
