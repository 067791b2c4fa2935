"""What a meeting talks about, from the registers: what the last one left, what is late, due soon, on the red list."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from macros.clocks import board
from macros.clocks.item import day
from macros.service.meetings import overdue, previous, rules, tasks
from macros.service.owners import owner
from macros.service.rules import rules as service_rules
from macros.tables import records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from macros.clocks.item import Item
    from macros.records import Record, Value
    from macros.register import Register
    from macros.service.meetings import Task
    from macros.service.supervision import Supervised

FORM, TREND = "meeting_item", "service_trend"


class Agenda(NamedTuple):
    """The items of a meeting by part, each a row of `meeting_item`."""

    meeting: Record
    parts: Mapping[str, Sequence[Mapping[str, Value]]]

    def count(self, part: str) -> int:
        """How many items of a part."""
        return len(self.parts.get(rules()["part"][part], ()))


def of_last(register: Register, meeting: Record, today: dt.date) -> list[dict[str, Value]]:
    """The matters that the meeting before left, and how they stand."""
    before = previous(register, meeting)
    return [_task(each) for each in (tasks(register, before.key, today) if before else [])]


def service_agenda(register: Register, meeting: Record, today: dt.date) -> Agenda:
    """A service meeting takes up what the last one with this customer left."""
    return Agenda(meeting, {rules()["part"]["last"]: of_last(register, meeting, today)})


def team_agenda(
    register: Register, meeting: Record, items: Sequence[Item], supervised: Iterable[Supervised], at: dt.datetime,
    ahead: int,
) -> Agenda:
    """A team meeting: what the last one left, what is late, what falls due in ``ahead`` days, the red list.

    Args:
        register: the tables.
        meeting: its row.
        items: every deadline at ``at``.
        supervised: the complaints under key supervision.
        at: the moment.
        ahead: days to look ahead.
    """
    part, most = rules()["part"], rules()["listed"]
    running = [item for item in board.running(items, at, ahead) if item.due is not None]
    late = [item for item in running if item.state == "late"]
    due = [item for item in running if item.state == "open" and day(item.due or at.date()) >= at.date()]
    red: list[dict[str, Value]] = [_supervised(one, register, at) for one in supervised]
    red += [_task(each) for each in overdue(register, at.date())]
    return Agenda(meeting, {
        part["last"]: of_last(register, meeting, at.date()),
        part["late"]: [_item(item, at) for item in islice(late, most)],
        part["due"]: [_item(item, at) for item in islice(due, most)],
        part["red"]: red[:most],
    })


def _task(each: Task) -> dict[str, Value]:
    row, due = each.row, each.row.date("due_on")
    return {
        "key": row.key, "customer_name": row["customer_name"], "matter": row["matter"], "owner": row["owner"],
        "department": row["department"], "due_on": due.isoformat() if due else None, "done_on": row["done_on"],
        "state": each.state, "result": row["result"],
    }


def _item(item: Item, at: dt.datetime) -> dict[str, Value]:
    return {
        "key": item.key, "customer_name": item.branch or item.customer, "matter": f"{item.title}：{item.next_action}",
        "owner": item.manager or None, "due_on": board.shown(item.due), "state": board.distance(item.due, at),
    }


def _supervised(one: Supervised, register: Register, at: dt.datetime) -> dict[str, Value]:
    row = one.case.record
    said = service_rules()["supervised"]
    state = said["reported" if one.reported_on else "printed" if one.paper else "unreported"]
    return {
        "key": one.case.key, "customer_name": one.case.customer, "matter": row["content"],
        "owner": owner(register, row, at).name or None, "department": row["department"], "due_on": one.due.isoformat(),
        "state": rules()["complaints"]["over"].format(key="", days=one.over), "result": state,
    }


def rows(found: Iterable[Agenda]) -> tuple[Record, ...]:
    """The items as records of the worked-out table, for papers."""
    return records(FORM, (
        {"meeting_no": agenda.meeting.key, "part": part, "seq": number, **item}
        for agenda in found for part, items in agenda.parts.items() for number, item in enumerate(items, 1)
    ))
