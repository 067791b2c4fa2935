"""Rows of a lease register as people type them, read, checked and billed by the program and by a second one.

Each row is a random lease whose cells are dressed as users dress them: days and amounts as cells or as texts of many
forms. One in eight has one fault. The second program knows which cell of which row is at fault and what every other
cell means, and bills with fractions, day by day (`tests/billing_oracle.py`); it shares no code with ours.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import random
from collections import Counter
from typing import TYPE_CHECKING

from macros.billing.month import bill
from macros.forms import forms
from macros.reader import read
from macros.validation import check_row
from tests import billing_oracle as oracle
from tests.billing_random import world

if TYPE_CHECKING:
    from decimal import Decimal

    from benchmarks.proofs import Figures, Scale
    from macros.records import Cell, Record

#: Rows of one random month.
EACH = 2_000
#: No day of the leases lies after it.
TODAY = dt.date(2030, 1, 1)
_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
#: What may be wrong with a column, as typed; empty texts stand for blanks.
FAULTS: dict[str, tuple[Cell, ...]] = {
    "lease_no": ("",), "operator": ("铁通", "", "移动、联通"), "site_code": (4.3e17, ""),
    "units": ("-1", "1_000", "", "三", "٣", "nan", "1e400"),
    "tower_cost": ("待核", "1e13", "", "12.345", "inf", "-5", "1.2万", "100元/月"),
    "starts_on": ("2025-02-30", "25-1-1", "today", "", "待定", "45658", "1980-01-01"),
    "ends_on": ("2025-13-01", "明年", "2024-02-30"), "anchor": ("也许", "2"), "region_factor": ("-0.5", "约1"),
}


def measure(scale: Scale) -> Figures:
    """Compare month by month until so many rows are done."""
    names = [f"{scale.seed}/{at}" for at in range(0, scale.count, EACH)]
    jobs = [(name, min(EACH, scale.count - at * EACH)) for at, name in enumerate(names)]
    sums: Counter[str] = Counter()
    told: list[str] = []
    with multiprocessing.get_context("spawn").Pool(scale.processes) as pool:
        for found, said in pool.imap_unordered(_compared, jobs):
            sums += found
            told += said
    return {
        "rows": sums["rows"], "with_a_fault": sums["faulty"], "billed": sums["billed"], "differ": len(told),
        "first": told[:5], "held": not told and sums["rows"] >= scale.count,
    }


def _compared(job: tuple[str, int]) -> tuple[Counter[str], list[str]]:
    return compared(*job)


def compared(name: str, count: int) -> tuple[Counter[str], list[str]]:
    """How many rows of one random month were compared, and in what the two programs differ."""
    dice = random.Random(name)
    given = world(dice, count)
    form = forms()["lease"]
    titles = {column.name: column.title for column in form.columns}
    lines, faults = [], []
    for number, lease in enumerate(given.leases):
        cells = typed(lease, dice, number)
        wrong = dice.choice(sorted(FAULTS)) if dice.random() < 0.125 else ""
        if wrong:
            cells[wrong] = dice.choice(FAULTS[wrong]) or None
        lines.append([cells.get(column.name) for column in form.columns])
        faults.append(wrong)
    records, said = read(form, [[column.title for column in form.columns], *lines], "租约台账.xlsx", "租约")
    errors: dict[int, set[str]] = {}
    for one in said:
        if one.severity == "error":
            errors.setdefault(int("".join(filter(str.isdigit, one.cell))), set()).add(one.field)
    for record in records:
        unread = errors.get(record.place.row, set())
        for one in check_row(record, TODAY, unread):
            if one.severity == "error":
                errors.setdefault(record.place.row, set()).add(one.field)
    differ = []
    for number, wrong in enumerate(faults):
        expected = {titles[wrong]} if wrong else set()
        found = errors.get(number + 2, set())
        if found != expected:
            differ.append(f"{name} row {number}: {sorted(found)} instead of {sorted(expected)}: {lines[number]}")
    sound = [record for record in records if not faults[record.place.row - 2]]
    leases = [lease for lease, wrong in zip(given.leases, faults, strict=True) if not wrong]
    differ += _fees(name, sound, leases, given)
    sums = Counter({"rows": len(lines), "faulty": sum(map(bool, faults)), "billed": len(sound)})
    return sums, differ


def _fees(name: str, records: list[Record], leases: list[oracle.Lease], given: object) -> list[str]:
    """Leases whose items the two programs bill differently."""
    from tests.billing_random import World

    assert isinstance(given, World)
    made = bill(given.name, records, [], given.tariff, {})
    ours = {one.lease.key: dict(one.items) for one in made.lines}
    theirs = oracle.bill(leases, given.year, given.month, given.rules)
    return [
        f"{name} lease {key}: {ours.get(key)} instead of {theirs.get(key)}"
        for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)
    ]


def typed(one: oracle.Lease, dice: random.Random, number: int) -> dict[str, Cell]:
    """A lease as somebody types it."""
    nothing: Cell = 0 if number % 2 else None
    cells: dict[str, Cell] = {
        "lease_no": one.key, "operator": dice.choice((one.operator, f" {one.operator} ")), "site_code": one.site,
        "units": _figure(one.units, dice), "tower_cost": _amount(one.tower, dice),
        "room_cost": _amount(one.room, dice) if one.room else nothing,
        "support_cost": _amount(one.support, dice) if one.support else nothing,
        "maintenance_fee": _amount(one.maintenance, dice) if one.maintenance else nothing,
        "site_rent": _amount(one.site_rent, dice) if one.site_rent else nothing,
        "power_fee": _amount(one.power_fee, dice) if one.power_fee else nothing,
        "starts_on": _day(one.starts, dice), "ends_on": _day(one.ends, dice) if one.ends else None,
        "anchor": dice.choice(("是", True, "Y")) if one.anchor else dice.choice(("否", False)),
        "sharing": "存量既有共享" if one.existing else None,
        "order_signed_on": _day(one.signed, dice) if one.signed else None,
        "region_factor": _figure(one.region, dice), "wind_factor": _figure(one.wind, dice),
        "generator_mode": "包干" if "generator_fee" in one.extras else None,
    }
    return cells | {name: _amount(fee, dice) for name, fee in one.extras.items()}


def _day(day: dt.date, dice: random.Random) -> Cell:
    y, m, d = day.year, day.month, day.day
    return dice.choice((
        dt.datetime(y, m, d), f"{y}-{m:02d}-{d:02d}", f"{y}/{m}/{d}", f"{y}年{m}月{d}日", f"{y}.{m}.{d}",
        f"{y}-{m:02d}-{d:02d}".translate(_WIDE), f"{y}-{m:02d}-{d:02d}T00:00:00",
    ))


def _amount(amount: Decimal, dice: random.Random) -> Cell:
    return dice.choice((
        float(amount), f"{amount}", f"{amount:,}", f"¥{amount:,}", f"{amount}元", f"人民币{amount}元", f" {amount} ",
        f"{amount}".translate(_WIDE),
    ))


def _figure(figure: Decimal, dice: random.Random) -> Cell:
    return dice.choice((float(figure), f"{figure}", f" {figure}", f"{figure}".translate(_WIDE)))
