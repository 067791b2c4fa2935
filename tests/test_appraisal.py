"""The appraisal: scores by the user's weights and targets, counted by hand from the rows; nothing scored without weights."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.analytics.appraisal import Card, cards, level, points, ranking, scheme
from macros.analytics.indicators import rules, value
from macros.analytics.sources import Sources
from macros.analytics.spans import Span, quarter_of, span
from macros.calendars import base
from macros.choices import choices
from macros.commands import Answer
from macros.delivered import delivered
from macros.hosts import Refused
from tests.city import codes, copied, enter, put, run
from tests.tables import register

NOW = dt.datetime(2026, 11, 20, 9, 0)
CITY = """
    ## 客户
    | 客户名称 | 运营商 | 区县 | 服务等级 | 客户经理 |
    | 移动甲县 | 移动  | 甲县 | 标准     | 客户经理A |
    | 联通乙县 | 联通  | 乙县 | 标准     | 客户经理B |

    ## 需求
    | 需求编号 | 运营商 | 区县 | 需求提出时间 | 需求收集表签署日期 |
    | XQ-1   | 移动   | 甲县 | 2026-10-12 | 2026-10-13     |
    | XQ-2   | 移动   | 甲县 | 2026-10-12 | 2026-10-14     |
    | XQ-3   | 移动   | 甲县 | 2026-10-12 | 2026-10-15     |
    | XQ-4   | 移动   | 甲县 | 2026-11-02 | 2026-11-03     |
    | XQ-5   | 联通   | 乙县 | 2026-10-12 | 2026-10-13     |
    | XQ-6   | 联通   | 乙县 | 2026-11-02 | 2026-11-04     |
    | XQ-7   | 联通   | 乙县 | 2026-09-01 | 2026-09-25     |

    ## 故障
    | 故障编号 | 客户名称 | 申告时间          | 首次反馈时间       |
    | GZ1    | 移动甲县 | 2026-11-02 09:00 | 2026-11-02 09:40 |
    | GZ2    | 移动甲县 | 2026-11-03 09:00 | 2026-11-03 10:30 |

    ## 账单
    | 账期    | 运营商 | 价税合计（元） | 到账日期    | 到账金额（元） |
    | 2026-09 | 移动  | 1000   |            |        |
    | 2026-09 | 联通  | 500    | 2026-10-22 | 500    |
    | 2026-10 | 移动  | 1000   |            |        |

    ## 收款
    | 收款编号 | 账期    | 运营商 | 收款日期    | 收款金额（元） |
    | SK-1   | 2026-09 | 移动  | 2026-10-20 | 600    |
    | SK-2   | 2026-09 | 移动  | 2026-10-30 | 400    |

    ## 考核打分
    | 期间    | 客户经理  | 指标编号 | 评分人 | 得分 | 评分依据 |
    | 2026-Q4 | 客户经理A | DX01  | 甲    | 90  | 主动   |
    | 2026-Q4 | 客户经理A | DX01  | 乙    | 80  | 认真   |
    | 2026-Q4 | 客户经理B | DX01  | 甲    | 70  | 一般   |
    | 2026-Q3 | 客户经理B | DX01  | 甲    | 10  | 上季度  |
"""
INDICATORS = """
    ## 考核指标
    | 指标编号 | 指标名称 | 指标类型 | 计算口径 | 权重 | 目标值 | 起评值 | 满分 |
    | DL01 | 需求收集及时率 | 定量 | 需求收集及时率 | 40 | 95 | 60 | |
    | DL14 | 故障首反馈及时率 | 定量 | 故障首反馈及时率 | 20 | 100 | | |
    | DL10 | 回款率 | 定量 | 回款率 | 25 | 100 | 50 | 50 |
    | DX01 | 工作态度 | 定性 | 考核打分 | 15 | | | |
    | DL18 | 投诉三日办结率 | 定量 | 投诉三日办结率 | | | | |

    ## 假设
    | 编号 | 采用 |
    | 考核等级 | 优秀90、良好75、合格60、不合格0 |
