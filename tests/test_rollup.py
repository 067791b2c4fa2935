"""The province's roll-up: three cities small enough to count by hand, one broken, one empty, versions that differ."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sys
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from macros.analytics.ontime import rates
from macros.analytics.rollup import Measure, Province, ranked
from macros.analytics.rollup_notes import notes
from macros.analytics.rollup_shapes import City, Leaf
from macros.analytics.rollup_words import Indicator
from macros.clocks.engine import judge_all
from macros.commands import Answer
from macros.commands.days import calendar_of
from macros.commands.rollup.city import Task, read
from macros.commands.shelf import Shelf
from macros.progress import reporting
from tests.city import codes, contents, copied, enter, put, run
from tests.papers import text
from tests.test_progress import Ear

NOW = "2026-11-20T12:00"

# Fridays 13 and 20 November are working days, the weekends between are not. K01: two working days from the request to
# the signed 3.1. K02: ten from there to the signed 3.2. K22: the month's fee by the 25th of the next.
# K27: sixty minutes to the first reply. These four are the only hard clocks that run in the three cities.
EAST = """
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 | 客户经理 |
| 移动东江分公司 | 移动 | | 标准 | 客户代表A |
| 联通东江分公司 | 联通 | | 标准 | 客户代表B |
## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 需求属性 | 需求提出时间 | 需求收集表签署日期 | 筛查方案确认表签署日期 |
| XQ-1 | 移动 | 东江 | 城区 | 河湾 | 新建独享 | 2026-11-02 | 2026-11-04 | 2026-11-13 |
| XQ-2 | 联通 | 东江 | 城区 | 东山 | 新建共享 | 2026-11-02 | 2026-11-06 | |
| XQ-3 | 移动 | 东江 | 城区 | 南口 | 新建共享 | 2026-11-16 | | |
## 租约
| 产品业务确认单编号 | 运营商 | 站址编码 | 服务开始日期 |
| ZY-1 | 移动 | 430000000000000001 | 2026-01-01 |
| ZY-2 | 移动 | 430000000000000002 | 2027-01-01 |
## 账单
| 账期 | 运营商 | 价税合计（元） |
| 2026-09 | 移动 | 100 |
## 收款
| 收款编号 | 账期 | 运营商 | 收款日期 | 收款金额（元） |
| SK-1 | 2026-09 | 移动 | 2026-10-20 | 60 |
## 故障
| 故障编号 | 客户名称 | 申告时间 | 首次反馈时间 | 修复时间 |
| GZ-1 | 移动东江分公司 | 2026-11-03 10:00 | 2026-11-03 10:30 | 2026-11-03 12:00 |
| GZ-2 | 移动东江分公司 | 2026-11-10 09:00 | 2026-11-10 10:30 | 2026-11-10 12:00 |
"""
WEST = """
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 | 客户经理 |
| 移动西山分公司 | 移动 | | 标准 | 客户代表A |
## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 需求属性 | 需求提出时间 | 需求收集表签署日期 | 筛查方案确认表签署日期 |
| XQ-1 | 移动 | 西山 | 城区 | 一号 | 存量共享 | 2026-11-02 | 2026-11-03 | 2026-11-10 |
| XQ-2 | 移动 | 西山 | 城区 | 二号 | 存量共享 | 2026-11-09 | 2026-11-10 | |
## 账单
| 账期 | 运营商 | 价税合计（元） |
| 2026-10 | 联通 | 200 |
## 故障
| 故障编号 | 客户名称 | 申告时间 | 首次反馈时间 | 修复时间 |
| GZ-1 | 移动西山分公司 | 2026-10-08 08:00 | 2026-10-08 08:20 | 2026-10-08 12:00 |
"""
SOUTH = """
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 | 客户经理 |
| 电信南湖分公司 | 电信 | | 标准 | 客户代表C |
## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 需求属性 | 需求提出时间 | 需求收集表签署日期 |
| XQ-1 | 电信 | 南湖 | 城区 | 三号 | 新建独享 | 2026-10-12 | 2026-10-20 |
"""
CITIES = {"东江": EAST, "西山": WEST, "南湖": SOUTH}
#: met, judged late (overdue ones included), open and overdue now, counted clock by clock from the tables above:
#: 东江 met K01 XQ-1 (due 4 Nov), K02 XQ-1 (due 18 Nov), K27 GZ-1; late K01 XQ-2 (signed 6, due 4 Nov), K01 XQ-3 (due 18
#: Nov, overdue), K22 2026-09 (due 25 Oct, overdue), K27 GZ-2 (90 minutes); open K02 XQ-2 (due 20
#: Nov 24:00), K22 2026-10 (due 25 Nov). 西山 met K01 twice, K02 XQ-1, K27; open K02 XQ-2 (due 24 Nov), K22 2026-10.
#: 南湖 late K01 (signed 20 Oct, due 14 Oct), K02 (due 3 Nov, overdue).
COUNTED = {"东江": (3, 4, 2, 2), "西山": (4, 0, 2, 0), "南湖": (0, 2, 0, 1)}
WHOLE = (7, 6, 4, 3)


@pytest.fixture(scope="session")
def cities(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """A folder of three cities' registers. Only for reading."""
    home = tmp_path_factory.mktemp("省") / "各市"
    for name, tables in CITIES.items():
        shutil.copytree(blank, home / name)
        put(home / name, "假设", "城市", "采用", name)
        enter(home / name, tables)
    return home


