"""Leases that end: listed by month, followed through K24 to K26, priced again at the current catalogue, by hand."""

from __future__ import annotations

import datetime as dt
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from macros.billing.expiry import Ending, endings, fillings, listed, stage
from macros.billing.leases import leases
from macros.billing.renewal import Price, prices
from macros.findings import Finding
from macros.hosts import Refused
from macros.pricing.parameters import shipped, tariff
from macros.records import Record
from tests.city import codes, enter, look, put, run
from tests.tables import register
from tests.test_changes import CITY, HEAD, lease, words

TARIFF = tariff(shipped())[0]
TODAY = dt.date(2026, 11, 21)
NOW = "2026-11-21T09:00:00"


def known(*lines: str, head: str = HEAD) -> tuple[Record, ...]:
    return register("\n".join(["## 租约", head, *lines])).rows("lease")


@pytest.mark.parametrize(("ends", "ahead", "there"), [
    ("2026-10-31", 6, False), ("2026-11-01", 6, True), ("2026-11-30", 0, True), ("2026-12-01", 0, False), ("2027-05-31", 6, True),
    ("2027-06-01", 6, False), ("", 6, False),
])
def test_the_list_holds_the_present_month_and_so_many_after_it(ends: str, ahead: int, there: bool) -> None:
    assert bool(listed(known(lease("QR-1", "移动", "2024-01-01", ends)), TODAY, ahead)) == there


def test_a_row_of_a_lease_that_a_later_row_continues_is_not_on_the_list() -> None:
    rows = known(lease("QR-1", "移动", "2024-01-01", "2026-11-30"), lease("QR-1", "移动", "2026-12-01", "2027-03-31"))
    assert [row["ends_on"].isoformat() for row in listed(rows, TODAY, 6)] == ["2027-03-31"]  # type: ignore[union-attr]


def test_the_list_is_in_the_order_of_last_days() -> None:
    rows = known(lease("QR-1", "移动", "2024-01-01", "2027-02-28"), lease("QR-2", "移动", "2024-01-01", "2026-12-31"))
    assert [row.key for row in listed(rows, TODAY, 6)] == ["QR-2", "QR-1"]


# told, renews, renewed, termination received → where it stands
STAGES = [
    ("", "", "", "", "待发到期通知"), ("2026-11-20", "", "", "", "已通知，待客户答复"), ("2026-11-22", "", "", "", "待发到期通知"),
    ("2026-11-20", "是", "", "", "待续签"), ("2026-11-20", "是", "2026-11-21", "", "已续签"), ("2026-11-20", "否", "", "", "待客户终止通知"),
    ("2026-11-20", "否", "", "2026-11-21", "已收终止通知"),
]


@pytest.mark.parametrize(("told", "renew", "renewed", "ended", "where"), STAGES)
def test_a_lease_stands_where_its_dates_say(told: str, renew: str, renewed: str, ended: str, where: str) -> None:
    head = HEAD + " 到期通知送达日期 | 是否续签 | 续签协议签署日期 | 终止通知收到日期 |"
    (row,) = known(f"{lease('QR-1', '移动', '2024-01-01', '2027-01-31')} {told} | {renew} | {renewed} | {ended} |", head=head)
    assert stage(row, TODAY) == where


def price(*lines: str, head: str = HEAD) -> dict[str, Price]:
    rows = known(*lines, head=head)
    made, findings = prices(leases(rows, TARIFF, {})[0], {row.key for row in rows}, TARIFF, TODAY)
    assert findings == []
    return made


def test_points_of_an_early_order_are_not_given_again() -> None:
    # 39260.26434 × 0.976 + 11000 = 49318.02 today; 39260.26434 + 11000 signed anew.
    made = price(lease("QR-1", "移动", "2019-01-01", "2027-01-31", signed="2018-10-01"))["QR-1"]
    assert (str(made.now), str(made.renewal)) == ("49318.02", "50260.26")
    assert "不再享受早签订单额外折扣" in made.basis


