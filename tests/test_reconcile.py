"""Reconciliation: each cause worked by hand, lists in other layouts, lists that cannot be read, and what always holds."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.billing.month import Bill, bill, days_of, spans_of
from macros.hosts import Sheet
from macros.reconcile.headings import layout, recall
from macros.reconcile.ledger import Ledger, read_ledger
from macros.reconcile.places import Spot, metres, plain_name
from macros.reconcile.run import Compared, Reconciliation, reconcile
from macros.reconcile.whose import lines_of, operators_of
from macros.records import Cell, Record
from tests.billing_random import SHIPPED
from tests.intake_files import sheet
from tests.tables import register

ANSWERS = Path(__file__).parent / "answers" / "reconcile.csv"
SITE = "430100000000000001"
#: 普通地面塔 in a province with 0.9, sole tenant all October: 4188.36 yuan, worked in the answers.
LEASE = {
    "产品业务确认单编号": "L1", "运营商": "移动", "站址编码": SITE, "站址名称": "甲县新村", "区县": "甲县", "产品单元数": "1", "铁塔建造成本": "183433",
    "机房建造成本": "80000", "配套建造成本": "60000", "维护费": "6000", "场地费": "8000", "电力引入费": "3000", "其他费用": "",
    "服务开始日期": "2020-01-01", "服务结束日期": "", "是否锚定用户": "", "共享信息": "", "地区系数": "0.9", "算费风压系数": "1",
}
#: The operator's line for it, prices as lists show them: cost ÷ life × 0.9 × 1.02 × 1.10, maintenance × 1.10.
LINE = {
    "账期": "202610", "产品业务确认单编号": "L1", "运营商": "移动", "站址编码": SITE, "服务起始日期": "2020-01-01", "服务结束日期": "",
    "是否为锚定用户": "否", "产品单元数": "1", "对应铁塔基准价格": "18523.06", "对应机房基准价格": "4039.20", "对应配套基准价格": "10098.00",
    "对应维护费": "6600.00", "场地费": "8000.00", "电力引入费": "3000.00", "期末共享用户数": "1", "计费天数": "31", "产品服务费合计": "4188.36",
}


def leases(given: Iterable[dict[str, str]]) -> tuple[Record, ...]:
    """Leases like `LEASE` but for what is given."""
    lines = [LEASE | one for one in given]
    assert all(one.keys() == LEASE.keys() for one in lines)
    table = ["## 租约", f"| {' | '.join(LEASE)} |", *(f"| {' | '.join(one.values())} |" for one in lines)]
    return register("\n".join(table)).rows("lease")


def october(*given: dict[str, str]) -> Bill:
    return bill("2026-10", leases(given or ({},)), (), SHIPPED, {})


def listed(lines: Iterable[dict[str, str]], drop: tuple[str, ...] = ()) -> Ledger:
    """The list of these lines, each like `LINE` but for what is given, without some of its columns."""
    made = [LINE | one for one in lines]
    heads = [head for head in dict.fromkeys(head for one in made for head in one) if head not in drop]
    rows: list[list[Cell]] = [list(heads)]
    rows += [[one.get(head) or None for head in heads] for one in made]
    return read_ledger([Sheet("详单", rows)], "移动.xlsx", "2026-10", {})


def compare(ours: Bill, theirs: Ledger, **more: object) -> Reconciliation:
    assert {said.code for said in theirs.findings} <= {"REC004", "VAL030"}, theirs.findings
    spans, _ = spans_of(SHIPPED, *days_of("2026-10"))
    known = {line.lease.key for line in ours.lines} | {one.key for one in ours.excluded}
    options = {"operator": "移动", "spans": spans, "known": known, "spots": {}, "unread": theirs.unread} | more
    return reconcile(ours, theirs.lines, **options)  # type: ignore[arg-type]


def parts(line: Compared) -> str:
    return " ".join(f"{part.cause} {part.amount}" for part in line.parts)


def told(made: Reconciliation) -> str:
    return " ".join(parts(line) for line in made.differing)


# ---- Causes worked by hand


def fields(text: str) -> dict[str, str]:
    return dict(part.split("=") for part in text.split(",") if part)


def cases() -> list[object]:
    with ANSWERS.open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row["case"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("case", cases())
def test_a_difference_has_the_causes_the_hand_calculation_gives(case: dict[str, str]) -> None:
    ours = []
    for one in case["ours"].split("|"):
        key, _, rest = one.partition(" ")
        ours.append({"产品业务确认单编号": key} | fields(rest))
    made = compare(october(*ours), listed(map(fields, case["theirs"].split("|"))))
    assert told(made) == case["expected"]


#: A lease in two rows: from the 11th its tower costs 283433. The month is (39260.26434 × 10 + 49358.26434 × 21) ÷ 372 =
#: 3841.74, rent 666.67 and power 250.00.
CHANGED = ({"服务结束日期": "2026-10-10"}, {"服务开始日期": "2026-10-11", "铁塔建造成本": "283433"})


@pytest.mark.parametrize(("theirs", "expected"), [
    ("4758.41", ""),
    # they go on at the old price, and their list does not say so: 4758.41 − 4188.36
    ("4188.36", "other 570.05"), ("4758.40", "rounding 0.01"),
])
def test_a_lease_whose_data_change_in_the_month_is_compared_as_one_line(theirs: str, expected: str) -> None:
    made = compare(october(*CHANGED), listed([{"产品服务费合计": theirs}], drop=tuple(LINE.keys() - {"产品业务确认单编号", "运营商", "产品服务费合计"})))
    (line,) = made.lines
    assert (str(line.ours), parts(line)) == ("4758.41", expected)
    assert made.difference == sum((part.amount for part in line.parts), Decimal(0))


def test_a_product_priced_by_the_year_is_compared_like_any_other() -> None:
    """24000 ÷ 12 and 8000 ÷ 12 beside 3000 ÷ 12; they have two tenants: 2000 × 0.676, 916.67 × 0.6."""
    table = "| 产品业务确认单编号 | 运营商 | 站址编码 | 产品类别 | 产品单元数 | 铁塔建造成本 | 基准价格 | 场地费 | 电力引入费 | 服务开始日期 |"
    row = f"| L1 | 移动 | {SITE} | 室分类 | 1 | 0 | 24000 | 8000 | 3000 | 2020-01-01 |"
    ours = bill("2026-10", register(f"## 租约\n{table}\n{row}").rows("lease"), (), SHIPPED, {})
    keep = {"产品业务确认单编号", "运营商", "期末共享用户数", "是否为锚定用户", "产品服务费合计"}
    made = compare(ours, listed([{"期末共享用户数": "2", "产品服务费合计": "1902.00"}], drop=tuple(LINE.keys() - keep)))
    (line,) = made.lines
    # 2916.67 − (1352.00 + 400.00 + 150.00)
    assert (str(line.ours), parts(line)) == ("2916.67", "tenants 1014.67")


def test_what_has_no_cause_is_unexplained_though_it_cancels_out() -> None:
    ours = october({}, {"产品业务确认单编号": "L2", "站址编码": SITE[:-1] + "2"})
    made = compare(ours, listed([{"产品服务费合计": "4288.36"}, {"产品业务确认单编号": "L2", "产品服务费合计": "4088.36"}]))
    assert (made.difference, made.unexplained) == (Decimal("0.00"), Decimal("200.00"))


def test_a_detail_says_both_sides() -> None:
    made = compare(october({"服务开始日期": "2026-10-11"}), listed([
        {"服务起始日期": "2026-10-20", "计费天数": "12", "产品服务费合计": "1621.29"},
    ]))
    assert made.lines[0].parts[0].detail == "我方2026-10-11，对方2026-10-20"


def test_a_lease_left_out_of_the_bill_says_why_we_do_not_charge_it() -> None:
    made = compare(october({}, {"产品业务确认单编号": "L2", "服务结束日期": "2026-09-30"}), listed([{}, {"产品业务确认单编号": "L2"}]))
    assert [(line.key, parts(line), line.parts[0].detail) for line in made.differing] == [
        ("L2", "missing-ours -4188.36", "对方详单有，我方未计费：本月不在服务期内"),
    ]


def test_a_line_of_another_month_is_no_line_of_ours() -> None:
    made = compare(october(), listed([{}, {"账期": "202609"}]))
    assert [(parts(line), line.parts[0].detail) for line in made.differing] == [
        ("missing-ours -4188.36", "对方详单有，我方该行账期为2026-09，不是本月"),
    ]


# ---- What a list does not state


def test_a_view_nobody_stated_is_believed_where_it_gives_the_amount() -> None:
    """2 tenants, not anchor: 2761.66; the list bills the anchor's 2552.25 and shows no column for it."""
    theirs = listed([{"期末共享用户数": "2", "产品服务费合计": "2552.25"}], drop=("是否为锚定用户",))
    made = compare(october({}, {"产品业务确认单编号": "M1", "运营商": "联通"}), theirs)
    assert told(made) == "discount 209.41"
    assert made.lines[0].parts[0].detail.endswith("（详单未写明，按金额推断）")


