"""Traceable work: the diary proposed from the registers, the weekly summary, the monthly analysis in four parts (R4, H6)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from macros.calendars import base
from macros.commands import Answer
from macros.records import Record
from macros.tables import records
from macros.work.analysis import customers, idle_weeks, market
from macros.work.analysis_money import products
from macros.work.diary import proposed
from macros.work.periods import compared, growth
from tests.city import codes, copied, enter, look, put, run
from tests.tables import register

OFFICE = """
## 客户
| 客户名称 | 运营商 | 服务等级 | 客户经理 |
| 移动澜江分公司 | 移动 | VIP | 客户经理A |
| 联通澜江分公司 | 联通 | 标准 | 客户经理B |
## 联系人
| 客户名称 | 联系人 | 职务 | 电话 |
| 移动澜江分公司 | 客户代表A | 网络部主管 | 010-00010000 |
"""
# Week 47 of 2026 is Monday 16 to Sunday 22 November.
WEEK = """
## 拜访
| 拜访编号 | 客户名称 | 拜访类型 | 拜访方式 | 拜访日期 | 拜访对象 | 我方参加人 | 议题 | 拜访后结果 |
| BF-1 | 移动澜江分公司 | 例行 | 上门 | 2026-11-17 | 客户代表A | 客户经理A | 四季度计划 | 客户认可 |
| BF-2 | 联通澜江分公司 | 例行 | 电话 | 2026-11-18 | 客户代表B | 客户经理B | 账单核对 | |
## 需求
| 需求编号 | 运营商 | 客户名称 | 站点名称 | 需求提出时间 | 需求收集表签署日期 | 订单确认表签署日期 |
| XQ-1 | 移动 | 移动澜江分公司 | 河湾村 | 2026-11-12 | 2026-11-17 | |
| XQ-2 | 移动 | 移动澜江分公司 | 西广场 | 2026-11-12 | 2026-11-17 | |
| XQ-3 | 移动 | 移动澜江分公司 | 东门 | 2026-10-12 | 2026-10-14 | 2026-11-19 |
## 故障
| 故障编号 | 客户名称 | 申告时间 | 首次反馈时间 | 修复时间 | 处理结果 |
| GZ-1 | 移动澜江分公司 | 2026-11-18 09:00 | 2026-11-18 09:20 | 2026-11-19 08:00 | 已恢复供电 |
## 跟进事项
| 事项编号 | 来源编号 | 客户名称 | 事项 | 责任人 | 期限 | 完成日期 | 结果 |
| GJ-1 | BF-1 | 移动澜江分公司 | 站点名单 | 客户经理A | 2026-11-20 | 2026-11-20 | 已送达 |
## 工作计划
| 月份 | 计划编号 | 计划类型 | 客户名称 | 工作内容 | 责任人 | 编制日期 | 计划日期 | 完成日期 | 状态 |
| 2026-11 | JH-1 | 客户拜访 | 移动澜江分公司 | 例行拜访 | 客户经理A | 2026-11-01 | 2026-11-17 | 2026-11-17 | 已完成 |
| 2026-11 | JH-2 | 重点工作 | 移动澜江分公司 | 档案核实 | 客户经理A | 2026-11-01 | 2026-11-19 | | 已审批 |
| 2026-11 | JH-3 | 客户拜访 | 移动澜江分公司 | 下周拜访 | 客户经理A | 2026-11-01 | 2026-11-24 | | 已审批 |
"""


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """A register with two customers of two managers and a week's work. Only for copying."""
    folder = copied(blank, tmp_path_factory.mktemp("work"))
    enter(folder, OFFICE + WEEK)
    put(folder, "假设", "公司名称", "采用", "澜江塔公司")
    return folder


@pytest.fixture
def office(staffed: Path, tmp_path: Path) -> Path:
    """That register, of this test's own."""
    return copied(staffed, tmp_path)


def diary(folder: Path) -> list[tuple[str, str, int, str, str | None]]:
    """Day, manager, line, work and result of every line, as the sheet has them."""
    return [(f"{row['日期']:%m-%d}", row["客户经理"], row["序号"], row["工作内容"], row["结果"]) for row in look(folder, "工作日志")]


