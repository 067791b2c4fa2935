"""schedule: the milestones of projects, drawn backwards from the agreed delivery day, and how they stand (§2.2.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.clocks.item import iso
from macros.commands import Answer, lists
from macros.commands.days import calendar_of
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.delivery.progress import Line, Stone, lines
from macros.delivery.schedule import Planned, drawn, latest, rules, template_for
from macros.findings import Finding, about, finding
from macros.forms import forms
from macros.periods import CalendarError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.records import Record, Value
    from macros.register import Register
    from macros.workdays import Calendar


@dataclass(slots=True)
class _Project:
    """One project: its row, the day it is due, its milestones' rows, and the plan drawn for it."""

    row: Record
    deliver: dt.date
    held: dict[str, Record]
    template: str = ""
    planned: list[Planned] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def schedule(keys: Sequence[str], folder: Path, redraw: bool = False, now: str | None = None) -> Answer:
    """Draw the milestones of projects that have none, and fill in how all of them stand.

    Args:
        keys: project numbers; none means every project approved and not finished.
        folder: the register.
        redraw: give milestones that are not reached new planned days, after the delivery day or the calendar changed.
        now: the moment to judge by.
    """
    shelf = Shelf(folder)
    register = shelf.register()
    today = moment(now).date()
    calendar = calendar_of(register)
    projects, findings = _projects(register, keys)
    told = []
    for project in projects:
        findings += _plan(register, project, calendar)
        plan = {each.milestone: each for each in project.planned if redraw or not project.held}
        standing = _standing(project, plan, today)
        shelf.append(forms()["milestone"], standing.new)
        shelf.update(standing.updates)
        findings += standing.findings
        told.append(_json(project))
    findings += shelf.save()
    return lists.answer({"projects": told}, _lines(projects), findings)


def refresh(shelf: Shelf, register: Register, today: dt.date) -> Register:
    """Fill in how the milestones of all projects stand on a day, for papers that print it.

    Args:
        shelf: the folder, which is not saved here.
        register: its tables.
        today: the day of the papers.

    Returns:
        The register with these cells filled.
    """
    updates = [each for project in _projects(register, ())[0] for each in _standing(project, {}, today).updates]
    if not updates:
        return register
    shelf.update(updates)
    filled = {row.place: values for row, values in updates}
    rows = tuple(row.changed(filled.get(row.place, {})) for row in register.rows("milestone"))
    return register.having({"milestone": rows})


class _Standing(NamedTuple):
    """What is to be written of a project's milestones: new rows, changed cells, and what there is to say."""

    new: list[list[Value]]
    updates: list[tuple[Record, dict[str, Value]]]
    findings: list[Finding]


def _standing(project: _Project, plan: Mapping[str, Planned], today: dt.date) -> _Standing:
    """How a project's milestones stand, those of ``plan`` on their new days; ``project.lines`` is set.

    Findings tell of milestones overdue and not chased, late for the delivery day, or early enough to offer (§2.2.2.4).
    """
    form, row = forms()["milestone"], project.row
    stones = {
        name: Stone(name, day, held.date("actual_on"))
        for name, held in project.held.items() if (day := held.date("planned_on"))
    }
    for name, planned in plan.items():
        if name not in stones or not stones[name].actual:
            stones[name] = Stone(name, planned.last, None)
    project.lines = lines(stones.values(), row.date("told_on"), row.date("approved_on"), today)
    found = _Standing([], [], [])
    for line in project.lines:
        name = line.stone.milestone
        values: dict[str, Value] = {
            "project_no": row.key, "milestone": name, "planned_on": line.stone.planned,
            "deviation_days": line.deviation, "news": line.news or None, "bar": line.bar,
        }
        if name in plan and not line.stone.actual:
            values["tight"] = _tight(plan[name])
        held = project.held.get(name)
        if held is None:
            found.new.append([values.get(column.name) for column in form.columns])
            continue
        fresh = {
            column: value for column, value in values.items()
            if held[column] != value and held.columns[form.index[column]]
        }
        if fresh:
            found.updates.append((held, fresh))
        found.findings.extend(_said(held, line.stone, project.deliver, today))
    return found


