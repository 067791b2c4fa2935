"""Moves a month's plan and its results: drafted, submitted, approved or returned (R3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.work.weeks import workdays
from macros.work.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from macros.records import Record
    from macros.register import Register
    from macros.tables import Values
    from macros.workdays import Calendar


class Moved(NamedTuple):
    """The rows that change and how; ``stage`` is 计划 or 结果, ``wanted`` the states that could have changed."""

    updates: list[tuple[Record, Values]]
    stage: str
    wanted: tuple[str, ...]




def rows_of(register: Register, month: str, manager: str = "") -> list[Record]:
    """The rows of a month's plan: one manager's, or everybody's where none is named."""
    return [
        row for row in register.rows("plan") if row.text("month") == month and manager in ("", row.text("owner"))
    ]


def submit(rows: Sequence[Record], calendar: Calendar, month: str, today: dt.date, by: str) -> Moved:
    """Submit the drafts and what was returned; where there is none, and the month ends, its results.

    Raises:
        CalendarError: the calendar does not hold the month.
    """
    plan = rules()["plan"]
    states, results, stages = plan["states"], plan["results"], plan["stages"]
    drafts = (states["draft"], states["returned"], "")
    drawn = [row for row in rows if row.text("state") in drafts]
    if drawn:
        said: Values = {
            "state": states["submitted"], "submitted_on": today, "submitted_by": by or None,
            "returned_on": None, "returned_by": None, "return_reason": None,
        }
        return Moved([(row, said) for row in drawn], stages["plan"], drafts[:2])
    over = today >= workdays(calendar, month)[-1]
    finished = (states["approved"], states["done"], states["carried"])
    told = [
        row for row in rows
        if row.text("state") in finished and row.text("result_state") in ("", results["returned"])
    ] if over else []
    said = {"result_state": results["submitted"], "result_on": today, "result_by": by or None}
    return Moved([(row, said) for row in told], stages["result" if over else "plan"], drafts[:2])


def approve(rows: Sequence[Record], today: dt.date, by: str) -> Moved:
    """Approve what is submitted; a row done meanwhile is done."""
    plan = rules()["plan"]
    states, results, stages = plan["states"], plan["results"], plan["stages"]
    plans: list[tuple[Record, Values]] = [
        (row, {
            "state": states["done"] if row["done_on"] else states["approved"], "approved_on": today, "approved_by": by,
        }) for row in rows if row.text("state") == states["submitted"]
    ]
    if plans:
        return Moved(plans, stages["plan"], (states["submitted"],))
    said: Values = {"result_state": results["approved"], "result_on": today, "result_by": by}
    told = [(row, said) for row in rows if row.text("result_state") == results["submitted"]]
    return Moved(told, stages["result" if told else "plan"], (states["submitted"],))


def give_back(rows: Sequence[Record], today: dt.date, by: str, reason: str) -> Moved:
    """Return what is submitted, with the reason; it can be edited and submitted again."""
    plan = rules()["plan"]
    states, results, stages = plan["states"], plan["results"], plan["stages"]
    said: Values = {"returned_on": today, "returned_by": by, "return_reason": reason}
    plans: list[tuple[Record, Values]] = [
        (row, {"state": states["returned"], **said}) for row in rows if row.text("state") == states["submitted"]
    ]
    if plans:
        return Moved(plans, stages["plan"], (states["submitted"],))
    back: Values = {"result_state": results["returned"], "result_on": today, "result_by": by, "return_reason": reason}
    told = [(row, back) for row in rows if row.text("result_state") == results["submitted"]]
    return Moved(told, stages["result" if told else "plan"], (states["submitted"],))


def submitted_by(rows: Sequence[Record]) -> set[str]:
    """Who submitted these rows."""
    return {row.text("submitted_by") for row in rows} - {""}
