"""A month's charges: cases worked by hand, what is left out and why, and agreement with a slow oracle."""

from __future__ import annotations

import csv
import datetime as dt
import random
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.billing.accounts import accounts
from macros.billing.changes import changes
from macros.billing.leases import leases
from macros.billing.lines import Line, line, segment_amount
from macros.billing.month import Bill, bill, days_of, spans_of
from macros.billing.movement import movement
from macros.billing.records import Adjustment, Issued, charges
from macros.billing.segments import Segment, Span, by_site, cut
from macros.billing.taxes import Untaxed, taxes, with_rates
from macros.billing.working import working
from macros.pricing.parameters import Tariff, shipped, tariff
from macros.records import Record
from macros.validation import validate
from tests import billing_oracle as oracle
from tests.billing_random import SHIPPED, World, billed, difference, random_runs, records, world
from tests.tables import register

ANSWERS = Path(__file__).parent / "answers"
SITE = "430100000000000001"
#: 普通地面塔 30≤H<35 in a province with 0.9: 39260.26434 yuan a year from 2018 on, worked in test_pricing.
INPUTS = {
    "产品业务确认单编号": "L1", "运营商": "移动", "站址编码": SITE, "产品类型": "", "天线挂高": "", "产品单元数": "1", "铁塔建造成本": "183433",
    "机房建造成本": "80000", "配套建造成本": "60000", "维护费": "6000", "场地费": "8000", "电力引入费": "3000", "BBU安装在铁塔机房费": "",
    "其他费用": "", "服务开始日期": "2020-01-01", "服务结束日期": "", "是否锚定用户": "", "共享信息": "", "订单签约日期": "", "地区系数": "0.9",
    "算费风压系数": "1", "油机发电服务费模式": "", "油机发电服务费包干": "", "产品类别": "", "基准价格": "", "覆盖面积": "", "隧道长度": "",
    "点位总数": "",
}


def rows(*given: dict[str, str]) -> tuple[Record, ...]:
    """Leases like `INPUTS` but for what is given, through the register's readers."""
    lines = [INPUTS | one for one in given]
    assert all(one.keys() == INPUTS.keys() for one in lines)
    table = ["## 租约", f"| {' | '.join(INPUTS)} |", *(f"| {' | '.join(one.values())} |" for one in lines)]
    return register("\n".join(table)).rows("lease")


def lease(key: str, operator: str, **other: str) -> dict[str, str]:
    return {"产品业务确认单编号": key, "运营商": operator} | other


def items(made: Line) -> str:
    return " ".join(f"{name}={amount}" for name, amount in made.items)


def october(*given: dict[str, str], rules: Tariff = SHIPPED) -> Bill:
    return bill("2026-10", rows(*given), (), rules, {})


def said(made: Bill) -> list[str]:
    return [f"{one.code} {one.cell}" for one in made.findings]


def cases(name: str) -> list[object]:
    with (ANSWERS / name).open(encoding="utf-8", newline="") as file:
        held = groupby(csv.DictReader(file), key=lambda one: one["case"])
        return [pytest.param(list(group), id=case) for case, group in held]


# ---- Cases worked by hand


@pytest.mark.parametrize("case", cases("billing.csv"))
def test_a_month_costs_what_the_hand_calculation_says(case: list[dict[str, str]]) -> None:
    given = []
    for one in case:
        other = dict(part.split("=") for part in one["other"].split(";") if part)
        given.append(lease(one["lease"], one["operator"]) | {
            "服务开始日期": one["starts"], "服务结束日期": one["ends"], "是否锚定用户": one["anchor"], "共享信息": one["sharing"],
            "订单签约日期": one["signed"],
        } | other)
    made = bill(case[0]["month"], rows(*given), (), SHIPPED, {})
    found = {one.lease.key: items(one) for one in made.lines}
    assert found == {one["lease"]: one["expected"] for one in case}
    assert made.excluded == ()


@pytest.mark.parametrize("case", cases("billing_runs.csv"))
def test_a_generator_run_costs_what_the_hand_calculation_says(case: list[dict[str, str]]) -> None:
    columns = ("run", "operator", "site", "started", "ended", "terrain", "result")
    text = ["## 油机发电", "| 运维系统工单号 | 运营商 | 站址编码 | 开始时间 | 结束时间 | 地形 | 发电结果 |"]
    text += ["| " + " | ".join(one[name] for name in columns) + " |" for one in case]
    lump = lease("B", "移动", 站址编码="430100000000000009", 服务结束日期="2026-10-20", 油机发电服务费模式="包干", 油机发电服务费包干="2400")
    made = bill(case[0]["month"], rows(lump), register("\n".join(text)).rows("generator"), SHIPPED, {})
    found = {one.key: f"{one.hours} {one.fee}" for one in made.runs}
    assert found == {one["run"]: one["expected"] for one in case if one["expected"]}
    assert said(made) == [one["findings"] for one in case if one["findings"]]
    assert {one.key for one in made.runs if one.doubted} == {one["run"] for one in case if one["findings"]}
    assert all(one.why for one in made.runs if not one.fee)


# ---- What is left out, and why


def whole(*given: dict[str, str]) -> list[tuple[str, str]]:
    """Number and base price of each line; an undiscounted one is 3271.69, of two tenants 2211.66."""
    return sorted((one.lease.key, str(one.items[0][1])) for one in october(*given).lines)


def test_overlapping_leases_of_one_operator_are_billed_with_a_warning() -> None:
    given = lease("L1", "移动"), lease("L2", "移动", 服务开始日期="2026-10-31"), lease("L3", "联通", 站址编码="430100000000000002")
    made = october(*given)
    assert said(made) == ["BIL007 O3"]
    assert made.findings[0].severity == "warning"
    assert whole(*given) == [("L1", "3271.69"), ("L2", "105.54"), ("L3", "3271.69")]


