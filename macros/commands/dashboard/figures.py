"""What the workbench shows, all from the register: today, this week, what is late, money, customers, on-time rates."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.analytics import ontime
from macros.clocks import board
from macros.clocks.item import DAY, day
from macros.clocks.rules import words as clock_words
from macros.data import toml
from macros.periods import CalendarError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from macros.billing.collection import Standing
    from macros.clocks.item import Item
    from macros.register import Register
    from macros.workdays import Calendar

_NOTHING = Decimal("0.00")
_WEEK = 7


class Weekday(NamedTuple):
    """A day of this week: whether it is worked, what falls due on it and what of that is late."""

    day: dt.date
    worked: bool | None
    due: int
    late: int


class Red(NamedTuple):
    """A matter that is late: the deadline shown, and how many of its deadlines are."""

    item: Item
    deadlines: int


class Customer(NamedTuple):
    """A customer: how this week's visit stands, its late deadlines, demands under way, faults and complaints open."""

    name: str
    visit: str
    last_on: dt.date | None
    late: int
    demands: int
    cases: int


class Money(NamedTuple):
    """A month's statements, or all of them: billed, received, owed, and what of that is past its last day."""

    billed: Decimal
    received: Decimal
    owed: Decimal
    overdue: Decimal


class Morning(NamedTuple):
    """All that stands on the page."""

    at: dt.datetime
    today: Sequence[Item]
    following: Sequence[Item]
    week: Sequence[Weekday]
    late: int
    hard: int
    red: Sequence[Red]
    supervised: int
    months: Mapping[str, Money]
    money: Money
    pay_by: dt.date | None
    customers: Sequence[Customer]
    rate: ontime.Rate
    rates: Mapping[str, ontime.Rate]
    ahead: Mapping[dt.date, int]


@cache
def rules() -> dict[str, Any]:
    """``rules/dashboard.toml``."""
    return toml(Path(__file__).parents[2] / "rules" / "dashboard.toml")


def morning(
    register: Register, items: Sequence[Item], owed: Sequence[Standing], cases: Mapping[str, int], calendar: Calendar,
    at: dt.datetime,
) -> Morning:
    """Work out the page.

    Args:
        register: the tables.
        items: its deadlines at ``at``.
        owed: how its statements stand.
        cases: open faults and complaints by customer.
        calendar: the working days.
        at: the moment.
    """
    today = at.date()
    running = board.running(items, at)
    dated = [(item, day(item.due)) for item in running if item.due is not None and item.state == "open"]
    late = [item for item in running if item.state == "late"]
    monday = today - today.weekday() * DAY
    week = [monday + number * DAY for number in range(_WEEK)]
    due, lapsed = Counter(on for _, on in dated), Counter(day(item.due) for item in late if item.due)
    months = _months(owed)
    rates = _rates(items, register, today)
    return Morning(
        at=at,
        today=sorted((item for item, on in dated if on == today or _to_do(item, today)), key=_grave),
        following=[item for item, on in dated if on > today and not _to_do(item, today)][: rules()["rows"]["today"]],
        week=[Weekday(one, worked(calendar, one), due[one], lapsed[one]) for one in week],
        late=len(late), hard=sum(item.kind in clock_words()["scored"] for item in late),
        red=_red(late), supervised=len({item.key for item in items if _supervised(item, today)}),
        months=months, money=_sum(months.values()),
        pay_by=min((on for item, on in dated if item.clock == rules()["clocks"]["paid"]), default=None),
        customers=_customers(register, items, late, cases, today),
        rate=rates[f"{today:%Y-%m}"], rates=rates,
        ahead={on: due[on] for on in (today + number * DAY for number in range(rules()["spans"]["ahead"]))},
    )


def worked(calendar: Calendar, on: dt.date) -> bool | None:
    """Whether a day is worked; None where the calendar does not reach."""
    try:
        return calendar.is_workday(on)
    except CalendarError:
        return None


def _to_do(item: Item, today: dt.date) -> bool:
    """Whether the last working day for a deadline on a rest day to come is today or over."""
    return item.act_by is not None and item.due is not None and day(item.act_by) <= today < day(item.due)


