
import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.findings import catalogue, finding
from macros.records import Broken, Cell
from macros.values import (
    READERS,
    Unreadable,
    clean_text,
    hidden_characters,
    read_choice,
    read_code,
    read_date,
    read_moment,
    read_money,
    round_half_up,
)
from macros.values.numbers import number_of_cell, read_decimal, read_integer, read_rate, unit_after_figure
from macros.values.words import UNITS

ANSWERS = Path(__file__).parent / "answers"
TYPES = sorted(READERS)
CHOICES = {"移动": "移动", "中国移动": "移动", "CMCC": "移动", "联通": "联通"}


def rows(name: str) -> list[dict[str, str]]:
    with (ANSWERS / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def money_cases(kind: str) -> list[object]:
    return [pytest.param(row, id=row["id"]) for row in rows("money_cases.csv") if row["kind"] == kind]


def outcome(kind: str, cell: Cell) -> str:
    try:
        return str(READERS[kind](cell))
    except Unreadable as refusal:
        return refusal.code


def make_cell(kind: str, text: str) -> Cell:
    if kind == "number":
        return int(text) if text.lstrip("-").isdigit() else float(text)
    if kind == "day":
        return dt.datetime.fromisoformat(text)
    return True if kind == "truth" else text


@pytest.mark.parametrize("row", [
    pytest.param(row, id=f"{row['type']} {row['cell']}") for row in rows("cell_values.csv")
])
def test_cell_is_read_or_refused(row: dict[str, str]) -> None:
    assert outcome(row["type"], make_cell(row["kind"], row["cell"])) == row["expected"]


@pytest.mark.parametrize("row", money_cases("PARSE"))
def test_typed_amount(row: dict[str, str]) -> None:
    typed = row["input"].replace("\\xa0", "\xa0").replace("\\u200b", "\u200b")
    read = outcome("money", typed)
    assert ("ERROR" if read.startswith("VAL") else read) == row["expected"]


@pytest.mark.parametrize("row", money_cases("CELL"))
def test_amount_of_a_number_cell(row: dict[str, str]) -> None:
    read = outcome("money", True if row["input"] == "True" else float(row["input"]))
    assert ("ERROR" if read.startswith("VAL") else read) == row["expected"]


@pytest.mark.parametrize("row", money_cases("ROUND"))
def test_rounding_is_half_up(row: dict[str, str]) -> None:
    assert str(round_half_up(Decimal(row["input"]), int(row["params"]))) == row["expected"]


@pytest.mark.parametrize(("amount", "capitals"), [
    pytest.param(row["input"], form, id=form)
    for row in rows("money_cases.csv") if row["kind"] == "UPPER"
    for form in row["accepted_variants"].split(" / ") if form
])
def test_every_permitted_form_of_capitals_is_read(amount: str, capitals: str) -> None:
    assert read_money(f"人民币{capitals}") == Decimal(amount)


@pytest.mark.parametrize("capitals", [
    "壹仟壹元整", "壹亿叁仟元整", "壹万零壹仟壹元整", "壹佰零壹拾元整", "零壹元整", "壹元壹分", "壹佰", "壹佰元", "万元整", "壹亿万元整", "零元壹角整",
    "拾元整", "壹佰元壹分整", "亿元整", "亿伍元整", "壹万亿伍元", "零伍角",
])
def test_capitals_against_the_rules_are_refused(capitals: str) -> None:
    assert outcome("money", capitals) in ("VAL030", "VAL036")


def test_rounding_is_to_cents_where_nothing_else_is_said() -> None:
    assert [str(round_half_up(Decimal(amount))) for amount in ("2.345", "-2.345", "7")] == ["2.35", "-2.35", "7.00"]


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_known_behind_a_figure(unit: str) -> None:
    assert (unit_after_figure(f"1,234.5 {unit}"), unit_after_figure(f"5{unit}甲")) == (unit, "")


@pytest.mark.parametrize(("cell", "figure"), [("- 5", "-5"), ("+ 1,234.50", "1234.50"), ("-  0.5", "-0.5")])
def test_a_sign_may_stand_apart(cell: str, figure: str) -> None:
    assert read_decimal(cell) == Decimal(figure)


@pytest.mark.parametrize(("cell", "number"), [(5, 5), (0, 0), (-3, -3), ("12", 12), (3.0, 3)])
def test_a_whole_number_is_read_as_it_is(cell: Cell, number: int) -> None:
    assert read_integer(cell) == number


@pytest.mark.parametrize(("cell", "rate"), [("12.5%", "0.125"), ("6 %", "0.06"), ("100%", "1"), ("6", "6")])
def test_a_share_may_be_a_percentage(cell: str, rate: str) -> None:
    assert read_rate(cell) == Decimal(rate)


def test_negative_zero_is_zero() -> None:
    assert str(round_half_up(Decimal("-0.004"))) == "0.00"
    assert str(read_money("-0")) == "0.00"


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000", "\xa0", "\u200b"])
def test_blank_is_none_never_zero(kind: str, blank: Cell) -> None:
    assert READERS[kind](blank) is None


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(("why", "code"), [
    ("error", "VAL001"), ("formula", "VAL002"), ("digits", "VAL003"), ("command", "VAL004"),
])
def test_broken_cell_says_why(kind: str, why: str, code: str) -> None:
    assert outcome(kind, Broken("#REF!", why)) == code


@pytest.mark.parametrize(("cell", "expected"), [
    (dt.datetime(2026, 9, 3, 22, 42), dt.datetime(2026, 9, 3, 22, 42)),
    (dt.date(2026, 9, 3), dt.datetime(2026, 9, 3)),
    # 60 minutes as a serial number comes back a hair early; the clock must see the full hour.
    (dt.datetime(2026, 9, 3, 9, 59, 59, 999_995), dt.datetime(2026, 9, 3, 10, 0)),
    (dt.datetime(2026, 9, 3, 23, 0, tzinfo=dt.UTC), dt.datetime(2026, 9, 4, 7, 0)),
])
def test_moment_cells(cell: Cell, expected: dt.datetime) -> None:
    assert read_moment(cell) == expected


def test_day_of_a_moment_a_hair_before_midnight_is_the_next() -> None:
    assert read_date(dt.datetime(2026, 9, 3, 23, 59, 59, 999_995)) == dt.date(2026, 9, 4)


@pytest.mark.parametrize(("cell", "code"), [
    (dt.datetime(1899, 12, 31), "VAL019"), (dt.date(1899, 12, 31), "VAL019"), (dt.time(8, 5), "VAL018"),
    (dt.datetime.max, "VAL011"),
])
def test_cells_that_are_no_day(cell: Cell, code: str) -> None:
    assert outcome("date", cell) == code


@pytest.mark.parametrize(("cell", "expected"), [
    ("移动", "移动"), (" 中国 移动", "移动"), ("ｃｍｃｃ", "移动"), ("中国移动　", "移动"), (None, None), (" ", None),
])
def test_choice_knows_its_spellings(cell: Cell, expected: str | None) -> None:
    assert read_choice(cell, CHOICES) == expected


def test_unknown_choice_lists_the_values() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_choice("广电", CHOICES)
    assert refusal.value.code == "VAL041"
    assert refusal.value.details == {"allowed": "移动、联通"}


@pytest.mark.parametrize(("text", "cleaned", "warned"), [
    ("甲\x00乙", "甲乙", True),
    ("甲\x0b乙", "甲乙", True),
    ("甲\u200b乙", "甲乙", True),
    ("\ufeff甲", "甲", True),
    ("\ud800甲", "甲", True),
    ("甲\r\n乙", "甲\n乙", False),
    ("甲\t乙", "甲 乙", False),
    ("\u3000甲\xa0", "甲", False),
    ("㎡½²", "㎡½²", False),
])
def test_cleaning_and_its_warning(text: str, cleaned: str, warned: bool) -> None:
    assert clean_text(text) == cleaned
    assert hidden_characters(text) is warned


def test_a_number_cell_keeps_a_code_of_fifteen_digits_and_no_more() -> None:
    assert read_code(999_999_999_999_999) == "999999999999999"
    assert outcome("code", 1_000_000_000_000_000) == "VAL003"


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind not in ("text", "code", "phone")])
def test_an_essay_in_a_figure_cell_is_refused_at_once(kind: str) -> None:
    assert outcome(kind, "1" + " " * 32_000 + "x").startswith("VAL")


