"""What the workbooks of a month are made from, and the few look-ups they share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from macros.billing.accounts import Account
    from macros.billing.month import Bill
    from macros.billing.records import Issued
    from macros.pricing.parameters import Tariff
    from macros.records import Record
    from macros.register import Register


@dataclass(frozen=True, slots=True)
class MonthRun:
    """One month's run.

    ``before`` is the month issued last before it; ``tables`` are the rows its papers print
    (`macros.billing.tables.tables`); ``papers`` and ``withheld`` count the papers made and held back; ``back`` leads
    from the month's folder to the register's, empty where no link can.
    """

    bill: Bill
    accounts: Sequence[Account]
    before: Issued | None
    tables: Mapping[str, Sequence[Record]]
    register: Register
    tariff: Tariff
    papers: int = 0
    withheld: int = 0
    back: str = ""

    @property
    def settings(self) -> Mapping[str, str]:
        """The register's settings."""
        return self.register.settings

    @property
    def code(self) -> str:
        """The month as lists write it: 202609."""
        return self.bill.month.replace("-", "")

    def sites(self) -> dict[str, Record]:
        """The register's sites by code."""
        return {row.key: row for row in self.register.rows("site")}

    def by_operator(self, table: str) -> dict[str, list[Record]]:
        """The rows of a printed table by operator, in their order."""
        found: dict[str, list[Record]] = defaultdict(list)
        for row in self.tables[table]:
            found[row.text("operator")].append(row)
        return found

    def charged_before(self) -> dict[tuple[str, str], Decimal] | None:
        """Last month's amounts by operator and number; None where no month was issued before."""
        if self.before is None:
            return None
        return {(one.operator, one.key): one.amount for one in self.before.charges}
