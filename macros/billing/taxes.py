"""The tax rate of every item on a day, what a statement's tax is, and what no rate is stated for (billing rule 6)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.billing.records import RUN
from macros.findings import about, finding
from macros.pricing.parameters import Case, words
from macros.values import round_half_up

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from macros.billing.records import Adjustment
    from macros.findings import Finding
    from macros.pricing.parameters import Tariff, Version


@dataclass(frozen=True, slots=True)
class Tax:
    """One rate's sum and the tax on it, rounded once (billing rule 6)."""

    rate: Decimal
    net: Decimal
    tax: Decimal


class Untaxed(ValueError):
    """An item with an amount has no rate on the day."""


def rate(tariff: Tariff, day: dt.date, item: str) -> Decimal | None:
    """The tax rate of an item on a day; where the item has none of its own, that of all items.

    None where neither is in force, and between two rates of the item itself: there nobody has said that it went back
    to the common one.
    """
    return next((one.value for one in _stated(tariff, day, item) if one), None)


def _stated(tariff: Tariff, day: dt.date, item: str) -> Iterable[Version | None]:
    """The versions that state the rate; nothing further is looked at inside a gap of the item's own."""
    own = Case("tax", titles()[item])
    yield tariff.version(day, own)
    if not _inside(tariff.versions.get(own, ()), day):
        yield tariff.version(day, Case("tax"))


def titles() -> dict[str, str]:
    """What the table of rates calls each item."""
    return {one["name"]: one["title"] for one in words()["item"]} | {RUN: words()["run_title"]}


def _inside(versions: Sequence[Version], day: dt.date) -> bool:
    return bool(versions) and versions[0].starts <= day <= versions[-1].ends


def untaxed(tariff: Tariff, day: dt.date) -> dict[str, Finding]:
    """The items without a rate on a day, each with the row of 计费参数 beside the gap and how to mend it."""
    return {item: _gap(tariff, day, item) for item in titles() if rate(tariff, day, item) is None}


def _gap(tariff: Tariff, day: dt.date, item: str) -> Finding:
    own = tariff.versions.get(Case("tax", titles()[item]), ())
    held = own if _inside(own, day) else tariff.versions.get(Case("tax"), ()) or own
    before = [one for one in held if one.ends < day]
    after = [one for one in held if one.starts > day]
    said = {"parameter": words()["parameter"]["tax"], "day": day}
    if before and after:
        last, following = before[-1], after[0]
        return about(
            last.row, "ends_on", "PRC062", **said, other=following.row.place.row, last=last.ends, next=following.starts,
        )
    if before:
        return about(before[-1].row, "ends_on", "PRC063", **said, last=before[-1].ends)
    if after:
        return about(after[0].row, "starts_on", "PRC064", **said, next=after[0].starts)
    return finding("PRC065", **said)


def taxes(items: Mapping[str, Decimal], tariff: Tariff, day: dt.date) -> list[Tax]:
    """The tax of each rate on its sum, rounded once; rates of nothing are left out.

    Raises:
        Untaxed: an item with an amount has no rate; `untaxed` tells before which ones.
    """
    sums: dict[Decimal, Decimal] = defaultdict(Decimal)
    for item, amount in items.items():
        if amount:
            found = rate(tariff, day, item)
            if found is None:
                raise Untaxed(item)
            sums[found] += amount
    return [Tax(found, net, round_half_up(net * found)) for found, net in sorted(sums.items()) if net]


def with_rates(
    fixes: Iterable[Adjustment], tariff: Tariff, day: dt.date,
) -> tuple[list[Adjustment], list[Finding]]:
    """The corrections that can be taxed on a day, and why others wait for a later month."""
    lacking = untaxed(tariff, day)
    kept: list[Adjustment] = []
    said: dict[Finding, None] = {}
    for fix in fixes:
        without = [lacking[name] for name in fix.items if name in lacking]
        said |= dict.fromkeys(without)
        kept += [] if without else [fix]
    return kept, list(said)