def over_type(folder: Path, work: str, **cells: str) -> None:
    """Type over the cells of the diary's line that says ``work``."""
    book = openpyxl.load_workbook(folder / "工作台账.xlsx")
    sheet = book["工作日志"]
    places = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
    (line,) = [number for number, row in enumerate(sheet.iter_rows(), 1) if row[places["工作内容"] - 1].value == work]
    for heading, text in cells.items():
        sheet.cell(line, places[heading]).value = text
    book.save(folder / "工作台账.xlsx")


def told(answer: Answer) -> tuple[list[str], list[list[list[str]]]]:
    """The lines and the tables of the first paper."""
    paper = docx.Document(answer.data["documents"][0]["file"])
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in paper.tables]
    return [line.text for line in paper.paragraphs], tables


def test_the_diary_is_proposed_from_what_the_registers_say(office: Path) -> None:
    run("report", office, "week", ["2026-11-18"], now="2026-11-20T18:00")
    assert diary(office) == [
        ("11-17", "客户经理A", 1, "例行拜访（上门）：四季度计划", "客户认可"),
        ("11-17", "客户经理A", 2, "签署需求收集表2条：XQ-1、XQ-2", None),
        ("11-18", "客户经理B", 1, "例行拜访（电话）：账单核对", None),
        ("11-18", "客户经理A", 1, "受理故障1件：GZ-1", None),
        ("11-19", "客户经理A", 1, "签署需求订单确认表1条：XQ-3", None),
        ("11-19", "客户经理A", 2, "故障修复1件：GZ-1", "已恢复供电"),
        ("11-20", "客户经理A", 1, "办结跟进事项：站点名单", "已送达"),
    ]


def test_lines_the_manager_completed_stay_and_nothing_is_proposed_twice(office: Path) -> None:
    run("report", office, "week", ["2026-11-18"], now="2026-11-20T18:00")
    over_type(office, "办结跟进事项：站点名单", 工作内容="站点名单当面送达，客户另提两处", 结果="已登记")
    again = run("report", office, "week", ["2026-11-18"], now="2026-11-20T19:00")
    assert again.data["proposed"] == 0
    assert diary(office)[-1] == ("11-20", "客户经理A", 1, "站点名单当面送达，客户另提两处", "已登记")
    # what happens later that day is added below
    enter(office, """
    ## 投诉
    | 投诉编号 | 客户名称 | 受理时间 | 首次反馈时间 |
    | TS-1 | 移动澜江分公司 | 2026-11-20 19:30 | 2026-11-20 19:40 |
    """)
    assert run("report", office, "week", ["2026-11-18"], now="2026-11-20T20:00").data["proposed"] == 1
    assert diary(office)[-1] == ("11-20", "客户经理A", 2, "受理投诉1件：TS-1", None)


def test_papers_issued_stand_in_the_diary_by_name() -> None:
    known = register("""
    ## 假设
    | 编号 | 采用 |
    | 客户经理 | 客户经理A |
    ## 单据
    | 单据编号 | 表号 | 名称 | 台账行 | 文件 | 生成时间 |
    | TD-1 | 3.18 | 客户拜访纪要 | BF-1 | a.docx | 2026-11-18 10:00 |
    | TD-2 | 3.18 | 客户拜访纪要 | BF-2 | b.docx | 2026-11-18 11:00 |
    | TD-3 | daily-list | 今日拜访名单 | 2026-11-18 | c.docx | 2026-11-18 08:00 |
    """)
    found = proposed(known, dt.date(2026, 11, 16), dt.date(2026, 11, 22))
    assert [(row["manager"], row["work"]) for row in found] == [("客户经理A", "出具《客户拜访纪要》2份")]