@pytest.fixture(scope="session")
def made(cities: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Answer, Path]:
    """The three cities rolled up, and the folder of the results."""
    out = tmp_path_factory.mktemp("汇总")
    return run("rollup", [cities], out, now=NOW, workers=1), out


def told(answer: Answer) -> dict[str, dict[str, Any]]:
    """Each city of an answer by its name."""
    return {city["name"]: city for city in answer.data["cities"]}


def sheet(out: Path, title: str) -> list[list[Any]]:
    """The rows of a sheet of the workbook without the headings; a link stands as (text, target)."""
    book = openpyxl.load_workbook(out / "全省汇总.xlsx")
    rows = [[cell.value for cell in row] for row in book[title].iter_rows(min_row=2)]
    return [[link(value) for value in row] for row in rows]


def link(value: Any) -> Any:
    """A cell's formula as what it shows and where it leads; any other value as it is."""
    found = re.fullmatch(r'=HYPERLINK\("(.*)","(.*)"\)', value) if isinstance(value, str) else None
    return (found[2], found[1]) if found else value


@pytest.mark.parametrize("name", CITIES)
def test_each_city_hands_over_what_one_counts_in_its_tables(made: tuple[Answer, Path], name: str) -> None:
    sums = told(made[0])[name]["sums"]
    assert tuple(int(sums.get(one, 0)) for one in ("met", "late", "open", "overdue")) == COUNTED[name]


def test_the_province_is_the_sum_of_its_cities_not_the_mean_of_their_rates(made: tuple[Answer, Path]) -> None:
    """7 of 13 met is 53.85 %; the mean of 42.86 %, 100 % and 0 % would be 47.62 %."""
    whole = made[0].data["province"]
    assert tuple(int(whole["sums"][one]) for one in ("met", "late", "open", "overdue")) == WHOLE
    assert whole["indicators"]["on_time"] | {"this_month": "", "last_month": ""} == {
        "title": "硬性时限及时率", "value": "53.85%", "over": "7", "under": "13", "this_month": "", "last_month": "",
        "placed": 0,
    }


@pytest.mark.parametrize(("name", "of"), [
    ("demands", {"东江": "3", "西山": "2", "南湖": "1"}),
    ("leases", {"东江": "1", "西山": "0", "南湖": "0"}),       # ZY-2 begins next year
    ("faults", {"东江": "2", "西山": "1", "南湖": "0"}),
    ("billed", {"东江": "100.00", "西山": "200.00", "南湖": "0"}),
    ("received", {"东江": "60.00", "西山": "0.00", "南湖": "0"}),
    ("owed", {"东江": "40.00", "西山": "200.00", "南湖": "0"}),
    ("owed_late", {"东江": "40.00", "西山": "0", "南湖": "0"}),  # that of 西山 is due on 25 November
    ("due_billed", {"东江": "100.00", "西山": "0", "南湖": "0"}),
    ("rows", {"东江": "11", "西山": "5", "南湖": "2"}),          # settings and prices do not count
])
def test_counts_and_money_are_those_of_the_tables(made: tuple[Answer, Path], name: str, of: dict[str, str]) -> None:
    assert {city: sums["sums"].get(name, "0") for city, sums in told(made[0]).items()} == of


def test_only_what_was_due_counts_as_collected(made: tuple[Answer, Path]) -> None:
    """60 of the 100 due in 东江; nothing was due elsewhere, which is neither 0 nor 100 %."""
    assert made[0].data["province"]["indicators"]["collected"]["value"] == "60.00%"
    assert {name: city["indicators"]["collected"]["value"] for name, city in told(made[0]).items()} == {
        "东江": "60.00%", "西山": "无", "南湖": "无",
    }


