"""需求整合: who shares which tower and why, by tables with distances counted by hand, and against trying everything.

Of the tables: one thousandth of a degree of latitude is 111.195 m; all places differ in latitude only.
"""

from __future__ import annotations

import datetime as dt
import math
import random as chance
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.consolidation.choice import Group, Question, Site, choose
from macros.consolidation.circles import common_point
from macros.consolidation.decided import Decided, decide
from macros.consolidation.demands import Demand, Fixed, demands
from macros.consolidation.proposal import Proposal, propose
from macros.consolidation.rows import rows
from macros.findings import Finding
from macros.register import Register
from macros.sites.sphere import distance
from macros.sites.towers import Towers, towers
from macros.sites.words import limits
from tests.tables import register

TODAY = dt.date(2026, 11, 21)
LIMITS = limits(TODAY)

DEMANDS = "| 需求编号 | 运营商 | 经度 | 纬度 | 允许偏离半径 | 需求属性 | 筛查方案确认表签署日期 | 站址编码 |"
SITES = "| 站址编码 | 站址名称 | 经度 | 纬度 | 使用单位 |"
DECISIONS = "| 需求编号 | 调整为 | 调整站址编码 | 调整共享需求 | 调整理由 | 调整人 |"
TOWER, OTHER, FULL = "429801700000000001", "429801700000000002", "429801700000000003"


def table(wanted: str, sites: str = "", decisions: str = "") -> Register:
    return register(f"## 需求\n{DEMANDS}\n{wanted}\n## 站址\n{SITES}\n{sites}\n## 需求整合\n{DECISIONS}\n{decisions}")


def consolidated(held: Register) -> tuple[dict[str, tuple[str, str, str, str]], dict[str, str], list[Finding]]:
    """Of each demand its label, tower, partners and distance; the reasons; the findings."""
    known, findings = demands(held, TODAY)
    there, said = towers(held, TODAY)
    decided, refused = decide(known, there, LIMITS)
    made = rows(propose(known, there, decided, LIMITS), decided, LIMITS, held, TODAY)
    names = ("label", "site_code", "partners", "distance_m")
    told = {key: tuple("" if row[name] is None else str(row[name]) for name in names) for key, row in made.items()}
    return told, {key: str(row["reason"]) for key, row in made.items()}, [*findings, *said, *refused]  # type: ignore[return-value]


def labels(wanted: str, sites: str = "", decisions: str = "") -> dict[str, tuple[str, str, str, str]]:
    return consolidated(table(wanted, sites, decisions))[0]


