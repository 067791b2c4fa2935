"""A month's bill worked out slowly: fractions, and a walk over every single day. It shares no code with the program.

Written from the billing rules alone, numbered as there: (2) price rules by day, (3) base per year, (4) tenants and
discounts, (5) day count, (6) rounding once per lease, month and item, (7) generator runs.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Rules:
    """Price rules from one day to another, both counted (2, 4). Discounts by tenants and anchor."""

    starts: dt.date
    ends: dt.date
    markup: Fraction
    base_off: dict[tuple[int, bool], Fraction]
    share: Fraction
    early: Fraction
    early_before: dt.date
    damage: Fraction = Fraction(2, 100)
    tower_life: Fraction = Fraction(10)
    room_life: Fraction = Fraction(20)
    support_life: Fraction = Fraction(6)
    site_off: dict[tuple[int, bool], Fraction] = field(default_factory=lambda: ladder("0.4", "0.45", "0.5", "0.55"))


def ladder(two: str, two_anchor: str, three: str, three_anchor: str) -> dict[tuple[int, bool], Fraction]:
    """Discounts of one to three tenants; who is alone has none."""
    return {
        (1, False): Fraction(0), (1, True): Fraction(0), (2, False): Fraction(two), (2, True): Fraction(two_anchor),
        (3, False): Fraction(three), (3, True): Fraction(three_anchor),
    }


NEW = dt.date(2023, 1, 1)
RULES = [
    Rules(dt.date(2016, 7, 8), dt.date(2017, 12, 31), Fraction("0.15"), ladder("0.2", "0.25", "0.3", "0.35"), Fraction("0.3"), Fraction(0), NEW),
    Rules(dt.date(2018, 1, 1), dt.date(2022, 12, 31), Fraction("0.1"), ladder("0.3", "0.35", "0.4", "0.45"), Fraction("0.3"), Fraction(0), NEW),
    Rules(NEW, dt.date(2027, 12, 31), Fraction("0.1"), ladder("0.324", "0.374", "0.424", "0.474"), Fraction("0.276"), Fraction("0.024"), NEW),
]


@dataclass(frozen=True)
class Lease:
    """One lease as the rules list it (1); ``extras`` are yuan a year by item, a 包干 generator among them."""

    key: str
    operator: str
    site: str
    starts: dt.date
    ends: dt.date | None
    tower: Decimal
    room: Decimal
    support: Decimal
    maintenance: Decimal
    site_rent: Decimal
    power_fee: Decimal
    extras: dict[str, Decimal]
    units: Decimal
    region: Decimal
    wind: Decimal
    anchor: bool
    existing: bool
    signed: dt.date | None

    def runs_on(self, day: dt.date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True)
class Run:
    """One generator run (7); ``lump`` tells that its lease pays a yearly sum."""

    key: str
    site: str
    started: dt.datetime
    ended: dt.datetime
    mountain: bool = False
    failed: bool = False
    lump: bool = False


def month_days(year: int, month: int) -> list[dt.date]:
    day, found = dt.date(year, month, 1), []
    while day.month == month:
        found.append(day)
        day += DAY
    return found


def half_up(exact: Fraction) -> Decimal:
    """Rounded to 0.01, halves upwards (6)."""
    fen = (exact * 100 + Fraction(1, 2)).__floor__()
    return Decimal(fen) / 100


def base_per_year(lease: Lease, rules: Rules) -> Fraction:
    worth = (
        Fraction(lease.tower) * Fraction(lease.wind) / rules.tower_life
        + Fraction(lease.room) / rules.room_life
        + Fraction(lease.support) / rules.support_life
    )
    cost = worth * Fraction(lease.region) * (1 + rules.damage) + Fraction(lease.maintenance)
    return cost * (1 + rules.markup) * Fraction(lease.units)


def paid_of_base(lease: Lease, rules: Rules, tenants: int) -> Fraction:
    if lease.existing:
        return rules.share
    off = rules.base_off[tenants, lease.anchor]
    if lease.signed is not None and lease.signed < rules.early_before:
        off += rules.early
    return 1 - off


def bill(leases: list[Lease], year: int, month: int, rules: list[Rules]) -> dict[str, dict[str, Decimal]]:
    """Each item of each lease that runs on any day of the month."""
    days = month_days(year, month)
    sites = defaultdict(list)
    for lease in leases:
        sites[lease.site].append(lease)
    sums: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for held in sites.values():
        yearly: dict[tuple[str, dt.date], Fraction] = {}
        for day in days:
            running = [lease for lease in held if lease.runs_on(day)]
            tenants = len({lease.operator for lease in running})
            for lease in running:
                (now,) = [one for one in rules if one.starts <= day <= one.ends]
                if (lease.key, now.starts) not in yearly:
                    yearly[lease.key, now.starts] = base_per_year(lease, now)
                own = sums[lease.key]
                own["base"] += yearly[lease.key, now.starts] * paid_of_base(lease, now, tenants)
                for name, fee in (("site_rent", lease.site_rent), ("power_fee", lease.power_fee)):
                    if fee:
                        own[name] += Fraction(fee) * (1 - now.site_off[tenants, lease.anchor])
                for name, fee in lease.extras.items():
                    if fee:
                        own[name] += Fraction(fee)
    return {
        key: {name: half_up(total / 12 / len(days)) for name, total in items.items()} for key, items in sums.items()
    }


def tax(net: Decimal) -> Decimal:
    """6 % on a statement's sum, rounded once (6)."""
    return half_up(Fraction(net) * Fraction(6, 100))


def fee(run: Run, others: list[Run]) -> Decimal | None:
    """A run's fee before tax; None for a run that is not billed until a doubt about it is cleared (7)."""
    if run.failed or run.lump:
        return Decimal(0)
    if run.ended <= run.started or run.ended - run.started > 24 * HOUR:
        return None
    for other in others:
        if (
            other.key != run.key and other.site == run.site and not other.failed and other.ended > other.started
            and other.started < run.ended and run.started < other.ended
        ):
            return None
    hours, left = 0, run.ended - run.started
    while left >= HOUR:
        hours, left = hours + 1, left - HOUR
    return Decimal(270 if run.mountain else 220) + 20 * (max(hours, 5) - 5)
