"""Care: whom to greet for festivals, anniversaries and events; the letter tells the customer's open matters (§3.2, G12)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import docx
import openpyxl
import pytest

from macros.calendars import base
from macros.commands import Answer
from macros.work.occasions import festivals, occasions, pending
from tests.city import codes, copied, enter, put, run
from tests.tables import register

OFFICE = """
## 客户
| 客户名称 | 运营商 | 服务等级 | 客户经理 |
| 移动澜江分公司 | 移动 | VIP | 客户经理A |
| 联通澜江分公司 | 联通 | 标准 | 客户经理A |
## 联系人
| 客户名称 | 联系人 | 职务 | 电话 | 纪念日 |
| 移动澜江分公司 | 客户代表A | 网络部主管 | 010-00010000 | 2015-12-20 |
| 移动澜江分公司 | 客户代表B | 建设部专员 | 010-00010001 | |
| 联通澜江分公司 | 客户代表C | 网络部主管 | 010-00010002 | |
## 重要活动
| 客户名称 | 活动 | 日期 | 每年 | 联系人 |
| 联通澜江分公司 | 成立周年 | 2001-12-18 | 是 | |
| | 年度客户大会 | 2026-12-15 | | |
"""
MATTERS = """
## 需求
| 需求编号 | 运营商 | 客户名称 | 站点名称 | 需求提出时间 | 交付时间要求 | 需求收集表签署日期 | 订单确认表签署日期 | 立项批复日期 | 单项服务协议签署日期 |
| XQ-1 | 移动 | 移动澜江分公司 | 河湾村 | 2026-09-01 | 2026-12-31 | 2026-09-02 | 2026-10-09 | 2026-10-12 | |
| XQ-2 | 移动 | 移动澜江分公司 | 西广场 | 2026-11-02 | 2027-03-31 | | | | |
| XQ-3 | 移动 | 移动澜江分公司 | 早已签约 | 2026-01-02 | 2026-06-30 | 2026-01-05 | 2026-02-02 | 2026-02-05 | 2026-07-01 |
| XQ-4 | 移动 | 移动澜江分公司 | 上月签约 | 2026-01-02 | 2026-06-30 | 2026-01-05 | 2026-02-02 | 2026-02-05 | 2026-12-01 |
## 投诉
| 投诉编号 | 客户名称 | 内容 | 受理时间 | 首次反馈时间 |
| TS-1 | 移动澜江分公司 | 停电频繁 | 2026-12-08 09:00 | 2026-12-08 09:30 |
## 跟进事项
| 事项编号 | 来源编号 | 客户名称 | 事项 | 责任人 | 期限 |
| GJ-1 | BF-1 | 移动澜江分公司 | 停电站点名单 | 建设维护部 | 2026-12-15 |
"""


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """A register with three contacts. Only for copying."""
    folder = copied(blank, tmp_path_factory.mktemp("care"))
    enter(folder, OFFICE)
    put(folder, "假设", "公司名称", "采用", "澜江塔公司")
    return folder


@pytest.fixture
def office(staffed: Path, tmp_path: Path) -> Path:
    """That register, of this test's own."""
    return copied(staffed, tmp_path)


def told(answer: Answer) -> list[tuple[str, str, str]]:
    return [(row["day"], row["occasion"], row["person"]) for row in answer.data["occasions"]]


# 10 December 2026 is a Thursday.
def test_the_days_to_come_name_whom_to_greet_and_by_when(office: Path) -> None:
    answer = run("care", office, now="2026-12-10T09:00")  # fourteen days: to the 24th
    assert told(answer) == [
        ("2026-12-15", "年度客户大会", "客户代表A"), ("2026-12-15", "年度客户大会", "客户代表B"),
        ("2026-12-15", "年度客户大会", "客户代表C"), ("2026-12-18", "成立周年", "客户代表C"), ("2026-12-20", "纪念日", "客户代表A"),
    ]
    by = {row["occasion"]: row["greet_by"] for row in answer.data["occasions"]}
    assert by == {"年度客户大会": "2026-12-14", "成立周年": "2026-12-17", "纪念日": "2026-12-18"}  # the 20th is a Sunday


def test_the_letter_lists_the_customers_open_matters_and_their_state(office: Path) -> None:
    enter(office, MATTERS)
    made = run("care", office, now="2026-12-19T09:00", days=1).data
    (document,) = made["documents"]
    assert document["key"] == "移动澜江分公司/客户代表A/2026-12-20/纪念日"
    paper = docx.Document(document["file"])
    assert "尊敬的客户代表A：" in [line.text for line in paper.paragraphs]
    assert any("贵公司近期提出的5项需求和诉求，办理进展附后" in line.text for line in paper.paragraphs)
    rows = [[cell.text for cell in row.cells] for row in paper.tables[-1].rows if row.cells[0].text.isdigit()]
    # XQ-3 was signed in July, more than thirty days before; XQ-4 on 1 December
    assert [(row[1], row[2], row[3], row[6]) for row in rows] == [
        ("需求", "XQ-1", "河湾村", "建设中"), ("需求", "XQ-2", "西广场", "需求收集中"),
        ("需求", "XQ-4", "上月签约", "已签服务协议（2026-12-01）"), ("投诉", "TS-1", "停电频繁", "处理中"),
        ("跟进事项", "GJ-1", "停电站点名单", "办理中"),
    ]