def test_the_renewal_counts_todays_tenants() -> None:
    made = price(lease("QR-1", "移动", "2024-01-01", "2027-01-31", anchor="是"), lease("QR-2", "联通", "2024-05-01"), lease("QR-3", "电信", "2026-12-11"))
    assert {key: str(one.renewal) for key, one in made.items()} == {"QR-1": "30626.93", "QR-2": "33139.94"}


def test_the_current_catalogue_replaces_the_cost_of_the_tower() -> None:
    head = HEAD.replace("| 产品单元数 |", "| 产品类型 | 天线挂高 | 产品单元数 |")
    own = lease("QR-1", "移动", "2024-01-01", "2027-01-31").replace("| 花园站 | 1 | 183433 |", "| 花园站 | 普通地面塔 | 32 | 1 | 200000 |")
    made = price(own, head=head)["QR-1"]
    # 200000: ((20000 + 4000 + 10000) × 0.9 × 1.02 + 6000) × 1.1 = 40933.20; the table has 183433 for 30 to 35 m.
    assert (str(made.now), str(made.renewal)) == ("51933.20", "50260.26")
    assert made.basis == "按现行标准建造成本 183,433.00 元"


def test_a_product_the_catalogue_lacks_keeps_its_own_cost() -> None:
    made = price(lease("QR-1", "移动", "2024-01-01", "2027-01-31"))["QR-1"]
    assert (made.basis, made.now) == ("按租约的建造成本", made.renewal)


def test_an_indoor_product_is_renewed_at_its_base_price() -> None:
    """24000 a year and 8000 of rent, alone."""
    head = "| 产品业务确认单编号 | 运营商 | 站址编码 | 产品类别 | 产品单元数 | 铁塔建造成本 | 基准价格 | 场地费 | 服务开始日期 | 服务结束日期 |"
    made = price("| QR-1 | 移动 | 429801700000000010 | 室分类 | 1 | 0 | 24000 | 8000 | 2024-01-01 | 2027-01-31 |", head=head)["QR-1"]
    assert (str(made.now), str(made.renewal), made.basis) == ("32000.00", "32000.00", "按租约的基准价格")


def test_a_day_without_parameters_prices_nothing_and_says_so() -> None:
    rows = known(lease("QR-1", "移动", "2024-01-01", "2029-01-31"))
    made, findings = prices(leases(rows, TARIFF, {})[0], {"QR-1"}, TARIFF, dt.date(2028, 6, 1))
    assert (made, [said.code for said in findings]) == ({}, ["PRC004"])


PRICE = Price(Decimal("100.00"), Decimal("110.00"), "按租约的建造成本")


def ending(cells: str, notice: str = "", made: Price | None = PRICE) -> tuple[Ending, list[Finding]]:
    """One lease that ends on 31 January 2027, with its own amounts, answer and days, and a notice of termination."""
    head = HEAD + " 年服务费 | 续期建议价 | 是否续签 | 终止通知收到日期 |"
    text = "\n".join(["## 租约", head, f"{lease('QR-1', '移动', '2024-01-01', '2027-01-31')} {cells}"])
    if notice:
        text += f"\n## 业务变更\n| 通知编号 | 产品业务确认单编号 | 通知类型 | 生效日期 | 赔偿金额 |\n{notice}"
    both = register(text)
    found, findings = endings(both.rows("lease"), {}, {"QR-1": made} if made else {}, {}, both.rows("notice"), TODAY)
    return found[0], findings


