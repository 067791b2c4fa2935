"""Bad input to a month's bill, typed into a register: what is said of each row, what goes on, what was left out."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from macros.billing.tables import tables
from macros.commands import Answer
from macros.commands.bill import run as month_run
from tests.city import contents, enter, look, put, run

A, B, C, D, E = (f"42980170000000002{n}" for n in range(5))
HEAD = (
    "| 产品业务确认单编号 | 运营商 | 区县 | 站址编码 | 站址名称 | 产品类型 | 产品类别 | 天线挂高（米） | 产品单元数 | 铁塔建造成本（元） "
    "| 油机发电服务费模式 | 服务开始日期 | 服务结束日期 |"
)
# A tower of 100000 alone costs 100000 ÷ 10 × 1.02 × 1.1 = 11220 a year, 935.00 a month.
GOOD = f"## 租约\n{HEAD}\n| GOOD | 移动 | 澜南区 | {A} | 花园 | 普通地面塔 | | 30 | 1 | 100000 | 按次 | 2024-01-01 | |\n"
LEASES = GOOD + f"""
| OVER-1 | 联通 | 澜南区 | {B} | 城东 | 普通地面塔 | | 30 | 1 | 100000 | 按次 | 2024-01-01 | |
| OVER-2 | 联通 | 澜南区 | {B} | 城东 | 普通地面塔 | | 30 | 1 | 100000 | 按次 | 2025-01-01 | |
| ENDS | 移动 | 澜南区 | {C} | 河口 | 普通地面塔 | | 30 | 1 | 100000 | 按次 | 2024-01-01 | 2023-12-31 |
| KIND | 移动 | 澜南区 | {C} | 河口 | 太空塔 | | 30 | 1 | 100000 | 按次 | 2024-01-01 | |
| COST | 移动 | 澜南区 | {C} | 河口 | 普通地面塔 | | 60 | 1 | | 按次 | 2024-01-01 | |
| INDOOR | 电信 | 澜南区 | {C} | 河口 | | 室分类 | | 1 | 0 | 按次 | 2024-01-01 | |
| FOURTH | 广电 | 澜南区 | {A} | 花园 | 普通地面塔 | | 30 | 1 | 100000 | 按次 | 2024-01-01 | |
| SUM | 移动 | 澜南区 | {D} | 城西 | 普通地面塔 | | 30 | 1 | 100000 | 包干 | 2024-01-01 | |
| TURN | 移动 | 澜南区 | {E} | 城北 | 普通地面塔 | | 30 | 1 | 100000 | 按次 | 2024-01-01 | 2026-10-11 |
| TURN | 移动 | 澜南区 | {E} | 城北 | 普通地面塔 | | 30 | 1 | 200000 | 按次 | 2026-10-11 | |
## 油机发电
| 运维系统工单号 | 运营商 | 区县 | 站址编码 | 开始时间 | 结束时间 | 地形 | 发电结果 |
| Y1 | 移动 | 澜南区 | {A} | 2026-10-08 08:00 | 2026-10-08 09:00 | 平原 | 成功 |
| Y1 | 移动 | 澜南区 | {A} | 2026-10-08 08:00 | 2026-10-08 09:00 | 平原 | 成功 |
"""
# What is said: the code, the cell, and the cure; then what the control sheet says was left out.
SAID = {
    "overlapping leases of one operator on one site": ("BIL007", "AA4", "请确认不是重复登记"),
    "end before start": ("CHK020", "AB5", "请核对两个日期"),
    "unknown product": ("BIL067", "H6", "请改为产品目录中的名称"),
    "no cost": ("CHK001", "O7", "请补填"),
    "no price of the year": ("BIL065", "AT8", "补上年标准单价"),
    "fourth tenant": ("VAL041", "B9", "请改选其中一项"),
    "a yearly sum left blank": ("BIL060", "AI10", "请填写每年的包干金额"),
    "two rows of one lease that overlap": ("CHK050", "A12", "请删除多余的行或更正编号"),
    "a run entered twice": ("BIL061", "A3", "请删去第 3 行"),
}
LEFT_OUT = [
    ["待核实", "租约", "INDOOR", "室分类产品按每年的基准价格计费"], ["待核实", "租约", "ENDS", "“服务结束日期”不得早于"], ["待核实", "租约", "COST", "“铁塔建造成本”为必填"],
    ["待核实", "租约", "FOURTH", "本列只能填：移动、联通、电信"], ["待核实", "租约", "TURN", "本行（第12行）重复"],
    ["待核实", "租约的油机包干费", "SUM", "“油机发电服务费包干”为空"],
    ["不计费", "油机", "Y1", "第 3 行与第 2 行完全相同"],
]
PLACES = [("租约", 8), ("租约", 5), ("租约", 7), ("租约", 9), ("租约", 12), ("租约", 10), ("油机发电", 3)]
# TURN's first row ends on the 11th: 11 of 31 days of 935 are 331.77. OVER-1 and OVER-2 are one tenant, each alone.
BILLED = {"GOOD": "935.00", "OVER-1": "935.00", "OVER-2": "935.00", "KIND": "935.00", "SUM": "935.00", "TURN": "331.77"}


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Answer:
    """October billed from a register of bad rows. Only for reading."""
    folder = shutil.copytree(blank, tmp_path_factory.mktemp("bad") / "台账")
    enter(folder, LEASES)
    return run("bill", "2026-10", folder, now="2026-11-03T09:00:00")


def left_out(answer: Answer) -> list[list[Any]]:
    """The rows of 未出账 in the control workbook, without headings."""
    (path,) = Path(answer.data["folder"]).glob("出账控制表*.xlsx")
    sheet = openpyxl.load_workbook(path)["未出账"]
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True) if any(cell is not None for cell in row)]


@pytest.mark.parametrize(("code", "cell", "cure"), SAID.values(), ids=SAID.keys())
def test_each_bad_row_is_told_with_its_cell_and_the_cure(bad: Answer, code: str, cell: str, cure: str) -> None:
    (found,) = [one for one in bad.data["findings"] if one["code"] == code]
    assert (found["workbook"], found["cell"]) == ("租约台账.xlsx", cell)
    assert cure in found["message"]


def test_the_others_are_billed(bad: Answer) -> None:
    assert {one["key"]: one["amount"] for one in bad.data["lines"]} == BILLED
    assert [(one["key"], one["fee"]) for one in bad.data["runs"]] == [("Y1", "220.00"), ("Y1", "0.00")]
    control = bad.data["control"]
    assert control["leases_in"] == 11 == control["lines_out"] + len(control["excluded"])
    assert bad.status == 1


def test_the_control_sheet_says_what_was_left_out_and_where_it_stands(bad: Answer) -> None:
    rows = left_out(bad)
    assert [row[:3] for row in rows] == [row[:3] for row in LEFT_OUT]
    assert [(row[2], words) for row, (*_, words) in zip(rows, LEFT_OUT, strict=True) if words not in row[6]] == []
    assert [str(row[7]).rpartition("!")[2] for row in rows] == [f'A{row}","{place} 第{row}行")' for place, row in PLACES]


def test_annex_3_10_lists_a_run_entered_twice_once(bad: Answer) -> None:
    assert [one["key"] for one in bad.data["documents"] if one["form"] == "3.10"] == ["2026-10/移动"]
    (statement,) = [one for one in bad.data["statements"] if one["customer"] == "移动"]
    # 935.00 × 3 + 331.77 + 220.00
    assert statement["total_ex_tax"] == "3356.77"


# ---- Gaps in the parameters


def price_row(folder: Path, parameter: str) -> int:
    """Where the last row of a parameter stands in 计费参数."""
    rows = look(folder, "计费参数")
    return max(number for number, row in enumerate(rows, 2) if row["参数"] == parameter)


def ends(folder: Path, parameter: str, day: str) -> None:
    """Let a parameter's last row end earlier."""
    path = folder / "参数.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["计费参数"]
    column = next(cell.column for cell in sheet[1] if cell.value == "失效日期")
    sheet.cell(price_row(folder, parameter), column).value = day
    book.save(path)