CASES = [
    pytest.param(
        "| A | 移动 | 111 | 31.001 | 200 | | | |", f"| {TOWER} | 东山 | 111 | 31 | 联通 |",
        {"A": ("存量共享", TOWER, "", "111.2")}, id="a tower in the circle with room",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.001 | 111 | | | |", f"| {TOWER} | 东山 | 111 | 31 | 联通 |",
        {"A": ("新建独享", "", "", "")}, id="111.2 m are more than 111 m",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.001 | 112 | | | |", f"| {TOWER} | 东山 | 111 | 31 | |",
        {"A": ("存量共享", TOWER, "", "111.2")}, id="a tower without tenants has room",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.001 | 200 | | | |", f"| {TOWER} | 东山 | 111 | 31 | 中国移动、联通 |",
        {"A": ("新建独享", "", "", "")}, id="the operator is there already",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.001 | 200 | | | |", f"| {TOWER} | 东山 | 111 | 31 | 联通、电信、广电 |",
        {"A": ("新建独享", "", "", "")}, id="three tenants are enough",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.001 | 500 | | | |",
        f"| {TOWER} | 东山 | 111 | 31 | 联通 |\n| {OTHER} | 西山 | 111 | 31.0015 | 联通 |",
        {"A": ("存量共享", OTHER, "", "55.6")}, id="the nearest of two towers",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.001 | | | | |\n| B | 联通 | 111 | 31.001 | 300 | | | |", f"| {TOWER} | 东山 | 111 | 31.001 | |",
        {"A": ("新建独享", "", "", ""), "B": ("存量共享", TOWER, "", "0.0")}, id="without a radius one is alone",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.000 | 60 | | | |\n| B | 联通 | 111 | 31.001 | 60 | | | |", "",
        {"A": ("新建共享", "", "B", "55.6"), "B": ("新建共享", "", "A", "55.6")},
        id="circles of 60 m meet over 111.2 m, half way",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.000 | 55 | | | |\n| B | 联通 | 111 | 31.001 | 55 | | | |", "",
        {"A": ("新建独享", "", "", ""), "B": ("新建独享", "", "", "")}, id="circles of 55 m do not",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.000 | 300 | | | |\n| B | 移动 | 111 | 31.001 | 300 | | | |", "",
        {"A": ("新建独享", "", "", ""), "B": ("新建独享", "", "", "")}, id="two of one operator do not share",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.000 | 0 | | | |\n| B | 联通 | 111 | 31.001 | 200 | | | |", "",
        {"A": ("新建共享", "", "B", "0.0"), "B": ("新建共享", "", "A", "111.2")}, id="one that may not move is moved to",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.000 | 200 | | | |\n| B | 联通 | 111 | 31.001 | 200 | | | |\n| C | 电信 | 111 | 31.002 | 200 | | | |", "",
        {"A": ("新建共享", "", "B、C", "111.2"), "B": ("新建共享", "", "A、C", "0.0"), "C": ("新建共享", "", "A、B", "111.2")},
        id="three on one tower rather than two and one",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.000 | 60 | | | |\n| B | 联通 | 111 | 31.001 | 60 | | | |\n| C | 电信 | 111 | 31.0019 | 60 | | | |", "",
        {"A": ("新建独享", "", "", ""), "B": ("新建共享", "", "C", "50.0"), "C": ("新建共享", "", "B", "50.0")},
        id="B meets both but there is no point for three: the nearer one, 100.1 m before 111.2 m",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.001 | 200 | | | |\n| B | 移动 | 111 | 30.9995 | 200 | | | |\n| C | 联通 | 111 | 31.0025 | 200 | | | |",
        f"| {TOWER} | 东山 | 111 | 31 | 联通 |",
        {"A": ("新建共享", "", "C", "83.4"), "B": ("存量共享", TOWER, "", "55.6"), "C": ("新建共享", "", "A", "83.4")},
        id="one place for two of an operator: the nearer takes it, the other builds jointly",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.0005 | 200 | | | |\n| B | 移动 | 111 | 30.9990 | 200 | | | |\n| C | 联通 | 111 | 31.0025 | 120 | | | |",
        f"| {TOWER} | 东山 | 111 | 31 | 联通 |",
        {"A": ("新建共享", "", "C", "111.2"), "B": ("存量共享", TOWER, "", "111.2"), "C": ("新建共享", "", "A", "111.2")},
        id="the farther takes it when so three share and not one",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.001 | 200 | | | |\n| B | 电信 | 111 | 30.9995 | 200 | | | |", f"| {TOWER} | 东山 | 111 | 31 | 联通 |",
        {"A": ("存量共享", TOWER, "B", "111.2"), "B": ("存量共享", TOWER, "A", "55.6")}, id="two more find room on one tower",
    ),
    pytest.param(
        "| A | 移动 | 111 | 31.001 | 200 | | | |\n| B | 电信 | 111 | 30.9995 | 200 | | | |",
        f"| {TOWER} | 东山 | 111 | 31 | 联通、广电 |",
        {"A": ("新建独享", "", "", ""), "B": ("存量共享", TOWER, "", "55.6")}, id="one more does, the nearer",
    ),
]


@pytest.mark.parametrize(("wanted", "sites", "told"), CASES)
def test_labels_towers_partners_and_distances(
    wanted: str, sites: str, told: dict[str, tuple[str, str, str, str]],
) -> None:
    assert labels(wanted, sites) == told


