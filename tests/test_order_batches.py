"""Batches of orders: what goes to the customer when, what is left and why, and what is entered once it is handed over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from macros.calendars import base
from macros.commands import Answer
from macros.loops.orders import Site, sites
from tests.city import codes, copied, enter, look, put, run
from tests.tables import register

HEAD = "| 需求编号 | 运营商 | 客户名称 | 地市 | 区县 | 站点名称 | 产品类型 | 场景划分 | 经度 | 纬度 | 详细地址 | 交付时间要求 | 需求提出时间 | 系统数（套） | 天线挂高范围（米） | 天线数（副） | 需求属性 |"
ORDER = "| 订单号 | 需求编号 | 铁塔站址名称 | 建设方式 | 产品类型 | 产品配置 | 产品单元数 | 维护服务等级 | 约定交付时间 | 产品信息已确认 | 维护等级已确认 | 服务费已确认 | 超标准建造成本已确认 | 高风压已确认 | 市电引入已确认 | 总费用（元每年） |"


def demand(key: str, operator: str = "移动", customer: str = "移动分公司") -> str:
    return (
        f"| {key} | {operator} | {customer} | 澜江 | 东区 | 站点{key} | 铁塔类 | 密集市区 | 113.1 | 28.1 | 一路1号 | 2026-09-30"
        " | 2026-03-02 | 2 | 30-35 | 6 | 新建独享 |"
    )


def order(key: str, of: str, cost: str = "是") -> str:
    return f"| {key} | {of} | 塔{key} | 新建独享 | 铁塔类 | 普通地面塔 | 1 | 标准 | 2026-09-30 | 是 | 是 | 是 | {cost} | 是 | 是 | 41260.26 |"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """A customer with one demand whose order is printed: received on 4 March, 3.2 signed on 9 March. Only for copying."""
    folder = copied(blank, tmp_path_factory.mktemp("printed"))
    enter(folder, "\n".join([
        "## 客户", "| 客户名称 | 运营商 | 服务等级 |", "| 移动分公司 | 移动 | 标准 |", "| 电信分公司 | 电信 | 标准 |",
        "## 需求", HEAD, demand("A-1"), "## 订单", ORDER, order("D-1", "A-1"),
    ]))
    tell(folder, "A-1", 需求收集表签署日期="2026-03-04", 需求收集表收到日期="2026-03-04", 筛查方案确认表签署日期="2026-03-09",
         谈判启动日期="2026-03-09")
    made = run("form", "3.4", ["D-1"], folder, now="2026-03-10T09:00").data
    assert len(made["documents"]) == 1, made
    return folder


@pytest.fixture
def ready(printed: Path, tmp_path: Path) -> Path:
    """That register, of this test's own."""
    return copied(printed, tmp_path)


def tell(folder: Path, key: str, **days: str) -> None:
    for column, text in days.items():
        put(folder, "需求", key, column, dt.datetime.fromisoformat(text) if text[:2] == "20" else text)


def batch(answer: Answer, customer: str = "移动分公司") -> dict[str, Any]:
    (found,) = [each for each in answer.data["batches"] if each["customer"] == customer]
    return dict(found)


def standing(text: str) -> list[Site]:
    """How demands stand on Friday 20 March 2026; the note of an order says what stands against its paper."""
    return sites(register(text), lambda order: [order.text("note")] if order["note"] else [], base(), dt.date(2026, 3, 20))


def test_a_batch_is_due_five_working_days_after_the_collection_form_was_received(ready: Path) -> None:
    # 4 March 2026 is a Wednesday: 5, 6, 9, 10, 11 March
    told = batch(run("batches", [], ready, now="2026-03-10T10:00"))
    assert (told["due"], told["is_due"], [site["key"] for site in told["sites"]]) == ("2026-03-11", False, ["A-1"])
    assert (told["sites"][0]["since_received"], told["sites"][0]["since_signed"]) == (4, 1)


def test_a_batch_whose_day_has_come_and_is_not_entered_is_told(ready: Path) -> None:
    answer = run("batches", [], ready, now="2026-03-11T10:00")
    assert "移动分公司订单第1批应于2026-03-11提交，可交1个站址：A-1" in answer.data["findings"][0]["message"]
    assert look(ready, "需求")[0]["最近批次提交日期"] is None


def test_handing_over_enters_the_day_and_the_batch_and_the_next_batch_runs_from_it(ready: Path) -> None:
    told = batch(run("batches", [], ready, hand_over=True, now="2026-03-11T17:00"))
    assert told["handed_over"]
    (row,) = look(ready, "需求")
    assert (f"{row['最近批次提交日期']:%Y-%m-%d}", row["提交批次"], row["项目批次"]) == ("2026-03-11", "订单第1批", None)
    after = run("batches", [], ready, now="2026-03-12T09:00")
    assert (batch(after)["number"], batch(after)["due"], batch(after)["handed"]) == (2, None, 1)
    assert batch(after)["coverage"] == "100%"
    assert codes(after) == ["LOO004"]  # the customer's three days run from the receipt, which is not entered
    enter(ready, "\n".join(["## 需求", HEAD, demand("A-2")]))
    tell(ready, "A-2", 需求收集表收到日期="2026-03-06")
    # the one before went on 11 March, a Wednesday: 12, 13, 16, 17, 18 March
    assert batch(run("batches", [], ready, now="2026-03-12T09:00"))["due"] == "2026-03-18"


