"""plan: the month's service actions made from their frequencies, submitted, approved or returned, carried over."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.commands import DONE, FAILED, FOUND, Answer, lists
from macros.commands.days import calendar_of
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.findings import finding
from macros.forms import forms
from macros.hosts import Refused
from macros.months import first_of, is_month, last_of, name_of, previous
from macros.periods import CalendarError
from macros.work.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from macros.findings import Finding
    from macros.register import Register


class Desk:
    """A shelf with the register read from it; read again only where something was written."""

    def __init__(self, shelf: Shelf, register: Register | None = None) -> None:
        self.shelf = shelf
        self.register = shelf.on_demand() if register is None else register

    def saved(self) -> tuple[Desk, list[Finding]]:
        """Write what was set and added; the desk to go on with, which reads only what was written."""
        before, self.shelf.saved = self.shelf.saved, set()
        findings = self.shelf.save()
        written, self.shelf.saved = self.shelf.saved, self.shelf.saved | before
        return (Desk(self.shelf, self.shelf.reread(self.register, written)) if written else self), findings


def plan(
    action: str, month: str, folder: Path, by: str = "", reason: str = "", manager: str = "", now: str | None = None,
) -> Answer:
    """Make a month's plan, move it through its states, or carry over what the month before left undone.

    Args:
        action: make, submit, approve, return or carry.
        month: ``2026-11``; the present month when empty.
        folder: the register.
        by: who submits, approves or returns.
        reason: why it is returned.
        manager: whose rows are submitted, approved or returned; everybody's when empty.
        now: the moment it is, the present when None.
    """
    shelf = Shelf(folder)
    today = moment(now).date()
    month = month or name_of(today)
    if not is_month(month):
        return lists.vain({"month": month, "action": action}, [finding("WRK001", value=month)])
    told: dict[str, Any] = {"month": month, "action": action}
    carrying = action == "carry" or (action == "make" and month <= name_of(today))
    try:
        desk, findings = keep_up(Desk(shelf, shelf.register()), month, today, told, carry=carrying)
        if action == "make" and not lists.failed(findings):
            findings += _make(desk, month, today, told)
        elif action in ("submit", "approve", "return"):
            findings += _move(desk, _Step(action, by, reason, manager), month, today, told)
    except CalendarError as error:
        return lists.vain({"month": month, "action": action}, [finding("WRK013", why=error)])
    except Refused as refused:
        return lists.vain({"month": month, "action": action}, [refused.finding])
    rows = [row for row in Desk(Shelf(folder)).register.rows("plan") if row.text("month") == month]
    told["marks"] = dict(Counter(row.text("mark") or "☆" for row in rows))
    told["states"] = dict(Counter(row.text("state") for row in rows))
    told["rows"] = len(rows)
    told["findings"] = [said.as_json() for said in findings]
    failed = FAILED if "moved" in told and not told["moved"] else FOUND
    return Answer(told, lists.whole(_lines(told), findings), failed if lists.failed(findings) else DONE)


class _Step(NamedTuple):
    """Which step a plan takes, who takes it and why, and whose rows it is about: everybody's when empty."""

    action: str
    by: str
    reason: str
    manager: str


def keep_up(
    desk: Desk, month: str, today: dt.date, told: dict[str, Any], *, carry: bool,
) -> tuple[Desk, list[Finding]]:
    """Tick the month and the one before by what was done, then carry over what the one before left undone.

    Raises:
        Refused: the plan's table lacks a column.
        CalendarError: the calendar does not hold the month.
    """
    from macros.tables import in_order
    from macros.work.planning import carried
    from macros.work.ticks import ticked

    marks, lacking = ticked(desk.register, {previous(month), month}, today), _lacking(desk.register)
    desk.shelf.update((row, {k: v for k, v in said.items() if k not in lacking}) for row, said in marks.updates)
    added = [] if lacking else marks.added
    desk.shelf.append(forms()["plan"], in_order("plan", added))
    told["ticked"] = [row.key for row, said in marks.updates if "done_on" in said]
    told["unplanned"] = [f"{row['month']}/{row['plan_no']}" for row in added]
    told["carried"] = []
    desk, findings = desk.saved()
    if lacking:
        form = forms()["plan"]
        titles = "、".join(form.column(name).title for name in lacking)
        return desk, [*findings, finding("WRK014", workbook=form.file, sheet=form.title, columns=titles)]
    if not carry or findings:
        return desk, findings
    if first_of(month) > today:
        return desk, [finding("WRK006", month=month, first=first_of(month))]
    old, new = carried(desk.register, calendar_of(desk.register), month, today)
    desk.shelf.update(old)
    desk.shelf.append(forms()["plan"], in_order("plan", new))
    told["carried"] = [{"from": row["carried_from"], "to": f"{month}/{row['plan_no']}"} for row in new]
    return desk.saved()