def test_leases_of_one_operator_one_after_the_other_are_no_overlap() -> None:
    assert said(october(lease("L1", "移动", 服务结束日期="2026-10-15"), lease("L2", "移动", 服务开始日期="2026-10-16"))) == []


GOOD = lease("OK", "联通")
# What is wrong with the second lease of the site, the finding with its cell, and words its message must have.
BAD = {
    "ends before it begins": ({"服务结束日期": "2019-12-31"}, "BIL002 P3", "请改正"),
    "no units": ({"产品单元数": ""}, "BIL001 F3", "请补上"),
    "no operator": ({"运营商": ""}, "BIL001 B3", "请补上"),
    "no site code": ({"站址编码": ""}, "BIL001 C3", "请补上"),
    "no start": ({"服务开始日期": ""}, "BIL001 O3", "请补上"),
    "no cost and no product": ({"铁塔建造成本": ""}, "BIL004 G3", "空"),
    "no cost and a product without one": ({"铁塔建造成本": "", "产品类型": "抱杆微站"}, "BIL004 G3", "抱杆微站"),
    "no cost and no height": ({"铁塔建造成本": "", "产品类型": "普通地面塔"}, "BIL004 G3", "普通地面塔"),
    "higher than the table": ({"铁塔建造成本": "", "产品类型": "普通地面塔", "天线挂高": "50.1"}, "BIL004 G3", "补上这一档"),
    "units of seven decimals": ({"产品单元数": "0.3333333"}, "BIL005 F3", "0.3333333"),
    "a factor of seven decimals": ({"地区系数": "0.9000001"}, "BIL005 T3", "六位小数"),
}


@pytest.mark.parametrize(("wrong", "where", "words"), BAD.values(), ids=BAD.keys())
def test_a_lease_that_cannot_be_billed_is_told_and_is_no_tenant(wrong: dict[str, str], where: str, words: str) -> None:
    made = october(GOOD, lease("L2", "移动") | wrong)
    assert said(made) == [where]
    assert words in made.findings[0].message
    assert [(one.lease.key, items(one)) for one in made.lines] == [("OK", "base=3271.69 site_rent=666.67 power_fee=250.00")]
    assert made.excluded == (("L2", made.findings[0].message, True),)


def test_a_lease_without_a_number_is_told() -> None:
    made = october(GOOD, lease("", "移动"))
    assert said(made) == ["BIL001 A3"]
    assert made.excluded == (("", made.findings[0].message, True),)


def test_each_missing_cell_is_told() -> None:
    assert said(october(lease("L1", "", 产品单元数=""))) == ["BIL001 B2", "BIL001 F2"]


def test_a_row_the_check_found_in_error_is_neither_billed_nor_a_tenant() -> None:
    given = rows(GOOD, lease("L2", "移动"))
    made = bill("2026-10", given, (), SHIPPED, {given[1].place: "站址编码不是18位"})
    assert [(one.lease.key, one.segments[0].tenants) for one in made.lines] == [("OK", 1)]
    assert made.excluded == (("L2", "站址编码不是18位", True),)
    assert made.findings == ()


def test_two_different_rows_of_one_number_are_both_left_out() -> None:
    made = october(GOOD, lease("L2", "移动"), lease("L2", "移动", 产品单元数="0.3"))
    assert said(made) == ["BIL003 A4"]
    assert "第 3 行" in made.findings[0].message
    assert [one.lease.key for one in made.lines] == ["OK"]
    assert made.excluded == (("L2", made.findings[0].message, True),) * 2
    assert made.leases_in == 3 == len(made.lines) + len(made.excluded)


def test_a_row_repeated_exactly_counts_once() -> None:
    assert october(GOOD, GOOD).excluded == (("OK", "与第 2 行完全相同，只计一次", False),)
    assert whole(GOOD, lease("L2", "移动"), lease("L2", "移动")) == [("L2", "2211.66"), ("OK", "2211.66")]
    assert said(october(GOOD, lease("L2", "移动"), lease("L2", "移动"))) == []


def test_a_fourth_tenant_leaves_the_site_out_and_bills_the_others() -> None:
    given = rows(
        lease("L1", "移动"), lease("L2", "联通"), lease("L3", "电信"), lease("L4", "移动", 服务开始日期="2026-10-31"),
        lease("L5", "移动", 站址编码="430100000000000002"),
    )
    form = given[0].form
    # A fourth operator is no choice of the list: the row is made as if one had been added to it.
    fourth = Record(form, tuple("广电" if c.name == "operator" else v for c, v in zip(form.columns, given[3].values, strict=True)), given[3].place, given[3].columns)
    made = bill("2026-10", (*given[:3], fourth, given[4]), (), SHIPPED, {})
    assert said(made) == ["BIL006 C5"]
    assert "广电、电信、移动、联通" in made.findings[0].message
    assert [one.lease.key for one in made.lines] == ["L5"]
    assert [(one.key, one.why) for one in made.excluded] == [(key, made.findings[0].message) for key in ("L1", "L2", "L3", "L4")]


def test_four_leases_of_three_operators_are_three_tenants() -> None:
    assert whole(*(lease(f"L{i}", name) for i, name in enumerate(("移动", "联通", "电信", "移动")))) == [
        ("L0", "1884.49"), ("L1", "1884.49"), ("L2", "1884.49"), ("L3", "1884.49")]


