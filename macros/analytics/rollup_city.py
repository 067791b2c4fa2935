"""Sums up one city's register for the province: by month, person and clock, and its overdue rows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from macros.analytics.ontime import verdict_day
from macros.analytics.rollup_shapes import City, Late, Leaf, Sum, Sums, months
from macros.analytics.rollup_words import rules
from macros.billing.collection import words as collection_words
from macros.clocks.item import day
from macros.clocks.tallies import by_customer, by_manager, scored
from macros.forms import forms
from macros.register import default_settings
from macros.terms import in_force

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from macros.analytics.rollup_shapes import Whose
    from macros.billing.collection import Standing
    from macros.clocks.item import Item
    from macros.findings import Finding
    from macros.register import Register

_MET, _LATE, _OPEN, _OVERDUE = range(len(Leaf._fields))
_NAMES = Leaf._fields
#: Which setting names the city, in the table 假设.
CITY = "城市"


class Seen(NamedTuple):
    """What others have made of a city's tables at the roll-up's moment.

    ``items`` are its deadlines, ``money`` its statements, ``service`` its faults and complaints by month, ``findings``
    what is wrong with its rows, ``calendar`` the version its days are counted by, ``missing`` what its folder lacks.
    """

    items: Sequence[Item]
    money: Sequence[Standing]
    service: Mapping[str, Sums]
    findings: Sequence[Finding]
    calendar: str
    missing: Sequence[str] = ()


class _Sums:
    """A city's sums as they grow."""

    def __init__(self, at: dt.date) -> None:
        self.today = at
        self.now: dict[str, Sum] = defaultdict(int)
        self.months: dict[str, dict[str, Sum]] = {name: defaultdict(int) for name in months(at)}
        self.leaves: dict[Whose, list[int]] = defaultdict(lambda: [0] * len(_NAMES))

    def in_month(self, name: str, on: dt.date | None, value: Sum = 1) -> bool:
        """Add to a month's sum; whether its day is known and lies in the period."""
        month = self.months.get(f"{on:%Y-%m}") if on and on <= self.today else None
        if month is None:
            return False
        month[name] += value
        return True


def city(folder: str, register: Register, at: dt.datetime, seen: Seen, most: int) -> City:
    """Sum up one city as it stands at ``at``; at most ``most`` of its overdue rows are handed over."""
    sums = _Sums(at.date())
    late = _clocks(seen.items, register.settings, sums)
    _rows(register, sums, seen.findings)
    _money(seen.money, sums)
    for name, found in seen.service.items():
        if name in sums.months:
            sums.months[name].update(found)
    return City(
        folder, register.settings.get(CITY, ""), dict(sums.now),
        {name: dict(each) for name, each in sums.months.items()},
        {whose: Leaf(*counts) for whose, counts in sorted(sums.leaves.items())}, _stages(register, at.date()),
        tuple(late[:most]), _basis(register, seen.calendar), tuple(seen.missing),
    )


def _clocks(items: Iterable[Item], settings: Mapping[str, str], sums: _Sums) -> list[Late]:
    """Add the deadlines: judged ones by month, running ones now; the overdue ones, the longest first."""
    late: list[Late] = []
    counts: dict[str, bool] = {}
    for item in items:
        clock = item.rule.id
        hard = counts.get(clock)
        if hard is None:
            hard = counts[clock] = scored(item, settings)
        stands = []
        judged = verdict_day(item)
        if judged is not None:
            name = _NAMES[_MET if item.state == "met" else _LATE]
            if sums.in_month(f"{name}:{clock}", judged):
                stands.append(_MET if item.state == "met" else _LATE)
                if hard:
                    sums.in_month(name, judged)
        if item.state in ("late", "open"):
            stands.append(_OVERDUE if item.state == "late" else _OPEN)
            sums.now[f"{_NAMES[stands[-1]]}:{clock}"] += 1
            if hard:
                sums.now[_NAMES[stands[-1]]] += 1
        if hard and stands:
            leaf = sums.leaves[by_manager(item), by_customer(item), clock]
            for stand in stands:
                leaf[stand] += 1
            if item.state == "late" and item.due:
                late.append(_overdue(item, day(item.due), sums.today))
    return sorted(late, key=lambda one: (one.due, one.clock, one.workbook, one.sheet, one.row, one.key))


def _overdue(item: Item, due: dt.date, today: dt.date) -> Late:
    place, form = item.place, forms()[item.rule.table]
    return Late(
        by_manager(item), by_customer(item), item.clock, item.title, item.key, due, (today - due).days,
        place.workbook if place else form.file, place.sheet if place else form.title, place.row if place else 0,
    )


def _rows(register: Register, sums: _Sums, findings: Iterable[Finding]) -> None:
    """Add the tables' rows, the leases in force, what happened by month, and what is wrong."""
    for code, rows in register.tables.items():
        if code not in rules()["uncounted"]:
            sums.now["rows"] += len(rows)
    sums.now["demands"] += len(register.rows("demand"))
    sums.now["leases"] += len({
        row.key for row in register.rows("lease") if in_force(row, sums.today)
    })
    for event in rules()["event"]:
        for row in register.rows(event["table"]):
            sums.in_month(event["sum"], row.date(event["column"]))
    graver = Counter(said.severity for said in findings)
    sums.now["errors"] += graver["error"]
    sums.now["warnings"] += graver["warning"]


def _money(money: Iterable[Standing], sums: _Sums) -> None:
    """Add what was billed and came in by the statements' months, what was due of it, and what is owed now."""
    paid = collection_words()["clocks"]["paid"]
    for each in money:
        month = sums.months.get(each.month)
        stone = each.milestones.get(paid)
        if month is not None:
            month["billed"] += each.billed
            month["received"] += each.received.amount
            if stone and stone.due and stone.due <= sums.today:
                month["due_billed"] += each.billed
                month["due_received"] += min(each.received.amount, each.billed)
        if each.open > 0:
            sums.now["owed"] += each.open
            if each.days:
                sums.now["owed_late"] += each.open


def _stages(register: Register, today: dt.date) -> dict[tuple[str, str], int]:
    """The demands by their label and how far they have come."""
    said, found = rules()["words"], Counter[tuple[str, str]]()
    for row in register.rows("demand"):
        stage = said["no_stage"]
        for each in reversed(rules()["stage"]):
            on = row.date(each["column"])
            if on and on <= today:
                stage = each["title"]
                break
        found[row.text("solution") or said["unlabelled"], stage] += 1
    return dict(sorted(found.items()))


def _basis(register: Register, calendar: str) -> dict[str, str]:
    """What the city counts by: its calendar, its choices that are not the usual ones, its prices."""
    usual, form = default_settings(), re.compile(rules()["counting"])
    chosen = [
        f"{name}={value}" for name, value in sorted(register.settings.items())
        if form.fullmatch(name) and value != usual.get(name, "")
    ]
    prices = [str(row.values) for row in register.rows("price")]
    digest = sha256("\n".join(prices).encode()).hexdigest()[:8]
    said = rules()["words"]
    return {
        "calendar": calendar, "counting": said["list"].join(chosen) or said["default"],
        "prices": said["prices"].format(count=len(prices), digest=digest),
    }