def indicator(direction: str, least: int) -> Indicator:
    return Indicator("x", "某率", ("a",), ("b",), direction, least, 0, "")


@pytest.mark.parametrize(("direction", "least", "pairs", "places"), [
    # 3/4 and 45/60 are equal and share the second place; the next is fourth
    ("high", 0, [(3, 4), (5, 5), (45, 60), (1, 10)], [2, 1, 2, 4]),
    ("low", 0, [(3, 4), (5, 5), (45, 60), (1, 10)], [2, 4, 2, 1]),
    # a base below 5, and none at all, take no place and push nobody down
    ("high", 5, [(4, 4), (5, 6), (0, 0), (1, 5)], [None, 1, None, 2]),
    # one third is not 0.3333
    ("high", 0, [(1, 3), (3333, 10000)], [1, 2]),
    ("high", 0, [(0, 0)], [None]),
    ("high", 0, [], []),
])
def test_equal_figures_share_a_place_and_small_bases_take_none(
    direction: str, least: int, pairs: list[tuple[int, int]], places: list[int | None],
) -> None:
    each = indicator(direction, least)
    found = ranked([str(number) for number in range(len(pairs))], [Measure(each, *pair) for pair in pairs])
    assert [one.place for one in found] == places


def test_a_measure_tells_its_figure_as_people_read_it() -> None:
    rate, per = indicator("high", 0), indicator("low", 0)._replace(each=100)
    assert [Measure(rate, 1, 3).words(), Measure(rate, 0, 0).words(), Measure(per, 3, 8).words()] == [
        "33.33%", "无", "37.50",
    ]
    assert Measure(rate, 2, 3).exact == Fraction(2, 3)


def test_small_bases_are_marked_in_the_ranking(made: tuple[Answer, Path]) -> None:
    """Seven, four and two judged deadlines are fewer than the twenty that a place takes; 每千行错误数 wants 100 rows."""
    rows = sheet(made[1], "排名")
    assert [row[:5] for row in rows] == [
        ["东江", 0.4286, "基数小", 0.5, "基数小"], ["南湖", 0, "基数小", 1, "基数小"], ["西山", 1, "基数小", 0, "基数小"],
    ]


def test_cities_with_enough_behind_them_are_ranked(blank: Path, tmp_path: Path) -> None:
    """Twenty demands each: all signed the next day in 快市, every other one two days late in 慢市; all 3.2 in time."""
    heads = "## 需求\n| 需求编号 | 运营商 | 地市 | 站点名称 | 需求提出时间 | 需求收集表签署日期 | 筛查方案确认表签署日期 |\n"
    for name, days in (("快市", ("03", "03")), ("慢市", ("03", "06"))):
        shutil.copytree(blank, tmp_path / "省" / name)
        put(tmp_path / "省" / name, "假设", "城市", "采用", name)
        enter(tmp_path / "省" / name, heads + "\n".join(
            f"| X-{number} | 移动 | {name} | 站{number} | 2026-11-02 | 2026-11-{days[number % 2]} | 2026-11-10 |"
            for number in range(20)
        ))
    answer = run("rollup", [tmp_path / "省"], tmp_path / "出", now=NOW, workers=1)
    found = told(answer)
    assert {name: (one["indicators"]["on_time"]["value"], one["indicators"]["on_time"]["place"])
            for name, one in found.items()} == {"快市": ("100.00%", 1), "慢市": ("75.00%", 2)}
    assert "最好 快市 100.00%；最后 慢市 75.00%" in answer.text
    assert sheet(tmp_path / "出", "全省")[0][:9] == [
        "硬性时限及时率", "87.50%", "无", "87.50%", 70, 80, "高为好", "快市 100.00%", "慢市 75.00%",
    ]


def test_the_months_add_up_to_the_period_and_agree_with_the_on_time_rates(cities: Path) -> None:
    """The same items, counted by `macros.analytics.ontime.rates` over the twelve months."""
    at = dt.datetime(2026, 11, 20, 12)
    register = Shelf(cities / "东江").register()
    known = rates(judge_all(register, calendar_of(register), at).items, dt.date(2025, 12, 1), at.date())
    city = read(Task(str(cities / "东江"), at, 10)).city
    assert city is not None
    assert list(city.months) == [
        "2025-12", *(f"2026-{month:02d}" for month in range(1, 12)),
    ]
    assert {clock: (sums.met, sums.late) for clock, sums in known.items() if sums.counts and sums.judged} == {
        clock: (city.period.get(f"met:{clock}", 0), city.period.get(f"late:{clock}", 0))
        for clock in ("K01", "K02", "K22", "K27")
    }
    assert (city.months["2026-10"]["late"], city.months["2026-11"]["late"]) == (1, 3)