def test_the_weekly_summary_tells_figures_lines_and_next_week(office: Path) -> None:
    answer = run("report", office, "week", ["2026-11-18", "客户经理A"], now="2026-11-20T18:00")
    (figures,) = answer.data["managers"]
    assert {name: figures[name] for name in ("visits", "visited", "cases", "planned", "done", "written")} == {
        "visits": 1, "visited": 1, "cases": 1, "planned": 2, "done": 1, "written": 4,  # 17, 18, 19 and 20 November
    }
    assert (figures["unwritten"], figures["unvisited"]) == ("11-16", "无")
    assert codes(answer) == ["WRK031"]
    lines, tables = told(answer)
    assert "周工作小结" in lines
    bodies = {table[0][0]: table for table in tables}
    assert len([row for row in bodies["二、本周工作（6项）"] if row[0].startswith("2026")]) == 6
    (open_,) = [row for row in bodies["三、未完成（1项）"] if row[0].startswith("2026")]
    assert open_[:3] == ["2026-11-19", "移动澜江分公司", "档案核实"]
    (following,) = [row for row in bodies["四、下周安排（1项）"] if row[0].startswith("2026")]
    assert following[:3] == ["2026-11-24", "移动澜江分公司", "下周拜访"]


def test_each_manager_has_a_summary(office: Path) -> None:
    answer = run("report", office, "week", ["2026-11-18"], now="2026-11-20T18:00")
    assert {row["manager"]: (row["visits"], row["visited"], row["unvisited"]) for row in answer.data["managers"]} == {
        "客户经理A": (1, 1, "无"), "客户经理B": (1, 0, "联通澜江分公司"),  # a call is a visit, but not on site
    }
    assert len(answer.data["documents"]) == 2


@pytest.mark.parametrize(("kind", "what", "code"), [
    ("week", "上周三", "WRK030"), ("month", "2026年11月", "WRK001"), ("month", "2026-12", "WRK061"),
])
def test_a_period_that_cannot_be_is_refused_in_words(office: Path, kind: str, what: str, code: str) -> None:
    answer = run("report", office, kind, [what], now="2026-11-20T18:00")
    assert (answer.status, codes(answer)) == (2, [code])


# The monthly analysis.

DEMANDS = """
## 客户
| 客户名称 | 运营商 | 服务等级 |
| 移动分公司 | 移动 | VIP |
| 联通分公司 | 联通 | 标准 |
## 需求
| 需求编号 | 运营商 | 需求属性 | 需求提出时间 |
| XQ-1 | 移动 | 新建独享 | 2026-11-02 |
| XQ-2 | 移动 | 新建独享 | 2026-11-03 |
| XQ-3 | 移动 | 存量共享 | 2026-11-04 |
| XQ-4 | 联通 | | 2026-11-05 |
| XQ-5 | 联通 | 新建独享 | 2026-11-28 |
| XQ-6 | 移动 | 新建独享 | 2026-10-05 |
| XQ-7 | 联通 | 存量共享 | 2026-10-06 |
| XQ-8 | 移动 | 新建独享 | 2025-11-06 |
"""


def test_demand_is_counted_by_operator_and_label_against_last_month_and_last_year() -> None:
    # on 20 November: XQ-5 is not yet; November 4, October 2, November a year before 1
    said, lines = market(register(DEMANDS), compared("2026-11", dt.date(2026, 11, 20)))
    assert said == "本月新增需求4条，上月2条，环比：100%；去年同月1条，同比：300%。需求最多的是移动（3条）。"
    found = {(row["part"], row["label"]): [row.get(name) for name in ("figure", "before", "year_ago")] for row in lines}
    assert found["需求运营商", "移动"] == [3, 1, 1]
    assert found["需求运营商", "联通"] == [1, 1, 0]
    assert found["需求属性", "新建独享"] == [2, 1, 1]
    assert found["需求属性", "存量共享"] == [1, 1, 0]
    assert found["需求属性", "未填"] == [1, 0, 0]
    shown = {row["label"]: (row.get("growth"), row.get("growth_year")) for row in lines if row["part"] == "需求属性"}
    assert shown["新建独享"] == ("100%", "100%")  # (2 − 1) ÷ 1
    assert shown["未填"] == ("上月为零", "同期为零")
    assert shown["新建共享"] == ("均为零", "均为零")
    grid = {row["label"]: [row.get(name) for name in ("figure", "second", "third", "before", "year_ago")] for row in lines if row["part"] == "需求矩阵"}
    # 新建独享, 新建共享, 存量共享, 未填, all
    assert grid == {"移动": [2, 0, 1, 0, 3], "联通": [0, 0, 0, 1, 1], "电信": [0, 0, 0, 0, 0]}


