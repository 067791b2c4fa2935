"""changes: the path of every change by §2.1.4, what of it is done and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.clocks.item import iso
from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.books import write_report
from macros.commands.days import calendar_of
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.findings import about
from macros.loops.changes import trails
from macros.loops.orders import age, customer_of
from macros.loops.words import rules
from macros.records import as_cell

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from macros.findings import Finding
    from macros.loops.changes import Trail
    from macros.records import Cell
    from macros.register import Register
    from macros.workbooks.reports import Sheet
    from macros.workdays import Calendar


@no_collection()
def changes(folder: Path, out: Path | None = None, now: str | None = None) -> Answer:
    """Follow every change along its path: pause, costs, compensation, other customers, new site; writes 变更跟踪.xlsx.

    Args:
        folder: the register, which is not changed.
        out: where the workbook goes; the register's folder when None.
        now: the moment it is, the present when None.
    """
    register = Shelf(folder).register()
    today, calendar = moment(now).date(), calendar_of(register)
    found, findings = trails(register, today)
    findings += [said for each in found if (said := _said(each, _days(each, calendar, today)))]
    said = rules()["changes"]["workbook"]
    path = (out or folder) / said["file"]
    findings += write_report(path, said["title"], _sheets(register, found, calendar, today))
    changed = [_json(each, _days(each, calendar, today)) for each in found]
    told = {"day": today.isoformat(), "changes": changed, "file": str(path)}
    return lists.answer(told, _lines(found, today, path), findings)


def _days(each: Trail, calendar: Calendar, today: dt.date) -> int | None:
    return age(calendar, each.day, today)


def _said(each: Trail, days: int | None) -> Finding | None:
    """What to do next; a pause that was not told, or a step left open when 3.5 was signed, is a warning."""
    step = each.next
    if step is None:
        return None
    words = {"path": each.path, "title": step.title, "say": step.say, "clause": step.clause, "days": days or 0}
    code = "LOO022" if each.signed else "LOO021" if step.at_once else "LOO020"
    return about(each.change, "change_no", code, **words)


def _next(each: Trail) -> str:
    return f"{each.next.title}：{each.next.say}" if each.next else str(rules()["changes"]["words"]["finished"])


def _count(each: Trail, *states: str) -> int:
    return sum(step.state in states for step in each.steps)


def _sheets(register: Register, found: Sequence[Trail], calendar: Calendar, today: dt.date) -> list[Sheet]:
    listed, steps = rules()["changes"]["sheet"]
    states = rules()["changes"]["states"]
    rows: list[list[Cell]] = [
        [
            each.change.key, each.demand.key, each.demand.text("site_name"), customer_of(register, each.demand),
            each.demand.text("solution"), each.change.text("phase"), each.fault, each.path, each.clause, each.day,
            _days(each, calendar, today), as_cell(each.costs), _count(each, "done"), _count(each, "open", "waits"),
            _next(each),
        ] for each in found
    ]
    return [(listed, rows), (steps, [
        [each.change.key, number, step.title, step.clause, states[step.state], step.say]
        for each in found for number, step in enumerate(each.steps, 1)
    ])]


def _json(each: Trail, days: int | None) -> dict[str, Any]:
    return {
        "key": each.change.key, "demand": each.demand.key, "path": each.path, "clause": each.clause,
        "fault": each.fault, "since": iso(each.day), "days": days,
        "costs": str(each.costs), "next": each.next.id if each.next else None,
        "steps": [
            {"id": step.id, "title": step.title, "clause": step.clause, "state": step.state, "say": step.say}
            for step in each.steps
        ],
    }


def _lines(found: Sequence[Trail], today: dt.date, path: Path) -> list[str]:
    states = rules()["changes"]["states"]
    ended = sum(each.next is None for each in found)
    lines = [f"截至 {today}：变更 {len(found)} 条，办结 {ended} 条。明细见《{path.name}》。"]
    for each in found:
        lines.append(f"  {each.change.key} {each.demand.key}  {each.path}（{each.clause}）")
        lines += [f"    {states[step.state]}  {step.title}  {step.say}".rstrip() for step in each.steps]
    return lines
