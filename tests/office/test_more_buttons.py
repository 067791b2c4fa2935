"""The buttons of plans, reports and the register's safety pressed in a visible LibreOffice over the sample city."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.city import NOWS, copied, look, put
from tests.office.county import keep_one
from tests.office.pressing import LEDGER, OFFICE, Answer, User, seated

pytestmark = pytest.mark.office
#: Tk's window for a folder takes a typed path with one key, and closes with another.
TAKEN = ("Return", "Return")
CHOOSE = "选择台账文件夹"
#: What is planned for December: 90 calls on 18 customers in five weeks, 18 meetings, 17 visits of the head (the
#: eighteenth customer had its own on 19 November), 5 files to look over, a matter to follow up, and the month's list,
#: reconciliation and money.
DECEMBER = 90 + 18 + 17 + 5 + 1 + 3


@pytest.fixture(scope="module")
def user(full: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    home = tmp_path_factory.mktemp("more")
    folder = copied(full, home)
    keep_one(folder, set())
    with seated(folder, home, NOWS[0]) as somebody:
        somebody.go("需求", "XQ-LT-0035")
        yield somebody


def column(user: User, workbook: str, sheet: str, title: str) -> list[Any]:
    """A column of a sheet as it stands in the open workbook."""
    heading, *rows = user.rows(workbook, sheet)
    return [row[heading.index(title)] for row in rows]


def folder(title: str, path: Path) -> Answer:
    """A folder chosen."""
    return Answer(title, str(path), TAKEN, file=True)


# Lists of the day: each comes to the front as a workbook.


def test_the_dashboard_adds_up_what_is_owed(user: User) -> None:
    assert user.press("dashboard").status == 0
    assert user.bench.frame.Title.startswith("工作台.xlsx")
    titles, numbers = user.rows("工作台.xlsx", "工作台")[1:3]
    # the statements of October: 552,260 + 523,640 + 486,540
    assert dict(zip(titles, numbers, strict=True))["欠款（元）"] == 1562440


def test_service_counts_the_share_that_heard_back_in_time(user: User) -> None:
    user.go("故障", "GZ2026110055")
    assert user.press("service").status == 0
    assert user.bench.frame.Title.startswith("服务情况.xlsx")
    heading, *rows = user.rows("服务情况.xlsx", "指标")
    first = dict(zip(heading, rows[0], strict=True))
    # 19 faults were reported in November; two are too young to be judged
    assert (first["指标"], first["达到"], first["未达到"], first["未判定"]) == ("首次反馈及时率", 9, 8, 2)


def test_customers_grades_all_eighteen(user: User) -> None:
    user.go("客户", "中国移动澜江市澜北区分公司")
    assert user.press("customers").status == 0
    assert user.bench.frame.Title.startswith("客户分析.xlsx")
    grades = dict(zip(column(user, "客户分析.xlsx", "分级与依据", "客户名称"), column(user, "客户分析.xlsx", "分级与依据", "级别"), strict=True))
    assert (len(grades), grades["中国移动澜江市澜北区分公司"]) == (18, "B")


def test_visits_tells_who_was_called_on_this_week(user: User) -> None:
    user.go("拜访", "BF2026110002")
    assert user.press("visits").status == 0
    assert user.bench.frame.Title.startswith("拜访情况.xlsx")
    # Tuesday one customer and Thursday another, of eighteen
    assert user.rows("拜访情况.xlsx", "各周情况")[1] == ["2026-W47", 2, 16]


@pytest.mark.parametrize(("button", "file", "sheet", "first"), [
    ("care", "关怀日历.xlsx", "关怀日历", "状态"),
    ("assumptions", "假设.xlsx", "假设", "编号"),
    ("selftest", "自检.xlsx", "结论", "结果"),
])
def test_a_lists_button_shows_its_workbook(user: User, button: str, file: str, sheet: str, first: str) -> None:
    user.go("联系人", "中国移动澜江市澜北区分公司")
    assert user.press(button).status == 0
    assert user.bench.frame.Title.startswith(file)
    assert user.rows(file, sheet)[0][0] == first


def test_checklist_tells_what_is_to_be_gone_through(user: User) -> None:
    user.go("联系人", "中国移动澜江市澜北区分公司")
    said = user.press("checklist").said
    assert "月末收尾（每月，7条）：2026-11 尚未开始，应于 2026-11-30 完成" in said


# The plan of December, from its making to its approval; nothing of it stands in the file before the user saves.


def states(user: User) -> list[Any]:
    months = column(user, "客户台账.xlsx", "工作计划", "月份")
    return [state for month, state in zip(months, column(user, "客户台账.xlsx", "工作计划", "状态"), strict=True) if month == "2026-12"]


def test_a_question_closed_leaves_all_as_it_is(user: User) -> None:
    user.go("工作计划", "JH-03")
    before = user.rows("客户台账.xlsx", "工作计划")
    done = user.press("plan_make", Answer("编制计划", keys=("Escape",)))
    assert (done.status, done.said) == (0, "")
    assert user.rows("客户台账.xlsx", "工作计划") == before


def test_plan_make_enters_a_month_of_calls(user: User) -> None:
    user.go("工作计划", "JH-03")
    done = user.press("plan_make", Answer("编制计划", "2026-12"))
    # 18 customers in each of five weeks are 90 calls
    assert f"新编 {DECEMBER} 项" in done.said and "上门拜访 90" in done.said
    assert states(user) == ["计划"] * DECEMBER


@pytest.mark.parametrize(("button", "answers", "state"), [
    ("plan_submit", [], "已提交"),
    ("plan_return", ["again"], "计划驳回"),
    ("plan_submit", [], "已提交"),
    ("plan_approve", [], "已审批"),
])
def test_a_plan_goes_from_the_manager_to_the_head_and_back(user: User, button: str, answers: list[str], state: str) -> None:
    user.go("工作计划", "JH-03")
    title = {"plan_submit": "提交计划", "plan_return": "退回计划", "plan_approve": "审批计划"}[button]
    # month; who, as the settings say; why
    done = user.press(button, Answer(title, "2026-12"), Answer(title), *(Answer(title, text) for text in answers))
    assert done.status == 0
    assert states(user) == [state] * DECEMBER


def test_plan_carry_brings_nothing_over_from_a_month_without_a_plan(user: User) -> None:
    user.go("工作计划", "JH-03")
    before = user.rows("客户台账.xlsx", "工作计划")
    done = user.press("plan_carry", Answer("结转计划"))
    assert (done.status, done.said[:9]) == (0, "2026-11计划")
    assert user.rows("客户台账.xlsx", "工作计划") == before


# Reports. The period asked for is the one that last ended.


@pytest.mark.parametrize(("button", "answers", "said", "papers"), [
    ("report_week", [], "拜访 2 次、上门 2 户", ["周工作小结"]),
    ("report_month", ["月度分析"], "本月受理故障24件、投诉10件", ["月度分析报告"]),
    ("report_quarter", ["走访季报"], "2026年第3季度走访督办", ["走访督办季报"]),
    ("report_kpi", ["考核"], "2026年第3季度考核", []),
    ("report_forecast", ["预测分析"], "2026年10月需求预测分析", []),
])
def test_a_report_is_made_and_entered(user: User, button: str, answers: list[str], said: str, papers: list[str]) -> None:
    user.go("故障", "GZ2026110055")
    before = len(user.rows(LEDGER, "单据"))
    done = user.press(button, *map(Answer, answers))
    assert done.status == 0
    assert said in done.said
    made = user.rows(LEDGER, "单据")[before:]
    assert len(made) >= 1
    names = [row[user.rows(LEDGER, "单据")[0].index("名称")] for row in made]
    assert [name for name in papers if name not in names] == []


def test_report_meeting_prepares_the_meetings_of_the_month(user: User) -> None:
    user.go("联席会议", "HY202611001")
    done = user.press("report_meeting", Answer("会议材料"))
    assert done.said.startswith("2026-11 会议 18 次")  # one with each customer
    assert len([one for one in column(user, "客户台账.xlsx", "联席会议", "会议编号") if one]) == 18


def test_report_handover_packs_what_the_next_one_needs(user: User) -> None:
    user.go("客户", "中国移动澜江市澜北区分公司")
    done = user.press("report_handover", Answer("离任交接"), Answer("离任交接", "B"))
    assert done.said.startswith("客户经理A → B 工作交接：")
    assert (user.folder / "报告" / "交接 客户经理A 2026-11-21").is_dir()


# The register's safety works on the files: what is open has to be saved, or closed.


def test_history_tells_what_became_of_the_row(user: User) -> None:
    user.go("需求", "XQ-LT-0035")
    assert "“运营商”：空 → 联通（新增行）" in user.press("history").said


@pytest.mark.parametrize("button", ["snapshot", "mask"])
def test_a_copy_is_not_made_while_something_is_not_saved(user: User, button: str) -> None:
    user.go("需求", "XQ-LT-0035")
    user.bench.app.books["需求台账.xlsx"].sheets["需求"].range((400, 30)).value = "x"
    done = user.press(button)
    assert done.status == 2
    assert "需求台账.xlsx" in done.said and "请保存这些工作簿再点一次" in done.said
    user.bench.app.books["需求台账.xlsx"].sheets["需求"].range((400, 30)).value = None


def test_snapshot_keeps_the_register_as_saved(user: User) -> None:
    user.save()
    done = user.press("snapshot", Answer("留存", "month end"))
    assert (done.status, done.said[:6]) == (0, "已留存副本 ")
    assert len(list((user.folder / "留存" / "副本").iterdir())) >= 1


def test_verify_finds_nothing_wrong(user: User) -> None:
    done = user.press("verify")
    assert (done.status, "首尾相接" in done.said) == (0, True)


def test_mask_leaves_no_telephone_in_the_copy(user: User, tmp_path: Path) -> None:
    user.save()
    out = tmp_path / "masked"
    out.mkdir()
    done = user.press("mask", folder("选择存放文件夹", out))
    assert done.status == 0
    assert {row["电话"] for row in look(user.folder, "联系人")} & {row["电话"] for row in look(out, "联系人")} <= {None}


def test_rollup_sums_up_the_registers_below_a_folder(user: User, tmp_path: Path) -> None:
    out = tmp_path / "province"
    out.mkdir()
    done = user.press("rollup", folder("选择装着各市台账的文件夹", user.folder.parent), folder("选择存放文件夹", out))
    assert "汇总 1 个市" in done.said
    assert (out / "全省汇总.xlsx").is_file()


@pytest.mark.parametrize("button", ["restore", "merge"])
def test_what_replaces_the_files_wants_them_closed_and_says_how(user: User, button: str) -> None:
    user.go("需求", "XQ-LT-0035")
    done = user.press(button)
    assert done.status == 2
    assert "打开着 单据登记簿.xlsx、需求台账.xlsx。请保存并关闭这些工作簿，打开一个空白工作簿" in done.said


def name_of(user: User) -> object:
    """The site of the demand as it stands in the file."""
    book = openpyxl.load_workbook(user.folder / "需求台账.xlsx")
    heading, *rows = book["需求"].iter_rows(values_only=True)
    return next(row[heading.index("站点名称")] for row in rows if row[0] == "XQ-LT-0035")


def test_merge_takes_in_what_a_colleague_changed_and_restore_goes_back(user: User, tmp_path: Path) -> None:
    user.leave(tmp_path / "blank.xlsx")
    theirs = tmp_path / "copy"
    shutil.copytree(user.folder, theirs)
    put(theirs, "需求", "XQ-LT-0035", "站点名称", "水磨镇新加油站")
    done = user.press("merge", folder(CHOOSE, user.folder), folder("选择同事改过的那份台账", theirs))
    assert "需求台账.xlsx：取对方 1 处" in done.said
    assert name_of(user) == "水磨镇新加油站"
    # the newest copy is the one kept before the merge
    done = user.press("restore", folder(CHOOSE, user.folder), Answer("恢复"))
    assert "需求台账.xlsx" in done.said
    assert name_of(user) == "澜北区水磨镇加油站"


def test_every_button_of_these_was_pressed(user: User) -> None:
    assert user.pressed == OFFICE
