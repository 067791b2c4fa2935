"""Forecasts and what became of them, from register rows to the printed paper; each figure counted by hand beforehand."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import cast

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.analytics.attainment import elapsed
from macros.analytics.counting import Counter, rules
from macros.analytics.figures import accuracy, change, ratio
from macros.analytics.forecast import judged, lines
from macros.analytics.outlook import Outlook, outlook
from macros.analytics.spans import Span, a_year_before, span
from macros.commands import Answer
from tests.city import codes, copied, enter, put, run
from tests.tables import register

HEAD = "| 月份 | 客户名称 | 产品 | 产品大类 | 是否重点 | 预测数 | 实际数 | 偏差原因 |"
CITY = f"""
    ## 客户
    | 客户名称 | 运营商 | 区县 | 服务等级 | 是否重点客户 | 客户经理 |
    | 移动甲县 | 移动  | 甲县 | VIP    | 是        | 客户经理A |
    | 联通甲县 | 联通  | 甲县 | 标准    | 否        | 客户经理A |
    | 电信乙县 | 电信  | 乙县 | 标准    | 是        | 客户经理A |

    ## 需求预测
    {HEAD}
    | 2025-10 | 移动甲县 | 普通地面塔 | 铁塔类 | 是 | 15 | 16 | |
    | 2025-10 | 电信乙县 | 微站A     | 微站类 | 否 | 5  | 4  | |
    | 2026-09 | 移动甲县 | 普通地面塔 | 铁塔类 | 是 | 10 | 10 | |
    | 2026-10 | 移动甲县 | 普通地面塔 | 铁塔类 | 是 | 10 | 8  | 客户推迟两个站 |
    | 2026-10 | 联通甲县 | 普通地面塔 | 铁塔类 | 是 | 5  | 8  | |
    | 2026-10 | 移动甲县 | 楼面抱杆  | 铁塔类 | 否 | 6  | 4  | |
    | 2026-10 | 电信乙县 | 楼宇室分  | 室分类 | 否 | 4  | 5  | |
    | 2026-10 | 电信乙县 | 微站A    | 微站类 | 否 | 3  | 0  | |

    ## 目标
    | 期间 | 目标类别 | 计划数 | 实际数 |
    | 2026-09 | 产量 | 10  | |
    | 2026-10 | 产量 | 20  | |
    | 2026-10 | 重点 | 20  | |
    | 2026-10 | 客户 | 3   | |
    | 2026-10 | 上门 | 9   | |
    | 2026    | 产量 | 120 | |
