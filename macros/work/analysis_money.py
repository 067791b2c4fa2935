"""The parts of the monthly analysis about products and service: leases and fees, cases, rates and their trend (H6)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.choices import values_of
from macros.months import first_of, previous
from macros.service.counts import service_months
from macros.service.rules import rules as service_rules
from macros.terms import in_force
from macros.values import round_half_up
from macros.work.periods import by_month, growth
from macros.work.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from macros.records import Record
    from macros.register import Register
    from macros.service.counts import ServiceMonth, Share
    from macros.tables import Values
    from macros.work.periods import Compared
    from macros.workdays import Calendar

_NOTHING = Decimal("0.00")


def products(register: Register, charges: Sequence[Record], month: Compared) -> tuple[str, list[Values]]:
    """Running leases and fees by product.

    Args:
        register: the leases; a number counts once, however many rows its changes made.
        charges: the fees of the reported month and the one before, lease by lease, as billed or worked out.
        month: the months to compare.
    """
    rule = rules("analysis")
    this, before, year_ago = (_running(register, day) for day in month.ends())
    begun = {key: kind for key, kind in this.items() if key not in before}
    ended = {key: kind for key, kind in before.items() if key not in this}
    fees = {name: Counter[str]() for name in (month.month, month.before)}
    for row in charges:
        amount = row["amount"]
        if row.text("month") in fees and isinstance(amount, Decimal):
            fees[row.text("month")][_class(row)] += amount  # type: ignore[assignment]
    total, total_before = (sum(fees[name].values(), _NOTHING) for name in (month.month, month.before))
    lines: list[Values] = []
    for name in values_of("product_class"):
        counts = [sum(each == name for each in held.values()) for held in (this, before, year_ago)]
        amount, was = fees[month.month][name] or _NOTHING, fees[month.before][name] or _NOTHING
        if any((*counts, amount, was)):
            share = f"{round_half_up(Decimal(100) * amount / total, 1)}%" if total else rule["none"]
            lines.append({
                "part": rule["parts"]["products"], "label": name, "figure": counts[0], "before": counts[1],
                "year_ago": counts[2], "second": sum(each == name for each in begun.values()),
                "third": sum(each == name for each in ended.values()), "amount": Decimal(amount),
                "growth": growth(Decimal(amount), Decimal(was), rule["before_zero"]), "rate": share,
            })
    said = rule["sentences"]["products"].format(
        leases=len(this), before=len(before), new=len(begun), ended=len(ended), amount=f"{total:,.2f}",
        amount_before=f"{total_before:,.2f}", growth=growth(total, total_before, rule["before_zero"]),
    )
    return said, lines


def service(
    register: Register, calendar: Calendar, month: Compared, at: dt.datetime,
) -> tuple[str, list[Values]]:
    """Cases and rates of the month beside those of the month before, and the trend of the last months.

    Raises:
        CalendarError: the calendar does not hold the days.
    """
    rule = rules("analysis")
    start = previous(month.month, rule["trend"] - 1)
    months = service_months(register, calendar, first_of(start), month.last, at)
    this, before = months[month.month], months[month.before]
    cases = service_rules()["case"]
    lines: list[Values] = []
    for now, was in zip(this.tallies, before.tallies, strict=True):
        for name, share in now.shares.items():
            title = f"{cases[share.measure.table]['title']}{share.measure.title}"
            lines.append({
                "part": rule["parts"]["service"], "label": title, "group": share.measure.clause,
                "figure": share.base, "second": len(share.met), "third": len(share.open), "rate": _rate(share),
                "said": _rate(was.shares[name]), "before": was.shares[name].base,
            })
    demands = by_month(register, rule["demand"], month.last)
    lines += [
        {
            "part": rule["parts"]["trend"], "label": name, "figure": each.faults.count, "second": each.complaints.count,
            "third": len(demands.get(name, [])),
        } for name, each in months.items()
    ]
    return _said(this, before), lines


def _rate(share: Share) -> str:
    """A rate in percent; in words where nothing was judged."""
    return str(rules("analysis")["none"]) if share.percent is None else f"{share.percent}%"


def _said(this: ServiceMonth, before: ServiceMonth) -> str:
    return str(rules("analysis")["sentences"]["service"].format(
        faults=this.faults.count, complaints=this.complaints.count, faults_before=before.faults.count,
        complaints_before=before.complaints.count, open_faults=len(this.faults.open),
        open_complaints=len(this.complaints.open), timely=this.faults.share("timely").words(),
        passed=this.faults.share("passed").words(), solve=this.complaints.share("solve").words(),
    ))


def _running(register: Register, day: dt.date) -> dict[str, str]:
    """The product of every lease that runs on a day, by its number."""
    found: dict[str, str] = {}
    for row in register.rows("lease"):
        if row.key and in_force(row, day):
            found[row.key] = _class(row)
    return found


def _class(row: Record) -> str:
    """The product of a lease; a blank one is a tower, as the register says."""
    return row.text("product_class") or str(rules("analysis")["product"])
