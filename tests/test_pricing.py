"""What a product costs in a year: the parameters as delivered give the figures worked by hand below."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from macros.pricing.fees import Terms, base, base_share, site_share
from macros.pricing.parameters import Case, Tariff, shipped, tariff
from macros.pricing.regimes import SCALE, Regime, TooFine, regime, whole
from macros.values import round_half_up
from tests.tables import register

TARIFF = tariff(shipped())[0]
A, B, C = dt.date(2016, 7, 8), dt.date(2018, 1, 1), dt.date(2023, 1, 1)
DAYS = {"A": A, "B": B, "C": C}


def rules(day: dt.date) -> Regime:
    found, findings = regime(TARIFF, day)
    assert found is not None and not findings
    return found


def terms(tower: str = "183433", **other: object) -> Terms:
    """普通地面塔 30≤H<35 with room 80000, ancillaries 60000, maintenance 6000, site rent 8000, power 3000, region 0.9."""
    given: dict[str, object] = {
        "tower": whole(Decimal(tower)), "room": 80000 * SCALE, "support": 60000 * SCALE, "maintenance": 6000 * SCALE,
        "site_rent": 8000 * SCALE, "power_fee": 3000 * SCALE, "extras": (), "units": SCALE, "region": whole(Decimal("0.9")),
        "wind": SCALE, "anchor": False, "existing": False, "signed": None,
    }
    return Terms(**(given | other))  # type: ignore[arg-type]


def yuan(numerator: int, denominator: int) -> Decimal:
    return round_half_up(Decimal(numerator) / Decimal(denominator))


# Worked by hand: 0.9 × (18343.3 + 4000 + 10000) = 29108.97; × 1.02 = 29691.1494; + 6000 = 35691.1494;
# × 1.15 = 41044.82181, × 1.10 = 39260.26434.
# regime, tenants, anchor, base after d1, site rent, power connection, the year before tax
YEARS = """
A 1 0 41044.82 8000.00 3000.00 52044.82
A 2 1 30783.62 4400.00 1650.00 36833.62
A 2 0 32835.86 4800.00 1800.00 39435.86
A 3 1 26679.13 3600.00 1350.00 31629.13
A 3 0 28731.38 4000.00 1500.00 34231.38
B 1 0 39260.26 8000.00 3000.00 50260.26
B 2 1 25519.17 4400.00 1650.00 31569.17
B 2 0 27482.19 4800.00 1800.00 34082.19
B 3 1 21593.15 3600.00 1350.00 26543.15
B 3 0 23556.16 4000.00 1500.00 29056.16
C 2 1 24576.93 4400.00 1650.00 30626.93
C 2 0 26539.94 4800.00 1800.00 33139.94
C 3 1 20650.90 3600.00 1350.00 25600.90
C 3 0 22613.91 4000.00 1500.00 28113.91
"""


@pytest.mark.parametrize("line", YEARS.split("\n")[1:-1])
def test_a_year_costs_what_the_hand_calculation_says(line: str) -> None:
    name, tenants, anchor, *amounts = line.split()
    given, by = terms(anchor=anchor == "1"), rules(DAYS[name])
    whole_base, below = base(given, by)
    parts = [
        yuan(whole_base * base_share(given, by, int(tenants)), below * SCALE),
        yuan(given.site_rent * site_share(given, by, int(tenants)), SCALE**2),
        yuan(given.power_fee * site_share(given, by, int(tenants)), SCALE**2),
    ]
    assert [*map(str, parts)] == amounts[:3]
    assert abs(sum(parts) - Decimal(amounts[3])) <= Decimal("0.01")


@pytest.mark.parametrize(("name", "pays"), [("A", "12313.45"), ("B", "11778.08"), ("C", "10835.83")])
def test_an_existing_sharer_pays_a_share_of_the_base_whatever_the_tenants(name: str, pays: str) -> None:
    given, by = terms(existing=True), rules(DAYS[name])
    whole_base, below = base(given, by)
    assert [str(yuan(whole_base * base_share(given, by, n), below * SCALE)) for n in (1, 2, 3)] == [pays] * 3


def test_an_order_signed_before_2023_has_its_points_even_when_alone() -> None:
    given, by = terms(signed=dt.date(2022, 12, 31)), rules(C)
    whole_base, below = base(given, by)
    assert str(yuan(whole_base * base_share(given, by, 1), below * SCALE)) == "38318.02"  # 39260.26434 × 0.976


def test_an_order_signed_on_the_first_day_of_2023_has_none() -> None:
    assert base_share(terms(signed=C), rules(C), 1) == SCALE


def test_early_points_add_to_the_discount_and_came_with_2023_only() -> None:
    given = terms(signed=dt.date(2017, 3, 1), anchor=True)
    assert base_share(given, rules(C), 2) == whole(Decimal("0.602"))  # 1 − 0.374 − 0.024
    assert base_share(given, rules(B), 2) == whole(Decimal("0.65"))


EARLY = """
## 计费参数
| 参数 | 对象 | 租户数 | 锚定用户 | 数值 | 生效日期 | 失效日期 | 签约早于 |
"""
ALWAYS = "".join(f"| {line} | 2016-07-08 |  |  |\n" for line in (
    "成本加成率 |  |  |  | 0.1", "折损率 |  |  |  | 0.02", "既有共享付费比例 |  |  |  | 0.276", "折旧年限 | 铁塔 |  |  | 10", "折旧年限 | 机房 |  |  | 20",
    "折旧年限 | 配套 |  |  | 6", *(
        f"{name} |  | {tenants} | {anchor} | 0.3" for name in ("基准价格折扣", "场地费和电力引入费折扣") for tenants in (2, 3) for anchor in "是否"
    ),
))


def early(*lines: str) -> Tariff:
    return tariff(register(EARLY + ALWAYS + "\n".join(lines)).rows("price"))[0]


@pytest.mark.parametrize(("signed", "share"), [("2022-12-31", "0.97"), ("2023-01-01", "1"), ("2024-06-30", "1")])
def test_early_points_have_a_day_of_their_own_whenever_their_figure_changes(signed: str, share: str) -> None:
    """The points rise from 0.024 to 0.03 in 2025; the orders meant are still those signed before 2023: 1 − 0.03 or 1."""
    made = early("| 早签订单额外折扣 |  |  |  | 0.024 | 2023-01-01 | 2024-12-31 | 2023-01-01 |", "| 早签订单额外折扣 |  |  |  | 0.03 | 2025-01-01 | | 2023-01-01 |")
    by, _ = regime(made, dt.date(2025, 6, 1))
    assert by is not None
    assert base_share(terms(signed=dt.date.fromisoformat(signed)), by, 1) == whole(Decimal(share))


def test_early_points_without_their_day_are_told_and_leave_the_days_without_rules() -> None:
    made, findings = tariff(register(EARLY + ALWAYS + "| 早签订单额外折扣 |  |  |  | 0.024 | 2023-01-01 | | |").rows("price"))
    assert [(said.code, said.cell) for said in findings] == [("PRC060", "H16")]
    found, missing = regime(made, dt.date(2025, 6, 1))
    assert found is None
    assert [(said.code, said.value) for said in missing] == [("PRC004", "早签订单额外折扣 签约早于")]
    assert regime(made, dt.date(2022, 6, 1))[0] is not None


def test_a_table_drawn_before_there_was_such_a_column_means_the_first_day_and_says_so() -> None:
    made, findings = read("| 早签订单额外折扣 | 0.024 | 2023-01-01 | |")
    assert findings == ["PRC061 C2"]
    version = made.version(dt.date(2026, 10, 1), Case("early_discount"))
    assert version is not None and version.signed_before == C


# 万元 of the cost table, the tower alone for a year at region 1.0 and 0.9, marked up 15 % and 10 %.
TOWERS = """
普通地面塔 0 18639.20 16775.28 17828.80 16045.92
普通地面塔 30 21516.69 19365.02 20581.18 18523.06
普通地面塔 35 25425.71 22883.14 24320.25 21888.22
普通地面塔 40 29903.05 26912.75 28602.92 25742.63
普通地面塔 45 35156.57 31640.91 33628.02 30265.22
景观塔 0 10307.39 9276.65 9859.24 8873.31
景观塔 20 13280.94 11952.85 12703.51 11433.16
景观塔 25 15725.24 14152.71 15041.53 13537.38
景观塔 30 21410.18 19269.16 20479.31 18431.37
景观塔 35 24549.95 22094.96 23482.56 21134.31
简易塔 0 4605.67 4145.10 4405.42 3964.88
普通楼面塔 - 4780.33 4302.29 4572.49 4115.24
楼面抱杆 - 1420.15 1278.14 1358.41 1222.56
"""


@pytest.mark.parametrize("line", TOWERS.split("\n")[1:-1])
def test_the_towers_of_the_cost_table_cost_what_the_hand_calculation_says(line: str) -> None:
    kind, above, *amounts = line.split()
    cost = TARIFF.on(B, Case("cost", kind, above=None if above == "-" else Decimal(above)))
    found = []
    for day in (A, B):
        for region in ("1", "0.9"):
            alone = terms(str(cost), room=0, support=0, maintenance=0, region=whole(Decimal(region)))
            found.append(str(yuan(*base(alone, rules(day)))))
    assert found == amounts


PRICES = """
## 计费参数
| 参数 | 数值 | 生效日期 | 失效日期 |
"""


def read(*lines: str) -> tuple[Tariff, list[str]]:
    made, findings = tariff(register(PRICES + "\n".join(lines)).rows("price"))
    return made, [f"{said.code} {said.cell}" for said in findings]


def test_a_new_version_takes_over_on_its_first_day() -> None:
    made, findings = read("| 折损率 | 0.02 | 2016-07-08 | 2023-12-31 |", "| 折损率 | 0.03 | 2024-01-01 | |")
    assert findings == []
    assert [made.on(dt.date(2023, 12, 31), Case("damage")), made.on(dt.date(2024, 1, 1), Case("damage"))] == [Decimal("0.02"), Decimal("0.03")]
    assert made.cuts(dt.date(2023, 12, 1), dt.date(2024, 1, 31)) == [dt.date(2024, 1, 1)]


def test_versions_that_overlap_are_told_and_the_later_is_left_out() -> None:
    made, findings = read("| 折损率 | 0.02 | 2016-07-08 | |", "| 折损率 | 0.03 | 2024-01-01 | |")
    assert findings == ["PRC002 C3"]
    assert made.on(dt.date(2025, 1, 1), Case("damage")) == Decimal("0.02")


def test_a_gap_between_versions_is_told() -> None:
    made, findings = read("| 折损率 | 0.02 | 2016-07-08 | 2023-11-30 |", "| 折损率 | 0.03 | 2024-01-01 | |")
    assert findings == ["PRC003 C3"]
    assert made.on(dt.date(2023, 12, 15), Case("damage")) is None


def test_a_version_that_ends_before_it_begins_is_told() -> None:
    made, findings = read("| 折损率 | 0.02 | 2016-07-08 | 2015-01-01 |")
    assert findings == ["PRC001 D2"]
    assert made.on(A, Case("damage")) is None


def test_a_day_without_parameters_has_no_rules_and_says_which_are_missing() -> None:
    found, findings = regime(TARIFF, dt.date(2028, 1, 1))
    assert found is None
    assert [said.code for said in findings] == ["PRC004"]
    assert "成本加成率" in findings[0].value and "增值税率" not in findings[0].value


def test_numbers_finer_than_a_millionth_are_refused() -> None:
    assert whole(Decimal("0.000001")) == 1
    with pytest.raises(TooFine):
        whole(Decimal("0.0000001"))
