"""Key supervision (重点督办, §2.4.2.4(4)): complaints beyond their three working days until they are solved."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.item import day
from macros.findings import about
from macros.periods import CalendarError
from macros.service.rules import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register
    from macros.service.cases import Case
    from macros.workdays import Calendar


class Supervised(NamedTuple):
    """A complaint on the list: since when, how many working days over, and the written report if there is one.

    ``paper`` is the number of the report printed last, ``reported_on`` the day the register says it was handed in.
    """

    case: Case
    since: dt.date
    due: dt.date
    over: int | None
    paper: str
    printed_on: dt.date | None
    reported_on: dt.date | None
    promised_on: dt.date | None


def supervised(
    found: Iterable[Case], register: Register, calendar: Calendar, at: dt.datetime,
) -> list[Supervised]:
    """The list at a moment, the longest overdue first.

    Args:
        found: cases judged with the clocks of ``[supervision]``.
        register: for the papers printed.
        calendar: the working days.
        at: the moment.
    """
    said = rules()["supervision"]
    papers: dict[str, Record] = {}
    for row in register.rows("document"):
        on = row.date("issued_at")
        if row.text("form_no") == said["paper"] and on and on <= at.date():
            papers[row.text("row_key")] = row
    listed: list[Supervised] = []
    for case in found:
        over, missed = case.clocks.get(said["clock"]), case.clocks.get(said["missed"])
        # A report handed in closes the clock, but only the solution takes a complaint off the list.
        if over is None or missed is None or over.due is None or missed.due is None or missed.closed_on is not None:
            continue
        paper, reported = papers.get(case.key), case.record.date("supervised_on")
        listed.append(Supervised(
            case, day(over.due), day(missed.due), _days(calendar, day(missed.due), at.date()),
            paper.text("document_no") if paper else "", paper.date("issued_at") if paper else None,
            reported if reported and reported <= at.date() else None, case.record.date("promised_on"),
        ))
    return sorted(listed, key=lambda one: (one.due, one.case.asked, one.case.key))


def _days(calendar: Calendar, due: dt.date, today: dt.date) -> int | None:
    """Working days after the due day up to today; None where the calendar does not reach."""
    try:
        return calendar.count(due, today)
    except CalendarError:
        return None


def check(listed: Iterable[Supervised], today: dt.date) -> list[Finding]:
    """Complaints on the list without a report, and promises that were not kept."""
    found: list[Finding] = []
    for one in listed:
        record = one.case.record
        if one.reported_on is None:
            found.append(about(record, "supervised_on", "SVC020", days="" if one.over is None else one.over))
        if one.promised_on and one.promised_on < today:
            found.append(about(record, "promised_on", "SVC021", department=record.text("department") or "责任部门"))
    return found
