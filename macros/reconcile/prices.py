"""Replaces a lease's yearly price inputs by those an operator's line states or implies."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from macros.billing.lines import cents
from macros.forms import forms
from macros.pricing.fees import base
from macros.pricing.regimes import SCALE, TooFine, whole
from macros.reconcile.headings import line_form
from macros.reconcile.views import View, reckon, with_terms
from macros.reconcile.words import detail, limit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macros.pricing.fees import Terms
    from macros.pricing.regimes import Regime
    from macros.reconcile.lines import LedgerLine
    from macros.reconcile.views import Month

#: Terms whose price per year and unit before discount lists state, and the columns it stands in.
_PARTS = {"tower": "tower_price", "room": "room_price", "support": "support_price", "maintenance": "maintenance_price"}
_SITE = ("site_rent", "power_fee")
_BASE = "base"
#: Half of the last decimal that yearly prices are shown with.
_HALF = Fraction(1, 200)


@dataclass(frozen=True, slots=True)
class Repriced:
    """Inputs of the price that are replaced, what is said of each, and their least and most as prices are shown."""

    terms: Mapping[str, Any]
    details: tuple[str, ...] = ()
    least: Mapping[str, Any] = field(default_factory=dict)
    most: Mapping[str, Any] = field(default_factory=dict)


def stated(ours: Terms, theirs: LedgerLine, month: Month) -> Repriced:
    """The yearly prices, rents and number of units that a line states other than ours."""
    regime = month.spans[-1].regime
    made: dict[str, Any] = {}
    low: dict[str, Any] = {}
    high: dict[str, Any] = {}
    said: list[str] = []
    units = theirs.number("units")
    if units is not None and whole_or_none(units) not in (None, ours.units):
        said.append(detail("units", ours=_shown(ours.units), theirs=units))
        made["units"] = whole(units)
    held = _units_of_prices(ours, theirs, made.get("units", ours.units), regime)
    for term, column in _PARTS.items():
        price = theirs.number(column)
        one_yuan = _displayed(ours, term, SCALE, regime) if price is not None else Fraction(0)
        has = _displayed(ours, term, getattr(ours, term) if ours.yearly is None else 0, regime)
        if price is None or not one_yuan or any(_same(price, has, one, theirs) for one in held):
            continue
        shown = cents(has.numerator, has.denominator)
        said.append(detail("price", item=_title(column), ours=shown, theirs=_plain(price)))
        made[term], made["yearly"] = _roundest(Fraction(price), one_yuan), None
        low[term] = max(0, int((Fraction(price) - _HALF) / one_yuan * SCALE))
        high[term] = int((Fraction(price) + _HALF) / one_yuan * SCALE) + 1
    for term in _SITE:
        fee = theirs.number(term)
        if fee is not None and whole_or_none(fee) not in (None, getattr(ours, term)):
            said.append(detail("price", item=_title(term), ours=_shown(getattr(ours, term)), theirs=_plain(fee)))
            made[term] = whole(fee)
    return Repriced(made, tuple(said), low, high)


def whole_or_none(value: Decimal) -> int | None:
    """A number in millionths; None where it has more decimals or is negative."""
    try:
        return whole(value) if value >= 0 else None
    except TooFine:
        return None


def _displayed(terms: Terms, term: str, cost: int, regime: Regime) -> Fraction:
    """A part of the base price per year and unit before discount, as lists show it."""
    alone = replace(terms, tower=0, room=0, support=0, maintenance=0, units=SCALE, yearly=None)
    return Fraction(*base(replace(alone, **{term: cost}), regime))  # type: ignore[arg-type]


def _same(price: Decimal, ours: Fraction, units: int, theirs: LedgerLine) -> bool:
    """Whether a price as shown is ours, at the decimals its line is shown with; ``units`` are what it may be for."""
    shown = [value for column in _PARTS.values() if (value := theirs.number(column)) is not None]
    places = min(2, max((max(0, -int(value.normalize().as_tuple().exponent)) for value in shown), default=2))
    return abs(Fraction(price) - ours * units / SCALE) <= Fraction(1, 2 * 10**places)


def _units_of_prices(ours: Terms, theirs: LedgerLine, units: int, regime: Regime) -> tuple[int, ...]:
    """What the prices of a line may be for: one unit or all; one where another price of the line is plainly so."""
    if ours.yearly is None and units != SCALE:
        for term, column in _PARTS.items():
            price = theirs.number(column)
            if price and _same(price, _displayed(ours, term, getattr(ours, term), regime), SCALE, theirs):
                return (SCALE,)
    return SCALE, units


def _roundest(price: Fraction, one_yuan: Fraction) -> int:
    """The roundest cost, in millionths, that shows as this price."""
    cost = price / one_yuan
    for places in range(-4, 6):
        scale = Fraction(10) ** places
        tried = Fraction((2 * cost * scale + 1) // 2) / scale
        if abs(tried * one_yuan - price) <= _HALF:
            return int(tried * SCALE)
    return int(cost * SCALE)


def implied(view: View, theirs: LedgerLine, month: Month, names: frozenset[str]) -> tuple[View, tuple[str, ...]]:
    """The view with the yearly fees that the line's monthly items imply, for these items, and what is said of them."""
    ours = reckon(view, month).items
    made, said = view, list[str]()
    for name in sorted(names):
        wanted, has = theirs.items.get(name), ours.get(name, Decimal("0.00"))
        if wanted is None or abs(wanted - has) <= Decimal("0.01"):
            continue
        yearly = _yearly(made, name, wanted, month)
        if yearly is not None:
            ours_yearly = _fee(made, name, month)
            said.append(detail("implied", item=_title(name), ours=_shown(ours_yearly), theirs=_shown(yearly)))
            made = _with_fee(made, name, yearly, month)
    return made, tuple(said)


