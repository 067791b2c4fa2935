"""Schedules drawn backwards: every day counted by hand, what keeps a plan from fitting, what a week changed."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from macros.calendars import base
from macros.delivery.progress import Stone, lines
from macros.delivery.schedule import Planned, drawn, template_for
from tests.city import codes, enter, look, put, run
from tests.papers import text


def plan(product_class: str, solution: str, begin: dt.date, deliver: dt.date) -> dict[str, Planned]:
    template = template_for(product_class, solution)
    assert template is not None
    return {each.milestone: each for each in drawn(template.steps, begin, deliver, base())}


def test_a_new_tower_is_drawn_back_from_its_day() -> None:
    # 交付 12-31; its 5 days are 25, 28, 29, 30, 31 Dec, so 内验 by Thu 24; 3 days 22–24 → 总体完工 Mon 21; 2 days 18, 21 →
    # 铁塔 and 配套 Thu 17; 铁塔 15 days 27 Nov–17 Dec → 土建 Thu 26 Nov; 配套 10 days 4–17 Dec → 引电 Thu 3 Dec;
    # 土建 20 days 30 Oct–26 Nov → 进场 Thu 29 Oct.
    made = plan("铁塔类", "新建独享", dt.date(2026, 8, 3), dt.date(2026, 12, 31))
    assert {name: each.last.isoformat()[5:] for name, each in made.items()} == {
        "进场": "10-29", "土建完成": "11-26", "引电完成": "12-03", "铁塔完成": "12-17", "配套完成": "12-17",
        "总体完工": "12-21", "内验完成": "12-24", "交付完成": "12-31",
    }


def test_the_chain_without_room_is_critical_and_the_rest_says_its_room() -> None:
    # Power (20 days) and 配套 (10) take 5 days less than ground work (20) and tower (15).
    made = plan("铁塔类", "新建独享", dt.date(2026, 8, 3), dt.date(2026, 12, 31))
    assert [name for name, each in made.items() if not each.critical] == ["引电完成", "配套完成"]
    assert made["引电完成"].slack == made["进场"].slack + 5


def test_a_day_that_cannot_be_kept_is_told_in_working_days() -> None:
    # From Mon 16 Nov 2026, shared site: 进场 23 Nov, 配套 7 Dec, 完工 9 Dec, 内验 14 Dec, 交付 21 Dec; agreed was Wed 16 Dec:
    # 17, 18 and 21 Dec are 3 working days too many.
    made = plan("铁塔类", "存量共享", dt.date(2026, 11, 16), dt.date(2026, 12, 16))
    assert [(name, each.first.day, each.slack) for name, each in made.items()] == [
        ("进场", 23, -3), ("配套完成", 7, -3), ("总体完工", 9, -3), ("内验完成", 14, -3), ("交付完成", 21, -3),
    ]


def test_a_delivery_day_of_rest_counts_as_the_working_day_before() -> None:
    # 4 Oct 2026 lies in the holiday of 1–7 October.
    made = plan("铁塔类", "存量共享", dt.date(2026, 8, 3), dt.date(2026, 10, 4))
    assert made["交付完成"].last == dt.date(2026, 9, 30)


def test_days_of_a_year_without_a_decree_are_provisional() -> None:
    made = plan("室分类", "新建独享", dt.date(2026, 11, 16), dt.date(2027, 3, 31))
    assert all(each.provisional for each in made.values())


def stone(name: str, planned: str, actual: str = "") -> Stone:
    return Stone(name, dt.date.fromisoformat(planned), dt.date.fromisoformat(actual) if actual else None)


@pytest.mark.parametrize(
    ("planned", "actual", "told", "news", "deviation"),
    [
        ("2026-11-10", "2026-11-12", "2026-11-09", "本期完成，晚2天", 2),
        ("2026-11-10", "2026-11-08", "2026-11-07", "本期完成", -2),
        ("2026-11-10", "2026-11-08", "2026-11-08", "", -2),
        ("2026-11-10", "2026-11-08", "", "本期完成", -2),
        ("2026-11-10", "", "2026-11-09", "逾期6天未完成", None),
        ("2026-11-16", "", "2026-11-09", "", None),
    ],
)
def test_a_letter_says_what_changed_since_the_last(
    planned: str, actual: str, told: str, news: str, deviation: int | None,
) -> None:
    since = dt.date.fromisoformat(told) if told else None
    (line,) = lines([stone("进场", planned, actual)], since, dt.date(2026, 11, 2), dt.date(2026, 11, 16))
    assert (line.news, line.deviation) == (news, deviation)


def test_bars_follow_each_other_over_the_whole_schedule() -> None:
    # 19 days from 1 to 20 November over 20 cells: a cell a day.
    made = lines(
        [stone("甲", "2026-11-07", "2026-11-05"), stone("乙", "2026-11-12"), stone("丙", "2026-11-20")],
        None, dt.date(2026, 11, 1), dt.date(2026, 11, 15),
    )
    assert [line.bar for line in made] == [
        "〓" * 5 + "・" * 9 + "｜" + "・" * 5,
        "・" * 6 + "！" * 6 + "・" * 2 + "｜" + "・" * 5,
        "・" * 11 + "〇" * 9,
    ]


REGISTER = """## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 产品类型 | 需求属性 | 场景划分 | 经度 | 纬度 | 详细地址 | 交付时间要求 | 需求提出时间 |
| XQ-1 | 移动 | 澜江 | 东区 | 江东 | 铁塔类 | 存量共享 | 城区 | 113.1 | 28.1 | 江东路1号 | 2026-12-31 | 2026-08-01 |
## 项目
| 项目编码 | 需求编号 | 项目名称 | 批复日期 | 约定交付日期 |
| XM-1 | XQ-1 | 江东共享改造 | 2026-11-02 | 2026-12-10 |
| XM-2 | XQ-1 | 江东二期 | | 2026-12-10 |
"""
NOW = "2026-11-21T09:00"


@pytest.fixture
def planned(folder: Path) -> Path:
    enter(folder, REGISTER)
    return folder


def stones(folder: Path) -> dict[str, dict[str, Any]]:
    return {row["里程碑"]: row for row in look(folder, "里程碑")}


def test_a_project_gets_its_milestones_once(planned: Path) -> None:
    # 交付 Thu 10 Dec; 内验 3 Dec; 完工 30 Nov; 配套 Thu 26 Nov; 进场 Thu 12 Nov.
    run("schedule", [], planned, now=NOW)
    wanted = {"进场": "2026-11-12", "配套完成": "2026-11-26", "总体完工": "2026-11-30", "内验完成": "2026-12-03", "交付完成": "2026-12-10"}
    assert {name: row["计划日期"].date().isoformat() for name, row in stones(planned).items()} == wanted
    again = run("schedule", [], planned, now=NOW)
    assert len(look(planned, "里程碑")) == 5
    assert codes(again) == ["SCH003"]  # 进场 was due on the 12th and nobody chased it


def test_a_project_without_approval_says_which_cell_is_missing(planned: Path) -> None:
    answer = run("schedule", ["XM-2", "XM-9"], planned, now=NOW)
    assert [(said["code"], said["cell"]) for said in answer.data["findings"]] == [("SCH006", ""), ("SCH002", "E3")]
    assert look(planned, "里程碑") == []


def test_a_new_delivery_day_moves_what_is_not_reached_when_asked(planned: Path) -> None:
    run("schedule", [], planned, now=NOW)
    put_stone(planned, "进场", "实际日期", dt.datetime(2026, 11, 10))
    put(planned, "项目", "XM-1", "变更后交付日期", dt.datetime(2026, 12, 17))
    kept = run("schedule", [], planned, now=NOW)
    assert stones(planned)["配套完成"]["计划日期"].date() == dt.date(2026, 11, 26)
    assert codes(kept) == ["SCH007"]
    run("schedule", [], planned, redraw=True, now=NOW)
    moved = stones(planned)  # a week later each, since every week of December has five working days
    assert (moved["配套完成"]["计划日期"].date(), moved["进场"]["计划日期"].date()) == (dt.date(2026, 12, 3), dt.date(2026, 11, 12))
    assert (moved["进场"]["偏差天数（天）"], moved["进场"]["本期变化"]) == (-2, "本期完成")


def test_a_plan_that_does_not_fit_is_drawn_and_said(planned: Path) -> None:
    put(planned, "项目", "XM-1", "约定交付日期", dt.datetime(2026, 11, 27))
    answer = run("schedule", [], planned, now="2026-11-03T09:00")
    # 25 working days from 2 Nov end on Mon 7 Dec; 30 Nov–4 Dec and 7 Dec are six after 27 Nov.
    (said,) = [said for said in answer.data["findings"] if said["code"] == "SCH001"]
    assert "最早2026-12-07才能交付，比约定晚6个工作日" in said["message"]
    assert answer.data["projects"][0]["late_days"] == 6


def put_stone(folder: Path, name: str, column: str, value: Any) -> None:
    """Type one cell of a milestone."""
    import openpyxl

    path = folder / "交付台账.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["里程碑"]
    (place,) = [number for number, cell in enumerate(sheet[1], 1) if cell.value == column]
    (row,) = [number for number, cells in enumerate(sheet.iter_rows(), 1) if cells[1].value == name]
    sheet.cell(row, place).value = value
    book.save(path)


def test_the_letter_tells_how_things_stand_on_its_day(planned: Path) -> None:
    run("schedule", [], planned, now="2026-11-05T09:00")
    put(planned, "假设", "公司名称", "采用", "澜江塔公司")
    enter(planned, "## 客户\n| 客户名称 | 运营商 | 服务等级 |\n| 移动澜江分公司 | 移动 | VIP |")
    (made,) = run("form", "3.6", ["XM-1"], planned, now=NOW).data["documents"]
    assert "逾期9天未完成" in text(Path(made["file"]).read_bytes())
    assert stones(planned)["进场"]["本期变化"] == "逾期9天未完成"
