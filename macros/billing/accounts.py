"""Each operator's account of a month: its charges, the corrections of earlier months, tax and total."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.billing.month import Tax, days_of
from macros.billing.records import RUN
from macros.findings import finding
from macros.pricing.parameters import Case, words
from macros.values import round_half_up

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from macros.billing.generators import Run
    from macros.billing.lines import Line
    from macros.billing.month import Bill
    from macros.billing.records import Adjustment, Issued
    from macros.findings import Finding
    from macros.pricing.parameters import Tariff

_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Account:
    """One operator's month. ``items`` are the sums of each item, ``net`` is all of them before tax."""

    operator: str
    lines: Sequence[Line]
    runs: Sequence[Run]
    adjustments: Sequence[Adjustment]
    items: Mapping[str, Decimal]
    net: Decimal
    taxes: Sequence[Tax]

    @property
    def tax(self) -> Decimal:
        """The tax of all rates."""
        return sum((one.tax for one in self.taxes), _NOTHING)

    @property
    def total(self) -> Decimal:
        """What is to be paid: net and tax."""
        return self.net + self.tax


def accounts(bill: Bill, adjustments: Sequence[Adjustment], tariff: Tariff) -> list[Account]:
    """The accounts of all operators that have anything in the month, by name."""
    _, last = days_of(bill.month)
    statements = {one.operator: one for one in bill.statements}
    made = []
    for operator in sorted(statements.keys() | {one.operator for one in adjustments}):
        own = statements.get(operator)
        fixes = [one for one in adjustments if one.operator == operator]
        lines, runs = (own.lines, own.runs) if own else ((), ())
        items: dict[str, Decimal] = defaultdict(Decimal)
        for name, amount in (item for one in lines for item in one.items):
            items[name] += amount
        for run in runs:
            items[RUN] += run.fee
        taxed: dict[str, Decimal] = defaultdict(Decimal, items)
        for name, amount in (item for one in fixes for item in one.items.items()):
            taxed[name] += amount
        net = sum(taxed.values(), _NOTHING)
        made.append(Account(operator, lines, runs, fixes, dict(items), net, _taxes(taxed, tariff, last)))
    return made


def _taxes(items: Mapping[str, Decimal], tariff: Tariff, day: dt.date) -> list[Tax]:
    """The tax of each rate on its sum, rounded once (billing rule 6)."""
    sums: dict[Decimal, Decimal] = defaultdict(Decimal)
    for name, amount in items.items():
        sums[rate(tariff, day, name)] += amount
    return [Tax(rate, net, round_half_up(net * rate)) for rate, net in sorted(sums.items()) if net]


def rate(tariff: Tariff, day: dt.date, item: str) -> Decimal:
    """The tax rate of an item on a day; where none is stated for the item, that of all items."""
    titles = {one["name"]: one["title"] for one in words()["item"]} | {RUN: words()["run_title"]}
    for named in (titles[item], ""):
        found = tariff.on(day, Case("tax", named))
        if found is not None:
            return found
    return Decimal(0)


def far_off(made: Sequence[Account], before: Issued | None) -> list[Finding]:
    """Accounts whose total is so far from the month before that someone must look before they are issued."""
    if before is None:
        return []
    bounds = words()["bounds"]
    found = []
    for account in made:
        earlier = before.totals.get(account.operator)
        off = abs(account.total - earlier) if earlier else _NOTHING
        if earlier and off > max(abs(earlier) * Decimal(bounds["share"]), Decimal(bounds["least"])):
            found.append(finding(
                "BIL020", key=account.operator, value=account.total, before=earlier, month=before.month,
                share=f"{off / abs(earlier):.0%}",
            ))
    return found
