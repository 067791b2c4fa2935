"""On-time rates of clocks: what counts, in which period, and that nothing later changes a past month."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.analytics.ontime import Rate, grouped, hard, rates, total, verdict_day
from macros.calendars import base
from macros.clocks import tallies
from macros.clocks.engine import evaluate
from macros.clocks.item import Item, State
from macros.clocks.rules import clocks
from tests.tables import register

NOW = dt.datetime(2026, 11, 20, 9, 0)
OCTOBER = (dt.date(2026, 10, 1), dt.date(2026, 10, 31))
NOVEMBER = (dt.date(2026, 11, 1), dt.date(2026, 11, 30))

# K01 is two working days, the trigger day not counted. November 2026 has no holidays.
CITY = """
    ## 客户
    | 客户名称 | 运营商 | 区县 | 服务等级 | 客户经理 |
    | 移动甲县 | 移动  | 甲县 | 标准     | 客户经理A |
    | 联通甲县 | 联通  | 甲县 | 标准     | 客户经理B |

    ## 需求
    | 需求编号 | 运营商 | 区县 | 需求提出时间 | 需求收集表签署日期 |
    | XQ-1   | 移动   | 甲县 | 2026-11-02 | 2026-11-04     |
    | XQ-2   | 移动   | 甲县 | 2026-11-02 | 2026-11-05     |
    | XQ-3   | 联通   | 甲县 | 2026-10-29 | 2026-10-30     |
    | XQ-4   | 联通   | 甲县 | 2026-10-29 | 2026-11-10     |
    | XQ-5   | 联通   | 甲县 | 2026-11-17 |                |
    | XQ-6   | 联通   | 甲县 | 2026-11-19 |                |
    | XQ-7   | 联通   | 甲县 | 2026-11-12 | 2026-11-11     |
"""
# XQ-1 due 11-04, signed that day: met in November     XQ-2 due 11-04, signed a day later: late in November
# XQ-3 due 11-02, signed in October: met in October     XQ-4 due 11-02, missed: late in November
# XQ-5 due 11-19, not signed: late in November          XQ-6 due 11-23: open     XQ-7 signed before raised: cannot be told


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return evaluate(register(CITY), base(), NOW)


def test_november_counts_what_was_judged_in_november(items: list[Item]) -> None:
    assert rates(items, *NOVEMBER)["K01"] == Rate("K01", "需求收集", "§2.1.1.3", met=1, late=3, open=1, waiting=1)
    assert rates(items, *NOVEMBER)["K01"].rate == Decimal("0.25")


def test_what_was_closed_in_time_in_october_counts_there_though_due_in_november(items: list[Item]) -> None:
    assert rates(items, *OCTOBER)["K01"] == Rate("K01", "需求收集", "§2.1.1.3", met=1)


def test_rate_of_nothing_judged_is_none_not_zero_nor_a_division_error(items: list[Item]) -> None:
    waiting = [item for item in items if item.clock == "K01" and item.key == "XQ-6"]
    found = rates(waiting, *NOVEMBER)["K01"]
    assert (found.judged, found.open, found.rate) == (0, 1, None)
    assert total({}).rate is None


def test_soft_limits_and_the_customers_own_duties_never_enter_the_total(items: list[Item]) -> None:
    found = rates(items, *NOVEMBER)
    assert not {rate.clock for rate in hard(found)} & {"K03", "K06", "K07", "K08", "K09", "K39", "K40", "K42"}
    assert total(found).met == sum(found[clock].met for clock in ("K01", "K02") if clock in found)


def test_complaints_enter_the_total_only_when_the_user_chose_so() -> None:
    city = register("""
        ## 投诉
        | 投诉编号 | 客户名称 | 受理时间          | 首次反馈时间       | 办结时间          |
        | TS1    | 移动甲县 | 2026-11-02 09:00 | 2026-11-02 09:30 | 2026-11-09 10:00 |
    """)  # solved on the fifth working day: later than three
    judged = evaluate(city, base(), NOW)
    plain, chosen = rates(judged, *NOVEMBER), rates(judged, *NOVEMBER, {"A12": "计入，超时列入重点督办"})
    assert (total(plain).met, total(plain).late) == (1, 1)          # K32 in half an hour; K35 no visit by 11-11
    assert (total(chosen).met, total(chosen).late) == (1, 2)        # and K33, unsolved since


def test_rates_stand_by_manager(items: list[Item]) -> None:
    by = grouped(items, *NOVEMBER, tallies.by_manager)
    assert (by["客户经理A"]["K01"].met, by["客户经理A"]["K01"].late) == (1, 1)
    assert (by["客户经理B"]["K01"].met, by["客户经理B"]["K01"].late) == (0, 2)


@settings(max_examples=60, deadline=None)
@given(
    due=st.dates(dt.date(2026, 1, 1), dt.date(2026, 6, 30)), closed=st.integers(-40, 40) | st.none(),
    again=st.integers(1, 30),
)
def test_a_missed_deadline_keeps_its_month_however_late_it_is_closed(due: dt.date, closed: int | None, again: int) -> None:
    when = None if closed is None else due + dt.timedelta(days=closed)
    state: State = "late" if when is None else "met" if when <= due else "met-late"
    item = Item(clocks()["K01"], "XQ", "", due, due, state, closed_on=when)
    judged = verdict_day(item)
    assert judged is not None
    assert judged <= due
    if state == "late":
        assert verdict_day(item._replace(state="met-late", closed_on=due + dt.timedelta(days=again))) == judged


def test_rates_do_not_depend_on_the_order_of_rows(items: list[Item]) -> None:
    assert rates(items[::-1], *NOVEMBER) == rates(items, *NOVEMBER)
    assert list(rates(items[::-1], *NOVEMBER)) == sorted(rates(items, *NOVEMBER))