def test_a_bare_list_of_numbers_and_amounts_is_explained_as_far_as_the_amount_tells() -> None:
    """From 10-20 on instead of 10-11, 12 days instead of 21: 2837.27 − 1621.29."""
    bare = ("服务起始日期", "服务结束日期", "是否为锚定用户", "对应铁塔基准价格", "对应机房基准价格", "对应配套基准价格", "对应维护费", "场地费", "电力引入费", "期末共享用户数", "计费天数")
    made = compare(october({"服务开始日期": "2026-10-11"}), listed([{"产品服务费合计": "1621.29"}], drop=bare))
    assert told(made) == "start-date 1215.98"


@pytest.mark.parametrize(("days", "total", "expected"), [
    # 3271.688695 × 17 ÷ 31 = 1794.15; 666.666667 × 17 ÷ 31 = 365.59; 250 × 17 ÷ 31 = 137.10
    ("17", "2296.84", "end-date 1891.52"),
    # one day fewer is no other end: × 30 ÷ 31 = 3166.15 + 645.16 + 241.94
    ("30", "4053.25", "days 135.11"),
])
def test_where_no_end_is_listed_the_days_tell_it(days: str, total: str, expected: str) -> None:
    line = {"计费天数": days, "产品服务费合计": total}
    assert told(compare(october(), listed([line], drop=("服务结束日期",)))) == expected


