"""Reads one city's register for the roll-up, in whatever process: nothing of it is kept and nothing written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from macros.analytics.rollup_city import Seen, city
from macros.analytics.rollup_shapes import months
from macros.analytics.rollup_words import wanted
from macros.clocks.quiet import no_collection

if TYPE_CHECKING:
    from macros.analytics.rollup_shapes import City, Sums
    from macros.findings import Finding
    from macros.register import Register
    from macros.workdays import Calendar


class Task(NamedTuple):
    """A city to read: its folder, the moment, and how many overdue rows are wanted of it."""

    folder: str
    at: dt.datetime
    most: int


class Read(NamedTuple):
    """What came of a folder: the city's figures, or what kept it from being read."""

    folder: str
    city: City | None
    refused: Finding | None = None


@no_collection()
def read(task: Task) -> Read:
    """Read one city. What keeps it from being read is handed back, not raised."""
    from macros.commands.shelf import Shelf
    from macros.findings import finding
    from macros.hosts import Refused
    from macros.periods import CalendarError

    try:
        return Read(task.folder, _summed(task, Shelf(Path(task.folder)).register()))
    except Refused as refused:
        return Read(task.folder, None, refused.finding)
    except CalendarError as error:
        return Read(task.folder, None, finding("CMD015", value=str(error)))
    except Exception as fault:  # of hundreds of registers one that upsets us must not stop the others
        return Read(task.folder, None, finding("ROL010", value=f"{type(fault).__name__} {fault}"[:120]))


def _summed(task: Task, register: Register) -> City:
    from macros.analytics.duties import deadlines
    from macros.commands.collecting import owed
    from macros.validation import validate

    calendar, today = _calendar(register), task.at.date()
    first = dt.date.fromisoformat(f"{months(today)[0]}-01")
    items = deadlines(register, calendar, task.at, first, wanted())
    money, _ = owed(register, items, today)
    findings = validate(register, today)
    missing = [said.message for said in register.findings if said.code in ("CMD002", "CMD003")]
    seen = Seen(items, money, _service(register, calendar, first, task.at), findings, calendar.version, missing)
    return city(task.folder, register, task.at, seen, task.most)


def _calendar(register: Register) -> Calendar:
    """The register's calendar; those without notices of their own share one."""
    from macros.calendars import base
    from macros.commands.days import calendar_of

    return calendar_of(register) if register.rows("holiday") else base()


def _service(register: Register, calendar: Calendar, first: dt.date, at: dt.datetime) -> dict[str, Sums]:
    """Faults and complaints of each month of the period, with the verdicts behind their rates."""
    from macros.service.counts import service_months

    found: dict[str, Sums] = {}
    for month, counted in service_months(register, calendar, first, at.date(), at).items():
        sums = {f"{each.table}s": each.count for each in counted.tallies}
        for each in counted.tallies:
            for name, share in each.shares.items():
                sums[f"{each.table}.{name}.met"] = len(share.met)
                sums[f"{each.table}.{name}.missed"] = len(share.missed)
        found[month] = sums
    return found
