"""Coordinate systems, distances, the search grid, and the towers of a register with their tenants."""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.sites.duplicates import namesakes, neighbours
from macros.sites.grid import Grid
from macros.sites.sphere import distance, flat, round_again
from macros.sites.systems import from_wgs84, to_wgs84
from macros.sites.towers import tenants_of, towers
from macros.sites.words import limits
from tests.city import enter, look, run
from tests.tables import register

TODAY = dt.date(2026, 11, 21)
ANSWERS = Path(__file__).parent / "answers"
POINTS = list(csv.DictReader((ANSWERS / "coordinates.csv").read_text(encoding="utf-8").splitlines()))
DISTANCES = list(csv.DictReader((ANSWERS / "distances.csv").read_text(encoding="utf-8").splitlines()))
CHINA = st.tuples(st.floats(75, 134), st.floats(4, 53))


def one(longitude: float, latitude: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([longitude]), np.array([latitude])


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point['system']} {point['place']}")
def test_a_point_in_another_system_lands_within_a_metre_of_the_published_one(point: dict[str, str]) -> None:
    east, north = to_wgs84(*one(float(point["longitude"]), float(point["latitude"])), point["system"])
    assert distance(east, north, float(point["wgs_longitude"]), float(point["wgs_latitude"]))[0] < 1
    east, north = from_wgs84(*one(float(point["wgs_longitude"]), float(point["wgs_latitude"])), point["system"])
    assert distance(east, north, float(point["longitude"]), float(point["latitude"]))[0] < 1


@given(CHINA, st.sampled_from(["WGS-84", "GCJ-02", "BD-09"]))
@settings(max_examples=200, deadline=None)
def test_there_and_back_is_the_same_point_to_a_centimetre(point: tuple[float, float], system: str) -> None:
    east, north = to_wgs84(*from_wgs84(*one(*point), system), system)
    assert distance(east, north, *point)[0] < 0.01


def test_outside_china_nothing_is_shifted() -> None:
    east, north = from_wgs84(*one(-104.9903, 39.7392), "GCJ-02")
    assert (east[0], north[0]) == (-104.9903, 39.7392)


@pytest.mark.parametrize("row", DISTANCES, ids=lambda row: row["note"][:30])
def test_distances_are_those_counted_by_hand(row: dict[str, str]) -> None:
    found = distance(*(float(row[name]) for name in ("longitude", "latitude", "to_longitude", "to_latitude")))
    assert float(found) == pytest.approx(float(row["metres"]), abs=float(row["within"]))


@given(CHINA, st.floats(-2000, 2000), st.floats(-2000, 2000))
@settings(max_examples=100, deadline=None)
def test_a_flat_piece_of_the_earth_keeps_distances(origin: tuple[float, float], east: float, north: float) -> None:
    point = round_again(east, north, origin)
    assert flat(*point, origin) == pytest.approx((east, north), abs=1e-6)
    assert float(distance(*origin, *point)) == pytest.approx(math.hypot(east, north), rel=6e-4, abs=1e-6)


@given(st.integers(0, 2**32 - 1), st.sampled_from([30.0, 200.0, 5000.0]))
@settings(max_examples=60, deadline=None)
def test_the_grid_finds_exactly_what_a_walk_over_all_pairs_finds(seed: int, cell: float) -> None:
    random = np.random.default_rng(seed)
    east, north = 111 + random.uniform(0, 0.02, 60), random.choice([-33.0, 0.0, 31.0, 53.0]) + random.uniform(0, 0.02, 60)
    to_east, to_north = random.choice(east, 20) + random.uniform(-0.004, 0.004, 20), random.choice(north, 20)
    radius = random.choice([0.0, 80.0, 300.0, 1500.0, -1.0], 20)
    near = Grid(east, north, cell).within(to_east, to_north, radius)
    metres = distance(to_east[:, None], to_north[:, None], east[None, :], north[None, :])
    wanted = {(q, p) for q, p in zip(*np.nonzero(metres <= radius[:, None]), strict=True)}
    assert set(zip(near.query.tolist(), near.point.tolist(), strict=True)) == wanted
    assert len(near.query) == len(wanted)


def test_points_without_numbers_are_never_found_and_find_nothing() -> None:
    east, north = np.array([111.0, np.nan, 111.0]), np.array([31.0, 31.0, np.nan])
    near = Grid(east, north, 100.0).within(east, north, np.full(3, 1e6))
    assert list(zip(near.query.tolist(), near.point.tolist(), strict=True)) == [(0, 0)]


def test_a_grid_of_nothing_finds_nothing() -> None:
    none = np.empty(0)
    assert len(Grid(none, none, 100.0).within(*one(111, 31), np.array([500.0])).query) == 0


