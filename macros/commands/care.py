"""care: whom to greet in the days to come, the letters with each customer's open matters, who was greeted."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from macros.commands import Answer, lists
from macros.commands.books import write_report
from macros.commands.days import calendar_of
from macros.commands.shelf import Shelf
from macros.commands.times import moment
from macros.commands.worked_out import issue
from macros.findings import finding
from macros.hosts import refuse
from macros.periods import CalendarError
from macros.tables import records
from macros.work.occasions import greeted, occasions, pending
from macros.work.words import rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.findings import Finding
    from macros.records import Cell, Record
    from macros.register import Register
    from macros.tables import Values
    from macros.work.occasions import Occasion
    from macros.workbooks.reports import Sheet
    from macros.workdays import Calendar


def care(folder: Path, days: int | None = None, out: Path | None = None, now: str | None = None) -> Answer:
    """List whom to greet, issue the letters still missing, write 关怀日历.xlsx; nobody gets a second letter.

    Args:
        folder: the register.
        days: how many days ahead to look; as set in the rules when None.
        out: where the workbook goes; the register's folder when None.
        now: the moment it is, the present when None.
    """
    rule = rules("care")
    shelf = Shelf(folder)
    register, at = shelf.register(), moment(now)
    today, ahead = at.date(), rule["days"] if days is None else days
    if not 0 <= ahead <= rule["most_days"]:
        raise refuse("WRK053", value=ahead, most=rule["most_days"])
    calendar = calendar_of(register)
    try:
        found = occasions(register, calendar, today, today + dt.timedelta(days=ahead))
    except CalendarError as error:
        return lists.vain({}, [finding("WRK013", why=error)])
    letters = {each.key: greeted(register, each) for each in found}
    missing = [each for each in found if letters[each.key] is None]
    open_ = pending(register, today)
    documents, withheld, findings = issue(shelf, register, _papers(register, missing, open_), folder / rule["home"], at)
    findings += shelf.save()
    numbers = {row["key"]: row["number"] for row in documents}
    findings += _doubts(register, found, numbers, letters, today)
    if (last := today + dt.timedelta(days=ahead)) > calendar.last_decreed:
        findings.append(finding("WRK052", first=calendar.last_decreed + dt.timedelta(days=1), last=last))
    path = (out or folder) / rule["workbook"]["file"]
    sheets = _sheets(found, letters, numbers, open_, calendar, today)
    findings += write_report(path, rule["workbook"]["title"], sheets)
    data = {
        "day": today.isoformat(), "until": (today + dt.timedelta(days=ahead)).isoformat(),
        "occasions": [_json(each, letters, numbers) for each in found], "documents": documents, "withheld": withheld,
        "file": str(path),
    }
    return lists.answer(data, _lines(data, found, letters, path), findings, withheld)


def _papers(
    register: Register, missing: Sequence[Occasion], open_: Sequence[Values],
) -> list[tuple[Register, list[str]]]:
    """The register with the letters' tables in it; nothing where nobody is left to greet."""
    rows: list[Values] = [
        {
            "customer_name": each.contact["customer_name"], "person": each.contact["person"], "held_on": each.day,
            "occasion": each.name, "post": each.contact["post"], "kind": each.kind, "greet_by": each.greet_by,
        } for each in missing
    ]
    if not rows:
        return []
    tables = {"care": records("care", rows), "pending": records("pending", open_)}
    return [(register.having(tables), [rules("care")["paper"]])]


def _doubts(
    register: Register, found: Sequence[Occasion], numbers: Mapping[str, str], letters: Mapping[str, Record | None],
    today: dt.date,
) -> list[Finding]:
    """Customers without anybody to greet, and greetings whose day has passed."""
    with_contacts = {row.text("customer_name") for row in register.rows("contact")}
    said = [
        finding("WRK050", customer=row.key) for row in register.rows("customer")
        if found and row.key and row.key not in with_contacts
    ]
    return said + [
        finding("WRK051", occasion=each.name, day=each.day, person=each.contact.text("person")) for each in found
        if each.greet_by < today and letters[each.key] is None and each.key not in numbers
    ]


def _state(each: Occasion, letter: Record | None, issued: bool, calendar: Calendar, today: dt.date) -> str:
    said = rules("care")["states"]
    if letter is not None or issued:
        return str(said["greeted"].format(day=letter.date("issued_at") if letter else today))
    if each.greet_by < today:
        return str(said["late"].format(day=each.greet_by))
    if each.greet_by == today:
        return str(said["today"])
    return str(said["near"] if calendar.count(today, each.greet_by) <= said["near_days"] else said["open"])


def _sheets(
    found: Sequence[Occasion], letters: Mapping[str, Record | None], numbers: Mapping[str, str],
    open_: Sequence[Values], calendar: Calendar, today: dt.date,
) -> list[Sheet]:
    listed, matters = rules("care")["sheet"]
    rows: list[list[Cell]] = []
    for each in found:
        letter, contact = letters[each.key], each.contact
        number = numbers.get(each.key) or (letter.text("document_no") if letter else None)
        mine = sum(row["customer_name"] == contact["customer_name"] for row in open_)
        rows.append([
            _state(each, letter, each.key in numbers, calendar, today), each.day, each.name, each.kind, each.greet_by,
            contact.text("customer_name"), contact.text("person"), contact.text("post"), number, mine,
        ])
    who = {each.contact["customer_name"] for each in found}
    told: list[list[Cell]] = [
        [_cell(row[name]) for name in ("customer_name", "kind", "number", "matter", "state", "since", "due")]
        for row in open_ if row["customer_name"] in who
    ]
    return [(listed, rows), (matters, told)]


def _cell(value: object) -> Cell:
    return value if isinstance(value, dt.date) or value is None else str(value)


def _json(each: Occasion, letters: Mapping[str, Record | None], numbers: Mapping[str, str]) -> dict[str, Any]:
    letter = letters[each.key]
    return {
        "key": each.key, "day": each.day.isoformat(), "occasion": each.name, "kind": each.kind,
        "greet_by": each.greet_by.isoformat(), "customer": each.contact.text("customer_name"),
        "person": each.contact.text("person"),
        "letter": numbers.get(each.key) or (letter.text("document_no") if letter else None),
        "greeted_before": letter is not None,
    }


def _lines(
    data: dict[str, Any], found: Sequence[Occasion], letters: Mapping[str, Record | None], path: Path,
) -> list[str]:
    before = sum(letter is not None for letter in letters.values())
    lines = [
        f"{data['day']} 至 {data['until']}：应问候 {len(found)} 人次，此前已问候 {before}，"
        f"本次出函 {len(data['documents'])}。"
    ]
    days: dict[tuple[dt.date, str], int] = {}
    for each in found:
        days[each.day, each.name] = days.get((each.day, each.name), 0) + 1
    lines += [f"  {day} {name} {count} 人" for (day, name), count in days.items()]
    lines += lists.some([f"  {row['number']}  {row['file']}" for row in data["documents"]])
    lines += [f"  扣发 {row['key']}：{said['message']}" for row in data["withheld"] for said in row["findings"]]
    lines.append(f"明细见《{path.name}》。")
    return lines
