"""Working days, months, terms and minutes: the worked cases, the switches, and laws that hold for every day."""

import csv
import datetime as dt
import functools
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros import calendars
from macros.workdays import (
    Calendar,
    CalendarError,
    Conventions,
    Due,
    add_minutes,
    add_months,
    local,
    on_time,
    period_end,
)

CALENDAR = calendars.base()
D = dt.date.fromisoformat
Case = dict[str, str]

#: How each switch is turned to reach the answer in the column alt_expected.
TURNED = {
    "C1": Conventions(rest_day_event="received"),
    "C2": Conventions(reminder="forward"),
    "C3": Conventions(month_step="month_end"),
    "C5": Conventions(zero_days="same"),
    "C9": Conventions(closes_at=dt.time(18)),
    "C10": Conventions(first_day="excluded"),
}
HOUSE = Conventions()


def worked_cases() -> list[Case]:
    with (Path(__file__).parent / "answers" / "date_cases.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


CASES = worked_cases()
SWITCHED = [case for case in CASES if case["alt_expected"]]


@functools.cache
def as_of(day: str) -> Calendar:
    return calendars.build(asof=D(day)) if day else CALENDAR


def result(case: Case, conventions: Conventions) -> Due | dt.date | dt.datetime | str | int:
    """What the calendar says to a case: one line per rule."""
    options = dict(part.split("=", 1) for part in case["opts"].split(";") if part)
    calendar = as_of(options.get("asof", ""))
    start, amount = dt.datetime.fromisoformat(case["start"]), int(case["amount"])
    end = dt.datetime.fromisoformat(options.get("end", case["start"]))

    def rolled(day: dt.date) -> Due | dt.date:
        if options.get("roll") == "next":
            return calendar.next(day)
        return calendar.around(day, conventions).act_by if options.get("roll") == "prev" else day

    match case["rule"]:
        case "ADD_WD":
            return calendar.add(start.date(), amount, conventions)
        case "ADD_WD_T":
            return calendar.add(start, amount, conventions)
        case "SUB_WD":
            return calendar.sub(start.date(), amount, conventions)
        case "ADD_MONTH":
            return rolled(add_months(start.date(), amount, conventions))
        case "SUB_MONTH":
            return rolled(add_months(start.date(), -amount, conventions))
        case "ADD_DAY":
            return rolled(start.date() + dt.timedelta(days=amount))
        case "PERIOD_END":
            return period_end(start.date(), amount, conventions)
        case "ADD_MIN":
            return add_minutes(start, amount)
        case "ONTIME":
            return on_time(start, end, amount)
        case "COUNT_WD":
            return calendar.count(start.date(), end.date())
        case "IS_WD":
            return int(calendar.is_workday(start.date()))
    raise AssertionError(f"no such rule: {case['rule']}")


def answer(case: Case, conventions: Conventions) -> tuple[str, str]:
    """The result and its status as the file writes them."""
    found = result(case, conventions)
    if isinstance(found, Due):
        return str(found.day), "PROVISIONAL" if found.provisional else "FINAL"
    return str(found), "ERROR" if found == "ERROR" else "FINAL"


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_worked_case_gives_its_answer(case: Case) -> None:
    if case["status"] == "FINAL_OR_ERROR":
        with pytest.raises(CalendarError, match="早于工作日历的第一天"):
            answer(case, HOUSE)
        return
    given, status = answer(case, HOUSE)
    assert status == case["status"]
    # "*" stands where the day cannot be known before the decree: only its status is asked for.
    assert case["expected"] in ("*", given)


@pytest.mark.parametrize("case", SWITCHED, ids=[case["id"] for case in SWITCHED])
def test_a_switch_gives_the_other_reading(case: Case) -> None:
    assert answer(case, TURNED[case["convention"]])[0] == case["alt_expected"]


def test_2026_has_248_working_days() -> None:
    year = [D("2026-01-01") + dt.timedelta(days=n) for n in range(365)]
    assert sum(map(CALENDAR.is_workday, year)) == 248
    assert CALENDAR.count(D("2025-12-31"), D("2026-12-31")) == 248


@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
def test_a_make_up_weekend_day_of_2026_is_worked(day: str) -> None:
    assert CALENDAR.is_workday(D(day))


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-11-20", ""),
        ("2026-11-21", "周六"),
        ("2026-11-22", "周日"),
        ("2026-10-01", "国庆节"),
        ("2026-10-03", "国庆节"),
        ("2026-10-10", "国庆节调休补班"),
        ("2026-02-14", "春节调休补班"),
        ("2027-01-01", "元旦"),
    ],
)
def test_a_day_says_why_it_is_off_or_unusual(day: str, reason: str) -> None:
    assert CALENDAR.reason(D(day)) == reason


