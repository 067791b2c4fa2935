"""The pack of a manager who leaves: every line from its register row to the paper and the workbook (I5, R10)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from macros.commands import Answer
from macros.hosts import Refused
from tests.city import copied, enter, look, run
from tests.papers import text

NOW = "2026-11-20T09:30"

CITY = """
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 | 客户经理 |
| 移动甲 | 移动 | 甲县 | VIP | 客户经理A |
| 联通乙 | 联通 | 乙县 | 标准 | 客户经理B |
## 联系人
| 客户名称 | 联系人 | 职务 | 电话 | 电子邮箱 | 角色 | 影响力 | 态度 | 对应领导 | 备注 |
| 移动甲 | 客户代表A | 主任 | 010-1111111 | a@example.com | 决策 | 高 | 支持 | 领导A | 看重工期 |
| 联通乙 | 客户代表B | 专员 | 010-2222222 | b@example.com | 技术 | 中 | 中立 | | |
## 拜访
| 拜访编号 | 客户名称 | 拜访类型 | 拜访方式 | 拜访日期 |
| BF-1 | 移动甲 | 例行 | 上门 | 2026-11-17 |
## 跟进事项
| 事项编号 | 来源编号 | 客户名称 | 事项 | 责任人 | 期限 | 完成日期 |
| GJ-1 | BF-1 | 移动甲 | 答复引电方案 | 客户经理A | 2026-11-18 | |
| GJ-2 | BF-1 | 移动甲 | 送样图 | 客户经理A | 2026-11-18 | 2026-11-18 |
| GJ-3 | BF-1 | 联通乙 | 代送文件 | 客户经理A | 2026-11-30 | |
| GJ-4 | BF-1 | 联通乙 | 他人的事 | 客户经理B | 2026-11-30 | |
## 需求
| 需求编号 | 运营商 | 客户名称 | 地市 | 区县 | 站点名称 | 产品类型 | 交付时间要求 | 需求提出时间 | 需求收集表签署日期 | 需求收集表收到日期 | 订单确认表签署日期 | 单项服务协议签署日期 | 所处阶段 | 客户经理 |
| XQ-1 | 移动 | 移动甲 | 澜江 | 甲县 | 河湾村 | 铁塔类 | 2027-03-01 | 2026-11-02 | 2026-11-03 | 2026-11-03 | | | 站址筛查 | |
| XQ-2 | 移动 | 移动甲 | 澜江 | 甲县 | 旧塔 | 铁塔类 | 2026-06-01 | 2026-01-02 | 2026-01-03 | 2026-01-03 | 2026-02-02 | 2026-08-03 | 已起租 | |
| XQ-3 | 联通 | 联通乙 | 澜江 | 乙县 | 东山顶 | 铁塔类 | 2027-03-01 | 2026-11-02 | 2026-11-03 | 2026-11-03 | | | 站址筛查 | |
| XQ-4 | 联通 | 联通乙 | 澜江 | 乙县 | 代办站 | 铁塔类 | 2027-04-01 | 2026-11-02 | 2026-11-03 | 2026-11-03 | 2026-11-10 | | 建设 | 客户经理A |
## 订单
| 订单号 | 需求编号 | 铁塔站址名称 | 约定交付时间 |
| DD-1 | XQ-1 | 河湾村塔 | 2027-02-20 |
## 项目
| 项目编码 | 需求编号 | 项目名称 | 约定交付日期 | 变更后交付日期 | 完工日期 |
| XM-4 | XQ-4 | 代办站新建 | 2027-03-20 | | |
## 账单
| 账期 | 运营商 | 价税合计（元） | 到账金额（元） | 到账日期 | 备注 |
| 2026-07 | 移动 | 1060.00 | 560.00 | | 客户核对中 |
| 2026-07 | 联通 | 2060.00 | | | |
## 故障
| 故障编号 | 客户名称 | 申告时间 | 故障现象 | 约定修复时限 | 修复时间 |
| GZ-1 | 移动甲 | 2026-11-19 22:00 | 退服 | 2026-11-20 12:00 | |
| GZ-2 | 移动甲 | 2026-11-01 08:00 | 断电 | 2026-11-01 12:00 | 2026-11-01 11:00 |
## 投诉
| 投诉编号 | 客户名称 | 受理时间 | 内容 | 承诺解决日期 | 责任部门 |
| TS-1 | 移动甲 | 2026-11-10 09:00 | 噪声扰民 | 2026-11-25 | 维护部 |
## 商机
| 商机编号 | 客户名称 | 商机内容 | 开始日期 | 阶段 | 进入阶段日期 | 预计完成日期 | 下一步 |
| SJ-1 | 移动甲 | 高铁沿线 | 2026-10-01 | 谈判 | 2026-11-01 | 2026-12-15 | 报价 |
## 单据
| 单据编号 | 表号 | 名称 | 客户 | 台账行 | 文件 | 生成时间 | 送达日期 | 签署日期 |
| LJTD-3.4-2026-0001 | 3.4 | 需求订单确认表 | 移动甲 | DD-1 | x.docx | 2026-11-12 09:00 | 2026-11-13 | |
| LJTD-3.4-2026-0002 | 3.4 | 需求订单确认表 | 移动甲 | DD-0 | y.docx | 2026-11-12 09:00 | 2026-11-13 | 2026-11-16 |
| LJTD-3.4-2026-0003 | 3.4 | 需求订单确认表 | 移动甲 | DD-9 | z.docx | 2026-11-12 09:00 | | |
| LJTD-3.15-2026-0001 | 3.15 | 客户故障情况登记单 | 移动甲 | GZ-2 | g.docx | 2026-11-12 09:00 | 2026-11-13 | |
"""


@pytest.fixture(scope="module")
def handed(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """The hand-over from A to B. Only for reading."""
    folder = copied(blank, tmp_path_factory.mktemp("handed"))
    enter(folder, CITY)
    return run("report", folder, "handover", ["客户经理A", "客户经理B"], now=NOW)


def part(answer: Answer, name: str) -> list[dict[str, Any]]:
    return [line for line in answer.data["lines"] if line["part"] == name]


def test_what_was_promised_and_is_not_done_is_handed_over(handed: Answer) -> None:
    # GJ-1 was due on 18 November, two days ago; GJ-2 is done; GJ-3 is A's although the customer is B's; GJ-4 is B's.
    assert [(line["mark"], line["key"], line["customer"], line["content"], line["due"], line["state"]) for line in part(handed, "promises")] == [
        ("跟进事项", "GJ-1", "移动甲", "答复引电方案", "2026-11-18", "已逾期2天"),
        ("跟进事项", "GJ-3", "联通乙", "代送文件", "2026-11-30", "未完成"),
        ("投诉承诺", "TS-1", "移动甲", "噪声扰民", "2026-11-25", "未完成"),
    ]


def test_only_the_managers_own_customers_are_introduced(handed: Answer) -> None:
    assert [(line["customer"], line["person"], line["mark"], line["key"], line["state"], line["content"]) for line in part(handed, "contacts")] == [
        ("移动甲", "客户代表A", "主任 决策", "010-1111111 a@example.com", "高 支持", "领导A，看重工期"),
    ]


def test_open_demands_orders_and_projects_are_handed_over_and_finished_ones_are_not(handed: Answer) -> None:
    assert [(line["mark"], line["key"], line["customer"], line["content"], line["due"], line["state"]) for line in part(handed, "work")] == [
        ("需求", "XQ-1", "移动甲", "河湾村", "2027-03-01", "站址筛查"), ("需求", "XQ-4", "联通乙", "代办站", "2027-04-01", "建设"),
        ("订单", "DD-1", "移动甲", "河湾村塔", "2027-02-20", "订单待签"), ("项目", "XM-4", "联通乙", "代办站新建", "2027-03-20", "建设中"),
    ]


def test_money_owed_is_what_the_managers_operators_owe(handed: Answer) -> None:
    # 1060 − 560; due on 25 August, 87 days before 20 November.
    assert [(line["key"], line["customer"], line["amount"], line["due"], line["state"], line["content"]) for line in part(handed, "money")] == [
        ("2026-07", "移动", "500.00", "2026-08-25", "已逾期87天", "客户核对中"),
    ]


def test_running_cases_are_handed_over(handed: Answer) -> None:
    assert [(line["mark"], line["key"], line["content"], line["due"], line["state"]) for line in part(handed, "cases")] == [
        ("故障", "GZ-1", "退服", "2026-11-20 12:00", "未完成"), ("投诉", "TS-1", "噪声扰民", "2026-11-25", "未完成"),
        ("商机", "SJ-1", "高铁沿线；报价", "2026-12-15", "谈判"),
    ]


def test_papers_that_went_out_to_be_signed_are_listed(handed: Answer) -> None:
    assert [(line["key"], line["mark"], line["content"], line["due"], line["state"]) for line in part(handed, "papers")] == [
        ("LJTD-3.4-2026-0001", "需求订单确认表", "DD-1", "2026-11-13", "待签回，已送出7天"),
    ]


def test_open_deadlines_are_those_of_the_managers_board(handed: Answer) -> None:
    folder = Path(handed.data["folder"]).parents[1]
    board = run("board", folder, now=NOW).data["items"]
    mine = {(item["clock"], item["key"]) for item in board if item["manager"] == "客户经理A" and item["state"] in ("open", "late", "waiting")}
    lines = part(handed, "clocks")
    assert {(line["mark"].split()[0], line["key"]) for line in lines} == mine
    assert ("K02", "XQ-1") in mine and ("K02", "XQ-3") not in mine
    # K02: ten working days after 3 November 2026 end on 17 November, three days before the 20th.
    (k02,) = [line for line in lines if (line["mark"].split()[0], line["key"]) == ("K02", "XQ-1")]
    assert (k02["due"], k02["state"], k02["late"]) == ("2026-11-17", "已逾期3天", True)
    by_clock = {line["mark"]: (int(line["key"]), int(line["state"])) for line in part(handed, "by_clock")}
    assert sum(count for count, _ in by_clock.values()) == len(lines)
    assert sum(late for _, late in by_clock.values()) == sum(line["late"] for line in lines)


def test_the_paper_prints_the_lines_and_is_entered(handed: Answer) -> None:
    (document,) = handed.data["documents"]
    printed = text(Path(document["file"]).read_bytes())
    for words in ("工作交接清单", "移交人：客户经理A　　接收人：客户经理B", "答复引电方案", "河湾村", "500.00", "客户核对中", "噪声扰民", "待签回，已送出7天",
                  "010-1111111 a@example.com", "部门经理（监交）", "逐项核对未结时限，已逾期的说明原因和补救办法"):
        assert words in printed
    assert "送样图" not in printed and "客户代表B" not in printed
    assert "【内部资料　注意保密】" in text(Path(document["file"]).read_bytes(), "word/header1.xml")
    entered = [row for row in look(Path(handed.data["folder"]).parents[1], "单据") if row["名称"] == "工作交接清单"]
    assert [row["单据编号"] for row in entered] == [document["number"]]


def test_the_workbook_has_a_sheet_for_each_part(handed: Answer) -> None:
    book = openpyxl.load_workbook(Path(handed.data["folder"]) / "交接明细.xlsx")
    assert book.sheetnames == ["分时限", "未结时限", "承诺与跟进", "联系人", "需求订单项目", "欠款", "故障投诉商机", "待签单据", "交接核对"]
    (row,) = list(book["欠款"].iter_rows(min_row=2, values_only=True))
    assert row == ("61—90天", "2026-07", "移动", "客户核对中", None, "2026-08-25", "已逾期87天", 500, "账单 第2行")


def test_the_folder_holds_paper_and_workbook_together(handed: Answer) -> None:
    home = Path(handed.data["folder"])
    assert home.name == "交接 客户经理A 2026-11-20"
    assert {path.suffix for path in home.rglob("*") if path.is_file()} == {".docx", ".xlsx"}


WHO = [([], "CUS070"), (["客户经理Z"], "CUS071"), (["客户经理A", "客户经理A"], "CUS072")]


@pytest.mark.parametrize(("what", "code"), WHO)
def test_who_leaves_must_be_clear(folder: Path, what: list[str], code: str) -> None:
    enter(folder, CITY)
    with pytest.raises(Refused) as refused:
        run("report", folder, "handover", what, now=NOW)
    assert refused.value.finding.code == code
    assert not (folder / "报告").exists()


def test_the_only_manager_and_an_unknown_successor_need_no_names(folder: Path) -> None:
    enter(folder, "## 客户\n| 客户名称 | 运营商 | 服务等级 | 客户经理 |\n| 移动甲 | 移动 | VIP | 客户经理A |")
    answer = run("report", folder, "handover", [], now=NOW)
    (document,) = answer.data["documents"]
    assert (answer.data["manager"], answer.data["successor"]) == ("客户经理A", None)
    assert "接收人：＿＿＿＿＿＿" in text(Path(document["file"]).read_bytes())


def test_an_assignment_makes_a_customer_ones_own_where_its_row_names_nobody(folder: Path) -> None:
    enter(folder, """
        ## 客户
        | 客户名称 | 运营商 | 服务等级 | 客户经理 |
        | 移动甲 | 移动 | VIP | |
        | 联通乙 | 联通 | 标准 | 客户经理B |
        ## 联系人
        | 客户名称 | 联系人 |
        | 移动甲 | 客户代表A |
        ## 客户分配
        | 分配编号 | 客户名称 | 客户经理 | 分成比例 | 起始日期 |
        | FP-1 | 移动甲 | 客户经理C | 100% | 2026-01-01 |
    """)
    answer = run("report", folder, "handover", ["客户经理C"], now=NOW)
    assert [line["person"] for line in part(answer, "contacts")] == ["客户代表A"]


def test_deadlines_that_are_nobodys_are_told(folder: Path) -> None:
    enter(folder, """
        ## 客户
        | 客户名称 | 运营商 | 服务等级 | 客户经理 |
        | 移动甲 | 移动 | VIP | 客户经理A |
        | 联通乙 | 联通 | 标准 | |
        ## 投诉
        | 投诉编号 | 客户名称 | 受理时间 |
        | TS-9 | 联通乙 | 2026-11-18 09:00 |
    """)
    answer = run("report", folder, "handover", [], now=NOW)
    (said,) = [each for each in answer.data["findings"] if each["code"] == "CUS073"]
    board = run("board", folder, now=NOW).data["items"]
    nobodys = [item for item in board if item["state"] in ("open", "late", "waiting") and not item["manager"]]
    assert {item["key"] for item in nobodys} >= {"TS-9"}
    assert f"未结时限有 {len(nobodys)} 项" in said["message"]


def test_a_long_part_is_cut_on_paper_and_whole_in_the_workbook(handed: Answer, monkeypatch: pytest.MonkeyPatch, blank: Path, tmp_path: Path) -> None:
    from macros.customers.handing import rules

    monkeypatch.setitem(rules(), "printed", 2)
    folder = copied(blank, tmp_path)
    enter(folder, CITY)
    answer = run("report", folder, "handover", ["客户经理A"], now=NOW)
    count = len(part(answer, "clocks"))
    assert count == len(part(handed, "clocks")) > 2
    (document,) = answer.data["documents"]
    assert f"（另有{count - 2}项见《交接明细.xlsx》）" in text(Path(document["file"]).read_bytes())
    assert openpyxl.load_workbook(Path(answer.data["folder"]) / "交接明细.xlsx")["未结时限"].max_row == count + 1
