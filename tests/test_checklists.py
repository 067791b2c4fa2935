"""Checklists: rows the user owns become cases, are filled, printed, and told when due by their cycle (R12)."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from macros.commands import Answer
from tests.city import codes, contents, enter, look, put, run

NOW = "2026-11-20T09:00"

# Counted in rules/delivered/checklist.csv.
DELIVERED = {
    "省级客户经理职责": (6, "每季"), "市级客户经理职责": (5, "每月"), "拜访前准备": (7, "每次"), "站址巡检": (9, "每次"),
    "客户经理交接": (9, "每次"), "服务礼仪": (5, "每月"), "廉洁自律": (5, "每季"), "月末收尾": (7, "每月"),
}


def told(answer: Answer) -> dict[str, dict[str, object]]:
    return {row["list"]: row for row in answer.data["lists"]}


def printed(answer: Answer) -> list[list[str]]:
    """The printed list: heading row, then a row per item."""
    (document,) = answer.data["documents"]
    table = docx.Document(document["file"]).tables[0]
    return [[cell.text for cell in row.cells] for row in table.rows]


def fill(folder: Path, title: str, *answers: tuple[str, str]) -> None:
    """Type answer and remark of each item of a case, in order."""
    rows = [
        f"| {title} | {row['事项编号']} | {row['项号']} | {answer} | {remark} |"
        for row, (answer, remark) in zip(look(folder, "清单记录"), answers, strict=True)
    ]
    from tests.test_ten_demands import type_in

    type_in(folder, "\n".join(["## 清单记录", "| 清单名称 | 事项编号 | 项号 | 结果 | 说明 |", *rows]))


def test_the_delivered_lists_are_there_with_their_cycles(folder: Path) -> None:
    found = told(run("checklist", folder, now=NOW))
    assert {title: (row["items"], row["cycle"]) for title, row in found.items()} == DELIVERED


def test_a_cycle_names_its_case_and_its_last_working_day(folder: Path) -> None:
    # 30 November 2026 is a Monday; 31 December a Thursday
    found = told(run("checklist", folder, now=NOW))
    assert (found["月末收尾"]["case"], found["月末收尾"]["due"], found["月末收尾"]["state"]) == ("2026-11", "2026-11-30", "尚未开始")
    assert (found["廉洁自律"]["case"], found["廉洁自律"]["due"]) == ("2026-Q4", "2026-12-31")


@pytest.mark.parametrize(("cycle", "now", "case", "due"), [
    ("每周", "2026-11-20", "2026-W47", "2026-11-20"),  # a Friday, the last working day of its week
    ("每周", "2026-09-20", "2026-W38", "2026-09-20"),  # a Sunday worked for the National Day
    ("每月", "2026-10-15", "2026-10", "2026-10-30"),  # 31 October is a Saturday
    ("每季", "2026-02-10", "2026-Q1", "2026-03-31"),
    ("每年", "2026-11-20", "2026", "2026-12-31"),
])
def test_each_cycle_has_its_own_case(folder: Path, cycle: str, now: str, case: str, due: str) -> None:
    enter(folder, f"""
    ## 检查清单
    | 清单名称 | 项号 | 检查内容 | 填写方式 | 周期 |
    | 自编清单 | 1 | 钥匙是否齐全 | 是否 | {cycle} |
    """)
    found = told(run("checklist", folder, now=f"{now}T09:00"))["自编清单"]
    assert (found["case"], found["due"]) == (case, due)


def test_a_case_is_started_filled_printed_and_done(folder: Path) -> None:
    enter(folder, """
    ## 检查清单
    | 清单名称 | 项号 | 检查内容 | 填写方式 | 由谁检查 | 周期 |
    | 机房钥匙 | 2 | 现有钥匙几把 | 数字 | 客户代表A | 每次 |
    | 机房钥匙 | 1 | 钥匙是否齐全 | 是否 | 客户经理A | 每次 |
    """)
    put(folder, "假设", "公司名称", "采用", "澜江塔公司")
    first = run("checklist", folder, "机房钥匙", "ZZ-1", now=NOW)
    assert (first.data["added"], first.data["open"]) == (2, 2)
    assert [row[1] for row in printed(first)[1:]] == ["钥匙是否齐全", "现有钥匙几把"]  # by number, not as typed
    assert [row[3] for row in printed(first)[1:]] == ["□是　□否", ""]
    fill(folder, "机房钥匙", ("否", "缺一把，周五前配齐"), ("3", ""))
    second = run("checklist", folder, "机房钥匙", "ZZ-1", now=NOW)
    assert (second.data["added"], second.data["open"], codes(second)) == (0, 0, [])
    assert [row[3:5] for row in printed(second)[1:]] == [["否", "缺一把，周五前配齐"], ["3", ""]]
    assert run("checklist", folder, now=NOW).data["open"] == []


def test_an_unfinished_case_is_told_and_starting_it_again_keeps_its_answers(folder: Path) -> None:
    put(folder, "假设", "公司名称", "采用", "澜江塔公司")
    run("checklist", folder, "廉洁自律", now=NOW)
    fill(folder, "廉洁自律", ("是", ""), ("是", ""), ("", ""), ("", ""), ("", ""))
    again = run("checklist", folder, "廉洁自律", now=NOW)
    assert (again.data["added"], again.data["open"]) == (0, 3)
    assert run("checklist", folder, now=NOW).data["open"] == [
        {"list": "廉洁自律", "case": "2026-Q4", "open": 3, "items": 5, "no": 0}
    ]


@pytest.mark.parametrize(("kind", "answer", "remark", "code"), [
    ("是否", "否", "", "WRK043"),
    ("是否", "也许", "", "WRK042"),
    ("数字", "三把", "", "WRK042"),
    ("日期", "下周", "", "WRK042"),
])
def test_an_answer_that_does_not_fit_is_told(folder: Path, kind: str, answer: str, remark: str, code: str) -> None:
    enter(folder, f"""
    ## 清单记录
    | 清单名称 | 事项编号 | 项号 | 检查内容 | 填写方式 | 结果 | 说明 |
    | 机房钥匙 | ZZ-1 | 1 | 问题 | {kind} | {answer} | {remark} |
    """)
    assert codes(run("checklist", folder, now=NOW)) == [code]


@pytest.mark.parametrize(("kind", "answer"), [("是否", "是"), ("是否", "不适用"), ("数字", "12.5"), ("日期", "2026-11-20"), ("文字", "随便")])
def test_an_answer_that_fits_is_taken(folder: Path, kind: str, answer: str) -> None:
    enter(folder, f"""
    ## 清单记录
    | 清单名称 | 事项编号 | 项号 | 检查内容 | 填写方式 | 结果 |
    | 机房钥匙 | ZZ-1 | 1 | 问题 | {kind} | {answer} |
    """)
    assert codes(run("checklist", folder, now=NOW)) == []


def test_a_cycle_that_ends_today_unfinished_is_told(folder: Path) -> None:
    late = run("checklist", folder, now="2026-11-30T09:00")
    assert codes(late) == ["WRK044", "WRK044", "WRK044"]  # the three monthly lists
    assert "“月末收尾”2026-11尚未开始" in late.text


@pytest.mark.parametrize(("title", "case", "code"), [("没有的清单", "", "WRK040"), ("站址巡检", "", "WRK041")])
def test_what_cannot_be_started_is_refused_in_words(folder: Path, title: str, case: str, code: str) -> None:
    before = contents(folder)
    answer = run("checklist", folder, title, case, now=NOW)
    assert (answer.status, codes(answer)) == (2, [code])
    assert contents(folder) == before


def test_a_register_without_the_table_is_told_how_to_add_it(folder: Path) -> None:
    (folder / "工作台账.xlsx").unlink()
    assert codes(run("checklist", folder, now=NOW)) == ["CMD020"]
    assert codes(run("checklist", folder, "月末收尾", now=NOW)) == ["CMD020", "WRK040"]