def test_a_price_that_is_ours_for_all_units_by_chance_is_another_price() -> None:
    # Per unit 6600 against our 6000 × 1.10 = 6600: 7260 = 6600 × 1.1 units, but also a maintenance of 6600 × 1.10.
    # ours (29691.1494 + 6000) × 1.1 × 1.1 ÷ 12 = 3598.86; theirs (29691.1494 + 6600) × 1.21 ÷ 12 = 3659.36
    line = {"产品单元数": "1.1", "对应维护费": "7260.00", "产品服务费合计": "4576.03"}
    assert told(compare(october({"产品单元数": "1.1"}), listed([line]))) == "price -60.50"


def test_amounts_that_fit_nothing_stay_unexplained() -> None:
    made = compare(october(), listed([{"产品服务费合计": "3999.99"}], drop=("期末共享用户数", "是否为锚定用户")))
    assert told(made) == "other 188.37"


# ---- Matching


def test_lines_without_a_number_match_by_site_and_operator() -> None:
    made = compare(october(), listed([{"产品业务确认单编号": ""}]))
    assert [(line.key, line.match.by, line.match.reason, line.difference) for line in made.lines] == [
        ("L1", "site", "站址编码和运营商相同", Decimal("0.00")),
    ]


@pytest.mark.parametrize(("longitude", "by"), [("111.500000", "name"), ("111.505200", "name"), ("111.505400", "none")])
def test_names_match_within_500_metres(longitude: str, by: str) -> None:
    """At 31.5° north 0.0052° of longitude are 493 m, 0.0054° 512 m (111,195 m × cos 31.5° a degree)."""
    theirs = listed([{"产品业务确认单编号": "", "站址编码": "", "站址名称": "新村基站（移动）", "区县": "甲县", "经度": longitude, "纬度": "31.5"}])
    made = compare(october(), theirs, spots={SITE: Spot("新村", (111.5, 31.5))})
    assert {line.match.by for line in made.lines} == {by}


