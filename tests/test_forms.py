"""The forms fit together: names, lists, references and workbooks exist."""

from __future__ import annotations

import re

import pytest

from macros.choices import choices, is_open, values_of
from macros.findings import catalogue
from macros.forms import TYPES, Column, Form, forms, parse, workbooks
from macros.records import Place, Record, column_letter
from macros.values import READERS

COLUMNS = [pytest.param(form, column, id=f"{form.code}.{column.name}") for form in forms().values() for column in form.columns]


def test_every_register_table_is_on_a_shelf() -> None:
    assert [form.code for form in forms().values() if form.workbook == "需求台账"] == [
        "demand", "consolidation", "sharing", "candidate", "order", "change", "cost", "workorder",
    ]


@pytest.mark.parametrize(("form", "column"), COLUMNS)
def test_a_column_names_things_that_exist(form: Form, column: Column) -> None:
    assert column.type in TYPES
    assert column.type in READERS or (column.type == "choice" and column.list in choices())
    if column.refers:
        other, _, name = column.refers.partition(".")
        assert name in forms()[other].index
    re.compile(column.pattern)


def test_titles_of_tables_differ() -> None:
    assert len({form.title for form in forms().values()}) == len(forms())


def test_a_unit_stands_in_the_heading_but_not_in_the_title() -> None:
    column = forms()["demand"].column("offset_m")
    assert (column.title, column.heading) == ("允许偏离半径", "允许偏离半径（米）")


@pytest.mark.parametrize(("toml", "said"), [
    ('columns = [{name = "a", title = "甲", type = "colour"}]', "unknown column type"),
    ('columns = [{name = "a", title = "甲 乙", type = "text"}]', "identifier"),
    ('columns = [{name = "a", title = "甲", type = "text"}, {name = "b", title = "甲", type = "text"}]', "twice"),
    ('columns = [{name = "b", title = "甲", type = "text"}]', "key column missing"),
])
def test_a_form_that_cannot_be_is_refused(toml: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(f'code = "x"\ntitle = "表"\nworkbook = "簿"\nkey = ["a"]\n{toml}')


def test_a_key_of_several_columns_is_one_text() -> None:
    form = forms()["statement"]
    values: list[str | None] = [None] * len(form.columns)
    values[form.index["month"]], values[form.index["operator"]] = "2026-10", "移动"
    place = Place("租约台账.xlsx", "账单", 2)
    assert Record(form, tuple(values), place, ()).key == "2026-10/移动"
    assert Record(form, (None,) * len(form.columns), place, ()).key == ""


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")])
def test_columns_have_the_letters_of_a_sheet(number: int, letters: str) -> None:
    assert column_letter(number) == letters


def test_a_value_outranks_another_values_spelling() -> None:
    # 一般 is a spelling of both priority 中 and level 标准, but never crosses lists.
    assert choices()["priority"]["一般"] == "中"
    assert choices()["service_level"]["一般"] == "标准"
    assert values_of("operator") == ("移动", "联通", "电信")


def test_lists_that_decide_limits_and_prices_are_closed() -> None:
    assert not any(map(is_open, ("operator", "scene", "solution", "product_class", "service_level", "party", "sharing")))
    assert is_open("complaint_kind")


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_finding_says_its_rule_and_how_to_mend(code: str) -> None:
    entry = catalogue()[code]
    assert re.fullmatch(r"[A-Z]{3}\d{3}", code)
    assert entry.rule
    assert not entry.rule.endswith("。")
    assert entry.severity != "error" or entry.cure


def test_the_register_has_the_workbooks_its_forms_name() -> None:
    assert list(workbooks()) == list(dict.fromkeys(form.file for form in forms().values() if form.workbook))
