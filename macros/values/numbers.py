"""Reads plain figures as exact decimals: integers, decimals and rates."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from macros.patterns import pattern
from macros.records import Broken, Cell
from macros.values.errors import Unreadable, refuse_broken
from macros.values.text import brief
from macros.values.words import LIMIT, UNITS

# Only these digits and signs: Decimal() itself would take 1_000, ٣٠, 1e3, NaN and Infinity.
_FIGURE = pattern(r"[+-]? *(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:(?<=[0-9])|(?=\.[0-9]))(?:\.[0-9]+)?")
_WITH_UNIT = pattern(
    r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?\s*(" + "|".join(map(re.escape, UNITS)) + ")", re.IGNORECASE
)
_MINUS = {0x2212: 0x2D}


def round_half_up(x: Decimal, places: int = 2) -> Decimal:
    """``x`` with ``places`` decimals, halves away from zero (四舍五入); never a negative zero."""
    rounded = x.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded


def read_decimal(cell: Cell) -> Decimal | None:
    """A figure as typed; None for a blank.

    A float gives its fifteen digits, as the spreadsheet shows them. Text may carry thousands commas and signs
    of full width.

    Raises:
        Unreadable: no figure, one with a unit, true/false, a date, or from the limit upwards.
    """
    if cell is None:
        return None
    if type(cell) is str:
        text = brief(cell)
        return _figure(text) if text else None
    return number_of_cell(cell)


def number_of_cell(cell: Cell) -> Decimal:
    """The figure of a cell that holds no text.

    Raises:
        Unreadable: as `read_decimal`.
    """
    if isinstance(cell, bool):
        raise Unreadable("VAL035", cell, kind="真假值")
    if isinstance(cell, int):
        return within_limit(Decimal(cell), cell)
    if isinstance(cell, float):
        if cell != cell:
            raise Unreadable("VAL030", cell)
        return within_limit(Decimal(f"{cell:.15g}"), cell)
    if isinstance(cell, Broken):
        refuse_broken(cell)
    if isinstance(cell, dt.date | dt.time):
        raise Unreadable("VAL035", cell, kind="日期时间")
    raise Unreadable("VAL030", cell)


def within_limit(figure: Decimal, cell: Cell) -> Decimal:
    """``figure``, if it is small enough to be meant.

    Raises:
        Unreadable: it reaches the limit.
    """
    if not abs(figure) < LIMIT:
        raise Unreadable("VAL032", cell, limit=f"{LIMIT:,f}")
    return figure


@lru_cache(maxsize=1 << 13)
def _figure(text: str) -> Decimal:
    figure = plain_figure(text)
    if figure is None:
        unit = _WITH_UNIT.fullmatch(text)
        if unit:
            raise Unreadable("VAL034", text, unit=unit[1])
        raise Unreadable("VAL030", text)
    return within_limit(figure, text)


def plain_figure(text: str) -> Decimal | None:
    """The figure a half-width text is, with nothing around it; None when it is none."""
    text = text.translate(_MINUS)
    if not _FIGURE.fullmatch(text):
        return None
    figure = Decimal(text.replace(",", "").replace(" ", ""))
    return abs(figure) if figure.is_zero() else figure


def unit_after_figure(text: str) -> str:
    """The unit that stands after a figure; empty when the text is not a figure with a known unit."""
    found = _WITH_UNIT.fullmatch(text.translate(_MINUS))
    return found[1] if found else ""


def read_integer(cell: Cell) -> int | None:
    """A whole number, also where the cell holds 3.0; None for a blank.

    Raises:
        Unreadable: as `read_decimal`, or a fraction.
    """
    if type(cell) is int:
        return int(within_limit(Decimal(cell), cell))
    figure = read_decimal(cell)
    if figure is None:
        return None
    if figure != figure.to_integral_value():
        raise Unreadable("VAL031", cell)
    return int(figure)


def read_rate(cell: Cell) -> Decimal | None:
    """A share as a fraction of one: 0.06, or 6% as text; None for a blank.

    A bare 6 stays 6: whether it fits is for the row rules.

    Raises:
        Unreadable: as `read_decimal`.
    """
    if isinstance(cell, str):
        text = brief(cell)
        if text.endswith("%"):
            return _figure(text[:-1].rstrip()) / 100
    return read_decimal(cell)