def test_a_walk_shows_each_day_counted_and_each_day_skipped() -> None:
    # Four working days from Wednesday 2025-12-30's next: 31 counts, 1 to 3 January are off, Sunday 4 is worked.
    steps = CALENDAR.walk(D("2025-12-30"), 3)
    assert [(str(step.day), step.number, step.reason) for step in steps] == [
        ("2025-12-31", 1, ""),
        ("2026-01-01", 0, "元旦"),
        ("2026-01-02", 0, "元旦"),
        ("2026-01-03", 0, "元旦"),
        ("2026-01-04", 2, "元旦调休补班"),
        ("2026-01-05", 3, ""),
    ]


def test_a_walk_backwards_ends_on_the_day_sub_gives() -> None:
    steps = CALENDAR.walk(D("2025-10-09"), -1)
    assert [(str(step.day), step.number) for step in steps][-2:] == [("2025-10-01", 0), ("2025-09-30", 1)]


def test_a_walk_marks_the_days_no_decree_covers() -> None:
    steps = CALENDAR.walk(D("2026-12-30"), 2)
    assert [(str(step.day), step.number, step.provisional) for step in steps] == [
        ("2026-12-31", 1, False),
        ("2027-01-01", 0, True),
        ("2027-01-02", 0, True),
        ("2027-01-03", 0, True),
        ("2027-01-04", 2, True),
    ]


@pytest.mark.parametrize(
    ("start", "days", "steps"), [("2026-11-20", 0, ["2026-11-20"]), ("2026-11-21", 0, ["2026-11-22", "2026-11-23"])]
)
def test_a_walk_of_zero_days_shows_the_day_or_the_roll(start: str, days: int, steps: list[str]) -> None:
    assert [str(step.day) for step in CALENDAR.walk(D(start), days)] == steps


@pytest.mark.parametrize(
    ("month", "act_by", "forward"),
    [
        ("2026-07-25", "2026-07-24", "2026-07-27"),  # Saturday
        ("2026-01-25", "2026-01-23", "2026-01-26"),  # Sunday
        ("2026-09-25", "2026-09-24", "2026-09-28"),  # 中秋节, Friday to Sunday
        ("2026-11-25", "2026-11-25", "2026-11-25"),  # Wednesday
    ],
)
def test_the_25th_stands_with_the_day_to_act_by_and_the_rolled_day(month: str, act_by: str, forward: str) -> None:
    found = CALENDAR.around(D(month))
    assert (str(found.due), str(found.act_by.day), str(found.forward.day)) == (month, act_by, forward)


@pytest.mark.parametrize(
    ("reminder", "act_by"), [("back", "2026-09-30"), ("forward", "2026-10-08"), ("nominal", "2026-10-03")]
)
def test_a_reminder_in_the_holiday_rolls_as_agreed_and_keeps_its_nominal_day(reminder: Literal["back", "forward", "nominal"], act_by: str) -> None:
    found = CALENDAR.before_end(D("2027-01-03"), 3, Conventions(reminder=reminder))
    assert (found.due, found.act_by.day) == (D("2026-10-03"), D(act_by))


def test_a_reminder_that_lies_in_a_decreed_year_is_firm_though_the_term_ends_later() -> None:
    assert CALENDAR.before_end(D("2027-03-31"), 3).act_by == Due(D("2026-12-31"), False)


@pytest.mark.parametrize(
    ("event", "reading", "day"),
    # Thursday 2025-11-20: 19, 18, 17 are the three working days before it; three clear days leave Friday 14.
    [("2025-11-20", "nth", "2025-11-17"), ("2025-11-20", "clear", "2025-11-14")],
)
def test_three_working_days_before_an_event_by_either_reading(event: str, reading: Literal["nth", "clear"], day: str) -> None:
    assert CALENDAR.sub(D(event), 3, Conventions(days_before=reading)).day == D(day)


def test_an_undecreed_result_can_be_refused() -> None:
    with pytest.raises(CalendarError, match="尚未公布"):
        CALENDAR.add(D("2026-12-31"), 1, Conventions(undecreed="refused"))


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2025-10-17 17:30", "2025-10-20 09:30"),  # Friday: 30 minutes left, 30 more on Monday
        ("2025-10-17 19:00", "2025-10-20 10:00"),
        ("2025-10-01 10:00", "2025-10-09 10:00"),  # the whole holiday passes
        ("2025-10-17 10:00", "2025-10-17 11:00"),
    ],
)
def test_an_hour_can_run_within_office_hours_only(moment: str, due: str) -> None:
    hours = Conventions(office_hours=(dt.time(9), dt.time(18)))
    found = CALENDAR.add_minutes(dt.datetime.fromisoformat(moment), 60, hours)
    assert found == (dt.datetime.fromisoformat(due), False)