REASONS = [
    ("| A | 移动 | 111 | 31.001 | 200 | | | |", f"| {TOWER} | 东山 | 111 | 31 | 联通 |",
     f"圈内存量站址{TOWER}东山相距111.2米，在允许偏离200米之内；现有联通，未超过3家"),
    ("| A | 移动 | 111 | 31.001 | 200 | | | |", "", "允许偏离200米内没有存量站址；没有其他运营商的需求与其范围相交"),
    ("| A | 移动 | 111 | 31.001 | | | | |", "", "未填允许偏离半径，不能使用他处的站址"),
    ("| A | 移动 | 111 | 31.001 | 200 | | | |", f"| {TOWER} | 东山 | 111 | 31 | 移动 |",
     f"圈内站址{TOWER}（111.2米）已有本运营商；没有其他运营商的需求与其范围相交"),
    ("| A | 移动 | 111 | 31.001 | 200 | | | |", f"| {TOWER} | 东山 | 111 | 31 | 联通、电信、广电 |",
     f"圈内站址{TOWER}（111.2米）已有3家；没有其他运营商的需求与其范围相交"),
    ("| A | 移动 | 111 | 31.001 | 200 | | | |\n| B | 移动 | 111 | 31.002 | 200 | | | |", "",
     "允许偏离200米内没有存量站址；范围相交的只有本运营商的B"),
    ("| A | 移动 | 111 | 31.001 | 200 | | | |\n| B | 移动 | 111 | 30.9995 | 200 | | | |", f"| {TOWER} | 东山 | 111 | 31 | 联通 |",
     f"圈内站址{TOWER}（111.2米）的空位已安排给B；范围相交的只有本运营商的B"),
    ("| A | 移动 | 111 | 31.001 | 100 | | | |\n| B | 联通 | 111 | 31.0005 | 100 | | | |", f"| {TOWER} | 东山 | 111 | 31 | 移动 |",
     "允许偏离100米内没有存量站址；范围相交的B已另有安排"),
    ("| A | 移动 | 111 | 31.000 | 60 | | | |\n| B | 联通 | 111 | 31.001 | 60 | | | |", "",
     "与B（联通，相距111.2米）的允许范围有共同区域，可在同一处新建；拟建点距本需求55.6米，在允许偏离60米之内"),
    ("| A | 移动 | 111 | 31.001 | 200 | 新建独享 | 2026-11-20 | |\n| B | 联通 | 111 | 31.001 | 200 | | | |", "", "附表3.2已签署，保持“新建独享”"),
    (f"| A | 移动 | 111 | 31.001 | 100 | 存量共享 | 2026-11-20 | {TOWER} |", f"| {TOWER} | 东山 | 111 | 31 | 联通 |",
     f"附表3.2已签署，保持“存量共享”；存量站址{TOWER}东山相距111.2米，不在允许偏离100米之内，请核对站址编码和经纬度；现有联通"),
]


@pytest.mark.parametrize(("wanted", "sites", "told"), REASONS, ids=lambda value: None)
def test_the_reason_says_what_speaks_for_the_label_or_against_a_better_one(wanted: str, sites: str, told: str) -> None:
    assert consolidated(table(wanted, sites))[1]["A"] == told


def test_a_signed_plan_keeps_its_label_and_its_place_on_the_tower() -> None:
    # A's signed place is the third: none is left for B, although B is nearer.
    signed = f"| A | 移动 | 111 | 31.001 | 200 | 存量共享 | 2026-11-20 | {TOWER} |\n| B | 电信 | 111 | 30.9995 | 200 | | | |"
    assert labels(signed, f"| {TOWER} | 东山 | 111 | 31 | 联通、广电 |") == {
        "A": ("存量共享", TOWER, "", "111.2"), "B": ("新建独享", "", "", ""),
    }