"""
OCTOBER = cast("Span", span("2026-10"))
TODAY = dt.date(2026, 11, 20)


def counted() -> list[dict[str, str]]:
    with (Path(__file__).parent / "answers" / "forecast.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made() -> Outlook:
    return outlook(register(CITY), OCTOBER, TODAY)


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row['period']} {row['figure']}") for row in counted()])
def test_every_figure_is_as_counted_by_hand(made: Outlook, row: dict[str, str]) -> None:
    shown = {
        "month": {each.title: each.shown for each in made.month.figures},
        "year": {each.title: each.shown for each in made.year.figures},
        "goal": {goal.title: goal.attained.shown for goal in made.goals},
        "paced": {goal.title: goal.paced.shown for goal in made.goals},
        "metric": {each.title: each.figure.shown for each in made.metrics},
    }
    assert shown[row["period"]][row["figure"]] == row["expected"]


def test_every_figure_of_the_month_has_a_counted_answer(made: Outlook) -> None:
    assert {row["figure"] for row in counted() if row["period"] == "month"} == {f.title for f in made.month.figures}
    assert [row["figure"] for row in counted() if row["period"] == "metric"] == [f.title for f in made.metrics]
    assert len(rules()["metric"]) == 7


def test_formula_carries_its_numbers_and_its_rows(made: Outlook) -> None:
    total, weighted = made.month.accuracy.total, made.month.accuracy.weighted
    assert total.working == "(1 − |28 − 25| ÷ 25) × 100% ＝ 88%"
    assert total.keys[0] == "2026-10/移动甲县/普通地面塔"
    assert len(total.keys) == 5
    assert weighted.working == (
        "(15 × 93.75% + 6 × 50% + 4 × 80%) ÷ 25 ＝ 81.05%（1个单品实际为零，未计入：微站A）"
    )


def test_large_misses_are_listed_and_their_reason_asked_for(made: Outlook) -> None:
    assert [(m.line.customer, m.line.item, m.figure.shown, m.side, m.reason) for m in made.misses] == [
        ("移动甲县", "普通地面塔", "25%", "高于实际", "客户推迟两个站"),      # |10 − 8| ÷ 8
        ("联通甲县", "普通地面塔", "37.5%", "低于实际", ""),              # |5 − 8| ÷ 8
        ("移动甲县", "楼面抱杆", "50%", "高于实际", ""),
        ("电信乙县", "微站A", "实际为零，不能计算", "高于实际", ""),
    ]                                                                 # 室分: 20 % is not more than 20 %
    assert [f.code for f in made.findings] == ["KPI002"] * 3


@pytest.mark.parametrize(("name", "text", "hit", "count"), [
    ("命中标准", "95%", "0%", 4), ("命中标准", "50%", "75%", 4), ("预测偏差", "40%", "50%", 2),
])
def test_standard_and_limit_are_the_users(name: str, text: str, hit: str, count: int) -> None:
    chosen = f"{CITY}\n    ## 假设\n    | 编号 | 采用 |\n    | {name} | {text} |\n"
    found = outlook(register(chosen), OCTOBER, TODAY)
    assert (found.month.accuracy.hit.shown, len(found.misses)) == (hit, count)


def test_a_setting_that_is_no_percentage_is_told_and_not_guessed() -> None:
    found = outlook(register(f"{CITY}\n    ## 假设\n    | 编号 | 采用 |\n    | 命中标准 | 高 |\n"), OCTOBER, TODAY)
    assert next(f.code for f in found.findings) == "KPI003"
    assert found.month.accuracy.hit.shown == "50%"                    # the default 80 %


def test_blank_actual_is_counted_from_the_register() -> None:
    city = register("""
        ## 客户
        | 客户名称 | 运营商 | 区县 |
        | 移动甲县 | 移动  | 甲县 |

        ## 需求
        | 需求编号 | 运营商 | 区县 | 产品类型 | 需求提出时间 | 订单确认表签署日期 |
        | XQ-1   | 移动   | 甲县 | 铁塔类  | 2026-10-02 | 2026-10-20     |
        | XQ-2   | 移动   | 甲县 | 铁塔类  | 2026-10-02 | 2026-10-31     |
        | XQ-3   | 移动   | 甲县 | 铁塔类  | 2026-10-05 | 2026-11-02     |
        | XQ-4   | 移动   | 甲县 | 室分类  | 2026-10-06 |                |

        ## 订单
        | 订单号 | 需求编号 | 产品类型 | 铁塔种类    | 总费用 |
        | D-1  | XQ-1   | 铁塔类  | 普通地面塔   | 30000 |
        | D-2  | XQ-2   | 铁塔类  | 普通地面塔   | 31000 |
        | D-3  | XQ-3   | 铁塔类  | 普通地面塔   | 32000 |

        ## 需求预测
        | 月份 | 客户名称 | 产品 | 产品大类 | 预测数 | 实际数 | 计数口径 |
        | 2026-10 | 移动甲县 | 普通地面塔 | 铁塔类 | 4 | | |
        | 2026-10 | 移动    | 铁塔类   | 铁塔类 | 4 | | 需求 |
        | 2026-10 | 移动甲县 | 室分类   | 室分类 | 1 | | |
        | 2026-12 | 移动甲县 | 室分类   | 室分类 | 1 | | |

        ## 目标
        | 期间 | 目标类别 | 产品 | 计划数 |
        | 2026-10 | 单值 | 普通地面塔 | 30000 |
    """)
    found = lines(city, Counter(city, TODAY), ["2026-10", "2026-12"], "2026-11")
    assert [(line.actual, line.source, line.keys[1:]) for line in found] == [
        (2, "台账计数（订单）", ("XQ-1", "XQ-2")),            # XQ-3 was signed in November
        (3, "台账计数（需求）", ("XQ-1", "XQ-2", "XQ-3")),
        (0, "台账计数（订单）", ()),
        (None, "填写", ()),                                # December is still to come
    ]
    (goal,) = outlook(city, OCTOBER, TODAY).goals
    assert (goal.actual, goal.attained.shown) == (Decimal(30500), "101.67%")    # (30000 + 31000) ÷ 2


def test_plan_to_date_is_by_days_in_a_month_and_by_months_in_a_year() -> None:
    plans = "\n".join(f"    | 2026-{month:02} | 产量 | 10 | |" for month in range(1, 10))
    city = register(CITY + plans)
    november = span("2026-11")
    assert november
    assert elapsed(november, TODAY) == (20, 30)
    typed = CITY.replace("| 2026-10 | 上门 | 9   | |", "| 2026-11 | 产量 | 30 | 18 |")
    (goal, _) = outlook(register(typed), november, TODAY).goals
    assert (goal.planned, goal.paced.shown, goal.attained.shown) == (Decimal(20), "90%", "60%")   # 30 × 20 ÷ 30
    year = outlook(city, OCTOBER, TODAY).goals[-1]
    assert (year.title, year.planned) == ("2026 产量", Decimal(110))           # nine months of 10 and October's 20


def test_month_still_to_come_has_no_actual_and_says_so() -> None:
    december = span("2026-12")
    assert december
    found = outlook(register(rows("| 2026-12 | 甲 | 普通地面塔 | 铁塔类 | | 5 | | |")), december, TODAY)
    assert (found.month.accuracy.total.shown, found.month.accuracy.hit.shown) == ("没有实际数", "没有实际数")
    assert (found.month.growth[0].shown, found.misses) == ("同期为零", ())


def test_register_made_before_the_table_says_how_to_add_it(folder: Path) -> None:
    (folder / "工作台账.xlsx").unlink()
    answer = run("report", folder, "forecast", ["2026-10"], now="2026-11-20T09:00")
    assert (codes(answer), answer.data["documents"]) == (["CMD020", "KPI001"], [])


def test_month_without_rows_says_so_and_writes_nothing(folder: Path) -> None:
    answer = run("report", folder, "forecast", ["2026-03"], now="2026-11-20T09:00")
    assert (codes(answer), answer.data["file"], answer.status) == (["KPI001"], "", 0)
    assert not (folder / "报告").exists()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> tuple[Path, Answer]:
    """A register with the rows above and its report. Only for reading."""
    folder = copied(blank, tmp_path_factory.mktemp("forecast"))
    enter(folder, CITY)
    put(folder, "假设", "客户经理", "采用", "客户经理A")
    return folder, run("report", folder, "forecast", ["2026-10"], now="2026-11-20T09:00")


def test_report_makes_a_workbook_and_a_numbered_paper(printed: tuple[Path, Answer]) -> None:
    folder, answer = printed
    assert answer.status == 0
    (paper,) = answer.data["documents"]
    text = "\n".join(
        cell.text for table in docx.Document(paper["file"]).tables for row in table.rows for cell in row.cells
    )
    assert "81.05%" in text
    assert "联通甲县" in text
    assert "请填写原因" in text
    assert "同期为零" in text
    book = openpyxl.load_workbook(folder / "报告" / "需求预测分析-2026-10.xlsx")
    assert book.sheetnames == ["汇总", "单品", "目标完成", "产品七项指标", "大偏差", "公式"]
    said = {row[0]: row[3:5] for row in book["公式"].iter_rows(min_row=2, values_only=True) if row[1] == "2026-10"}
    assert said["总准确率"] == ("(1 − |28 − 25| ÷ 25) × 100% ＝ 88%", "88%")


def test_json_gives_each_figure_with_its_working(printed: tuple[Path, Answer]) -> None:
    figures = printed[1].data["month_figures"]
    assert figures["加权平均绝对百分误差（WMAPE）"]["value"] == "28.00"
    assert figures["室分类增长率"] == {"value": None, "shown": "同期为零", "working": "(5 − 0) ÷ 0"}


@pytest.mark.parametrize("words", [["2026-13"], ["十月"], ["2026-Q4"], ["2026-10", "甲"]])
def test_words_that_name_no_month_are_refused(folder: Path, words: list[str]) -> None:
    from macros.hosts import Refused

    with pytest.raises(Refused) as refused:
        run("report", folder, "forecast", words, now="2026-11-20T09:00")
    assert refused.value.finding.code == "KPI004"


AMOUNTS = st.decimals(min_value=0, max_value=10_000, places=1)


@settings(max_examples=100, deadline=None)
@given(actual=AMOUNTS)
def test_a_perfect_forecast_is_a_hundred_per_cent(actual: Decimal) -> None:
    figure = accuracy("", "", actual, actual, "零")
    assert figure.shown == ("100%" if actual else "零")


@settings(max_examples=100, deadline=None)
@given(over=AMOUNTS, under=AMOUNTS)
def test_a_zero_base_is_told_in_words_never_an_error(over: Decimal, under: Decimal) -> None:
    for figure in (ratio("", "", over, under, "零"), change("", "", over, under, "零"), accuracy("", "", over, under, "零")):
        assert (figure.value is None) == (under == 0)
        assert (figure.shown == "零") == (under == 0)


def test_accuracy_is_rounded_half_up_once_when_printed() -> None:
    assert ratio("", "", Decimal("0.00005"), Decimal(1), "").shown == "0.01%"
    assert ratio("", "", Decimal(1), Decimal(800), "").shown == "0.13%"      # 0.125
    assert ratio("", "", Decimal(2), Decimal(3), "").value == Decimal(2) / 3


def rows(text: str) -> str:
    return f"## 需求预测\n{HEAD}\n{text}"


@settings(max_examples=25, deadline=None)
@given(pairs=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=6), order=st.randoms())
def test_readings_do_not_depend_on_the_order_of_rows_nor_on_the_unit(
    pairs: list[tuple[int, int]], order: object,
) -> None:
    def readings(made: list[tuple[int, tuple[int, int]]], unit: int) -> list[object]:
        text = "\n".join(f"| 2026-10 | 甲 | P{n} | 铁塔类 | | {f * unit} | {a * unit} | |" for n, (f, a) in made)
        city = register(rows(text))
        found = judged(lines(city, Counter(city, TODAY), ["2026-10"], "2026-11"), Decimal("0.8"))
        return [(figure.title, figure.shown) for figure in found.figures]

    numbered = list(enumerate(pairs))
    shuffled = numbered[:]
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert readings(numbered, 1) == readings(shuffled, 1) == readings(numbered, 10)


def test_same_period_of_a_february_in_a_leap_year_is_the_whole_month() -> None:
    february = span("2024-02")
    assert february
    assert a_year_before(february)[1:] == (dt.date(2023, 2, 1), dt.date(2023, 2, 28))
