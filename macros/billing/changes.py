"""What changed for each lease inside a month: its price because of others on the site or new rules, its own term."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.billing.month import days_of
from macros.billing.segments import by_site
from macros.billing.years import Rules, discount, tenants_on, yearly
from macros.data import toml
from macros.pricing.parameters import day_after
from macros.pricing.parameters import words as pricing_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from macros.billing.leases import Lease
    from macros.pricing.parameters import Tariff
    from macros.pricing.regimes import Regime

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """A lease as it stood on the day before ``on`` and from ``on`` on.

    Fees are yuan a year before tax, discounts the part of the base price not paid; those of the side on which the
    lease does not run are None.
    """

    lease: Lease
    on: dt.date
    item: str
    before: str
    after: str
    fee_before: Decimal | None
    fee_after: Decimal | None
    discount_before: Decimal | None
    discount_after: Decimal | None
    reason: str

    @property
    def repriced(self) -> bool:
        """Whether the lease runs on both sides: then the customer is owed a notice (§2.3.3.4(1))."""
        return self.fee_before is not None and self.fee_after is not None


@cache
def words() -> dict[str, Any]:
    """The words of changes, from ``rules/repricing.toml``."""
    path = Path(__file__).parents[1] / "rules" / "repricing.toml"
    return toml(path)


def changes(leases: Iterable[Lease], tariff: Tariff, month: str) -> list[Change]:
    """What changed in a month, in the order of days, then of the leases given.

    A tenant's first day counts, so the others change on it; his last day counts too, so they change on the day after.
    Days without complete price rules and sites with more tenants than the tables speak of have no changes: the
    month's bill says what is wrong there.

    Args:
        leases: those that can be billed, also those that ended before the month.
        tariff: prices and discounts.
        month: ``YYYY-MM``.
    """
    first, last = days_of(month)
    held = list(leases)
    rules = Rules(tariff)
    new_rules = {day for day in tariff.cuts(first - _DAY, last) if rules.on(day) != rules.on(day - _DAY)}
    found: list[Change] = []
    for site in by_site(held, first - _DAY, last).values():
        moves = {day for lease in site for day in (lease.starts, day_after(lease.ends)) if first <= day <= last}
        for day in sorted(moves | new_rules):
            found += _on(site, day, rules)
    order = {lease.key: number for number, lease in enumerate(held)}
    return sorted(found, key=lambda change: (change.on, order[change.lease.key]))


def _on(site: Sequence[Lease], day: dt.date, rules: Rules) -> list[Change]:
    """The changes of a site's leases on one day."""
    eve = day - _DAY
    before, now = tenants_on(site, eve), tenants_on(site, day)
    old, new = rules.on(eve), rules.on(day)
    if max(len(before), len(now)) > pricing_words()["site"]["tenants"]:
        return []
    found = []
    # A number whose data change on this day has one row up to the eve and another from today on.
    rows = [{lease.key: lease for lease in site if lease.starts <= one <= lease.ends} for one in (eve, day)]
    for key in dict.fromkeys(lease.key for lease in site):
        ran, runs = (held.get(key) for held in rows)
        lease = runs or ran
        was = _State(ran, old, len(before), eve) if ran and old else None
        is_ = _State(runs, new, len(now), day) if runs and new else None
        if (ran and not was) or (runs and not is_) or lease is None:
            continue
        if was and is_ and was.fee == is_.fee:
            continue
        differ = bool(was and is_ and old != new)
        kind = "start" if was is None else "end" if is_ is None else "shared"
        anew = bool(ran and ran is not lease)
        item, reason = _why(lease, before, now, day, kind=kind, new_rules=differ, other_data=anew)
        told = _data(ran, lease) if ran else ("", "")
        found.append(Change(
            lease, day, item, was.text(differ, told[0]) if was else "", is_.text(differ, told[1]) if is_ else "",
            was.fee if was else None, is_.fee if is_ else None,
            was.discount if was else None, is_.discount if is_ else None, reason,
        ))
    return found


def _data(ran: Lease, runs: Lease) -> tuple[str, str]:
    """What two rows of a number say differently, in the words of each; nothing where it is one row."""
    if ran is runs:
        return "", ""
    said = words()["state"]
    columns = [
        column for column in runs.row.form.columns
        if column.name not in said["undisclosed"] and ran.row[column.name] != runs.row[column.name]
    ]
    before, after = (
        str(said["joined"]).join(f"{column.title}{row.text(column.name) or said['blank']}" for column in columns)
        for row in (ran.row, runs.row)
    )
    return before, after


class _State:
    """How a lease stands on one day: its price, and the words for it."""

    def __init__(self, lease: Lease, rules: Regime, tenants: int, day: dt.date) -> None:
        self.tenants, self.day, self.existing = tenants, day, lease.terms.existing
        self.fee = yearly(lease.terms, rules, tenants)
        self.discount = discount(lease.terms, rules, tenants)

    def text(self, rules_differ: bool, data: str) -> str:
        said = words()["state"]
        parts = [said["rules"].format(day=self.day)] if rules_differ else []
        parts += [data] if data else []
        parts.append(said["alone"] if self.tenants == 1 else said["shared"].format(tenants=self.tenants))
        if self.existing:
            parts.append(said["existing"].format(share=percent(1 - self.discount)))
        elif self.discount:
            parts.append(said["discount"].format(off=percent(self.discount)))
        return str(said["joined"]).join(parts)


def _why(
    lease: Lease, before: frozenset[str], now: frozenset[str], day: dt.date, *, kind: str, new_rules: bool,
    other_data: bool,
) -> tuple[str, str]:
    """What changed and why, in words; ``kind`` is start, end, or shared for a lease that runs on both days."""
    item, reason = words()["item"], words()["reason"]
    if kind != "shared":
        return item[kind], reason[kind].format(operator=lease.operator)
    items, reasons = [], []
    if len(before) != len(now):
        items.append(item["shared"])
        for name, operators in (("joins", now - before), ("leaves", before - now)):
            if operators:
                reasons.append(reason[name].format(operators=item["joined"].join(sorted(operators))))
    if new_rules:
        items.append(item["rules"])
        reasons.append(reason["rules"].format(day=day))
    if other_data:
        items.append(item["data"])
        reasons.append(reason["data"].format(day=day))
    return item["joined"].join(items), reason["joined"].join(reasons)


def percent(part: Decimal) -> str:
    """A part of 1 as people write it: 32.4%."""
    return f"{(part * 100).normalize():f}%"
