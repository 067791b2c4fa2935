"""Meetings of a month: which there are, which came before, how the matters left by it stand, what is proposed."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.data import toml
from macros.months import end_of
from macros.periods import CalendarError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.records import Record, Value
    from macros.register import Register
    from macros.workdays import Calendar

#: Columns whose proposals are sentences worked out from the register.
PARTS = ("construction", "assurance", "indicators", "complaints")


@cache
def rules() -> Mapping[str, Any]:
    """Everything ``rules/meeting.toml`` says."""
    return MappingProxyType(toml(Path(__file__).parents[1] / "rules" / "meeting.toml"))


@cache
def kinds() -> Mapping[str, Mapping[str, Any]]:
    """The kinds of meeting by title, the service meeting first."""
    return {each["title"]: each for each in rules()["kind"]}


class Task(NamedTuple):
    """A follow-up and how it stands, in words; ``open`` while it is not done."""

    row: Record
    state: str
    open: bool


def kind_of(meeting: Record) -> str:
    """The kind of a meeting; a blank one is a service meeting."""
    return meeting.text("kind") or next(iter(kinds()))


def is_service(meeting: Record) -> bool:
    """Whether it is a meeting with a customer."""
    return kind_of(meeting) == next(iter(kinds()))


def own(meeting: Record, column: str) -> str:
    """The manager's own text in a column; a proposal is none."""
    text = meeting.text(column)
    return "" if text.startswith(rules()["mark"]) else text


def plain(text: str) -> str:
    """A text without the mark of a proposal, as papers print it."""
    return text.removeprefix(rules()["mark"])


def previous(register: Register, meeting: Record) -> Record | None:
    """The meeting of the same kind, and with the same customer, before this one."""
    mine = _when(meeting)
    earlier = [
        row for row in register.rows("meeting")
        if kind_of(row) == kind_of(meeting) and row["customer_name"] == meeting["customer_name"] and _when(row) < mine
    ]
    return max(earlier, key=_when, default=None)


def _when(meeting: Record) -> tuple[str, dt.datetime]:
    planned = meeting["planned_at"]
    return meeting.text("month"), planned if isinstance(planned, dt.datetime) else dt.datetime.min


def tasks(register: Register, source: str, today: dt.date) -> list[Task]:
    """The follow-ups of a meeting or visit, by due day, and how they stand."""
    rows = [row for row in register.groups("followup", ("source_no",)).get((source,), []) if source]
    return [task(row, today) for row in sorted(rows, key=lambda row: (row.date("due_on") or dt.date.max, row.key))]


def task(row: Record, today: dt.date) -> Task:
    """How a follow-up stands today."""
    said = rules()["state"]
    done, due = row.date("done_on"), row.date("due_on")
    if done and done <= today:
        return Task(row, said["done"], open=False)
    if due is None:
        return Task(row, "", open=True)
    left = (due - today).days
    if left < 0:
        return Task(row, said["late"].format(days=-left), open=True)
    return Task(row, said["open"].format(days=left) if left else said["today"], open=True)


def overdue(register: Register, today: dt.date) -> list[Task]:
    """Every follow-up beyond its day, the longest first."""
    found = [task(row, today) for row in register.rows("followup")]
    late = [each for each in found if each.open and (due := each.row.date("due_on")) and due < today]
    return sorted(late, key=lambda each: (each.row.date("due_on") or today, each.row.key))


def proposals(meeting: Record, wanted: Mapping[str, str]) -> dict[str, Value]:
    """What to write into a meeting's row: marked texts, only where a cell is blank or holds an older proposal."""
    mark = rules()["mark"]
    return {
        name: f"{mark}{text}" for name, text in wanted.items()
        if text and meeting.columns[meeting.form.index[name]] and not own(meeting, name)
        and meeting.text(name) != f"{mark}{text}"
    }


def printed(meeting: Record, wanted: Mapping[str, str]) -> Record:
    """The row as papers print it: the manager's own text first, then what the register says; no marks."""
    texts: dict[str, Value] = {
        name: plain(meeting.text(name)) or None for name in meeting.form.index
        if isinstance(meeting[name], str)
    }
    for name, text in wanted.items():
        mine = own(meeting, name)
        texts[name] = ("\n".join(part for part in (mine, text) if part) if name in PARTS else mine or text) or None
    return meeting.changed(texts)


def missing(
    register: Register, month: dt.date, customers: Sequence[str], calendar: Calendar,
) -> tuple[list[dict[str, Value]], list[Record]]:
    """Rows to add for customers with an agreed day and no service meeting in the month, and customers without one.

    Args:
        register: the tables.
        month: its first day.
        customers: only these; all when empty.
        calendar: an agreed day that is a rest day moves to the working day before it.
    """
    name = f"{month:%Y-%m}"
    met = {row["customer_name"] for row in register.rows("meeting") if row["month"] == name and is_service(row)}
    taken = {row.key for row in register.rows("meeting")}
    rows: list[dict[str, Value]] = []
    undated: list[Record] = []
    for customer in register.rows("customer"):
        whose = customer["customer_name"]
        if whose is None or whose in met or (customers and whose not in customers):
            continue
        agreed = customer["meeting_day"]
        if not isinstance(agreed, int) or agreed < 1:
            undated.append(customer)
            continue
        number = _next(month, taken)
        taken.add(number)
        rows.append({
            "meeting_no": number, "month": name, "customer_name": whose,
            "planned_at": _planned(month, agreed, calendar),
            "location": f"{rules()['mark']}{customer['address']}" if customer["address"] is not None else None,
        })
    return rows, undated


def _next(month: dt.date, taken: Iterable[str]) -> str:
    held, serial = set(taken), 1
    while (number := rules()["number"].format(year=month.year, month=month.month, serial=serial)) in held:
        serial += 1
    return str(number)


def _planned(month: dt.date, agreed: int, calendar: Calendar) -> dt.datetime:
    on = month.replace(day=min(agreed, end_of(month).day))
    try:
        before = calendar.previous(on).day
    except CalendarError:
        before = on
    return dt.datetime.combine(before if before.month == month.month else on, dt.time.fromisoformat(rules()["time"]))