def test_a_plan_signed_tomorrow_is_not_known_today() -> None:
    later = "| A | 移动 | 111 | 31.000 | 60 | 新建独享 | 2026-11-22 | |\n| B | 联通 | 111 | 31.001 | 60 | | | |"
    assert labels(later)["A"][0] == "新建共享"


def test_a_signed_single_tower_is_not_offered_to_others() -> None:
    signed = "| A | 移动 | 111 | 31.000 | 60 | 新建独享 | 2026-11-20 | |\n| B | 联通 | 111 | 31.001 | 60 | | | |"
    assert {key: told[0] for key, told in labels(signed).items()} == {"A": "新建独享", "B": "新建独享"}


PAIR = "| A | 移动 | 111 | 31.000 | 60 | | | |\n| B | 联通 | 111 | 31.001 | 60 | | | |\n| C | 移动 | 111 | 31.003 | 60 | | | |"
TWO = f"| {TOWER} | 东山 | 111 | 31.005 | 电信 |\n| {OTHER} | 西山 | 111 | 31.006 | 移动、联通 |\n| {FULL} | 南山 | 111 | 31.007 | 联通、电信、广电 |"
OVERRIDES = [
    pytest.param("| A | 新建独享 | | | 业主只接受一家 | 经理甲 |", {"A": ("新建独享", "", ""), "B": ("新建独享", "", "")}, [], id="alone"),
    pytest.param(f"| A | 存量共享 | {TOWER} | | 客户同意偏离 | |", {"A": ("存量共享", TOWER, ""), "B": ("新建独享", "", "")}, ["CON024"], id="a farther tower"),
    pytest.param("| C | 新建共享 | | B | 客户同意偏离 | |", {"A": ("新建独享", "", ""), "B": ("新建共享", "", "C"), "C": ("新建共享", "", "B")}, ["CON029"], id="another partner"),
    pytest.param("| A | 新建独享 | | | | |", {"A": ("新建共享", "", "B")}, ["CON010"], id="no reason"),
    pytest.param("| A | 存量共享 | | | 理由 | |", {"A": ("新建共享", "", "B")}, ["CON011"], id="no tower named"),
    pytest.param("| A | 新建共享 | | | 理由 | |", {"A": ("新建共享", "", "B")}, ["CON012"], id="no partner named"),
    pytest.param("| A | 新建独享 | | | 理由 | |\n| A | 新建共享 | | B | 理由 | |", {"A": ("新建独享", "", "")}, ["CON013"], id="twice"),
    pytest.param("| A | 存量共享 | 429801700000000009 | | 理由 | |", {"A": ("新建共享", "", "B")}, ["CON021"], id="no such tower"),
    pytest.param(f"| A | 存量共享 | {OTHER} | | 理由 | |", {"A": ("新建共享", "", "B")}, ["CON022"], id="the operator is there"),
    pytest.param(f"| A | 存量共享 | {FULL} | | 理由 | |", {"A": ("新建共享", "", "B")}, ["CON023"], id="a full tower"),
    pytest.param("| A | 新建共享 | | Z | 理由 | |", {"A": ("新建共享", "", "B")}, ["CON025"], id="no such demand"),
    pytest.param("| A | 新建共享 | | C | 理由 | |", {"A": ("新建共享", "", "B")}, ["CON026"], id="one operator"),
    pytest.param("| A | 新建共享 | | A | 理由 | |", {"A": ("新建共享", "", "B")}, ["CON027"], id="with itself"),
    pytest.param(
        "| A | 新建共享 | | B | 理由 | |\n| C | 新建共享 | | B | 理由 | |", {"A": ("新建共享", "", "B"), "C": ("新建独享", "", "")}, ["CON028"], id="one demand in two places",
    ),
    pytest.param("| A | 新建共享 | | B | 理由 | |\n| B | 新建共享 | | A | 理由 | |", {"A": ("新建共享", "", "B"), "B": ("新建共享", "", "A")}, [], id="both say the same"),
]


