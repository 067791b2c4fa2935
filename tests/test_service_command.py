"""The overview of service: owners and their log, call-backs, what is listed, and the workbook behind every figure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from macros.calendars import base
from macros.forms import forms
from macros.hosts import Refused
from macros.service import owners, sampling
from macros.service.cases import cases
from macros.service.owners import owner
from tests.city import codes, copied, enter, run
from tests.tables import register

FAULTS = """
## 故障
| 故障编号 | 客户名称 | 申告时间 | 修复时间 | 办结时间 | 受理人 |
| F-1 | 移动分公司 | 2026-11-02 10:00 | 2026-11-02 12:00 | 2026-11-03 09:00 | 甲 |
"""
LOG = "## 首问交接\n| 事项编号 | 交接时间 | 移交人 | 接收人 | 交接原因 | 接收确认 |\n"


def handed(*lines: str) -> str:
    return FAULTS + LOG + "\n".join(f"| {line} |" for line in lines)


@pytest.mark.parametrize(("lines", "found", "now"), [
    ([], [], "甲"),
    (["F-1 | 2026-11-02 11:00 | 甲 | 乙 | 换班 | 乙"], [], "乙"),
    # Entered in the wrong order of rows, the chain is read by its moments.
    (["F-1 | 2026-11-02 11:30 | 乙 | 丙 | 出差 | 丙", "F-1 | 2026-11-02 11:00 | 甲 | 乙 | 换班 | 乙"], [], "丙"),
    (["F-1 | 2026-11-02 11:00 | 甲 | 乙 | 换班 | "], ["SVC005"], "甲"),
    # Nobody accepted, so it is still 甲 who may hand over.
    (["F-1 | 2026-11-02 11:00 | 甲 | 乙 | 换班 | ", "F-1 | 2026-11-02 11:30 | 乙 | 丙 | 出差 | 丙"], ["SVC005", "SVC002"], "丙"),
    (["F-1 | 2026-11-02 11:00 | 丁 | 乙 | 换班 | 乙"], ["SVC002"], "乙"),
    (["F-1 | 2026-11-02 09:59 | 甲 | 乙 | 换班 | 乙"], ["SVC004"], "乙"),
    (["F-1 | 2026-11-03 09:01 | 甲 | 乙 | 换班 | 乙"], ["SVC003"], "乙"),
    (["F-1 | 2026-11-02 11:00 | 甲 | 甲 | 换班 | 甲"], ["SVC006"], "甲"),
    (["F-9 | 2026-11-02 11:00 | 甲 | 乙 | 换班 | 乙"], ["SVC001"], "甲"),
], ids=["never", "once", "rows out of order", "not accepted", "handed on unaccepted", "not the owner", "before the case", "after closing", "to oneself", "no such case"])
def test_the_log_of_hand_overs_names_the_owner_and_its_breaks(lines: list[str], found: list[str], now: str) -> None:
    held = register(handed(*lines))
    assert [said.code for said in owners.check(held)] == found
    assert owner(held, held.rows("fault")[0]).name == now


def test_the_owner_of_a_past_moment_is_who_it_was_then() -> None:
    held = register(handed("F-1 | 2026-11-02 11:00 | 甲 | 乙 | 换班 | 乙"))
    assert owner(held, held.rows("fault")[0], dt.datetime(2026, 11, 2, 10, 59)).name == "甲"


@pytest.mark.parametrize(("line", "code"), [
    ("H-1 | F-1 | 移动分公司 | 2026-11-04 | 丙", ""),
    ("H-1 | F-9 | 移动分公司 | 2026-11-04 | 丙", "SVC010"),
    ("H-1 | F-1 | 移动分公司 | 2026-11-01 | 丙", "SVC011"),
    ("H-1 | F-1 | 联通分公司 | 2026-11-04 | 丙", "SVC012"),
])
def test_a_call_back_belongs_to_a_case_that_is_over(line: str, code: str) -> None:
    held = register(f"{FAULTS}## 回访\n| 回访编号 | 事项编号 | 客户名称 | 回访日期 | 回访人 |\n| {line} |")
    assert [said.code for said in owners.check(held)] == ([code] if code else [])


def many(count: int, keep: str = "") -> list[str]:
    rows = "\n".join(
        f"| F-{number} | 移动分公司 | 2026-11-02 10:00 | 2026-11-02 12:00 |" for number in range(count) if not keep or str(number) in keep.split()
    )
    held = register(f"## 故障\n| 故障编号 | 客户名称 | 申告时间 | 修复时间 |\n{rows}")
    return [case.key for case in sampling.sample(cases(held, base(), dt.datetime(2026, 11, 30)), "2026-11")]


@pytest.mark.parametrize(("count", "picked"), [(1, 1), (10, 1), (11, 2), (40, 4)], ids=["of one", "of ten", "of eleven", "of forty"])
def test_a_tenth_of_the_faults_rounded_up_is_called_back(count: int, picked: int) -> None:
    assert len(many(count)) == picked
    assert many(count) == many(count)


def test_a_case_picked_among_many_is_picked_among_fewer_too() -> None:
    """The pick goes by the number alone, so rows added or taken out elsewhere do not move it."""
    (first, *_) = many(40)
    assert first in many(40, keep=" ".join({first.removeprefix("F-"), "1", "2", "3"}))


CASES = """
## 客户
| 客户名称 | 运营商 | 服务等级 |
| 移动分公司 | 移动 | VIP |
| 联通分公司 | 联通 | 标准 |
## 故障
| 故障编号 | 客户名称 | 申告时间 | 联系维护时间 | 首次反馈时间 | 约定修复时限 | 修复时间 | 受理人 | 故障现象 |
| F-1 | 移动分公司 | 2026-11-10 08:00 | 2026-11-10 08:05 | 2026-11-10 08:20 | 2026-11-10 20:00 | | 甲 | 断电 |
| F-2 | 联通分公司 | 2026-11-10 09:30 | 2026-11-10 09:35 | | | | | 高温 |
| F-3 | 联通分公司 | 2026-10-05 09:30 | 2026-10-05 09:35 | 2026-10-05 09:40 | 2026-10-06 09:30 | 2026-10-05 11:00 | 甲 | 高温 |
## 投诉
| 投诉编号 | 客户名称 | 类别 | 内容 | 受理时间 | 热线登记时间 | 首次反馈时间 | 责任部门 | 承诺解决日期 | 受理人 |
| C-1 | 联通分公司 | 配合 | 上站难 | 2026-11-02 09:00 | 2026-11-02 09:05 | 2026-11-02 09:30 | 维护部 | 2026-11-09 | 乙 |
"""
NOW = "2026-11-10T10:00"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> tuple[Any, Any]:
    """What the command says of the cases above, and its workbook."""
    folder = copied(blank, tmp_path_factory.mktemp("overview"))
    enter(folder, CASES)
    answer = run("service", folder, "2026-11", now=NOW)
    return answer, openpyxl.load_workbook(answer.data["file"])


def sheet(book: Any, title: str) -> list[dict[str, Any]]:
    heads, *rows = book[title].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows if any(cell is not None for cell in row)]


def test_running_cases_stand_by_their_true_instant(seen: tuple[Any, Any]) -> None:
    """F-3 should have told the customer on 5 October; C-1 is to be supervised from 6 November, F-1 repaired by 20:00.

    F-2 has half an hour left for its first reply (standard level, 60 minutes from 9:30); that nobody owns it is told apart.
    """
    rows = sheet(seen[1], "在办事项")
    assert [(row["编号"], row["状态"], row["责任人"], row["时限"], row["剩余"]) for row in rows] == [
        ("F-3", "逾期", "甲", "K31", "逾期36天"), ("C-1", "逾期", "乙", "K34", "逾期4天"), ("F-2", "今日", None, "K27", "今日"),
        ("F-1", "今日", "甲", "K28", "今日"),
    ]
    assert [rows[2]["到期时刻"], rows[3]["到期时刻"]] == [dt.datetime(2026, 11, 10, 10, 30), dt.datetime(2026, 11, 10, 20, 0)]


def test_the_supervision_list_tells_how_long_and_what_was_promised(seen: tuple[Any, Any]) -> None:
    """3, 4, 5 November are the three days; 6, 9, 10 are three working days over."""
    (row,) = sheet(seen[1], "重点督办")
    assert (row["投诉编号"], row["超期工作日"], row["状态"], row["责任部门"], row["解决期限"].date()) == (
        "C-1", 3, "未报告", "维护部", dt.date(2026, 11, 5),
    )
    assert codes(seen[0]) == ["SVC007", "SVC020", "SVC021"]


def test_every_figure_of_the_rates_is_as_many_rows_of_the_details(seen: tuple[Any, Any]) -> None:
    details = sheet(seen[1], "指标明细")
    counted = {
        (row["类别"], row["指标"]): tuple(
            sum((each["类别"], each["指标"], each["结果"]) == (row["类别"], row["指标"], side) for each in details)
            for side in ("达到", "未达到", "未判定")
        ) for row in sheet(seen[1], "指标")
    }
    assert {(row["类别"], row["指标"]): (row["达到"], row["未达到"], row["未判定"]) for row in sheet(seen[1], "指标")} == counted
    place = 2
    for row in seen[1]["指标"].iter_rows(min_row=2):
        count = sum(cell.value for cell in row[3:6])
        assert row[6].hyperlink.target == f"服务情况.xlsx#'指标明细'!A{place}"
        assert {(each["类别"], each["指标"]) for each in details[place - 2 : place - 2 + count]} == {(row[0].value, row[1].value)}
        place += count
    # F-1 replied in 20 of 30 minutes; F-2 has half an hour left; C-1 is unsolved beyond its three days.
    assert counted["故障", "首次反馈及时率"] == (1, 0, 1)
    assert counted["投诉", "3个工作日解决率"] == (0, 1, 0)
    assert counted["故障", "合格率"] == (0, 0, 2)


def test_a_rate_without_a_base_is_blank_in_the_figures_and_said_in_words(seen: tuple[Any, Any]) -> None:
    rows = {(row["类别"], row["指标"]): (row["比率"], row["说明"]) for row in sheet(seen[1], "指标")}
    assert rows["故障", "合格率"] == (None, "没有可判定的故障，不计算，另有2件未到判定时点或没有约定时限")
    trend = {row["月份"]: row for row in sheet(seen[1], "趋势")}
    assert (trend["2026-10"]["故障件数"], trend["2026-10"]["故障合格率"], trend["2026-09"]["故障合格率"]) == (1, 1, None)
    assert len(trend) == 12


def test_a_row_leads_to_its_cell_in_the_register(seen: tuple[Any, Any]) -> None:
    (cell,) = [row[-1] for row in seen[1]["在办事项"].iter_rows(min_row=2) if row[2].value == "F-1"]
    # F-1 is the first row below the headings; what is missing in it is its repair, in column 修复时间.
    heads = [each.title for each in forms()["fault"].columns]
    assert cell.hyperlink.target == f"服务台账.xlsx#'故障'!{get_column_letter(heads.index('修复时间') + 1)}2"


def test_the_charts_of_the_trend_are_native(seen: tuple[Any, Any]) -> None:
    assert [type(chart).__name__ for chart in seen[1]["趋势"]._charts] == ["BarChart", "LineChart", "LineChart"]


def test_a_month_that_is_none_is_refused(blank: Path) -> None:
    with pytest.raises(Refused) as refused:
        run("service", blank, "2026-13", now=NOW)
    assert refused.value.finding.code == "SVC022"


def test_the_check_of_the_register_tells_of_broken_hand_overs(tmp_path: Path, blank: Path) -> None:
    folder = copied(blank, tmp_path)
    enter(folder, handed("F-9 | 2026-11-02 11:00 | 甲 | 乙 | 换班 | 乙"))
    assert "SVC001" in codes(run("check", folder, now=NOW))


@pytest.mark.parametrize(("called", "state"), [
    ("", "待回访"), ("2026-10-08 | 主管A | 满意 | 是", "满意"), ("2026-10-08 | 主管A | 满意 | 否", "不满意或未彻底解决"),
    ("2026-10-08 | 主管A | | ", "已回访"), ("2026-11-12 | 主管A | 满意 | 是", "待回访"),
], ids=["not called", "satisfied", "not repaired for good", "no word", "called after this moment"])
def test_the_sheet_of_call_backs_tells_how_each_pick_was_answered(tmp_path: Path, blank: Path, called: str, state: str) -> None:
    """F-3 is October's only case that is over, so it is the pick."""
    folder = copied(blank, tmp_path)
    log = f"## 回访\n| 回访编号 | 事项编号 | 回访日期 | 回访人 | 满意度 | 是否彻底解决 |\n| H-1 | F-3 | {called} |" if called else ""
    enter(folder, CASES + log)
    (row,) = sheet(openpyxl.load_workbook(run("service", folder, "2026-10", now=NOW).data["file"]), "回访")
    assert (row["编号"], row["状态"]) == ("F-3", state)