@pytest.mark.parametrize(("this", "before", "expected"), [
    (3, 2, "50%"), (2, 3, "-33.33%"), (2, 2, "0%"), (0, 4, "-100%"), (4, 0, "同期为零"), (0, 0, "均为零"),
])
def test_growth_says_a_zero_base_in_words(this: int, before: int, expected: str) -> None:
    assert growth(this, before, "同期为零") == expected


LEASES = """
## 租约
| 产品业务确认单编号 | 运营商 | 产品类别 | 服务开始日期 | 服务结束日期 |
| ZY-1 | 移动 | 铁塔类 | 2025-01-01 | |
| ZY-2 | 移动 | | 2026-11-10 | |
| ZY-3 | 联通 | 室分类 | 2026-01-01 | 2026-11-15 |
| ZY-4 | 联通 | 铁塔类 | 2026-01-01 | 2026-11-09 |
| ZY-4 | 联通 | 铁塔类 | 2026-11-10 | |
| ZY-5 | 电信 | 铁塔类 | 2026-12-01 | |
"""


def test_leases_are_counted_once_and_fees_added_by_product() -> None:
    fees = charges(("2026-11", "ZY-1", "铁塔类", "1000.00"), ("2026-11", "ZY-3", "室分类", "500.00"),
                   ("2026-10", "ZY-1", "铁塔类", "800.00"), ("2026-10", "ZY-3", "室分类", "1000.00"))
    said, lines = products(register(LEASES), fees, compared("2026-11", dt.date(2026, 11, 30)))
    # at the end of November ZY-1, ZY-2, ZY-4 run; of October ZY-1, ZY-3, ZY-4; of November 2025 ZY-1 alone
    assert said == "期末在租3份，上月末3份，本月起租1份、终止1份。本月费用1,500.00元，上月1,800.00元，环比：-16.67%（不含税）。"
    found = {row["label"]: [row[name] for name in ("figure", "before", "year_ago", "second", "third", "growth", "rate")] for row in lines}
    assert found == {"铁塔类": [3, 2, 1, 1, 0, "25%", "66.7%"], "室分类": [0, 1, 0, 0, 1, "-50%", "33.3%"]}


def charges(*lines: tuple[str, str, str, str]) -> tuple[Record, ...]:
    from decimal import Decimal

    names = ("month", "lease_no", "product_class")
    return records("charge", [{**dict(zip(names, line, strict=False)), "amount": Decimal(line[3])} for line in lines])


def test_weeks_without_a_visit_are_counted_when_they_are_over() -> None:
    known = register(DEMANDS + """
    ## 拜访
    | 拜访编号 | 客户名称 | 拜访类型 | 拜访方式 | 拜访日期 |
    | BF-1 | 移动分公司 | 例行 | 上门 | 2026-11-03 |
    | BF-2 | 移动分公司 | 例行 | 电话 | 2026-11-11 |
    """)
    # by Thursday 19 November weeks 45 and 46 are over, week 47 is not
    assert idle_weeks(known, base(), compared("2026-11", dt.date(2026, 11, 19))) == {"移动分公司": 1, "联通分公司": 2}


def test_a_demand_of_nobody_is_said_to_be_so() -> None:
    known = register("""
    ## 需求
    | 需求编号 | 站点名称 | 需求提出时间 |
    | XQ-1 | 河湾村 | 2026-11-02 |
    """)
    said, _ = market(known, compared("2026-11", dt.date(2026, 11, 19)))
    assert "需求最多的是未填（1条）" in said