@pytest.mark.parametrize(("decisions", "told", "codes"), OVERRIDES)
def test_the_managers_decision_is_kept_or_refused_with_a_finding(
    decisions: str, told: dict[str, tuple[str, str, str]], codes: list[str],
) -> None:
    found, _, said = consolidated(table(PAIR, TWO, decisions))
    assert {key: found[key][:3] for key in told} == told
    assert [each.code for each in said] == codes


def test_the_reason_of_a_decision_is_the_managers_own() -> None:
    reasons = consolidated(table(PAIR, TWO, "| A | 新建独享 | | | 业主只接受一家 | 经理甲 |"))[1]
    assert reasons["A"] == "人工调整为“新建独享”：业主只接受一家（经理甲）"


LACKING = [
    ("| A | | 111 | 31 | 60 | | | |", ["CON001"], "运营商"),
    ("| A | 移动 | | 31 | 60 | | | |", ["CON001"], "经度"),
    ("| A | 移动 | 111 | | 60 | | | |", ["CON001"], "纬度"),
    ("| A | 移动 | 111 | 31 | 60 | | | |\n| A | 移动 | 111 | 31.5 | 60 | | | |", ["CON002"], "需求编号"),
    ("| A | 移动 | 111 | 31 | 6000 | | | |", ["CON003"], "允许偏离半径"),
]


@pytest.mark.parametrize(("wanted", "codes", "where"), LACKING)
def test_what_a_demand_lacks_is_said_at_its_cell(wanted: str, codes: list[str], where: str) -> None:
    told, _, said = consolidated(table(wanted))
    assert [(each.code, each.field, each.key) for each in said] == [(code, where, "A") for code in codes]
    assert list(told) == (["A"] if codes == ["CON003"] else [])


def test_an_exact_repeat_counts_once() -> None:
    told, _, said = consolidated(table("| A | 移动 | 111 | 31 | 60 | | | |\n| A | 移动 | 111 | 31 | 60 | | | |"))
    assert (list(told), said) == (["A"], [])


# ---- properties --------------------------------------------------------------------------------------------------

OPERATORS = ("移动", "联通", "电信")


def city(seed: int, count: int, sites: int, metres: float) -> tuple[list[Demand], Towers]:
    """Demands and towers thrown into a square of some metres."""
    dice = chance.Random(seed)
    side = metres / 111195.08

    def spot() -> tuple[float, float]:
        return 111 + dice.random() * side, dice.random() * side

    held = [
        Demand(f"X{number:03}", dice.choice(OPERATORS), *spot(), dice.choice([None, 80.0, 150.0, 200.0, 300.0]))
        for number in range(count)
    ]
    places = [spot() for _ in range(sites)]
    tenants = [frozenset(dice.sample(OPERATORS, dice.randrange(4))) for _ in range(sites)]
    codes = [f"{number:018}" for number in range(sites)]
    return held, Towers(
        codes, codes, np.array([place[0] for place in places]), np.array([place[1] for place in places]), tenants,
    )


def proposed(held: Sequence[Demand], there: Towers) -> Proposal:
    ordered = sorted(held, key=lambda each: (each.longitude, each.latitude, each.key))
    everyone = set(range(len(ordered)))
    return propose(ordered, there, Decided(may_take=everyone, may_join=set(everyone)), LIMITS)


def outcome(found: Proposal) -> dict[str, tuple[str, str | None, tuple[str, ...], float | None]]:
    return {
        found.demands[number].key: (
            placed.label, None if placed.tower is None else found.towers.codes[placed.tower],
            tuple(sorted(found.demands[each].key for each in placed.partners)), placed.metres,
        ) for number, placed in enumerate(found.placed)
    }


