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
    terms = line.lease.terms
    parts = []
    for name, _ in line.items:
        if name == "base":
            shares = [base_share(terms, one.regime, one.tenants) for one in line.segments]
            yearly = [cents(*base(terms, one.regime)) for one in line.segments]
        elif name in _SITE:
            shares = [site_share(terms, one.regime, one.tenants) for one in line.segments]
            yearly = [_yuan(getattr(terms, name))] * len(shares)
        else:
            shares = [SCALE] * len(line.segments)
            yearly = [_yuan(dict(terms.extras)[name])] * len(shares)
        parts.append(f"{_title(name)} {_sum(list(zip(yearly, shares, line.segments, strict=True)), month)}")
    return "；".join(parts)


_SITE = ("site_rent", "power_fee")


def _sum(steps: list[tuple[Decimal, int, object]], month: int) -> str:
    """The segments' products joined by plus signs, neighbours of the same price and share together."""
    joined: list[tuple[Decimal, int, int]] = []
    for yearly, share, segment in steps:
        length = segment.days  # type: ignore[attr-defined]
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