def test_one_gets_from_the_province_down_to_the_row_in_the_city_s_own_workbook(
    made: tuple[Answer, Path], cities: Path,
) -> None:
    out = made[1]
    east = next(row for row in sheet(out, "各市") if row[0] == "东江")
    assert east[-3:-1] == [("客户经理", "#'分客户经理'!A2"), ("2行", "#'逾期明细'!A2")]
    people = sheet(out, "分客户经理")
    # 客户代表A has 移动: K01 1/2, K02 1/1, K27 1/2; 客户代表B has 联通: K01 0/1; statements are nobody's
    assert [row[:7] for row in people if row[0] == "东江"] == [
        ["东江", "客户代表A", 0.6, 3, 2, 0, 1], ["东江", "客户代表B", 0, 0, 1, 1, 0], ["东江", "（未填）", 0, 0, 1, 1, 1],
    ]
    assert people[0][-2:] == ["故障首次反馈 1", ("1行", "#'逾期明细'!A2")]
    late = sheet(out, "逾期明细")
    assert [row[:6] + row[7:8] for row in late] == [
        ["东江", "客户代表A", "移动东江分公司", "K01", "需求收集", "XQ-3", 2],
        ["东江", "（未填）", "移动", "K22", "收款", "移动 2026-09", 26],
        ["南湖", "客户代表C", "电信南湖分公司", "K02", "需求整合及站址筛选", "XQ-1", 17],
    ]
    shown, target = late[0][-1]
    assert shown == "《需求台账》需求第4行"
    file, place = target.split("#")
    book = openpyxl.load_workbook(out / file)
    assert (out / file).resolve() == (cities / "东江" / "需求台账.xlsx").resolve()
    assert place == "'需求'!A4" and book["需求"]["A4"].value == "XQ-3"


def test_the_demands_stand_where_their_days_say(made: tuple[Answer, Path]) -> None:
    book = openpyxl.load_workbook(made[1] / "全省汇总.xlsx")
    heads = [cell.value for cell in book["需求进展"][1]]
    rows = [dict(zip(heads, row, strict=True)) for row in sheet(made[1], "需求进展")]
    assert [(row["市"], row["需求属性"], row["已提出"], row["已签3.1"], row["已签3.2"], row["合计"]) for row in rows] == [
        ("东江", "新建共享", 1, 1, 0, 2), ("东江", "新建独享", 0, 0, 1, 1), ("南湖", "新建独享", 0, 1, 0, 1),
        ("西山", "存量共享", 0, 1, 1, 2),
    ]


def test_the_trend_shows_twelve_months_and_draws_them(made: tuple[Answer, Path]) -> None:
    """October: K22 of 东江, K01 of 南湖 late, K27 of 西山 met, one in three; November: six met of ten."""
    rows = sheet(made[1], "趋势")
    assert [row[0] for row in rows] == ["2025-12", *(f"2026-{month:02d}" for month in range(1, 12))]
    assert [row[1] for row in rows[-3:]] == [None, 0.3333, 0.6]
    assert [row[5] for row in rows[-3:]] == [0, 1, 2]  # faults
    assert [row[9] for row in rows[-3:]] == [100, 200, 0]  # billed
    with zipfile.ZipFile(made[1] / "全省汇总.xlsx") as package:
        assert len([name for name in package.namelist() if name.startswith("xl/charts/chart")]) == 4


def test_the_paper_reads_as_counted(made: tuple[Answer, Path]) -> None:
    words = text((made[1] / "全省通报.docx").read_bytes())
    assert "统计期内硬性时限判定13件，按时7件，及时率53.85%；现有在办4件、逾期未办3件。需求6条，在租租约1份；" in words
    assert "应收300.00元，已收60.00元，逾期欠款40.00元。" in words
    assert "\n硬性时限及时率\n60.00%\n33.33%\n53.85%\n7/13\n" in words  # November, October, the period
    assert "\n到期账款收回率\n无\n无\n60.00%\n60/100\n东江 60.00%\n" in words
    assert "各市工作日历、计日口径、计费参数相同。" in words
    assert "所给台账全部汇总。" in words


