"""report meeting: the papers of a month's service meetings with customers, and of the team's own meetings."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.days import calendar_of
from macros.commands.judging import judged
from macros.commands.reports.meeting_pack import Prepared, prepared, runs
from macros.commands.service import asked_month
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.commands.worked_out import Issued, issue
from macros.findings import finding
from macros.forms import forms
from macros.hosts import Refused
from macros.months import first_of
from macros.service import meetings
from macros.service.meetings import kind_of, kinds, rules
from macros.service.overview import overview
from macros.tables import in_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.findings import Finding
    from macros.records import Record, Value
    from macros.register import Register

#: Signs of a moment down to the minute.
_MINUTE = 16


@no_collection()
def report(folder: Path, what: tuple[str, ...], out: Path, now: str | None) -> Answer:
    """Work out a month's meetings, propose what their rows leave blank, and make their papers.

    Args:
        folder: the register.
        what: the month ``YYYY-MM``, the present one when left out; then customers, or 周会, 月会; all when none.
        out: where the papers go.
        now: the moment it is, the present when None.
    """
    at = moment(now)
    month, chosen = _asked(what, at)
    shelf = Shelf(folder)
    register = shelf.register()
    calendar = calendar_of(register)
    findings: list[Finding] = []
    shelf, register = _added(shelf, register, month, at, chosen, findings)
    seen = overview(register, calendar, at, month)
    items = judged(register, at).items
    held = [row for row in register.rows("meeting") if row["month"] == month and _wanted(row, chosen)]
    found = prepared(register, held, seen, items, at)
    try:
        shelf.update((each.meeting, meetings.proposals(each.meeting, each.wanted)) for each in found)
    except Refused as refused:
        findings.append(refused.finding)
    issued = issue(shelf, register, runs(register, found, seen), out, at)
    findings += issued.findings
    findings += shelf.save()
    if not found:
        findings.append(finding("SVC031", value=month))
    told = {
        "now": at.isoformat(), "month": month, "meetings": [_json(each) for each in found],
        "documents": issued.documents, "withheld": issued.withheld,
    }
    return lists.answer(told, _lines(found, issued, month), list(dict.fromkeys(findings)), issued.withheld)


def _asked(what: tuple[str, ...], at: dt.datetime) -> tuple[str, tuple[str, ...]]:
    """The month and the customers or kinds of meeting asked for."""
    if what and what[0][:1].isdigit():
        return asked_month(what[0]), what[1:]
    return f"{at:%Y-%m}", what


def _wanted(meeting: Record, chosen: Sequence[str]) -> bool:
    kind = kinds().get(kind_of(meeting), {})
    names = {meeting.text("customer_name"), meeting.key, kind_of(meeting), *kind.get("words", ())}
    return not chosen or bool(names & set(chosen))


def _added(
    shelf: Shelf, register: Register, month: str, at: dt.datetime, chosen: tuple[str, ...], findings: list[Finding],
) -> tuple[Shelf, Register]:
    """Propose rows for customers whose meeting of the month is not entered; the register read anew if any came."""
    known = {row.text("customer_name") for row in register.rows("customer")}
    words = {word for kind in kinds().values() for word in (kind["title"], *kind["words"])}
    held = {row.key for row in register.rows("meeting")}
    findings += [finding("SVC032", value=name) for name in chosen if name not in known | words | held]
    customers = tuple(name for name in chosen if name in known)
    # What was not entered in its month is not invented afterwards.
    if (chosen and not customers) or month < f"{at:%Y-%m}":
        return shelf, register
    made, undated = meetings.missing(register, first_of(month), customers, calendar_of(register))
    if undated:
        names = "、".join(row.text("customer_name") for row in undated[: rules()["named"]])
        findings.append(finding("SVC030", count=len(undated), names=names, month=month))
    if not made:
        return shelf, register
    try:
        shelf.append(forms()["meeting"], in_order("meeting", made))
    except Refused as refused:
        findings.append(refused.finding)
        return shelf, register
    unsaved = shelf.save()
    if unsaved:
        findings += unsaved
        return Shelf(shelf.folder), register
    findings += [
        finding("SVC033", key=str(row["meeting_no"]), value=row["customer_name"], at=str(row["planned_at"])[:_MINUTE])
        for row in made
    ]
    anew = Shelf(shelf.folder)
    return anew, anew.register()


def _json(each: Prepared) -> dict[str, Any]:
    return {
        "key": each.meeting.key, "kind": kind_of(each.meeting), "customer": each.meeting.text("customer_name"),
        "worked_out": dict(each.wanted),
        "proposed": sorted(meetings.proposals(each.meeting, each.wanted)),
        "items": {part: [_item(item) for item in items] for part, items in each.agenda.parts.items()},
    }


def _item(item: Mapping[str, Value]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, dt.date) else value for name, value in item.items()}


def _lines(found: Sequence[Prepared], issued: Issued, month: str) -> list[str]:
    lines = [f"{month} 会议 {len(found)} 次，单据 {len(issued.documents)} 份。"]
    for each in found:
        lines.append(f"  {each.meeting.key}  {kind_of(each.meeting)}  {each.meeting.text('customer_name')}".rstrip())
        for name, items in each.agenda.parts.items():
            if items:
                lines.append(f"    {name} {len(items)} 项")
        filled = [
            each.meeting.form.column(name).title for name in meetings.proposals(each.meeting, each.wanted)
        ]
        lines += [f"    已填写建议（以{rules()['mark']}开头，改后去掉）：" + "、".join(filled)] if filled else []
    lines += [f"  {row['number']}  {row['file']}" for row in issued.documents]
    return lines + [f"  扣发 {row['form']}：{said['message']}" for row in issued.withheld for said in row["findings"]]
