"""The price rules in force on one day, as whole numbers, so that a month's arithmetic stays exact and quick."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from macros.findings import finding
from macros.forms import forms
from macros.pricing.parameters import EARLY, FORM, SIGNED_BEFORE, Case, words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from macros.findings import Finding
    from macros.pricing.parameters import Tariff

#: Ratios, factors and yuan are counted in millionths.
SCALE = 10**6


class TooFine(ValueError):
    """A number has more than six decimals."""


def whole(value: Decimal) -> int:
    """A number in millionths.

    Raises:
        TooFine: it has more than six decimals.
    """
    numerator, denominator = value.as_integer_ratio()
    made, rest = divmod(numerator * SCALE, denominator)
    if rest:
        raise TooFine(str(value))
    return made


@dataclass(frozen=True, slots=True)
class Regime:
    """Price rules of one span of days, in millionths (billing rules 2 and 4).

    ``plus`` is 1 + mark-up, ``worn`` 1 + damage rate; ``lives`` are those of tower, room and ancillaries; ``base_off``
    and ``site_off`` are discounts by tenants and anchor; ``share`` is what an existing sharer pays of the base;
    ``early`` is the further discount of orders signed before the day ``early_before``, which its parameter states.
    """

    plus: int
    worn: int
    lives: tuple[int, int, int]
    base_off: Mapping[tuple[int, bool], int]
    site_off: Mapping[tuple[int, bool], int]
    share: int
    early: int
    early_before: dt.date


def regime(tariff: Tariff, day: dt.date) -> tuple[Regime | None, list[Finding]]:
    """The rules in force on a day; None, with the parameters that are missing, where they are not complete."""
    title = words()["parameter"]
    missing: list[str] = []

    def value(case: Case, called: str) -> int:
        found = tariff.on(day, case)
        if found is None:
            missing.append(called)
            return SCALE
        return whole(found)

    def ladder(parameter: str) -> dict[tuple[int, bool], int]:
        steps: dict[tuple[int, bool], int] = {(1, False): 0, (1, True): 0}
        for tenants in range(1, words()["site"]["tenants"] + 1):
            for anchor in (False, True):
                found = tariff.on(day, Case(parameter, tenants=tenants, anchor=anchor))
                if found is not None:
                    steps[tenants, anchor] = whole(found)
                elif tenants > 1:
                    missing.append(f"{title[parameter]} {tenants} 户{'锚定' if anchor else ''}")
        return steps

    early = tariff.version(day, Case(EARLY))
    before = early.signed_before if early else dt.date.min
    if before is None:
        missing.append(f"{title[EARLY]} {forms()[FORM].column(SIGNED_BEFORE).title}")
    made = Regime(
        plus=SCALE + value(Case("markup"), title["markup"]),
        worn=SCALE + value(Case("damage"), title["damage"]),
        lives=tuple(value(Case("life", item), f"{title['life']} {item}") for item in words()["needed"]["lives"]),  # type: ignore[arg-type]
        base_off=ladder("base_discount"),
        site_off=ladder("site_discount"),
        share=value(Case("share"), title["share"]),
        early=whole(early.value) if early else 0,
        early_before=before or dt.date.min,
    )
    if missing:
        return None, [finding("PRC004", value="、".join(missing), day=day)]
    return made, []
