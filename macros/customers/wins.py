"""Splits shared wins among the managers who had the customer on that day (R10)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.customers.portfolio import at
from macros.customers.split import split
from macros.customers.words import percent, rules, says
from macros.findings import about

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.customers.portfolio import Held
    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register

FORM = "win"


class Win(NamedTuple):
    """One win with each manager's share and amount, in the order of first asking."""

    row: Record
    parts: tuple[tuple[str, Decimal, Decimal], ...]

    @property
    def says(self) -> str:
        """The split in words: 客户经理A 60% 600.00元；…."""
        return "；".join(
            says("assignment", "part", manager=manager, share=percent(share), amount=f"{amount:,}")
            for manager, share, amount in self.parts
        )


def wins(register: Register, held: Sequence[Held]) -> tuple[list[Win], list[Finding]]:
    """Every win that can be split, and those whose day's shares do not add up to the whole."""
    made: list[Win] = []
    findings: list[Finding] = []
    whole = Decimal(rules()["portfolio"]["whole"])
    for row in register.rows(FORM):
        day, amount = row.date("won_on"), row["amount"]
        if day is None or not isinstance(amount, Decimal):
            continue  # the register's own check names the missing cell
        who = at(held, row.text("customer_name"), row.text("county"), row.text("site_code"), day)
        if sum((each.share for each in who), Decimal(0)) != whole:
            findings.append(about(row, "amount", "CUS040", day=day))
            continue
        shares = [each.share for each in who]
        parts = split(amount, shares)
        managers = [each.manager for each in who]
        made.append(Win(row, tuple(zip(managers, shares, parts, strict=True))))
    return made, findings
