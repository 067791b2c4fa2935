"""Who is on a site and since when: periods cut by hand from leases, and the workbook 站址资源."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from macros.sites.sharing import Period, timelines
from tests.city import codes, enter, run
from tests.tables import register

LEASES = """
## 租约
| 产品业务确认单编号 | 运营商 | 站址编码 | 服务开始日期 | 服务结束日期 | 是否锚定用户 |
"""
SITE = "429801700000000001"


def periods(*leases: str) -> list[Period]:
    rows = "\n".join(f"| L{number} | {lease} |" for number, lease in enumerate(leases))
    return timelines(register(LEASES + rows).rows("lease")).get(SITE, [])


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


CASES = [
    pytest.param(
        [f"移动 | {SITE} | 2020-01-01 | 9999-12-31 | 是"], [("2020-01-01", None, ("移动",), ("移动",))],
        id="until the last day there is",
    ),
    pytest.param([f"移动 | {SITE} | 2020-01-01 | | 是"], [("2020-01-01", None, ("移动",), ("移动",))], id="one, for ever"),
    pytest.param(
        [f"移动 | {SITE} | 2020-01-01 | | 是", f"联通 | {SITE} | 2022-06-10 | 2024-06-09 | 否"],
        [("2020-01-01", "2022-06-09", ("移动",), ("移动",)), ("2022-06-10", "2024-06-09", ("移动", "联通"), ("移动",)), ("2024-06-10", None, ("移动",), ("移动",))],
        id="another comes and goes",
    ),
    pytest.param(
        [f"移动 | {SITE} | 2020-01-01 | 2020-12-31 | 否", f"移动 | {SITE} | 2021-01-01 | 2021-12-31 | 否"],
        [("2020-01-01", "2021-12-31", ("移动",), ())], id="renewed the next day is one period",
    ),
    pytest.param(
        [f"移动 | {SITE} | 2020-01-01 | 2020-12-31 | 否", f"移动 | {SITE} | 2021-01-02 | 2021-12-31 | 否"],
        [("2020-01-01", "2020-12-31", ("移动",), ()), ("2021-01-02", "2021-12-31", ("移动",), ())], id="a day without anybody parts them",
    ),
    pytest.param(
        [f"移动 | {SITE} | 2020-01-01 | | 否", f"移动 | {SITE} | 2021-01-01 | | 否"], [("2020-01-01", None, ("移动",), ())],
        id="a second lease of the same operator is no second tenant",
    ),
    pytest.param([f"移动 | {SITE} | 2020-01-02 | 2020-01-01 | 否"], [], id="a lease that ends before it starts is none"),
    pytest.param([f"移动 | {SITE} | 2020-01-01 | 2020-01-01 | 否"], [("2020-01-01", "2020-01-01", ("移动",), ())], id="one day"),
]


@pytest.mark.parametrize(("leases", "wanted"), CASES)
def test_periods_are_cut_where_tenants_come_and_go(
    leases: list[str], wanted: list[tuple[str, str | None, tuple[str, ...], tuple[str, ...]]],
) -> None:
    assert periods(*leases) == [Period(day(first), day(last) if last else None, *who) for first, last, *who in wanted]


def test_sites_are_listed_with_tenants_room_and_history(folder: Path, tmp_path: Path) -> None:
    enter(folder, f"""
        ## 站址
        | 站址编码 | 站址名称 | 经度 | 纬度 | 使用单位 |
        | {SITE} | 东山 | 111.5 | 31.5 | 移动、联通 |
        | 429801700000000002 | 东山 | 111.6 | 31.5 | |
        ## 租约
        | 产品业务确认单编号 | 运营商 | 站址编码 | 产品单元数 | 铁塔建造成本（元） | 服务开始日期 | 服务结束日期 | 是否锚定用户 |
        | L1 | 移动 | {SITE} | 1 | 100000 | 2020-01-01 | 2029-12-31 | 是 |
        | L2 | 电信 | {SITE} | 1 | 100000 | 2026-11-01 | 2031-10-31 | 否 |
    """)
    answer = run("sites", folder, out=tmp_path / "出", now="2026-11-21")
    first, second = answer.data["sites"]
    assert (sorted(first["tenants"]), first["left"], first["anchor"], first["since"]) == (["电信", "移动", "联通"], 0, ["移动"], "2026-11-01")
    assert [(each["from"], each["to"], each["tenants"]) for each in first["periods"]] == [
        ("2020-01-01", "2026-10-31", ["移动"]), ("2026-11-01", "2029-12-31", ["电信", "移动"]), ("2030-01-01", "2031-10-31", ["电信"]),
    ]
    assert (second["tenants"], second["left"], second["periods"]) == ([], 3, [])
    assert sorted(codes(answer)) == ["SIT002", "SIT010"]
    book = openpyxl.load_workbook(answer.data["file"])
    now, history = ([[cell.value for cell in row] for row in book[title].iter_rows(min_row=2)] for title in ("现状", "变迁"))
    assert now[0][:2] == [SITE, "东山"] and now[0][5:10] == ["共享", "电信、移动、联通", 3, 0, "移动"]
    assert history[0][2:6] == [dt.datetime(2020, 1, 1), "2026-10-31", "移动", 1]
    assert len(history) == 3
