"""Random leases, price rules and months, and whether the program bills them as the slow oracle does.

``run bench agreement`` compares a million leases; the tests compare a few hundred.
"""

from __future__ import annotations

import calendar
import datetime as dt
import random
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from macros.billing.month import Bill, bill
from macros.forms import Form, forms
from macros.pricing.parameters import Tariff, shipped, tariff
from macros.reader import read
from macros.records import Place, Record, Value
from tests import billing_oracle as oracle

OPERATORS = ("移动", "联通", "电信")
EXTRAS = ("bbu_fee", "high_level_fee", "battery_fee", "wlan_fee", "microwave_fee", "other_fee", "generator_fee")
SHIPPED = tariff(shipped())[0]


@dataclass(frozen=True)
class World:
    """A month, the leases of some sites, and the price rules of its days."""

    year: int
    month: int
    leases: list[oracle.Lease]
    rules: list[oracle.Rules]
    tariff: Tariff

    @property
    def name(self) -> str:
        return f"{self.year}-{self.month:02d}"


def world(lottery: random.Random, count: int) -> World:
    """At least ``count`` leases of a random month, under the rules in force or under made-up ones that change anywhere."""
    year, month = lottery.choice([(2016, 9), (2017, 12), (2018, 1), (2020, 2), (2022, 12), (2023, 1), (2024, 2), (2026, 10), (2027, 12)])
    rules, tariff_ = (oracle.RULES, SHIPPED) if lottery.random() < 0.5 else made_up(lottery, year, month)
    leases: list[oracle.Lease] = []
    while len(leases) < count:
        site = str(430_000_000_000_000_000 + len(leases))
        operators = lottery.sample(OPERATORS, lottery.randrange(1, 4))
        for number in range(lottery.randrange(1, 6)):
            leases.append(lease(lottery, f"{len(leases)}", lottery.choice(operators), site, number == 0, year, month))
    return World(year, month, leases, rules, tariff_)


def lease(lottery: random.Random, key: str, operator: str, site: str, anchor: bool, year: int, month: int) -> oracle.Lease:
    first, days = dt.date(year, month, 1), calendar.monthrange(year, month)[1]

    def figure(most: int, places: int, blank: float) -> Decimal:
        return Decimal(0) if lottery.random() < blank else Decimal(lottery.randrange(most * 10**places)).scaleb(-places)

    # A third of the ends lie in the month or at its borders.
    starts = first + dt.timedelta(days=lottery.randrange(-2, days + 2) if lottery.random() < 0.35 else -lottery.randrange(1, 4000))
    ends = None
    if lottery.random() < 0.6:
        ends = max(starts, first + dt.timedelta(days=lottery.randrange(-2, days + 2) if lottery.random() < 0.6 else lottery.randrange(2000)))
    extras = {name: figure(6000, 2, 0) for name in lottery.sample(EXTRAS, lottery.choice((0, 0, 0, 1, 2, 7)))}
    return oracle.Lease(
        key, operator, site, starts, ends, figure(300_000, 2, 0), figure(90_000, 2, 0.3), figure(70_000, 2, 0.3),
        figure(9_000, 2, 0.2), figure(20_000, 2, 0.3), figure(5_000, 2, 0.3), extras,
        Decimal(lottery.choice(("0.3", "0.1", "0", "1", "1", "1.3", "1.6", "0.333333"))),
        Decimal(lottery.choice(("0.9", "1", "1.05", "0.876543"))), Decimal(lottery.choice(("1", "1", "1.1", "1.234567"))),
        anchor if lottery.random() < 0.8 else not anchor, lottery.random() < 0.15,
        lottery.choice((None, dt.date(2016, 12, 1), dt.date(2022, 12, 31), dt.date(2023, 1, 1), starts)),
    )


def made_up(lottery: random.Random, year: int, month: int) -> tuple[list[oracle.Rules], Tariff]:
    """One to four sets of rules, cut on random days in or near the month, and the table that states them."""
    first = dt.date(year, month, 1)
    cuts = sorted({first + dt.timedelta(days=lottery.randrange(-5, 35)) for _ in range(lottery.randrange(4))})
    starts = [dt.date(2000, 1, 1), *cuts]
    ends = [*(day - oracle.DAY for day in cuts), dt.date(2099, 12, 31)]

    def ratio(most: int) -> Fraction:
        return Fraction(lottery.randrange(most * 1000), 100_000)

    rules = []
    for start, end in zip(starts, ends, strict=True):
        off, site = ([ratio(40) for _ in range(4)] for _ in range(2))
        last = end == ends[-1]
        rules.append(oracle.Rules(
            start, end, ratio(20), oracle.ladder(*map(str, off)), ratio(50), ratio(5) if last else Fraction(0),
            lottery.choice((start, dt.date(2017, 1, 1), dt.date(2022, 12, 31), first)),
            ratio(5), Fraction(lottery.choice(("8", "10", "12.5"))), Fraction(lottery.choice((15, 20))),
            Fraction(lottery.choice((5, 6, 7))), oracle.ladder(*map(str, site)),
        ))
    return rules, stated(rules)