def test_a_repeated_row_outside_the_month_is_left_out_twice() -> None:
    made = october(*[lease("L1", "移动", 服务开始日期="2026-11-01")] * 2)
    assert [one.why for one in made.excluded] == ["与第 2 行完全相同，只计一次", "本月不在服务期内"]


def test_a_lease_outside_the_month_is_left_out_without_doubt() -> None:
    made = october(lease("L1", "移动", 服务开始日期="2026-11-01"), lease("L2", "联通", 服务结束日期="2026-09-30"))
    assert made.lines == []
    assert made.excluded == (("L1", "本月不在服务期内", False), ("L2", "本月不在服务期内", False))
    assert made.findings == ()


def test_a_month_without_parameters_bills_nothing_and_says_what_is_missing() -> None:
    made = bill("2028-01", rows(GOOD, lease("L2", "移动", 服务结束日期="2027-12-31")), (), SHIPPED, {})
    assert made.lines == []
    assert [one.code for one in made.findings] == ["PRC004"]
    assert "2028-01-01" in made.findings[0].message and "成本加成率" in made.findings[0].message and "请在《参数》" in made.findings[0].message
    assert made.excluded == (("OK", made.findings[0].message, True), ("L2", "本月不在服务期内", False))


GAP = """
## 计费参数
| 参数 | 对象 | 租户数 | 锚定用户 | 数值 | 生效日期 | 失效日期 |
| 成本加成率 |  |  |  | 0.1 | 2018-01-01 | 2026-10-10 |
| 成本加成率 |  |  |  | 0.2 | 2026-10-21 |  |
| 折损率 |  |  |  | 0.02 | 2018-01-01 |  |
| 既有共享付费比例 |  |  |  | 0.3 | 2018-01-01 |  |
| 折旧年限 | 铁塔 |  |  | 10 | 2018-01-01 |  |
| 折旧年限 | 机房 |  |  | 20 | 2018-01-01 |  |
| 折旧年限 | 配套 |  |  | 6 | 2018-01-01 |  |
| 基准价格折扣 |  | 2 | 否 | 0.5 | 2018-01-01 |  |
| 基准价格折扣 |  | 2 | 是 | 0.5 | 2018-01-01 |  |
| 基准价格折扣 |  | 3 | 否 | 0.5 | 2018-01-01 |  |
| 基准价格折扣 |  | 3 | 是 | 0.5 | 2018-01-01 |  |
| 场地费和电力引入费折扣 |  | 2 | 否 | 0.5 | 2018-01-01 |  |
| 场地费和电力引入费折扣 |  | 2 | 是 | 0.5 | 2018-01-01 |  |
| 场地费和电力引入费折扣 |  | 3 | 否 | 0.5 | 2018-01-01 |  |
| 场地费和电力引入费折扣 |  | 3 | 是 | 0.5 | 2018-01-01 |  |
| 增值税率 |  |  |  | 0.06 | 2018-01-01 |  |
| 增值税率 | 场地费 |  |  | 0.09 | 2026-10-01 |  |
"""


def test_days_without_prices_leave_out_only_the_leases_that_run_on_them() -> None:
    """The price table has no mark-up from the 11th to the 20th: L1 needs these days, the others do not."""
    rules, gaps = tariff(register(GAP).rows("price"))
    assert [one.code for one in gaps] == ["PRC003"]
    made = october(
        lease("L1", "移动"), lease("L2", "联通", 服务结束日期="2026-10-10"), lease("L3", "联通", 服务开始日期="2026-10-21"), rules=rules,
    )
    # L2 39260.26434÷12×0.5×10÷31; L3 at 20 %: 35691.1494×1.2÷12×0.5×11÷31
    assert [(one.lease.key, str(one.items[0][1])) for one in made.lines] == [("L2", "527.69"), ("L3", "633.23")]
    assert [(one.code, one.value) for one in made.findings] == [("PRC004", "成本加成率")]
    assert made.excluded == (("L1", made.findings[0].message, True),)


@pytest.mark.parametrize("after", ["0.2", "0.1"])
def test_days_without_prices_are_in_no_span_and_no_segment(after: str) -> None:
    rules, _ = tariff(register(GAP.replace("0.2 | 2026-10-21", f"{after} | 2026-10-21")).rows("price"))
    spans, missing = spans_of(rules, *days_of("2026-10"))
    known, _, _ = leases(rows(GOOD), rules, {})
    days = [(1, 10), (21, 31)]
    assert [(one.first.day, one.last.day) for one in spans] == days
    assert [(one.first.day, one.last.day) for one in cut(known, spans)["OK"]] == days
    assert [one.code for one in missing] == ["PRC004"]


def test_prices_that_change_within_a_month_are_added_day_by_day() -> None:
    """35691.1494 × (10 × 1.1 + 21 × 1.2) ÷ 12 ÷ 31 = 3473.17…"""
    text = GAP.replace("2026-10-21", "2026-10-11")
    made = october(lease("L1", "移动"), rules=tariff(register(text).rows("price"))[0])
    assert items(made.lines[0]) == "base=3473.17 site_rent=666.67 power_fee=250.00"
    assert [(one.first.day, one.last.day) for one in made.lines[0].segments] == [(1, 10), (11, 31)]


def test_each_rate_is_taxed_on_its_own_sum_and_rounded_once() -> None:
    """Two leases: rent 1333.34 at 9 % is 120.0006; base and power 6543.38 + 500.00 at 6 % is 422.6028."""
    text = GAP.replace("2026-10-10", "2026-12-31").replace("2026-10-21", "2027-01-01")
    (statement,) = october(lease("L1", "移动"), lease("L2", "移动", 站址编码="430100000000000002"), rules=tariff(register(text).rows("price"))[0]).statements
    assert [(str(one.rate), str(one.net), str(one.tax)) for one in statement.taxes] == [
        ("0.06", "7043.38", "422.60"), ("0.09", "1333.34", "120.00")]
    assert (str(statement.net), str(statement.tax), str(statement.gross)) == ("8376.72", "542.60", "8919.32")