@pytest.mark.parametrize("kind", TYPES)
@settings(max_examples=150, deadline=None)
@given(cell=st.one_of(
    st.text(max_size=30), st.text("0123456789-/.: 年月日时分秒°′″NESW%元壹零万角分", max_size=20), st.floats(), st.integers(),
    st.booleans(), st.datetimes(), st.times(),
))
def test_any_cell_gives_a_value_or_a_finding_with_words(kind: str, cell: Cell) -> None:
    try:
        READERS[kind](cell)
    except Unreadable as refusal:
        said = finding(refusal.code, field="列", value=cell, **refusal.details)
        assert said.severity == "error"


def test_every_value_code_has_words_for_all_it_needs() -> None:
    details: dict[str, str] = {"kind": "甲", "weekday": "甲", "earliest": "1", "limit": "1", "unit": "甲", "allowed": "甲", "axis": "甲"}
    entries = [entry for code, entry in catalogue().items() if code.startswith("VAL")]
    assert [entry.title for entry in entries if "{" in entry.title] == []
    assert [said.message for entry in entries if "{" in (said := finding(entry.code, **details)).message] == []


@settings(max_examples=100, deadline=None)
@given(day=st.dates(dt.date(1900, 1, 1)), style=st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]))
def test_every_day_is_read_back_from_every_style(day: dt.date, style: str) -> None:
    assert read_date(day.strftime(style)) == day


def test_what_no_cell_holds_is_no_number() -> None:
    with pytest.raises(Unreadable) as caught:
        number_of_cell(b"12")  # type: ignore[arg-type]
    assert caught.value.code == "VAL030"