def _lacking(register: Register) -> list[str]:
    """Columns that ticking and carrying over write and that an older register's plan has not."""
    rows = register.rows("plan")
    wanted = ("mark", "action", "related", "carried_from", "carried")
    return [name for name in wanted if rows and not rows[0].columns[rows[0].form.index[name]]]


def _make(desk: Desk, month: str, today: dt.date, told: dict[str, Any]) -> list[Finding]:
    """Add the rows the month lacks."""
    from macros.tables import in_order
    from macros.work.events import events
    from macros.work.planning import doubts, made
    from macros.work.wanted import month_of, wanted

    if last_of(month) < today:
        return [finding("WRK007", month=month, last=last_of(month))]
    register, calendar = desk.register, calendar_of(desk.register)
    whole = month_of(register, calendar, month, events(register, today), today)
    rows = made(register, whole, wanted(register, calendar, whole), today)
    findings = [finding("WRK012")] if any(row["owner"] is None for row in rows) else []
    desk.shelf.append(forms()["plan"], in_order("plan", rows))
    after, said = desk.saved()
    if lists.failed(said):
        return [*findings, *said]
    told["made"] = [f"{month}/{row['plan_no']}" for row in rows]
    told["actions"] = dict(Counter(str(row["action"]) for row in rows))
    return [*findings, *said, *doubts(after.register, calendar, whole)]


def _move(desk: Desk, step: _Step, month: str, today: dt.date, told: dict[str, Any]) -> list[Finding]:
    """Submit, approve or return; what cannot be is told and nothing changes."""
    from macros.work import approval

    told["moved"] = []
    if step.action != "submit" and not step.by:
        return [finding("WRK002")]
    if step.action == "return" and not step.reason:
        return [finding("WRK003")]
    register = desk.register
    rows = approval.rows_of(register, month, step.manager)
    if step.action == "submit":
        who = step.by or step.manager or _manager(register)
        moved = approval.submit(rows, calendar_of(register), month, today, who)
    elif step.action == "approve":
        moved = approval.approve(rows, today, step.by)
    else:
        moved = approval.give_back(rows, today, step.by, step.reason)
    told["stage"], told["moved"] = moved.stage, [row.key for row, _ in moved.updates]
    if not moved.updates:
        words = rules()["plan"]
        return [finding(
            "WRK005", states="、".join(f"“{state}”" for state in moved.wanted), action=words["titles"][step.action],
            month=month, whose=step.manager, cure=words["before"][step.action],
        )]
    desk.shelf.update(moved.updates)
    findings = desk.shelf.save()
    if step.action == "approve" and step.by in approval.submitted_by([row for row, _ in moved.updates]):
        findings.append(finding("WRK004", value=step.by))
    return findings


def _manager(register: Register) -> str:
    return register.settings.get(rules()["plan"]["owner"], "")


def _lines(told: dict[str, Any]) -> list[str]:
    marks = "，".join(f"{mark}{count}项" for mark, count in sorted(told["marks"].items())) or "没有计划"
    states = "，".join(f"{state or '未填'} {count}" for state, count in told["states"].items())
    lines = [f"{told['month']}计划：{marks}；{states}。" if states else f"{told['month']}计划：{marks}。"]
    if "made" in told:
        what = "，".join(f"{name} {count}" for name, count in told["actions"].items())
        lines.append(f"  新编 {len(told['made'])} 项" + (f"：{what}" if what else "，已有的不动") + "。")
    if told.get("moved"):
        lines.append(f"  {rules()['plan']['titles'][told['action']]}{told['stage']} {len(told['moved'])} 项。")
    if told["ticked"] or told["unplanned"]:
        lines.append(f"  按台账勾选完成 {len(told['ticked'])} 项，计入计划外 {len(told['unplanned'])} 项。")
    lines += [f"  结转 {each['from']} → {each['to']}" for each in told["carried"]]
    return lines