def test_runs_stand_on_the_statement_of_who_pays_for_them() -> None:
    run = register(
        "## 油机发电\n| 运维系统工单号 | 运营商 | 站址编码 | 开始时间 | 结束时间 | 地形 |\n"
        f"| Y1 | 电信 | {SITE} | 2026-10-08 08:00 | 2026-10-08 09:00 | 平原 |"
    ).rows("generator")
    made = bill("2026-10", rows(GOOD), run, SHIPPED, {})
    assert [(one.operator, str(one.lease_net), str(one.run_net), str(one.tax)) for one in made.statements] == [
        ("电信", "0.00", "220.00", "13.20"), ("联通", "4188.36", "0.00", "251.30")]


# ---- A month without a tax rate


RATES = """
## 计费参数
| 参数 | 对象 | 数值 | 生效日期 | 失效日期 |
"""


def taxed(*lines: str) -> Tariff:
    """The prices as delivered with these rows of tax rates instead of theirs; the first stands in row 2."""
    given = register(RATES + "".join(f"| 增值税率 | {one} |\n" for one in lines)).rows("price")
    others = [one for one in shipped() if one.text("parameter") != "增值税率"]
    made, _ = tariff([*others, *given])
    return made


# The rates stated (object | rate | from | to), and the finding with the cell it names and what it says of the gap.
NO_RATE = {
    "a gap between two rates": (
        (" | 0.06 | 2016-07-08 | 2026-09-30", " | 0.09 | 2026-11-01 | "), "PRC062 E2", "这一行到 2026-09-30 为止，第 3 行从 2026-11-01 开始",
    ),
    "a rate that has ended": ((" | 0.06 | 2016-07-08 | 2026-10-30",), "PRC063 E2", "这一行到 2026-10-30 为止，之后没有接续的一行"),
    "a rate that has not begun": ((" | 0.06 | 2026-11-01 | ",), "PRC064 D2", "最早的一行从 2026-11-01 开始"),
    "no rate at all": ((), "PRC065 ", "没有能用的增值税率"),
}


@pytest.mark.parametrize(("rates", "where", "words"), NO_RATE.values(), ids=NO_RATE.keys())
def test_a_month_without_a_tax_rate_bills_nothing_rather_than_without_tax(rates: tuple[str, ...], where: str, words: str) -> None:
    made = bill("2026-10", rows(GOOD), runs("Y1 | 联通 | 2026-10-08 08:00 | 2026-10-08 09:00"), taxed(*rates), {})
    assert made.statements == ()
    assert said(made) == [where]
    assert words in made.findings[0].message and "2026-10-31 没有" in made.findings[0].message.replace("《计费参数》", "2026-10-31 ")
    assert made.excluded == (("OK", made.findings[0].message, True),)
    assert [(str(one.fee), one.why, one.doubted) for one in made.runs] == [("0.00", made.findings[0].message, True)]


def test_an_item_in_a_gap_of_its_own_rates_leaves_out_only_the_leases_that_have_it() -> None:
    """Rent had 9 % until September and will have 9 % again; L1 pays rent, L2 none: 3271.69 + 250.00 at 6 % is 211.30."""
    rules = taxed(" | 0.06 | 2016-07-08 | ", "场地费 | 0.09 | 2026-01-01 | 2026-09-30", "场地费 | 0.09 | 2026-12-01 | ")
    made = october(lease("L1", "移动"), lease("L2", "联通", 站址编码="430100000000000002", 场地费=""), rules=rules)
    assert said(made) == ["PRC062 E3"]
    assert made.excluded == (("L1", made.findings[0].message, True),)
    assert [(one.operator, str(one.net), str(one.tax), str(one.gross)) for one in made.statements] == [("联通", "3521.69", "211.30", "3732.99")]


def test_an_item_whose_own_rate_has_ended_for_good_has_the_common_one_again() -> None:
    """4188.36 at 6 % is 251.3016."""
    made = october(GOOD, rules=taxed(" | 0.06 | 2016-07-08 | ", "场地费 | 0.09 | 2026-01-01 | 2026-09-30"))
    assert said(made) == []
    assert [(str(one.net), str(one.tax)) for one in made.statements] == [("4188.36", "251.30")]


def test_a_rate_of_nought_is_a_rate() -> None:
    made = october(GOOD, rules=taxed(" | 0 | 2016-07-08 | "))
    assert said(made) == []
    assert [(str(one.net), str(one.tax)) for one in made.statements] == [("4188.36", "0.00")]


def test_a_correction_without_a_rate_waits_for_a_month_that_has_one() -> None:
    fixes = [
        Adjustment("2026-09", key, "移动", SITE, {item: Decimal("10.00")}, "价格或费用变更")
        for key, item in (("L1", "base"), ("L2", "site_rent"))
    ]
    rules = taxed(" | 0.06 | 2016-07-08 | ", "场地费 | 0.09 | 2026-01-01 | 2026-09-30", "场地费 | 0.09 | 2026-12-01 | ")
    kept, waiting = with_rates(fixes, rules, dt.date(2026, 10, 31))
    assert [one.key for one in kept] == ["L1"]
    assert [(one.code, one.cell) for one in waiting] == [("PRC062", "E3")]
    assert with_rates(fixes, rules, dt.date(2026, 12, 31)) == (fixes, [])


# ---- Generators


