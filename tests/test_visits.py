"""Visits: the day's list, the weekly quota, logs and minutes, follow-ups by owner, from register rows to paper and sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from macros.commands import Answer
from tests.city import codes, copied, enter, look, put, run

#: Two customers; November 2026 begins on a Sunday, the 16th to the 20th is week 47.
OFFICE = """
## 客户
| 客户名称 | 运营商 | 服务等级 | 办公地址 | 客户经理 |
| 移动澜江分公司 | 移动 | VIP | 江东路1号 | 客户经理A |
| 联通澜江分公司 | 联通 | 标准 | 江东路2号 | 客户经理A |
## 联系人
| 客户名称 | 联系人 | 职务 | 电话 |
| 移动澜江分公司 | 客户代表A | 网络部主管 | 010-00010000 |
"""
VISIT = "| 拜访编号 | 客户名称 | 拜访类型 | 拜访方式 | 拜访日期 | 拜访对象 | 我方参加人 | 拜访前日志日期 | 议题 | 拜访后日志日期 | 纪要日期 |"


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """A register with two customers. Only for copying."""
    folder = copied(blank, tmp_path_factory.mktemp("visits"))
    enter(folder, OFFICE)
    put(folder, "假设", "公司名称", "采用", "澜江塔公司")
    put(folder, "假设", "客户经理", "采用", "客户经理A")
    return folder


@pytest.fixture
def office(staffed: Path, tmp_path: Path) -> Path:
    """That register, of this test's own."""
    return copied(staffed, tmp_path)


def visit(key: str, customer: str, day: str, kind: str = "例行", manner: str = "上门", logs: str = "| | ") -> str:
    before, after, minutes = logs.split("|")
    return f"| {key} | {customer} | {kind} | {manner} | {day} | 客户代表A | 客户经理A | {before} | 网络情况 | {after} | {minutes} |"


def weeks(answer: Answer, customer: str) -> dict[str, tuple[int, str]]:
    return {row["week"]: (row["visits"], row["state"]) for row in answer.data["weeks"] if row["customer"] == customer}


def fill_of(path: Path, title: str) -> dict[str, str]:
    """By the words in a sheet's first column, the fill that its colour rules give them."""
    sheet = openpyxl.load_workbook(path)[title]
    found = {}
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            word = rule.formula[0].split('"')[1]
            found[word] = rule.dxf.fill.bgColor.rgb[-6:]
    return found


def test_a_week_without_a_visit_is_told_and_stands_red(office: Path) -> None:
    enter(office, "\n".join(["## 拜访", VISIT, visit("BF-1", "移动澜江分公司", "2026-11-10"), visit("BF-2", "移动澜江分公司", "2026-11-18")]))
    answer = run("visits", office, now="2026-11-22T18:00")  # the Sunday that ends week 47
    assert weeks(answer, "移动澜江分公司") == {"2026-W47": (1, "按时办结"), "2026-W46": (1, "按时办结")}
    assert weeks(answer, "联通澜江分公司")["2026-W47"] == (0, "今日")
    after = run("visits", office, now="2026-11-23T09:00")
    assert weeks(after, "联通澜江分公司")["2026-W47"] == (0, "逾期（本周无上门）")
    rows = {(row["客户"], row["周次"]): row for row in look_book(office, "每周上门")}
    assert rows["联通澜江分公司", "2026-W47"]["状态"].startswith("逾期")
    assert fill_of(office / "拜访情况.xlsx", "每周上门")["逾期"] == "F4B08A"


def look_book(folder: Path, title: str) -> list[dict[str, Any]]:
    """The rows of a sheet of 拜访情况.xlsx."""
    sheet = openpyxl.load_workbook(folder / "拜访情况.xlsx")[title]
    headings, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows if any(value is not None for value in row)]


def test_the_weeks_are_counted_for_the_chart(office: Path) -> None:
    enter(office, "\n".join(["## 拜访", VISIT, visit("BF-1", "移动澜江分公司", "2026-11-10"), visit("BF-2", "联通澜江分公司", "2026-11-17")]))
    run("visits", office, now="2026-11-20T09:00")
    # both customers owe a visit from the register's first one on, 10 November
    assert [tuple(row.values()) for row in look_book(office, "各周情况")] == [("2026-W46", 1, 1), ("2026-W47", 1, 1)]


@pytest.mark.parametrize(("kind", "manner", "counted"), [("例行", "上门", 1), ("高层", "上门", 1), ("例行", "电话", 0)])
def test_only_visits_on_site_fill_the_quota(office: Path, kind: str, manner: str, counted: int) -> None:
    enter(office, "\n".join(["## 拜访", VISIT, visit("BF-1", "移动澜江分公司", "2026-11-17", kind, manner)]))
    answer = run("visits", office, now="2026-11-20T09:00")
    assert weeks(answer, "移动澜江分公司")["2026-W47"][0] == counted


LOGS = {
    "2026-11-16|2026-11-17|2026-11-18": [],
    "2026-11-16|2026-11-17| ": ["拜访纪要（附表3.18）"],
    " |2026-11-17| ": ["拜访前日志（附表3.19）", "拜访纪要（附表3.18）"],
    " | | ": ["拜访前日志（附表3.19）", "拜访后日志（附表3.19）", "拜访纪要（附表3.18）"],
}


