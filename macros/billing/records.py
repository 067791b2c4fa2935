"""What was issued for a month, as kept beside its statements, and the corrections that later months owe it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from macros.billing.causes import correction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from macros.billing.lines import Line
    from macros.billing.month import Bill


@dataclass(frozen=True, slots=True)
class Charge:
    """One lease's or run's amounts of one month as issued; ``how`` tells from which days, tenants and rules."""

    key: str
    operator: str
    site: str
    items: Mapping[str, Decimal]
    how: str = ""

    @property
    def amount(self) -> Decimal:
        """The sum of the items."""
        return sum(self.items.values(), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A correction of an issued month: positive is owed to us (历史调增), negative to be returned (待退回)."""

    month: str
    key: str
    operator: str
    site: str
    items: Mapping[str, Decimal]
    reason: str

    @property
    def amount(self) -> Decimal:
        """The sum of the items."""
        return sum(self.items.values(), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Issued:
    """A month as issued: its charges, the corrections it carried, and the hash of what it was made of."""

    month: str
    snapshot: str
    charges: Sequence[Charge]
    adjustments: Sequence[Adjustment] = ()
    totals: Mapping[str, Decimal] = field(default_factory=dict)

    def as_bytes(self) -> bytes:
        """The record as it is kept, the same bytes for the same month."""
        raw = {
            "month": self.month, "snapshot": self.snapshot,
            "totals": {name: str(total) for name, total in self.totals.items()},
            "charges": [[one.key, one.operator, one.site, _texts(one.items), one.how] for one in self.charges],
            "adjustments": [
                [one.month, one.key, one.operator, one.site, _texts(one.items), one.reason] for one in self.adjustments
            ],
        }
        return (json.dumps(raw, ensure_ascii=False, indent=0) + "\n").encode()


def read_issued(data: bytes) -> Issued:
    """The record of an issued month.

    Raises:
        ValueError: it is none.
    """
    try:
        raw = json.loads(data)
        return Issued(
            raw["month"], raw["snapshot"],
            [Charge(key, operator, site, _sums(items), how) for key, operator, site, items, how in raw["charges"]],
            [Adjustment(m, key, who, site, _sums(items), why) for m, key, who, site, items, why in raw["adjustments"]],
            _sums(raw["totals"]),
        )
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(str(error)) from error


def charges(bill: Bill) -> list[Charge]:
    """The charges of a computed month: its lease lines, then its runs that cost something."""
    return [
        *(Charge(one.lease.key, one.lease.operator, one.lease.site, dict(one.items), _how(one)) for one in bill.lines),
        *(Charge(one.key, one.operator, one.site, {RUN: one.fee}) for one in bill.runs if one.fee),
    ]


def adjustments(issued: Iterable[Issued], computed: Callable[[str], Bill]) -> list[Adjustment]:
    """The corrections that issued months are owed, as the register stands now.

    A lease or run that the register's check now finds in error is left as issued: its finding says so.

    Args:
        issued: the months issued so far, in order; their own corrections count as paid.
        computed: bills a month anew.
    """
    held = list(issued)
    found: list[Adjustment] = []
    for month in held:
        paid: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        sites, before = {}, {}
        for one in month.charges:
            before[one.operator, one.key] = one
        corrections = [fix for later in held for fix in later.adjustments if fix.month == month.month]
        said: Sequence[Charge | Adjustment] = [*month.charges, *corrections]
        for each in said:
            sites[each.operator, each.key] = each.site
            for name, amount in each.items.items():
                paid[each.operator, each.key][name] += amount
        now = computed(month.month)
        doubted = {one.key for one in now.excluded if one.doubted} | {one.key for one in now.runs if one.doubted}
        due = {(one.operator, one.key): one for one in charges(now)}
        for who in sorted(paid.keys() | due.keys()):
            if who[1] in doubted:
                continue
            new = due.get(who)
            items = defaultdict(Decimal, new.items if new else {})
            for name, amount in paid.get(who, {}).items():
                items[name] -= amount
            owed = {name: amount for name, amount in items.items() if amount}
            if owed:
                site = new.site if new else sites[who]
                found.append(Adjustment(month.month, who[1], who[0], site, owed, _reason(before.get(who), new)))
    return found


#: The item of runs billed one by one.
RUN = "run"


def _how(line: Line) -> str:
    return " ".join(
        f"{one.first:%m%d}-{one.last:%m%d}/{one.tenants}{'A' if line.of(one).terms.anchor else ''}"
        for one in line.segments
    )


def _reason(before: Charge | None, now: Charge | None) -> str:
    """Why a month's amount changed, by what its charge was made of then and now."""
    if before is None:
        return correction("later")
    if now is None:
        return correction("void")
    then, later = _course(before.how), _course(now.how)
    if then == later:
        return correction("price")
    ends = [(found[0][0], found[-1][1]) if found else ("", "") for found in (then, later)]
    return correction("days" if ends[0] != ends[1] else "sharing")


def _course(how: str) -> list[tuple[str, str, str]]:
    """First and last day of each sharing; neighbours of the same sharing, cut by rules or data, are one."""
    found: list[tuple[str, str, str]] = []
    for part in how.split():
        days, _, sharing = part.partition("/")
        first, _, last = days.partition("-")
        if found and found[-1][2] == sharing:
            found[-1] = found[-1][0], last, sharing
        else:
            found.append((first, last, sharing))
    return found


def _texts(items: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: str(amount) for name, amount in items.items()}


def _sums(items: Mapping[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(amount) for name, amount in items.items()}
