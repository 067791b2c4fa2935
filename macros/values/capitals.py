"""Reads amounts in Chinese capitals (壹佰元整) in every form the payment rules allow, and no other."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from macros.patterns import pattern

_DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNITS = {"仟": 3, "佰": 2, "拾": 1}
_ONE = "[壹贰叁肆伍陆柒捌玖]"
_SECTION = f"(?:零?{_ONE}仟)?(?:零?{_ONE}佰)?(?:零?{_ONE}拾)?(?:零?{_ONE})?"
_AMOUNT = pattern(
    rf"(?P<minus>负)?(?:(?P<yuan>零|(?:{_SECTION}万)?(?:{_SECTION}亿)?(?:{_SECTION}万)?{_SECTION})[元圆])?"
    rf"(?P<jiao>零?{_ONE}角)?(?P<fen>零?{_ONE}分)?(?P<whole>[整正])?"
)
_DIGIT = pattern(f"(零?)({_ONE})([仟佰拾]?)")


def amount_of_capitals(text: str) -> Decimal | None:
    """The amount, in yuan with two decimals, of ``text`` without its 人民币; None when it is not well formed.

    Source: 正确填写票据和结算凭证的基本规定. 零 stands for inner zeros, once per run, and may be left out
    where the zeros only end the section before 万 or 亿, or stand before 角. 整 may be left out after 角.
    """
    found = _AMOUNT.fullmatch(text)
    if not found or not (found["yuan"] or found["jiao"] or found["fen"]):
        return None
    yuan, jiao, fen = found["yuan"] or "", found["jiao"] or "", found["fen"] or ""
    if (fen and found["whole"]) or not (jiao or fen or found["whole"]):
        return None
    if yuan == "零":
        return None if found["minus"] or jiao or fen else Decimal("0.00")
    digits = _placed(yuan)
    if digits is None:
        return None
    for sign, place in ((jiao, -1), (fen, -2)):
        if sign:
            digits.append((sign.startswith("零"), _DIGITS[sign[-2]], place))
    if not _zeros_right(digits):
        return None
    total = sum((Decimal(digit).scaleb(place) for _, digit, place in digits), Decimal("0.00"))
    return -total if found["minus"] else total


def _placed(yuan: str) -> list[tuple[bool, int, int]] | None:
    """Each digit of the yuan as (零 before it, digit, power of ten); None for a unit without digits."""
    placed = []
    high, eight, low = yuan.rpartition("亿")
    for part, base in ((high, 8), (low, 0)):
        upper, four, lower = part.rpartition("万")
        if (four and not upper) or (eight and base == 8 and not part):
            return None
        for section, offset in ((upper, base + 4), (lower, base)):
            placed += [
                (bool(zero), _DIGITS[sign], offset + _UNITS.get(unit, 0))
                for zero, sign, unit in _DIGIT.findall(section)
            ]
    return placed


def _zeros_right(digits: list[tuple[bool, int, int]]) -> bool:
    """Whether every 零 stands where the zeros between two digits ask for it, or allow it."""
    if digits[0][0]:
        return False
    for (_, _, before), (zero, _, place) in pairwise(digits):
        if before == place + 1:
            if zero:
                return False
        elif not zero:
            ends_section = place % 4 == 3 and before < place + 5
            if not (place == -1 or (place > 0 and ends_section)):
                return False
    return True