def _said(row: Record, stone: Stone, deliver: dt.date, today: dt.date) -> list[Finding]:
    words = {"milestone": stone.milestone, "planned": stone.planned}
    if stone.actual:
        early = (stone.planned - stone.actual).days
        return [about(row, "actual_on", "SCH007", days=early, **words)] if early > 0 else []
    if stone.planned < today and not row["chased_on"]:
        return [about(row, "chased_on", "SCH003", days=(today - stone.planned).days, **words)]
    if stone.planned > deliver:
        return [about(row, "planned_on", "SCH004", deliver=deliver, **words)]
    return []


def _projects(register: Register, keys: Sequence[str]) -> tuple[list[_Project], list[Finding]]:
    """The projects asked for that can be planned, and what keeps the others from it."""
    findings: list[Finding] = [finding("SCH006", value=key) for key in keys if not register.find("project", key)]
    stones = register.groups("milestone", ("project_no",))
    found = []
    for row in register.rows("project"):
        if row.key not in keys if keys else (row["closed_on"] or not row["approved_on"]):
            continue
        deliver = row.date("new_deliver_on") or row.date("deliver_on")
        missing = next((name for name in ("approved_on", "deliver_on") if not row[name]), "")
        if missing or deliver is None:
            findings.append(about(row, missing or "deliver_on", "SCH002"))
            continue
        held = {each.text("milestone"): each for each in stones.get((row.key,), [])}
        found.append(_Project(row, deliver, held))
    return found, findings


def _plan(register: Register, project: _Project, calendar: Calendar) -> list[Finding]:
    """Draw a project's plan; a plan that cannot keep the delivery day says by how much."""
    row = project.row
    demand = register.find("demand", row.text("demand_no"))
    template = template_for(
        demand.text("product_class") if demand else "", demand.text("solution") if demand else "",
    )
    begin = row.date("approved_on")
    if template is None or begin is None:
        return []
    project.template = template.name
    try:
        project.planned = drawn(template.steps, begin, project.deliver, calendar)
    except CalendarError:
        return [about(row, "deliver_on", "SCH008")]
    findings = [
        about(row, "deliver_on", "SCH005", milestone=each.milestone, planned=each.last)
        for each in project.planned[-1:] if each.provisional
    ]
    late = latest(project.planned)
    if late:
        cell = "new_deliver_on" if row["new_deliver_on"] else "deliver_on"
        first = max(each.first for each in project.planned)
        findings.append(about(row, cell, "SCH001", template=template.name, first=first, days=late))
    return findings


def _tight(planned: Planned) -> str:
    words = rules()["words"]
    return str(words["critical"] if planned.critical else words["slack"].format(days=planned.slack))


def _json(project: _Project) -> dict[str, Any]:
    drawn_ = {each.milestone: each for each in project.planned}
    return {
        "key": project.row.key, "template": project.template, "deliver": project.deliver.isoformat(),
        "late_days": latest(project.planned),
        "milestones": [
            {
                "milestone": line.stone.milestone, "planned_on": line.stone.planned.isoformat(),
                "actual_on": iso(line.stone.actual),
                "deviation_days": line.deviation, "news": line.news, "bar": line.bar,
            } | _drawn(drawn_.get(line.stone.milestone))
            for line in project.lines
        ],
    }


def _drawn(planned: Planned | None) -> dict[str, Any]:
    if planned is None:
        return {"last": None, "first": None, "slack": None, "critical": None, "provisional": None}
    return {
        "last": planned.last.isoformat(), "first": planned.first.isoformat(), "slack": planned.slack,
        "critical": planned.critical, "provisional": planned.provisional,
    }


def _lines(projects: Sequence[_Project]) -> list[str]:
    said = [f"排期 {len(projects)} 个项目，写入《交付台账》里程碑。"]
    for project in projects:
        said.append(f"  {project.row.key}  {project.row.text('project_name')}  交付 {project.deliver}")
        said += [
            f"    {line.stone.milestone}  {line.stone.planned}  {line.bar}  {line.news}".rstrip()
            for line in project.lines
        ]
    return said