def test_a_degree_of_longitude_on_the_equator_is_111_km() -> None:
    assert round(metres((0, 0), (1, 0))) == 111_195  # 2π × 6,371,008.8 m ÷ 360


@pytest.mark.parametrize(("name", "county"), [
    ("甲山县新村二 基站（联通）", "甲山县"), ("甲山新村2", "甲山县"), ("新村二（共享）", ""), ("新村-2", "乙县"),
])
def test_names_are_compared_without_county_brackets_and_common_words(name: str, county: str) -> None:
    assert plain_name(name, county) == "新村2"


def test_a_confirmed_match_is_used_before_sites_and_names() -> None:
    theirs = listed([{"产品业务确认单编号": "旧-77", "站址编码": "", "站址名称": "别名"}])
    made = compare(october(), theirs, remembered={"旧-77": ["L1"]})
    assert [(line.key, line.match.by) for line in made.lines] == [("L1", "remembered")]


def test_the_number_of_a_lease_we_do_not_bill_matches_no_other_lease_of_the_site() -> None:
    ours = october({}, {"产品业务确认单编号": "L0", "服务结束日期": "2026-09-30"})
    made = compare(ours, listed([{"产品业务确认单编号": "L0"}]))
    assert sorted(line.key + " " + parts(line) for line in made.lines) == ["L0 missing-ours -4188.36", "L1 missing-theirs 4188.36"]


def test_two_leases_of_a_site_are_told_apart_by_what_they_are() -> None:
    ours = october({}, {"产品业务确认单编号": "L2", "场地费": "", "服务开始日期": "2021-05-01"})
    theirs = listed([
        {"产品业务确认单编号": "", "场地费": "0", "服务起始日期": "2021-05-01", "产品服务费合计": "3521.69"}, {"产品业务确认单编号": ""},
    ])
    made = compare(ours, theirs)
    assert [(line.key, line.theirs, line.difference) for line in made.lines] == [
        ("L1", Decimal("4188.36"), Decimal("0.00")), ("L2", Decimal("3521.69"), Decimal("0.00")),
    ]


def test_a_numbered_line_that_pays_for_a_second_lease_of_its_site_takes_it_in() -> None:
    made = compare(october({}, {"产品业务确认单编号": "L2"}), listed([{"产品服务费合计": "8376.72"}]))
    assert [(line.key, line.match.reason, line.parts) for line in made.lines] == [
        ("L1、L2", "确认单编号相同；对方一行的金额等于我方2张确认单之和", ()),
    ]


# ---- Layouts


def read(table: str, month: str = "2026-10", file: str = "移动.xlsx", accept: bool = False, merges: str = "") -> Ledger:
    return read_ledger([sheet(table, merges=merges)], file, month, {}, accept)


def test_groups_say_whether_an_amount_is_the_years_or_the_months() -> None:
    made = read("""
    | 中国移动某市分公司结算单 |
    | 账期：202610 |
    | 确认单号 | 年价格（元/年，不含税） | | 本月应付（元，不含税） | | |
    | | 场地费 | 维护费 | 基准价格 | 场地费 | 合计 |
    | L1 | 8000 | 6600 | 3271.69 | 666.67 | 3938.36 |
    | 合计 | | | | | 3938.36 |
    | 制表：财务部 |
    """, merges="B3:C3 D3:F3 A3:A4 A1:F1")
    (line,) = made.lines
    assert (line.row["site_rent"], line.row["maintenance_price"]) == (8000, 6600)
    assert {name: str(amount) for name, amount in line.items.items()} == {"base": "3271.69", "site_rent": "666.67"}
    assert (str(line.total), made.findings) == ("3938.36", [])