@pytest.mark.parametrize(("logs", "missing"), LOGS.items())
def test_logs_and_minutes_that_are_missing_are_named(office: Path, logs: str, missing: list[str]) -> None:
    enter(office, "\n".join(["## 拜访", VISIT, visit("BF-1", "移动澜江分公司", "2026-11-17", logs=logs)]))
    answer = run("visits", office, now="2026-11-20T09:00")
    assert [row["missing"] for row in answer.data["logs"]] == ([missing] if missing else [])
    (row,) = look_book(office, "日志纪要")
    assert row["缺"] == ("、".join(missing) or None)
    assert (row["状态"] == "每次拜访的日志和纪要都已齐备。") is not bool(missing)
    assert ("WRK021" in codes(answer)) is bool(missing)


def test_one_row_makes_the_log_before_the_visit_and_after_it_and_the_minutes(office: Path) -> None:
    """3.19 is printed before the visit, again after it, and 3.18 from the same row (§3.2.1, G4)."""
    enter(office, "\n".join(["## 拜访", VISIT, "| BF-1 | 移动澜江分公司 | 例行 | 上门 | 2026-11-17 | | | 2026-11-16 | | | |"]))
    before = run("form", "3.19", ["BF-1"], office, now="2026-11-16T17:00").data
    assert [row["key"] for row in before["documents"]] == ["BF-1"]
    refused = run("form", "3.18", ["BF-1"], office, now="2026-11-16T17:00").data
    assert (refused["documents"], "拜访尚未完成（议题为空）" in refused["withheld"][0]["findings"][0]["message"]) == ([], True)
    for column, text in {
        "拜访对象": "客户代表A", "我方参加人": "客户经理A", "议题": "四季度建设计划", "客户意见诉求": "加快两站交付",
        "答复": "12月中旬前交付", "拜访后结果": "客户认可", "跟进状态": "跟进中",
    }.items():
        put(office, "拜访", "BF-1", column, text)
    enter(office, """
    ## 跟进事项
    | 事项编号 | 来源编号 | 客户名称 | 事项 | 责任人 | 期限 |
    | GJ-1 | BF-1 | 移动澜江分公司 | 停电站点名单 | 建设维护部 | 2026-11-24 |
    """)
    log = words_of(run("form", "3.19", ["BF-1"], office, now="2026-11-17T17:00"))
    minutes = words_of(run("form", "3.18", ["BF-1"], office, now="2026-11-17T17:00"))
    shared = {"BF-1", "移动澜江分公司", "例行", "四季度建设计划", "加快两站交付", "12月中旬前交付", "停电站点名单", "建设维护部", "2026-11-24"}
    assert shared <= log
    assert shared <= minutes
    assert {"客户认可", "跟进中"} <= log  # the log tells the outcome, the minutes what was said
    assert "客户认可" not in minutes


def words_of(answer: Answer) -> set[str]:
    """The texts of the cells of the one paper made."""
    assert answer.data["withheld"] == []
    (document,) = answer.data["documents"]
    tables = docx.Document(document["file"]).tables
    return {cell.text for table in tables for row in table.rows for cell in row.cells}


FOLLOWUPS = """
## 跟进事项
| 事项编号 | 来源编号 | 客户名称 | 事项 | 责任人 | 期限 | 完成日期 | 结果 |
| GJ-1 | BF-1 | 移动澜江分公司 | 停电站点名单 | 建设维护部 | 2026-11-18 | | |
| GJ-2 | BF-1 | 移动澜江分公司 | 空调整改 | 建设维护部 | 2026-11-20 | | |
| GJ-3 | BF-1 | 联通澜江分公司 | 核对账单 | 客户经理A | 2026-11-27 | | |
| GJ-4 | BF-1 | 联通澜江分公司 | 补资料 | 客户经理A | 2026-11-12 | 2026-11-13 | 已补 |
"""


def test_follow_ups_stand_open_and_overdue_by_owner(office: Path) -> None:
    enter(office, FOLLOWUPS)
    answer = run("visits", office, now="2026-11-20T09:00")
    # open, overdue, done
    assert answer.data["owners"] == {"客户经理A": [1, 0, 1], "建设维护部": [1, 1, 0]}
    assert {row["key"]: row["state"] for row in answer.data["followups"]} == {
        "GJ-1": "逾期2天", "GJ-2": "今日", "GJ-3": "正常（未到期）",
    }
    assert codes(answer).count("WRK022") == 1


