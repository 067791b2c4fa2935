"""Where the calendar's days come from: published data against a second source, notices, amendments, the estimate."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from macros import calendars
from macros.notices import DayKind, NoticeDay, parse
from macros.workdays import CalendarError, Due

D = dt.date.fromisoformat
NOTICES = Path(__file__).parent / "answers" / "notices"


def notice(name: str) -> list[NoticeDay]:
    rows, _ = parse((NOTICES / f"{name}.txt").read_text(encoding="utf-8"), calendars.build(asof=D("2020-01-20")))
    return rows


def a_day(
    day: str, kind: DayKind, number: str = "国办发明电〔2026〕9号", published: str = "2026-11-20", festival: str = "元旦",
) -> NoticeDay:
    return NoticeDay(D(day), kind, festival, number, D(published) if published else None)


#: An invented decree for 2027: New Year Friday to Sunday, Spring Festival 5 to 12 February, National Day the week.
DECREE_2027 = [
    *(a_day(f"2027-01-0{n}", "rest") for n in (1, 2, 3)),
    a_day("2027-01-30", "work", festival="春节"),
    *(a_day(f"2027-02-{n:02}", "rest", festival="春节") for n in range(5, 13)),
    a_day("2027-02-14", "work", festival="春节"),
    *(a_day(f"2027-10-0{n}", "rest", festival="国庆节") for n in range(1, 8)),
]


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_day_of_a_year_agrees_with_a_second_source(year: int) -> None:
    china = pytest.importorskip("holidays").country_holidays("CN", years=[year, year + 1])
    days = [D(f"{year}-12-31") - dt.timedelta(days=n) for n in range(365)]
    assert [day for day in days if calendars.base().is_workday(day) != china.is_working_day(day)] == []



def test_the_last_day_of_2005_is_worked_as_its_decree_says() -> None:
    assert calendars.base().is_workday(D("2005-12-31"))
    assert calendars.base().reason(D("2005-12-31")) == "元旦调休补班"


#: Days of a year that a later notice set otherwise.
AMENDED = {
    2015: ["2015-09-03", "2015-09-04", "2015-09-06"],
    2018: ["2018-12-29", "2018-12-31"],
    2019: ["2019-04-28", "2019-05-02", "2019-05-03", "2019-05-05"],
    2020: ["2020-01-31", "2020-02-01"],
}


@pytest.mark.parametrize("year", range(2015, 2027))
def test_a_notice_added_to_the_calendar_of_its_eve_gives_the_published_year(year: int) -> None:
    rows = notice(str(year))
    published = rows[0].published_on
    assert published is not None
    eve = published - dt.timedelta(days=1)
    known = calendars.build(asof=eve)
    with_notice = calendars.build([replace(row, published_on=eve) for row in rows], asof=eve)
    days = [D(f"{year}-12-31") - dt.timedelta(days=n) for n in range(365)]
    differing = [str(day) for day in days if with_notice.is_workday(day) != calendars.base().is_workday(day)]
    assert (known.last_decreed, with_notice.last_decreed) == (D(f"{year - 1}-12-31"), D(f"{year}-12-31"))
    assert sorted(differing) == AMENDED.get(year, [])


@pytest.mark.parametrize(
    ("day", "before", "after", "asof", "published"),
    [
        ("2015-09-03", True, False, "2015-05-12", "2015-05-13"),
        ("2015-09-06", False, True, "2015-05-12", "2015-05-13"),
        ("2018-12-29", False, True, "2018-12-05", "2018-12-06"),
        ("2018-12-31", True, False, "2018-12-05", "2018-12-06"),
        ("2019-05-02", True, False, "2019-03-21", "2019-03-22"),
        ("2019-04-28", False, True, "2019-03-21", "2019-03-22"),
        ("2020-01-31", True, False, "2020-01-25", "2020-01-26"),
        ("2020-02-01", True, False, "2020-01-25", "2020-01-26"),
    ],
)
def test_an_amendment_holds_from_the_day_it_is_published(day: str, before: bool, after: bool, asof: str, published: str) -> None:
    assert calendars.build(asof=D(asof)).is_workday(D(day)) is before
    assert calendars.build(asof=D(published)).is_workday(D(day)) is after


@pytest.mark.parametrize(
    ("asof", "last"), [("2018-12-05", "2018-12-31"), ("2018-12-06", "2019-12-31"), ("2025-11-04", "2026-12-31")]
)
def test_a_calendar_as_of_a_day_knows_the_years_decreed_by_then(asof: str, last: str) -> None:
    assert calendars.build(asof=D(asof)).last_decreed == D(last)


def test_a_calendar_as_of_a_day_too_early_is_refused() -> None:
    with pytest.raises(CalendarError, match="只能还原 2013-12-11"):
        calendars.build(asof=D("2013-12-10"))


def test_the_later_notice_wins_whatever_the_order_of_rows() -> None:
    early = a_day("2027-03-01", "rest", published="2026-11-20")
    late = a_day("2027-03-01", "work", published="2027-02-01", number="国办发明电〔2027〕1号")
    assert calendars.build([late, early]).is_workday(D("2027-03-01"))


def test_pasting_an_old_notice_does_not_undo_what_was_amended_after_it() -> None:
    calendar = calendars.build(notice("2020"))
    assert not calendar.is_workday(D("2020-02-01"))
    assert not calendar.is_workday(D("2020-01-31"))


def test_a_row_without_a_day_of_publication_is_the_latest_word() -> None:
    decreed = a_day("2027-03-01", "rest", published="2027-02-01")
    typed = a_day("2027-03-01", "work", published="")
    assert calendars.build([typed, decreed]).is_workday(D("2027-03-01"))


def test_a_notice_makes_its_year_firm() -> None:
    due = calendars.base().add(D("2026-12-28"), 30)
    firm = calendars.build(DECREE_2027).add(D("2026-12-28"), 30)
    # 3 days of December; January 2027 has 20 weekdays from the 4th and its worked Saturday 30th, so 24 days by then;
    # 1 to 4 February make 28; 5 to 12 are off; Sunday 14 is worked and Monday 15 is the thirtieth.
    assert firm == Due(D("2027-02-15"), False)
    # By the estimate: 3 days of December, 20 of January, so 5 February is 28 and Tuesday 9 is the thirtieth.
    assert due == Due(D("2027-02-09"), True)


def test_one_row_changes_its_day_but_does_not_make_its_year_firm() -> None:
    calendar = calendars.build([a_day("2027-03-01", "rest")])
    assert not calendar.is_workday(D("2027-03-01"))
    assert calendar.last_decreed == D("2026-12-31")


def test_a_notice_after_a_gap_leaves_the_gap_provisional() -> None:
    rows = [row for row in DECREE_2027 if row.day < D("2027-10-01")]
    assert calendars.build(rows).last_decreed == D("2026-12-31")


def test_a_notice_not_yet_published_is_left_out() -> None:
    calendar = calendars.build(DECREE_2027, asof=D("2026-11-19"))
    assert calendar.last_decreed == D("2026-12-31")
    assert "2026〕9号" not in calendar.version


@pytest.mark.parametrize(
    ("day", "worked"),
    [("2027-01-01", False), ("2027-01-04", True), ("2027-02-06", False), ("2027-02-08", True), ("2027-10-01", True)],
)
def test_beyond_the_decree_monday_to_friday_are_worked_except_1_january(day: str, worked: bool) -> None:
    assert calendars.base().is_workday(D(day)) is worked


def test_the_version_names_its_sources() -> None:
    assert calendars.base().version.startswith("chinese-calendar ")
    assert " + 国办发明电〔2026〕9号 #" in calendars.build(DECREE_2027).version


def test_calendars_that_differ_in_a_day_differ_in_version() -> None:
    one, other = a_day("2027-03-01", "rest"), a_day("2027-03-02", "rest")
    assert calendars.build([one]).version != calendars.build([other]).version


def test_the_table_reaches_forty_years_past_the_last_decree() -> None:
    assert calendars.base().horizon == D("2066-12-31")


def test_a_row_outside_the_table_is_a_clear_error() -> None:
    with pytest.raises(CalendarError, match="1999-05-01"):
        calendars.build([a_day("1999-05-01", "rest")])
