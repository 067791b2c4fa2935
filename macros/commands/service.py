"""service: running faults and complaints, key supervision, rates of a month and their trend, call-backs, owners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.clocks import board
from macros.clocks.item import iso
from macros.clocks.quiet import no_collection
from macros.commands import Answer, lists
from macros.commands.books import write_report
from macros.commands.days import calendar_of
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.hosts import refuse
from macros.months import first_of
from macros.service import owners, supervision
from macros.service.overview import overview
from macros.service.rules import rules
from macros.service.sheets import sheets, state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from macros.service.cases import Case
    from macros.service.counts import ServiceMonth, Share, Tally
    from macros.service.overview import Overview, Running


@no_collection()
def service(folder: Path, month: str = "", out: Path | None = None, now: str | None = None) -> Answer:
    """Look at the whole life of faults and complaints (§2.4); writes 服务情况.xlsx.

    Args:
        folder: the register.
        month: the month of the figures, ``YYYY-MM``; the present one when empty.
        out: where the workbook goes; the register's folder when None.
        now: the moment it is, the present when None.
    """
    at = moment(now)
    month = asked_month(month) or f"{at:%Y-%m}"
    register = Shelf(folder).on_demand()
    seen = overview(register, calendar_of(register), at, month)
    findings = [
        *owners.check(register), *owners.unowned(register, at), *supervision.check(seen.supervised, at.date()),
    ]
    said = rules()["workbook"]
    path = (out or folder) / said["file"]
    findings += write_report(path, said["title"], sheets(seen, register))

    def told() -> dict[str, Any]:
        return {
            "now": at.isoformat(), "month": month, "open": [_running(one, seen) for one in seen.running],
            "supervised": [
                {
                    "key": one.case.key, "customer": one.case.customer, "due": iso(one.due), "over": one.over,
                    "paper": one.paper, "reported_on": iso(one.reported_on), "promised_on": iso(one.promised_on),
                } for one in seen.supervised
            ],
            "faults": _tally(seen.counts.faults), "complaints": _tally(seen.counts.complaints),
            "customers": {
                name: {"faults": _tally(faults), "complaints": _tally(complaints)}
                for name, (faults, complaints) in seen.counts.by_customer().items()
            },
            "trend": {name: _brief(each) for name, each in seen.months.items()},
            "sample": [case.key for case in seen.sampled], "called": [case.key for case, _ in seen.called],
            "file": str(path), "findings": [each.as_json() for each in findings],
        }

    return Answer(told, lists.whole(_lines(seen, path), findings), lists.status(findings))


def asked_month(text: str) -> str:
    """A month as asked for, ``2026-11``; empty stays empty.

    Raises:
        Refused: it is no month.
    """
    if not text:
        return ""
    try:
        return f"{first_of(text):%Y-%m}"
    except ValueError:
        raise refuse("SVC022", value=text) from None


def _running(one: Running, seen: Overview) -> dict[str, Any]:
    item = one.step.item
    return {
        "kind": one.case.table, "key": one.case.key, "customer": one.case.customer, "owner": one.owner.name,
        "state": state(item, seen.at), "next": one.step.say, "clock": item.clock if item else None,
        "due": iso(item.due) if item else None,
    }


def _keys(cases: Sequence[Case]) -> list[str]:
    return [case.key for case in cases]


def _share(share: Share) -> dict[str, Any]:
    return {
        "rate": None if share.rate is None else str(share.percent), "words": share.words(),
        "met": _keys(share.met), "missed": _keys(share.missed), "open": _keys(share.open),
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "count": tally.count, "open": _keys(tally.open),
        "rates": {name: _share(share) for name, share in tally.shares.items()},
    }


def _brief(month: ServiceMonth) -> dict[str, Any]:
    return {
        "faults": month.faults.count, "complaints": month.complaints.count,
        "timely": month.faults.share("timely").words(), "solve": month.complaints.share("solve").words(),
    }


def _lines(seen: Overview, path: Path) -> list[str]:
    month, shown = seen.counts, rules()["shown"]
    lines = [
        f"截至 {seen.at:%Y-%m-%d %H:%M}：在办 {len(seen.running)} 件，重点督办 {len(seen.supervised)} 件；"
        f"{seen.month} 故障 {month.faults.count} 件，投诉 {month.complaints.count} 件。"
    ]
    for tally in month.tallies:
        if tally.count:
            title = rules()["case"][tally.table]["title"]
            lines += [f"  {title}{share.measure.title}：{share.words()}" for share in tally.shares.values()]
    for one in seen.running[:shown]:
        item = one.step.item
        left = f"  {board.shown(item.due)} {board.distance(item.due, seen.at)}" if item and item.due else ""
        whose = f"{one.case.key}  {one.case.customer}  {one.owner.name or '无责任人'}"
        lines.append(f"  {state(item, seen.at)}  {whose}：{one.step.say}{left}")
    if len(seen.running) > shown:
        lines.append(f"  ……另有 {len(seen.running) - shown} 件在办")
    lines += [
        f"  重点督办 {one.case.key} {one.case.customer}  {one.due} 到期"
        + (f"，超 {one.over} 个工作日" if one.over is not None else "")
        + (f"，已报告 {one.reported_on}" if one.reported_on else "，尚未报告") for one in seen.supervised[:shown]
    ]
    waiting = {case.key for case in seen.sampled} - {case.key for case, _ in seen.called}
    lines.append(f"回访抽查 {len(seen.sampled)} 件，待回访 {len(waiting)} 件。明细和图见《{path.name}》。")
    return lines
