"""Prints how a line's amount comes about, so that the customer can check it by hand (C13)."""

from __future__ import annotations

from calendar import monthrange
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from macros.billing.lines import cents
from macros.pricing.fees import base, base_share, site_share
from macros.pricing.parameters import words
from macros.pricing.regimes import SCALE

if TYPE_CHECKING:
    from macros.billing.lines import Line
    from macros.billing.segments import Segment
    from macros.pricing.fees import Terms


def yearly_base(line: Line) -> Decimal:
    """The base price of a year before discount, under the rules at the month's end."""
    return cents(*base(line.lease.terms, line.segments[-1].regime))


def tenants(line: Line) -> str:
    """The tenants of the month's segments in order: 2, or 2→3."""
    found: list[str] = []
    for segment in line.segments:
        if not found or found[-1] != str(segment.tenants):
            found.append(str(segment.tenants))
    return "→".join(found)


def days(line: Line) -> int:
    """Days charged."""
    return sum(segment.days for segment in line.segments)


def working(line: Line) -> str:
    """Each item's arithmetic: yearly amount × share paid ÷ 12 × days ÷ days of the month, segment by segment.

    Yearly base prices are shown to the cent; the amount beside is reckoned with the unrounded price.
    """
    start = line.segments[0].first
    month = monthrange(start.year, start.month)[1]
    rows = [(line.of(one).terms, one) for one in line.segments]
    return "；".join(
        f"{_title(name)} {_sum([_step(name, terms, one) for terms, one in rows], month)}" for name, _ in line.items
    )


_SITE = ("site_rent", "power_fee")


def _step(name: str, terms: Terms, segment: Segment) -> tuple[Decimal, int, int]:
    """An item's yearly amount before discount in a segment, the share of it paid, and the days."""
    if name == "base":
        share = base_share(terms, segment.regime, segment.tenants)
        return cents(*base(terms, segment.regime)), share, segment.days
    if name in _SITE:
        return _yuan(getattr(terms, name)), site_share(terms, segment.regime, segment.tenants), segment.days
    return _yuan(dict(terms.extras).get(name, 0)), SCALE, segment.days


def _sum(steps: list[tuple[Decimal, int, int]], month: int) -> str:
    """The segments' products joined by plus signs, neighbours of the same price and share together.

    Days on which the item costs nothing, as before a fee was agreed, are not named.
    """
    joined: list[tuple[Decimal, int, int]] = []
    for yearly, share, length in steps if len(steps) == 1 else [one for one in steps if one[0]] or steps:
        if joined and joined[-1][:2] == (yearly, share):
            joined[-1] = (yearly, share, joined[-1][2] + length)
        else:
            joined.append((yearly, share, length))
    return "＋".join(
        f"{yearly}{'' if share == SCALE else f'×{_percent(share)}'}÷12{'' if length == month else f'×{length}/{month}'}"
        for yearly, share, length in joined
    )


def _percent(share: int) -> str:
    return f"{(Decimal(share) / SCALE * 100).normalize():f}%"


def _yuan(amount: int) -> Decimal:
    exact = Fraction(amount, SCALE)
    return cents(exact.numerator, exact.denominator)


def _title(name: str) -> str:
    return next(str(one["short"]) for one in words()["item"] if one["name"] == name)