def test_groups_joined_to_their_fields_in_one_cell_are_read_as_groups() -> None:
    made = read("""
    | 确认单号 | 年价格（元/年，不含税）_场地费 | 年价格（元/年，不含税）_对应维护费 | 本月费用(元)_共享后基准价格 | 本月费用(元)_场地费折后 | 本月费用(元)_产品服务费合计 |
    | L1 | 8000 | 6600 | 3271.69 | 666.67 | 3938.36 |
    """)
    (line,) = made.lines
    assert (line.row["site_rent"], line.row["maintenance_price"], str(line.total)) == (8000, 6600, "3938.36")
    assert {name: str(amount) for name, amount in line.items.items()} == {"base": "3271.69", "site_rent": "666.67"}


def test_amounts_in_ten_thousands_are_read_in_yuan() -> None:
    made = read("""
    | 确认单号 | 年价格（万元/年） | | 本月应付（元） | |
    | | 场地费 | 维护费 | 基准价格 | 合计 |
    | L1 | 0.8 | 0.66 | 3271.69 | 3271.69 |
    """, merges="B1:C1 D1:E1 A1:A2")
    (line,) = made.lines
    assert (line.row["site_rent"], line.row["maintenance_price"], str(line.total)) == (8000, 6600, "3271.69")


def test_a_rent_without_a_group_is_the_months_where_the_totals_say_so() -> None:
    made = read("""
    | 业务确认单号 | 折后基准价格 | 场地费 | 电力引入费 | 应付金额 |
    | L1 | 3271.69 | 666.67 | 250.00 | 4188.36 |
    """)
    assert made.lines[0].row["site_rent"] is None
    assert str(made.lines[0].items["site_rent"]) == "666.67"


def test_a_base_price_in_four_parts_is_their_sum() -> None:
    made = read("""
    | 产品业务确认单编号 | 期末铁塔共享后基准价格1+2+3 | 期末机房共享后基准价格1+2+3 | 配套共享后基准价格1+2+3 | 维护费折扣后金额1+2+3 | 产品服务费合计⏎（出账费用）（不含税） |
    | L1 | 1543.59 | 336.60 | 841.50 | 550.00 | 3271.69 |
    """)
    assert {name: str(amount) for name, amount in made.lines[0].items.items()} == {"base": "3271.69"}


def test_parts_of_the_base_price_under_the_group_of_the_month_are_its_items() -> None:
    made = read("""
    | 产品业务确认单编号 | 本月费用（元，不含税） | | | | | |
    | | 期末铁塔共享后基准价格1+2+3 | 期末机房共享后基准价格1+2+3 | 配套共享后基准价格1+2+3 | 维护费折扣后金额1+2+3 | 场地费折扣后金额 | 产品服务费合计 |
    | L1 | 1543.59 | 336.60 | 841.50 | 550.00 | 666.67 | 3938.36 |
    """, merges="A1:A2 B1:G1")
    (line,) = made.lines
    assert {name: str(amount) for name, amount in line.items.items()} == {"base": "3271.69", "site_rent": "666.67"}


def test_a_heading_nobody_knows_is_read_by_likeness_when_accepted_and_then_remembered() -> None:
    table = """
    | 产品业务确认单编号 | 站址名称 | 本期产品服务费用合计值 |
    | L1 | 甲县新村 | 4188.36 |
    """
    refused, made = read(table), read(table, accept=True)
    assert [one.code for one in refused.findings] == ["REC002"]
    assert "本期产品服务费用合计值" in refused.findings[0].message
    assert made.learned == [("运营商结算详单", "本期产品服务费用合计值", "产品服务费合计")]
    learned = recall({(layout, heading): column for layout, heading, column in made.learned})
    assert [str(line.total) for line in read_ledger([sheet(table)], "移动.xlsx", "2026-10", learned).lines] == ["4188.36"]


