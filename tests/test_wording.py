
import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.wording import (
    brief,
    long_date,
    long_moment,
    long_month,
    money,
    percent,
    plain,
    rmb_upper,
    show,
    weekday,
)
from macros.records import Value
from macros.values import read_money

with (Path(__file__).parent / "answers" / "money_cases.csv").open(encoding="utf-8-sig", newline="") as _file:
    UPPER = [row for row in csv.DictReader(_file) if row["kind"] == "UPPER"]

AMOUNTS = st.integers(0, 10**15 - 1).map(lambda fen: Decimal(fen).scaleb(-2))


def fen_of(capitals: str) -> int:
    """Counts the fen sign by sign, without regard to 零: an independent way back."""
    total = section = part = digit = 0
    for sign in capitals.removesuffix("整"):
        if sign in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign)
        elif sign in "拾佰仟":
            part, digit = part + digit * {"拾": 10, "佰": 100, "仟": 1000}[sign], 0
        elif sign == "万":
            section, part, digit = section + (part + digit) * 10_000, 0, 0
        elif sign == "亿":
            section, part, digit = (section + part + digit) * 100_000_000, 0, 0
        elif sign == "元":
            total, section, part, digit = (section + part + digit) * 100, 0, 0, 0
        elif sign in "角分":
            total, digit = total + digit * {"角": 10, "分": 1}[sign], 0
    return total


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in UPPER if row["expected"] != "ERROR"])
def test_amount_in_capitals(row: dict[str, str]) -> None:
    assert rmb_upper(Decimal(row["input"])) == row["expected"]


@pytest.mark.parametrize("amount", ["1.005", "Infinity", "NaN", "-Infinity", "1E16"])
def test_amount_without_capitals_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="no amount in capitals"):
        rmb_upper(Decimal(amount))


@pytest.mark.parametrize(("amount", "capitals"), [
    ("0", "零元整"),
    ("-0.00", "零元整"),
    ("100003006", "壹亿零叁仟零陆元整"),
    ("1000000000000", "壹万亿元整"),
    ("1000100000000", "壹万零壹亿元整"),
    ("1.500", "壹元伍角整"),
])
def test_amount_in_capitals_at_the_edges(amount: str, capitals: str) -> None:
    assert rmb_upper(Decimal(amount)) == capitals


@settings(max_examples=400, deadline=None)
@given(amount=AMOUNTS)
def test_capitals_give_the_amount_back(amount: Decimal) -> None:
    capitals = rmb_upper(amount)
    assert fen_of(capitals) == amount * 100
    assert "零零" not in capitals
    assert read_money(capitals) == amount


@settings(max_examples=400, deadline=None)
@given(yuan=st.text("0019", min_size=1, max_size=13), fen=st.sampled_from(["00", "05", "50", "55"]))
def test_capitals_of_amounts_full_of_zeros(yuan: str, fen: str) -> None:
    amount = Decimal(f"{yuan}.{fen}")
    assert fen_of(rmb_upper(amount)) == amount * 100
    assert read_money(rmb_upper(amount)) == amount


def test_days_and_months() -> None:
    assert long_date(dt.date(2026, 9, 3)) == "2026年9月3日"
    assert long_moment(dt.datetime(2026, 9, 3, 8, 5)) == "2026年9月3日8时05分"
    assert long_moment(dt.datetime(2026, 9, 3, 22, 20, 9)) == "2026年9月3日22时20分09秒"
    assert long_month("2026-09") == "2026年9月"


@pytest.mark.parametrize(("day", "word"), [
    (dt.date(2026, 9, 3), "星期四"), (dt.date(2026, 9, 6), "星期日"), (dt.date(2026, 9, 7), "星期一"),
])
def test_weekday(day: dt.date, word: str) -> None:
    assert weekday(day) == word


@pytest.mark.parametrize(("amount", "plainly"), [
    ("1234.5", "1,234.50"),
    ("-345.6", "-345.60"),
    ("0", "0.00"),
    ("-0.001", "0.00"),
    ("1.005", "1.01"),
    ("1234567890123.45", "1,234,567,890,123.45"),
])
def test_amounts(amount: str, plainly: str) -> None:
    assert money(Decimal(amount)) == plainly


@pytest.mark.parametrize(("rate", "words"), [("0.06", "6%"), ("0.125", "12.5%"), ("1", "100%"), ("0", "0%"), ("1E+1", "1000%")])
def test_percent(rate: str, words: str) -> None:
    assert percent(Decimal(rate)) == words


@pytest.mark.parametrize(("figure", "words"), [
    ("111.500", "111.5"), ("100", "100"), ("1E+2", "100"), ("1E-7", "0.0000001"), ("-0", "0"), ("0.00", "0"),
])
def test_plain_figure(figure: str, words: str) -> None:
    assert plain(Decimal(figure)) == words


@pytest.mark.parametrize(("value", "kind", "words"), [
    (None, "money", ""),
    ("", "text", ""),
    ("甲", "text", "甲"),
    ("429801908000001393", "code", "429801908000001393"),
    (True, "flag", "是"),
    (False, "flag", "否"),
    (3, "integer", "3"),
    (3, "money", "3.00"),
    (Decimal("1234.5"), "money", "1,234.50"),
    (Decimal("1234.50"), "decimal", "1234.5"),
    (Decimal("0.06"), "rate", "6%"),
    (Decimal("NaN"), "money", ""),
    (Decimal("111.598794"), "longitude", "111.598794"),
    (dt.date(2026, 9, 3), "date", "2026年9月3日"),
    (dt.datetime(2026, 9, 3, 8, 5), "moment", "2026年9月3日8时05分"),
    (dt.datetime(2026, 9, 3, 8, 5), "date", "2026年9月3日"),
    ("2026-09", "month", "2026年9月"),
])
def test_show(value: Value, kind: str, words: str) -> None:
    assert show(value, kind) == words


@pytest.mark.parametrize(("value", "kind", "words"), [
    (dt.date(2026, 9, 3), "date", "2026-09-03"),
    (dt.datetime(2026, 9, 3, 8, 5), "date", "2026-09-03"),
    (dt.datetime(2026, 9, 3, 8, 5), "moment", "2026-09-03 08:05"),
    (dt.datetime(2026, 9, 3, 8, 5, 7), "moment", "2026-09-03 08:05:07"),
    (Decimal("1234.5"), "money", "1,234.50"),
    (None, "date", ""),
])
def test_brief(value: Value, kind: str, words: str) -> None:
    assert brief(value, kind) == words
