"""Each operator's account of a month: its charges, the corrections of earlier months, tax and total."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.billing.month import days_of
from macros.billing.records import RUN
from macros.billing.taxes import taxes
from macros.findings import finding
from macros.pricing.parameters import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.billing.generators import Run
    from macros.billing.lines import Line
    from macros.billing.month import Bill
    from macros.billing.records import Adjustment, Issued
    from macros.billing.taxes import Tax
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
    def corrected(self) -> Decimal:
        """What earlier months owe or are owed."""
        return sum((one.amount for one in self.adjustments), _NOTHING)

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
        made.append(Account(operator, lines, runs, fixes, dict(items), net, taxes(taxed, tariff, last)))
    return made


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