def test_one_worker_and_two_make_the_same_files_and_the_cities_stay_as_they_were(
    made: tuple[Answer, Path], cities: Path, tmp_path: Path,
) -> None:
    before = contents(cities)
    run("rollup", [cities / "西山", cities], tmp_path, now=NOW, workers=2)
    # the way from the results to the cities is written in them
    again = made[1].parent / f"{made[1].name}2"
    shutil.rmtree(again, ignore_errors=True)
    run("rollup", [cities / "西山", cities], again, now=NOW, workers=2)
    assert contents(again) == contents(made[1])
    assert contents(cities) == before


def test_a_broken_city_is_named_with_the_reason_and_the_others_go_on(cities: Path, tmp_path: Path) -> None:
    home = tmp_path / "省"
    shutil.copytree(cities, home)
    (home / "南湖" / "需求台账.xlsx").write_bytes(b"PK\x03\x04 torn")
    answer = run("rollup", [home, tmp_path / "没有"], tmp_path / "出", now=NOW, workers=1)
    assert answer.status == 1
    assert sorted(told(answer)) == ["东江", "西山"]
    assert answer.data["province"]["indicators"]["on_time"]["value"] == "63.64%"  # 7 of 11
    assert codes(answer) == ["ROL001", "ROL005"]
    (said,) = [said["message"] for said in answer.data["findings"] if said["code"] == "ROL005"]
    assert "南湖" in said and "需求台账" in said
    unread = [row for row in sheet(tmp_path / "出", "说明") if row[0] == "未汇总"]
    assert [Path(row[3]).name for row in unread] == ["没有", "南湖"]
    assert "未汇总的台账2个：没有、南湖。" in text((tmp_path / "出" / "全省通报.docx").read_bytes())


def test_an_empty_register_is_a_city_without_figures(cities: Path, blank: Path, tmp_path: Path) -> None:
    home = tmp_path / "省"
    shutil.copytree(cities / "西山", home / "西山")
    shutil.copytree(blank, home / "澜江")
    answer = run("rollup", [home], tmp_path / "出", now=NOW, workers=1)
    empty = told(answer)["澜江"]
    assert empty["indicators"]["on_time"] == {"value": "无", "over": "0", "under": "0", "place": None, "small": True}
    assert answer.data["province"]["indicators"]["on_time"]["value"] == "100.00%"
    assert answer.status == 0


def test_cities_that_count_otherwise_are_named(cities: Path, tmp_path: Path) -> None:
    home = tmp_path / "省"
    shutil.copytree(cities, home)
    put(home / "西山", "假设", "A01", "采用", "当日计入")
    enter(home / "南湖", """
## 节假日
| 日期 | 类型 | 通知文号 |
| 2026-11-12 | 休 | 省政府通知 |
""")
    answer = run("rollup", [home], tmp_path / "出", now=NOW, workers=1)
    assert codes(answer) == ["ROL006"]
    said = {(note["city"], note["said"].split("为")[0]) for note in answer.data["notes"] if note["city"]}
    assert said == {("西山", "计日口径"), ("南湖", "工作日历")}
    assert "与多数市不同：南湖、西山，" in text((tmp_path / "出" / "全省通报.docx").read_bytes())


def test_a_register_twice_counts_once_and_copies_and_nameless_ones_are_told_apart(
    cities: Path, tmp_path: Path,
) -> None:
    shutil.copytree(cities / "东江", tmp_path / "省" / "东江")
    shutil.copytree(cities / "东江", tmp_path / "省" / "东江副本")
    shutil.copytree(cities / "西山", tmp_path / "省" / "某市")
    put(tmp_path / "省" / "某市", "假设", "城市", "采用", None)
    answer = run("rollup", [tmp_path / "省", tmp_path / "省" / "某市"], tmp_path / "出", now=NOW, workers=1)
    assert list(told(answer)) == ["某市", "东江（东江）", "东江（东江副本）"]
    assert codes(answer) == ["ROL008"]


def test_a_missing_workbook_is_said(cities: Path, tmp_path: Path) -> None:
    shutil.copytree(cities / "东江", tmp_path / "省" / "东江")
    (tmp_path / "省" / "东江" / "服务台账.xlsx").unlink()
    answer = run("rollup", [tmp_path / "省"], tmp_path / "出", now=NOW, workers=1)
    assert codes(answer) == ["ROL007"]
    assert told(answer)["东江"]["sums"].get("faults", "0") == "0"
    assert any("服务台账" in row[2] for row in sheet(tmp_path / "出", "说明") if row[0] == "缺项")


