"""Register leases as what a month's arithmetic needs, and which of them cannot be billed and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.findings import about
from macros.pricing.fees import Terms
from macros.pricing.parameters import Case, words
from macros.pricing.regimes import SCALE, TooFine, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from macros.findings import Finding
    from macros.pricing.parameters import Tariff
    from macros.records import Place, Record

_NEVER = dt.date.max


@dataclass(frozen=True, slots=True)
class Lease:
    """One lease: who pays for which site from which day to which, both counted, and the inputs of its price."""

    key: str
    operator: str
    site: str
    starts: dt.date
    ends: dt.date
    terms: Terms
    row: Record


class Excluded(NamedTuple):
    """A lease that a month leaves out, and why, in Chinese; ``doubted`` unless it simply does not run in it."""

    key: str
    why: str
    doubted: bool = True


def leases(
    rows: Iterable[Record], tariff: Tariff, wrong: Mapping[Place, str],
) -> tuple[list[Lease], list[Excluded], list[Finding]]:
    """The leases that can be billed; a row repeated exactly counts once.

    Args:
        rows: the register's leases.
        tariff: for the standard cost where a row names a product and height instead of a cost.
        wrong: rows that the register's check found in error, with what it said.

    Returns:
        Leases, the rows left out with the reason, and findings that name cell and cure.
    """
    found: dict[str, Lease] = {}
    out: list[Excluded] = []
    findings: list[Finding] = []
    twice: set[str] = set()
    for row in rows:
        if row.place in wrong:
            out.append(Excluded(row.key, wrong[row.place]))
            continue
        said = _unbillable(row)
        terms = None
        if not said:
            terms, said = _terms(row, tariff)
        if said or terms is None:
            findings += said
            out.append(Excluded(row.key, said[0].message))
            continue
        lease = Lease(
            row.key, row.text("operator"), row.text("site_code"), row.date("starts_on") or _NEVER,
            row.date("ends_on") or _NEVER, terms, row,
        )
        other = found.get(lease.key)
        if other is None:
            found[lease.key] = lease
        elif other.row.values != row.values:
            findings.append(about(row, "lease_no", "BIL003", other=other.row.place.row))
            twice.add(lease.key)
    # Two different rows of one number: neither can be told to be the right one.
    out += [Excluded(key, "同一编号有两行内容不同") for key in sorted(twice)]
    return [lease for key, lease in found.items() if key not in twice], out, findings


def _unbillable(row: Record) -> list[Finding]:
    needed = ("lease_no", "operator", "site_code", "units", "starts_on")
    missing = [name for name in needed if row[name] is None]
    if missing:
        return [about(row, name, "BIL001") for name in missing]
    starts, ends = row.date("starts_on"), row.date("ends_on")
    if starts and ends and ends < starts:
        return [about(row, "ends_on", "BIL002", starts=starts)]
    return []


def _terms(row: Record, tariff: Tariff) -> tuple[Terms | None, list[Finding]]:
    tower = row["tower_cost"]
    if tower is None:
        tower = _standard_cost(row, tariff)
        if tower is None:
            return None, [about(row, "tower_cost", "BIL004", product=row.text("product") or "空")]
    word = words()["word"]
    lump = row["generator_mode"] == word["lump"]
    extras = [
        (item["name"], row[item["name"]]) for item in words()["item"]
        if item["kind"] == "plain" or (item["kind"] == "lump" and lump)
    ]
    try:
        return Terms(
            tower=_whole(tower), room=_whole(row["room_cost"]), support=_whole(row["support_cost"]),
            maintenance=_whole(row["maintenance_fee"]), site_rent=_whole(row["site_rent"]),
            power_fee=_whole(row["power_fee"]), extras=tuple((name, _whole(fee)) for name, fee in extras if fee),
            units=_whole(row["units"]), region=_factor(row["region_factor"]), wind=_factor(row["wind_factor"]),
            anchor=bool(row["anchor"]), existing=row["sharing"] == word["existing"], signed=row.date("order_signed_on"),
        ), []
    except TooFine as fine:
        return None, [about(row, "units", "BIL005", value=str(fine))]


def _standard_cost(row: Record, tariff: Tariff) -> Decimal | None:
    """The cost of the row's product at its height on its first day, from the table of standard costs."""
    product, height, starts = row.text("product"), row["antenna_height"], row.date("starts_on")
    if not product or starts is None:
        return None
    steps = sorted((c.above, c) for c in tariff.cases("cost") if c.item == product and c.above is not None)
    if steps and isinstance(height, Decimal):
        below = [case for above, case in steps if above <= height]
        version = tariff.version(starts, below[-1]) if below else None
        top = version.row["below"] if version else None
        if version is None or (isinstance(top, Decimal) and height > top):
            return None
        return version.value
    return tariff.on(starts, Case("cost", product))


def _whole(value: object) -> int:
    return whole(value) if isinstance(value, Decimal) else 0


def _factor(value: object) -> int:
    """A coefficient; none written means none applies."""
    return whole(value) if isinstance(value, Decimal) else SCALE
