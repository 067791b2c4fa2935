"""Every button of the ribbon pressed in a visible LibreOffice over the sample city: what it writes, makes and says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from addin.buttons import orders
from addin.ribbon import tab
from tests.city import HERE, NOWS, SAMPLES, contents, copied, look
from tests.office.county import keep_one
from tests.office.pressing import LABELS, LEDGER, OFFICE, Answer, User, seated

pytestmark = pytest.mark.office
SHEETS = {button.id: button.sheets[0] for button in tab().buttons() if button.sheets}
#: A row of the sample city that is ready for each paper, by what stands in one of its cells.
READY = {
    # 需求台账
    "3.1": "XQ-YD-0017", "3.2": "XQ-LT-0035", "sharing-inquiry": "XQ-LT-0015", "warning": "XQ-LT-0025",
    "workorder-screening": "GD-2026-0001", "3.3": "GD-2026-0001", "workorder-negotiation": "GD-2026-0002",
    "workorder-pause": "GD-2026-0003", "workorder-assist": "GD-2026-0004", "workorder-chase": "GD-2026-0005",
    "3.4": "DD2026080006", "3.5": "BG2026110005", "incurred-cost": "BG2026110005",
    # 交付台账
    "approval": "XM2026-0006", "3.6": "XM2026-0006", "delay-notice": "XM2026-0037", "delivery-change": "XM2026-0037",
    "early-notice": "XM2026-0006",
    "3.8": "YS-2026-0001", "3.7": "YS-2026-0001",
    # 租约台账
    "agreement": "QR2021000036", "3.9": "QR2018000001", "3.12": "QR2024000323", "3.10": "YJ2026000068", "3.11": "2026-10",
    "3.13": "TZ2026110001", "3.14": "TZ2026110002",
    # 服务台账
    "3.15": "GZ2026110055", "fault-report": "GZ2026110054", "3.16": "TS00029", "3.17": "TS00026", "supervision": "TS00010",
    # 客户台账
    "visit-plan": "JH-03", "key-work-plan": "JH-04", "3.18": "BF2026110002", "3.19": "BF2026110002",
    "meeting-notice": "HY202611001", "meeting-minutes": "HY202611001", "service-report": "HY202611001",
    "greeting": "中国移动澜江市澜北区分公司",
    "checklist": "BF2026110002",  # 工作台账
}
#: The leases among them, those that the changes are of, and one that ends on 30 November.
LEASES = {"QR2021000036", "QR2018000001", "QR2024000323", "QR2021ZZ0001", "QR2025SF0001", "QR2022000107"}
BUTTONS = {orders()[button].paper: button for button in SHEETS}


@pytest.fixture(scope="module")
def user(full: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    home = tmp_path_factory.mktemp("every")
    folder = copied(full, home)
    keep_one(folder, LEASES)
    with seated(folder, home, NOWS[0]) as somebody:
        yield somebody


def entries(user: User) -> list[dict[str, object]]:
    """The papers entered in the open ledger."""
    heading, *rows = user.rows(LEDGER, "单据")
    return [dict(zip(heading, row, strict=True)) for row in rows]


@pytest.mark.parametrize("button", [BUTTONS[paper] for paper in READY])
def test_a_papers_button_makes_the_paper_of_the_selected_row_and_enters_it(user: User, button: str) -> None:
    paper = orders()[button].paper
    user.go(SHEETS[button], READY[paper])
    before = len(entries(user))
    done = user.press(button)
    *old, entry = entries(user)
    file = user.folder / "单据" / str(entry["文件"])
    assert (done.status, len(old), entry["表号"]) == (0, before, paper)
    assert file.read_bytes()[:2] == b"PK"
    assert done.said.splitlines()[:2] == [f"生成 1 份，存于“{user.folder / '单据'}”；扣发 0 份。", f"  {entry['单据编号']}  {file.name}"]


def test_what_was_entered_waits_in_the_open_ledger_for_the_user_to_save_it(user: User) -> None:
    assert len(entries(user)) == len(READY)
    assert look(user.folder, "单据") == []


# Buttons that work on the selected row.


def test_row_forms_makes_the_papers_ticked(user: User) -> None:
    user.go("需求", "XQ-YD-0045")
    done = user.press("row_forms", Answer("本行单据"))  # the one paper that can be made is ticked already
    assert done.status == 0
    assert done.said.startswith("生成 1 份")
    assert (entries(user)[-1]["名称"], entries(user)[-1]["台账行"]) == ("需求收集表", "XQ-YD-0045")


def test_explain_counts_the_days_of_the_deadline_chosen(user: User) -> None:
    user.go("需求", "XQ-LT-0035")
    done = user.press("explain", Answer("为何此日"))  # the first: K01
    assert done.status == 0
    # asked for on Sunday 5 July: Monday and Tuesday count
    assert "2个工作日；到期：2026-07-07" in done.said
    assert "计入：2026-07-06、2026-07-07" in done.said


def test_preview_tells_what_another_date_would_move_and_writes_nothing(user: User) -> None:
    user.go("需求", "XQ-LT-0035", "需求收集表签署日期")
    before = user.rows("需求台账.xlsx", "需求")
    done = user.press("preview", Answer("试改日期", "2026-12-01"))
    assert done.status == 0
    # ten workdays after 1 December: 2 to 4, 7 to 11, 14 and 15
    assert "K02 XQ-LT-0035：2026-07-21（按时办结） → 2026-12-15（等待）" in done.said
    assert user.rows("需求台账.xlsx", "需求") == before


def test_due_forms_makes_all_that_is_due_and_says_what_keeps_the_rest_back(user: User) -> None:
    user.go("需求", "XQ-YD-0017")
    before = len(entries(user))
    done = user.press("due_forms")
    made, kept = map(int, re.findall(r"(?:生成|扣发) (\d+) 份", done.said)[:2])
    new = entries(user)[before:]
    assert (done.status, kept > 0) == (1, True)
    assert 0 < len(new) <= made  # those made before are found again
    assert all((user.folder / "单据" / str(entry["文件"])).is_file() for entry in new)


# Buttons that work on the whole register.


def test_board_shows_the_deadlines_and_writes_them_beside_the_rows(user: User) -> None:
    user.go("需求", "XQ-YD-0017")
    assert user.press("board").status == 0
    assert user.bench.frame.Title.startswith("待办.xlsx")
    heading, *rows = user.rows("待办.xlsx", "待办")
    at = [heading.index(title) for title in ("单号", "时限", "状态", "剩余")]
    # asked for on Wednesday 18 November, two workdays: Friday the 20th; it is Saturday
    assert ["XQ-YD-0017", "K01", "逾期", "逾期1天"] in [[row[column] for column in at] for row in rows]
    heading, *rows = user.rows("需求台账.xlsx", "需求")
    (said,) = [row[heading.index("时限提示")] for row in rows if row[0] == "XQ-YD-0017"]
    assert said == "逾期 K01 2026-11-20（逾期1天）"


def test_check_lists_the_problems_and_says_them_beside_the_rows(user: User) -> None:
    user.go("故障", "GZ2026119004")  # its customer is not in the register
    assert user.press("check").status == 1
    assert user.bench.frame.Title.startswith("问题清单.xlsx")
    heading, *rows = user.rows("问题清单.xlsx", "问题")
    assert [row[heading.index("字段")] for row in rows if row[heading.index("单号")] == "GZ2026119004"] == ["客户名称"]
    heading, *rows = user.rows("服务台账.xlsx", "故障")
    (said,) = [row[heading.index("检查结果")] for row in rows if row[0] == "GZ2026119004"]
    assert "中国移动某某分公司" in said


def test_import_files_brings_a_file_into_the_open_workbook(user: User, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("客户名称,运营商,区县,服务等级\n按钮来的公司,移动,澜南区,标准\n", encoding="utf-8")
    user.go("客户", "中国移动澜江市澜北区分公司")
    done = user.press("import_files", Answer("选择来文", str(path), file=True))
    assert (done.status, done.said.splitlines()[0]) == (0, "new.csv（客户清单）：1 行，新增 1，更新 0，未变 0，拒收 0")
    assert user.rows("客户台账.xlsx", "客户")[-1][:4] == ["按钮来的公司", "移动", "澜南区", "标准"]


# Money. The month asked for is last month unless another one is typed.


def test_collection_shows_what_is_owed(user: User) -> None:
    user.go("账单", "2026-10")
    assert user.press("collection").status == 0
    assert user.bench.frame.Title.startswith("收款情况.xlsx")
    heading, *rows = user.rows("收款情况.xlsx", "收款")
    at = [heading.index(title) for title in ("账期", "运营商", "欠款（元）", "账龄")]
    # nothing came in, and the 25th is not over: the statements as they were entered
    assert sorted([row[column] for column in at] for row in rows) == [
        ["2026-10", "电信", 552260, "未到期"], ["2026-10", "移动", 523640, "未到期"], ["2026-10", "联通", 486540, "未到期"],
    ]


def test_expiring_shows_the_leases_that_end(user: User) -> None:
    user.go("账单", "2026-10")
    assert user.press("expiring").status == 0
    assert user.bench.frame.Title.startswith("到期租约.xlsx")
    heading, *rows = user.rows("到期租约.xlsx", "到期清单")
    ends = {row[heading.index("产品业务确认单编号")]: row[heading.index("服务结束日期")].date().isoformat() for row in rows}
    assert ends["QR2022000107"] == "2026-11-30"


def test_bill_preview_and_bill_make_the_same_files_and_bill_writes_the_statements(user: User) -> None:
    user.go("账单", "2026-10")
    before = user.rows("租约台账.xlsx", "账单")
    # two generator runs at the same time on one site: neither is billed, which is told
    assert user.press("bill_preview", Answer("预览")).status == 1
    assert user.rows("租约台账.xlsx", "账单") == before
    done = user.press("bill", Answer("出账", "2026-10"))
    assert done.status == 1
    home = user.folder / "账单"
    issued = contents(home / "2026-10")
    assert issued == contents(home / "2026-10（预览）")
    assert any(name.endswith(".docx") for name in issued)
    heading, *rows = user.rows("租约台账.xlsx", "账单")
    for row in rows:
        operator, leases, net = (row[heading.index(name)] for name in ("运营商", "订单数", "合计不含税（元）"))
        assert f"  {operator}  {leases:.0f} 条  不含税 {net:,.2f}  " in done.said


def test_reconcile_splits_the_difference_from_the_operators_own_list(user: User, tmp_path: Path) -> None:
    path = tmp_path / "yd.xlsx"
    path.write_bytes((SAMPLES / "移动账单_202610.xlsx").read_bytes())
    user.go("账单", "2026-10")
    done = user.press("reconcile", Answer("对账", "2026-10"), Answer("选择运营商的结算详单", str(path), file=True))
    assert done.status == 1
    assert "运营商侧 493,468.59" in done.said  # as counted of the list
    assert "未解释 0.00" in done.said
    assert "差异函" in {str(entry["名称"])[-3:] for entry in entries(user)}


def test_notices_enters_the_changes_of_the_month(user: User) -> None:
    user.go("账单", "2026-10")
    before = len(user.rows("租约台账.xlsx", "业务变更"))
    done = user.press("notices", Answer("费用变更"))
    assert done.status == 0
    entered = user.rows("租约台账.xlsx", "业务变更")[before:]
    assert len(entered) > 0
    assert f"新登记 {len(entered)} 行，通知单 {len(entered)} 份" in done.said


# Demands, sites, projects, papers.


def test_consolidate_writes_its_proposals_into_the_open_workbook(user: User) -> None:
    user.go("需求", "XQ-YD-0017")
    done = user.press("consolidate")
    _, *rows = user.rows("需求台账.xlsx", "需求整合")
    assert done.status in (0, 1)
    assert len(rows) == len(user.rows("需求台账.xlsx", "需求")) - 1
    assert (user.folder / "需求整合").is_dir()


@pytest.mark.parametrize(("button", "file", "sheet"), [
    ("sites", "站址资源.xlsx", "现状"), ("batches", "订单批次.xlsx", "本批"), ("changes", "变更跟踪.xlsx", "变更"),
])
def test_a_lists_button_shows_its_workbook(user: User, button: str, file: str, sheet: str) -> None:
    user.go("需求", "XQ-YD-0017")
    assert user.press(button).status in (0, 1)
    assert user.bench.frame.Title.startswith(file)
    assert user.rows(file, sheet)


def test_answers_lists_the_inquiries(user: User) -> None:
    user.go("需求", "XQ-YD-0017")
    assert "征询" in user.press("answers").said


def test_schedule_fills_in_the_milestones_of_the_open_workbook(user: User) -> None:
    user.go("项目", "XM2026-0006")
    done = user.press("schedule")
    heading, *rows = user.rows("交付台账.xlsx", "里程碑")
    bars = {row[heading.index("里程碑")]: row[heading.index("进度")] for row in rows if row[0] == "XM2026-0006"}
    assert "XM2026-0006" in done.said
    assert "〓" in bars["进场"]


def test_mail_drafts_a_letter_with_the_papers_selected(user: User) -> None:
    number = str(entries(user)[0]["单据编号"])
    user.go("单据", number)
    done = user.press("mail")
    assert done.said.startswith("邮件草稿 ")


# Tools.


def test_open_papers_opens_their_folder(user: User) -> None:
    assert user.press("open_papers").status == 0
    assert user.opened[-1] == str(user.folder / "单据")


def test_help_opens_the_guide(user: User) -> None:
    assert user.press("help").status == 0
    assert user.opened[-1].endswith("用户手册.html")
    assert user.press("help_word").status == 0
    assert user.opened[-1].endswith("用户手册.docx")


def test_help_pdf_puts_the_guide_into_the_folder_chosen_and_opens_it(user: User, tmp_path: Path) -> None:
    where = Answer("选择存放文件夹", str(tmp_path), ("Return", "Return"), file=True)
    assert user.press("help_pdf", where).status == 0
    assert user.opened[-1] == str(tmp_path / "用户手册.pdf")
    assert (tmp_path / "用户手册.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(("button", "said"), [
    ("workdays", "2026-10-10  班  国庆节调休补班"), ("lint", "没有问题"), ("doctor", "助手：正在运行"),
])
def test_a_button_puts_its_answer_before_the_user(user: User, button: str, said: str) -> None:
    assert said in user.press(button).said


def test_import_notice_takes_in_the_text_of_a_notice(user: User, tmp_path: Path) -> None:
    path = tmp_path / "2026.txt"
    path.write_bytes((HERE / "answers" / "notices" / "2026.txt").read_bytes())
    done = user.press("import_notice", Answer("选择放假通知（文本文件）", str(path), file=True))
    # off: 3 + 9 + 3 + 5 + 3 + 3 + 7; worked instead: 6
    assert (done.status, done.said.split("；")[0]) == (0, "读出 39 天，新增 39 天")
    assert len(look(user.folder, "节假日")) == 39


def test_init_makes_a_register_in_the_folder_chosen(user: User, tmp_path: Path) -> None:
    home = tmp_path / "new"
    home.mkdir()
    done = user.press("init", Answer("选择空白文件夹，台账将建在其中", str(home), ("Return", "Return"), file=True))
    assert (done.status, user.opened[-1]) == (0, str(home))
    assert {path.name for path in user.folder.glob("*台账.xlsx")} <= {path.name for path in home.iterdir()}


def test_every_button_of_the_ribbon_was_pressed(user: User) -> None:
    assert user.pressed == set(LABELS) - OFFICE  # which test_more_buttons presses