def _yearly(view: View, name: str, wanted: Decimal, month: Month) -> int | None:
    """The roundest yearly fee, in millionths, that makes an item this amount."""
    if wanted < 0:
        return None
    million = _with_fee(view, name, 10**6 * SCALE, month)
    per_million = reckon(million, month).items.get(name, Decimal(0))
    if not per_million:
        return None
    about = Fraction(wanted) / Fraction(per_million) * 10**6
    for places in range(-3, 5):
        scale = Fraction(10) ** places
        tried = int(Fraction((2 * about * scale + 1) // 2) / scale * SCALE)
        if reckon(_with_fee(view, name, tried, month), month).items.get(name, Decimal("0.00")) == wanted:
            return tried
    return None


def _fee(view: View, name: str, month: Month) -> int:
    """A yearly fee, in millionths; of the base price that per unit and before discount."""
    terms = view.lease.terms
    if name == _BASE:
        return int(Fraction(*base(replace(terms, units=SCALE), month.spans[-1].regime)) * SCALE)
    return int(getattr(terms, name)) if name in _SITE else dict(terms.extras).get(name, 0)


def _with_fee(view: View, name: str, yearly: int, month: Month) -> View:
    if name == _BASE:
        # Whatever part of the base price differs, all of it bears the same mark-up as maintenance.
        plus = month.spans[-1].regime.plus
        maintenance = int(Fraction(yearly * SCALE, plus))
        return with_terms(view, tower=0, room=0, support=0, maintenance=maintenance, yearly=None)
    if name in _SITE:
        return with_terms(view, **{name: yearly})
    extras = dict(view.lease.terms.extras) | {name: yearly}
    return with_terms(view, extras=tuple((one, fee) for one, fee in extras.items() if fee))


def _title(column: str) -> str:
    form = line_form()
    if column == _BASE:
        column = "base_fee"
    return form.column(column).title if column in form.index else forms()["lease"].column(column).title


def _shown(millionths: int) -> Decimal:
    return _plain(Decimal(millionths) / SCALE)


def _plain(value: Decimal) -> Decimal:
    """A figure with the two decimals of money where it has no more."""
    return value.quantize(Decimal("0.01")) if value == value.quantize(Decimal("0.01")) else value.normalize()


def enough(residual: Decimal) -> bool:
    """Whether what remains of a line is so little that a view nobody stated may be believed."""
    return abs(residual) <= limit("exact")
