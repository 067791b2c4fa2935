"""Inquiries at the other two operators: how each stands by the register, and what is entered where nobody answered."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from macros.loops.answers import inquiries
from tests.city import codes, enter, look, run
from tests.tables import register

PROPOSED = "截至2026-03-12未收到联通、电信答复，首次勘察设计预留共享条件"
CASES = {
    # 共享征询日期, 征询答复期限, 共享征询答复 of a demand of 移动 → state and codes on Friday 13 March
    "未征询": ("", "", "", "unasked", ["LOO031"]),
    "明天才征询": ("2026-03-16", "2026-03-20", "", "unasked", ["LOO031"]),
    "没有期限": ("2026-03-09", "", "", "undated", ["LOO032"]),
    "当天到期": ("2026-03-09", "2026-03-13", "", "waiting", []),
    "昨天到期": ("2026-03-09", "2026-03-12", "", "overdue", ["LOO030"]),
    "逾期后答复": ("2026-03-09", "2026-03-12", "联通、电信均无需求", "answered", []),
    "一家答复": ("2026-03-09", "2026-03-12", "联通有需求", "answered", ["LOO033"]),
    "无答复已预留": ("2026-03-09", "2026-03-12", "无答复，预留共享条件", "answered", []),
    "无答复未预留": ("2026-03-09", "2026-03-12", "无答复", "answered", ["LOO034"]),
}


@pytest.mark.parametrize(("asked", "due", "answer", "state", "expected"), CASES.values(), ids=CASES)
def test_an_inquiry_stands_as_the_register_says(asked: str, due: str, answer: str, state: str, expected: list[str]) -> None:
    (found,), findings = inquiries(register(f"""
    ## 需求
    | 需求编号 | 运营商 | 需求属性 | 需求收集表签署日期 | 共享征询日期 | 征询答复期限 | 共享征询答复 |
    | A-1 | 移动 | 新建独享 | 2026-03-04 | {asked} | {due} | {answer} |
    """), dt.date(2026, 3, 13))
    assert (found.state, [said.code for said in findings]) == (state, expected)
    assert found.proposal == (PROPOSED if state == "overdue" else "")


LATE = {
    # days of 3.2 and of the order → state and codes of a demand that nobody was asked about
    "3.2已签": ("2026-03-12", "", "missed", ["LOO036"]),
    "3.2明天签": ("2026-03-16", "", "unasked", ["LOO031"]),
    "订单已签": ("2026-03-12", "2026-03-13", "missed", []),
}


@pytest.mark.parametrize(("planned", "signed", "state", "expected"), LATE.values(), ids=LATE)
def test_once_the_plan_is_signed_room_is_reserved_without_asking(
    planned: str, signed: str, state: str, expected: list[str],
) -> None:
    (found,), findings = inquiries(register(f"""
    ## 需求
    | 需求编号 | 运营商 | 需求属性 | 需求收集表签署日期 | 筛查方案确认表签署日期 | 订单确认表签署日期 |
    | A-1 | 移动 | 新建独享 | 2026-03-04 | {planned} | {signed} |
    """), dt.date(2026, 3, 13))
    assert (found.state, [said.code for said in findings]) == (state, expected)


def test_only_demands_left_to_a_site_of_their_own_are_asked_about() -> None:
    found, findings = inquiries(register("""
    ## 需求
    | 需求编号 | 运营商 | 需求属性 | 需求收集表签署日期 |
    | A-1 | 移动 | 新建共享 | 2026-03-04 |
    | A-2 | 移动 | 存量共享 | 2026-03-04 |
    | A-3 | 移动 | 新建独享 | |
    """), dt.date(2026, 3, 13))
    assert (found, findings) == ([], [])


def test_a_printed_letter_counts_as_asked_and_the_day_is_called_for() -> None:
    (found,), findings = inquiries(register("""
    ## 需求
    | 需求编号 | 运营商 | 需求属性 | 需求收集表签署日期 | 征询答复期限 |
    | A-1 | 电信 | 新建独享 | 2026-03-04 | 2026-03-20 |
    ## 单据
    | 单据编号 | 表号 | 台账行 | 生成时间 |
    | TD-征询-1 | sharing-inquiry | A-1 | 2026-03-09 09:00 |
    """), dt.date(2026, 3, 13))
    assert (found.state, found.asked_on, found.others) == ("waiting", dt.date(2026, 3, 9), ("移动", "联通"))
    assert [said.code for said in findings] == ["LOO035"]


def test_the_proposal_is_entered_only_when_accepted_and_only_where_nothing_stands(folder: Path) -> None:
    enter(folder, """
    ## 需求
    | 需求编号 | 运营商 | 需求属性 | 需求收集表签署日期 | 共享征询日期 | 征询答复期限 | 共享征询答复 |
    | A-1 | 移动 | 新建独享 | 2026-03-04 | 2026-03-09 | 2026-03-12 | |
    | A-2 | 移动 | 新建独享 | 2026-03-04 | 2026-03-09 | 2026-03-20 | |
    | A-3 | 移动 | 新建独享 | 2026-03-04 | 2026-03-09 | 2026-03-12 | 联通、电信均无需求 |
    """)
    asked = run("answers", folder, now="2026-03-13T09:00")
    assert codes(asked) == ["LOO030"]
    assert [row["共享征询答复"] for row in look(folder, "需求")] == [None, None, "联通、电信均无需求"]
    accepted = run("answers", folder, accept=True, now="2026-03-13T09:00")
    assert [(each["key"], each["entered"]) for each in accepted.data["inquiries"]] == [("A-1", True), ("A-2", False), ("A-3", False)]
    assert codes(accepted) == []
    assert [row["共享征询答复"] for row in look(folder, "需求")] == [PROPOSED, None, "联通、电信均无需求"]


TWO = {
    # what 联通 said and when, what 电信 said and when → state, proposal and codes on Friday 13 March, the day after the limit
    "一家不需要": ("不需要", "2026-03-10", "", "", "overdue", "联通：不需要；截至2026-03-12未收到电信答复，首次勘察设计预留共享条件", ["LOO030"]),
    "两家都不需要": ("不需要", "2026-03-10", "无需求", "", "replied", "联通：不需要；电信：不需要", []),
    "一家愿意": ("愿意共享", "2026-03-10", "不需要", "2026-03-11", "replied", "联通：愿意共享；电信：不需要", ["LOO037"]),
    "写明无答复": ("无答复", "", "不需要", "2026-03-11", "overdue", "电信：不需要；截至2026-03-12未收到联通答复，首次勘察设计预留共享条件", ["LOO030"]),
    "下周才答复": ("不需要", "2026-03-16", "不需要", "2026-03-11", "overdue", "电信：不需要；截至2026-03-12未收到联通答复，首次勘察设计预留共享条件", ["LOO030"]),
}


@pytest.mark.parametrize(("first", "first_on", "second", "second_on", "state", "proposal", "expected"), TWO.values(), ids=TWO)
def test_each_of_the_two_operators_has_an_answer_of_its_own(
    first: str, first_on: str, second: str, second_on: str, state: str, proposal: str, expected: list[str],
) -> None:
    (found,), findings = inquiries(register(f"""
    ## 需求
    | 需求编号 | 运营商 | 需求属性 | 需求收集表签署日期 | 共享征询日期 | 征询答复期限 |
    | A-1 | 移动 | 新建独享 | 2026-03-04 | 2026-03-09 | 2026-03-12 |
    ## 共享征询
    | 需求编号 | 征询运营商 | 征询结果 | 答复日期 |
    | A-1 | 联通 | {first} | {first_on} |
    | A-1 | 电信 | {second} | {second_on} |
    """), dt.date(2026, 3, 13))
    assert (found.state, found.proposal, [said.code for said in findings]) == (state, proposal, expected)


def test_asking_the_demands_own_operator_is_told() -> None:
    (found,), findings = inquiries(register("""
    ## 需求
    | 需求编号 | 运营商 | 需求属性 | 需求收集表签署日期 | 共享征询日期 | 征询答复期限 |
    | A-1 | 移动 | 新建独享 | 2026-03-04 | 2026-03-09 | 2026-03-20 |
    ## 共享征询
    | 需求编号 | 征询运营商 | 征询结果 |
    | A-1 | 移动 | 不需要 |
    """), dt.date(2026, 3, 13))
    assert (found.state, [said.code for said in findings]) == ("waiting", ["LOO038"])
