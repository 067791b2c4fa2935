"""Market facts, running cases, a new customer's tasks, and cross rules of two conditions (R13)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from macros.customers import cases
from macros.customers.figures import figures, wording
from macros.customers.flags import Flag, current_facts, flags, holds
from macros.customers.words import flag_rules
from macros.forms import forms
from macros.register import Register
from tests.city import enter, look, run
from tests.tables import register

TODAY = dt.date(2026, 11, 21)
CUSTOMER = "## 客户\n| 客户名称 | 运营商 | 服务等级 | 发展潜力 | 是否重点客户 | 客户经理 |\n| 甲 | 移动 | VIP | {potential} | {key} | 客户经理A |\n"
FACTS = "## 市场信息\n| 信息编号 | 客户名称 | 区域 | 用途 | 机会因素 | 我方影响力 | 信息内容 | 信息来源 | 信息日期 | 有效至 |\n"
CASES = "## 商机\n| 商机编号 | 客户名称 | 商机内容 | 商机类型 | 开始日期 | 阶段 | 进入阶段日期 | 预计完成日期 | 客户经理 | 下一步 | 结案日期 |\n"


def raised(rows: str, figures_: dict[str, Decimal | None] | None = None, potential: str = "", key: str = "") -> list[Flag]:
    made = register(CUSTOMER.format(potential=potential, key=key) + rows)
    return flags(made, {"甲": figures_ or {}}, wording(), TODAY)


def test_two_conditions_in_one_row_raise_a_flag_with_its_question_and_row() -> None:
    (flag,) = raised(FACTS + "| XX-1 | 甲 | 南岳 | 景区覆盖 | 季节 | 弱 | 冬季客流翻倍 | 走访 | 2026-11-01 | |")
    assert (flag.id, flag.title, flag.question) == ("FX01", "旺季将至而我方影响力弱", "旺季前客户要增加哪些覆盖？能否在对方选定方案之前约见决策人？")
    assert [(each.place, each.says) for each in flag.evidence] == [("客户台账.xlsx 市场信息 第2行", "XX-1 机会因素：季节，我方影响力：弱")]


def test_two_conditions_in_two_rows_raise_nothing() -> None:
    rows = "| XX-1 | 甲 | | | 季节 | 强 | 冬季客流 | 走访 | 2026-11-01 | |\n| XX-2 | 甲 | | | 活动 | 弱 | 马拉松 | 走访 | 2026-11-01 | |"
    assert raised(FACTS + rows) == []


def test_a_row_and_a_figure_raise_a_flag_together() -> None:
    rows = FACTS + "| XX-2 | 甲 | | | 活动 | 正常 | 马拉松 | 走访 | 2026-11-01 | |"
    assert raised(rows, {"complaints": Decimal(0)}) == []
    (flag,) = raised(rows, {"complaints": Decimal(2)})
    assert (flag.id, [each.says for each in flag.evidence]) == ("FX02", ["XX-2 机会因素：活动", "未解决的投诉2件"])


# Facts hold for 365 days from their own, or to the day they name; 21 November 2025 is 365 days ago.
FORCE = [("2026-11-21", "", True), ("2026-11-22", "", False), ("2025-11-21", "", True), ("2025-11-20", "", False), ("2026-10-01", "2026-11-21", True), ("2026-10-01", "2026-11-20", False)]


@pytest.mark.parametrize(("known", "until", "holds_"), FORCE)
def test_a_fact_holds_from_its_day_to_its_end(known: str, until: str, holds_: bool) -> None:
    made = register(FACTS + f"| XX-1 | 甲 | | | 季节 | 弱 | 内容 | 走访 | {known} | {until} |")
    assert bool(current_facts(made, TODAY)) == holds_


CASE = "| SJ-1 | 甲 | 室分改造 | 新需求 | 2026-09-01 | {stage} | {since} | {expected} | | {step} | {closed} |"
CASE_DOUBTS = [
    ({"stage": "方案", "since": "2026-11-01"}, []),  # 20 days of 20
    ({"stage": "方案", "since": "2026-10-31"}, [("CUS052", "F2")]),
    ({"stage": "谈判", "since": "2026-10-31", "expected": "2026-11-20"}, [("CUS053", "H2")]),
    ({"stage": "谈判", "since": "2026-08-31", "expected": "2026-12-20"}, [("CUS051", "G2"), ("CUS052", "F2")]),
    ({"stage": "结案", "since": "2026-10-31"}, [("CUS050", "K2")]),
    ({"stage": "结案", "since": "2026-10-31", "closed": "2026-11-01"}, []),
]


@pytest.mark.parametrize(("case", "said"), CASE_DOUBTS)
def test_a_case_that_stands_still_is_told(case: dict[str, str], said: list[tuple[str, str]]) -> None:
    row = CASE.format(**{"stage": "", "since": "", "expected": "", "step": "", "closed": "", **case})
    _, findings = cases.cases(register(CUSTOMER.format(potential="", key="") + CASES + row), TODAY)
    assert [(one.code, one.cell) for one in findings] == said


def test_a_case_near_its_end_without_a_next_step_raises_a_flag() -> None:
    row = CASE.format(stage="谈判", since="2026-11-01", expected="2026-12-21", step="{step}", closed="")
    assert [each.id for each in raised(CASES + row.format(step=""))] == ["FX08"]
    assert raised(CASES + row.format(step="报价")) == []


def filled(potential: str = "", key: str = "", **known: int) -> list[str]:
    figures_: dict[str, Decimal | None] = {name: Decimal(value) for name, value in known.items()}
    return [each.id for each in raised("", figures_, potential, key)]


def test_figures_alone_raise_flags() -> None:
    assert filled(ending=1, arrears=500, faults=2) == ["FX03"]
    assert filled(ending=1, faults=3) == ["FX04"]
    assert filled(ending=0, faults=3, arrears=500) == []
    assert filled("高", visit_days=14) == ["FX05"]
    assert filled("中", visit_days=14) == []
    assert filled(late_payments=2, orders=5) == ["FX06"]
    assert filled(key="是", growth=-5) == ["FX09"]
    assert filled(key="否", growth=-5) == []


@pytest.mark.parametrize("rule", flag_rules(), ids=lambda rule: str(rule["id"]))
def test_a_rule_has_two_conditions_on_columns_that_exist(rule: dict[str, Any]) -> None:
    titles = {form.title: form for form in forms().values()}
    assert len(rule["when"]) == 2 and rule["question"].endswith("？") and rule["clause"]
    for condition in rule["when"]:
        assert condition["column"] in titles[condition["of"]].index or condition["column"] in wording()


@pytest.mark.parametrize(("condition", "value", "expected"), [
    ({"blank": True}, None, True), ({"blank": True}, "有", False), ({"filled": True}, None, False), ({"among": ["甲", "乙"]}, "乙", True),
    ({"at_least": 3}, Decimal(3), True), ({"at_least": 3}, None, False), ({"at_most": 3}, 4, False), ({"at_least": 3}, "五", False),
    ({"ahead": 10}, dt.date(2026, 12, 1), True), ({"ahead": 10}, dt.date(2026, 12, 2), False), ({"ahead": 10}, dt.date(2026, 11, 20), False),
])
def test_conditions(condition: dict[str, Any], value: Any, expected: bool) -> None:
    assert holds(condition, value, TODAY) == expected


def test_the_figures_are_counted_from_the_registers_rows() -> None:
    made: Register = register("""
        ## 客户
        | 客户名称 | 运营商 | 服务等级 |
        | 甲 | 移动 | VIP |
        ## 联系人
        | 客户名称 | 联系人 | 态度 |
        | 甲 | 客户代表A | 反对 |
        | 甲 | 客户代表B | 支持 |
        ## 投诉
        | 投诉编号 | 客户名称 | 受理时间 | 解决时间 |
        | TS-1 | 甲 | 2026-11-01 09:00 | |
        | TS-2 | 甲 | 2026-11-01 09:00 | 2026-11-02 09:00 |
        | TS-3 | 甲 | 2026-11-22 09:00 | |
        ## 故障
        | 故障编号 | 客户名称 | 申告时间 |
        | GZ-1 | 甲 | 2026-11-20 09:00 |
        | GZ-2 | 甲 | 2026-08-24 09:00 |
        | GZ-3 | 甲 | 2026-08-23 09:00 |
        ## 租约
        | 产品业务确认单编号 | 运营商 | 站址编码 | 服务开始日期 | 服务结束日期 | 续签协议签署日期 |
        | QR-1 | 移动 | 429000000000000001 | 2022-01-01 | 2027-05-20 | |
        | QR-2 | 移动 | 429000000000000002 | 2022-01-01 | 2027-05-21 | |
        | QR-3 | 移动 | 429000000000000003 | 2022-01-01 | 2026-12-31 | 2026-11-01 |
        ## 拜访
        | 拜访编号 | 客户名称 | 拜访类型 | 拜访日期 |
        | BF-1 | 甲 | 例行 | 2026-11-10 |
    """)
    from macros.customers.files import files
    from macros.customers.people import maps

    known = figures(made, [], files(made, TODAY)[0], maps(made, TODAY), [], [], TODAY)["甲"]
    # 180 days from 21 November end on 20 May; 90 days back begin on 24 August.
    counted = {name: known[name] for name in ("complaints", "faults", "ending", "visit_days", "against", "gaps")}
    assert counted == {"complaints": 1, "faults": 2, "ending": 1, "visit_days": 11, "against": 1, "gaps": 2}


def test_a_new_customer_gets_its_tasks_once(folder: Path) -> None:
    enter(folder, CUSTOMER.format(potential="", key="") + CASES + "| SJ-9 | 甲 | 开户 | 新客户 | 2026-11-10 | 接触 | 2026-11-10 | | | | |")
    run("customers", folder, now="2026-11-21T09:00:00")
    run("customers", folder, now="2026-11-22T09:00:00")
    rows = [(row["事项编号"], row["来源编号"], row["责任人"], row["期限"]) for row in look(folder, "跟进事项")]
    assert rows == [
        (f"SJ-9-{number}", "SJ-9", "客户经理A", dt.datetime(2026, 11, day))
        for number, day in ((1, 15), (2, 15), (3, 20), (4, 20), (5, 30))
    ]


def test_the_workbook_lists_flags_cases_and_facts(folder: Path) -> None:
    enter(folder, CUSTOMER.format(potential="", key="") + FACTS + "| XX-1 | 甲 | 南岳 | 景区覆盖 | 季节 | 弱 | 冬季客流翻倍 | 走访 | 2026-11-01 | |\n"
          + CASES + "| SJ-1 | 甲 | 室分改造 | 新需求 | 2026-09-01 | 方案 | 2026-11-01 | 2026-11-19 | | 报价 | |")
    run("customers", folder, now="2026-11-21T09:00:00")
    rows = list(openpyxl.load_workbook(folder / "客户分析.xlsx")["市场信息与提示"].iter_rows(min_row=2, values_only=True))
    assert [row[:5] for row in rows] == [
        ("提示", "甲", "旺季将至而我方影响力弱", dt.datetime(2026, 11, 21), "FX01"),
        ("商机", "甲", "室分改造", dt.datetime(2026, 11, 1), "方案"),
        ("市场信息", "甲", "南岳，景区覆盖，季节，冬季客流翻倍", dt.datetime(2026, 11, 1), "我方影响力：弱"),
    ]
    assert (rows[1][5], rows[1][6]) == ("本阶段已20天（一般不超过20天），已过预计完成日2天", "报价")


def test_days_that_lie_ahead_in_facts_cases_and_assignments_are_no_mistakes(folder: Path) -> None:
    enter(folder, CUSTOMER.format(potential="", key="") + FACTS + "| XX-1 | 甲 | | | 季节 | 弱 | 客流 | 走访 | 2026-11-01 | 2027-02-28 |\n"
          + CASES + "| SJ-1 | 甲 | 室分 | 新需求 | 2026-09-01 | 方案 | 2026-11-01 | 2027-03-19 | | 报价 | |\n"
          + "## 客户分配\n| 分配编号 | 客户名称 | 客户经理 | 分成比例 | 起始日期 | 截止日期 |\n| FP-1 | 甲 | 客户经理A | 100% | 2027-01-01 | 2027-12-31 |")
    findings = run("check", folder, now="2026-11-21T09:00:00").data["findings"]
    assert [said["message"] for said in findings if said["sheet"] in ("市场信息", "商机", "客户分配")] == []
