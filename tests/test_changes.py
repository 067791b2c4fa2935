"""Fees that change because of others on the site: who is told what from which day, worked by hand from billing.md."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest

from macros.billing.changes import Change, changes
from macros.billing.leases import Lease, leases
from macros.billing.month import bill
from macros.billing.notice_rows import lease_updates, notices
from macros.pricing.parameters import shipped, tariff
from macros.register import Register
from tests.city import codes, enter, items, look, put, run
from tests.tables import register

TARIFF = tariff(shipped())[0]
SITE = "429801700000000010"
HEAD = (
    "| 产品业务确认单编号 | 运营商 | 区县 | 站址编码 | 站址名称 | 产品单元数 | 铁塔建造成本（元） | 机房建造成本（元） | 配套建造成本（元） "
    "| 维护费（元每年） | 场地费（元每年） | 电力引入费（元每年） | 地区系数 | 是否锚定用户 | 共享信息 | 订单签约日期 | 服务开始日期 | 服务结束日期 |"
)
# Before discount a year costs 39260.26434 (see test_pricing), site rent 8000, power connection 3000.
COSTS = "183433 | 80000 | 60000 | 6000 | 8000 | 3000 | 0.9"


def lease(
    number: str, operator: str, starts: str, ends: str = "", anchor: str = "否", sharing: str = "", signed: str = "", site: str = SITE,
) -> str:
    return f"| {number} | {operator} | 澜南区 | {site} | 花园站 | 1 | {COSTS} | {anchor} | {sharing} | {signed} | {starts} | {ends} |"


def held(*lines: str) -> tuple[Register, list[Lease]]:
    made = register("\n".join(["## 租约", HEAD, *lines]))
    return made, leases(made.rows("lease"), TARIFF, {})[0]


def month(name: str, *lines: str) -> list[Change]:
    return changes(held(*lines)[1], TARIFF, name)


def short(change: Change) -> tuple[str, str, str, str]:
    return change.lease.key, change.on.isoformat(), str(change.fee_before), str(change.fee_after)


# Two tenants on 1 October, a third from the 11th. A year under the rules of 2023:
#   anchor 2 户 39260.26434 × 0.626 + 11000 × 0.55 = 30626.93   3 户 × 0.526 + 11000 × 0.45 = 25600.90
#   others 2 户 39260.26434 × 0.676 + 11000 × 0.60 = 33139.94   3 户 × 0.576 + 11000 × 0.50 = 28113.91
THREE = (
    lease("QR-1", "移动", "2024-01-01", anchor="是"), lease("QR-2", "联通", "2024-05-01"), lease("QR-3", "电信", "2026-10-11"),
)


def test_a_third_tenant_changes_the_other_two_from_its_first_day() -> None:
    one, two, third = month("2026-10", *THREE)
    assert short(one) == ("QR-1", "2026-10-11", "30626.93", "25600.90")
    assert short(two) == ("QR-2", "2026-10-11", "33139.94", "28113.91")
    assert short(third) == ("QR-3", "2026-10-11", "None", "28113.91")
    assert [change.repriced for change in (one, two, third)] == [True, True, False]
    assert (one.item, one.before, one.after) == ("共享客户数", "2户共享，折扣37.4%", "3户共享，折扣47.4%")
    assert (one.discount_before, one.discount_after) == (Decimal("0.374"), Decimal("0.474"))
    assert (two.before, two.after, two.reason) == ("2户共享，折扣32.4%", "3户共享，折扣42.4%", "电信新增共享起租")


# October has 31 days: 10 with two tenants, 21 with three; an item is year ÷ 12 × (10 × share + 21 × share) ÷ 31.
#   QR-1 base 39260.26434 × (6.26 + 11.046) ÷ 372 = 1826.45  rent 8000 × 14.95 ÷ 372 = 321.51  power 3000 × 14.95 ÷ 372 = 120.56
#   QR-2 base 39260.26434 × (6.76 + 12.096) ÷ 372 = 1990.03  rent 8000 × 16.5 ÷ 372 = 354.84   power 3000 × 16.5 ÷ 372 = 133.06
#   QR-3 base 39260.26434 × 12.096 ÷ 372 = 1276.59           rent 8000 × 10.5 ÷ 372 = 225.81   power 3000 × 10.5 ÷ 372 = 84.68
LINES = {"QR-1": "2268.52", "QR-2": "2477.93", "QR-3": "1587.08"}


def test_the_three_statements_agree_with_the_notices() -> None:
    made, known = held(*THREE)
    billed = {line.lease.key: line.amount for line in bill("2026-10", made.rows("lease"), (), TARIFF, {}).lines}
    assert {key: str(amount) for key, amount in billed.items()} == LINES
    for change in changes(known, TARIFF, "2026-10"):
        # The yearly amounts of the notice, ten days of one and 21 of the other; three items were rounded.
        told = ((change.fee_before or Decimal(0)) * 10 + (change.fee_after or Decimal(0)) * 21) / 372
        assert abs(told - billed[change.lease.key]) <= Decimal("0.015")


def test_the_months_before_and_after_have_no_change() -> None:
    assert [month(name, *THREE) for name in ("2026-09", "2026-11")] == [[], []]


def test_a_tenants_last_day_counts_and_the_others_change_on_the_day_after() -> None:
    lines = (lease("QR-1", "移动", "2024-01-01", anchor="是"), lease("QR-2", "联通", "2024-05-01", "2026-10-20"))
    one, two = month("2026-10", *lines)
    # Alone again: 39260.26434 + 11000.
    assert short(one) == ("QR-1", "2026-10-21", "30626.93", "50260.26")
    assert (one.before, one.after, one.reason) == ("2户共享，折扣37.4%", "独享", "联通退租")
    assert (two.item, short(two), two.repriced) == ("退租", ("QR-2", "2026-10-21", "33139.94", "None"), False)


def test_a_tenant_that_stays_to_the_months_last_day_changes_the_others_in_the_next() -> None:
    lines = (lease("QR-1", "移动", "2024-01-01"), lease("QR-2", "联通", "2024-05-01", "2026-10-31"))
    assert month("2026-10", *lines) == []
    assert [change.on for change in month("2026-11", *lines)] == [dt.date(2026, 11, 1)] * 2


def test_one_who_goes_as_another_comes_changes_nobody_else() -> None:
    lines = (lease("QR-1", "移动", "2024-01-01"), lease("QR-2", "联通", "2024-05-01", "2026-10-10"), lease("QR-3", "电信", "2026-10-11"))
    assert [(change.lease.key, change.item) for change in month("2026-10", *lines)] == [("QR-2", "退租"), ("QR-3", "起租")]


def test_a_second_lease_of_an_operator_is_no_new_tenant() -> None:
    lines = (lease("QR-1", "移动", "2024-01-01"), lease("QR-2", "移动", "2026-10-11"))
    assert [change.lease.key for change in month("2026-10", *lines)] == ["QR-2"]


def test_two_changes_in_a_month_are_two_changes() -> None:
    lines = (lease("QR-1", "移动", "2024-01-01"), lease("QR-2", "联通", "2026-10-05"), lease("QR-3", "电信", "2026-10-11", "2026-10-25"))
    own = [short(change)[1:] for change in month("2026-10", *lines) if change.lease.key == "QR-1"]
    assert own == [
        ("2026-10-05", "50260.26", "33139.94"), ("2026-10-11", "33139.94", "28113.91"), ("2026-10-26", "28113.91", "33139.94"),
    ]


def test_an_existing_sharer_changes_by_its_rent_alone() -> None:
    lines = (lease("QR-1", "移动", "2016-01-01", sharing="存量既有共享"), lease("QR-2", "联通", "2024-05-01"), lease("QR-3", "电信", "2026-10-11"))
    change = month("2026-10", *lines)[0]
    # 39260.26434 × 0.276 = 10835.83; rent and power 11000 × 0.60, then × 0.50.
    assert short(change) == ("QR-1", "2026-10-11", "17435.83", "16335.83")
    assert (change.before, change.after) == ("2户共享，付基准价格的27.6%", "3户共享，付基准价格的27.6%")


def test_new_price_rules_change_those_they_touch() -> None:
    lines = (
        lease("QR-1", "移动", "2019-01-01", signed="2018-10-01"), lease("QR-2", "联通", "2019-01-01", site="429801700000000011"),
    )
    (change,) = month("2023-01", *lines)
    # From 2023 an order signed before has 2.4 points: 39260.26434 × 0.976 + 11000; one without a day of signing has none.
    assert short(change) == ("QR-1", "2023-01-01", "50260.26", "49318.02")
    assert (change.item, change.reason) == ("计费参数", "计费参数自2023-01-01起调整")
    assert (change.before, change.after) == ("2022-12-31的计费参数，独享", "2023-01-01的计费参数，独享，折扣2.4%")


def test_new_rules_and_a_new_tenant_on_one_day_are_one_change() -> None:
    lines = (lease("QR-1", "移动", "2019-01-01", anchor="是"), lease("QR-2", "联通", "2023-01-01"))
    change = month("2023-01", *lines)[0]
    assert short(change) == ("QR-1", "2023-01-01", "50260.26", "30626.93")
    assert (change.item, change.reason) == ("共享客户数、计费参数", "联通新增共享起租；计费参数自2023-01-01起调整")


def test_a_site_with_four_tenants_is_left_to_the_bills_finding() -> None:
    known = held(*THREE)[1]
    fourth = replace(known[2], key="QR-4", operator="第四家", starts=dt.date(2026, 10, 15))
    assert {change.on.day for change in changes([*known, fourth], TARIFF, "2026-10")} == {11}


def test_days_before_all_price_rules_have_no_changes() -> None:
    assert month("2016-07", lease("QR-1", "移动", "2015-01-01")) == []


# Rows of 业务变更.
NOTICE = "| 通知编号 | 产品业务确认单编号 | 通知类型 | 变更项目 | 生效日期 | 原因 | 变更前年服务费 | 变更后年服务费 |"


def rows_for(text: str = "", issued: tuple[str, ...] = (), owed: dict[str, Decimal] | None = None) -> Any:
    known = register(f"## 业务变更\n{NOTICE}\n{text}").rows("notice") if text else ()
    return notices(month("2026-10", *THREE), "2026-10", known, issued, owed or {})


def test_a_notice_for_each_lease_that_ran_before_and_after() -> None:
    made = rows_for()
    assert made.numbers == ["BG-202610-0001", "BG-202610-0002"]
    first = made.rows[0]
    assert (first["lease_no"], first["kind"], first["effective_on"], first["retroactive"]) == ("QR-1", "变更", dt.date(2026, 10, 11), False)
    assert (first["fee_before"], first["fee_after"]) == (Decimal("30626.93"), Decimal("25600.90"))


def test_what_is_entered_is_not_entered_again() -> None:
    made = rows_for("""
        | BG-202610-0001 | QR-1 | 变更 | 共享客户数 | 2026-10-11 | 电信新增共享起租 | 30626.93 | 25600.90 |
        | TZ-7 | QR-2 | 变更 | 共享客户数 | 2026-10-11 | 电信来了 | 33139.94 | 28113.91 |
    """)
    assert (made.rows, made.numbers, made.findings) == ([], ["BG-202610-0001", "TZ-7"], [])


def test_another_change_of_the_same_day_does_not_stand_for_it() -> None:
    made = rows_for("| TZ-1 | QR-1 | 变更 | 维护服务等级 | 2026-10-11 | 客户申请 | 100.00 | 120.00 |")
    assert made.numbers == ["BG-202610-0001", "BG-202610-0002"]


def test_a_number_is_not_given_again_though_its_row_or_its_paper_alone_is_left() -> None:
    made = rows_for("| BG-202610-0004 | QR-9 | 变更 | 其他 | 2026-10-02 | 原因 | 1.00 | 2.00 |", issued=("BG-202610-0007", "BG-202609-0040", "TD-1"))
    assert made.numbers == ["BG-202610-0008", "BG-202610-0009"]


def test_a_row_that_says_something_else_is_told_and_left() -> None:
    made = rows_for("| BG-202610-0001 | QR-1 | 变更 | 共享客户数 | 2026-10-11 | 电信新增共享起租 | 30626.93 | 25000.00 |")
    assert made.numbers == ["BG-202610-0001", "BG-202610-0002"]
    assert [(said.code, said.key) for said in made.findings] == [("COL020", "BG-202610-0001")]


def test_a_row_whose_cause_is_gone_is_told() -> None:
    made = rows_for("| BG-202610-0001 | QR-1 | 变更 | 共享客户数 | 2026-10-12 | 电信新增共享起租 | 30626.93 | 25600.90 |")
    assert [(said.code, said.key) for said in made.findings] == [("COL021", "BG-202610-0001")]


def test_a_change_that_issued_months_did_not_know_is_retroactive() -> None:
    made = rows_for(owed={"QR-1": Decimal("-283.73")})
    assert [(row["retroactive"], row["retro_amount"]) for row in made.rows] == [(True, Decimal("-283.73")), (False, None)]


# What the change sets in its lease: fee_changed_on, change_told_on and yearly_fee as they stood → what is set, what is said.
CELLS = [
    ("", "", "", {"fee_changed_on": "2026-10-11", "yearly_fee": "25600.90"}, []),
    ("", "", "30626.93", {"fee_changed_on": "2026-10-11", "yearly_fee": "25600.90"}, []),
    ("2026-10-11", "2026-10-20", "25600.90", {}, []),
    ("2026-10-05", "", "30626.93", {"fee_changed_on": "2026-10-11", "yearly_fee": "25600.90"}, []),  # the same month's end
    ("2026-09-05", "", "30626.93", {"yearly_fee": "25600.90"}, ["COL022"]),
    ("2026-09-05", "2026-09-28", "30626.93", {"fee_changed_on": "2026-10-11", "change_told_on": "None", "yearly_fee": "25600.90"}, ["COL023"]),
    ("2026-09-05", "2026-10-12", "30626.93", {"fee_changed_on": "2026-10-11", "yearly_fee": "25600.90"}, []),
    ("2026-12-01", "", "30626.93", {"yearly_fee": "25600.90"}, []),
    ("", "", "30000.00", {"fee_changed_on": "2026-10-11"}, ["COL024"]),
]


@pytest.mark.parametrize(("changed", "told", "fee", "sets", "said"), CELLS)
def test_the_lease_is_brought_up_to_date(changed: str, told: str, fee: str, sets: dict[str, str], said: list[str]) -> None:
    head = HEAD + " 费用变更日期 | 变更通知送达日期 | 年服务费 |"
    lines = [f"{line} {cells}" for line, cells in zip(THREE, (f"{changed} | {told} | {fee} |", " | | |", " | | |"), strict=True)]
    made = register("\n".join(["## 租约", head, *lines]))
    found = changes(leases(made.rows("lease"), TARIFF, {})[0], TARIFF, "2026-10")
    updates, findings = lease_updates([one for one in found if one.lease.key == "QR-1"], {"QR-1": Decimal("25600.90")})
    assert {name: str(value) for _, values in updates for name, value in values.items()} == sets
    assert [one.code for one in findings] == said


def test_a_fee_that_changes_later_is_not_set_today() -> None:
    found = month("2026-10", *THREE)
    updates, _ = lease_updates(found[:1], {"QR-1": Decimal("30626.93")})  # today is still September
    assert [values for _, values in updates] == [{"fee_changed_on": dt.date(2026, 10, 11), "yearly_fee": Decimal("30626.93")}]


# The command on a folder.
CITY = """
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 | 办公地址 |
| 移动澜南区分公司 | 移动 | 澜南区 | VIP | 澜南路1号 |
| 联通澜南区分公司 | 联通 | 澜南区 | 标准 | 澜南路2号 |
| 电信澜南区分公司 | 电信 | 澜南区 | 标准 | 澜南路3号 |
## 站址
| 站址编码 | 站址名称 | 区县 | 经度 | 纬度 |
| 429801700000000010 | 花园站 | 澜南区 | 111.5 | 31.5 |
"""
NOW = "2026-10-30T09:00:00"


@pytest.fixture
def site(folder: Path) -> Path:
    enter(folder, CITY)
    put(folder, "假设", "公司名称", "采用", "澜江市通信铁塔分公司")
    enter(folder, "\n".join(["## 租约", HEAD, *THREE]))
    return folder


def words(path: str) -> str:
    document = docx.Document(path)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_notices_are_entered_printed_and_start_the_months_clock(site: Path) -> None:
    answer = run("notices", "2026-10", site, now=NOW)
    assert answer.data["notices"] == answer.data["added"] == ["BG-202610-0001", "BG-202610-0002"]
    assert (answer.status, codes(answer)) == (0, [])
    entered = [(row["通知编号"], row["产品业务确认单编号"], row["变更后年服务费（元每年）"]) for row in look(site, "业务变更")]
    assert entered == [("BG-202610-0001", "QR-1", 25600.9), ("BG-202610-0002", "QR-2", 28113.91)]
    first, second = [words(paper["file"]) for paper in answer.data["documents"]]
    assert "移动澜南区分公司" in first and "30,626.93" in first and "25,600.90" in first
    assert "联通澜南区分公司" in second and "3户共享，折扣42.4%" in second and "2026年10月11日" in second
    leased = {row["产品业务确认单编号"]: (row["费用变更日期"], row["年服务费（元每年）"]) for row in look(site, "租约")}
    assert leased == {"QR-1": (dt.datetime(2026, 10, 11), 25600.9), "QR-2": (dt.datetime(2026, 10, 11), 28113.91), "QR-3": (None, None)}
    board = dict(items(run("board", site, now=NOW)))
    assert [board["K23", key]["due"] for key in ("QR-1", "QR-2")] == ["2026-10-31"] * 2
    assert ("K23", "QR-3") not in board


def test_a_second_run_adds_no_row_and_no_paper(site: Path) -> None:
    first = run("notices", "2026-10", site, now=NOW)
    again = run("notices", "2026-10", site, now=NOW)
    assert (again.data["added"], again.data["leases_updated"], again.status) == ([], 0, 0)
    assert [paper["number"] for paper in again.data["documents"]] == [paper["number"] for paper in first.data["documents"]]
    assert len(look(site, "业务变更")) == len(look(site, "单据")) == 2


def test_a_tenant_entered_after_the_month_was_billed_makes_its_notices_retroactive(folder: Path) -> None:
    enter(folder, CITY)
    enter(folder, "\n".join(["## 租约", HEAD, *THREE[:2]]))
    put(folder, "假设", "公司名称", "采用", "澜江市通信铁塔分公司")
    run("bill", "2026-10", folder, now="2026-11-02T09:00:00")
    enter(folder, "\n".join(["## 租约", HEAD, THREE[2]]))
    run("notices", "2026-10", folder, now="2026-11-20T09:00:00")
    # Billed with two tenants: 2048.08 + 366.67 + 137.50 = 2552.25 and 2211.66 + 400.00 + 150.00 = 2761.66.
    retro = [(row["是否追溯"], row["追溯金额（元）"]) for row in look(folder, "业务变更")]
    assert retro == [("是", -283.73), ("是", -283.73)]


def test_a_lease_in_error_is_neither_tenant_nor_told(site: Path) -> None:
    put(site, "租约", "QR-3", "产品单元数", "三")
    assert run("notices", "2026-10", site, now=NOW).data["notices"] == []


def test_what_names_no_month_is_refused(site: Path) -> None:
    from macros.hosts import Refused

    with pytest.raises(Refused) as caught:
        run("notices", "2026-13", site, now=NOW)
    assert caught.value.finding.code == "BIL024"
