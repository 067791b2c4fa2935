"""Who has which customer: overlaps, gaps, reassignments, first-asked-owns, and wins split to the cent (R10)."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.customers.portfolio import against_files, at, doubts, held
from macros.customers.split import split
from macros.customers.wins import wins
from macros.register import Register
from tests.city import codes, enter, look, run
from tests.tables import register

TODAY = dt.date(2026, 11, 21)
HEAD = "## 客户分配\n| 分配编号 | 客户名称 | 区县 | 站址编码 | 客户经理 | 分成比例 | 首次受理日期 | 起始日期 | 截止日期 | 批准人 | 批准日期 | 分配原因 |\n"
SITE = "429000000000000001"


def table(rows: str, wins_: str = "") -> Register:
    return register(
        f"## 客户\n| 客户名称 | 运营商 | 服务等级 | 客户经理 |\n| 甲 | 移动 | VIP | |\n{HEAD}{rows}\n"
        f"## 业绩\n| 业绩编号 | 客户名称 | 区县 | 站址编码 | 取得日期 | 业绩内容 | 业绩金额 |\n{wins_}"
    )


def said(rows: str) -> list[tuple[str, str]]:
    made = table(rows)
    known, findings = held(made)
    return [(one.code, one.cell) for one in (*findings, *doubts(known, TODAY), *against_files(made, known, TODAY))]


ALONE = "| FP-1 | 甲 | | | 客户经理A | 100% | | 2025-01-01 | | | | |"
DOUBTS = [
    (ALONE, []),
    # Shared six to four from the start: nothing is wrong.
    ("| FP-1 | 甲 | | | 客户经理A | 60% | | 2025-01-01 | | | | |\n| FP-2 | 甲 | | | 客户经理B | 40% | | 2025-01-01 | | | | |", []),
    ("| FP-1 | 甲 | | | 客户经理A | 60% | | 2025-01-01 | | | | |", [("CUS033", "F2")]),
    # Two have all of it: the one asked later is told.
    ("| FP-1 | 甲 | | | 客户经理A | 100% | 2025-03-02 | 2025-03-02 | | | | |\n| FP-2 | 甲 | | | 客户经理B | 100% | 2025-03-01 | 2025-03-02 | | | | |", [("CUS032", "F2")]),
    # Handed on the very next day, approved the day before, with a reason.
    ("| FP-1 | 甲 | | | 客户经理A | 100% | | 2025-01-01 | 2026-06-30 | | | |\n| FP-2 | 甲 | | | 客户经理B | 100% | | 2026-07-01 | | 部门经理A | 2026-06-30 | 轮岗 |", []),
    ("| FP-1 | 甲 | | | 客户经理A | 100% | | 2025-01-01 | 2026-06-30 | | | |\n| FP-2 | 甲 | | | 客户经理B | 100% | | 2026-07-01 | | | | |", [("CUS035", "J3"), ("CUS037", "L3")]),
    ("| FP-1 | 甲 | | | 客户经理A | 100% | | 2025-01-01 | 2026-06-30 | | | |\n| FP-2 | 甲 | | | 客户经理B | 100% | | 2026-07-01 | | 部门经理A | 2026-07-02 | 轮岗 |", [("CUS036", "K3")]),
    # Nobody on 1 and 2 July.
    ("| FP-1 | 甲 | | | 客户经理A | 100% | | 2025-01-01 | 2026-06-30 | | | |\n| FP-2 | 甲 | | | 客户经理A | 100% | | 2026-07-03 | | 部门经理A | 2026-07-02 | 轮岗 |", [("CUS034", "I2")]),
    # Given up and never handed on.
    ("| FP-1 | 甲 | | | 客户经理A | 100% | | 2025-01-01 | 2026-06-30 | | | |", [("CUS034", "I2"), ("CUS038", "A2")]),
    ("| FP-1 | 甲 | | | 客户经理A | 100% | | 2025-01-01 | 2024-06-30 | | | |", [("CUS031", "I2")]),
    ("| FP-1 | | 东区 | | 客户经理A | 100% | | 2025-01-01 | | | | |", [("CUS030", "B2")]),
    # A site of its own beside the rest of the customer is no overlap.
    (f"{ALONE}\n| FP-2 | 甲 | | {SITE} | 客户经理B | 100% | | 2025-06-01 | | | | |", []),
]


@pytest.mark.parametrize(("rows", "expected"), DOUBTS)
def test_overlaps_gaps_and_reassignments_are_told_with_their_cell(rows: str, expected: list[tuple[str, str]]) -> None:
    assert said(rows) == expected


def test_an_overlap_names_its_days_and_whom_it_belongs_to() -> None:
    made = table("| FP-1 | 甲 | | | 客户经理A | 100% | 2025-03-02 | 2025-03-02 | | | | |\n| FP-2 | 甲 | | | 客户经理B | 100% | 2025-03-01 | 2025-05-01 | 2025-05-31 | | | |")
    (one, *_) = [one for one in doubts(held(made)[0], TODAY) if one.code == "CUS032"]
    assert "2025-05-01 至 2025-05-31 合计 200%，按首问负责归 客户经理B" in one.message


SCOPES = f"""{ALONE}
| FP-2 | 甲 | 东区 | | 客户经理B | 100% | | 2025-06-01 | | | | |
| FP-3 | 甲 | 东区 | {SITE} | 客户经理C | 100% | | 2025-07-01 | 2025-07-31 | | | |"""
WHO = [("", "", "2026-01-01", "客户经理A"), ("西区", "", "2026-01-01", "客户经理A"), ("东区", "", "2026-01-01", "客户经理B"),
       ("东区", "", "2025-05-31", "客户经理A"), ("东区", SITE, "2025-07-31", "客户经理C"), ("东区", SITE, "2025-08-01", "客户经理B")]


@pytest.mark.parametrize(("county", "site", "day", "manager"), WHO)
def test_the_narrowest_assignment_of_the_day_decides(county: str, site: str, day: str, manager: str) -> None:
    (one,) = at(held(table(SCOPES))[0], "甲", county, site, dt.date.fromisoformat(day))
    assert one.manager == manager


SHARED = "| FP-1 | 甲 | | | 客户经理A | 50% | 2025-01-01 | 2025-01-01 | | | | |\n| FP-2 | 甲 | | | 客户经理B | 25% | 2025-02-01 | 2025-01-01 | | | | |\n| FP-3 | 甲 | | | 客户经理C | 25% | 2025-03-01 | 2025-01-01 | | | | |"
# 10.01: a quarter is 2.5025, half up 2.50, twice; 5.01 is left for the first asked. 0.02: a quarter is 0.005, half up 0.01 each;
# nothing is left for the first. 0.01: 0.0025 is 0.00 each; all of it is the first's.
SPLITS = [("1000.00", ["500.00", "250.00", "250.00"]), ("10.01", ["5.01", "2.50", "2.50"]), ("0.02", ["0.00", "0.01", "0.01"]), ("0.01", ["0.01", "0.00", "0.00"])]


@pytest.mark.parametrize(("amount", "parts"), SPLITS)
def test_a_win_is_split_by_the_shares_of_its_day(amount: str, parts: list[str]) -> None:
    made = table(SHARED, f"| YJ-1 | 甲 | | | 2026-05-01 | 楼宇室分 | {amount} |")
    ((win,), findings) = wins(made, held(made)[0])
    assert ([str(part) for _, _, part in win.parts], findings) == (parts, [])
    assert [who for who, _, _ in win.parts] == ["客户经理A", "客户经理B", "客户经理C"]


def test_a_win_of_a_day_without_a_whole_is_not_split() -> None:
    made = table(SHARED.replace("| 50% |", "| 40% |"), "| YJ-1 | 甲 | | | 2026-05-01 | 楼宇室分 | 10 |\n| YJ-2 | 甲 | | | 2024-05-01 | 楼宇室分 | 10 |")
    found, findings = wins(made, held(made)[0])
    assert (found, [(one.code, one.cell) for one in findings]) == ([], [("CUS040", "G2"), ("CUS040", "G3")])


CENTS = st.integers(-10**12, 10**12).map(lambda cents: Decimal(cents) / 100)


@settings(max_examples=200, deadline=None)
@given(CENTS, st.lists(st.integers(0, 10000), min_size=0, max_size=7))
def test_the_parts_are_the_amount_again_and_each_is_within_a_cent_of_its_share(amount: Decimal, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), 10000]
    shares = [Decimal(right - left) / 10000 for left, right in itertools.pairwise(edges)]
    parts = split(amount, shares)
    assert sum(parts) == amount
    assert all(part == part.quantize(Decimal("0.01")) for part in parts)
    assert all(abs(part - amount * share) <= Decimal("0.005") for part, share in zip(parts[1:], shares[1:], strict=True))
    assert abs(parts[0] - amount * shares[0]) <= Decimal("0.005") * len(parts)


def test_the_command_shows_the_portfolio_and_fills_in_the_split(folder: Path) -> None:
    enter(folder, f"""
        ## 客户
        | 客户名称 | 运营商 | 服务等级 | 客户经理 |
        | 甲 | 移动 | VIP | 客户经理C |
        {HEAD}| FP-1 | 甲 | | | 客户经理A | 100% | | 2025-01-01 | 2026-06-30 | | | |
        | FP-2 | 甲 | | | 客户经理B | 60% | 2026-06-01 | 2026-07-01 | | 部门经理A | 2026-06-30 | 轮岗 |
        | FP-3 | 甲 | | | 客户经理A | 40% | 2026-06-02 | 2026-07-01 | | 部门经理A | 2026-06-30 | 留存份额 |
        ## 业绩
        | 业绩编号 | 客户名称 | 取得日期 | 业绩内容 | 业绩金额（元） |
        | YJ-1 | 甲 | 2026-06-30 | 铁塔两座 | 100.01 |
        | YJ-2 | 甲 | 2026-07-01 | 室分一处 | 100.01 |
    """)
    answer = run("customers", folder, now="2026-11-21T09:00:00")
    assert [code for code in codes(answer) if code.startswith("CUS03") or code.startswith("CUS04")] == ["CUS039"]
    # 100.01 × 40 % = 40.004, 40.00; 60.01 is left for the first asked.
    assert [row["分成结果"] for row in look(folder, "业绩")] == ["客户经理A 100% 100.01元", "客户经理B 60% 60.01元；客户经理A 40% 40.00元"]
    rows = list(openpyxl.load_workbook(folder / "客户分析.xlsx")["客户分配"].iter_rows(min_row=2, values_only=True))
    assert [(row[2], row[3], row[6], row[7], row[9]) for row in rows[:3]] == [
        ("客户经理A", 1, "已截止", None, None), ("客户经理B", 0.6, "现任", "部门经理A 2026-06-30", "首问负责"),
        ("客户经理A", 0.4, "现任", "部门经理A 2026-06-30", None),
    ]
