"""Reads single cells into typed values: one reader per column type, which returns the value or refuses.

A reader gives None for a blank and raises `Unreadable` for what it cannot read; it never guesses.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from macros.values.choices import read_choice, read_flag
from macros.values.coordinates import read_latitude, read_longitude
from macros.values.dates import read_date, read_moment, read_month, read_month_end
from macros.values.errors import Unreadable
from macros.values.money import read_money
from macros.values.numbers import read_decimal, read_integer, read_rate, round_half_up
from macros.values.text import clean_text, fold, hidden_characters, read_code, read_phone, read_text
from macros.values.words import PLAUSIBLE_LATITUDE, PLAUSIBLE_LONGITUDE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from macros.records import Cell, Value

#: The reader of each column type; ``choice`` is missing, since `read_choice` needs the column's own list.
READERS: Mapping[str, Callable[[Cell], Value]] = MappingProxyType({
    "text": read_text,
    "code": read_code,
    "date": read_date,
    "moment": read_moment,
    "month": read_month,
    "integer": read_integer,
    "decimal": read_decimal,
    "money": read_money,
    "rate": read_rate,
    "flag": read_flag,
    "longitude": read_longitude,
    "latitude": read_latitude,
    "phone": read_phone,
})

__all__ = [
    "PLAUSIBLE_LATITUDE",
    "PLAUSIBLE_LONGITUDE",
    "READERS",
    "Unreadable",
    "clean_text",
    "fold",
    "hidden_characters",
    "read_choice",
    "read_code",
    "read_date",
    "read_decimal",
    "read_flag",
    "read_integer",
    "read_latitude",
    "read_longitude",
    "read_moment",
    "read_money",
    "read_month",
    "read_month_end",
    "read_phone",
    "read_rate",
    "read_text",
    "round_half_up",
]
