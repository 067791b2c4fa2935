"""One line of both sides beside each other, as the workbook shows it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from macros.pricing.parameters import words as priced
from macros.reconcile.tables import site_name
from macros.reconcile.views import View, segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.billing.lines import Line
    from macros.reconcile.lines import LedgerLine
    from macros.reconcile.run import Compared
    from macros.reconcile.views import Month

#: Items shown by themselves; all others are added up.
_SHOWN = ("base", "site_rent", "power_fee")


def both(line: Compared, month: Month) -> list[Any]:
    """The values of a row of 逐行对照 after its number and result."""
    ours, theirs = line.match.ours, line.match.theirs
    first = ours[0].lease.row if ours else None
    found: list[Any] = [
        line.key, site_name(line), ours[0].lease.site if ours else theirs[0].site,
        first.text("county") if first else theirs[0].row.text("county"), line.match.reason,
        "、".join(str(other.row.place.row) for other in theirs), line.ours, line.theirs, line.difference,
        "；".join(part.detail for part in line.parts),
    ]
    for left, right in zip(_ours(ours, month), _theirs(theirs), strict=True):
        found += [left, right]
    return [None if value == "" else value for value in found]


def _ours(lines: Sequence[Line], month: Month) -> list[Any]:
    if not lines:
        return [None] * 10
    lease, view = lines[0].lease, View(lines[0].lease)
    cut = segments(view, month)
    items = _items([dict(line.items) for line in lines])
    return [
        lease.since, lease.row.date("ends_on"), sum(one.days for one in lines[0].segments),
        cut[-1].tenants if cut else None,
        _yes(lease.terms.anchor), lease.row["units"], *items,
    ]


def _theirs(lines: Sequence[LedgerLine]) -> list[Any]:
    if not lines:
        return [None] * 10
    row = lines[0].row
    told = all(line.items for line in lines)
    items = _items([line.items for line in lines]) if told else [None] * 4
    return [
        row.date("starts_on"), row.date("ends_on"), row["days"], row["tenants"],
        None if row["anchor"] is None else _yes(bool(row["anchor"])), row["units"], *items,
    ]


def _items(held: Sequence[Any]) -> list[Decimal]:
    nought = Decimal("0.00")
    shown = [sum((items.get(name, nought) for items in held), nought) for name in _SHOWN]
    named = [item["name"] for item in priced()["item"] if item["name"] not in _SHOWN]
    return [*shown, sum((items.get(name, nought) for items in held for name in named), nought)]


def _yes(flag: bool) -> str:
    return "是" if flag else "否"