@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_labels_do_not_depend_on_the_order_of_rows(seed: int, shuffled: chance.Random) -> None:
    held, there = city(seed, 25, 12, 1500)
    text = [f"| {d.key} | {d.operator} | {d.longitude:.6f} | {d.latitude:.6f} | {'' if d.offset is None else int(d.offset)} | | | |" for d in held]
    sites = [
        f"| {code} | {code} | {east:.6f} | {north:.6f} | {'、'.join(sorted(tenants))} |"
        for code, east, north, tenants in zip(there.codes, there.longitude, there.latitude, there.tenants, strict=True)
    ]
    first = labels("\n".join(text), "\n".join(sites))
    shuffled.shuffle(text)
    shuffled.shuffle(sites)
    assert labels("\n".join(text), "\n".join(sites)) == first


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_every_proposal_can_be_built(seed: int) -> None:
    held, there = city(seed, 40, 15, 1500)
    found = proposed(held, there)
    on_tower: dict[int, list[str]] = {}
    for demand, placed in zip(found.demands, found.placed, strict=True):
        if placed.tower is not None:
            on_tower.setdefault(placed.tower, []).append(demand.operator)
        if placed.label == "新建独享":
            assert placed.tower is None and placed.partners == ()
            continue
        assert placed.point is not None and placed.metres is not None and demand.offset is not None
        # A common point, or the tower, lies inside the circle; a tenth of a millimetre is arithmetic.
        assert float(distance(demand.longitude, demand.latitude, *placed.point)) <= demand.offset + 1e-3
        if placed.label == "新建共享":
            group = [demand.operator, *(found.demands[each].operator for each in placed.partners)]
            assert 1 < len(group) == len(set(group)) <= LIMITS.tenants
            assert all(found.placed[each].point == placed.point for each in placed.partners)
    for tower, new in on_tower.items():
        present = [*there.tenants[tower], *new]
        assert len(present) == len(set(present)) <= LIMITS.tenants


def best(held: Sequence[Demand], there: Towers) -> tuple[int, int, int, int]:
    """The best there is, by trying every arrangement: on towers, sharing new ones, −new towers, −centimetres."""
    metres = {
        (a, b): float(distance(held[a].longitude, held[a].latitude, held[b].longitude, held[b].latitude))
        for a in range(len(held)) for b in range(len(held))
    }
    to_tower = {
        (a, t): float(distance(held[a].longitude, held[a].latitude, there.longitude[t], there.latitude[t]))
        for a in range(len(held)) for t in range(len(there.codes))
    }

    def arrangements(left: tuple[int, ...], present: tuple[frozenset[str], ...]) -> Iterator[tuple[int, int, int, int]]:
        if not left:
            yield 0, 0, 0, 0
            return
        first, *rest = left
        own = held[first]
        for on, joint, built, far in arrangements(tuple(rest), present):
            yield on, joint, built, far
        if own.offset is None:
            return
        for tower, tenants in enumerate(present):
            if to_tower[first, tower] <= own.offset and own.operator not in tenants and len(tenants) < LIMITS.tenants:
                after = (*present[:tower], tenants | {own.operator}, *present[tower + 1 :])
                for on, joint, built, far in arrangements(tuple(rest), after):
                    yield on + 1, joint, built, far - round(to_tower[first, tower] * 100)
        for size in (1, 2):
            for others in combinations(rest, size):
                group = (first, *others)
                if len({held[each].operator for each in group}) < len(group) or not meet([held[each] for each in group]):
                    continue
                far_apart = sum(round(metres[a, b] * 100) for a, b in combinations(group, 2))
                for on, joint, built, far in arrangements(tuple(each for each in rest if each not in others), present):
                    yield on, joint + len(group), built - 1, far - far_apart

    return max(arrangements(tuple(range(len(held))), tuple(there.tenants)))


def meet(group: Sequence[Demand]) -> bool:
    """Whether circles have a common point, by going downhill from the middle: the largest overreach, made least."""
    if any(each.offset is None for each in group):
        return False
    x = [(each.longitude - 111) * 111195.08 for each in group]
    y = [each.latitude * 111195.08 for each in group]
    spot, step = (sum(x) / len(x), sum(y) / len(y)), 400.0

    def over(at: tuple[float, float]) -> float:
        return max(math.hypot(at[0] - a, at[1] - b) - (each.offset or 0) for a, b, each in zip(x, y, group, strict=True))

    while step > 1e-4:
        around = [(spot[0] + step * math.cos(turn / 8 * math.pi), spot[1] + step * math.sin(turn / 8 * math.pi)) for turn in range(16)]
        nearer = min(around, key=over)
        spot, step = (nearer, step) if over(nearer) < over(spot) else (spot, step / 2)
    return over(spot) <= 0.01


