"""Open points of the handbook: how each is settled in a register, and what another choice would move."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.city import contents, enter, put, run

NOW = "2026-03-13T09:00"


@pytest.fixture
def city(folder: Path) -> Path:
    enter(folder, """
    ## 需求
    | 需求编号 | 运营商 | 需求提出时间 | 需求收集表签署日期 |
    | A-1 | 移动 | 2026-03-12 | |
    | A-2 | 移动 | 2026-03-02 | 2026-03-04 |
    """)
    return folder


def rows_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    heading, *rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, heading), row, strict=True)) for row in rows]


def told(city: Path) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in run("assumptions", city, now=NOW).data["assumptions"]}


def test_every_open_point_says_its_default_and_the_reason(city: Path) -> None:
    found = told(city)
    assert {f"A{number:02}" for number in range(1, 19)} | {f"C{number}" for number in range(1, 11)} == found.keys()
    assert all(each["default"] in each["options"] and each["reason"] for each in found.values())


def test_counting_the_trigger_day_moves_every_running_deadline_a_day(city: Path) -> None:
    # K01 of A-1: two working days after Thursday the 12th are Friday and Monday; counting Thursday, Friday is the last.
    # K02 of A-2: ten after Wednesday the 4th end on the 18th; counting the 4th, on the 17th. K01 of A-2 is over.
    moved = told(city)["A01"]["effects"]["当日计入"]
    days = {(each["clock"], each["key"]): (each["old"], each["new"]) for each in moved}
    assert days["K01", "A-1"] == ("2026-03-16", "2026-03-13")
    assert days["K02", "A-2"] == ("2026-03-18", "2026-03-17")
    assert ("K01", "A-2") not in days


def test_the_day_to_act_by_counts_as_moved_too(city: Path) -> None:
    enter(city, "## 租约\n| 产品业务确认单编号 | 运营商 | 服务开始日期 | 服务结束日期 |\n| QR-1 | 移动 | 2021-07-01 | 2026-08-16 |")
    # Three months before Sunday the 16th of August is Saturday the 16th of May: acted on Friday, or Monday if rolled on.
    moved = told(city)["C2"]["effects"]["顺延"]
    assert [(each["clock"], each["old"], each["new"], each["why"]) for each in moved if each["clock"] == "K24"] == [
        ("K24", "2026-05-15", "2026-05-18", "应办日提前或顺延"),
    ]


def test_what_is_chosen_here_is_what_the_others_are_compared_with(city: Path) -> None:
    put(city, "假设", "A01", "采用", "当日计入")
    found = told(city)["A01"]
    assert (found["chosen"], list(found["effects"])) == ("当日计入", ["当日不计"])
    assert {each["new"] for each in found["effects"]["当日不计"] if each["key"] == "A-1"} == {"2026-03-16"}


def test_the_sheet_lists_points_and_deadlines_and_switches_nothing(city: Path) -> None:
    before = contents(city)
    answer = run("assumptions", city, now=NOW)
    after = contents(city)
    assert (answer.status, after.keys() - before.keys(), {name: after[name] for name in before}) == (0, {"假设.xlsx"}, before)
    rows = rows_of(city / "假设.xlsx", "假设")
    assert [row["换一种做法的影响"] for row in rows if row["编号"] == "A08"] == ["只有一种做法"]
    moves = {(row["编号"], row["单号"], row["换后到期"]) for row in rows_of(city / "假设.xlsx", "影响")}
    assert ("A01", "A-1", "2026-03-13") in moves


def test_one_switch_can_be_tried_like_a_date(city: Path) -> None:
    tried = run("preview", "A01", "采用", "当日计入", city, now=NOW)
    assert "K01 A-1：2026-03-16" in tried.text