CASES = [
    # own amounts and answer, notice → fee, renewal, difference, compensation, findings, filled
    ("| | | |", "", "100.00", "110.00", "10.00", "None", [], {"yearly_fee": "100.00", "renewal_fee": "110.00"}),
    ("100.00 | 110.00 | | |", "", "100.00", "110.00", "10.00", "None", [], {}),
    ("90.00 | | | |", "", "90.00", "110.00", "20.00", "None", ["COL024"], {"renewal_fee": "110.00"}),
    ("| 120.00 | 是 | |", "", "100.00", "120.00", "20.00", "None", ["COL042"], {"yearly_fee": "100.00"}),
    ("| | 否 | |", "", "100.00", "None", "None", "None", [], {"yearly_fee": "100.00"}),
    ("| | 否 | 2026-11-20 |", "", "100.00", "None", "None", "None", ["COL040"], {"yearly_fee": "100.00"}),
    ("| | 否 | 2026-11-20 |", "| TZ-1 | QR-1 | 终止 | 2027-01-31 | |", "100.00", "None", "None", "None", [], {"yearly_fee": "100.00"}),
    ("| | 否 | 2026-11-20 |", "| TZ-1 | QR-1 | 终止 | 2026-12-31 | |", "100.00", "None", "None", "None", ["COL041"], {"yearly_fee": "100.00"}),
    ("| | 否 | 2026-11-20 |", "| TZ-1 | QR-1 | 终止 | 2026-12-31 | 500.00 |", "100.00", "None", "None", "500.00", [], {"yearly_fee": "100.00"}),
]


@pytest.mark.parametrize(("cells", "notice", "yearly", "renewal", "difference", "compensation", "said", "filled"), CASES)
def test_own_amounts_stand_and_blank_ones_are_filled(
    cells: str, notice: str, yearly: str, renewal: str, difference: str, compensation: str, said: list[str], filled: dict[str, str],
) -> None:
    one, findings = ending(cells, notice)
    assert (str(one.yearly), str(one.renewal), str(one.difference)) == (yearly, renewal, difference)
    assert str(one.termination["compensation"] if one.termination else None) == compensation
    assert [each.code for each in findings] == said
    assert {name: str(value) for _, values in fillings([one]) for name, value in values.items()} == filled


def test_a_lease_that_cannot_be_priced_says_so() -> None:
    one, findings = ending("| | | |", made=None)
    assert (one.yearly, one.difference, [each.code for each in findings]) == (None, None, ["COL043"])


# The command on a folder. Month ends: 3 months before 31 May 2027 is 28 February, 1 month before is 30 April.
LEASES = "\n".join([
    "## 租约", HEAD + " 是否续签 | 到期通知送达日期 |",
    f"{lease('QR-1', '移动', '2024-06-01', '2027-05-31', anchor='是')} 是 | |",
    f"{lease('QR-2', '联通', '2019-01-01', '2026-12-31', signed='2018-10-01')} | 2026-09-30 |",
    f"{lease('QR-3', '电信', '2024-01-01', '2027-06-30')} | |",
])


@pytest.fixture
def city_(folder: Path) -> Path:
    enter(folder, CITY)
    enter(folder, LEASES)
    put(folder, "假设", "公司名称", "采用", "澜江市通信铁塔分公司")
    return folder


def listed_by(answer: Any) -> dict[str, Any]:
    return {each["key"]: each for month in answer.data["months"] for each in month["leases"]}


def test_the_pipeline_is_that_of_the_clocks(city_: Path) -> None:
    answer = run("expiring", city_, now=NOW)
    assert [(month["month"], month["count"]) for month in answer.data["months"]] == [("2026-12", 1), ("2027-05", 1)]
    found = listed_by(answer)
    assert found["QR-1"]["steps"] == {
        "K24": {"due": "2027-02-28", "state": "open", "done_on": None}, "K25": {"due": "2027-04-30", "state": "open", "done_on": None},
    }
    assert found["QR-2"]["steps"] == {"K24": {"due": "2026-09-30", "state": "met", "done_on": "2026-09-30"}}
    assert {key: (each["stage"], each["standing"]) for key, each in found.items()} == {"QR-1": ("待续签", "正常"), "QR-2": ("已通知，待客户答复", "按时办结")}
    assert (answer.status, codes(answer)) == (0, [])


def test_a_leap_day_and_a_termination_are_the_clocks_too(folder: Path) -> None:
    # 3 months before 31 May 2028 is 29 February; not renewing, the customer's own notice is due on 30 April.
    enter(folder, "\n".join(["## 租约", HEAD + " 是否续签 |", f"{lease('QR-1', '移动', '2024-06-01', '2028-05-31')} 否 |"]))
    steps = listed_by(run("expiring", folder, months=20, now=NOW))["QR-1"]["steps"]
    assert {clock: step["due"] for clock, step in steps.items()} == {"K24": "2028-02-29", "K26": "2028-04-30"}


