"""Customer files and stakeholders: what is missing, wrong or stale, in which cell, and who is not yet known (G1, G2)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from macros.customers.files import File, files
from macros.customers.people import Map, maps
from macros.findings import Finding
from tests.city import codes, enter, run
from tests.tables import register

TODAY = dt.date(2026, 11, 21)
HEAD = "| 客户名称 | 运营商 | 区县 | 服务等级 | CRM是否上线 | 办公地址 | 开票名称 | 纳税人识别号 | 开户行及账号 | 联席会议日 | 进度反馈周期 | 客户经理 | 最近核实日期 | 客户概况 | 紧急联系人 | 紧急联系电话 |"
FULL = "| 中国移动甲分公司 | 移动 | 甲区 | VIP | 是 | 甲路1号 | 甲分公司 | 91430000MA4L16JG9X | 甲银行 1 | 5 | 7 | 客户经理A | 2026-10-01 | 城区覆盖 | 客户代表A | 0731-8000000 |"
PEOPLE = "| 客户名称 | 联系人 | 职务 | 电话 | 电子邮箱 | 所属部门 |"
ONE = "| 中国移动甲分公司 | 客户代表A | 主任 | 13800000000 | a@example.com | 网络部 |"


def judge(customers: str, contacts: str = "") -> tuple[list[File], list[Finding]]:
    return files(register(f"## 客户\n{HEAD}\n{customers}\n## 联系人\n{PEOPLE}\n{contacts}"), TODAY)


def told(file: File) -> list[tuple[str, str, str, str]]:
    return [(each.what, each.finding.code, each.finding.sheet, each.finding.cell) for each in file.problems]


def test_a_full_file_is_complete_accurate_and_current() -> None:
    ((file,), findings) = judge(FULL, ONE)
    assert (file.complete, file.accurate, file.current(TODAY)) == (Decimal(1), Decimal(1), True)
    assert (told(file), findings) == ([], [])
    assert file.until == dt.date(2027, 3, 30)  # 1 October and 180 days: 30 of October, 30, 31, 31, 28, and 30 of March


# Weights of an operator's branch: operator 3, level 3, manager 3, address 2, profile 2, verified 3, emergency 2 + 2 = 20; county 2,
# tax name 2, tax number 2, bank 1, meeting day 2, progress 1, CRM 1 = 11; each contact post 1, phone 2, e-mail 1, unit 1 = 5. 36 in all.
def test_missing_fields_are_listed_with_their_cells_and_weigh_what_they_are_worth() -> None:
    row = FULL.replace("| 甲银行 1 |", "| |").replace("| 5 | 7 |", "| | 7 |")
    ((file,), _) = judge(row, ONE.replace("| 主任 |", "| |"))
    assert told(file) == [("缺少", "CUS001", "客户", "I2"), ("缺少", "CUS001", "客户", "J2"), ("缺少", "CUS001", "联系人", "C2")]
    assert (file.filled, file.whole) == (36 - 1 - 2 - 1, 36)


def test_what_is_needed_depends_on_the_kind_of_customer() -> None:
    made = register("## 客户\n| 客户名称 | 运营商 | 服务等级 | 客户类型 | 最近核实日期 |\n| 某学校 | 移动 | 标准 | 政企客户 | 2026-11-01 |")
    ((file,), _) = files(made, TODAY)
    missing = {each.row.form.column(each.column).title for each in file.having("missing")}
    assert missing == {"客户经理", "办公地址", "客户概况", "紧急联系人", "紧急联系电话", "开票名称", "纳税人识别号", "开户行及账号", "押金"}


def test_a_customer_without_contacts_is_told() -> None:
    ((file,), _) = judge(FULL)
    assert told(file) == [("没有联系人", "CUS008", "客户", "A2")]
    assert (file.filled, file.whole) == (31, 34)


WRONG = [
    (FULL.replace("0731-8000000", "0731-80"), ONE, ("有误", "CUS002", "客户", "P2")),
    (FULL.replace("91430000MA4L16JG9X", "91430000MA4L16JG9I"), ONE, ("有误", "CUS002", "客户", "H2")),
    (FULL.replace("| 移动 |", "| 联通 |"), ONE, ("有误", "CUS004", "客户", "B2")),
    (FULL, ONE.replace("13800000000", "1380000000"), ("有误", "CUS002", "联系人", "D2")),
    (FULL, ONE.replace("a@example.com", "a@example"), ("有误", "CUS002", "联系人", "E2")),
    (FULL.replace("2026-10-01", "2026-12-01"), ONE, ("有误", "CUS006", "客户", "M2")),
    (FULL.replace("| 5 | 7 |", "| 五号 | 7 |"), ONE, ("有误", "CUS007", "客户", "J2")),
]


@pytest.mark.parametrize(("customer", "contact", "said"), WRONG)
def test_values_of_the_wrong_form_are_told_with_their_cell(customer: str, contact: str, said: tuple[str, ...]) -> None:
    ((file,), _) = judge(customer, contact)
    assert told(file) == [said]


GOOD_PHONES = ["13800000000", "+86-13800000000", "010-12345678", "0731-1234567", "(010)12345678", "0731-1234567-801", "400-800-8000", "12345678"]


@pytest.mark.parametrize("phone", GOOD_PHONES)
def test_telephone_numbers_as_people_write_them_are_right(phone: str) -> None:
    ((file,), _) = judge(FULL, ONE.replace("13800000000", phone))
    assert told(file) == []


def test_a_contact_of_an_unknown_customer_is_told() -> None:
    _, findings = judge(FULL, f"{ONE}\n{ONE.replace('中国移动甲分公司', '中国移动乙分公司')}")
    assert [(said.code, said.cell, said.value) for said in findings] == [("CUS003", "A3", "中国移动乙分公司")]


# 180 days after 25 May 2026 is 21 November, after 24 May 20 November; key accounts are looked at every 90 days.
FRESH = [("2026-05-25", "", True), ("2026-05-24", "", False), ("2026-08-23", "是", True), ("2026-08-22", "是", False)]


@pytest.mark.parametrize(("verified", "key", "current"), FRESH)
def test_a_file_is_current_to_the_end_of_its_last_day(verified: str, key: str, current: bool) -> None:
    made = register(f"## 客户\n| 客户名称 | 运营商 | 服务等级 | 最近核实日期 | 是否重点客户 |\n| 甲 | 移动 | 标准 | {verified} | {key} |")
    ((file,), _) = files(made, TODAY)
    assert (file.current(TODAY), bool(file.having("stale"))) == (current, not current)


def test_a_contact_verified_long_ago_is_stale_while_its_customer_is_not() -> None:
    made = register("""
        ## 客户
        | 客户名称 | 运营商 | 服务等级 | 最近核实日期 |
        | 甲 | 移动 | 标准 | 2026-11-01 |
        ## 联系人
        | 客户名称 | 联系人 | 最近核实日期 |
        | 甲 | 客户代表A | 2026-01-05 |
        | 甲 | 客户代表B | |
    """)
    ((file,), _) = files(made, TODAY)
    (stale,) = file.having("stale")
    assert (stale.finding.cell, stale.finding.value, file.current(TODAY)) == ("C2", "2026-01-05", True)
    assert "有效期至 2026-07-04，已过 140 天" in stale.finding.message


# Stakeholders.
KEY = "## 客户\n| 客户名称 | 运营商 | 服务等级 | 是否重点客户 | 客户经理 |\n| 甲 | 移动 | VIP | 是 | 客户经理A |\n| 乙 | 联通 | 标准 | | 客户经理A |\n"
STAKE = "## 联系人\n| 客户名称 | 联系人 | 角色 | 影响力 | 态度 | 对应领导 | 高层拜访周期 |\n"
VISITS = "## 拜访\n| 拜访编号 | 客户名称 | 拜访类型 | 拜访方式 | 拜访日期 | 拜访对象 |\n"


def people(contacts: str, visits: str = "") -> Map:
    return maps(register(KEY + STAKE + contacts + "\n" + VISITS + visits), TODAY)[0]


def test_a_key_account_needs_three_to_five_people_and_every_role() -> None:
    assert people("| 甲 | 客户代表A | 技术 | 中 | 支持 | | |").gaps == ("联系人1人，少于3人", "没有决策联系人", "没有财务联系人")


def test_a_covered_key_account_has_no_gap() -> None:
    contacts = "| 甲 | 客户代表A | 决策 | 高 | 中立 | 领导A | 6 |\n| 甲 | 客户代表B | 技术 | 中 | 支持 | | |\n| 甲 | 客户代表C | 财务 | 低 | 支持 | | |"
    found = people(contacts, "| BF-1 | 甲 | 高层 | 上门 | 2026-06-01 | 客户代表A |")
    assert (found.gaps, found.people[0].last, found.people[0].next) == ((), dt.date(2026, 6, 1), dt.date(2026, 12, 1))
    assert [each.manager for each in found.people] == ["客户经理A"] * 3


def test_more_than_five_people_are_told_too() -> None:
    contacts = "\n".join(f"| 甲 | 客户代表{sign} | {role} | 中 | 支持 | | |" for sign, role in zip("BCDEFG", ["技术", "财务", "使用", "使用", "影响", "影响"], strict=True))
    assert people(contacts).gaps == ("联系人6人，多于5人，请分清主次", "没有决策联系人")


def test_any_other_customer_needs_one() -> None:
    second = maps(register(KEY + STAKE + "| 乙 | 客户代表H | | | | | |"), TODAY)[1]
    assert (second.row.key, second.gaps) == ("乙", ())


def test_an_influential_opponent_and_a_decision_maker_without_leader_are_told() -> None:
    contacts = "| 甲 | 客户代表A | 决策 | 高 | 反对 | | |\n| 甲 | 客户代表B | 技术 | 中 | 支持 | | |\n| 甲 | 客户代表C | 财务 | 低 | 反对 | | |"
    assert people(contacts).gaps == ("客户代表A影响力高而态度为反对", "客户代表A为决策联系人，没有对应领导")


HIGH = "| 甲 | 客户代表A | 决策 | 高 | 支持 | 领导A | {months} |\n| 甲 | 客户代表B | 技术 | 中 | 支持 | | |\n| 甲 | 客户代表C | 财务 | 低 | 支持 | | |"
SCHEME = [
    ("", "", ("客户代表A尚无高层拜访",)),
    ("", "| BF-1 | 甲 | 高层 | 上门 | 2026-05-20 | 客户代表A |", ("客户代表A的高层拜访应于2026-11-20前进行",)),
    ("", "| BF-1 | 甲 | 高层 | 上门 | 2026-05-21 | 客户代表A |", ()),
    ("3", "| BF-1 | 甲 | 高层 | 上门 | 2026-08-20 | 客户代表A |", ("客户代表A的高层拜访应于2026-11-20前进行",)),
    ("", "| BF-1 | 甲 | 例行 | 上门 | 2026-11-20 | 客户代表A |", ("客户代表A尚无高层拜访",)),
    ("", "| BF-1 | 甲 | 高层 | 上门 | 2026-11-20 | 客户代表B |", ("客户代表A尚无高层拜访",)),
    ("", "| BF-1 | 甲 | 高层 | 上门 | 2026-11-20 | 客户代表B、客户代表A（主任） |", ()),
    ("", "| BF-1 | 甲 | 高层 | 上门 | 2026-11-22 | 客户代表A |", ("客户代表A尚无高层拜访",)),
]


@pytest.mark.parametrize(("months", "visits", "gaps"), SCHEME)
def test_the_scheme_of_high_level_visits_counts_months_from_the_last(months: str, visits: str, gaps: tuple[str, ...]) -> None:
    assert people(HIGH.format(months=months), visits).gaps == gaps


def test_the_workbook_lists_files_stale_rows_and_stakeholders(folder: Path) -> None:
    head = HEAD.replace("进度反馈周期", "进度反馈周期（天）")
    enter(folder, f"## 客户\n{head}\n{FULL.replace('2026-10-01', '2026-02-01').replace('| 甲路1号 |', '| |')}\n## 联系人\n{PEOPLE}\n{ONE}")
    answer = run("customers", folder, now="2026-11-21T09:00:00")
    assert {code for code in codes(answer) if code in ("CUS001", "CUS005")} == {"CUS001", "CUS005"}
    book = openpyxl.load_workbook(folder / "客户分析.xlsx")
    assert list(book["档案完整"].iter_rows(min_row=2, values_only=True)) == [
        ("中国移动甲分公司", "运营商分公司", 0.9444, 1, "过期", None, None, None, None, None),
        ("中国移动甲分公司", None, None, None, None, "缺少", "办公地址", None, "客户台账.xlsx 客户 F2", 2),
        ("中国移动甲分公司", None, None, None, None, "过期", "最近核实日期", "2026-02-01", "客户台账.xlsx 客户 M2", None),
    ]
    # 1 February and 180 days is 31 July; 113 days later is 21 November. The contact was verified with its customer.
    day = dt.datetime(2026, 7, 31)
    assert list(book["过期"].iter_rows(min_row=2, values_only=True)) == [
        ("中国移动甲分公司", None, dt.datetime(2026, 2, 1), day, 113, "客户台账.xlsx 客户 M2", "客户经理A"),
        ("中国移动甲分公司", "客户代表A", None, day, 113, "客户台账.xlsx 联系人 P2", "客户经理A"),
    ]
    assert list(book["干系人"].iter_rows(min_row=2, values_only=True)) == [
        ("中国移动甲分公司", "否", *[None] * 9, "无"),
        ("中国移动甲分公司", None, "客户代表A", "主任", None, None, None, "客户经理A", None, None, None, None),
    ]
