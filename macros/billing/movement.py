"""Why this month's charges differ from the last one's: every line's change by cause, adding up to the fen."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from macros.billing.lines import cents, line
from macros.billing.month import days_of, spans_of
from macros.billing.records import RUN
from macros.billing.segments import Segment
from macros.pricing.fees import base, base_share, site_share
from macros.pricing.regimes import SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from macros.billing.accounts import Account
    from macros.billing.leases import Lease
    from macros.billing.lines import Line
    from macros.billing.month import Bill
    from macros.billing.records import Charge, Issued
    from macros.billing.segments import Span
    from macros.pricing.fees import Terms
    from macros.pricing.parameters import Tariff
    from macros.pricing.regimes import Regime

_NOTHING = Decimal("0.00")
_MONTHS = 12


class Step(NamedTuple):
    """One cause's part of one line's change, before tax; of corrections and runs, of a whole operator's.

    ``cause`` is one of `macros.billing.causes.titles`.
    """

    operator: str
    key: str
    cause: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Movement:
    """The way from one month's net to the next one's, by operator: ``start`` + steps = ``end``."""

    month: str
    before: str
    start: Mapping[str, Decimal]
    end: Mapping[str, Decimal]
    steps: Sequence[Step]

    @property
    def operators(self) -> list[str]:
        """Everyone who was or is charged."""
        return sorted(self.start.keys() | self.end.keys())

    def sums(self) -> dict[tuple[str, str], Decimal]:
        """What each cause makes of each operator's net."""
        found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for one in self.steps:
            found[one.operator, one.cause] += one.amount
        return found


def movement(before: Issued, bill: Bill, accounts: Sequence[Account], tariff: Tariff) -> Movement:
    """Explain a month's net by the month issued before it, line by line.

    A line's change is taken apart by going from the old amount to the new in steps, each a whole month worked out
    anew: the old month at today's price inputs (price), under this month's price rules (rules), for this month's
    days (days), with this month's sharers (sharing). Each step is rounded as a line is, so the parts add up exactly.

    Args:
        before: the month issued last before, as it was issued.
        bill: the month worked out.
        accounts: its accounts with their corrections.
        tariff: the price rules; they tell those of the month before too.
    """
    start: dict[str, Decimal] = defaultdict(Decimal)
    for charge in before.charges:
        start[charge.operator] += charge.amount
    for fix in before.adjustments:
        start[fix.operator] += fix.amount
    steps = [*lease_steps(before.month, before.charges, bill, tariff), *_apart(before, accounts)]
    end = {account.operator: account.net for account in accounts}
    return Movement(bill.month, before.month, dict(start), end, [one for one in steps if one.amount])


def lease_steps(month: str, before: Iterable[Charge], bill: Bill, tariff: Tariff) -> list[Step]:
    """The parts of every lease's change from an earlier month's charges to a month's lines.

    Args:
        month: the earlier month, ``YYYY-MM``.
        before: its charges; runs are passed over.
        bill: the later month.
        tariff: the price rules; they tell those of the earlier month too.

    Returns:
        Steps of new leases, also of those that cost nothing; of changed ones, only of causes that moved the amount;
        of leases charged no more.
    """
    steps: list[Step] = []
    old = {(one.operator, one.key): one for one in before if RUN not in one.items}
    held = {one.key for one in bill.excluded if one.doubted}
    spans = spans_of(tariff, *days_of(month))[0]
    for now in bill.lines:
        was = old.pop((now.lease.operator, now.lease.key), None)
        if was is None:
            steps.append(Step(now.lease.operator, now.lease.key, "new", now.amount))
        elif was.amount != now.amount:
            steps += _changed(was, now, month, spans)
    return steps + [
        Step(one.operator, one.key, "held" if one.key in held else "ended", -one.amount) for one in old.values()
    ]


