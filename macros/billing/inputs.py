"""Reads what a lease's price is made of from its row of the register, and says what keeps it from being priced."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.choices import values_of
from macros.findings import about
from macros.pricing.fees import Terms
from macros.pricing.parameters import Case, words
from macros.pricing.regimes import SCALE, TooFine, whole

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection

    from macros.findings import Finding
    from macros.forms import Form
    from macros.pricing.parameters import Tariff
    from macros.records import Record, Value


#: The finding of a lease whose generator is a yearly sum that nobody stated.
NO_SUM = "BIL060"


class Inputs(NamedTuple):
    """Number, payer, site, first and last day (None: open) of a lease, and the inputs of its price."""

    key: str
    operator: str
    site: str
    starts: dt.date
    ends: dt.date | None
    terms: Terms


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
    "region_factor", "wind_factor", "anchor", "sharing", "order_signed_on", "generator_mode", "generator_fee",
    "product", "product_class", "base_fee",
)


@cache
def _layout(form: Form) -> _Layout:
    fees = [item for item in words()["item"] if item["kind"] in ("plain", "lump")]
    names = tuple(item["name"] for item in fees)
    return _Layout(
        itemgetter(*(form.index[name] for name in _INPUTS)), itemgetter(*(form.index[name] for name in names)),
        names, tuple(item["kind"] == "lump" for item in fees),
    )


@cache
def _products(form: Form) -> Collection[str]:
    """The products known by name."""
    return frozenset(values_of(form.column("product").list))


def read_lease(row: Record, tariff: Tariff) -> tuple[Inputs | None, list[Finding]]:
    """The inputs of a row; None where something it needs is missing or wrong, with findings of cell and cure.

    Beside inputs there may be warnings.

    Args:
        row: a row of 租约.
        tariff: for the standard cost where a row names a product and height instead of a cost, and for yearly prices.
    """
    layout, word = _layout(row.form), words()["word"]
    (
        number, operator, site, units, starts, ends, tower, room, support, maintenance, rent, power,
        region, wind, anchor, sharing, signed, mode, lump_sum, product, product_class, base_fee,
    ) = layout.inputs(row.values)
    if number is None or operator is None or site is None or units is None or starts is None:
        return None, [about(row, name, "BIL001") for name in _NEEDED if row[name] is None]
    if ends is not None and ends < starts:
        return None, [about(row, "ends_on", "BIL002", starts=starts)]
    # A blank sum is no fee, as every blank fee is; but of a generator agreed to be a yearly sum that is hardly meant.
    said = [about(row, "generator_fee", NO_SUM)] if mode == word["lump"] and lump_sum is None else []
    if mode is None and lump_sum:
        said.append(about(row, "generator_mode", "BIL068", sum=lump_sum))
    if product is not None and product not in _products(row.form) and product_class not in word["without_tower"]:
        said.append(about(row, "product", "BIL067"))
    yearly: Decimal | None = None
    if not tower and product_class in word["without_tower"]:
        yearly = _yearly(row, starts, base_fee, tariff)
        if yearly is not None:
            said += _beside(row)
        elif not (room or support or maintenance):
            return None, [about(row, "base_fee", "BIL065", kind=product_class)]
    elif tower is None:
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
            signed=signed, yearly=None if yearly is None else _whole(yearly),
        )
    except TooFine as fine:
        return None, [about(row, _too_fine(row), "BIL005", value=str(fine))]
    return Inputs(str(number), str(operator), str(site), starts, ends, terms), said


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


def _yearly(row: Record, starts: dt.date, base_fee: Decimal | None, tariff: Tariff) -> Decimal | None:
    """The base price of a year of a product without a tower: as agreed, else by the price table of its first day."""
    if base_fee is not None:
        return base_fee
    found: list[Decimal] = []
    for column, item in words()["yearly"]["quantity"].items():
        price, quantity = tariff.on(starts, Case("unit_price", item)), row[column]
        if price is not None and quantity:
            found.append(price * Decimal(str(quantity)))
    return sum(found, Decimal(0)) if found else None


def _beside(row: Record) -> list[Finding]:
    """The parts of the formula stated beside a yearly base price, which has them in it."""
    names = [name for name in words()["yearly"]["within"] if row[name]]
    titles = "、".join(row.form.column(name).title for name in names)
    return [about(row, names[0], "BIL066", columns=titles)] if names else []


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