def test_results_never_come_to_lie_in_a_city(cities: Path, folder: Path) -> None:
    from macros.cli import run as answered

    before = contents(folder)
    answer = answered("rollup", {"folders": [cities, folder], "out": folder / "汇总", "now": NOW})
    assert answer.status == 2 and codes(answer) == ["ROL003"]
    assert contents(folder) == before


def test_without_any_city_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    answer = run("rollup", [tmp_path / "空"], tmp_path / "出", now=NOW)
    assert answer.status == 2 and codes(answer) == ["ROL002", "ROL004"]
    assert not (tmp_path / "出").exists()


def test_more_overdue_rows_than_are_listed_are_said() -> None:
    city = City("/省/东江", "东江", {"overdue": 7}, {"2026-11": {}}, {}, {}, (), {}, ())
    said = [note.said for note in notes(Province([city], ["东江"]), [], "2026-11-20 12:00", 5) if note.kind == "capped"]
    assert said == ["逾期未办共 7 行，“逾期明细”列出逾期最久的 5 行"]


def test_the_weeks_of_the_whole_period_count_not_only_those_on_the_board(blank: Path, tmp_path: Path) -> None:
    """From the first visit's week (2 March) to that of 9 November there are 37 weeks; two had a visit."""
    copied(blank, tmp_path)
    enter(tmp_path / "台账", """
## 客户
| 客户名称 | 运营商 | 服务等级 |
| 移动分公司 | 移动 | 标准 |
## 拜访
| 拜访编号 | 客户名称 | 拜访类型 | 拜访方式 | 拜访日期 |
| BF-1 | 移动分公司 | 例行 | 上门 | 2026-03-03 |
| BF-2 | 移动分公司 | 例行 | 上门 | 2026-03-10 |
""")
    answer = run("rollup", [tmp_path / "台账"], tmp_path / "出", now=NOW, workers=1)
    visits = answer.data["province"]["indicators"]["visits"]
    assert (visits["over"], visits["under"], visits["value"]) == ("2", "37", "5.41%")


def test_more_customers_than_a_sheet_shows_are_said() -> None:
    leaves = {("客户代表A", f"客户{number}", "K01"): Leaf(met=1) for number in range(20_001)}
    city = City("/省/东江", "东江", {}, {"2026-11": {}}, leaves, {}, (), {}, ())
    said = [note.said for note in notes(Province([city], ["东江"]), [], "2026-11-20 12:00", 5) if note.kind == "capped"]
    assert said == ["“分客户”共 20001 行，列出前 20000 行"]


def test_each_city_is_told_of_and_a_cancel_writes_nothing(cities: Path, tmp_path: Path) -> None:
    ear = Ear()
    with reporting(ear):
        run("rollup", [cities], tmp_path / "一", now=NOW, workers=1)
    assert (ear.heard[-1].done, ear.heard[-1].total, ear.heard[-1].unit) == (3, 3, "市")
    with reporting(Ear(enough=0)):
        answer = run("rollup", [cities], tmp_path / "二", now=NOW, workers=1)
    assert answer.status == 2 and codes(answer) == ["ROL009"]
    assert not (tmp_path / "二").exists()


def test_a_folder_with_a_hash_sign_is_rolled_up_without_links(cities: Path, tmp_path: Path) -> None:
    """A spreadsheet takes the sign for the end of the file's name."""
    copied(cities / "东江", tmp_path / "省#1")
    run("rollup", [tmp_path / "省#1"], tmp_path / "出", now=NOW, workers=1)
    assert sheet(tmp_path / "出", "逾期明细")[0][-1] == "《需求台账》需求第4行"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such names")
def test_folder_names_that_no_workbook_can_hold_are_shown_as_far_as_they_can(cities: Path, tmp_path: Path) -> None:
    odd = tmp_path / "省" / "\x01\x0b&<\"'"
    shutil.copytree(cities / "东江", odd)
    put(odd, "假设", "城市", "采用", None)
    (tmp_path / "省" / "\x02坏").mkdir()
    (tmp_path / "省" / "\x02坏" / "需求台账.xlsx").write_bytes(b"no workbook")
    answer = run("rollup", [tmp_path / "省"], tmp_path / "出", now=NOW, workers=1)
    assert list(told(answer)) == ["\ufffd\ufffd&<\"'"]
    assert sheet(tmp_path / "出", "逾期明细")[0][-1] == "《需求台账》需求第4行"
    assert "\ufffd坏" in text((tmp_path / "出" / "全省通报.docx").read_bytes())