def reached(found: Proposal) -> tuple[int, int, int, int]:
    counts = Counter(placed.label for placed in found.placed)
    groups = {(number, *placed.partners) for number, placed in enumerate(found.placed) if placed.label == "新建共享"}
    joint = {tuple(sorted(group)) for group in groups}
    far = sum(round((placed.metres or 0) * 100) for placed in found.placed if placed.tower is not None)
    for group in joint:
        far += sum(
            round(float(distance(a.longitude, a.latitude, b.longitude, b.latitude)) * 100)
            for a, b in combinations([found.demands[each] for each in group], 2)
        )
    return counts["存量共享"], counts["新建共享"], -len(joint), -far


@given(st.integers(0, 10**6), st.sampled_from([300, 500, 800]))
@settings(max_examples=40, deadline=None)
def test_no_arrangement_of_a_small_crowd_is_better(seed: int, metres: int) -> None:
    held, there = city(seed, 7, 3, metres)
    found = proposed(held, there)
    assert list(found.unproven) == []
    wanted, got = best(found.demands, there), reached(found)
    assert got[:3] == wanted[:3]
    assert got[3] == pytest.approx(wanted[3], abs=2)  # centimetres, rounded from either end


def test_a_crowd_beyond_the_limit_is_arranged_and_said_to_be_unproven() -> None:
    dice = chance.Random(5)
    operators = [number % 3 for number in range(60)]
    groups = [
        Group((a, b), dice.randrange(100, 9000)) for a in range(60) for b in range(a + 1, min(a + 20, 60))
        if operators[a] != operators[b]
    ]
    answer = choose(Question(operators, [[] for _ in operators], groups, {}), limit=50)
    assert not answer.proven
    assert all(what is not None for what in answer.of)


def test_equal_arrangements_are_decided_the_same_way() -> None:
    question = Question([0, 0], [[Site(7, 100)], [Site(7, 100)]], [], {7: 1})
    assert {tuple(choose(question, 100).of) for _ in range(5)} == {tuple(choose(question, 100).of)}


@pytest.mark.parametrize(("circles", "there"), [
    ([(111.0, 31.0, 10.0)], True),
    ([(111.0, 31.0, 10.0), (111.0, 31.0, 0.0)], True),
    ([(111.0, 31.0, 300.0), (111.0, 31.0001, 5.0)], True),
    ([(111.0, 0.0, 55.6), (111.0, 0.001, 55.6)], True),
    ([(111.0, 0.0, 55.5), (111.0, 0.001, 55.6)], False),
    # An equilateral triangle of 100 m: its middle is 57.7 m from each corner, half a side is 50 m.
    ([(111.0, 0.0, 57.8), (111.000899, 0.0, 57.8), (111.0004496, 0.000778825, 57.8)], True),
    ([(111.0, 0.0, 57.6), (111.000899, 0.0, 57.6), (111.0004496, 0.000778825, 57.6)], False),
])
def test_circles_meet_in_one_point_or_not(circles: list[tuple[float, float, float]], there: bool) -> None:
    assert (common_point(circles) is not None) == there
    assert common_point(circles) == common_point(circles[::-1])


def test_a_decision_is_only_what_it_says() -> None:
    known = [Demand("A", "移动", 111, 31, 60.0, Fixed("新建独享", "override", why="x")), Demand("B", "联通", 111, 31, 60.0)]
    there = Towers([], [], np.empty(0), np.empty(0), [])
    decided, said = decide(known, there, LIMITS)
    assert (decided.may_join, decided.may_take, said) == ({1}, {1}, [])