def runs(*lines: str) -> tuple[Record, ...]:
    """Runs of number, operator, start and end on the site of `INPUTS`; the first stands in row 2."""
    text = ["## 油机发电", "| 运维系统工单号 | 运营商 | 开始时间 | 结束时间 | 站址编码 | 地形 |", *(f"| {one} | {SITE} | 平原 |" for one in lines)]
    return register("\n".join(text)).rows("generator")


#: One hour of 移动 on the site of `INPUTS`.
ONE_HOUR = runs("Y1 | 移动 | 2026-10-08 08:00 | 2026-10-08 09:00")


def test_a_yearly_generator_sum_without_its_mode_is_told_and_not_billed() -> None:
    """Whether 1800 a year or each run is paid is not for the program to guess: the lease costs 4188.36 alone."""
    made = bill("2026-10", rows(lease("L1", "移动", 油机发电服务费模式="", 油机发电服务费包干="1800")), (), SHIPPED, {})
    assert said(made) == ["BIL068 V2"]
    assert "包干1800.00元每年没有计费" in made.findings[0].message and "请选包干或按次" in made.findings[0].message
    assert [str(line.amount) for line in made.lines] == ["4188.36"]


def test_a_yearly_generator_sum_left_blank_is_told_and_stands_among_what_is_not_billed() -> None:
    """The rest of the lease is billed, 4188.36 alone; its run costs nothing as of any lease with a yearly sum."""
    given = rows(GOOD | {"站址编码": "430100000000000002"}, lease("L2", "移动", 油机发电服务费模式="包干"))
    made = bill("2026-10", given, ONE_HOUR, SHIPPED, {})
    assert said(made) == ["BIL060 W3"]
    assert made.findings[0].severity == "warning"
    assert "“油机发电服务费包干”为空" in made.findings[0].message and "请填写每年的包干金额" in made.findings[0].message
    assert made.unstated == (("L2", made.findings[0].message, True),)
    assert [(one.lease.key, str(one.amount)) for one in made.lines] == [("L2", "4188.36"), ("OK", "4188.36")]
    assert [(str(one.fee), one.why) for one in made.runs] == [("0.00", "租约为包干")]


def test_a_blank_sum_is_not_told_in_months_the_lease_does_not_run() -> None:
    made = october(lease("L1", "移动", 服务结束日期="2026-09-30", 油机发电服务费模式="包干"))
    assert (said(made), made.unstated) == ([], ())


def test_the_runs_of_a_lease_with_a_yearly_sum_are_not_billed_one_by_one_while_it_cannot_be_billed() -> None:
    given = rows(lease("L1", "移动", 产品单元数="", 油机发电服务费模式="包干", 油机发电服务费包干="2400"))
    made = bill("2026-10", given, ONE_HOUR, SHIPPED, {})
    assert said(made) == ["BIL001 F2"]
    assert [(str(one.fee), one.doubted) for one in made.runs] == [("0.00", True)]
    assert made.runs[0].why == f"租约 L1 为包干，尚未出账：{made.findings[0].message}"


def test_a_yearly_generator_sum_of_nought_is_free_as_stated() -> None:
    made = october(lease("L1", "移动", 油机发电服务费模式="包干", 油机发电服务费包干="0"))
    assert said(made) == []
    assert [str(one.amount) for one in made.lines] == ["4188.36"]


def test_a_run_entered_twice_is_told_with_both_rows_and_billed_once() -> None:
    """One hour in the plain is 220; row 4 repeats row 2."""
    given = runs(*["Y1 | 移动 | 2026-10-08 08:00 | 2026-10-08 09:00", "Y2 | 移动 | 2026-10-09 08:00 | 2026-10-09 09:00"] * 2)
    made = bill("2026-10", (), given[:3], SHIPPED, {})
    assert said(made) == ["BIL061 A4"]
    assert made.findings[0].severity == "warning"
    assert "第 4 行与第 2 行完全相同" in made.findings[0].message
    assert [(one.key, str(one.fee), one.doubted, one.repeats) for one in made.runs] == [
        ("Y1", "220.00", False, False), ("Y2", "220.00", False, False), ("Y1", "0.00", False, True)]
    assert str(made.net) == "440.00"


def test_a_run_entered_twice_is_billed_once_also_when_the_check_found_the_repeat() -> None:
    given = runs(*["Y1 | 移动 | 2026-10-08 08:00 | 2026-10-08 09:00"] * 2)
    made = bill("2026-10", (), given, SHIPPED, {given[1].place: "编号重复"})
    assert [(str(one.fee), one.doubted) for one in made.runs] == [("220.00", False), ("0.00", False)]


def test_two_runs_of_one_number_are_both_held_until_one_is_mended() -> None:
    made = bill("2026-10", (), runs("Y1 | 移动 | 2026-10-08 08:00 | 2026-10-08 09:00", "Y1 | 移动 | 2026-10-20 08:00 | 2026-10-20 09:00"), SHIPPED, {})
    assert said(made) == ["BIL064 A2", "BIL064 A3"]
    assert "第 3 行" in made.findings[0].message and "第 2 行" in made.findings[1].message
    assert [(str(one.fee), one.doubted) for one in made.runs] == [("0.00", True), ("0.00", True)]


# ---- Products with a price of the year instead of construction costs


def indoor(key: str, operator: str, **other: str) -> dict[str, str]:
    """室分 without any construction cost."""
    costs = dict.fromkeys(("机房建造成本", "配套建造成本", "维护费", "电力引入费"), "")
    return lease(key, operator, 产品类别="室分类", 铁塔建造成本="0", **costs) | other


