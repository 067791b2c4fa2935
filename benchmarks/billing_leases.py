"""Made-up registers of leases for the benchmark of a month's bill, any size, the same in every run."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.forms import forms
from macros.records import Place, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.records import Value

MONTH = "2026-10"
FIRST = dt.date(2026, 10, 1)
OPERATORS = ("移动", "联通", "电信")
COUNTIES = tuple(f"第{number}县" for number in range(9))
TOWERS = ("158902", "183433", "216758", "254928", "299715", "87872", "134060", "40753", "12107")
UNITS = ("0.3", "1", "1", "1", "1", "1.3", "1.6")


class Values:
    """Equal texts give one value, as reading a snapshot of a register does."""

    def __init__(self) -> None:
        self._days: dict[dt.date, dt.date] = {}
        self._numbers: dict[str, Decimal] = {}

    def number(self, text: str) -> Decimal:
        """A figure."""
        return self._numbers.setdefault(text, Decimal(text))

    def day(self, day: dt.date) -> dt.date:
        """A day."""
        return self._days.setdefault(day, day)


def leases(count: int) -> list[Record]:
    """``count`` leases on sites of one to three operators.

    Of twelve leases about one begins in the month and one ends in it, of a hundred one is a second lease of its
    operator on the site; fees are whole yuan of a few thousand kinds, every fifth is blank.
    """
    form, lottery, values = forms()["lease"], random.Random(20261121), Values()
    columns = tuple(range(1, len(form.columns) + 1))
    names = [column.name for column in form.columns]
    made: list[Record] = []
    for site in _sites():
        present = lottery.sample(OPERATORS, lottery.choice((1, 1, 2, 2, 3)))
        if lottery.random() < 0.02:
            present.append(present[0])
        for number, operator in enumerate(present):
            row = _lease(len(made), site, operator, number == 0, lottery, values)
            made.append(Record(form, tuple(map(row.get, names)), Place(form.file, form.title, len(made) + 2), columns))
            if len(made) == count:
                return made
    raise AssertionError


def _sites() -> Iterator[str]:
    number = 430_000_000_000_000_000
    while True:
        number += 1
        yield str(number)


def _lease(
    number: int, site: str, operator: str, anchor: bool, lottery: random.Random, values: Values,
) -> dict[str, Value]:
    def fee(least: int, most: int, step: int) -> Decimal | None:
        return values.number(str(lottery.randrange(least, most, step))) if lottery.random() < 0.8 else None

    starts = FIRST - dt.timedelta(days=lottery.randrange(30, 3600))
    if lottery.random() < 1 / 12:
        starts = FIRST + dt.timedelta(days=lottery.randrange(31))
    ends: dt.date | None = FIRST + dt.timedelta(days=lottery.randrange(31, 1800)) if lottery.random() < 0.5 else None
    if lottery.random() < 1 / 12 and starts < FIRST:
        ends = FIRST + dt.timedelta(days=lottery.randrange(31))
    row: dict[str, Value] = {
        "lease_no": f"ZL-{number:08d}", "operator": operator, "site_code": site,
        "county": COUNTIES[number % len(COUNTIES)],
        "site_name": f"{site[-7:]}号站", "product": "普通地面塔", "units": values.number(lottery.choice(UNITS)),
        "tower_cost": values.number(lottery.choice(TOWERS)), "room_cost": fee(0, 90_000, 100),
        "support_cost": fee(20_000, 70_000, 100), "maintenance_fee": fee(3_000, 9_000, 10),
        "site_rent": fee(2_000, 20_000, 10), "power_fee": fee(500, 5_000, 10), "starts_on": values.day(starts),
        "ends_on": values.day(ends) if ends else None, "anchor": anchor,
        "sharing": "存量既有共享" if lottery.random() < 0.1 else "新建共享",
        "order_signed_on": values.day(starts - dt.timedelta(days=60)), "region_factor": values.number("0.9"),
        "wind_factor": values.number(lottery.choice(("1", "1", "1.1"))),
    }
    if lottery.random() < 0.1:
        row["bbu_fee"] = values.number("1200")
    if lottery.random() < 0.05:
        row |= {"generator_mode": "包干", "generator_fee": values.number("2400")}
    return row
