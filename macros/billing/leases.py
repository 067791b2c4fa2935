"""Register leases as what a month's arithmetic needs, and which of them cannot be billed and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.findings import about
from macros.pricing.fees import Terms
from macros.pricing.parameters import Case, words
from macros.pricing.regimes import SCALE, TooFine, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from macros.findings import Finding
    from macros.forms import Form
    from macros.pricing.parameters import Tariff
    from macros.records import Place, Record, Value

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


class _Layout(NamedTuple):
    """Where a lease table keeps what the arithmetic needs, so that a row is read in two steps and not in thirty.

    ``inputs`` takes the columns of ``_INPUTS`` out of a row's values, ``fees`` the yearly fees called ``names``;
    those marked in ``lumps`` count only where the generator is a yearly sum.
    """

    inputs: Callable[[tuple[Value, ...]], tuple[Any, ...]]
    fees: Callable[[tuple[Value, ...]], tuple[Any, ...]]
    names: tuple[str, ...]
    lumps: tuple[bool, ...]


_NEEDED = ("lease_no", "operator", "site_code", "units", "starts_on")
_INPUTS = (
    *_NEEDED, "ends_on", "tower_cost", "room_cost", "support_cost", "maintenance_fee", "site_rent", "power_fee",
    "region_factor", "wind_factor", "anchor", "sharing", "order_signed_on", "generator_mode",
)


@cache
def _layout(form: Form) -> _Layout:
    fees = [item for item in words()["item"] if item["kind"] in ("plain", "lump")]
    names = tuple(item["name"] for item in fees)
    return _Layout(
        itemgetter(*(form.index[name] for name in _INPUTS)), itemgetter(*(form.index[name] for name in names)),
        names, tuple(item["kind"] == "lump" for item in fees),
    )


def leases(
    rows: Iterable[Record], tariff: Tariff, wrong: Mapping[Place, str],
) -> tuple[list[Lease], list[Excluded], list[Finding]]:
    """The leases that can be billed; a row repeated exactly counts once.

    Args:
        rows: the register's leases.
        tariff: for the standard cost where a row names a product and height instead of a cost.
        wrong: rows that the register's check found in error, with what it said.

    Returns:
        Leases, the rows left out with the reason, and findings that name cell and cure. Each row is either a lease
        or left out, so that a month's control sheet adds up.
    """
    found: dict[str, Lease] = {}
    out: list[Excluded] = []
    findings: list[Finding] = []
    twice: dict[str, Finding] = {}
    for row in rows:
        if wrong and row.place in wrong:
            out.append(Excluded(row.key, wrong[row.place]))
            continue
        lease, said = _lease(row, tariff)
        if lease is None:
            findings += said
            out.append(Excluded(row.key, said[0].message))
            continue
        other = found.setdefault(lease.key, lease)
        if other is lease:
            continue
        if other.row.values == row.values:
            out.append(Excluded(lease.key, f"与第 {other.row.place.row} 行完全相同，只计一次", doubted=False))
            continue
        findings.append(about(row, "lease_no", "BIL003", other=other.row.place.row))
        twice.setdefault(lease.key, findings[-1])
        out.append(Excluded(lease.key, findings[-1].message))
    # Of two different rows of one number neither can be told to be the right one: the first goes too.
    out += [Excluded(key, said.message) for key, said in twice.items()]
    return [lease for key, lease in found.items() if key not in twice], out, findings


def _lease(row: Record, tariff: Tariff) -> tuple[Lease | None, list[Finding]]:
    layout, word = _layout(row.form), words()["word"]
    (
        number, operator, site, units, starts, ends, tower, room, support, maintenance, rent, power,
        region, wind, anchor, sharing, signed, mode,
    ) = layout.inputs(row.values)
    if number is None or operator is None or site is None or units is None or starts is None:
        return None, [about(row, name, "BIL001") for name in _NEEDED if row[name] is None]
    if ends is not None and ends < starts:
        return None, [about(row, "ends_on", "BIL002", starts=starts)]
    if tower is None:
        tower = _standard_cost(row, tariff)
        if tower is None:
            return None, [about(row, "tower_cost", "BIL004", product=row.text("product") or "空")]
    fees = layout.fees(row.values)
    try:
        terms = Terms(
            tower=_whole(tower), room=_whole(room), support=_whole(support), maintenance=_whole(maintenance),
            site_rent=_whole(rent), power_fee=_whole(power),
            extras=_extras(layout, fees, mode == word["lump"]) if any(fees) else (), units=_whole(units),
            region=_factor(region), wind=_factor(wind), anchor=bool(anchor), existing=sharing == word["existing"],
            signed=signed,
        )
    except TooFine as fine:
        return None, [about(row, _too_fine(row), "BIL005", value=str(fine))]
    return Lease(str(number), str(operator), str(site), starts, ends or _NEVER, terms, row), []


def _extras(layout: _Layout, fees: tuple[Any, ...], lump: bool) -> tuple[tuple[str, int], ...]:
    return tuple(
        (name, _whole(fee)) for name, fee, only_lump in zip(layout.names, fees, layout.lumps, strict=True)
        if fee and (lump or not only_lump)
    )


def _too_fine(row: Record) -> str:
    """The column whose number has too many decimals."""
    for name in (*_INPUTS, *_layout(row.form).names):
        try:
            _whole(row[name])
        except TooFine:
            return name
    return "tower_cost"


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


# Remembered, since a register's figures repeat themselves; by type, since a flag equals one.
@lru_cache(maxsize=1 << 16, typed=True)
def _whole(value: object) -> int:
    """An amount; a blank is nothing."""
    return whole(value) if isinstance(value, Decimal) else 0


@lru_cache(maxsize=1 << 12, typed=True)
def _factor(value: object) -> int:
    """A coefficient; none written means none applies."""
    return whole(value) if isinstance(value, Decimal) else SCALE