def test_an_hour_runs_round_the_clock_by_default() -> None:
    found = CALENDAR.add_minutes(dt.datetime(2026, 12, 31, 23, 30), 60)
    assert found == (dt.datetime(2027, 1, 1, 0, 30), False)


@pytest.mark.parametrize(
    ("end", "judged"),
    [
        (dt.datetime(2026, 11, 21, 10, 0, 0), "ON_TIME"),
        (dt.datetime(2026, 11, 21, 10, 0, 0, 499_999), "ON_TIME"),  # less than half a second is dust of the cell
        (dt.datetime(2026, 11, 21, 10, 0, 1), "LATE"),
        (dt.datetime(2026, 11, 21, 9, 0, 0), "ON_TIME"),
        (dt.datetime(2026, 11, 21, 8, 59, 59), "ERROR"),
        (dt.datetime(2026, 11, 21, 2, 0, tzinfo=dt.UTC), "ON_TIME"),  # 10:00 in Shanghai
        (None, "WAITING"),
    ],
)
def test_a_feedback_is_judged_to_the_second(end: dt.datetime | None, judged: str) -> None:
    assert on_time(dt.datetime(2026, 11, 21, 9), end, 60) == judged


def test_a_feedback_in_the_second_of_the_event_can_be_called_an_error() -> None:
    moment = dt.datetime(2026, 11, 21, 9)
    assert on_time(moment, moment, 60, Conventions(zero_duration="error")) == "ERROR"


def test_an_aware_moment_is_taken_in_shanghai_and_a_naive_one_as_it_is() -> None:
    assert local(dt.datetime(2025, 10, 10, 17, tzinfo=dt.UTC)) == dt.datetime(2025, 10, 11, 1)
    assert local(dt.datetime(2025, 10, 10, 17)) == dt.datetime(2025, 10, 10, 17)


def test_a_moment_counts_from_its_day() -> None:
    assert CALENDAR.add(dt.datetime(2025, 10, 17, 23, 59, 59), 1).day == D("2025-10-20")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: CALENDAR.add(D("2003-12-31"), 1), "2003-12-31 早于工作日历的第一天 2004-01-01"),
        (lambda: CALENDAR.is_workday(D("2003-12-31")), "早于工作日历的第一天"),
        (lambda: CALENDAR.sub(D("2004-01-05"), 9), "结果早于工作日历的第一天"),
        (lambda: CALENDAR.add(D("2067-01-01"), 1), "超出工作日历的最后一天 2066-12-31"),
        (lambda: CALENDAR.add(D("2066-12-31"), 1), "结果超出工作日历的最后一天"),
        (lambda: CALENDAR.add(D("2026-11-20"), -1), "不能为负数"),
        (lambda: CALENDAR.sub(D("2026-11-20"), -1), "不能为负数"),
        (lambda: add_months(D("9999-12-01"), 1), "超出可表示的年份"),
    ],
)
def test_what_cannot_be_counted_is_a_clear_error(call: Callable[[], object], message: str) -> None:
    with pytest.raises(CalendarError, match=message):
        call()


#: Friday to Wednesday with a Monday off that has no name; decreed up to the Tuesday.
SHORT = Calendar(D("2026-11-20"), D("2026-11-24"), "短", bytes([1, 0, 0, 0, 1, 1]), {})


def test_a_table_is_used_to_both_its_ends() -> None:
    assert [SHORT.is_workday(D(day)) for day in ("2026-11-20", "2026-11-25")] == [True, True]
    assert SHORT.sub(D("2026-11-24"), 1) == Due(D("2026-11-20"), provisional=False)
    assert SHORT.add(D("2026-11-20"), 2) == Due(D("2026-11-25"), provisional=True)
    assert SHORT.horizon == D("2026-11-25")


@pytest.mark.parametrize("method", [SHORT.add, SHORT.sub, SHORT.is_workday])
@pytest.mark.parametrize("day", ["2026-11-19", "2026-11-26"])
def test_a_day_beside_the_table_is_never_counted(method: Callable[..., object], day: str) -> None:
    with pytest.raises(CalendarError, match=f"{day} (早于|超出)工作日历的"):
        method(*(D(day), 1)[: 1 if method == SHORT.is_workday else 2])