# Three tenants today: QR-1 39260.26434 × 0.526 + 4950 = 25600.90; QR-2 × (1 − 0.424 − 0.024) + 5500 = 27171.67, × 0.576 anew.
def test_blank_fees_are_filled_and_listed_with_their_difference(city_: Path) -> None:
    found = listed_by(run("expiring", city_, now=NOW))
    assert {key: (each["yearly"], each["renewal"], each["difference"]) for key, each in found.items()} == {
        "QR-1": ("25600.90", "25600.90", "0.00"), "QR-2": ("27171.67", "28113.91", "942.24"),
    }
    cells = {row["产品业务确认单编号"]: (row["年服务费（元每年）"], row["续期建议价（元每年）"]) for row in look(city_, "租约")}
    assert cells == {"QR-1": (25600.9, 25600.9), "QR-2": (27171.67, 28113.91), "QR-3": (None, None)}
    again = run("expiring", city_, now=NOW)
    assert (again.data["filled"], codes(again)) == (0, [])


def test_annex_3_12_prints_both_amounts_and_keeps_what_it_told(city_: Path) -> None:
    put(city_, "租约", "QR-2", "产品类型", "景观塔")
    (made,) = run("form", "3.12", ["QR-2"], city_, now=NOW).data["documents"]
    text = words(made["file"])
    assert "27,171.67" in text and "28,113.91" in text
    cells = {row["产品业务确认单编号"]: (row["年服务费（元每年）"], row["续期建议价（元每年）"]) for row in look(city_, "租约")}
    assert cells == {"QR-1": (None, None), "QR-2": (27171.67, 28113.91), "QR-3": (None, None)}
    # A month later a tenant has gone; the paper that was made still is the one.
    put(city_, "租约", "QR-3", "服务结束日期", dt.datetime(2026, 12, 10))
    again = run("form", "3.12", ["QR-2"], city_, now="2026-12-21T09:00:00")
    assert [paper["number"] for paper in again.data["documents"]] == [made["number"]]


def test_annex_3_12_prints_the_users_own_amounts(city_: Path) -> None:
    for column, value in (("产品类型", "景观塔"), ("年服务费（元每年）", 25000), ("续期建议价（元每年）", 26000.5)):
        put(city_, "租约", "QR-2", column, value)
    (made,) = run("form", "3.12", ["QR-2"], city_, now=NOW).data["documents"]
    text = words(made["file"])
    assert "25,000.00" in text and "26,000.50" in text


def test_the_workbook_lists_them_and_draws_the_months(city_: Path, tmp_path: Path) -> None:
    run("expiring", city_, out=tmp_path, now=NOW)
    path = tmp_path / "到期租约.xlsx"
    book = openpyxl.load_workbook(path)
    assert [[cell.value for cell in row][:4] for row in book["到期清单"].iter_rows(min_row=2)] == [
        ["按时办结", "2026-12", "QR-2", "联通"], ["正常", "2027-05", "QR-1", "移动"],
    ]
    assert [[cell.value for cell in row] for row in book["分月"].iter_rows(min_row=2)] == [
        ["2026-12", 1, 27171.67, 28113.91], ["2027-05", 1, 25600.9, 25600.9],
    ]
    with zipfile.ZipFile(path) as package:
        chart = package.read("xl/charts/chart1.xml").decode()
    assert "'分月'!$C$2:$C$3" in chart and "'分月'!$D$2:$D$3" in chart and "$B$2" not in chart


@pytest.mark.parametrize("months", [-1, 61])
def test_so_many_months_are_refused(city_: Path, months: int) -> None:
    with pytest.raises(Refused) as caught:
        run("expiring", city_, months=months, now=NOW)
    assert caught.value.finding.code == "COL044"


def test_nothing_that_ends_is_an_empty_list(folder: Path) -> None:
    answer = run("expiring", folder, now=NOW)
    assert (answer.data["months"], answer.status) == ([], 0)
