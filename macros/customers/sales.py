"""What was billed to each customer in a period: the operator's statements, shared out among its branches."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.customers.split import split
from macros.customers.words import Evidence, says
from macros.months import name_of, previous
from macros.terms import in_force
from macros.values import round_half_up

if TYPE_CHECKING:
    import datetime as dt

    from macros.records import Record
    from macros.register import Register

_NOTHING = Decimal("0.00")


class Sales(NamedTuple):
    """What a customer was billed without tax, and the statements that say so."""

    amount: Decimal
    evidence: tuple[Evidence, ...]


def months_before(today: dt.date, count: int, skipped: int = 0) -> frozenset[str]:
    """The ``count`` whole months before the one of ``today``, ``skipped`` months further back."""
    return frozenset(previous(name_of(today), skipped + number) for number in range(1, count + 1))


def sales(register: Register, months: frozenset[str], today: dt.date) -> dict[str, Sales]:
    """Every customer's billed amount in some months; customers never billed are not in it.

    A statement is the operator's: among several branches it is shared out by their running leases' yearly fees,
    by their number where a fee is unknown, and the evidence says which part.
    """
    parts = _parts(register, today)
    found: dict[str, Sales] = {}
    for row in register.rows("statement"):
        amount, month = row["total_ex_tax"], row.text("month")
        branches = parts.get(row.text("operator"), {})
        if month not in months or not isinstance(amount, Decimal) or not branches:
            continue
        for (name, share), part in zip(branches.items(), split(amount, list(branches.values())), strict=True):
            told = "" if len(branches) == 1 else says("view", "part", share=f"{round_half_up(share * 100, 1)}%")
            evidence = Evidence(row, says("view", "billed", month=month, amount=f"{amount:,}", part=told))
            known = found.get(name, Sales(_NOTHING, ()))
            found[name] = Sales(known.amount + part, (*known.evidence, evidence))
    return found


def _parts(register: Register, today: dt.date) -> dict[str, dict[str, Decimal]]:
    """Each operator's customers with the share of its statements that is theirs; the shares of one add up to 1."""
    branches: dict[str, list[Record]] = {}
    for row in register.rows("customer"):
        if row.key and row["operator"] is not None:
            branches.setdefault(row.text("operator"), []).append(row)
    running = running_leases(register, today)
    made = {}
    for operator, rows in branches.items():
        held = {row.key: running.get(row.key, []) for row in rows}
        fees = {name: sum((_fee(lease) for lease in leases), _NOTHING) for name, leases in held.items()}
        known = all(lease["yearly_fee"] is not None for leases in held.values() for lease in leases)
        counts = {name: Decimal(len(leases)) for name, leases in held.items()}
        weights = fees if known and any(fees.values()) else counts
        if not any(weights.values()):
            weights = dict.fromkeys(weights, Decimal(1))
        total = sum(weights.values(), Decimal(0))
        made[operator] = {name: weight / total for name, weight in weights.items()}
    return made


def running_leases(register: Register, today: dt.date) -> dict[str, list[Record]]:
    """The leases in force on a day by the customer they belong to, in the order of the sheet."""
    found: dict[str, list[Record]] = {}
    for lease in register.rows("lease"):
        if not in_force(lease, today):
            continue
        customer = register.customer_of(lease)
        if customer:
            found.setdefault(customer.key, []).append(lease)
    return found


def _fee(lease: Record) -> Decimal:
    fee = lease["yearly_fee"]
    return fee if isinstance(fee, Decimal) else _NOTHING