def test_a_column_is_counted_to_both_ends_of_the_table() -> None:
    starts = np.array(["2026-11-20", "2026-11-20", "2026-11-23", "2026-11-25", "NaT"], dtype="datetime64[D]")
    days, provisional = SHORT.add_many(starts, np.array([0, 1, 0, 0, 2]))
    assert days.tolist() == [D("2026-11-20"), D("2026-11-24"), D("2026-11-24"), D("2026-11-25"), None]
    assert provisional.tolist() == [False, False, False, True, False]


@pytest.mark.parametrize(
    ("start", "days"), [("2026-11-19", 1), ("2026-11-26", 0), ("2026-11-20", 3), ("2026-11-25", 1), ("2026-11-20", -1)],
)
def test_a_column_with_a_day_beyond_the_table_names_the_place(start: str, days: int) -> None:
    with pytest.raises(CalendarError, match="第 2 个日期或天数超出工作日历（2026-11-20 至 2026-11-25）"):
        SHORT.add_many(np.array(["2026-11-20", start], dtype="datetime64[D]"), np.array([1, days]))


@pytest.mark.parametrize(("day", "name"), [
    ("2026-11-16", "周一"), ("2026-11-17", "周二"), ("2026-11-18", "周三"), ("2026-11-19", "周四"), ("2026-11-20", "周五"),
    ("2026-11-21", "周六"), ("2026-11-22", "周日"),
])
def test_a_day_off_without_a_name_is_called_by_its_weekday(day: str, name: str) -> None:
    assert Calendar(D("2026-11-16"), D("2026-11-22"), "空", bytes(7), {}).reason(D(day)) == name


def test_a_calendar_is_told_by_its_source_and_compared_by_its_days() -> None:
    assert repr(SHORT) == "Calendar(first=datetime.date(2026, 11, 20), last_decreed=datetime.date(2026, 11, 24), version='短')"
    assert Calendar(SHORT.first, SHORT.last_decreed, "短", SHORT.working, {SHORT.first: "节"}) == SHORT


def test_days_before_are_provisional_by_the_day_before_the_event() -> None:
    early = Calendar(SHORT.first, D("2026-11-23"), "短", SHORT.working, {})
    assert (early.sub(D("2026-11-24"), 1).provisional, early.sub(D("2026-11-25"), 1).provisional) == (False, True)


@pytest.mark.parametrize(("time", "due"), [("17:30", "2026-11-24"), ("17:31", "2026-11-25")], ids=["at closing", "a minute after"])
def test_what_comes_after_closing_comes_on_the_next_day(time: str, due: str) -> None:
    late = Conventions(closes_at=dt.time(17, 30))
    assert CALENDAR.starts(dt.datetime.fromisoformat(f"2026-11-24 {time}"), late) == D(due)


def test_a_day_taken_as_it_is_rests_on_no_estimate() -> None:
    nominal = CALENDAR.around(D("2066-12-25"), Conventions(reminder="nominal"))
    assert nominal.act_by == Due(D("2066-12-25"), provisional=False)
    assert nominal.forward.provisional


def test_office_minutes_that_end_at_closing_end_that_day() -> None:
    office = Conventions(office_hours=(dt.time(9), dt.time(17, 30)))
    found = CALENDAR.add_minutes(dt.datetime(2026, 11, 24, 17), 30, office)
    assert found.moment == dt.datetime(2026, 11, 24, 17, 30)


def test_a_walk_of_no_days_is_the_day_itself_without_a_number() -> None:
    assert [(step.day, step.number) for step in CALENDAR.walk(D("2026-11-20"), 0)] == [(D("2026-11-20"), 0)]


DAYS = st.dates(D("2004-02-01"), D("2060-12-31"))
FEW = st.integers(1, 250)


@given(DAYS, FEW)
def test_what_is_added_is_what_is_counted(start: dt.date, days: int) -> None:
    assert CALENDAR.count(start, CALENDAR.add(start, days).day) == days


@given(DAYS.filter(CALENDAR.is_workday), FEW)
def test_going_back_from_a_due_day_returns_to_a_working_start(start: dt.date, days: int) -> None:
    assert CALENDAR.sub(CALENDAR.add(start, days).day, days).day == start


@pytest.mark.parametrize(("event", "day"), [("2026-11-22", "2026-11-20"), ("2026-11-20", "2026-11-20")], ids=["a Sunday", "a Friday"])
def test_no_day_before_is_the_day_itself_or_the_working_day_before_it(event: str, day: str) -> None:
    assert CALENDAR.sub(D(event), 0) == Due(D(day), provisional=False)


