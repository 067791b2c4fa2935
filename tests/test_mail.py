"""E-mail drafts: who is written to, what goes along, and that nothing is sent, guessed or replaced."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from tests.city import codes, contents, enter, put, run

CUSTOMERS = """## 客户
| 客户名称 | 运营商 | 服务等级 |
| 移动澜江分公司 | 移动 | VIP |
| 联通澜江分公司 | 联通 | VIP |
## 联系人
| 客户名称 | 联系人 | 职务 | 电子邮箱 |
| 移动澜江分公司 | 客户代表A | 建设主管 | kefu@example.com |
| 移动澜江分公司 | 客户代表B | 财务经理 | caiwu@example.com |
| 移动澜江分公司 | 客户代表C | 司机 | |
| 联通澜江分公司 | 客户代表D | 总经理 | zong@example.com |
"""
DEMANDS = """## 需求
| 需求编号 | 运营商 | 客户名称 | 地市 | 区县 | 站点名称 | 场景划分 | 经度 | 纬度 | 详细地址 | 交付时间要求 | 需求提出时间 | 系统数（套） | 天线挂高范围（米） | 天线数（副） |
| TS1 | 移动 | 移动澜江分公司 | 澜江 | 东区 | 江东一 | 密集市区 | 113.1 | 28.1 | 一路 | 2026-12-31 | 2026-11-19 | 1 | 30-35 | 3 |
| TS2 | 移动 | 移动澜江分公司 | 澜江 | 东区 | 江东二 | 密集市区 | 113.2 | 28.1 | 二路 | 2026-12-31 | 2026-11-19 | 1 | 30-35 | 3 |
| TS3 | 联通 | 联通澜江分公司 | 澜江 | 东区 | 江东三 | 密集市区 | 113.3 | 28.1 | 三路 | 2026-12-31 | 2026-11-19 | 1 | 30-35 | 3 |
"""
COMPLAINT = """## 投诉
| 投诉编号 | 客户名称 | 投诉人 | 投诉人电话 | 渠道 | 类别 | 内容 | 受理时间 |
| TS9 | 移动澜江分公司 | 客户代表A | 010-00010001 | 当面 | 计费账单 | 账单与明细不符 | 2026-11-20 09:30 |
"""
NOW = "2026-11-20T15:00"


@pytest.fixture
def issued(folder: Path) -> tuple[Path, dict[str, str]]:
    """A register with three papers 3.1 issued, and their numbers by demand."""
    enter(folder, CUSTOMERS + DEMANDS)
    put(folder, "假设", "公司名称", "采用", "澜江塔公司")
    made = run("form", "3.1", ["TS1", "TS2", "TS3"], folder, now=NOW)
    return folder, {row["key"]: row["number"] for row in made.data["documents"]}


def draft(row: dict[str, Any]) -> EmailMessage:
    message = message_from_bytes(Path(row["file"]).read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_papers_of_a_customer_go_in_one_draft_to_the_right_post(issued: tuple[Path, dict[str, str]]) -> None:
    folder, numbers = issued
    answer = run("mail", [numbers["TS1"], numbers["TS2"]], folder)
    (row,) = answer.data["drafts"]
    message = draft(row)
    assert (message["To"], message["X-Unsent"], message["From"]) == ("客户代表A <kefu@example.com>", "1", None)
    assert message["Subject"] == "澜江塔公司：需求收集表（移动澜江分公司）"
    body = message.get_body()
    assert body is not None
    assert f"编号{numbers['TS1']}、{numbers['TS2']}" in body.get_content()
    papers = {path.name: path.read_bytes() for path in (folder / "单据").rglob("*.docx") if "TS3" not in path.name}
    assert {part.get_filename(): part.get_content() for part in message.iter_attachments()} == papers


def test_a_customer_without_the_post_is_written_to_as_a_whole_and_it_is_said(issued: tuple[Path, dict[str, str]]) -> None:
    folder, numbers = issued
    answer = run("mail", [numbers["TS3"]], folder)
    assert answer.data["drafts"][0]["to"] == ["客户代表D <zong@example.com>"]
    assert (codes(answer), answer.status) == (["MAI005"], 0)


def test_the_same_draft_is_not_written_twice_and_no_other_is_replaced(issued: tuple[Path, dict[str, str]]) -> None:
    folder, numbers = issued
    first = run("mail", [numbers["TS1"]], folder).data["drafts"][0]
    again = run("mail", [numbers["TS1"]], folder).data["drafts"][0]
    assert (first["new"], again["new"], again["file"]) == (True, False, first["file"])
    other = run("mail", [numbers["TS1"], numbers["TS2"]], folder).data["drafts"][0]
    assert other["file"] != first["file"]
    assert len(contents(folder / "邮件")) == 2


@pytest.mark.parametrize(
    ("address", "code", "cell"), [("", "MAI004", ""), ("zong＠example.com", "MAI006", "E5"), ("a@b.c\nBcc: x@y.z", "MAI006", "E5")],
)
def test_without_a_usable_address_there_is_no_draft(
    issued: tuple[Path, dict[str, str]], address: str, code: str, cell: str,
) -> None:
    folder, numbers = issued
    _retype(folder, "zong@example.com", address)
    answer = run("mail", [numbers["TS3"]], folder)
    found = {said["code"]: said["cell"] for said in answer.data["findings"]}
    assert (answer.data["drafts"], answer.status, found[code]) == ([], 1, cell)
    assert not (folder / "邮件").exists()


def _retype(folder: Path, old: str, new: str) -> None:
    """Type a contact's address over."""
    import openpyxl

    path = folder / "客户台账.xlsx"
    book = openpyxl.load_workbook(path)
    (cell,) = [cell for row in book["联系人"].iter_rows() for cell in row if cell.value == old]
    cell.value = new or None
    book.save(path)


