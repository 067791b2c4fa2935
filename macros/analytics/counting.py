"""Counts register rows as the data of ``rules/forecast.toml`` say: orders signed, demands raised, leases begun."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.data import toml

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from macros.records import Record
    from macros.register import Register

_RULES = Path(__file__).parents[1] / "rules"


@cache
def rules() -> dict[str, Any]:
    """Countings, kinds of goals, measures, formulas and words."""
    return toml(_RULES / "forecast.toml")


class Event(NamedTuple):
    """One row counted: its number, its day, whose it is, where, and the products it is one of."""

    key: str
    day: dt.date
    customer: str
    operator: str
    county: str
    items: frozenset[str]
    item_class: str
    amount: Decimal | None


class Counter:
    """Counts the rows of a register that had happened by the end of ``today``, each way of counting read once."""

    def __init__(self, register: Register, today: dt.date) -> None:
        self._register = register
        self._today = today
        self._known: dict[str, dict[str, list[Event]]] = {}

    def events(
        self, title: str, months: Iterable[str], customer: str = "", item: str = "",
    ) -> list[Event]:
        """The rows counted in some months, in the order of months and rows.

        Args:
            title: the way of counting (计数口径), the default one when empty.
            months: ``2026-11``.
            customer: a branch or an operator; all when empty.
            item: a product or class of products; all when empty.
        """
        by_month = self._by_month(title or rules()["default"])
        return [
            event for month in months for event in by_month.get(month, ())
            if (not customer or customer in (event.customer, event.operator))
            and (not item or item in event.items or item == event.item_class)
        ]

    def _by_month(self, title: str) -> Mapping[str, list[Event]]:
        if title not in self._known:
            spec = next(one for one in rules()["counting"] if one["title"] == title)
            first: dict[str, tuple[dt.date, Record]] = {}
            for record in self._register.rows(spec["table"]):
                on = self._day(record, spec["dated"])
                if on and on <= self._today and record.key and (record.key not in first or on < first[record.key][0]):
                    first[record.key] = (on, record)
            found: dict[str, list[Event]] = defaultdict(list)
            for on, record in first.values():
                found[f"{on:%Y-%m}"].append(self._event(record, on, spec))
            self._known[title] = found
        return self._known[title]

    def _day(self, record: Record, dated: str) -> dt.date | None:
        table, _, column = dated.rpartition(".")
        holder = self._register.find(table, record.text(f"{table}_no")) if table else record
        return holder.date(column) if holder else None

    def _event(self, record: Record, on: dt.date, spec: Mapping[str, Any]) -> Event:
        whose = self._register.customer_of(record)
        holder = record if "operator" in record.form.index else self._register.find("demand", record.text("demand_no"))
        operator = holder.text("operator") if holder else ""
        county = holder.text("county") if holder else ""
        amount = record[spec["amount"]] if spec["amount"] else None
        return Event(
            record.key, on, whose.key if whose else operator, operator, county,
            frozenset(text for name in spec["items"] if (text := record.text(name))),
            record.text(spec["item_class"]), amount if isinstance(amount, Decimal) else None,
        )