@pytest.mark.parametrize(("words", "operators"), [("移动.xlsx", ["移动"]), ("移动与联通.xlsx", []), ("账单.xlsx", [])])
def test_whose_list_it_is_stands_in_its_name_where_no_line_says(words: str, operators: list[str]) -> None:
    made = read("""
    | 产品业务确认单编号 | 产品服务费合计 |
    | X1 | 1.00 |
    """, file=words)
    assert operators_of(made, {"L1": "电信"}) == operators


def test_a_list_of_several_operators_is_divided_without_losing_a_line() -> None:
    made = read("""
    | 产品业务确认单编号 | 运营商 | 产品服务费合计 |
    | L1 | 中国移动某市分公司 | 1.00 |
    | L2 | 联通 | 2.00 |
    | L3 | | 4.00 |
    """)
    holders = {"L3": "联通"}
    operators = operators_of(made, holders)
    assert operators == ["移动", "联通"]
    assert [[line.key for line in lines_of(made, who, operators, holders)] for who in operators] == [["L1"], ["L2", "L3"]]


# ---- Lists that cannot be read, or not wholly


@pytest.mark.parametrize(("table", "code", "words"), [
    ("| 站址编码 | 站址名称 | 场地费 |\n| 1 | 甲 | 3 |", "REC002", "没有找到：产品服务费合计"),
    ("| 账期 | 产品服务费合计 |\n| 202610 | 5.00 |", "REC002", "没有找到：产品业务确认单编号、站址编码、站址名称"),
    ("| 甲 | 乙 |\n| 1 | 2 |", "REC001", "没有找到这样的表"),
    ("", "REC001", "没有找到这样的表"),
    ("| 账期 | 产品业务确认单编号 | 产品服务费合计 |\n| 202609 | L1 | 5.00 |", "REC006", "账期是2026-09"),
])
def test_a_list_that_cannot_be_read_says_what_it_lacks(table: str, code: str, words: str) -> None:
    made = read(table)
    assert made.failed
    assert [one.code for one in made.findings] == [code]
    assert words in made.findings[0].message


def test_a_line_without_an_amount_is_named_and_not_counted() -> None:
    made = read("""
    | 产品业务确认单编号 | 站址名称 | 产品服务费合计 |
    | L1 | 甲 | 4188.36 |
    | L2 | 乙 | 待定 |
    | L3 | 丙 | |
    """)
    assert [line.key for line in made.lines] == ["L1"]
    assert [(one.code, one.cell) for one in made.findings if one.code == "REC004"] == [("REC004", "C3"), ("REC004", "C4")]


def test_a_lease_whose_line_has_no_amount_is_not_said_to_be_missing() -> None:
    ours = october({"产品业务确认单编号": "L1"}, {"产品业务确认单编号": "L2"}, {"产品业务确认单编号": "L3"})
    first, second, third = ours.lines
    made = compare(ours, read(f"""
    | 产品业务确认单编号 | 运营商 | 产品服务费合计 |
    | L1 | 移动 | {first.amount} |
    | L2 | 移动 | 待定 |
    """))
    assert [(line.key, [(part.cause, part.amount, part.detail) for part in line.parts]) for line in made.lines] == [
        ("L1", []),
        ("L2", [("missing-theirs", second.amount, "我方计费，对方详单C3的金额无法读取，没有计入")]),
        ("L3", [("missing-theirs", third.amount, "我方计费，对方详单没有这张确认单")]),
    ]


def test_a_total_that_is_not_the_sum_of_the_lines_is_said() -> None:
    made = read("""
    | 产品业务确认单编号 | 站址名称 | 产品服务费合计 |
    | L1 | 甲 | 10.00 |
    | 合计 | | 12.00 |
    """)
    assert [(one.code, one.cell, one.value) for one in made.findings] == [("REC005", "C3", "12.00")]


# ---- What always holds


