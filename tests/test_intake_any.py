"""Whatever a sheet holds: no exception, and every data row is in exactly one count."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from macros.hosts import Sheet
from macros.records import Broken, Cell
from tests.intake_files import take_all

WORDS = [
    "需求编号", "站址编码", "站址名称", "经度", "纬度", "客户名称", "运营商", "区县", "服务等级", "办公地址", "合计", "说明", "签字：", "序号", "1", "2",
    "移动", "XQ-1", "429800908000000001", "111.5", "31.5", "2026-09-03", "长期", "=1+1", "", " ", "\u200b", "x" * 300,
]
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(), st.sampled_from(WORDS), st.integers(-5, 10**18), st.floats(allow_nan=True), st.booleans(),
    st.dates(dt.date(1800, 1, 1)).map(lambda d: dt.datetime(d.year, d.month, d.day)),
    st.sampled_from(["error", "formula", "digits", "command"]).map(lambda why: Broken("#REF!", why)),
)
ROWS = st.lists(st.lists(CELLS, max_size=8), max_size=12)
MERGES = st.lists(st.tuples(*[st.integers(1, 9)] * 4).map(
    lambda m: (min(m[0], m[2]), min(m[1], m[3]), max(m[0], m[2]), max(m[1], m[3]))
), max_size=3)


@settings(max_examples=60, deadline=None)
@given(ROWS, MERGES, st.sampled_from([None, "site", "customer", "stage", "screening"]), st.booleans())
def test_any_grid_is_taken_in_without_an_exception(
    rows: list[list[Cell]], merges: list[tuple[int, int, int, int]], layout: str | None, headed: bool
) -> None:
    heading: list[list[Cell]] = [["客户名称", "运营商", "区县", "服务等级", "办公地址"]] if headed else []
    (taken,) = take_all([Sheet("表", heading + rows, merges)], layout=layout).taken
    assert taken.rows == taken.added_rows + taken.updated + taken.unchanged + taken.rejected
    assert len(taken.added) >= taken.added_rows
    taken.as_json()
