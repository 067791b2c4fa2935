"""visits: whom to visit today, the weekly quota, what is overdue, logs and minutes missing, follow-ups by owner."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.books import write_report
from macros.commands.diaries import write_up
from macros.commands.judging import judged
from macros.commands.planning import Desk, keep_up
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.commands.worked_out import issue
from macros.findings import about, finding
from macros.hosts import Refused
from macros.months import name_of
from macros.periods import CalendarError
from macros.tables import records
from macros.work.agenda import agenda, rows
from macros.work.quotas import by_owner, followed, is_done, owed, quotas
from macros.work.weeks import week_of
from macros.work.words import rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from macros.clocks.item import Item
    from macros.findings import Finding
    from macros.records import Cell, Record
    from macros.register import Register
    from macros.work.agenda import Line
    from macros.work.quotas import Followed, Owed, Quota
    from macros.workbooks.reports import Sheet


@no_collection()
def visits(folder: Path, out: Path | None = None, now: str | None = None) -> Answer:
    """Say whom to visit today and what is owed; writes 拜访情况.xlsx and the day's list.

    The plan is ticked by what was done, what last month left undone is carried over, and the diary's lines of the last
    days are proposed.

    Args:
        folder: the register.
        out: where the workbook goes; the register's folder when None.
        now: the moment it is, the present when None.
    """
    at = moment(now)
    shelf = Shelf(folder)
    desk, today, told = Desk(shelf, shelf.register()), at.date(), dict[str, Any]()
    try:
        desk, findings = keep_up(desk, name_of(today), today, told, carry=True)
    except (CalendarError, Refused) as error:
        desk = Desk(Shelf(folder))
        findings = [error.finding] if isinstance(error, Refused) else [finding("WRK013", why=error)]
    shelf, register = desk.shelf, desk.register
    first = today - dt.timedelta(days=rules("diary")["days"])
    written, said_of_diary = write_up(shelf, register, first, today)
    findings += said_of_diary
    items = _judged(register, at)
    weekly, lacking, open_ = quotas(items, register, today), owed(register, today), followed(register, today)
    lines = agenda(register, items, weekly, today)
    overdue = _overdue(register, today)
    findings += _doubts(weekly, lacking, open_, today)
    printed = rows(register, lines, today)
    papers = [(register.having({"agenda": records("agenda", printed)}), [rules("visits")["paper"]])] if printed else []
    documents, withheld, said = issue(shelf, register, papers, folder / rules("visits")["home"], at)
    findings += [*said, *shelf.save()]
    book = rules("visits")["workbook"]
    path = (out or folder) / book["file"]
    sheets = _sheets(lines, printed, weekly, overdue, lacking, open_, _planned(register, today), today)
    findings += write_report(path, book["title"], sheets)
    data = {
        "day": today.isoformat(), "today": [line._asdict() | {"due": line.due.isoformat()} for line in lines],
        "weeks": [
            {"customer": each.customer, "week": each.week, "visits": each.visits, "state": each.state}
            for each in weekly
        ],
        "overdue": [row.key for row in overdue],
        "logs": [{"visit": each.row.key, "missing": list(each.missing)} for each in lacking],
        "followups": [
            {"key": each.row.key, "owner": each.owner, "state": each.state}
            for each in open_ if not is_done(each, today)
        ],
        "owners": {owner: list(counts) for owner, counts in by_owner(open_, today).items()},
        **told, "diary": len(written), "documents": documents, "withheld": withheld, "file": str(path),
    }
    return lists.answer(data, _lines(data, lines, weekly, today), findings, withheld)


def _judged(register: Register, at: dt.datetime) -> list[Item]:
    """The board's items of the clocks that speak of visits."""
    rule = rules("visits")
    clocks = [*rule["clocks"].values(), *(each["clock"] for each in rule["call"])]
    return judged(register, at, clocks).items


def _overdue(register: Register, today: dt.date) -> list[Record]:
    """Planned rows whose day has passed, neither done nor carried over, the oldest first."""
    states = rules()["plan"]["states"]
    found = [
        (day, row) for row in register.rows("plan")
        if (day := row.date("planned_on")) and day < today and row["done_on"] is None
        and row.text("state") not in (states["carried"], states["done"])
    ]
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def _planned(register: Register, today: dt.date) -> dict[str, list[str]]:
    """The open visits planned in this week, by customer."""
    found: dict[str, list[str]] = {}
    for row in register.rows("plan"):
        on = row.date("planned_on")
        if on and row["done_on"] is None and week_of(on) == week_of(today) and row["customer_name"] is not None:
            found.setdefault(row.text("customer_name"), []).append(f"{on:%m-%d} {row.text('action') or row['kind']}")
    return found


