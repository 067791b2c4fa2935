"""What a lease's product costs in a year (billing rules 3 and 4), as exact fractions of whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from macros.pricing.regimes import SCALE

if TYPE_CHECKING:
    import datetime as dt

    from macros.pricing.regimes import Regime


@dataclass(frozen=True, slots=True)
class Terms:
    """One lease's inputs of its price. Yuan and factors in millionths; ``extras`` are yuan a year by item name.

    ``yearly`` is the base price of a year and unit where it is agreed or listed instead of made of construction costs
    (室分、微站 and the like, domain facts b.5); None where the formula applies.
    """

    tower: int
    room: int
    support: int
    maintenance: int
    site_rent: int
    power_fee: int
    extras: tuple[tuple[str, int], ...]
    units: int
    region: int
    wind: int
    anchor: bool
    existing: bool
    signed: dt.date | None
    yearly: int | None = None


def base(terms: Terms, regime: Regime) -> tuple[int, int]:
    """The base price of a year before discount as numerator and denominator, in yuan.

    ((tower × wind ÷ life + room ÷ life + ancillaries ÷ life) × region × worn + maintenance) × plus × units; of a
    product with a yearly price that × units.
    """
    if terms.yearly is not None:
        return terms.yearly * terms.units, SCALE**2
    tower_life, room_life, support_life = regime.lives
    worth = terms.tower * terms.wind * room_life * support_life + SCALE * tower_life * (
        terms.room * support_life + terms.support * room_life
    )
    lives = tower_life * room_life * support_life
    kept = terms.maintenance * lives * SCALE**2
    return (worth * terms.region * regime.worn + kept) * regime.plus * terms.units, lives * SCALE**5


def base_share(terms: Terms, regime: Regime, tenants: int) -> int:
    """The part of the base price that is paid, in millionths.

    An existing sharer pays its own share; others 1 − d1, less the further points of orders signed before the day
    these points began.
    """
    if terms.existing:
        return regime.share
    off = regime.base_off[tenants, terms.anchor]
    if regime.early and terms.signed is not None and terms.signed < regime.early_before:
        off += regime.early
    return SCALE - off


def site_share(terms: Terms, regime: Regime, tenants: int) -> int:
    """The part of site rent and power connection that is paid, in millionths: 1 − d2."""
    return SCALE - regime.site_off[tenants, terms.anchor]