def _apart(before: Issued, accounts: Sequence[Account]) -> list[Step]:
    """The changes that belong to no lease of the month: runs and corrections, by operator."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for charge in before.charges:
        if RUN in charge.items:
            sums[charge.operator, "generator"] -= charge.amount
    for fix in before.adjustments:
        sums[fix.operator, "corrections"] -= fix.amount
    for account in accounts:
        sums[account.operator, "generator"] += sum((run.fee for run in account.runs), _NOTHING)
        sums[account.operator, "corrections"] += account.corrected
    return [Step(operator, "", cause, amount) for (operator, cause), amount in sums.items()]


class _Mix(NamedTuple):
    """How a month's charge is made up: days of the month charged, and the share of them under each sharing and rule.

    Sharing is tenants and whether the lease is the anchor.
    """

    share: Fraction
    sharing: Mapping[tuple[int, bool], Fraction]
    regimes: Sequence[tuple[Regime, Fraction]]


def _changed(was: Charge, now: Line, month: str, spans: Sequence[Span]) -> list[Step]:
    """The parts of a line's change."""
    who = now.lease.operator, now.lease.key
    parts = _segments(was.how, month, spans)
    if not parts:
        return [Step(*who, "price", now.amount - was.amount)]
    same, then, here = now.lease, _mix(parts), _mix([(one, now.of(one).terms.anchor) for one in now.segments])
    # A line whose data changed in the month goes to where its last row would be all along; what is left is price.
    alike = line(same, now.segments).amount if now.before else now.amount
    reached = [was.amount, _joint(same, parts)]
    unruled = then.regimes == here.regimes
    reached.append(reached[-1] if unruled else _mixed(same, then._replace(regimes=here.regimes)))
    reached.append(reached[-1] if then.share == here.share else _mixed(same, here._replace(sharing=then.sharing)))
    reached.append(alike)
    # Sharing and rules that changed on different days of one month are parted by their shares; what that leaves is
    # of the one that changed.
    last = "sharing" if then.sharing != here.sharing else ("days" if unruled else "rules")
    causes = ("price", "rules", "days", last)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for cause, a, b in zip(causes, reached, reached[1:], strict=False):
        sums[cause] += b - a
    sums["price"] += now.amount - alike
    return [Step(*who, cause, amount) for cause, amount in sums.items() if amount]


def _segments(how: str, month: str, spans: Sequence[Span]) -> list[tuple[Segment, bool]]:
    """The segments an issued charge was made of, each with whether the lease was the anchor; none where not told."""
    found = []
    for told in how.split():
        days, _, sharing = told.partition("/")
        first, last = (dt.date(int(month[:4]), int(day[:2]), int(day[2:])) for day in days.split("-"))
        regime = next((span.regime for span in spans if span.first <= first and last <= span.last), None)
        if regime is None:
            return []
        found.append((Segment(first, last, int(sharing.rstrip("A")), regime), sharing.endswith("A")))
    return found


def _mix(parts: Sequence[tuple[Segment, bool]]) -> _Mix:
    days = sum(one.days for one, _ in parts)
    sharing: dict[tuple[int, bool], Fraction] = defaultdict(Fraction)
    regimes: list[tuple[Regime, Fraction]] = []
    for one, anchor in parts:
        part = Fraction(one.days, days)
        sharing[one.tenants, anchor] += part
        if regimes and regimes[-1][0] == one.regime:
            regimes[-1] = (one.regime, regimes[-1][1] + part)
        else:
            regimes.append((one.regime, part))
    return _Mix(Fraction(days, _length(parts[0][0].first)), dict(sharing), regimes)


def _length(day: dt.date) -> int:
    first, last = days_of(f"{day:%Y-%m}")
    return (last - first).days + 1


def _joint(lease: Lease, parts: Sequence[tuple[Segment, bool]]) -> Decimal:
    """What segments of the month before come to at the lease's present price inputs."""
    if len({anchor for _, anchor in parts}) == 1:
        held = replace(lease, terms=replace(lease.terms, anchor=parts[0][1]))
        return line(held, [one for one, _ in parts]).amount
    return _mixed(lease, _mix(parts))


def _mixed(lease: Lease, mix: _Mix) -> Decimal:
    """What a month of such a mix comes to, each item rounded once as in a line."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for (tenants, anchor), of_sharing in mix.sharing.items():
        for regime, of_regime in mix.regimes:
            for name, yearly in _yearly(replace(lease.terms, anchor=anchor), regime, tenants):
                sums[name] += yearly * mix.share * of_sharing * of_regime / _MONTHS
    return sum((cents(one.numerator, one.denominator) for one in sums.values()), _NOTHING)


def _yearly(terms: Terms, regime: Regime, tenants: int) -> Iterator[tuple[str, Fraction]]:
    """What each item costs in a year after discount, in yuan."""
    price, below = base(terms, regime)
    yield "base", Fraction(price * base_share(terms, regime, tenants), below * SCALE)
    site = site_share(terms, regime, tenants)
    yield "site_rent", Fraction(terms.site_rent * site, SCALE**2)
    yield "power_fee", Fraction(terms.power_fee * site, SCALE**2)
    for name, fee in terms.extras:
        yield name, Fraction(fee, SCALE)