def test_an_indoor_product_pays_its_agreed_base_price_with_the_same_discounts() -> None:
    """24000 × 1.3 units = 31200 a year; of two tenants 31200 × 0.676 ÷ 12 = 1757.60, of the anchor × 0.626 = 1627.60.

    Rent 8000 × 0.6 ÷ 12 and × 0.55 ÷ 12; region and mark-up are not applied again.
    """
    made = october(
        indoor("L1", "移动", 基准价格="24000", 产品单元数="1.3"), indoor("L2", "联通", 基准价格="24000", 产品单元数="1.3", 是否锚定用户="是"),
    )
    assert said(made) == []
    assert {one.lease.key: items(one) for one in made.lines} == {
        "L1": "base=1757.60 site_rent=400.00", "L2": "base=1627.60 site_rent=366.67"}
    assert working(made.lines[0]) == "基价 31200.00×67.6%÷12；场租 8000.00×60%÷12"


UNIT_PRICES = GAP.replace("2026-10-10", "2026-12-31").replace("2026-10-21", "2027-01-01") + """| 年标准单价 | 室分覆盖面积 |  |  | 2.4 | 2018-01-01 | |
| 年标准单价 | 隧道长度 |  |  | 30000 | 2018-01-01 | |
"""


@pytest.mark.parametrize(("quantity", "month"), [
    ({"覆盖面积": "10000"}, "2000.00"),                       # 10000 × 2.4 = 24000 ÷ 12
    ({"隧道长度": "1.5"}, "3750.00"),                          # 1.5 × 30000 = 45000 ÷ 12
    ({"覆盖面积": "10000", "隧道长度": "1.5"}, "5750.00"),       # 69000 ÷ 12
    ({"覆盖面积": "10000", "基准价格": "12000"}, "1000.00"),     # what was agreed goes before the table
])
def test_an_indoor_product_without_an_agreed_price_is_priced_by_the_table(quantity: dict[str, str], month: str) -> None:
    made = october(indoor("L1", "移动", 场地费="", **quantity), rules=tariff(register(UNIT_PRICES).rows("price"))[0])
    assert said(made) == []
    assert items(made.lines[0]) == f"base={month}"


@pytest.mark.parametrize("quantity", [{}, {"点位总数": "12"}])
def test_an_indoor_product_without_any_price_is_told_and_left_out(quantity: dict[str, str]) -> None:
    made = october(GOOD, indoor("L2", "移动", **quantity), rules=tariff(register(UNIT_PRICES).rows("price"))[0])
    assert said(made) == ["BIL065 Y3"]
    assert "年标准单价" in made.findings[0].message
    assert [one.lease.key for one in made.lines] == ["OK"]


def test_costs_beside_an_agreed_price_are_told_and_not_charged_again() -> None:
    made = october(indoor("L1", "移动", 基准价格="24000", 维护费="3000"))
    assert said(made) == ["BIL066 J2"]
    assert made.findings[0].severity == "warning" and "维护费" in made.findings[0].message
    assert items(made.lines[0]) == "base=2000.00 site_rent=666.67"


def test_an_indoor_product_with_construction_costs_is_priced_by_the_formula() -> None:
    """70000 ÷ 20 × 0.9 × 1.02 × 1.1 = 3534.30 a year."""
    made = october(indoor("L1", "移动", 机房建造成本="70000", 场地费=""))
    assert [items(one) for one in made.lines] == ["base=294.53"]


def test_a_towers_own_base_price_is_for_its_agreement_only() -> None:
    assert [items(one) for one in october(lease("L1", "移动", 基准价格="24000")).lines] == ["base=3271.69 site_rent=666.67 power_fee=250.00"]


# ---- A lease whose own data change


#: One lease in two rows: until the 10th the tower of 183433, from the 11th one of 283433 and a rent of 9000.
CHANGED = (
    lease("L1", "移动", 服务结束日期="2026-10-10"),
    lease("L1", "移动", 服务开始日期="2026-10-11", 铁塔建造成本="283433", 场地费="9000", 其他费用="1200"),
)


def test_a_lease_whose_data_change_pays_each_days_own_price_on_one_line() -> None:
    """A tower of 100000 more is 100000 ÷ 10 × 0.9 × 1.02 × 1.1 = 10098 a year more: 49358.26434.

    base (39260.26434 × 10 + 49358.26434 × 21) ÷ 372 = 3841.7370…; rent (8000 × 10 + 9000 × 21) ÷ 372 = 723.1182…;
    power 3000 ÷ 12; other 1200 × 21 ÷ 372 = 67.7419…
    """
    made = october(*CHANGED)
    assert said(made) == []
    (line_,) = made.lines
    assert items(line_) == "base=3841.74 site_rent=723.12 power_fee=250.00 other_fee=67.74"
    assert [(one.first.day, one.last.day) for one in line_.segments] == [(1, 10), (11, 31)]
    assert working(line_) == (
        "基价 39260.26÷12×10/31＋49358.26÷12×21/31；场租 8000.00÷12×10/31＋9000.00÷12×21/31；引电 3000.00÷12；其他 1200.00÷12×21/31"
    )
    assert made.excluded == (("L1", "与第 3 行是同一份租约的前后两段，合为一条出账", False),)
    assert made.leases_in == 2 == len(made.lines) + len(made.excluded)


def test_a_row_of_one_day_that_begins_the_lease_pays_for_that_day() -> None:
    """base (49358.26434 × 1 + 39260.26434 × 21) ÷ 372 = 2348.9887…; rent 8000 × 22 ÷ 372 = 473.118…; power 3000 × 22 ÷ 372 = 177.419…"""
    made = october(
        lease("L1", "移动", 服务开始日期="2026-10-10", 服务结束日期="2026-10-10", 铁塔建造成本="283433"), lease("L1", "移动", 服务开始日期="2026-10-11"),
    )
    assert [items(one) for one in made.lines] == ["base=2348.99 site_rent=473.12 power_fee=177.42"]