"""


def period(name: str = "2026-Q4") -> Span:
    found = span(name)
    assert found
    return found


def appraised(text: str, name: str = "2026-Q4", now: dt.datetime = NOW) -> list[Card]:
    city = register(text)
    sources = Sources(city, base(), period(name), now)
    return cards(scheme(city, period(name)), sources, sources.managers)


def counted() -> list[dict[str, str]]:
    with (Path(__file__).parent / "answers" / "appraisal.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def held() -> list[Card]:
    return appraised(CITY + INDICATORS)


def two(number: Decimal | None) -> str:
    return "" if number is None else f"{number.quantize(Decimal('0.01')):f}".rstrip("0").rstrip(".")


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row['manager']} {row['indicator']}") for row in counted()])
def test_every_score_is_as_counted_by_hand(held: list[Card], row: dict[str, str]) -> None:
    (card,) = [card for card in held if card.manager == row["manager"]]
    (one,) = [one for one in card.scores if one.indicator.text("title") == row["indicator"]]
    assert (one.found.figure.shown, two(one.score), two(one.weighted)) == (row["value"], row["score"], row["weighted"])


def test_totals_rank_and_level_are_as_counted_by_hand(held: list[Card]) -> None:
    found = [(c.manager, two(c.total), two(c.scorable), two(c.converted), c.grade, c.rank) for c in held]
    assert found == [
        ("客户经理A", "51.56", "100", "51.56", "不合格", 2),   # 17.142857 + 10 + 11.666667 + 12.75
        ("客户经理B", "62.17", "80", "77.71", "良好", 1),     # (40 + 11.666667 + 10.5) ÷ 80 × 100
    ]


def test_every_score_leads_back_to_its_rows(held: list[Card]) -> None:
    keys = {one.indicator.key: [(row.key, row.verdict) for row in one.found.evidence] for one in held[0].scores}
    assert keys["DL01"] == [("XQ-1", "按时"), ("XQ-2", "按时"), ("XQ-3", "逾期"), ("XQ-4", "按时")]
    assert keys["DL14"] == [("GZ1", "按时"), ("GZ2", "逾期")]
    assert keys["DL10"] == [("2026-09/移动", "逾期"), ("2026-09/联通", "按时")]
    assert keys["DX01"] == [("2026-Q4/客户经理A/DX01/甲", "甲"), ("2026-Q4/客户经理A/DX01/乙", "乙")]


def test_formula_carries_its_numbers(held: list[Card]) -> None:
    collected = held[0].scores[2]
    assert collected.found.figure.working == "1,100 ÷ 1,500 ＝ 73.33%"
    assert collected.words == "(73.33 − 50) ÷ (100 − 50) × 50 ＝ 23.33"
    assert collected.weighing == "23.33 ÷ 50 × 25 ＝ 11.67"


def test_an_indicator_without_weight_shows_its_value_and_scores_nothing(held: list[Card]) -> None:
    last = held[0].scores[4]
    assert (last.found.figure.shown, last.score, last.words) == ("本期无到期事项", None, "不计分")


def test_without_weights_nothing_is_scored_and_the_page_says_so() -> None:
    city = register(CITY)
    plan = scheme(city, period())
    assert [f.code for f in plan.findings] == ["KPI017", "KPI011"]
    (card, _) = cards(plan, Sources(city, base(), period(), NOW), ["客户经理A", "客户经理B"])
    assert (card.total, card.converted, card.grade, card.rank) == (None, None, "", None)
    assert {one.indicator.text("title"): one.found.figure.shown for one in card.scores}["需求收集及时率"] == "75%"


@pytest.mark.parametrize(("changed", "into", "code"), [
    ("| 40 | 95 | 60 | |", "| 41 | 95 | 60 | |", "KPI010"),      # 101
    ("| 40 | 95 | 60 | |", "| 40 | | 60 | |", "KPI012"),
    ("| 40 | 95 | 60 | |", "| 40 | 95 | 95 | |", "KPI019"),
    ("| 定量 | 需求收集及时率 | 40", "| 定量 | | 40", "KPI013"),
    ("| 40 | 95 | 60 | |", "| 40 | 0.95 | | |", "KPI022"),       # a cell in per cent format holds 0.95
    ("优秀90、良好75", "优秀七十、良好75", "KPI016"),
    ("优秀90、良好75", "优秀70、良好75", "KPI016"),
])
def test_a_scheme_that_is_not_sound_is_told(changed: str, into: str, code: str) -> None:
    text = (CITY + INDICATORS).replace(changed, into)
    assert code in [f.code for f in scheme(register(text), period()).findings]
    card = appraised(text)[0]
    if code == "KPI010":
        assert (card.total, card.scores[0].words) == (None, "权重合计101，不计分")
    elif code == "KPI016":
        assert card.grade == "未设等级标准"
    else:
        assert card.scores[0].weighted is None
        assert card.scorable == 60


@pytest.mark.parametrize(("row", "code"), [
    ("| 2026-Q4 | 客户经理A | DX01 | 丙 | 101 | |", "KPI014"),
    ("| 2026-Q4 | 客户经理C | DX01 | 丙 | 50 | |", "KPI015"),
    ("| 2026-Q4 | 客户经理A | DX99 | 丙 | 50 | |", "KPI015"),
    ("| 2026-Q4 | 客户经理A | DL01 | 丙 | 50 | |", "KPI015"),
])
def test_a_mark_that_cannot_be_is_told_and_does_not_count(row: str, code: str) -> None:
    text = CITY.replace("    | 2026-Q3 | 客户经理B", f"    {row}\n    | 2026-Q3 | 客户经理B") + INDICATORS
    sources = Sources(register(text), base(), period(), NOW)
    assert [f.code for mark in sources.marks for f in sources.against(mark)] == [code]
    assert value("考核打分", sources, "客户经理A", "DX01").figure.shown == "85分"


def test_year_and_quarter_take_the_indicators_of_their_cycle() -> None:
    cycle = CITY + """
    ## 考核指标
    | 指标编号 | 指标名称 | 指标类型 | 计算口径 | 考核周期 |
    | Q | 季 | 定量 | 回款率 | 季度 |
    | Y | 年 | 定量 | 回款率 | 年度 |
    | B | 都 | 定量 | 回款率 | |
    """
    assert [row.key for row in scheme(register(cycle), period()).indicators] == ["Q", "B"]
    assert [row.key for row in scheme(register(cycle), period("2026")).indicators] == ["Y", "B"]


def test_visits_of_a_whole_quarter_count_not_only_those_on_the_board() -> None:
    weeks = [dt.date(2026, 7, 6) + dt.timedelta(weeks=n) for n in range(12)]     # Mondays 6 July to 21 September
    rows = "\n".join(
        f"    | BF-{n} | 移动甲县 | 上门 | {day} |" for n, day in enumerate(weeks) if n not in (3, 7)
    )
    text = CITY.split("## 需求")[0] + "## 拜访\n    | 拜访编号 | 客户名称 | 拜访方式 | 拜访日期 |\n" + rows
    sources = Sources(register(text), base(), period("2026-Q3"), NOW)
    found = value("周拜访达成率", sources, "客户经理A").figure
    assert found.working == "10 ÷ 12 ＝ 83.33%"     # ten weeks of twelve; the week of 28 September ends on 4 October


# Mondays 5 October to 9 November 2026: six weeks that are over on Friday 20 November, one customer visited in each.
def test_a_customer_never_visited_owes_the_weeks_in_which_others_were() -> None:
    rows = "\n".join(f"    | BF-{n} | 移动甲县 | 上门 | {dt.date(2026, 10, 5) + dt.timedelta(weeks=n)} |" for n in range(6))
    text = CITY.split("## 需求")[0] + "## 拜访\n    | 拜访编号 | 客户名称 | 拜访方式 | 拜访日期 |\n" + rows
    sources = Sources(register(text), base(), period(), NOW)
    assert value("周拜访达成率", sources, "客户经理A").figure.working == "6 ÷ 6 ＝ 100%"
    assert value("周拜访达成率", sources, "客户经理B").figure.working == "0 ÷ 6 ＝ 0%"


def test_nobody_owes_a_visit_before_the_register_has_one() -> None:
    sources = Sources(register(CITY.split("## 需求")[0]), base(), period(), NOW)
    assert value("周拜访达成率", sources, "客户经理B").figure.value is None


LEASES = """
    ## 客户
    | 客户名称 | 运营商 | 区县 | 客户经理 |
    | 移动甲县 | 移动  | 甲县 | 客户经理A |

    ## 租约
    | 产品业务确认单编号 | 运营商 | 区县 | 服务开始日期 | 服务结束日期 | 续签协议签署日期 |
    | QR1 | 移动 | 甲县 | 2023-11-01 | 2026-10-31 | 2026-09-20 |
    | QR1 | 移动 | 甲县 | 2026-11-01 | 2029-10-31 |            |
    | QR2 | 移动 | 甲县 | 2023-11-01 | 2026-10-31 |            |
    | QR3 | 移动 | 甲县 | 2023-11-16 | 2026-11-15 |            |
    | QR3 | 移动 | 甲县 | 2026-11-16 | 2029-11-15 |            |
    | QR4 | 移动 | 甲县 | 2020-01-01 |            |            |
    | QR5 | 移动 | 甲县 | 2026-10-02 | 2029-10-01 |            |

    ## 满意度调查
    | 问卷编号 | 期间 | 客户名称 | 维度 | 发出日期 | 收回日期 | 评分 |
    | WJ-1 | 2026-H2 | 移动甲县 | 建设服务 | 2026-10-08 | 2026-10-20 | 9.5 |
    | WJ-2 | 2026-H2 | 移动甲县 | 维护服务 | 2026-10-08 | 2026-10-20 | 8 |
    | WJ-3 | 2026-H2 | 移动甲县 | 维护服务 | 2026-10-08 |            |   |
    | WJ-4 | 2026-H1 | 移动甲县 | 维护服务 | 2026-04-08 | 2026-04-20 | 1 |

    ## 目标
    | 期间 | 目标类别 | 计划数 | 实际数 |
    | 2026-10 | 产量 | 20 | 25 |
    | 2026-11 | 产量 | 30 | 10 |

    ## 需求预测
    | 月份 | 客户名称 | 产品 | 产品大类 | 预测数 | 实际数 |
    | 2026-10 | 移动甲县 | 普通地面塔 | 铁塔类 | 8 | 10 |

    ## 服务提升
    | 期间 | 客户名称 | 服务项目 | 现等级 | 目标等级 | 自评达成 | 上级评定达成 |
    | 2026-Q4 | 移动甲县 | 需求受理 | C | B | 是 | 是 |
