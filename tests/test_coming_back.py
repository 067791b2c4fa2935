"""Days filled in 单据登记簿 drive the clocks: 今日待办 enters them in the rows the papers are about, and says so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from macros.commands import Answer
from tests.city import codes, enter, items, look, run

NOW = "2026-11-23T09:00:00"
#: 3.4 handed over on Monday 16 November: 17, 18, 19 are the customer's three working days of review (K08).
ROWS = """
## 客户
| 客户名称 | 运营商 | CRM是否上线 |
| 移动澜南分公司 | 移动 | 是 |
| 联通澜南分公司 | 联通 | 否 |
## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 经度 | 纬度 | 需求提出时间 | 需求收集表签署日期 | 需求收集表收到日期 | 立项批复日期 | 最近进展反馈日期 |
| XQ-1 | 移动 | 澜江 | 澜南区 | 花园站 | 111.5 | 31.5 | 2026-10-12 | 2026-10-13 | 2026-10-13 | | |
| XQ-2 | 移动 | 澜江 | 澜南区 | 公园站 | 111.6 | 31.6 | 2026-10-12 | 2026-10-13 | 2026-10-13 | 2026-11-02 | 2026-11-09 |
| XQ-3 | 移动 | 澜江 | 澜南区 | 果园站 | 111.7 | 31.7 | 2026-11-16 | | | | |
## 订单
| 订单号 | 需求编号 |
| DD-1 | XQ-1 |
## 项目
| 项目编码 | 需求编号 | 项目名称 |
| XM-2 | XQ-2 | 公园站新建 |
## 验收
| 验收单编号 | 需求编号 | 运营商 |
| YS-1 | XQ-1 | 联通 |
## 租约
| 产品业务确认单编号 | 运营商 | 站址编码 | 服务开始日期 | 服务结束日期 | 是否续签 | 到期通知送达日期 |
| QR-1 | 移动 | 430100000000000001 | 2022-02-01 | 2027-01-31 | 是 | 2021-10-29 |
"""
PAPERS = """
## 单据
| 单据编号 | 表号 | 名称 | 客户 | 台账行 | 文件 | 模板 | 生成时间 | 送达日期 | 签署日期 | 线上确认编号 |
| TD-1 | {} | 单据 | 移动澜南分公司 | {} | a.docx | {} | 2026-11-13 09:00 | {} | {} | {} |
"""


def day_in(folder: Path, title: str, heading: str, row: int = 0) -> dt.date | None:
    value = look(folder, title)[row][heading]
    return value.date() if isinstance(value, dt.datetime) else value


def board(folder: Path, *paper: str) -> Answer:
    """What the board says of a register whose document register holds one paper."""
    enter(folder, ROWS)
    enter(folder, PAPERS.format(*paper, *[""] * (6 - len(paper))))
    return run("board", folder, now=NOW)


def told(folder: Path, *paper: str) -> list[str]:
    return [code for code in codes(board(folder, *paper)) if code in ("DOC081", "DOC082")]


def test_a_paper_handed_over_starts_the_customers_clock_at_once(folder: Path) -> None:
    review = dict(items(board(folder, "3.4", "DD-1", "3.4-tower.docx", "2026-11-16", "")))["K08", "XQ-1"]
    assert (review["due"], review["state"]) == ("2026-11-19", "late")
    assert day_in(folder, "需求", "订单确认表送达日期") == dt.date(2026, 11, 16)


def test_what_was_entered_is_said_once(folder: Path) -> None:
    told(folder, "3.4", "DD-1", "3.4-tower.docx", "2026-11-16", "2026-11-18")
    assert day_in(folder, "需求", "订单确认表签署日期") == dt.date(2026, 11, 18)
    assert not {"DOC081", "DOC082"} & set(codes(run("board", folder, now=NOW)))


def test_a_day_to_come_is_not_yet_known(folder: Path) -> None:
    assert told(folder, "3.4", "DD-1", "3.4-tower.docx", "2026-11-24", "") == []
    assert day_in(folder, "需求", "订单确认表送达日期") is None


def test_a_weekly_report_takes_the_place_of_the_last(folder: Path) -> None:
    assert told(folder, "3.6", "XM-2", "3.6-schedule.docx", "2026-11-16", "") == ["DOC081"]
    assert day_in(folder, "需求", "最近进展反馈日期", 1) == dt.date(2026, 11, 16)


def test_a_day_of_an_earlier_paper_is_told_and_not_overwritten(folder: Path) -> None:
    assert told(folder, "3.12", "QR-1", "3.12-expiry.docx", "2026-11-16", "") == ["DOC082"]
    assert day_in(folder, "租约", "到期通知送达日期") == dt.date(2021, 10, 29)


def test_a_paper_to_another_operator_says_nothing_of_the_demand(folder: Path) -> None:
    assert told(folder, "3.7", "YS-1", "3.7-acceptance.docx", "2026-11-16", "2026-11-18") == ["DOC081"]
    assert day_in(folder, "验收", "客户收到日期") == dt.date(2026, 11, 16)
    assert day_in(folder, "需求", "交付验收单签署日期") is None


def test_what_a_customer_confirms_online_ends_the_clock_like_a_signature(folder: Path) -> None:
    paper = ("3.1", "XQ-3", "3.1-demand.docx", "", "2026-11-18", "CRM-20261118-07")
    done = dict(items(board(folder, *paper)))["K01", "XQ-3"]
    assert (done["due"], done["state"], done["closed_on"]) == ("2026-11-18", "met", "2026-11-18")
    assert [row["线上确认编号"] for row in look(folder, "单据")] == ["CRM-20261118-07"]


@pytest.mark.parametrize(
    ("customer", "number", "said"),
    [("移动澜南分公司", "", True), ("移动澜南分公司", "CRM-7", False), ("联通澜南分公司", "", False)],
)
def test_where_the_crm_is_live_a_signature_without_its_number_is_told(
    folder: Path, customer: str, number: str, said: bool
) -> None:
    enter(folder, ROWS)
    paper = PAPERS.replace("移动澜南分公司", customer).format("3.1", "XQ-3", "3.1-demand.docx", "", "2026-11-18", number)
    enter(folder, paper)
    assert ("DOC083" in codes(run("board", folder, now=NOW))) is said


@pytest.mark.parametrize(
    ("template", "heading"), [("agreement.docx", None), ("agreement-renewal.docx", dt.date(2026, 11, 18))],
)
def test_only_a_renewal_renews_a_lease(folder: Path, template: str, heading: dt.date | None) -> None:
    told(folder, "agreement", "QR-1", template, "", "2026-11-18")
    assert day_in(folder, "租约", "续签协议签署日期") == heading
