"""Sheets become records: headings wherever they stand, cells by type, what cannot be read said and left out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.findings import Finding
from macros.forms import forms
from macros.headings import match
from macros.reader import read
from macros.records import Broken, Cell, Record
from macros.register import assemble, default_settings
from tests.tables import register, row

CONTACT = forms()["contact"]


def contacts(*rows: list[Cell]) -> tuple[list[Record], list[Finding]]:
    return read(CONTACT, rows, "客户台账.xlsx", "联系人")


def test_a_row_becomes_a_typed_record() -> None:
    lease = row("""
        ## 租约
        | 产品业务确认单编号 | 运营商 | 站址编码 | 产品单元数 | 铁塔建造成本（元） | 服务开始日期 | 是否锚定用户 |
        |--------------------|--------|----------|------------|--------------------|--------------|--------------|
        | QR1 | 中国移动 | 429801908000000001 | １．５ | 1,234.50 | 2026年3月1日 | 是 |
    """)
    assert lease["operator"] == "移动"
    assert lease["site_code"] == "429801908000000001"
    assert lease["units"] == Decimal("1.5")
    assert lease["tower_cost"] == Decimal("1234.50")
    assert lease["starts_on"] == dt.date(2026, 3, 1)
    assert lease["anchor"] is True
    assert lease["ends_on"] is None


@pytest.mark.parametrize("headings", [
    ["电话", "客户名称", "联系人"],
    ["我的列", "客户名称", "姓名", "手机"],
    ["客户 名称", "联系人\n", None, "联系电话"],
    ["客户名称（全称）", "联系人[姓名]", "电话(手机)"],
])
def test_headings_are_found_wherever_they_stand(headings: list[Cell]) -> None:
    found = match(CONTACT, headings).columns
    assert all(found[CONTACT.index[name]] for name in ("customer_name", "person", "phone"))


def test_a_title_outranks_another_columns_alias() -> None:
    # 省份 has the alias 省, and 市 is an alias of 地市, but a column called 地市 is it.
    form = forms()["demand"]
    found = match(form, ["市", "地市"])
    assert found.columns[form.index["city"]] == 2
    assert found.repeated == ()


def test_a_cell_knows_where_it_stands() -> None:
    records, _ = contacts(["自加列", "电话", "客户名称", "联系人"], [1, "138", "移动甲县", "客户代表A"])
    assert records[0].cell("phone") == "B2"
    assert records[0].cell("email") == ""
    assert records[0].key == "移动甲县/客户代表A"


def test_repeated_headings_are_named() -> None:
    _, said = contacts(["客户名称", "联系人", "电话", "电话"], ["移动甲县", "客户代表A", "1", "2"])
    assert [(f.code, f.cell, f.value) for f in said] == [("REG001", "D1", "电话")]


def test_two_aliases_of_one_column_are_named_beside_its_title_they_are_the_users() -> None:
    _, said = contacts(["客户名称", "联系人", "手机", "联系电话"], ["移动甲县", "客户代表A", "1", "2"])
    assert [(f.code, f.cell, f.value) for f in said] == [("REG001", "D1", "联系电话")]
    _, said = contacts(["客户名称", "联系人", "手机", "电话"], ["移动甲县", "客户代表A", "1", "2"])
    assert said == []


def test_missing_required_columns_are_named_once_not_on_every_row() -> None:
    _, said = contacts(["客户名称"], ["移动甲县"], ["移动乙县"])
    assert [(f.code, f.field) for f in said] == [("REG002", "联系人")]


@pytest.mark.parametrize("rows", [[], [[]], [[None, None]], [["甲", "乙"], [1, 2]]])
def test_a_sheet_without_known_headings_is_said_to_have_none(rows: list[list[Cell]]) -> None:
    records, said = contacts(*rows)
    assert [f.code for f in said] == ["REG003"]
    assert records == []


def test_blank_rows_are_passed_over_and_rows_may_be_short() -> None:
    records, said = contacts(["客户名称", "联系人", "电话"], [None, " ", ""], [], ["移动甲县"], ["　"], ["移动乙县", "乙"])
    assert [(r.place.row, r["customer_name"]) for r in records] == [(4, "移动甲县"), (6, "移动乙县")]
    assert said == []


def test_a_row_with_nothing_but_our_own_remarks_is_blank() -> None:
    records, _ = contacts(["客户名称", "联系人", "检查结果"], [None, None, "“电话”：……"])
    assert records == []


@pytest.mark.parametrize(("cell", "code"), [
    ("待定", "VAL010"), ("2026-02-30", "VAL011"), ("25-1-1", "VAL013"), (45658, "VAL014"),
    (Broken("#REF!", "error"), "VAL001"), (Broken("=A1", "formula"), "VAL002"), (Broken("=cmd|…", "command"), "VAL004"),
])
def test_a_cell_that_cannot_be_read_is_named_and_stands_empty(cell: Cell, code: str) -> None:
    records, said = contacts(["客户名称", "联系人", "纪念日"], ["移动甲县", "甲", cell])
    assert records[0]["anniversary"] is None
    assert [(f.code, f.cell, f.field, f.value, f.key) for f in said] == [(code, "C2", "纪念日", str(cell), "移动甲县/甲")]


def test_a_row_whose_only_cell_is_unreadable_is_still_a_row() -> None:
    records, said = contacts(["客户名称", "联系人", "纪念日"], [None, None, "待定"])
    assert len(records) == len(said) == 1


def test_hidden_characters_go_with_a_warning_on_every_row_that_has_them() -> None:
    records, said = contacts(["客户名称", "联系人"], ["移动\u200b甲县", "甲"], ["移动\u200b甲县", "乙"])
    assert [r["customer_name"] for r in records] == ["移动甲县", "移动甲县"]
    assert [(f.code, f.severity, f.cell) for f in said] == [("VAL005", "warning", "A2"), ("VAL005", "warning", "A3")]


def test_no_end_in_words_is_a_warning_where_an_end_may_be_missing() -> None:
    found = register("""
        ## 租约
        | 产品业务确认单编号 | 运营商 | 站址编码 | 产品单元数 | 铁塔建造成本 | 服务开始日期 | 服务结束日期 |
        | QR1 | 移动 | 429801908000000001 | 1 | 0 | 2026-01-01 | 长期 |
        | QR2 | 移动 | 429801908000000001 | 1 | 0 | 长期 | |
    """)
    assert [(f.key, f.code, f.severity) for f in found.findings] == [("QR1", "REG004", "warning"), ("QR2", "VAL015", "error")]


@pytest.mark.parametrize(("cell", "day"), [
    ("2026-09", dt.date(2026, 9, 30)), ("2028年2月", dt.date(2028, 2, 29)), (202612, dt.date(2026, 12, 31)),
])
def test_a_deadline_given_as_a_month_is_its_last_day_with_a_note(cell: Cell, day: dt.date) -> None:
    form = forms()["demand"]
    (demand,), said = read(form, [["需求编号", "交付时间要求"], ["XQ1", cell]], "需求台账.xlsx", "需求")
    assert demand["deliver_by"] == day
    (note,) = (f for f in said if f.cell == "B2")
    assert (note.code, note.severity, note.value, note.key) == ("REG006", "info", str(cell), "XQ1")
    assert f"按{day}计" in note.message


def test_a_month_in_any_other_date_is_refused_as_before() -> None:
    form = forms()["demand"]
    headings: list[Cell] = ["需求编号", "需求提出时间", "交付时间要求"]
    (demand,), said = read(form, [headings, ["XQ1", "2026-09", "待定"]], "需求台账.xlsx", "需求")
    assert (demand["raised_on"], demand["deliver_by"]) == (None, None)
    assert {(f.cell, f.code) for f in said if f.cell in ("B2", "C2")} == {("B2", "VAL016"), ("C2", "VAL010")}


def test_an_open_list_keeps_a_word_it_does_not_know_a_closed_one_refuses_it() -> None:
    found = register("""
        ## 投诉
        | 投诉编号 | 客户名称 | 受理时间 | 类别 | 服务等级 |
        | TS1 | 移动甲县 | 2026-09-01 10:00 | 噪声扰民 | 钻石 |
    """)
    complaint = found.rows("complaint")[0]
    assert (complaint["kind"], complaint["level"]) == ("噪声扰民", None)
    assert [(f.field, f.code) for f in found.findings] == [("服务等级", "VAL041"), ("类别", "REG005")]


CITY = """
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 |
| 移动甲县分公司 | 移动 | 甲县 | VIP |
| 移动市公司 | 移动 | | 标准 |
| 联通甲县一部 | 联通 | 甲县 | 标准 |
| 联通甲县二部 | 联通 | 甲县 | 标准 |
## 需求
| 需求编号 | 运营商 | 区县 | 客户名称 |
| XQ1 | 移动 | 甲县 | |
| XQ2 | 移动 | 乙县 | |
| XQ3 | 联通 | 甲县 | |
| XQ4 | 联通 | 甲县 | 联通甲县二部 |
| XQ5 | 电信 | 甲县 | |
## 变更
| 变更编号 | 需求编号 |
| BG1 | XQ1 |
## 变更费用
| 变更编号 | 费用项目 |
| BG1 | 勘察 |
## 验收
| 验收单编号 | 需求编号 | 运营商 |
| YS1 | XQ1 | 移动 |
## 故障
| 故障编号 | 客户名称 | 服务等级 |
| GZ1 | 移动甲县分公司 | |
| GZ2 | 移动甲县分公司 | 标准 |
| GZ3 | 某公司 | |
## 订单
| 订单号 | 需求编号 | 维护服务等级 |
| DD1 | XQ1 | 高等级 |
"""


@pytest.mark.parametrize(("code", "key", "customer"), [
    ("demand", "XQ1", "移动甲县分公司"),  # by operator and county
    ("demand", "XQ2", "移动市公司"),  # the customer without county serves the rest
    ("demand", "XQ3", None),  # two such customers: not guessed
    ("demand", "XQ4", "联通甲县二部"),  # by name
    ("demand", "XQ5", None),
    ("change", "BG1", "移动甲县分公司"),  # through its demand
    ("cost", "BG1/勘察", "移动甲县分公司"),  # through its change's demand
    ("acceptance", "YS1", "移动甲县分公司"),  # own operator, the demand's county
    ("customer", "移动市公司", "移动市公司"),
    ("fault", "GZ3", None),
])
def test_the_customer_of_a_row(code: str, key: str, customer: str | None) -> None:
    city = register(CITY)
    record = city.find(code, key)
    assert record is not None
    found = city.customer_of(record)
    assert (found.key if found else None) == customer


@pytest.mark.parametrize(("code", "key", "level"), [
    ("fault", "GZ1", "VIP"),  # the customer's
    ("fault", "GZ2", "标准"),  # its own
    ("fault", "GZ3", "VIP"),  # nobody's: the stricter, assumption A16
    ("order", "DD1", "VIP"),  # a maintenance level is no service level
])
def test_the_level_a_row_is_served_at(code: str, key: str, level: str) -> None:
    city = register(CITY)
    record = city.find(code, key)
    assert record is not None
    assert city.level_of(record) == level


def test_the_assumed_level_can_be_switched() -> None:
    city = register(CITY + "\n## 假设\n| 编号 | 事项 | 采用 |\n| A16 | 等级不明 | 标准 |\n")
    fault = city.find("fault", "GZ3")
    assert fault is not None
    assert city.level_of(fault) == "标准"


def test_look_ups_give_the_first_row() -> None:
    city = register(CITY)
    found = city.lookup("customer", ("operator", "county"))
    assert found["联通", "甲县"].key == "联通甲县一部"
    assert city.find("demand", "") is None
    assert city.find("demand", "XQ9") is None
    assert city.rows("lease") == ()


def test_settings_are_the_chosen_ones_over_the_defaults() -> None:
    chosen = register("## 假设\n| 编号 | 事项 | 采用 |\n| C2 | 提醒 | 顺延 |\n| 城市 | 地市 | 澜江 |\n| C6 | 暂定 | |\n").settings
    assert (chosen["C2"], chosen["城市"], chosen["C6"]) == ("顺延", "澜江", default_settings()["C6"])


def test_sheets_of_no_form_are_the_users_own() -> None:
    found = assemble([("需求台账.xlsx", "我的透视表", [["甲"], [1]])])
    assert not any(found.tables.values())
    assert found.findings == ()


cells = st.one_of(
    st.none(), st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.datetimes(), st.dates(), st.times(),
    st.builds(Broken, st.text(max_size=5), st.sampled_from(["error", "formula", "digits", "command"])),
)


@given(st.sampled_from(sorted(forms())), st.data())
def test_no_cell_whatever_breaks_reading(code: str, data: st.DataObject) -> None:
    form = forms()[code]
    line = data.draw(st.lists(cells, min_size=len(form.columns), max_size=len(form.columns)))
    records, said = read(form, [[c.heading for c in form.columns], line], form.file, form.title)
    assert len(records) <= 1
    assert all(f.workbook == form.file and f.message for f in said)