@given(DAYS, st.integers(1, 120))
def test_a_due_day_is_the_one_a_plain_walk_over_days_finds(start: dt.date, days: int) -> None:
    day, left = start, days
    while left:
        day += dt.timedelta(days=1)
        left -= CALENDAR.is_workday(day)
    assert CALENDAR.add(start, days) == Due(day, day > D("2026-12-31"))


@given(DAYS, FEW)
def test_the_walk_ends_on_the_due_day_with_its_number(start: dt.date, days: int) -> None:
    last = CALENDAR.walk(start, days)[-1]
    assert (last.day, last.number) == (CALENDAR.add(start, days).day, days)


@given(DAYS)
def test_rolling_gives_working_days_on_either_side_with_none_between(day: dt.date) -> None:
    back, forward = CALENDAR.previous(day).day, CALENDAR.next(day).day
    assert back <= day <= forward
    assert CALENDAR.is_workday(back) and CALENDAR.is_workday(forward)
    assert CALENDAR.count(back, forward) == (0 if CALENDAR.is_workday(day) else 1)


@given(DAYS, st.integers(-600, 600))
def test_months_never_overshoot_the_month_they_lead_to(day: dt.date, months: int) -> None:
    found = add_months(day, months)
    assert found.year * 12 + found.month == day.year * 12 + day.month + months
    assert found.day == day.day or (found.day < day.day and (found + dt.timedelta(days=1)).day == 1)


@settings(max_examples=25)
@given(st.lists(st.tuples(DAYS, st.integers(0, 250)), min_size=1, max_size=40))
def test_a_column_of_deadlines_equals_each_of_them(rows: list[tuple[dt.date, int]]) -> None:
    starts = np.array([start for start, _ in rows], dtype="datetime64[D]")
    days, provisional = CALENDAR.add_many(starts, np.array([days for _, days in rows]))
    assert list(zip(days.tolist(), provisional.tolist(), strict=True)) == [CALENDAR.add(*row) for row in rows]


def test_a_blank_in_a_column_stays_blank_and_is_not_provisional() -> None:
    days, provisional = CALENDAR.add_many(np.array(["2026-11-20", "NaT"], dtype="datetime64[D]"), 1)
    assert [str(day) for day in days] == ["2026-11-23", "NaT"]
    assert provisional.tolist() == [False, False]


def test_a_column_names_the_first_row_it_cannot_count() -> None:
    starts = np.array(["2026-11-20", "2003-12-31", "1999-01-01"], dtype="datetime64[D]")
    with pytest.raises(CalendarError, match="第 2 个"):
        CALENDAR.add_many(starts, 30)


def test_the_arithmetic_loads_nothing_outside_the_standard_library() -> None:
    code = "import sys, json, macros.workdays; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    root = Path(__file__).parent.parent
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True).stdout)
    assert not {"numpy", "chinese_calendar"} & set(loaded)


@pytest.mark.parametrize(("day", "months", "result"), [("9999-11-30", 1, "9999-12-30"), ("0001-02-28", -1, "0001-01-28"), ("9998-12-31", 12, "9999-12-31")])
def test_months_reach_to_the_first_and_the_last_year(day: str, months: int, result: str) -> None:
    assert add_months(D(day), months) == D(result)


@pytest.mark.parametrize(("day", "months"), [("9999-12-01", 1), ("0001-01-31", -1)])
def test_months_beyond_the_first_and_the_last_year_are_refused(day: str, months: int) -> None:
    with pytest.raises(CalendarError):
        add_months(D(day), months)


@pytest.mark.parametrize(
    ("end", "judgement"),
    [
        ("2026-11-22T08:00:00", "ON_TIME"),  # 2 × 1440 minutes to the second
        ("2026-11-22T08:00:00.499999", "ON_TIME"), ("2026-11-22T08:00:00.500000", "LATE"), ("2026-11-22T08:00:01", "LATE"),
        ("2026-11-21T23:59:59", "ON_TIME"),
    ],
)
def test_a_limit_of_days_is_judged_to_the_nearest_second(end: str, judgement: str) -> None:
    assert on_time(dt.datetime(2026, 11, 20, 8), dt.datetime.fromisoformat(end), 2 * 1440) == judgement


@pytest.mark.parametrize("count", [CALENDAR.add, CALENDAR.sub])
def test_a_negative_count_is_refused_in_both_directions(count: Callable[[dt.date, int], Due]) -> None:
    with pytest.raises(CalendarError, match="-1"):
        count(D("2026-11-20"), -1)