def shuffled(lottery: random.Random) -> tuple[Bill, list[dict[str, str]]]:
    """Leases of a few sites, and a list of them with this and that changed."""
    ours = [
        {
            "产品业务确认单编号": f"L{number}", "站址编码": SITE[:-1] + str(lottery.randrange(4)), "运营商": lottery.choice(("移动", "移动", "联通")),
            "服务开始日期": lottery.choice(("2020-01-01", "2022-05-06", "2026-10-11", "2026-10-31")), "是否锚定用户": lottery.choice(("是", "否")),
            "场地费": lottery.choice(("", "8000", "12345.67")), "其他费用": lottery.choice(("", "600")), "共享信息": lottery.choice(("", "存量既有共享")),
        } for number in range(lottery.randrange(2, 9))
    ]
    ours.append({"产品业务确认单编号": "L99"})
    theirs: list[dict[str, str]] = []
    for one in ours:
        theirs += [
            {
                "产品业务确认单编号": lottery.choice((one["产品业务确认单编号"], one["产品业务确认单编号"], "", "Z1")), "站址编码": one.get("站址编码", SITE),
                "服务起始日期": lottery.choice(("2020-01-01", "2026-10-11", "2026-10-12", "2026-11-01")),
                "计费天数": lottery.choice(("31", "20", "1")), "期末共享用户数": lottery.choice(("1", "2", "3", "4", "")), "场地费": lottery.choice(("8000", "0", "9500")),
                "产品单元数": lottery.choice(("1", "1.3")), "是否为锚定用户": lottery.choice(("是", "否", "")), "运营商": lottery.choice(("移动", "移动", "", "联通")),
                "产品服务费合计": lottery.choice(("4188.36", "2761.66", "0.00", "-100.00", "1234.56", "1621.29")),
            } for _ in range(lottery.choice((0, 1, 1, 1, 2)))
        ]
    return october(*ours), theirs or [{}]


@given(st.integers(0, 10**9))
def test_the_parts_of_every_line_make_its_difference_and_the_lines_the_totals(seed: int) -> None:
    ours, lines = shuffled(random.Random(seed))
    theirs = listed(lines)
    made = compare(ours, theirs)
    assert [sum(part.amount for part in line.parts) for line in made.lines] == [line.difference for line in made.lines]
    assert made.theirs == sum(line.total for line in theirs.lines)
    assert made.ours == sum(line.amount for line in ours.lines if line.lease.operator == "移动")
    assert sum(cause.amount for cause in made.causes) == made.difference


@given(st.integers(0, 10**9))
def test_the_order_of_rows_never_matters(seed: int) -> None:
    lottery = random.Random(seed)
    ours, lines = shuffled(lottery)
    made = compare(ours, listed(lines))
    lottery.shuffle(lines)
    again = compare(ours, listed(lines))
    assert [(one.key, one.theirs, parts(one)) for one in made.lines] == [(one.key, one.theirs, parts(one)) for one in again.lines]


# ---- Lists as people make them


def test_a_total_without_a_word_for_it_is_no_line() -> None:
    made = read("""
    | 产品业务确认单编号 | 站址名称 | 产品服务费合计 |
    | L1 | 甲 | 10.00 |
    | L2 | 乙 | 2.50 |
    | | | 12.50 |
    """)
    assert [line.key for line in made.lines] == ["L1", "L2"]


def test_a_summary_of_the_same_amounts_is_not_counted_again() -> None:
    detail = sheet("""
    | 产品业务确认单编号 | 站址编码 | 产品服务费合计 |
    | L1 | 430100000000000001 | 10.00 |
    | L2 | 430100000000000001 | 2.50 |
    | L3 | 430100000000000002 | 1.00 |
    """, "详单")
    summary = sheet("""
    | 站址编码 | 产品服务费合计 |
    | 430100000000000001 | 12.50 |
    | 430100000000000002 | 1.00 |
    """, "按站址")
    made = read_ledger([summary, detail], "移动.xlsx", "2026-10", {})
    assert [line.key for line in made.lines] == ["L1", "L2", "L3"]
    assert [(one.code, one.sheet, one.value) for one in made.findings] == [("REC014", "按站址", "详单")]


