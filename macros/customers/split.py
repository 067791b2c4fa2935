"""Splits an amount by percentages to the cent, so that the parts are the amount again (R10)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_CENT = Decimal("0.01")


def split(amount: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """Each share of ``amount`` half up to the cent; what rounding leaves over or short falls to the first.

    Args:
        amount: yuan, to the cent.
        shares: fractions that add up to one, at least one of them.
    """
    parts = [(amount * share).quantize(_CENT, ROUND_HALF_UP) for share in shares]
    return [amount - sum(parts[1:], Decimal(0)), *parts[1:]]
