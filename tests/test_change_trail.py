"""The trail of a change: which path of §2.1.4 it takes by attribute, phase and fault, and what of it is done."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from macros.loops.changes import Trail, trails
from tests.city import codes, contents, enter, run
from tests.tables import register

TODAY = dt.date(2026, 4, 24)


def trail(
    solution: str, phase: str, party: str, change: str = "", cell: str = "", demand: str = "", days: str = "", more: str = "",
) -> Trail:
    """The trail of one change raised on 20 April 2026; further columns of the change and the demand with their cells."""
    column = "客户变更提出日期" if party == "客户" else "变更原因知悉日期"
    (found,), _ = trails(register(f"""
    ## 需求
    | 需求编号 | 运营商 | 需求属性 | 变更责任方 | {column} | {demand or "备注"} |
    | A-1 | 移动 | {solution} | {party} | 2026-04-20 | {days} |
    ## 变更
    | 变更编号 | 需求编号 | 提出方 | 所处阶段 | 变更内容及解决方案 | {change or "备注"} |
    | B-1 | A-1 | {party} | {phase} | 撤销 | {cell} |
    {more}
    """), TODAY)
    return found


def steps(found: Trail) -> dict[str, str]:
    return {step.id: step.state for step in found.steps}


PATHS = {
    # attribute, phase, fault → the steps of §2.1.4, in their order
    "独享选址": ("新建独享", "选址", "客户", "pause-talks costs bill compensate sign"),
    "独享施工": ("新建独享", "施工", "客户", "pause-works costs bill compensate sign"),
    "独享已交付": ("新建独享", "已交付", "客户", "costs bill compensate sign"),
    "新建共享选址": ("新建共享", "选址", "客户", "pause-talks scheme others views work compensate-work sign"),
    "存量共享施工": ("存量共享", "施工", "客户", "pause-works scheme others views work compensate-work sign"),
    "存量共享已交付": ("存量共享", "已交付", "客户", "scheme others views work compensate-work sign"),
    "我方独享选址": ("新建独享", "选址", "铁塔", "pause-talks search fee sign"),
    "我方共享施工": ("新建共享", "施工", "铁塔", "pause-works search fee sign"),
    "区域经理": ("存量共享", "施工", "区域经理", "pause-works search fee sign"),
    "我方已交付": ("新建独享", "已交付", "铁塔", "search fee sign"),
}


@pytest.mark.parametrize(("solution", "phase", "party", "expected"), PATHS.values(), ids=PATHS)
def test_the_path_goes_by_attribute_phase_and_fault(solution: str, phase: str, party: str, expected: str) -> None:
    assert " ".join(steps(trail(solution, phase, party))) == expected


EXCLUSIVE = {
    # 变更费用 typed, lines of 变更费用, 赔偿约定 → how the steps after the pause stand
    "不知费用": ("|", "", "open waits waits open"),
    "只有总额": ("6800 |", "", "open waits waits open"),
    "确无费用": ("0 |", "", "done spare spare open"),
    "有明细": ("6800 |", "| B-1 | 地勘费 | 6800 |", "done open open open"),
    "已约定": ("6800 | 据实赔偿", "| B-1 | 地勘费 | 6800 |", "done open done open"),
}


@pytest.mark.parametrize(("cells", "lines", "expected"), EXCLUSIVE.values(), ids=EXCLUSIVE)
def test_an_exclusive_site_is_compensated_for_itemised_costs(cells: str, lines: str, expected: str) -> None:
    found = trail("新建独享", "施工", "客户", "变更费用 | 赔偿约定", cells, more=f"## 变更费用\n| 变更编号 | 费用项目 | 金额 |\n{lines}")
    assert " ".join(state for name, state in steps(found).items() if name != "pause-works") == expected


SHARED = {
    # 是否影响其他客户, 其他客户意见, 变更费用 → others, views, work, compensation
    "什么都没填": ("| |", "", "open waits open waits"),
    "不影响，没做": ("否 | | 0", "", "done spare done spare"),
    "影响，未问": ("是 | | 0", "", "done open done spare"),
    "影响，已问": ("是 | 均同意 | 0", "", "done done done spare"),
    "已做": ("否 | | 500", "| B-1 | 设计费 | 500 |", "done spare done open"),
}


@pytest.mark.parametrize(("cells", "lines", "expected"), SHARED.values(), ids=SHARED)
def test_a_shared_site_asks_the_others_and_is_accommodated_unless_work_was_done(cells: str, lines: str, expected: str) -> None:
    found = trail(
        "新建共享", "选址", "客户", "是否影响其他客户 | 其他客户意见 | 变更费用", cells,
        more=f"## 变更费用\n| 变更编号 | 费用项目 | 金额 |\n{lines}",
    )
    told = steps(found)
    assert [told[name] for name in ("others", "views", "work", "compensate-work")] == expected.split()


def test_a_change_of_our_own_fault_goes_back_into_the_plan_and_never_asks_for_compensation() -> None:
    orders = "## 工单\n| 工单编号 | 工单类型 | 需求编号 | 下发日期 |\n"
    before = trail("新建独享", "选址", "铁塔", more=orders + "| G-1 | 启动筛查 | A-1 | 2026-03-09 |")
    assert steps(before)["search"] == "open"  # that was the search for the site that was lost
    after = trail(
        "新建独享", "选址", "铁塔", "新站址优惠费用", "30000", "停工通知日期 | 变更确认表签署日期", "2026-04-20 | 2026-04-23",
        more=orders + "| G-2 | 启动筛查 | A-1 | 2026-04-21 |",
    )
    assert steps(after) == {"pause-talks": "done", "search": "done", "fee": "done", "sign": "done"}
    assert after.next is None


SAID = {
    # what is entered → what is said to be done next
    "未暂停": ("", "", "", "立即下发暂停工单，停止施工"),
    "工单已下": ("", "", "## 工单\n| 工单编号 | 工单类型 | 需求编号 | 下发日期 |\n| G-1 | 暂停 | A-1 | 2026-04-20 |", "暂停工单已下发，请填写停工通知日期"),
    "已通知": ("停工通知日期", "2026-04-20", "", "请区域经理逐项核报，登记变更费用表；确无费用的，变更费用填0"),
    "明天才通知": ("停工通知日期", "2026-04-25", "", "立即下发暂停工单，停止施工"),
}


@pytest.mark.parametrize(("column", "day", "more", "expected"), SAID.values(), ids=SAID)
def test_the_next_step_is_the_first_that_is_open(column: str, day: str, more: str, expected: str) -> None:
    step = trail("新建独享", "施工", "客户", demand=column, days=day, more=more).next
    assert step is not None
    assert step.say == expected


UNKNOWN = {
    # attribute, phase, who raised it, whose fault → codes, cell of the first
    "没有属性": ("", "选址", "客户", "客户", ["LOO023"]),
    "没有阶段": ("新建独享", "", "客户", "客户", ["LOO023"]),
    "没有提出方": ("新建独享", "选址", "", "", ["LOO023"]),
    "没有责任方": ("新建独享", "选址", "客户", "", ["LOO024"]),
}


@pytest.mark.parametrize(("solution", "phase", "raised", "party", "expected"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_keeps_a_path_from_being_told_is_named(
    solution: str, phase: str, raised: str, party: str, expected: list[str],
) -> None:
    found, findings = trails(register(f"""
    ## 需求
    | 需求编号 | 运营商 | 需求属性 | 变更责任方 |
    | A-1 | 移动 | {solution} | {party} |
    ## 变更
    | 变更编号 | 需求编号 | 所处阶段 | 提出方 |
    | B-1 | A-1 | {phase} | {raised} |
    """), TODAY)
    assert [said.code for said in findings] == expected
    assert len(found) == (expected == ["LOO024"])


@pytest.fixture
def changed(folder: Path) -> Path:
    """An exclusive site changed by the customer while it was being built, and one changed by us and signed too early."""
    enter(folder, """
    ## 需求
    | 需求编号 | 运营商 | 站点名称 | 需求属性 | 变更责任方 | 客户变更提出日期 | 变更原因知悉日期 | 停工通知日期 | 变更确认表签署日期 |
    | A-1 | 移动 | 江东一 | 新建独享 | 客户 | 2026-04-20 | | | |
    | A-2 | 联通 | 江东二 | 新建共享 | 铁塔 | | 2026-04-21 | 2026-04-21 | 2026-04-23 |
    ## 变更
    | 变更编号 | 需求编号 | 提出方 | 所处阶段 | 变更原因 | 变更内容及解决方案 | 是否暂停 |
    | B-1 | A-1 | 客户 | 施工 | 网络调整 | 撤销 | 是 |
    | B-2 | A-2 | 铁塔 | 选址 | 业主反悔 | 另选新址 | 是 |
    ## 变更费用
    | 变更编号 | 费用项目 | 金额（元） |
    | B-1 | 地勘费 | 6800 |
    | B-1 | 设计费 | 1200.5 |
    """)
    return folder


def test_the_command_tells_the_next_step_and_leaves_the_register_alone(changed: Path, tmp_path: Path) -> None:
    before = contents(changed)
    answer = run("changes", changed, out=tmp_path / "出", now="2026-04-24T10:00")
    assert contents(changed) == before
    told: list[dict[str, Any]] = answer.data["changes"]
    # Monday 20 April: 21, 22, 23, 24
    assert [(each["key"], each["path"], each["days"], each["costs"], each["next"]) for each in told] == [
        ("B-1", "客户变更·新建独享·施工", 4, "8000.50", "pause-works"), ("B-2", "我方原因·选址", 3, "0", "search"),
    ]
    # a pause not told at once; a paper signed although the search for a new site was not ordered
    assert codes(answer) == ["LOO021", "LOO022"]
    book = openpyxl.load_workbook(answer.data["file"])
    assert [cell.value for cell in book["变更"][2]][7:] == [
        "客户变更·新建独享·施工", "§2.1.4.4", dt.datetime(2026, 4, 20), 4, 8000.5, 1, 4, "通知区域经理暂停施工：立即下发暂停工单，停止施工",
    ]
    assert [[cell.value for cell in row][2:5] for row in book["步骤"].iter_rows(min_row=2)][-2:] == [
        ["告知客户新站址的优惠费用", "§2.1.4.4", "待办"], ["签订附表3.5", "§2.1.4.3", "已办"],
    ]