def test_unknown_numbers_lost_files_and_edited_papers_are_told_apart(issued: tuple[Path, dict[str, str]]) -> None:
    folder, numbers = issued
    lost, edited = (next((folder / "单据").rglob(f"*{key}*.docx")) for key in ("TS1", "TS2"))
    lost.unlink()
    edited.write_bytes(edited.read_bytes() + b"\0")
    answer = run("mail", ["TD-3.1-2026-9999", numbers["TS1"], numbers["TS2"]], folder)
    assert codes(answer) == ["MAI001", "MAI002", "MAI003"]
    assert [row["numbers"] for row in answer.data["drafts"]] == [[numbers["TS2"]]]


ORDERS = """## 需求
| 需求编号 | 运营商 | 客户名称 | 站点名称 | 经度 | 纬度 | 需求收集表签署日期 |
| XQ-1 | 移动 | 移动澜江分公司 | 江东一 | 113.1 | 28.1 | 2026-03-04 |
## 工单
| 工单编号 | 工单类型 | 需求编号 | 接收人 | 下发日期 | 要求完成日期 | 工单内容 |
| GD-1 | 启动筛查 | XQ-1 | {receiver} | 2026-03-09 | 2026-03-13 | 请筛查 |
"""
RECEIVERS = {
    "不在联系人里": ("区域经理A", "", ["LOO040"]),
    "与客户联系人同名": ("客户代表A", "", ["LOO040"]),
    "在联系人里": ("区域经理B", "区域经理B <quyu@example.com>", []),
}


@pytest.mark.parametrize(("receiver", "to", "expected"), RECEIVERS.values(), ids=RECEIVERS)
def test_a_screening_task_is_written_to_the_regional_manager_and_never_to_the_customer(
    folder: Path, receiver: str, to: str, expected: list[str],
) -> None:
    own = "| 移动澜江分公司 | 区域经理B | 区域经理 | quyu@example.com |\n"
    enter(folder, CUSTOMERS + own + ORDERS.format(receiver=receiver))
    put(folder, "假设", "公司名称", "采用", "澜江塔公司")
    numbers = [
        row["number"] for code in ("3.3", "workorder-screening")
        for row in run("form", code, ["GD-1"], folder, now="2026-03-09T10:00").data["documents"]
    ]
    answer = run("mail", numbers, folder)
    (row,) = answer.data["drafts"]
    assert (codes(answer), row["numbers"], draft(row)["To"] or "") == (expected, numbers, to)
    body = draft(row).get_body()
    assert body is not None
    assert body.get_content().startswith(f"{receiver}：")


def test_a_task_whose_work_order_is_gone_is_written_to_nobody(folder: Path) -> None:
    enter(folder, CUSTOMERS + ORDERS.format(receiver="区域经理A"))
    (made,) = run("form", "3.3", ["GD-1"], folder, now="2026-03-09T10:00").data["documents"]
    put(folder, "工单", "GD-1", "工单编号", "GD-2")
    answer = run("mail", [made["number"]], folder)
    assert (answer.data["drafts"], codes(answer)) == ([], ["LOO041"])


def test_a_paper_that_stays_with_us_is_addressed_to_no_customer(folder: Path) -> None:
    enter(folder, CUSTOMERS + COMPLAINT)
    put(folder, "假设", "公司名称", "采用", "澜江塔公司")
    (made,) = run("form", "3.16", ["TS9"], folder, now=NOW).data["documents"]
    answer = run("mail", [made["number"]], folder)
    (row,) = answer.data["drafts"]
    assert (row["to"], codes(answer), draft(row)["Subject"]) == ([], ["MAI008"], f"投诉受理记录表（{made['number']}）")