def test_nothing_is_handed_over_before_its_day_unless_the_customer_is_named(ready: Path) -> None:
    run("batches", [], ready, hand_over=True, now="2026-03-10T17:00")
    assert look(ready, "需求")[0]["最近批次提交日期"] is None
    run("batches", ["移动分公司"], ready, hand_over=True, now="2026-03-10T17:00")
    assert f"{look(ready, '需求')[0]['最近批次提交日期']:%Y-%m-%d}" == "2026-03-10"


def test_a_register_without_the_column_says_the_batch_in_a_blank_project_batch(ready: Path) -> None:
    book = openpyxl.load_workbook(ready / "需求台账.xlsx")
    (heading,) = [cell for cell in book["需求"][1] if cell.value == "提交批次"]
    heading.value = "我的列"
    book.save(ready / "需求台账.xlsx")
    run("batches", [], ready, hand_over=True, now="2026-03-11T17:00")
    assert look(ready, "需求")[0]["项目批次"] == "订单第1批"
    assert batch(run("batches", [], ready, now="2026-03-12T09:00"))["number"] == 2


def test_the_customers_own_batch_is_kept(ready: Path) -> None:
    put(ready, "需求", "A-1", "项目批次", "2026年一期")
    run("batches", [], ready, hand_over=True, now="2026-03-11T17:00")
    assert look(ready, "需求")[0]["项目批次"] == "2026年一期"
    # numbered by the days of hand-over where the labels are the customer's
    assert batch(run("batches", [], ready, now="2026-03-12T17:00"))["number"] == 2


def test_a_customer_that_has_no_demand_is_refused_in_words(ready: Path) -> None:
    answer = run("batches", ["某分公司"], ready, hand_over=True, now="2026-03-11T17:00")
    assert codes(answer)[0] == "LOO006"
    assert answer.status == 1


CASES = {
    # what is typed for A-1, whose order was printed on 10 March → how it stands on 20 March, or why it is left
    "交": ("", "", "ready"),
    "变更未签": ("客户变更提出日期", "2026-03-12", "需求变更处理中"),
    "我方变更未签": ("变更原因知悉日期", "2026-03-12", "需求变更处理中"),
    "退回未改": ("最近批次提交日期 | 客户审核日期 | 客户审核结果", "2026-03-11 | 2026-03-13 | 退回修改", "客户退回修改，修改后的附表3.4尚未出"),
    "当天退回未改": ("最近批次提交日期 | 客户审核日期 | 客户审核结果", "2026-03-10 | 2026-03-10 | 退回修改", "客户退回修改，修改后的附表3.4尚未出"),
    "退回后又交": ("最近批次提交日期 | 客户审核日期 | 客户审核结果", "2026-03-16 | 2026-03-13 | 退回修改", "handed"),
    "变更已签": ("客户变更提出日期 | 变更确认表签署日期", "2026-03-12 | 2026-03-16", "变更已签署，变更后的附表3.4尚未出"),
    "已签": ("订单确认表签署日期", "2026-03-18", "signed"),
    "已送达": ("订单确认表送达日期", "2026-03-12", "handed"),
    "审核通过": ("最近批次提交日期 | 客户审核日期 | 客户审核结果", "2026-03-11 | 2026-03-13 | 通过", "handed"),
    "下周才签": ("订单确认表签署日期", "2026-03-23", "ready"),
}


@pytest.mark.parametrize(("columns", "days", "expected"), CASES.values(), ids=CASES)
def test_a_printed_order_stands_as_the_register_says(columns: str, days: str, expected: str) -> None:
    (site,) = standing(f"""
    ## 需求
    | 需求编号 | 运营商 | 需求收集表收到日期 | 筛查方案确认表签署日期 | 谈判启动日期 | {columns or "备注"} |
    | A-1 | 移动 | 2026-03-04 | 2026-03-09 | 2026-03-09 | {days} |
    ## 订单
    | 订单号 | 需求编号 |
    | D-1 | A-1 |
    ## 单据
    | 单据编号 | 表号 | 台账行 | 生成时间 |
    | TD-3.4-1 | 3.4 | D-1 | 2026-03-10 09:00 |
    """)
    assert (site.reason or site.kind) == expected