@pytest.mark.parametrize(("month", "open_"), [("2026-10", 0), ("2026-11", 1)])
def test_a_follow_up_is_told_from_the_month_of_its_visit_on(month: str, open_: int) -> None:
    known = register(DEMANDS + """
    ## 拜访
    | 拜访编号 | 客户名称 | 拜访类型 | 拜访方式 | 拜访日期 |
    | BF-1 | 移动分公司 | 例行 | 上门 | 2026-11-03 |
    ## 跟进事项
    | 事项编号 | 来源编号 | 客户名称 | 事项 | 责任人 | 期限 |
    | GJ-1 | BF-1 | 移动分公司 | 站点名单 | 建设维护部 | 2026-12-15 |
    """)
    said, _ = customers(known, base(), compared(month, dt.date(2026, 11, 19)))
    assert f"跟进事项本月办结0件，未办结{open_}件" in said


def test_the_monthly_report_prints_its_four_parts_and_charts(office: Path) -> None:
    answer = run("report", office, "month", ["2026-11"], now="2026-11-20T18:00")
    assert answer.data["customers"].startswith("客户2家，其中VIP1家，联系人1人。本月拜访2次，上门1次、1家，高层拜访0次；没有上门的客户1家")
    assert answer.data["market"].startswith("本月新增需求2条，上月1条，环比：100%；去年同月0条，同比：同期为零。")
    assert answer.data["service"].startswith("本月受理故障1件、投诉0件，上月0件、0件；至出具之日未结故障0件、投诉0件。故障及时率：100.0%（1/1）")
    lines, tables = told(answer)
    assert "2026年11月月度分析报告" in lines
    heads = [table[0][0] for table in tables]
    assert [head for head in heads if head[1:2] == "、"] == ["一、客户", "二、市场", "三、产品", "四、服务"]
    visited = next(table for table in tables if table[0][0].startswith("客户拜访"))
    # customer, level, on site this month and last, weeks over without a visit (45, 46 and 47), follow-ups open
    assert [row for row in visited if row[0].endswith("分公司")] == [
        ["移动澜江分公司", "VIP", "1", "0", "2", "0"], ["联通澜江分公司", "标准", "0", "0", "3", "0"],
    ]
    reply = next(row for table in tables for row in table if row[0] == "故障首次反馈及时率")
    assert reply[2:] == ["1", "1", "0", "100.0%", "无"]
    assert len(charts(answer)) == 5


def charts(answer: Answer) -> list[str]:
    """The charts inside the first paper."""
    import zipfile

    with zipfile.ZipFile(answer.data["documents"][0]["file"]) as paper:
        return [name for name in paper.namelist() if name.startswith("word/charts/") and name.endswith(".xml") and "_rels" not in name]


def test_fees_of_a_billed_month_are_as_issued(office: Path) -> None:
    enter(office, """
    ## 租约
    | 产品业务确认单编号 | 运营商 | 站址编码 | 产品类别 | 产品类型 | 产品单元数 | 铁塔建造成本（元） | 维护费（元每年） | 服务开始日期 |
    | ZY-1 | 移动 | 110000000000000001 | 铁塔类 | 普通地面塔 | 1 | 200000 | 5000 | 2026-01-01 |
    """)
    tried = run("report", office, "month", ["2026-10"], now="2026-11-20T18:00")
    assert "WRK060" in codes(tried)
    run("bill", "2026-10", office, now="2026-11-02T09:00")
    bill = run("report", office, "month", ["2026-10"], now="2026-11-20T18:00")
    assert "WRK060" not in codes(bill)
    (line,) = [row for row in bill.data["lines"] if row["part"] == "产品"]
    put(office, "租约", "ZY-1", "铁塔建造成本（元）", 999999)  # a change of the register moves no issued month
    after = run("report", office, "month", ["2026-10"], now="2026-11-20T18:00")
    assert [row["amount"] for row in after.data["lines"] if row["part"] == "产品"] == [line["amount"]]
    assert float(line["amount"]) > 0


def test_the_trend_ends_with_the_reported_month(office: Path) -> None:
    answer = run("report", office, "month", ["2026-11"], now="2026-11-20T18:00")
    trend: list[dict[str, Any]] = [row for row in answer.data["lines"] if row["part"] == "趋势"]
    assert [row["label"] for row in trend] == ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"]
    assert [(row["figure"], row["second"], row["third"]) for row in trend[-2:]] == [(0, 0, 1), (1, 0, 2)]