def test_a_gap_in_the_price_table_is_told_and_nothing_is_billed_on_its_days(folder: Path) -> None:
    """No mark-up from 15 October: GOOD needs those days, SHORT ended before them: 14 × 935 ÷ 31 = 422.26."""
    enter(folder, GOOD + f"| SHORT | 联通 | 澜南区 | {B} | 城东 | 普通地面塔 | | 30 | 1 | 100000 | 按次 | 2024-01-01 | 2026-10-14 |\n")
    ends(folder, "成本加成率", "2026-10-14")
    made = run("bill", "2026-10", folder, now="2026-11-03T09:00:00")
    (said,) = [one for one in made.data["findings"] if one["severity"] == "error"]
    assert said["code"] == "PRC004" and "2026-10-15 没有：成本加成率" in said["message"] and "计费参数" in said["message"]
    assert {one["key"]: one["amount"] for one in made.data["lines"]} == {"SHORT": "422.26"}
    assert [row[:3] for row in left_out(made)] == [["待核实", "租约", "GOOD"]]


def test_a_month_without_a_tax_rate_is_told_with_its_row_and_nothing_is_issued_without_tax(folder: Path) -> None:
    enter(folder, GOOD)
    ends(folder, "增值税率", "2026-09-30")
    made = run("bill", "2026-10", folder, now="2026-11-03T09:00:00")
    (said,) = [one for one in made.data["findings"] if one["severity"] == "error"]
    row = price_row(folder, "增值税率")
    assert (said["code"], said["workbook"], said["cell"]) == ("PRC063", "参数.xlsx", f"J{row}")
    assert "这一行到 2026-09-30 为止" in said["message"]
    assert (made.data["statements"], made.data["documents"]) == ([], [])
    assert [row_[:3] for row_ in left_out(made)] == [["待核实", "租约", "GOOD"]]