def test_sheets_of_other_months_and_explanations_are_passed_over() -> None:
    table = """
    | 产品业务确认单编号 | 账期 | 产品服务费合计 |
    | L1 | {month} | 10.00 |
    """
    sheets = [sheet(table.format(month="202609"), "9月"), sheet(table.format(month="2026年10月"), "10月"), sheet("| 说明 |", "说明")]
    made = read_ledger(sheets, "移动.xlsx", "2026-10", {})
    assert [line.row.place.sheet for line in made.lines] == ["10月"]
    assert sorted(one.code for one in made.findings) == ["REC003", "REC007"]


def test_a_column_read_wrongly_is_said_ten_times_at_most() -> None:
    rows = "\n".join(f"| L{n} | 甲 | 某日 | 1.00 |" for n in range(30))
    made = read("| 产品业务确认单编号 | 站址名称 | 起租日期 | 产品服务费合计 |\n" + rows)
    assert (len(made.lines), len(made.findings)) == (30, 10)


def test_several_numbers_in_one_cell_are_several_leases() -> None:
    ours = october({}, {"产品业务确认单编号": "L2", "站址编码": SITE[:-1] + "2"})
    made = compare(ours, listed([{"产品业务确认单编号": "L1、L2", "产品服务费合计": "8376.72"}]))
    assert [(line.key, line.match.by, line.difference) for line in made.lines] == [("L1、L2", "number", Decimal("0.00"))]


@pytest.mark.parametrize(("name", "reason"), [
    ("甲县新村三组", "站址名称相符，相距0米"), ("甲县新村三组东", "站址名称相符，相距0米"), ("新村", ""), ("甲县旧村三组", ""),
])
def test_a_name_that_holds_the_other_matches_only_where_the_place_does(name: str, reason: str) -> None:
    ours = october({"站址名称": "甲县新村三组"})
    line = {"产品业务确认单编号": "", "站址编码": "", "站址名称": name, "经度": "111.5", "纬度": "31.5"}
    made = compare(ours, listed([line]), spots={SITE: Spot("", (111.5, 31.5))})
    assert {one.match.reason for one in made.lines} == {reason}


def test_a_name_without_a_place_matches_where_it_stands_once_on_both_sides() -> None:
    line = {"产品业务确认单编号": "", "站址编码": "", "站址名称": "新村"}
    once = compare(october(), listed([line]))
    assert [one.match.reason for one in once.lines] == ["站址名称相同，一方没有坐标"]
    twice = compare(october({}, {"产品业务确认单编号": "L2", "站址编码": SITE[:-1] + "2"}), listed([line]))
    assert {one.match.by for one in twice.lines} == {"none"}


def test_a_run_billed_as_a_line_of_its_own_is_the_generator() -> None:
    runs = register("""## 油机发电
    | 工单号 | 站址编码 | 运营商 | 发电开始时间 | 发电结束时间 | 地形 | 发电结果 |
    | YJ1 | 430100000000000001 | 移动 | 2026-10-05 08:00 | 2026-10-05 11:00 | 平原 | 成功 |
    """).rows("generator")
    ours = bill("2026-10", leases([{}]), runs, SHIPPED, {})
    made = compare(ours, listed([{}, {"产品业务确认单编号": "YJ1", "产品服务费合计": "220.00"}]))
    assert told(made) == "generator -220.00"


@pytest.mark.parametrize("heading", ["", "_", "__"])
def test_a_remembered_heading_without_a_letter_is_passed_over(heading: str) -> None:
    assert recall({(layout().id, heading): "金额"}) == recall({})


def test_headings_repeated_on_every_page_of_a_list_are_no_lines() -> None:
    head = "|账期月份|运营商|产品业务确认单编号|站址编码|产品服务费合计(不含税)|"
    found = read(f"{head}\n|202610|移动|L1|{SITE}|935|\n|第2页|||||\n{head}\n|202610|移动|L2|{SITE}|65|\n|制表人：甲|||审核：乙||")
    assert ([line.total for line in found.lines], found.findings) == ([Decimal(935), Decimal(65)], [])
