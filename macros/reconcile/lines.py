"""One line of an operator's list: who and what it charges, and what it says its amount is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.choices import choices
from macros.intake.given import operator_in
from macros.pricing.parameters import words as priced
from macros.reconcile.words import limit, words
from macros.values import fold

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from macros.records import Record

#: Columns whose sum is the base price of the month where a list gives it in parts.
_BASE_PARTS = ("item_tower", "item_room", "item_support", "item_maintenance")
#: The item of runs billed one by one, which no lease line of ours holds.
RUN = "run"
PENALTY = "penalty"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line. ``stated`` names the columns its list has; ``listed`` is the sum of its items, None without items.

    ``items`` are what the operator reckons for the month by our item names, empty where they do not make the total.
    """

    row: Record
    stated: frozenset[str]
    numbers: tuple[str, ...]
    operator: str
    site: str
    name: str
    point: tuple[float, float] | None
    month: str
    total: Decimal
    items: Mapping[str, Decimal]
    listed: Decimal | None

    @property
    def key(self) -> str:
        """How people name the line: its number, else its site's code or name, else its row."""
        return self.row.text("lease_no") or self.site or self.name or f"第{self.row.place.row}行"

    def day(self, name: str) -> dt.date | None:
        """A day of the line."""
        return self.row.date(name)

    def number(self, name: str) -> Decimal | None:
        """A figure of the line."""
        value = self.row[name]
        return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def line_of(row: Record, stated: frozenset[str]) -> LedgerLine | None:
    """A typed line; None where it has no amount."""
    items = _items(row, stated)
    listed = sum(items.values(), Decimal("0.00")) if "base" in items else None
    total = row["total"] if "total" in stated else listed
    if not isinstance(total, Decimal):
        total = listed
    if total is None:
        return None
    if listed is None or abs(listed - total) > limit("items"):
        penalised = _penalised(row, listed, total)
        items = {**items, PENALTY: penalised} if penalised is not None else {}
    number = re.sub(words()["names"]["brackets"], "", row.text("lease_no"))
    longitude, latitude = row["longitude"], row["latitude"]
    point = None
    if isinstance(longitude, Decimal) and isinstance(latitude, Decimal):
        point = float(longitude), float(latitude)
    return LedgerLine(
        row, stated, tuple(part for part in re.split(words()["numbers"]["between"], number) if part),
        operator_in(row.text("operator"), choices()["operator"]), row.text("site_code"), row.text("site_name"), point,
        row.text("month"), total, items, listed,
    )


def _items(row: Record, stated: frozenset[str]) -> dict[str, Decimal]:
    """The month's items by our names; blanks of a column that is there are nought."""
    found: dict[str, Decimal] = {}
    named = ["base", *(item["name"] for item in priced()["item"] if item["name"] != "base"), RUN]
    for name in named:
        column = f"item_{name}"
        if column in stated:
            value = row[column]
            found[name] = value if isinstance(value, Decimal) else Decimal("0.00")
    parts = [row[name] for name in _BASE_PARTS if name in stated]
    if "base" not in found and parts:
        found["base"] = sum((part for part in parts if isinstance(part, Decimal)), Decimal("0.00"))
    return found


def _penalised(row: Record, listed: Decimal | None, total: Decimal) -> Decimal | None:
    """The penalty credit of a line whose items make its total only with it, as a part of the total."""
    penalty = row["penalty"]
    if listed is None or not isinstance(penalty, Decimal) or not penalty:
        return None
    return next((part for part in (penalty, -penalty) if abs(listed + part - total) <= limit("items")), None)


def mark(line: LedgerLine) -> str:
    """What a confirmed match remembers a line by: its number, else its site's code, else its name."""
    return "".join(line.numbers) or line.site or fold(line.name)