TOWERS = """
## 站址
| 站址编码 | 站址名称 | 经度 | 纬度 | 坐标系 | 使用单位 |
| 429801700000000001 | 东山 | 111.000000 | 31.000000 | | 中国移动、联通 |
| 429801700000000002 | 西山 | 121.531541859215 | 31.17530398364597 | GCJ-02 | |
| 429801700000000003 | 南山 | | 31.2 | | 电信 |
"""
LEASES = """
## 租约
| 产品业务确认单编号 | 运营商 | 站址编码 | 服务开始日期 | 服务结束日期 |
| A1 | 电信 | 429801700000000002 | 2026-11-21 | |
| A2 | 移动 | 429801700000000002 | 2026-11-22 | |
| A3 | 联通 | 429801700000000002 | 2016-01-01 | 2026-11-20 |
"""


def test_tenants_are_those_of_the_site_list_and_of_running_leases() -> None:
    found, said = towers(register(TOWERS + LEASES), TODAY)
    assert [sorted(each) for each in found.tenants] == [["移动", "联通"], ["电信"], ["电信"]]
    assert said == []


def test_a_site_of_another_system_stands_where_wgs84_says() -> None:
    found, _ = towers(register(TOWERS), TODAY)
    assert float(distance(found.longitude[1], found.latitude[1], 121.5272106, 31.1774276)) < 1


def test_a_site_without_a_coordinate_stands_nowhere() -> None:
    found, _ = towers(register(TOWERS), TODAY)
    assert np.isnan(found.longitude[2]) and np.isnan(found.latitude[2])


@pytest.mark.parametrize(("text", "wanted"), [
    ("移动、联通、电信", {"移动", "联通", "电信"}), ("中国移动,CUCC；电信 ", {"移动", "联通", "电信"}), ("", set()),
    ("移动、移动公司", {"移动"}), ("移动/广电", {"移动", "广电"}),
])
def test_tenants_are_read_in_any_spelling_and_a_stranger_counts(text: str, wanted: set[str]) -> None:
    assert tenants_of(text) == wanted


TWICE = """
## 站址
| 站址编码 | 站址名称 | 经度 | 纬度 | 使用单位 |
| 429801700000000001 | 东山 | 111.000000 | 31.000000 | 移动 |
| 429801700000000001 | 东山 | 111.000000 | 31.000000 | 联通 |
| 429801700000000002 | 西山 | 111.100000 | 31.000000 | 移动 |
| 429801700000000002 | 西山 | 111.200000 | 31.000000 | 移动 |
"""


def test_a_code_at_one_place_twice_is_one_tower_with_the_tenants_of_both() -> None:
    found, _ = towers(register(TWICE), TODAY)
    assert found.codes[0] == "429801700000000001" and found.tenants[0] == {"移动", "联通"}


def test_a_code_at_two_places_stands_at_neither() -> None:
    found, said = towers(register(TWICE), TODAY)
    assert np.isnan(found.longitude[1])
    assert [(each.code, each.cell, each.key) for each in said] == [("SIT001", "A5", "429801700000000002")]


def test_one_name_twice_and_two_sites_in_one_spot_are_said() -> None:
    # 0.00005° of latitude are 5.6 m, 0.001° are 111 m.
    held = register("""
        ## 站址
        | 站址编码 | 站址名称 | 经度 | 纬度 |
        | 429801700000000001 | 东山 | 111 | 31.0 |
        | 429801700000000002 | 东山 | 111 | 31.001 |
        | 429801700000000003 | 西山 | 111 | 31.2 |
        | 429801700000000004 | 南山 | 111 | 31.20005 |
    """)
    there, _ = towers(held, TODAY)
    said = [*namesakes(there, held.rows("site")), *neighbours(there, held.rows("site"), limits(TODAY).same_place)]
    assert [(each.code, each.cell, each.key[-1]) for each in said] == [("SIT002", "B3", "2"), ("SIT003", "C5", "4")]
    assert "与站址 429801700000000001 同名“东山”，相距 111.2 米" in said[0].message
    assert "相距 5.6 米" in said[1].message


def test_check_names_the_second_of_two_sites_in_one_spot_beside_its_row(folder: Path) -> None:
    enter(folder, """
        ## 站址
        | 站址编码 | 站址名称 | 经度 | 纬度 |
        | 429801700000000003 | 西山 | 111 | 31.2 |
        | 429801700000000004 | 南山 | 111 | 31.20005 |
    """)
    answer = run("check", folder, now="2026-11-21")
    assert [said["cell"] for said in answer.data["findings"] if said["code"] == "SIT003"] == ["F3"]
    assert "相距 5.6 米" in look(folder, "站址")[1]["检查结果"]