def test_a_customer_without_open_matters_is_told_so(office: Path) -> None:
    made = run("care", office, now="2026-12-19T09:00", days=1).data
    paper = docx.Document(made["documents"][0]["file"])
    assert any("贵公司提出的需求和诉求均已办结" in line.text for line in paper.paragraphs)


def test_nobody_is_greeted_twice_for_one_occasion(office: Path) -> None:
    first = run("care", office, now="2026-12-10T09:00")
    assert len(first.data["documents"]) == 5
    second = run("care", office, now="2026-12-11T09:00")
    assert (second.data["documents"], [row["greeted_before"] for row in second.data["occasions"]]) == ([], [True] * 5)
    assert [row["letter"] for row in second.data["occasions"]] == [row["letter"] for row in first.data["occasions"]]
    sheet = openpyxl.load_workbook(office / "关怀日历.xlsx")["关怀日历"]
    assert {str(row[0].value) for row in sheet.iter_rows(min_row=2)} == {"按时办结（2026-12-10已问候）"}
    # a wider look finds New Year's Day and greets for that alone
    third = run("care", office, now="2026-12-11T09:00", days=30)
    assert {row["key"].split("/")[-1] for row in third.data["documents"]} == {"元旦"}


def test_a_letter_written_by_hand_counts(office: Path) -> None:
    put(office, "联系人", "联通澜江分公司", "问候事由", "成立周年")
    run("form", "greeting", ["联通澜江分公司/客户代表C"], office, now="2026-12-10T09:00")
    made = run("care", office, now="2026-12-17T09:00", days=1).data
    assert [(row["occasion"], row["greeted_before"]) for row in made["occasions"]] == [("成立周年", True)]
    assert made["documents"] == []


def test_a_customer_without_contacts_is_told(office: Path) -> None:
    enter(office, "## 客户\n| 客户名称 | 运营商 | 服务等级 |\n| 电信澜江分公司 | 电信 | 标准 |")
    assert "WRK050" in codes(run("care", office, now="2026-12-10T09:00"))


FESTIVALS = {
    # month of 2026 → the first rest day of each festival greeted on; 清明 is none
    "2026-01-01 2026-01-31": [("2026-01-01", "元旦")],
    "2026-01-02 2026-01-31": [],  # in the midst of the rest
    "2026-02-01 2026-02-28": [("2026-02-15", "春节")],
    "2026-04-01 2026-04-30": [],
    "2026-05-01 2026-05-31": [("2026-05-01", "劳动节")],
    "2026-06-01 2026-06-30": [("2026-06-19", "端午节")],
    "2026-09-01 2026-10-31": [("2026-09-25", "中秋节"), ("2026-10-01", "国庆节")],
}


# No notice has been issued for 2027: nobody knows yet on which days the Spring Festival is off.
def test_days_off_that_no_notice_has_fixed_are_said_to_be_missing(office: Path) -> None:
    beyond = run("care", office, now="2026-12-10T09:00", days=60)
    assert "2027-01-01起的放假安排尚未公布，2027-01-01至2027-02-08只列" in beyond.text
    assert "WRK052" not in codes(run("care", office, now="2026-12-10T09:00"))  # to the 24th


@pytest.mark.parametrize(("span", "expected"), FESTIVALS.items())
def test_festivals_come_from_the_working_day_calendar(span: str, expected: list[tuple[str, str]]) -> None:
    first, last = map(dt.date.fromisoformat, span.split())
    assert [(f"{day}", name) for day, name in festivals(base(), first, last)] == expected


@pytest.mark.parametrize(("year", "day"), [(2027, "2027-02-28"), (2028, "2028-02-29")])
def test_an_anniversary_of_29_february_falls_on_the_28th(year: int, day: str) -> None:
    known = register("## 联系人\n| 客户名称 | 联系人 | 纪念日 |\n| 移动分公司 | 客户代表A | 2016-02-29 |")
    found = occasions(known, base(), dt.date(year, 2, 25), dt.date(year, 3, 2))
    assert [f"{each.day}" for each in found if each.kind == "纪念日"] == [day]


STAGES = {
    "|||": "需求收集中",
    "2026-09-02|||": "站址筛查中",
    "2026-09-02|2026-10-09||": "订单已签，立项中",
    "2026-09-02|2026-10-09|2026-10-12|": "建设中",
    "2026-09-02|2026-10-09|2026-10-12|2026-12-01": "已交付，验收中",
}


@pytest.mark.parametrize(("days", "state"), STAGES.items())
def test_a_demand_is_as_far_as_its_last_date(days: str, state: str) -> None:
    known = register(f"""
    ## 客户
    | 客户名称 | 运营商 | 服务等级 |
    | 移动分公司 | 移动 | 标准 |
    ## 需求
    | 需求编号 | 运营商 | 客户名称 | 站点名称 | 需求提出时间 | 需求收集表签署日期 | 订单确认表签署日期 | 立项批复日期 | 交付验收单发送日期 |
    | XQ-1 | 移动 | 移动分公司 | 河湾村 | 2026-09-01 | {" | ".join(days.split("|"))} |
    """)
    assert [row["state"] for row in pending(known, dt.date(2026, 12, 10))] == [state]
