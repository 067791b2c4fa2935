"""checklist: the lists, what is open and due by cycle; starts a case of one and prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.commands import Answer, lists
from macros.commands.days import calendar_of
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.commands.worked_out import issue
from macros.findings import finding
from macros.forms import forms
from macros.hosts import Refused
from macros.work.checklists import cases, checklists, doubts, due, period, started, state
from macros.work.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from macros.findings import Finding
    from macros.register import Register
    from macros.work.checklists import Checklist


def checklist(
    folder: Path, title: str = "", case: str = "", out: Path | None = None, now: str | None = None,
) -> Answer:
    """List the checklists and how their cases stand; with a title, start the case and print it.

    Args:
        folder: the register.
        title: the list's title; all lists are told when empty.
        case: what is checked; the running month, week or quarter when empty, for lists that have a cycle.
        out: where the paper goes; 单据 below the register when None.
        now: the moment it is, the present when None.
    """
    shelf = Shelf(folder)
    register = shelf.register()
    at = moment(now)
    known = checklists(register)
    if not title:
        return _listed(register, known, at, _absent(register))
    listed = known.get(title)
    if listed is None:
        said = finding("WRK040", value=title, known="、".join(known) or "无")
        return lists.vain({"list": title}, [*_absent(register), said])
    if not case and not listed.cycle:
        return lists.vain({"list": title}, [finding("WRK041", value=title)])
    name = case or period(listed.cycle, at.date())[0]
    rows = started(listed, name, register, at.date())
    form = forms()["checkup"]
    try:
        shelf.append(form, [[row.get(column.name) for column in form.columns] for row in rows])
    except Refused as refused:
        return lists.vain({"list": title}, [*_absent(register), refused.finding])
    findings = shelf.save()
    if findings:
        return lists.vain({"list": title}, findings)
    return _printed(folder, title, name, len(rows), out or folder / rules("checklists")["home"], at)


def _printed(folder: Path, title: str, name: str, added: int, home: Path, at: dt.datetime) -> Answer:
    """Print one case as it now stands."""
    shelf = Shelf(folder)
    register = shelf.register()
    rows = tuple(
        row for row in register.rows("checkup") if row.text("list_title") == title and row.text("case_no") == name
    )
    paper = rules("checklists")["paper"]
    documents, withheld, findings = issue(shelf, register, [(register.having({"checkup": rows}), [paper])], home, at)
    findings += [*shelf.save(), *doubts(rows)]
    told = {
        "list": title, "case": name, "added": added, "items": len(rows),
        "open": sum(row["answer"] is None for row in rows), "documents": documents, "withheld": withheld,
    }
    lines = [f"“{title}”{name}：{len(rows)} 条，新增 {added} 条，还有 {told['open']} 条未填。"]
    lines += [f"  {row['number']}  {row['file']}" for row in documents]
    lines += [f"  扣发：{said['message']}" for row in withheld for said in row["findings"]]
    return lists.answer(told, lines, findings, withheld)


def _listed(
    register: Register, known: dict[str, Checklist], at: dt.datetime, absent: list[Finding],
) -> Answer:
    """Every list with the case of its cycle, and every case that is not finished."""
    held, calendar = cases(register), calendar_of(register)
    findings = absent or ([] if known else [finding("WRK045", workbook=forms()["checklist"].file)])
    told: list[dict[str, Any]] = []
    unfinished = sum(bool(one.open) for one in held.values())
    lines = [f"检查清单 {len(known)} 份，检查 {len(held)} 次，未完成 {unfinished} 次。"]
    for listed in known.values():
        row: dict[str, Any] = {"list": listed.title, "items": len(listed.items), "cycle": listed.told}
        if listed.cycle:
            name, by = due(calendar, listed.cycle, at.date())
            case = held.get((listed.title, name))
            row |= {"case": name, "due": by.isoformat(), "state": state(case)}
            said = f"{name} {state(case)}，应于 {by} 完成"
            lines.append(f"  {listed.title}（{listed.told}，{len(listed.items)}条）：{said}")
            if by <= at.date() and (case is None or case.open):
                findings.append(finding("WRK044", title=listed.title, case=name, state=state(case)))
        else:
            lines.append(f"  {listed.title}（{listed.told}，{len(listed.items)}条）")
        told.append(row)
    open_ = [
        {"list": one.title, "case": one.name, "open": one.open, "items": one.items, "no": one.refused}
        for one in held.values() if one.open
    ]
    lines += [f"  未完成：{row['list']} {row['case']} 还有 {row['open']} 条" for row in open_]
    findings += doubts(register.rows("checkup"))
    return lists.answer({"lists": told, "open": open_}, lines, findings)


def _absent(register: Register) -> list[Finding]:
    """What reading said of the two tables in a register made before them."""
    titles = {forms()[code].title for code in ("checklist", "checkup")}
    file = forms()["checklist"].file
    return [
        said for said in register.findings
        if said.code in ("CMD019", "CMD020") and (said.sheet in titles or said.workbook == file)
    ]
