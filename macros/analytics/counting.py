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

    from macros.records import Record, Value
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
                on = record.date(spec["dated"])
                if on and on <= self._today and record.key and (record.key not in first or on < first[record.key][0]):
                    first[record.key] = (on, record)
            found: dict[str, list[Event]] = defaultdict(list)
            for on, record in first.values():
                found[f"{on:%Y-%m}"].append(self._event(record, on, spec))
            self._known[title] = found
        return self._known[title]

    def _value(self, record: Record, path: str) -> Value:
        """A column of a row, or, as ``order.total_fee``, of the first row of another table about the same demand."""
        table, _, column = path.rpartition(".")
        if not table:
            return record[column]
        other = self._register.lookup(table, ("demand_no",)).get((record["demand_no"],))
        return other[column] if other else None

    def _event(self, record: Record, on: dt.date, spec: Mapping[str, Any]) -> Event:
        whose = self._register.customer_of(record)
        operator, amount = record.text("operator"), self._value(record, spec["amount"]) if spec["amount"] else None
        items = (self._value(record, path) for path in spec["items"])
        return Event(
            record.key, on, whose.key if whose else operator, operator,
            frozenset(str(item) for item in items if item is not None), record.text(spec["item_class"]),
            amount if isinstance(amount, Decimal) else None,
        )