def test_an_item_that_only_the_row_before_has_is_charged_for_its_days() -> None:
    """other 1200 × 10 ÷ 372 = 32.258…; the rest is that of a whole month."""
    made = october(lease("L1", "移动", 服务结束日期="2026-10-10", 其他费用="1200"), lease("L1", "移动", 服务开始日期="2026-10-11"))
    assert [items(one) for one in made.lines] == ["base=3271.69 site_rent=666.67 power_fee=250.00 other_fee=32.26"]


def test_the_months_before_and_after_a_change_have_the_one_row_only() -> None:
    september, november = (bill(month, rows(*CHANGED), (), SHIPPED, {}) for month in ("2026-09", "2026-11"))
    assert [items(one) for one in september.lines] == ["base=3271.69 site_rent=666.67 power_fee=250.00"]
    # 49358.26434 ÷ 12 = 4113.188…
    assert [items(one) for one in november.lines] == ["base=4113.19 site_rent=750.00 power_fee=250.00 other_fee=100.00"]
    assert [made.excluded for made in (september, november)] == [(("L1", "本月不在服务期内", False),)] * 2


def test_a_change_of_one_lease_changes_nothing_for_the_others_of_the_site() -> None:
    other = lease("L2", "联通")
    plain, changed = october(lease("L1", "移动"), other), october(*CHANGED, other)
    assert [items(one) for made in (plain, changed) for one in made.lines if one.lease.key == "L2"] == [
        "base=2211.66 site_rent=400.00 power_fee=150.00"] * 2


# The two rows of a lease, and the finding that names row and cure; neither row is billed where it is an error.
IN_TURN = {
    "the first has no end": (("", "2026-10-11"), "BIL062 O4", "第 3 行的服务结束日期为 空", 1),
    "they overlap by a day": (("2026-10-11", "2026-10-11"), "BIL062 O4", "改为本行服务开始日期的前一天", 1),
    "they begin on one day": (("2026-10-11", "2020-01-01"), "BIL003 A4", "第 3 行", 1),
    "days are missing between them": (("2026-10-10", "2026-10-12"), "BIL063 O4", "第 3 行到 2026-10-10 为止", 2),
}


@pytest.mark.parametrize(("days", "where", "words", "billed_"), IN_TURN.values(), ids=IN_TURN.keys())
def test_rows_of_one_lease_that_do_not_follow_each_other_are_told(days: tuple[str, str], where: str, words: str, billed_: int) -> None:
    made = october(GOOD, lease("L1", "移动", 服务结束日期=days[0]), lease("L1", "移动", 服务开始日期=days[1], 铁塔建造成本="283433"))
    assert said(made) == [where]
    assert words in made.findings[0].message
    assert len(made.lines) == billed_
    assert made.leases_in == 3 == len(made.lines) + len(made.excluded)


def test_the_check_lets_rows_that_follow_each_other_pass_and_no_others() -> None:
    def repeated(*given: dict[str, str]) -> list[str]:
        lines = [INPUTS | one for one in given]
        table = ["## 租约", f"| {' | '.join(INPUTS)} |", *(f"| {' | '.join(one.values())} |" for one in lines)]
        return [one.cell for one in validate(register("\n".join(table)), dt.date(2026, 11, 2)) if one.code == "CHK050"]

    assert repeated(*CHANGED) == []
    assert repeated(CHANGED[0] | {"服务结束日期": "2026-10-11"}, CHANGED[1]) == ["A3"]
    assert repeated(CHANGED[0], CHANGED[1] | {"运营商": "联通"}) == ["A3"]


def test_a_change_of_data_is_a_cause_of_its_own_in_the_correction_and_the_movement() -> None:
    """September as issued at 4188.36; October's line is 4882.60, 694.24 more, all of it prices of the lease itself."""
    september = bill("2026-09", rows(*CHANGED), (), SHIPPED, {})
    before = Issued("2026-09", "", charges(september), (), {})
    made = october(*CHANGED)
    steps = movement(before, made, accounts(made, [], SHIPPED), SHIPPED).steps
    assert [(one.key, one.cause, str(one.amount)) for one in steps] == [("L1", "price", "694.24")]


def test_the_customer_is_told_of_a_change_of_data() -> None:
    known, _, _ = leases(rows(*CHANGED), SHIPPED, {})
    (change,) = changes(known, SHIPPED, "2026-10")
    # 39260.26 + 11000, then 49358.26 + 12000 + 1200.
    assert (change.lease.key, str(change.on), str(change.fee_before), str(change.fee_after)) == ("L1", "2026-10-11", "50260.26", "62558.26")
    assert (change.item, change.reason) == ("租约资料", "租约资料自2026-10-11起变更")
    assert change.before == "铁塔建造成本183433.00，场地费8000.00，其他费用（空），独享"
    assert change.after == "铁塔建造成本283433.00，场地费9000.00，其他费用1200.00，独享"


# ---- What holds for every month

SEEDS = st.integers(0, 10**9)


def segments_of(given: World) -> dict[str, list[Segment]]:
    first, last = days_of(given.name)
    spans, _ = spans_of(given.tariff, first, last)
    known, _, _ = leases(records(given.leases), given.tariff, {})
    return {key: list(own) for site in by_site(known, first, last).values() for key, own in cut(site, spans).items()}


