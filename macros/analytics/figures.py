"""A figure worked out: its value kept exact, its formula in words, the same with the numbers put in, its rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.values import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Decimals printed of a percentage, an amount, a mean; rounded once, when printed.
PLACES = 2
HUNDRED = Decimal(100)
PERCENT = "%"


class Figure(NamedTuple):
    """One number of a report.

    ``value`` is exact and, with the unit ``%``, a share of one; None where the base is zero or nothing is known, and
    ``words`` then say which. ``formula`` names the quantities, ``working`` puts the numbers in; ``keys`` are the rows
    it was counted from.
    """

    title: str
    value: Decimal | None
    unit: str
    formula: str
    working: str
    words: str = ""
    keys: tuple[str, ...] = ()

    @property
    def number(self) -> Decimal | None:
        """The value as printed, a share in percent, rounded half up."""
        if self.value is None:
            return None
        return round_half_up(self.value * HUNDRED if self.unit == PERCENT else self.value, PLACES)

    @property
    def shown(self) -> str:
        """The figure as text; why there is none, in words."""
        return self.words if self.number is None else f"{plain(self.number)}{self.unit}"


def plain(number: Decimal) -> str:
    """A number without needless zeros behind the point: 3, 3.5, 1,234.56."""
    text = f"{round_half_up(number, PLACES):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def ratio(
    title: str, formula: str, over: Decimal, under: Decimal, zero: str, keys: Iterable[str] = (),
) -> Figure:
    """``over ÷ under`` as a percentage; ``zero`` says in words what it means that the base is zero."""
    working = f"{plain(over)} ÷ {plain(under)}"
    if not under:
        return Figure(title, None, PERCENT, formula, working, zero, tuple(keys))
    return _percent(title, over / under, formula, working, keys)


def change(title: str, formula: str, this: Decimal, before: Decimal, zero: str, keys: Iterable[str] = ()) -> Figure:
    """``(this − before) ÷ before``; ``zero`` says in words that the base is zero."""
    working = f"({plain(this)} − {plain(before)}) ÷ {plain(before)}"
    if not before:
        return Figure(title, None, PERCENT, formula, working, zero, tuple(keys))
    return _percent(title, (this - before) / before, formula, working, keys)


def accuracy(title: str, formula: str, forecast: Decimal, actual: Decimal, zero: str) -> Figure:
    """``(1 − |forecast − actual| ÷ actual)``; below zero where the forecast is more than twice the actual."""
    working = f"(1 − |{plain(forecast)} − {plain(actual)}| ÷ {plain(actual)}) × 100%"
    if not actual:
        return Figure(title, None, PERCENT, formula, working, zero)
    return _percent(title, 1 - abs(forecast - actual) / actual, formula, working, ())


def _percent(title: str, value: Decimal, formula: str, working: str, keys: Iterable[str]) -> Figure:
    made = Figure(title, value, PERCENT, formula, working, "", tuple(keys))
    return made._replace(working=f"{working} ＝ {made.shown}")