def stated(rules: list[oracle.Rules]) -> Tariff:
    """The rules as the rows of 计费参数, through the program's own reader."""
    lines: list[list[str | None]] = [["参数", "对象", "租户数", "锚定用户", "数值", "生效日期", "失效日期", "签约早于"]]

    def say(
        name: str, value: Fraction, one: oracle.Rules, item: str = "", tenants: str = "", anchor: str = "", before: str = "",
    ) -> None:
        figure = f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
        cells = (name, item, tenants, anchor, figure, str(one.starts), str(one.ends), before)
        lines.append([cell or None for cell in cells])

    for one in rules:
        say("成本加成率", one.markup, one)
        say("折损率", one.damage, one)
        say("既有共享付费比例", one.share, one)
        for item, life in (("铁塔", one.tower_life), ("机房", one.room_life), ("配套", one.support_life)):
            say("折旧年限", life, one, item)
        for name, steps in (("基准价格折扣", one.base_off), ("场地费和电力引入费折扣", one.site_off)):
            for (tenants, anchor), off in steps.items():
                if tenants > 1:
                    say(name, off, one, tenants=str(tenants), anchor="是" if anchor else "否")
        if one.early:
            say("早签订单额外折扣", one.early, one, before=str(one.early_before))
    lines.append(["增值税率", None, None, None, "0.06", "2000-01-01", None, None])
    records, findings = read(forms()["price"], lines, "参数.xlsx", "计费参数")
    assert not findings, findings[0].message
    made, said = tariff(records)
    assert not said, said[0].message
    return made


def records(leases: list[oracle.Lease]) -> list[Record]:
    """Leases as rows of the register; a fee of nothing stands as blank or as zero by turns."""
    form = forms()["lease"]
    return [_record(form, one, number) for number, one in enumerate(leases)]


def _record(form: Form, one: oracle.Lease, number: int) -> Record:
    nothing = Decimal(0) if number % 2 else None
    lump = "generator_fee" in one.extras
    row: dict[str, Value] = {
        "lease_no": one.key, "operator": one.operator, "site_code": one.site, "units": one.units,
        "tower_cost": one.tower, "room_cost": one.room or nothing, "support_cost": one.support or nothing,
        "maintenance_fee": one.maintenance or nothing, "site_rent": one.site_rent or nothing,
        "power_fee": one.power_fee or nothing, "starts_on": one.starts, "ends_on": one.ends, "anchor": one.anchor,
        "sharing": "存量既有共享" if one.existing else None, "order_signed_on": one.signed, "region_factor": one.region,
        "wind_factor": one.wind, "generator_mode": "包干" if lump else None, **one.extras,
    }
    values = tuple(row.get(column.name) for column in form.columns)
    return Record(form, values, Place(form.file, form.title, number + 2), tuple(range(1, len(form.columns) + 1)))


def random_runs(lottery: random.Random, count: int) -> tuple[list[oracle.Run], list[Record]]:
    """Generator runs on two sites around October 2026, and the same as rows of the register."""
    form, runs, made = forms()["generator"], [], []
    for number in range(count):
        started = dt.datetime(2026, 9, 28) + dt.timedelta(minutes=30 * lottery.randrange(36 * 48))
        ended = started + dt.timedelta(minutes=lottery.choice((-30, 0, 299, 300, 1440, 1441, lottery.randrange(3000))))
        site = f"43010000000000000{lottery.randrange(2)}"
        run = oracle.Run(f"Y{number}", site, started, ended, lottery.random() < 0.5, lottery.random() < 0.2)
        row: dict[str, Value] = {
            "run_no": run.key, "operator": lottery.choice(OPERATORS), "site_code": site, "started_at": started,
            "ended_at": ended, "terrain": "山区" if run.mountain else "平原", "result": "失败" if run.failed else "成功",
        }
        runs.append(run)
        place = Place(form.file, form.title, number + 2)
        made.append(Record(form, tuple(row.get(one.name) for one in form.columns), place, tuple(range(1, len(form.columns) + 1))))
    return runs, made


def billed(given: World) -> Bill:
    return bill(given.name, records(given.leases), [], given.tariff, {})


def difference(given: World) -> str:
    """The first thing in which program and oracle differ; empty where they agree on every item, sum and tax."""
    made = billed(given)
    ours = {one.lease.key: dict(one.items) for one in made.lines}
    theirs = oracle.bill(given.leases, given.year, given.month, given.rules)
    for key in ours.keys() | theirs.keys():
        if ours.get(key) != theirs.get(key):
            return f"{given.name} lease {key}: {ours.get(key)} instead of {theirs.get(key)}"
    by_key = {one.key: one for one in given.leases}
    for statement in made.statements:
        net = sum((sum(items.values(), Decimal(0)) for key, items in theirs.items() if by_key[key].operator == statement.operator), Decimal(0))
        if (statement.net, statement.tax) != (net, oracle.tax(net)):
            return f"{given.name} {statement.operator}: {statement.net} + {statement.tax} instead of {net} + {oracle.tax(net)}"
    return ""
