"""Reads amounts of money in yuan, to the fen."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from macros.patterns import pattern
from macros.values.errors import Unreadable
from macros.values.numbers import number_of_cell, plain_figure, round_half_up, unit_after_figure, within_limit
from macros.values.text import brief
from macros.values.words import MONEY_PREFIXES, MONEY_SUFFIXES

if TYPE_CHECKING:
    from decimal import Decimal

    from macros.records import Cell

_PREFIX = "|".join(map(re.escape, MONEY_PREFIXES))
_SUFFIX = "|".join(map(re.escape, MONEY_SUFFIXES))
_DRESSED = pattern(
    rf"(?P<sign>[+\-−]?)\s*(?:{_PREFIX})?\s*(?:{_PREFIX})?\s*(?P<figure>[+\-−]?[0-9.,]+)\s*(?:{_SUFFIX})?",
    re.IGNORECASE,
)
_BRACKETED = pattern(r"\((?P<inner>[^()+\-−]*)\)")
_CAPITAL = pattern("[零壹贰叁肆伍陆柒捌玖][元圆角分拾佰仟万亿]")


def read_money(cell: Cell) -> Decimal | None:
    """An amount in yuan with two decimals; None for a blank, which is never a zero.

    A number cell is rounded half up to the fen, since a spreadsheet computes in binary; a text is what
    someone typed, so three decimals are refused. Accepted: ¥1,234.50, 人民币1,234.50元, 壹佰元整, and
    (123.45) as negative.

    Raises:
        Unreadable: no amount, another unit (元/月, 万元), too many decimals, or from the limit upwards.
    """
    if cell is None:
        return None
    if type(cell) is str:
        text = brief(cell)
        return _amount(text) if text else None
    return within_limit(round_half_up(number_of_cell(cell)), cell)


@lru_cache(maxsize=1 << 13)
def _amount(text: str) -> Decimal:
    figure = plain_figure(text)
    if figure is None:
        figure = _dressed_figure(text)
    if figure is None and _CAPITAL.search(text):
        from macros.values.capitals import amount_of_capitals  # hardly any amount is written so

        figure = amount_of_capitals(text.removeprefix("人民币").lstrip())
        if figure is None:
            raise Unreadable("VAL036", text)
    if figure is None:
        unit = unit_after_figure(text)
        raise Unreadable("VAL034", text, unit=unit) if unit else Unreadable("VAL030", text)
    amount = round_half_up(within_limit(figure, text))
    if amount != figure:
        raise Unreadable("VAL033", text)
    return amount


def _dressed_figure(text: str) -> Decimal | None:
    """The figure of an amount with its currency around it, or in brackets for a negative one."""
    bracketed = _BRACKETED.fullmatch(text)
    dressed = _DRESSED.fullmatch(bracketed["inner"] if bracketed else text)
    if dressed is None:
        return None
    figure = plain_figure(dressed["sign"] + dressed["figure"])
    return -figure if bracketed and figure else figure
