"""Rates of faults and complaints, counted by hand from a table one can read; zero bases in words; ten thousand rows at once."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import pytest

from macros.calendars import base
from macros.forms import forms
from macros.records import Place, Record, Value
from macros.register import Register
from macros.service.counts import ServiceMonth, Tally, service_month, service_months
from tests.tables import register

# November 2026 begins on a Sunday; 2 to 6 and 9 to 13 are working days.
#   F-1 标准 60 min: reply after 60 (kept, exactly), repaired at the agreed second (kept)               timely    passed
#   F-2 VIP 30 min: reply after 31 (broken), repaired in time                                             late      F-6 is it again: failed
#   F-3 reply in time, repaired one minute after the agreed time                                          late      passed
#   F-4 reply in time, no limit agreed, repaired: only the reply is judged                                timely    called back unhappy: failed
#   F-5 reply in time, agreed for 2 December, not repaired on 30 November                                 open      not over
#   F-6 no reply, reported on 30 November 23:30: 60 minutes are not over by midnight                      open      not over
#   F-7 of October, F-8 of December: not of this month
ROWS = """
## 客户
| 客户名称 | 运营商 | 服务等级 |
| 移动分公司 | 移动 | 标准 |
| 联通分公司 | 联通 | VIP |
## 故障
| 故障编号 | 客户名称 | 申告时间 | 首次反馈时间 | 约定修复时限 | 修复时间 | 故障原因 | 原故障编号 |
| F-1 | 移动分公司 | 2026-11-01 22:00 | 2026-11-01 23:00 | 2026-11-02 08:00 | 2026-11-02 08:00 | 停电 | |
| F-2 | 联通分公司 | 2026-11-03 10:00 | 2026-11-03 10:31 | 2026-11-03 18:00 | 2026-11-03 12:00 | 停电 | |
| F-3 | 移动分公司 | 2026-11-04 10:00 | 2026-11-04 10:10 | 2026-11-04 18:00 | 2026-11-04 18:01 | 空调 | |
| F-4 | 移动分公司 | 2026-11-05 10:00 | 2026-11-05 10:10 | | 2026-11-05 18:00 | 停电 | |
| F-5 | 联通分公司 | 2026-11-29 10:00 | 2026-11-29 10:10 | 2026-12-02 10:00 | | | |
| F-6 | 联通分公司 | 2026-11-30 23:30 | | 2026-12-01 10:00 | | 停电 | F-2 |
| F-7 | 移动分公司 | 2026-10-31 23:59 | 2026-11-01 00:10 | 2026-11-01 08:00 | 2026-11-01 07:00 | 停电 | |
| F-8 | 移动分公司 | 2026-12-01 00:00 | 2026-12-01 00:10 | 2026-12-01 08:00 | 2026-12-01 07:00 | 停电 | |
## 投诉
| 投诉编号 | 客户名称 | 类别 | 受理时间 | 首次反馈时间 | 解决时间 | 办结时间 | 拜访日期 | 满意度 |
| C-1 | 移动分公司 | 计费账单 | 2026-11-02 09:00 | 2026-11-02 11:00 | 2026-11-05 17:00 | 2026-11-06 09:00 | 2026-11-10 | 满意 |
| C-2 | 移动分公司 | 计费账单 | 2026-11-02 09:00 | 2026-11-02 11:01 | 2026-11-06 09:00 | 2026-11-06 10:00 | 2026-11-11 | 不满意 |
| C-3 | 联通分公司 | 配合 | 2026-11-27 16:00 | 2026-11-27 17:00 | | | | |
## 回访
| 回访编号 | 事项编号 | 回访日期 | 回访人 | 满意度 | 是否彻底解决 |
| H-1 | F-4 | 2026-11-06 | 客户经理A | 满意 | 是 |
| H-2 | F-4 | 2026-11-12 | 客户经理A | 不满意 | 否 |
| H-3 | F-1 | 2026-11-06 | 客户经理A | 非常满意 | 是 |
"""


def november(text: str = ROWS, at: str = "2026-11-30T23:59:59") -> ServiceMonth:
    now = dt.datetime.fromisoformat(at)
    return service_month(register(text), base(), dt.date(2026, 11, 1), dt.date(2026, 11, 30), now)


def sides(tally: Tally, measure: str) -> tuple[str, str, str]:
    share = tally.share(measure)
    met, missed, waiting = (" ".join(case.key for case in side) for side in (share.met, share.missed, share.open))
    return met, missed, waiting


@pytest.mark.parametrize(("measure", "met", "missed", "waiting", "words"), [
    ("reply", "F-1 F-3 F-4 F-5", "F-2", "F-6", "80.0%（4/5），另有1件未到判定时点或没有约定时限"),
    ("restore", "F-1 F-2", "F-3", "F-4 F-5 F-6", "66.7%（2/3），另有3件未到判定时点或没有约定时限"),
    ("timely", "F-1 F-4", "F-2 F-3", "F-5 F-6", "50.0%（2/4），另有2件未到判定时点或没有约定时限"),
    ("passed", "F-1 F-3", "F-2 F-4", "F-5 F-6", "50.0%（2/4），另有2件未到判定时点或没有约定时限"),
])
def test_every_rate_of_faults_rests_on_the_rows_counted_by_hand(measure: str, met: str, missed: str, waiting: str, words: str) -> None:
    faults = november().faults
    assert sides(faults, measure) == (met, missed, waiting)
    assert faults.share(measure).words() == words


# Three working days after Monday 2 November end on Thursday the 5th, after Friday the 27th on Wednesday 2 December;
# two after Friday the 6th end on Tuesday the 10th.
@pytest.mark.parametrize(("measure", "met", "missed", "waiting"), [
    ("reply", "C-1 C-3", "C-2", ""), ("solve", "C-1", "C-2", "C-3"), ("visit", "C-1", "C-2", "C-3"), ("passed", "C-1", "C-2", "C-3"),
])
def test_every_rate_of_complaints_rests_on_the_rows_counted_by_hand(measure: str, met: str, missed: str, waiting: str) -> None:
    assert sides(november().complaints, measure) == (met, missed, waiting)


def test_judged_later_the_open_ones_are_told() -> None:
    found = november(at="2026-12-03T00:30:00")
    assert sides(found.faults, "timely") == ("F-1 F-4", "F-2 F-3 F-5 F-6", "")
    assert sides(found.complaints, "solve") == ("C-1", "C-2 C-3", "")


def test_customers_and_causes_share_the_same_cases() -> None:
    found = november()
    assert {name: (len(f.cases), len(c.cases)) for name, (f, c) in found.by_customer().items()} == {"移动分公司": (3, 2), "联通分公司": (3, 1)}
    assert [(table, cause, len(each.cases)) for (table, cause), each in found.by_cause().items()] == [
        ("fault", "停电", 4), ("fault", "空调", 1), ("fault", "（未填）", 1), ("complaint", "计费账单", 2), ("complaint", "配合", 1),
    ]
    assert found.of_customer("联通分公司").faults.share("timely").rate == Decimal(0)
    assert [case.key for case in found.faults.open] == ["F-5", "F-6"]


def test_a_month_without_cases_says_so_and_divides_nothing() -> None:
    found = november("## 客户\n| 客户名称 | 运营商 |\n| 移动分公司 | 移动 |")
    assert (found.faults.count, found.complaints.count) == (0, 0)
    assert found.faults.share("timely").rate is None
    assert found.faults.share("timely").words() == "本期没有故障"
    assert found.complaints.share("solve").words() == "本期没有投诉"


def test_a_month_in_which_nothing_can_be_judged_yet_says_so() -> None:
    found = november(
        "## 故障\n| 故障编号 | 客户名称 | 申告时间 |\n| F-9 | 移动分公司 | 2026-11-30 23:30 |"
    )
    assert found.faults.share("reply").words() == "没有可判定的故障，不计算，另有1件未到判定时点或没有约定时限"


def test_each_case_stands_in_the_month_it_was_asked_in() -> None:
    found = service_months(register(ROWS), base(), dt.date(2026, 10, 1), dt.date(2026, 12, 31), dt.datetime(2026, 12, 31, 23, 59, 59))
    assert {name: [case.key for case in month.faults.cases] for name, month in found.items()} == {
        "2026-10": ["F-7"], "2026-11": ["F-1", "F-2", "F-3", "F-4", "F-5", "F-6"], "2026-12": ["F-8"],
    }


def test_a_year_of_ten_thousand_faults_and_two_thousand_complaints_takes_well_under_two_seconds() -> None:
    def rows(code: str, count: int, asked: str) -> tuple[Record, ...]:
        form, made = forms()[code], []
        for number in range(count):
            moment = dt.datetime(2025, 12, 1) + dt.timedelta(minutes=number * 7919 % (360 * 1440))
            values: dict[str, Value] = {
                form.key[0]: f"{code}{number}", "customer_name": f"客户{number % 30}", asked: moment,
                "first_reply_at": moment + dt.timedelta(minutes=number % 90),
            }
            made.append(Record(
                form, tuple(values.get(column.name) for column in form.columns), Place(form.file, form.title, number + 2),
                (1,) * len(form.columns),
            ))
        return tuple(made)

    tables: dict[str, tuple[Record, ...]] = dict.fromkeys(forms(), ())
    city = Register(tables | {"fault": rows("fault", 10_000, "reported_at"), "complaint": rows("complaint", 2_000, "accepted_at")})
    began = time.process_time()
    months = service_months(city, base(), dt.date(2025, 12, 1), dt.date(2026, 11, 30), dt.datetime(2026, 11, 30, 23, 59, 59))
    assert time.process_time() - began < 2
    assert sum(month.faults.count for month in months.values()) == 10_000
    assert sum(month.complaints.count for month in months.values()) == 2_000