"""


@pytest.mark.parametrize(("formula", "shown", "working"), [
    ("续签率", "66.67%", "2 ÷ 3 ＝ 66.67%"),             # QR1 signed, QR3 goes on in a later row, QR2 not
    ("存量保有率", "75%", "3 ÷ 4 ＝ 75%"),                # on 1 October QR1 to QR4; on 20 November not QR2
    ("客户满意度", "8.75分", "(9.5 + 8) ÷ 2 ＝ 8.75分"),
    ("产量计划完成率", "70%", "35 ÷ 50 ＝ 70%"),           # (25 + 10) ÷ (20 + 30)
    ("预测准确率", "80%", "(1 − |8 − 10| ÷ 10) × 100% ＝ 80%"),
    ("服务提升达成率", "100%", "1 ÷ 1 ＝ 100%"),
    ("新签订单数", "0个", "0 ＝ 0个"),
    ("收款额", "没有收款", ""),
    ("故障处理及时率", "本期无可判定的记录", "0 ÷ 0"),
    ("考核打分", "未打分", ""),
])
def test_other_ways_of_counting(formula: str, shown: str, working: str) -> None:
    found = value(formula, Sources(register(LEASES), base(), period(), NOW), "客户经理A").figure
    assert (found.shown, found.working) == (shown, working)


@pytest.mark.parametrize(("manager", "working"), [("客户经理A", "1 ÷ 2 ＝ 50%"), ("客户经理B", "1 ÷ 1 ＝ 100%")])
def test_rates_of_faults_are_those_of_the_managers_own_customers(manager: str, working: str) -> None:
    city = register(CITY.split("## 需求")[0] + """
    ## 故障
    | 故障编号 | 客户名称 | 申告时间          | 首次反馈时间       | 约定修复时限       | 修复时间          |
    | GZ1    | 移动甲县 | 2026-11-02 09:00 | 2026-11-02 09:40 | 2026-11-02 17:00 | 2026-11-02 16:00 |
    | GZ2    | 移动甲县 | 2026-11-03 09:00 | 2026-11-03 09:40 | 2026-11-03 17:00 | 2026-11-03 18:00 |
    | GZ3    | 联通乙县 | 2026-11-03 09:00 | 2026-11-03 09:40 | 2026-11-03 17:00 | 2026-11-03 12:00 |
    """)  # GZ2 was restored an hour late
    assert value("故障处理及时率", Sources(city, base(), period(), NOW), manager).figure.working == working


def test_money_received_in_the_period_is_added_up_once() -> None:
    found = value("收款额", Sources(register(CITY), base(), period(), NOW), "客户经理A")
    assert found.figure.shown == "1,500元"                    # 600 + 400 by rows of 收款, 500 by the statement's own cell
    assert {row.key for row in found.evidence} == {"SK-1", "SK-2", "2026-09/联通"}


def test_every_way_of_counting_can_be_chosen_and_every_delivered_indicator_has_one() -> None:
    titles = [one["title"] for one in rules()["formula"]]
    assert sorted(titles) == sorted(set(choices()["kpi_formula"].values()))
    rows = delivered("indicator")
    assert {row.text("formula") for row in rows} <= set(titles)
    assert [row.key for row in rows if row["weight"] is not None or row["target"] is not None] == []


@pytest.mark.parametrize(("reached", "threshold", "lower", "score"), [
    ("95", "60", False, "100"), ("96", "60", False, "100"), ("60", "60", False, "0"), ("59", "60", False, "0"),
    ("77.5", "60", False, "50"), ("47.5", None, False, "50"), ("95", "100", True, "100"), ("97.5", "100", True, "50"),
    ("100", "100", True, "0"), ("95.01", None, True, "0"), ("90", None, True, "100"),
])
def test_score_between_threshold_and_target_95(reached: str, threshold: str | None, lower: bool, score: str) -> None:
    least = None if threshold is None else Decimal(threshold)
    assert points(Decimal(reached), Decimal(95), least, Decimal(100), lower=lower)[0] == Decimal(score)


def test_equal_scores_share_a_rank_and_no_score_has_none() -> None:
    assert ranking({"甲": Decimal(80), "乙": Decimal(90), "丙": Decimal(80), "丁": None, "戊": Decimal(1)}) == {
        "乙": 1, "甲": 2, "丙": 2, "戊": 4,
    }
    assert level([("优秀", Decimal(90)), ("合格", Decimal(60))], Decimal(59)) == ""


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 1000), min_size=1, max_size=6), st.integers(0, 100))
def test_equal_scores_give_that_score_under_any_weights(parts: list[int], score: int) -> None:
    weights = [Decimal(part) for part in parts]
    total = sum((Decimal(score) / 100 * weight for weight in weights), Decimal(0))
    assert abs(total / sum(weights) * 100 - score) < Decimal("1e-20")


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.integers(0, 100), min_size=2, max_size=8), order=st.randoms())
def test_ranks_do_not_depend_on_order_and_better_never_ranks_worse(values: list[int], order: Any) -> None:
    scores: dict[str, Decimal | None] = {str(n): Decimal(v) for n, v in enumerate(values)}
    names = list(scores)
    order.shuffle(names)
    ranks = ranking(scores)
    assert ranking({name: scores[name] for name in names}) == ranks
    assert all(ranks[a] < ranks[b] for a in names for b in names if (scores[a] or 0) > (scores[b] or 0))


def test_scores_do_not_depend_on_the_order_of_rows(held: list[Card]) -> None:
    lines = (CITY + INDICATORS).split("\n")
    faults = [n for n, line in enumerate(lines) if "| GZ" in line]
    lines[faults[0]], lines[faults[1]] = lines[faults[1]], lines[faults[0]]
    assert [c.converted for c in appraised("\n".join(lines))] == [c.converted for c in held]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> tuple[Path, Answer]:
    """A register with the rows above, weights typed into the delivered indicators. Only for reading."""
    folder = copied(blank, tmp_path_factory.mktemp("kpi"))
    enter(folder, CITY)
    for number, cells in {
        "DL01": (40, 95, 60, None), "DL14": (20, 100, None, None), "DL10": (25, 100, 50, 50), "DX01": (15, None, None, None),
    }.items():
        for column, cell in zip(("权重", "目标值", "起评值", "满分"), cells, strict=True):
            put(folder, "考核指标", number, column, cell)
    put(folder, "假设", "考核等级", "采用", "优秀90、良好75、合格60、不合格0")
    put(folder, "假设", "公司名称", "采用", "澜江塔务公司")
    return folder, run("report", folder, "kpi", ["2026-Q4"], now="2026-11-20T09:00")


def test_report_prints_a_page_for_each_manager(printed: tuple[Path, Answer]) -> None:
    _, answer = printed
    assert (answer.status, answer.data["withheld"]) == (0, [])
    texts = [
        "\n".join(cell.text for table in docx.Document(paper["file"]).tables for row in table.rows for cell in row.cells)
        for paper in answer.data["documents"]
    ]
    assert len(texts) == 2
    assert "51.56" in texts[0] and "2／2" in texts[0]
    assert "77.71" in texts[1] and "本期无到期事项" in texts[1]


def test_workbook_holds_ranking_formulas_and_evidence(printed: tuple[Path, Answer]) -> None:
    book = openpyxl.load_workbook(printed[1].data["file"])
    assert book.sheetnames == ["排名", "得分", "公式", "依据", "时限按时率", "满意度", "服务提升", "等级网格", "提升达成率"]
    assert [row[:6] for row in book["排名"].iter_rows(min_row=2, values_only=True)][:2] == [
        ("客户经理B", 77.71, 62.17, 80, "良好", "1"), ("客户经理A", 51.56, 51.56, 100, "不合格", "2"),
    ]
    rows = [row for row in book["依据"].iter_rows(min_row=2, values_only=True) if row[:2] == ("客户经理A", "需求收集及时率")]
    assert [(row[2], row[4], row[5], row[6]) for row in rows][2] == ("XQ-3", "2026-10-14", "2026-10-15", "逾期")
    hard = {row[1]: row[5:10] for row in book["时限按时率"].iter_rows(min_row=2, values_only=True) if row[0] == "客户经理A"}
    assert hard["K01"] == (3, 1, 0, 0, "75%")


def test_one_manager_gets_one_page_ranked_among_all(printed: tuple[Path, Answer], tmp_path: Path) -> None:
    folder = copied(printed[0], tmp_path)
    answer = run("report", folder, "kpi", ["客户经理A", "2026-Q4"], now="2026-11-20T09:00")
    assert [(one["manager"], one["rank"]) for one in answer.data["managers"]] == [("客户经理A", 2)]
    assert len(answer.data["documents"]) == 1


def test_page_without_weights_says_so(folder: Path) -> None:
    enter(folder, CITY)
    answer = run("report", folder, "kpi", [], now="2026-11-20T09:00")
    assert answer.data["period"] == "2026-Q4"
    assert "KPI011" in codes(answer)
    text = "\n".join(p.text for p in docx.Document(answer.data["documents"][0]["file"]).paragraphs)
    assert "没有设权重，只列实绩，不计分。权重和目标值由本单位在“考核指标”表填写。" in text


@pytest.mark.parametrize(("words", "code"), [
    (["2026-Q5"], "KPI004"), (["2027-Q1"], "KPI004"), (["2026-Q4", "2026"], "KPI004"), (["甲", "乙"], "KPI004"), (["客户经理X"], "KPI018"),
])
def test_words_that_name_no_period_or_manager_are_refused(folder: Path, words: list[str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        run("report", folder, "kpi", words, now="2026-11-20T09:00")
    assert refused.value.finding.code == code


def test_quarter_of_a_day_and_names_of_periods() -> None:
    assert quarter_of(dt.date(2026, 12, 31)).name == "2026-Q4"
    assert [period(name).title for name in ("2026", "2026-H1", "2026-Q4", "2026-02")] == [
        "2026年", "2026年上半年", "2026年第4季度", "2026年2月",
    ]
    assert period("2024-02").last == dt.date(2024, 2, 29)
    assert period("2026-H2").months == ("2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12")


def test_grid_of_grades_has_customers_down_and_items_across(folder: Path) -> None:
    from tests.test_grades import GRID

    enter(folder, GRID)
    answer = run("report", folder, "kpi", ["2026-Q4"], now="2026-11-20T09:00")
    sheet = openpyxl.load_workbook(answer.data["file"])["等级网格"]
    (head, *rows) = sheet.iter_rows(values_only=True)
    told = {str(row[0]): dict(zip(head, row, strict=True)) for row in rows}
    assert len(head) == 15
    assert (told["移动甲县"]["需求受理"], told["联通甲县"]["故障响应"], told["电信乙县"]["投诉处理"]) == (
        "C→B Y", "C→B N", "C→B ☆",
    )
    assert (told["电信乙县"]["联席会议"], told["电信乙县"]["进度反馈"]) == ("A→B", "B")
    papers = [one for one in answer.data["documents"] if one["form"] == "service-grades"]
    assert len(papers) == 3
    text = "\n".join(
        cell.text for table in docx.Document(papers[2]["file"]).tables for row in table.rows for cell in row.cells
    )
    assert "十五个工作日内通过，有少量遗留" in text       # what B of 验收配合 looks like


def test_register_made_before_these_tables_shows_what_the_delivered_indicators_come_to(folder: Path) -> None:
    enter(folder, CITY.split("## 考核打分")[0])
    (folder / "工作台账.xlsx").unlink()
    answer = run("report", folder, "kpi", ["2026-Q4"], now="2026-11-20T09:00")
    assert codes(answer)[:3] == ["CMD020", "KPI017", "KPI011"]
    told = {one["title"]: one["value"] for one in answer.data["managers"][0]["indicators"]}
    assert (told["需求收集及时率"], told["故障首反馈及时率"]) == ("75%", "50%")


def test_a_cell_that_cannot_be_read_is_told_with_the_report(folder: Path) -> None:
    put(folder, "考核指标", "DL01", "权重", "很高")
    answer = run("report", folder, "kpi", ["2026-Q4"], now="2026-11-20T09:00")
    assert "VAL030" in codes(answer)
    assert answer.status == 1


def test_indicators_as_delivered_have_nothing_to_mend(folder: Path) -> None:
    assert codes(run("check", folder, now="2026-11-20T09:00")) == []


def test_the_day_a_raise_is_due_may_lie_ahead(folder: Path) -> None:
    enter(folder, """
    ## 客户
    | 客户名称 | 运营商 | 服务等级 |
    | 移动甲县 | 移动  | 标准    |

    ## 服务提升
    | 期间 | 客户名称 | 服务项目 | 现等级 | 目标等级 | 完成期限 |
    | 2026-Q4 | 移动甲县 | 需求受理 | C | B | 2026-12-31 |
    """)
    said = run("check", folder, now="2026-11-20T09:00").data["findings"]
    assert [one for one in said if one["sheet"] == "服务提升"] == []
