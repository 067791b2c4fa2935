"""Which service actions a month still needs, by customer and frequency, beside the rows that are there (§3.2.1)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.months import first_of, last_of, name_of, previous
from macros.work.weeks import Week, period_of, week_of, weeks, workdays
from macros.work.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from macros.records import Record
    from macros.register import Register
    from macros.work.events import Event
    from macros.workdays import Calendar


class Wanted(NamedTuple):
    """A row to plan: what for whom, and the working days it may stand on, the preferred one first."""

    action: str
    kind: str
    customer: str
    owner: str
    content: str
    target: str
    days: tuple[dt.date, ...]
    related: str = ""


class Month(NamedTuple):
    """What a month's plan is made from: its open working days, its weeks, the rows of its period and what was done."""

    name: str
    today: dt.date
    days: tuple[dt.date, ...]
    weeks: tuple[Week, ...]
    idle: tuple[str, ...]
    rows: Sequence[Record]
    done: Sequence[Event]


def month_of(register: Register, calendar: Calendar, name: str, done: Sequence[Event], today: dt.date) -> Month:
    """Gather what a plan is made from; days that have passed are open no longer.

    Raises:
        CalendarError: the calendar does not hold the month.
    """
    planned, idle = weeks(calendar, name)
    left = [Week(week.name, tuple(day for day in week.days if day >= today)) for week in planned]
    return Month(
        name, today, tuple(day for day in workdays(calendar, name) if day >= today),
        tuple(week for week in left if week.days), tuple(idle), register.rows("plan"), done,
    )


def wanted(register: Register, calendar: Calendar, month: Month) -> list[Wanted]:
    """Every row the month lacks, customer by customer in the order of the register, then the register's own duties."""
    found: list[Wanted] = []
    for customer in register.rows("customer"):
        if customer.key:
            for action in rules()["action"]:
                found += _of_customer(register, month, customer, action)
    return [*found, *_duties(register, calendar, month), *_followups(register, calendar, month)]


def frequency(register: Register, customer: Record, action: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """How often a customer is due an action: as agreed with its people, else the first line that fits its level."""
    if agreed := _cycle(register, customer, action.get("cycle", "")):
        return {"months": agreed, "times": 1}
    for line in action["frequency"]:
        fits = [
            name in customer.form.index and customer.text(name) == line[name]
            for name in line if name not in ("every", "times")
        ]
        if all(fits):
            found: Mapping[str, Any] = line
            return found
    return None


def _cycle(register: Register, customer: Record, column: str) -> int:
    """The shortest number of months set with a customer's contacts; 0 where none is."""
    rows = register.groups("contact", ("customer_name",)).get((customer["customer_name"],), []) if column else []
    return min((months for row in rows if isinstance(months := row[column], int) and months > 0), default=0)


def action_of(row: Record) -> str:
    """The action a planned row stands for; a visit that names none is the usual one."""
    plan = rules()["plan"]
    named = row.text("action")
    return named or (plan["default"] if row.text("kind") == plan["visit"] else "")


def owner_of(register: Register, customer: Record | None) -> str:
    """Whose work it is: the customer's manager, else the one of the settings."""
    named = customer.text("manager") if customer else ""
    return named or register.settings.get(rules()["plan"]["owner"], "")


def is_own(row: Record) -> bool:
    """Whether a row was planned for its month: neither carried into it nor entered for what was in no plan."""
    return row["carried_from"] is None and row.text("kind") != rules()["plan"]["unplanned"]


def _of_customer(register: Register, month: Month, customer: Record, action: Mapping[str, Any]) -> Iterator[Wanted]:
    often = frequency(register, customer, action)
    if often is None:
        return
    own = [
        row for row in month.rows
        if row["customer_name"] == customer["customer_name"] and action_of(row) == action["name"] and is_own(row)
    ]
    done = [each for each in month.done if each.customer == customer.key and each.action == action["name"]]
    made = [
        Wanted(
            action["name"], action["kind"], customer.key, owner_of(register, customer), action["content"],
            action["target"], days,
        ) for days in _slots(month, often, own, done, _agreed(month, customer, action))
    ]
    yield from made


def _slots(
    month: Month, often: Mapping[str, Any], own: Sequence[Record], done: Sequence[Event], agreed: tuple[dt.date, ...],
) -> list[tuple[dt.date, ...]]:
    """The days that each missing row may stand on."""
    times = int(often["times"])
    if often.get("every") == "week":
        return _weekly(month, times, own, done)
    if "months" in often:
        among: tuple[str, ...] = tuple(previous(month.name, back) for back in range(often["months"]))
    else:
        among = period_of(month.name, often["every"])
    there = sum(row.text("month") in among for row in own)
    finished = sum(name_of(each.day) in among for each in done)
    days = agreed or month.days
    return [days] * max(0, times - max(there, finished)) if days else []


def _weekly(month: Month, times: int, own: Sequence[Record], done: Sequence[Event]) -> list[tuple[dt.date, ...]]:
    """One row a week and more where so set; a row that was moved to another week still counts for the month."""
    held = [row for row in own if row.text("month") == month.name]
    planned = Counter(week_of(day) for row in held if (day := row.date("planned_on")))
    served = Counter(week_of(each.day) for each in done)
    short = [
        week.days for week in month.weeks
        for _ in range(max(0, times - max(planned[week.name], served[week.name])))
    ]
    spare = sum(row.date("planned_on") is None for row in held)
    spare += sum(max(0, count - times) for count in planned.values())
    return short[spare:]


def _agreed(month: Month, customer: Record, action: Mapping[str, Any]) -> tuple[dt.date, ...]:
    """The working day at or after the agreed day of the month, the last one where none is left."""
    agreed = customer[action["day"]] if "day" in action else None
    if not isinstance(agreed, int) or agreed < 1 or not month.days:
        return ()
    later = [day for day in month.days if day.day >= agreed]
    return (later[0] if later else month.days[-1],)


def _duties(register: Register, calendar: Calendar, month: Month) -> Iterator[Wanted]:
    there = {row.text("action") for row in month.rows if row.text("month") == month.name and is_own(row)}
    for duty in rules()["duty"]:
        nominal = first_of(month.name).replace(day=duty["day"])
        if duty["name"] not in there and (days := _by(calendar, month, nominal)):
            owner = owner_of(register, None)
            yield Wanted(duty["name"], duty["kind"], "", owner, duty["content"], duty["target"], days)


def _followups(register: Register, calendar: Calendar, month: Month) -> Iterator[Wanted]:
    """Open follow-ups due in the month that no plan refers to."""
    rule = rules()["followup"]
    there = {row.text("related") for row in month.rows}
    for row in register.rows("followup"):
        due = row.date("due_on")
        open_ = row["done_on"] is None and row.key and row.key not in there
        if open_ and due and first_of(month.name) <= due <= last_of(month.name):
            days = _by(calendar, month, due) or month.days[:1]
            if days:
                yield Wanted(
                    rule["name"], rule["kind"], row.text("customer_name"), row.text("owner"), row.text("matter"),
                    rule["target"], days, row.key,
                )


def _by(calendar: Calendar, month: Month, nominal: dt.date) -> tuple[dt.date, ...]:
    """The open working day of the month at or before a day, else the month's first one; none once it has passed."""
    before = [day for day in month.days if day <= nominal]
    if before:
        return (before[-1],)
    return month.days[:1] if calendar.next(first_of(month.name)).day > nominal else ()
