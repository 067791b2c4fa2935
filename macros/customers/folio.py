"""Who answers for a row: the account manager it names, or its customer, or the assignments, or the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.customers.portfolio import at, held
from macros.customers.words import default_manager

if TYPE_CHECKING:
    import datetime as dt

    from macros.customers.portfolio import Held
    from macros.records import Record
    from macros.register import Register


class Folio:
    """Whose each row is on a day: as it says, else as its customer's, the assignment or the setting says."""

    def __init__(self, register: Register, today: dt.date) -> None:
        self.register, self.today = register, today
        self.held: list[Held] = held(register)[0]
        self.fallback = default_manager(register)

    def manager(self, row: Record) -> str:
        """The manager of a row."""
        named = row.text("manager") if "manager" in row.form.index else ""
        return named or self.of_customer(self.register.customer_of(row))

    def of_customer(self, customer: Record | None) -> str:
        """The manager of a customer."""
        if customer is None:
            return self.fallback
        now = at(self.held, customer.key, "", "", self.today)
        return customer.text("manager") or (now[0].manager if now else "") or self.fallback

    def managers(self) -> list[str]:
        """Everybody who answers for anything, in the order of the sheets."""
        tables = ("customer", "demand", "opportunity")
        named = [row.text("manager") for code in tables for row in self.register.rows(code)]
        named += [each.manager for each in self.held if each.runs(self.today)]
        return list(dict.fromkeys(filter(None, [*named, self.fallback])))