def test_a_month_without_parameters_bills_nothing_and_says_so(folder: Path) -> None:
    enter(folder, GOOD)
    made = run("bill", "2028-01", folder, now="2028-02-03T09:00:00")
    codes = {one["code"] for one in made.data["findings"]}
    assert "PRC004" in codes and made.data["lines"] == []
    assert [row[:3] for row in left_out(made)] == [["待核实", "租约", "GOOD"]]


# ---- A control check that does not hold


@pytest.fixture
def torn(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register, and a program with a mistake: the last row of annex 3.9 gets lost."""
    put(folder, "假设", "收款账户", "采用", "示例银行 0000 1111")
    enter(folder, GOOD + f"| MORE | 移动 | 澜南区 | {B} | 城东 | 普通地面塔 | | 30 | 1 | 100000 | 按次 | 2024-01-01 | |\n")

    def losing(*given: Any) -> dict[str, Any]:
        made = tables(*given)
        return made | {"charge": made["charge"][:-1]}

    monkeypatch.setattr(month_run, "tables", losing)
    return folder


def test_a_month_that_does_not_tie_is_not_issued_and_nothing_is_written(torn: Path) -> None:
    before = contents(torn)
    made = run("bill", "2026-10", torn, now="2026-11-03T09:00:00")
    errors = [one for one in made.data["findings"] if one["severity"] == "error"]
    assert {one["code"] for one in errors} == {"MON001", "BIL070"}
    # Two leases of 935.00 are on the statement, one is on annex 3.9.
    assert any("附表3.9、3.10逐行之和" in one["message"] and "左边 935.00，右边 1870.00" in one["message"] for one in errors)
    assert "请用 --dry-run 预览" in errors[-1]["message"]
    assert (made.status, made.data["documents"], "folder" in made.data) == (1, [], False)
    assert contents(torn) == before
    assert not (torn / "账单" / "2026-10").exists()


def test_a_preview_of_a_month_that_does_not_tie_shows_which_check_fails(torn: Path) -> None:
    made = run("bill", "2026-10", torn, now="2026-11-03T09:00:00", dry_run=True)
    assert "MON001" in {one["code"] for one in made.data["findings"]}
    (path,) = Path(made.data["folder"]).glob("出账控制表*.xlsx")
    marks = [row[0] for row in openpyxl.load_workbook(path)["控制表"].iter_rows(min_row=2, values_only=True)]
    assert "✗" in marks and "✓" in marks


def test_a_month_is_issued_once_the_mistake_is_mended(torn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("bill", "2026-10", torn, now="2026-11-03T09:00:00")
    monkeypatch.setattr(month_run, "tables", tables)
    made = run("bill", "2026-10", torn, now="2026-11-03T10:00:00")
    assert made.status == 0
    assert [one["total_ex_tax"] for one in made.data["statements"]] == ["1870.00"]