def _doubts(
    weekly: Sequence[Quota], lacking: Sequence[Owed], open_: Sequence[Followed], today: dt.date,
) -> list[Finding]:
    """Weeks that are over or end today without a visit, missing papers, follow-ups overdue."""
    found = [
        finding("WRK020", customer=each.customer, week=each.week) for each in weekly
        if not each.visits and each.week == week_of(today) and each.due <= today
    ]
    found += [about(each.row, "visited_on", "WRK021", missing="、".join(each.missing)) for each in lacking]
    return found + [
        about(each.row, "due_on", "WRK022", due=each.due, days=each.days, owner=each.owner or "责任人")
        for each in open_ if each.days
    ]


def _sheets(
    lines: Sequence[Line], printed: Sequence[Any], weekly: Sequence[Quota], overdue: Sequence[Record],
    lacking: Sequence[Owed], open_: Sequence[Followed], planned: dict[str, list[str]], today: dt.date,
) -> list[Sheet]:
    said = rules("visits")["states"]
    daily, week, weeks, late, logs, follow, owners = rules("visits")["sheet"]

    def state(due: dt.date) -> str:
        words = said["late"].format(days=(today - due).days) if due < today else said["today"]
        return str(words if due <= today else said["open"])

    listed: list[list[Cell]] = [
        [state(line.due), line.manager, line.customer, line.reason, line.due, line.content, line.related,
         row["person"], row["phone"]] for line, row in zip(lines, printed, strict=True)
    ]
    quota: list[list[Cell]] = [
        [each.state, each.week, each.due, each.customer, each.manager, each.visits, each.last_on,
         "；".join(planned.get(each.customer, [])) if each.week == week_of(today) else None] for each in weekly
    ]
    by_week: list[list[Cell]] = [
        [name, sum(bool(one.visits) for one in found), sum(not one.visits for one in found)]
        for name in sorted({one.week for one in weekly})
        for found in [[one for one in weekly if one.week == name]]
    ]
    behind: list[list[Cell]] = [
        [state(row.date("planned_on") or today), row.key, row.text("customer_name"), row.text("owner"),
         row.date("planned_on"), row.text("content"), int(row.text("carried") or 0) or None] for row in overdue
    ]
    missing: list[list[Cell]] = [
        [state(each.day), each.row.key, each.day, each.row.text("customer_name"), "、".join(each.missing)]
        for each in lacking
    ]
    matters: list[list[Cell]] = [
        [each.state, each.owner, each.row.key, each.row.text("source_no"), each.row.text("customer_name"),
         each.row.text("matter"), each.due]
        for each in sorted(open_, key=lambda one: one.owner) if not is_done(each, today)
    ]
    counted: list[list[Cell]] = [[owner, *counts] for owner, counts in by_owner(open_, today).items()]
    return [
        (daily, listed), (week, quota), (weeks, by_week), (late, behind), (logs, missing), (follow, matters),
        (owners, counted),
    ]


def _lines(data: dict[str, Any], lines: Sequence[Line], weekly: Sequence[Quota], today: dt.date) -> list[str]:
    running = [each for each in weekly if each.week == week_of(today)]
    done = sum(bool(each.visits) for each in running)
    text = [
        f"{today} 今日名单 {len(lines)} 项；{week_of(today)} 已上门 {done} 户，未上门 {len(running) - done} 户；"
        f"计划逾期 {len(data['overdue'])} 项；日志纪要未补齐 {len(data['logs'])} 次；"
        f"跟进事项未办结 {len(data['followups'])} 件。"
    ]
    text += lists.some([
        f"  {line.manager or '无责任人'}  {line.customer}  {line.reason}  {line.content}" for line in lines
    ])
    text += [f"  代拟工作日志 {data['diary']} 行。"] if data["diary"] else []
    text += [f"  结转 {each['from']} → {each['to']}" for each in data.get("carried", [])]
    text += [f"  {row['number']}  {row['file']}" for row in data["documents"]]
    return [*text, f"明细和图见《{data['file'].rsplit('/', 1)[-1]}》。"]