@given(SEEDS)
def test_cutting_a_month_anywhere_never_changes_its_sum(seed: int) -> None:
    lottery = random.Random(seed)
    given = world(lottery, 6)
    held = segments_of(given)
    for one in billed(given).lines:
        pieces: list[Segment] = []
        for segment in held[one.lease.key]:
            start = segment.first
            while start <= segment.last:
                end = start + dt.timedelta(days=lottery.randrange((segment.last - start).days + 1))
                pieces.append(segment._replace(first=start, last=end))
                start = end + dt.timedelta(days=1)
        assert line(one.lease, pieces).items == one.items


@given(SEEDS)
def test_cutting_leases_into_rows_anywhere_never_changes_their_items(seed: int) -> None:
    """Each lease becomes one to four rows of its number that follow each other, all with the same data."""
    lottery = random.Random(seed)
    given = world(lottery, 8)
    there = records(given.leases)
    cut_up = [piece for row in there for piece in rows_in_turn(lottery, row, given)]
    whole_, pieces = (bill(given.name, held, (), given.tariff, {}) for held in (there, lottery.sample(cut_up, len(cut_up))))
    assert pieces.leases_in == len(pieces.lines) + len(pieces.excluded)
    assert {one.lease.key: one.items for one in pieces.lines} == {one.lease.key: one.items for one in whole_.lines}
    assert {(one.operator, one.net, one.taxes) for one in pieces.statements} == {(one.operator, one.net, one.taxes) for one in whole_.statements}
    assert not [one for one in pieces.findings if one.code in ("BIL003", "BIL062", "BIL063")]


def rows_in_turn(lottery: random.Random, row: Record, given: World) -> list[Record]:
    """A lease's row as rows that follow each other, cut on random days in and around the month."""
    first, last = days_of(given.name)
    starts, ends = row.date("starts_on"), row.date("ends_on")
    assert starts is not None
    around = [first + dt.timedelta(days=lottery.randrange(-3, (last - first).days + 4)) for _ in range(lottery.randrange(4))]
    begins = [starts, *sorted({day for day in around if starts < day and (ends is None or day <= ends)})]
    stops = [*(day - dt.timedelta(days=1) for day in begins[1:]), ends]
    index = row.form.index
    made = []
    for number, (begin, stop) in enumerate(zip(begins, stops, strict=True)):
        values = list(row.values)
        values[index["starts_on"]], values[index["ends_on"]] = begin, stop
        made.append(Record(row.form, tuple(values), row.place._replace(row=row.place.row * 10 + number), row.columns))
    return made


@given(SEEDS)
def test_the_parts_are_the_whole(seed: int) -> None:
    made = billed(world(random.Random(seed), 12))
    assert made.leases_in == len(made.lines) + len(made.excluded)
    assert made.net == sum((statement.net for statement in made.statements), Decimal(0))
    for statement in made.statements:
        assert statement.net == sum((one.amount for one in statement.lines), Decimal(0))
        assert statement.net == sum((rate.net for rate in statement.taxes), Decimal(0))
    for one in made.lines:
        assert one.amount == sum((amount for _, amount in one.items), Decimal(0))
        # Segments are rounded for display only: each is off by half a cent at most, and so is each item.
        shown = sum((segment_amount(one.lease, segment) for segment in one.segments), Decimal(0))
        assert abs(shown - one.amount) <= Decimal("0.005") * (len(one.segments) + len(one.items))


@given(SEEDS)
def test_net_and_tax_are_gross(seed: int) -> None:
    for statement in billed(world(random.Random(seed), 12)).statements:
        assert statement.net + statement.tax == statement.gross
        assert statement.tax == oracle.tax(statement.net)


@given(SEEDS)
def test_the_order_of_rows_never_matters(seed: int) -> None:
    lottery = random.Random(seed)
    given = world(lottery, 12)
    there = records(given.leases)
    shuffled = lottery.sample(there, len(there))
    made, other = (bill(given.name, order, (), given.tariff, {}) for order in (there, shuffled))
    assert {one.lease.key: one.items for one in made.lines} == {one.lease.key: one.items for one in other.lines}
    assert [(one.operator, one.net, one.taxes) for one in made.statements] == [(one.operator, one.net, one.taxes) for one in other.statements]
    assert set(made.excluded) == set(other.excluded)


@given(SEEDS)
def test_a_slow_walk_over_every_day_gives_the_same_bill(seed: int) -> None:
    assert difference(world(random.Random(seed), 10)) == ""


@given(SEEDS)
def test_random_runs_cost_what_the_slow_way_says(seed: int) -> None:
    runs, there = random_runs(random.Random(seed), 12)
    made = bill("2026-10", (), there, SHIPPED, {})
    theirs = {one.key: oracle.fee(one, runs) for one in runs if (one.started.year, one.started.month) == (2026, 10)}
    assert {one.key: None if one.doubted else one.fee for one in made.runs} == theirs


def test_an_amount_without_any_rate_stops_and_nothing_needs_none() -> None:
    nothing = tariff([])[0]
    with pytest.raises(Untaxed):
        taxes({"base": Decimal("1.00")}, nothing, dt.date(2026, 10, 1))
    assert taxes({"base": Decimal("0.00")}, nothing, dt.date(2026, 10, 1)) == []


def test_days_without_prices_between_the_second_and_third_rules_belong_to_no_segment() -> None:
    given = world(random.Random("gap"), 1)
    made = billed(given).lines[0].segments[0].regime
    lease_: Any = SimpleNamespace(key="L", operator="移动", site="S", starts=dt.date(2025, 1, 1), ends=dt.date(2027, 1, 1))
    spans = [Span(dt.date(2026, 10, first), dt.date(2026, 10, last), made) for first, last in ((1, 10), (11, 20), (25, 31))]
    found = cut([lease_], spans)["L"]
    assert [(one.first.day, one.last.day) for one in found] == [(1, 10), (11, 20), (25, 31)]
