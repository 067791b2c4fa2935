"""The weekly quota of visits (K39), logs and minutes (K41) and follow-ups, as the board's clocks judge them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from macros.clocks.item import day
from macros.work.wanted import owner_of
from macros.work.weeks import week_of
from macros.work.words import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.clocks.item import Item
    from macros.records import Record
    from macros.register import Register


#: Days of a week.
_WEEK = 7


class Quota(NamedTuple):
    """One customer's week: its last day, how many visits on site there were, and whether the quota is met."""

    customer: str
    manager: str
    week: str
    due: dt.date
    visits: int
    last_on: dt.date | None
    state: str


class Owed(NamedTuple):
    """A visit and which of its logs and minutes are missing."""

    row: Record
    day: dt.date
    missing: tuple[str, ...]


class Followed(NamedTuple):
    """A follow-up and how it stands."""

    row: Record
    owner: str
    due: dt.date | None
    state: str
    days: int


def quotas(items: Sequence[Item], register: Register, today: dt.date) -> list[Quota]:
    """The running week and those before it, the newest first, in the order of the customers.

    The board tells a customer's weeks from its first visit on; one that was never visited owes them from the
    register's first visit or plan on. Where the quota is set per account manager, a line stands for the manager.
    """
    rule = rules("visits")
    shown = [week_of(today - dt.timedelta(weeks=back)) for back in range(rule["weeks"] + 1)]
    visits = _visits(register, today)
    found: dict[tuple[str, str], Quota] = {}
    for item in items:
        if item.clock != rule["clocks"]["quota"] or item.period not in shown or item.due is None:
            continue
        who = item.key.removesuffix(item.period).strip()
        days = visits.get((who, item.period), [])
        found[item.period, who] = Quota(
            who, item.manager, item.period, day(item.due), len(days), max(days, default=None),
            _state(item.state, day(item.due), today),
        )
    managers = {each.customer: each.manager for each in found.values()}
    begun = week_of(_first(register, today))
    ends = {each.week: each.due for each in found.values()}
    for week in shown:
        end = ends.get(week) or _sunday(today, shown.index(week))
        for who, manager in managers.items():
            if week >= begun and (week, who) not in found:
                found[week, who] = Quota(who, manager, week, end, 0, None, _state("", end, today))
    order = list(managers)
    return sorted(found.values(), key=lambda each: (shown.index(each.week), order.index(each.customer)))


def _first(register: Register, today: dt.date) -> dt.date:
    """The day of the register's first visit or plan; today when it has none."""
    days = [row.date("visited_on") for row in register.rows("visit")]
    days += [row.date(name) for row in register.rows("plan") for name in ("made_on", "planned_on")]
    return min((day for day in days if day), default=today)


def _sunday(today: dt.date, back: int) -> dt.date:
    """The last day of the week so many weeks before."""
    return today + dt.timedelta(days=_WEEK - today.isoweekday() - back * _WEEK)


def _visits(register: Register, today: dt.date) -> dict[tuple[str, str], list[dt.date]]:
    """The days of the visits that count for the quota, by customer and week and by manager and week."""
    from macros.clocks.rules import clocks

    clock = clocks()[rules("visits")["clocks"]["quota"]]
    found: dict[tuple[str, str], list[dt.date]] = {}
    for row in register.rows(clock.table):
        on = row.date(clock.dated)
        if on and on <= today and all(each.holds(row[each.column], today, register.settings) for each in clock.when):
            for who in {row.text(clock.member), owner_of(register, register.customer_of(row))}:
                found.setdefault((who, week_of(on)), []).append(on)
    return found


def _state(state: str, due: dt.date, today: dt.date) -> str:
    """The words a sheet is coloured by: a week over without a visit is red."""
    said = rules("visits")["states"]
    if state in ("met", "met-late"):
        return str(said["done"])
    if state == "late" or due < today:
        return str(said["missed"])
    return str(said["today"] if due == today else said["week"])


def owed(register: Register, today: dt.date) -> list[Owed]:
    """Visits made whose logs or minutes are not all there, the oldest first."""
    names = rules("visits")["logs"]
    found = []
    for row in register.rows("visit"):
        on = row.date("visited_on")
        missing = tuple(title for name, title in names.items() if row[name] is None)
        if on and on <= today and missing:
            found.append(Owed(row, on, missing))
    return sorted(found, key=lambda each: each.day)


def followed(register: Register, today: dt.date) -> list[Followed]:
    """Every follow-up: the overdue ones first, then by their day."""
    found = [_followed(row, today) for row in register.rows("followup") if row.key]
    return sorted(found, key=lambda each: (-each.days, each.due or dt.date.max))


def _followed(row: Record, today: dt.date) -> Followed:
    said, due, done = rules("visits")["states"], row.date("due_on"), row.date("done_on")
    owner = row.text("owner")
    if done and done <= today:
        return Followed(row, owner, due, said["done_late" if due and done > due else "done"], 0)
    if due and due < today:
        late = (today - due).days
        return Followed(row, owner, due, said["late"].format(days=late), late)
    return Followed(row, owner, due, said["today"] if due == today else said["open"], 0)


def is_done(each: Followed, today: dt.date) -> bool:
    """Whether a follow-up is closed."""
    done = each.row.date("done_on")
    return bool(done and done <= today)


def by_owner(found: Sequence[Followed], today: dt.date) -> dict[str, tuple[int, int, int]]:
    """How many follow-ups each owner has open, overdue and done."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in found:
        counts[each.owner, "done" if is_done(each, today) else "late" if each.days else "open"] += 1
    return {
        owner: (counts[owner, "open"], counts[owner, "late"], counts[owner, "done"])
        for owner in sorted({each.owner for each in found})
    }