def _grave(item: Item) -> tuple[int, tuple[bool, dt.datetime, str, str]]:
    """What the lists are sorted by: the kind of deadline, then the instant it lapses."""
    order = rules()["order"]["first"]
    return order.index(item.kind) if item.kind in order else len(order), board.instant(item)


def _supervised(item: Item, today: dt.date) -> bool:
    """Whether a complaint is under key supervision: reported or not, only its solution takes it off the list."""
    if item.clock != rules()["clocks"]["supervised"] or item.record is None:
        return False
    solved = item.record.date(rules()["columns"]["solved"])
    return solved is None or solved > today


def _red(late: Sequence[Item]) -> list[Red]:
    """One line a matter: its gravest kind and longest overdue deadline; gravest and longest first."""
    ranked = sorted(late, key=_grave)
    counted = Counter(item.key for item in late)
    first: dict[str, Item] = {}
    for item in ranked:
        first.setdefault(item.key, item)
    return [Red(item, counted[key]) for key, item in first.items()]


def _months(owed: Iterable[Standing]) -> dict[str, Money]:
    """The money of each month, in their order."""
    found: dict[str, list[Money]] = {}
    for each in owed:
        left = max(each.open, _NOTHING)
        held = Money(each.billed, each.received.amount, left, left if each.days else _NOTHING)
        found.setdefault(each.month, []).append(held)
    return {month: _sum(found[month]) for month in sorted(found)}


def _sum(each: Iterable[Money]) -> Money:
    rows = list(each)
    return Money(*(sum((row[place] for row in rows), _NOTHING) for place in range(len(Money._fields))))


def _rates(items: Sequence[Item], register: Register, today: dt.date) -> dict[str, ontime.Rate]:
    """The on-time rate of all hard limits, of this month so far and the months before."""
    first, last = today.replace(day=1), today
    found: dict[str, ontime.Rate] = {}
    for _ in range(rules()["spans"]["months"]):
        found[f"{first:%Y-%m}"] = ontime.total(ontime.rates(items, first, last, register.settings))
        last = first - DAY
        first = last.replace(day=1)
    return {month: found[month] for month in sorted(found)}


def _customers(
    register: Register, items: Sequence[Item], late: Sequence[Item], cases: Mapping[str, int], today: dt.date,
) -> list[Customer]:
    """Every customer of the register, those with most to do about them first."""
    visits, last_on = _visits(register, items, today)
    lapsed = Counter(_whose(item) for item in late)
    demands: dict[str, set[str]] = {}
    for item in items:
        if item.running and item.record is not None and item.record.form.code == "demand":
            demands.setdefault(_whose(item), set()).add(item.key)
    found = [
        Customer(name, visits.get(name, "never"), last_on.get(name), lapsed[name], len(demands.get(name, ())),
                 cases.get(name, 0))
        for name in dict.fromkeys(row.text("customer_name") for row in register.rows("customer")) if name
    ]
    grave = ("late", "never", "open", "visited")
    return sorted(found, key=lambda each: (-each.late, grave.index(each.visit), -each.cases, -each.demands, each.name))


def _whose(item: Item) -> str:
    return item.branch or item.customer


def _visits(
    register: Register, items: Sequence[Item], today: dt.date,
) -> tuple[dict[str, str], dict[str, dt.date]]:
    """How each customer's weekly visit stands, and its last visit: visited this week, open, or late since before."""
    last_on: dict[str, dt.date] = {}
    for row in register.rows("visit"):
        on, name = row.date("visited_on"), row.text("customer_name")
        if on and on <= today:
            last_on[name] = max(on, last_on.get(name, on))
    monday = today - today.weekday() * DAY
    states: dict[str, str] = {name: "visited" if on >= monday else "open" for name, on in last_on.items()}
    for item in items:
        if item.clock != rules()["clocks"]["visited"] or item.due is None:
            continue
        name, due = item.key.removesuffix(item.period).strip(), day(item.due)
        if item.state == "late" and monday - _WEEK * DAY <= due < monday and states.get(name) != "visited":
            states[name] = "late"
        elif item.state in ("met", "met-late") and due >= monday:
            states[name] = "visited"
        else:
            states.setdefault(name, "open")
    return states, last_on