PLANNED = "2026-03-10 | 2026-03-10"
LEFT = {
    # candidates of A-2, its order, days of 3.2 and of the negotiation's beginning → why it is left
    "没有候选": ("", "", "|", "没有候选站点"),
    "都不成": ("| A-2 | 1 | 否 | 业主不同意 |", "", "|", "候选站点都不能形成订单：业主不同意"),
    "都不成，签了3.2": ("| A-2 | 1 | 否 | |", "", PLANNED, "候选站点都不能形成订单：原因未填"),
    "3.2未签": ("| A-2 | 1 | 是 | |", "", "|", "附表3.2尚未签署"),
    "未谈": ("| A-2 | 1 | 是 | |", "", "2026-03-10 |", "站址谈判尚未启动"),
    "在谈": ("| A-2 | 1 | 是 | |", "", PLANNED, "谈判中，进展最近收集：尚未收集"),
    "未勾": ("| A-2 | 1 | 是 | |", "| D-2 | A-2 | 要紧的没核对 |", PLANNED, "要紧的没核对"),
    "未出单": ("| A-2 | 1 | 是 | |", "| D-2 | A-2 | |", PLANNED, "附表3.4尚未出"),
}


@pytest.mark.parametrize(("candidates", "orders", "days", "why"), LEFT.values(), ids=LEFT)
def test_what_is_left_says_why_and_for_how_long(candidates: str, orders: str, days: str, why: str) -> None:
    (site,) = standing(f"""
    ## 需求
    | 需求编号 | 运营商 | 需求收集表收到日期 | 筛查方案确认表签署日期 | 谈判启动日期 |
    | A-2 | 移动 | 2026-03-05 | {days} |
    ## 站址筛查
    | 需求编号 | 候选序号 | 能否形成订单 | 不能形成订单原因 |
    {candidates}
    ## 订单
    | 订单号 | 需求编号 | 备注 |
    {orders}
    """)
    assert (site.kind, site.reason) == ("left", why)
    assert site.cure
    assert site.since_received == 11  # 6, 9 to 13, 16 to 20 March


def test_an_order_printed_again_after_it_came_back_is_ready_again(ready: Path) -> None:
    tell(ready, "A-1", 最近批次提交日期="2026-03-11", 客户审核日期="2026-03-13", 客户审核结果="退回修改")
    put(ready, "订单", "D-1", "总费用（元每年）", 40000)
    run("form", "3.4", ["D-1"], ready, now="2026-03-16T09:00")
    told = batch(run("batches", [], ready, hand_over=True, now="2026-03-18T09:00"))
    assert ([site["key"] for site in told["sites"]], told["number"], told["handed_over"]) == (["A-1"], 2, True)


def test_every_customer_has_batches_of_its_own(ready: Path) -> None:
    enter(ready, "\n".join(["## 需求", HEAD, demand("B-1", "电信", "电信分公司")]))
    tell(ready, "B-1", 需求收集表收到日期="2026-03-09")
    answer = run("batches", [], ready, now="2026-03-12T17:00")
    assert [(each["customer"], each["due"]) for each in answer.data["batches"]] == [
        ("移动分公司", "2026-03-11"), ("电信分公司", "2026-03-16"),
    ]


def test_a_day_before_the_calendar_is_named_and_stops_nothing(ready: Path) -> None:
    enter(ready, "\n".join(["## 需求", HEAD, demand("A-2")]))
    tell(ready, "A-2", 需求收集表收到日期="1999-03-04")
    answer = run("batches", [], ready, now="2026-03-10T17:00")
    assert (batch(answer)["due"], codes(answer)) == ("2026-03-11", ["LOO007"])
    assert batch(answer)["left"][0]["since_received"] is None


def test_the_workbook_shows_the_batch_what_is_left_and_the_coverage(ready: Path, tmp_path: Path) -> None:
    enter(ready, "\n".join([
        "## 需求", HEAD, demand("A-2"), "## 站址筛查", "| 需求编号 | 候选序号 | 候选站点名称 | 能否形成订单 |", "| A-2 | 1 | 候选一 | 是 |",
    ]))
    tell(ready, "A-2", 需求收集表收到日期="2026-03-04", 筛查方案确认表签署日期="2026-03-09")
    answer = run("batches", [], ready, out=tmp_path / "出", now="2026-03-18T17:00")
    book = openpyxl.load_workbook(answer.data["file"])
    assert book.sheetnames == ["本批", "未交", "覆盖"]
    assert [cell.value for cell in book["本批"][2]][4:7] == ["A-1", "站点A-1", "D-1"]
    assert [cell.value for cell in book["未交"][2]][1:6] == ["A-2", "站点A-2", 10, 7, "站址谈判尚未启动"]
    # two sites found, one of them in this batch
    assert [cell.value for cell in book["覆盖"][2]][3:] == [2, 0, 0, 1, 1, 0, "50%"]
    # signed seven working days ago, more than a batch's five
    assert codes(answer) == ["LOO002", "LOO001"]
