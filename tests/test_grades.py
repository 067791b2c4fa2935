"""The A/B/C grid: attainment of each kind of raise counted by hand, both results needed, drops and unplanned shown."""

from __future__ import annotations

import pytest

from macros.analytics.grades import Grid, grid, rules, standard
from macros.analytics.spans import span
from macros.choices import choices
from tests.tables import register

# C→B: 移动 two items, both reached; 联通 two items, one reached; 电信 one item, only the manager says so.
# B→A: 移动 one item reached. C→A: nobody.
GRID = """
    ## 服务提升
    | 期间 | 客户名称 | 服务项目 | 现等级 | 目标等级 | 自评达成 | 上级评定达成 | 期末等级 | 提升措施 |
    | 2026-Q4 | 移动甲县 | 需求受理 | C | B | 是 | 是 | B | 专人受理 |
    | 2026-Q4 | 移动甲县 | 故障响应 | C | B | 是 | 是 | B | |
    | 2026-Q4 | 移动甲县 | 日常拜访 | B | A | 是 | 是 | A | |
    | 2026-Q4 | 联通甲县 | 需求受理 | C | B | 是 | 是 | B | |
    | 2026-Q4 | 联通甲县 | 故障响应 | C | B | 是 | 否 | C | |
    | 2026-Q4 | 电信乙县 | 投诉处理 | C | B | 是 |   |   | |
    | 2026-Q4 | 电信乙县 | 联席会议 | A |   |   |   | B | |
    | 2026-Q4 | 电信乙县 | 对账出账 | B |   |   |   | A | |
    | 2026-Q4 | 电信乙县 | 进度反馈 | B |   |   |   |   | |
    | 2026-Q4 | 电信乙县 | 验收配合 | B | C |   |   |   | |
    | 2026-Q3 | 电信乙县 | 日常拜访 | C | A | 是 | 是 | A | |
"""


def of(period: str) -> Grid:
    found = span(period)
    assert found
    return grid(register(GRID).rows("grade"), found)


@pytest.fixture(scope="module")
def quarter() -> Grid:
    return of("2026-Q4")


def test_attainment_by_kind_is_customers_reached_over_customers_planned(quarter: Grid) -> None:
    assert [(each.kind, each.customers.shown, each.pairs.shown) for each in quarter.attained] == [
        ("C→B", "33.33%", "60%"),       # customers: 移动 of three; items: 3 of 5
        ("B→A", "100%", "100%"),
        ("C→A", "没有计划", "没有计划"),
    ]
    assert (quarter.total.customers.shown, quarter.total.pairs.shown) == ("33.33%", "66.67%")    # 1 of 3; 4 of 6


def test_both_sides_must_say_yes(quarter: Grid) -> None:
    assert [(one.customer, one.item, one.state) for one in quarter.raises[4:]] == [
        ("联通甲县", "故障响应", "未达成"), ("电信乙县", "投诉处理", "待双方评定"),
    ]
    assert [f.code for f in quarter.findings] == ["KPI021", "KPI020"]      # one side only; B to C is no raise


def test_drops_and_what_nobody_planned_are_shown(quarter: Grid) -> None:
    assert [row.text("item") for row in quarter.dropped] == ["联席会议"]
    assert [row.text("item") for row in quarter.unplanned] == ["对账出账"]
    assert [row.text("item") for row in quarter.idle] == ["对账出账", "进度反馈"]


def test_a_year_holds_its_quarters() -> None:
    assert of("2026").attained[2].customers.shown == "100%"               # 电信 C→A of the third quarter
    assert of("2026-10").rows == ()


def test_measure_is_the_users_else_the_items_own(quarter: Grid) -> None:
    assert quarter.raises[0].measure == "专人受理"
    assert quarter.raises[1].measure == standard("故障响应", "C→B") == "设值班电话，接报先反馈再查因"


def test_fourteen_items_each_say_three_grades_and_three_measures() -> None:
    items = rules()["item"]
    assert len(items) == 14
    assert [one["title"] for one in items] == list(dict.fromkeys(choices()["service_item"].values()))
    sentences = [one[name] for one in items for name in ("A", "B", "C", "C→B", "B→A", "C→A")]
    assert len(set(sentences)) == 14 * 6


def test_order_of_rows_does_not_matter(quarter: Grid) -> None:
    found = span("2026-Q4")
    assert found
    backwards = grid(register(GRID).rows("grade")[::-1], found)
    assert [each.customers.shown for each in backwards.attained] == [each.customers.shown for each in quarter.attained]