def test_the_days_list_is_printed_for_the_manager(office: Path) -> None:
    """Thursday of week 47: a plan of the day, one left from Tuesday, a follow-up overdue, a customer not visited."""
    enter(office, FOLLOWUPS + """
    ## 工作计划
    | 月份 | 计划编号 | 计划类型 | 客户名称 | 工作内容 | 责任人 | 编制日期 | 计划日期 | 状态 |
    | 2026-11 | JH-1 | 客户拜访 | 移动澜江分公司 | 例行拜访 | 客户经理A | 2026-11-01 | 2026-11-19 | 已审批 |
    | 2026-11 | JH-2 | 重点工作 | 移动澜江分公司 | 档案核实 | 客户经理A | 2026-11-01 | 2026-11-17 | 已审批 |
    | 2026-11 | JH-3 | 重点工作 | 联通澜江分公司 | 下周再办 | 客户经理A | 2026-11-01 | 2026-11-25 | 已审批 |
    """)
    answer = run("visits", office, now="2026-11-19T08:00")
    assert [(row["customer"], row["reason"], row["related"]) for row in answer.data["today"]] == [
        ("移动澜江分公司", "今日计划", "JH-1"), ("移动澜江分公司", "计划逾期", "JH-2"), ("移动澜江分公司", "跟进到期", "GJ-1"),
        ("联通澜江分公司", "本周尚未上门", ""),
    ]
    (document,) = answer.data["documents"]
    paper = docx.Document(document["file"])
    assert "2026年11月19日拜访名单" in [line.text for line in paper.paragraphs]
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows][1:5]
    assert rows[0][:7] == ["1", "移动澜江分公司", "今日计划", "2026-11-19", "例行拜访", "JH-1", "客户代表A\n010-00010000"]
    assert rows[2][4] == "停电站点名单（建设维护部）"
    assert rows[3][1:4] == ["联通澜江分公司", "本周尚未上门", "2026-11-22"]
    assert [row["状态"] for row in look_book(office, "今日名单")] == ["今日", "逾期2天", "逾期1天", "正常（未到期）"]
    assert [(row["状态"], row["计划"]) for row in look_book(office, "计划逾期")] == [("逾期2天", "2026-11/JH-2")]


def test_nothing_to_do_makes_no_paper(office: Path) -> None:
    answer = run("visits", office, now="2026-11-16T08:00")  # a Monday: the week is still open
    assert (answer.data["today"], answer.data["documents"], answer.status) == ([], [], 0)


def test_a_complaint_closed_calls_for_a_visit(office: Path) -> None:
    enter(office, """
    ## 投诉
    | 投诉编号 | 客户名称 | 受理时间 | 首次反馈时间 | 解决时间 | 办结时间 |
    | TS-1 | 联通澜江分公司 | 2026-11-13 09:00 | 2026-11-13 09:30 | 2026-11-13 15:00 | 2026-11-13 16:00 |
    """)
    # closed on Friday the 13th, to be visited by Tuesday the 17th
    answer = run("visits", office, now="2026-11-17T08:00")
    assert [(row["reason"], row["related"], row["due"]) for row in answer.data["today"]] == [("投诉回访", "TS-1", "2026-11-17")]


def test_a_customer_planned_for_later_this_week_is_not_pressed(office: Path) -> None:
    enter(office, """
    ## 工作计划
    | 月份 | 计划编号 | 计划类型 | 客户名称 | 工作内容 | 责任人 | 编制日期 | 计划日期 | 状态 |
    | 2026-11 | JH-1 | 客户拜访 | 移动澜江分公司 | 例行拜访 | 客户经理A | 2026-11-01 | 2026-11-20 | 已审批 |
    """)
    answer = run("visits", office, now="2026-11-19T08:00")
    assert [row["customer"] for row in answer.data["today"]] == ["联通澜江分公司"]
    assert [row["标记"] for row in look(office, "工作计划")] == ["☆"]


def test_the_days_list_proposes_the_diary_of_the_last_days(office: Path) -> None:
    enter(office, "\n".join(["## 拜访", VISIT, visit("BF-1", "移动澜江分公司", "2026-11-10"), visit("BF-2", "移动澜江分公司", "2026-11-18")]))
    first = run("visits", office, now="2026-11-19T09:00")  # back to the 12th
    assert first.data["diary"] == 1
    assert [(row["工作内容"], row["来源"], row["关联单号"]) for row in look(office, "工作日志")] == [("例行拜访（上门）：网络情况", "拜访", "BF-2")]
    assert run("visits", office, now="2026-11-19T10:00").data["diary"] == 0


def test_a_register_without_a_diary_works_on_and_is_told(office: Path) -> None:
    enter(office, "\n".join(["## 拜访", VISIT, visit("BF-2", "移动澜江分公司", "2026-11-18")]))
    (office / "工作台账.xlsx").unlink()
    answer = run("visits", office, now="2026-11-19T09:00")
    assert [row["customer"] for row in answer.data["today"]] == ["联通澜江分公司"]
    assert "CMD020" in codes(answer)  # a workbook of a later version: the old register has lost nothing


def test_a_quota_set_per_manager_is_shown_per_manager(office: Path) -> None:
    put(office, "假设", "A11", "采用", "每位客户经理")
    enter(office, "\n".join(["## 拜访", VISIT, visit("BF-1", "移动澜江分公司", "2026-11-17")]))
    answer = run("visits", office, now="2026-11-20T09:00")
    assert [(row["customer"], row["week"], row["visits"], row["state"]) for row in answer.data["weeks"]] == [
        ("客户经理A", "2026-W47", 1, "按时办结"),
    ]
    assert answer.data["today"] == []
