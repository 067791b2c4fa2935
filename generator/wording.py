"""How values read in a Chinese document: days, moments, amounts, amounts in capitals, yes and no."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.values import round_half_up

if TYPE_CHECKING:
    from macros.records import Value

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_WEEKDAYS = "一二三四五六日"
#: Amounts in capitals are written below this many yuan: sections end at 万亿.
_CAPITALS_LIMIT = 10**16


def rmb_upper(amount: Decimal) -> str:
    """The amount in Chinese capitals, without 人民币: 1234.50 → 壹仟贰佰叁拾肆元伍角整.

    Source: 正确填写票据和结算凭证的基本规定; 会计基础工作规范 §52. Where the rules leave a choice: 整 after
    角, 零 between 元 and 角 after a zero, no optional 零 at 万 and 亿, 负 for negative amounts.

    Raises:
        ValueError: not finite, more than two decimals (round first, with a rule), or 10^16 yuan and more.
    """
    if not amount.is_finite() or abs(amount) >= _CAPITALS_LIMIT or amount != round_half_up(amount):
        raise ValueError(f"no amount in capitals: {amount}")
    yuan, fen = divmod(abs(int(amount * 100)), 100)
    tenths, hundredths = divmod(fen, 10)
    if not yuan and not fen:
        return "零元整"
    words = "负" if amount < 0 else ""
    words += f"{_integer(yuan)}元" if yuan else ""
    if tenths:
        words += ("零" if yuan and yuan % 10 == 0 else "") + f"{_DIGITS[tenths]}角"
    if hundredths:
        words += ("零" if yuan and not tenths else "") + f"{_DIGITS[hundredths]}分"
    return words if hundredths else f"{words}整"


def _integer(n: int) -> str:
    """``n`` from 1 in capitals, section by section; 零 where the lower section starts with zeros."""
    for base, unit in ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾")):
        high, low = divmod(n, base)
        if high:
            gap = "零" if 0 < low < base // 10 else ""
            return _integer(high) + unit + gap + (_integer(low) if low else "")
    return _DIGITS[n]


def long_date(day: dt.date) -> str:
    """2026年9月3日."""
    return f"{day.year}年{day.month}月{day.day}日"


def long_moment(moment: dt.datetime) -> str:
    """2026年9月3日8时05分, with seconds only where there are any, since a minute's limit may turn on them."""
    seconds = f"{moment.second:02d}秒" if moment.second else ""
    return f"{long_date(moment)}{moment.hour}时{moment.minute:02d}分{seconds}"


def long_month(month: str) -> str:
    """2026-09 → 2026年9月."""
    year, number = month.split("-")
    return f"{year}年{int(number)}月"


def weekday(day: dt.date) -> str:
    """星期四."""
    return f"星期{_WEEKDAYS[day.weekday()]}"


def money(amount: Decimal) -> str:
    """1,234.50, rounded half up to the fen."""
    return f"{round_half_up(amount):,f}"


def plain(figure: Decimal) -> str:
    """The figure without exponent and needless zeros: 111.500 → 111.5."""
    text = f"{figure:f}"
    text = text.rstrip("0").removesuffix(".") if "." in text else text
    return "0" if text == "-0" else text


def percent(rate: Decimal) -> str:
    """0.06 → 6%, 0.125 → 12.5%."""
    return f"{plain(rate * 100)}%"


def yes_no(flag: bool) -> str:
    """是 or 否."""
    return "是" if flag else "否"


def show(value: Value, kind: str) -> str:
    """The value as a document prints it; empty for a blank, never None or nan.

    Args:
        value: as the reader of ``kind`` gives it.
        kind: the column's type; money, rate and month look like other types and need it.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, dt.datetime):
        return long_date(value) if kind == "date" else long_moment(value)
    if isinstance(value, dt.date):
        return long_date(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            return ""
        return {"money": money, "rate": percent}.get(kind, plain)(value)
    if isinstance(value, int) and kind == "money":
        return money(Decimal(value))
    if kind == "month" and isinstance(value, str):
        return long_month(value)
    return str(value)


def brief(value: Value, kind: str) -> str:
    """The value as a narrow column of a list prints it: days 2026-09-03, moments 2026-09-03 08:05, else as `show`."""
    if isinstance(value, dt.datetime) and kind != "date":
        return value.strftime("%Y-%m-%d %H:%M:%S" if value.second else "%Y-%m-%d %H:%M")
    return value.strftime("%Y-%m-%d") if isinstance(value, dt.date) else show(value, kind)
