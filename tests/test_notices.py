"""State Council notices of nineteen years and three amendments, read and compared with hand-typed days."""

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from macros import calendars
from macros.findings import Finding
from macros.notices import parse
from macros.workdays import Calendar

ANSWERS = Path(__file__).parent / "answers" / "notices"
NOTICES = sorted(path.stem for path in ANSWERS.glob("*.txt"))
YEARLY = [name for name in NOTICES if name.isdigit()]


def text(notice: str) -> str:
    return (ANSWERS / f"{notice}.txt").read_text(encoding="utf-8")


def a_day(written: str, year: str) -> dt.date:
    return dt.date.fromisoformat(written if len(written) == 10 else f"{year}-{written}")


def days(written: str, year: str) -> Iterator[dt.date]:
    """The days of ``01-31..02-06 02-08``."""
    for part in written.split():
        first, _, last = part.partition("..")
        start, end = a_day(first, year), a_day(last or first, year)
        yield from (start + dt.timedelta(days=n) for n in range((end - start).days + 1))


def hand_typed(notice: str) -> list[tuple[dt.date, str, str]]:
    with (ANSWERS / "days.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["notice"] == notice]
    return sorted(
        (day, kind, row["festival"]) for row in rows for kind in ("rest", "work") for day in days(row[kind], row["year"])
    )


def calendar_before(notice: str) -> Calendar | None:
    return calendars.build(asof=dt.date(2020, 1, 20)) if notice == "2020-extension" else None


def a_notice(*clauses: str) -> str:
    """A short notice with only these clauses."""
    body = "\n".join(clauses)
    return f"国务院办公厅关于2027年假期安排的通知\n国办发明电〔2026〕8号\n现将安排通知如下。\n{body}\n国务院办公厅\n2026年11月20日\n"


def codes(findings: list[Finding]) -> list[str]:
    return [found.code for found in findings]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_gives_the_days_published(notice: str) -> None:
    rows, _ = parse(text(notice), calendar_before(notice))
    assert [(row.day, row.kind, row.festival) for row in rows] == hand_typed(notice)


@pytest.mark.parametrize("notice", NOTICES)
def test_no_published_notice_is_read_with_an_error(notice: str) -> None:
    _, findings = parse(text(notice), calendar_before(notice))
    assert [found.message for found in findings if found.severity == "error"] == []


@pytest.mark.parametrize("notice", [name for name in YEARLY if name >= "2014"])
def test_a_year_read_from_its_notice_agrees_with_a_second_source(notice: str) -> None:
    holidays = pytest.importorskip("holidays")
    rows, _ = parse(text(notice))
    # What later notices changed is compared in test_calendar_sources.
    amended = {
        "2015": ["2015-09-03", "2015-09-04", "2015-09-06"],
        "2018": ["2018-12-29", "2018-12-31"],
        "2019": ["2019-04-28", "2019-05-02", "2019-05-03", "2019-05-05"],
        "2020": ["2020-01-31", "2020-02-01"],
    }.get(notice, [])
    china = holidays.country_holidays("CN", years=int(notice))
    arranged = {row.day: row.kind for row in rows}
    year = [dt.date(int(notice), 1, 1) + dt.timedelta(days=n) for n in range(366)]
    year = [day for day in year if day.year == int(notice) and str(day) not in amended]
    usual = {True: "work", False: "rest"}
    ours = [day for day in year if arranged.get(day, usual[day.weekday() < 5]) == "work"]
    assert ours == [day for day in year if china.is_working_day(day)]


@pytest.mark.parametrize(
    ("notice", "number", "published"),
    [
        ("2010", "国办发明电〔2009〕27号", "2009-12-07"),  # signed 二○○九年十二月七日
        ("2012", "国办发明电〔2011〕45号", "2011-12-05"),  # signed 二〇一一年十二月五日
        ("2017", "国办发明电〔2016〕17号", "2016-12-01"),
        ("2026", "国办发明电〔2025〕7号", "2025-11-04"),
        ("2015-victory-day", "国发明电〔2015〕1号", "2015-05-13"),
        ("2019-labour-day", "国办发明电〔2019〕3号", "2019-03-22"),
    ],
)
def test_number_and_day_of_publication_are_read(notice: str, number: str, published: str) -> None:
    rows, _ = parse(text(notice))
    assert {(row.notice_no, row.published_on) for row in rows} == {(number, dt.date.fromisoformat(published))}


def test_a_text_without_number_and_signature_is_read_and_says_so() -> None:
    rows, findings = parse(text("2008"))
    assert codes(findings) == ["CAL002", "CAL003"]
    assert {(row.notice_no, row.published_on) for row in rows} == {("2008年部分节假日安排（未写文号）", None)}


def test_number_and_day_of_publication_can_be_given() -> None:
    rows, findings = parse(text("2009"), notice_no="国办发明电〔2008〕42号", published_on=dt.date(2008, 12, 8))
    assert findings == []
    assert rows[0].published_on == dt.date(2008, 12, 8)


@pytest.mark.parametrize(
    "pasted",
    [
        text("2026").replace("\n", ""),
        text("2026").replace("\n", "\r\n\r\n　　"),
        text("2026").replace("，", ",").replace("：", ":").replace("（", "(").replace("）", ")"),
        text("2026").translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        text("2026").replace("至", "—"),
        text("2026").replace("周", "星期"),
        text("2026").replace("农历正月初七", "农历正\n月初七"),
        text("2026").replace("二、", "2、").replace("三、", "3. "),
        text("2026").replace("〔", "[").replace("〕", "]"),
        f"首页 > 政策\n发布日期：2025-11-05\n字号：大 中 小\n{text('2026')}\n责任编辑：甲\n2025年11月5日 22:15\n",
    ],
    ids=["one-line", "crlf", "half-width", "full-width", "dash", "weekday", "wrapped", "arabic", "brackets", "web-page"],
)
def test_the_way_it_was_pasted_does_not_matter(pasted: str) -> None:
    rows, findings = parse(pasted)
    assert [(row.day, row.kind, row.festival) for row in rows] == hand_typed("2026")
    assert {(row.notice_no, row.published_on) for row in rows} == {("国办发明电〔2025〕7号", dt.date(2025, 11, 4))}
    assert findings == []


def test_encouraged_leave_is_listed_not_read() -> None:
    rows, findings = parse(text("2024"))
    assert dt.date(2024, 2, 9) not in [row.day for row in rows]
    assert codes(findings) == ["CAL010"]
    assert "除夕(2月9日)" in findings[0].message


def test_a_principle_before_the_clauses_is_listed_not_read() -> None:
    rows, findings = parse(text("2025"))
    assert codes(findings) == ["CAL010", "CAL010"]
    assert "国庆节自10月1日起放假调休7天" in findings[1].value
    assert len([row for row in rows if row.day == dt.date(2025, 10, 1)]) == 1


def test_a_clause_not_understood_is_listed() -> None:
    rows, findings = parse(a_notice("一、妇女节：3月8日妇女放假半天。", "二、清明节：4月5日放假。"))
    assert [str(row.day) for row in rows] == ["2027-04-05"]
    assert codes(findings) == ["CAL009"]
    assert findings[0].severity == "warning"


def test_a_clause_without_its_date_is_listed() -> None:
    _, findings = parse(a_notice("一、元旦：放假1天。", "二、清明节：4月5日放假。"))
    assert [(found.code, found.value) for found in findings] == [("CAL009", "元旦:放假1天")]


def test_a_weekday_that_is_not_the_dates_is_an_error() -> None:
    _, findings = parse(a_notice("一、清明节：4月5日（星期二）放假。"))
    assert codes(findings) == ["CAL005"]
    assert "2027-04-05 是周一" in findings[0].message


def test_a_total_that_is_not_the_spans_is_an_error() -> None:
    _, findings = parse(a_notice("一、清明节：4月3日至5日放假，共4天。"))
    assert codes(findings) == ["CAL006"]
    assert "写明 4 天，按起止日期是 3 天" in findings[0].message


@pytest.mark.parametrize("span", ["2月30日", "5月5日至1日", "1月1日至12月31日", "13月1日"])
def test_an_impossible_span_is_an_error(span: str) -> None:
    _, findings = parse(a_notice(f"一、春节：{span}放假。", "二、清明节：4月5日放假。"))
    assert codes(findings) == ["CAL007"]


def test_a_day_both_off_and_worked_is_an_error() -> None:
    _, findings = parse(a_notice("一、清明节：4月3日至5日放假。4月3日上班。"))
    assert codes(findings) == ["CAL008"]


def test_half_a_yearly_notice_says_what_is_missing() -> None:
    whole = text("2026")
    _, findings = parse(whole[: whole.index("五、端午节")])
    assert [(found.code, found.value) for found in findings] == [("CAL003", ""), ("CAL012", "端午节、中秋节、国庆节")]


def test_an_extension_without_the_holiday_it_extends_is_an_error() -> None:
    _, findings = parse(text("2020-extension"))
    assert "CAL011" in codes(findings)


def test_a_merged_holiday_of_the_users_own_table_can_be_extended() -> None:
    merged = a_notice("一、国庆节、中秋节：9月30日至10月7日放假。")
    rows, _ = parse(merged)
    extension = "国务院办公厅关于延长2027年国庆节假期的通知\n国办发明电〔2027〕2号\n一、延长2027年国庆节假期至10月9日。\n"
    extended, findings = parse(extension, calendars.build(rows))
    assert [str(row.day) for row in extended][0::9] == ["2027-09-30", "2027-10-09"]
    assert codes(findings) == ["CAL003"]


@pytest.mark.parametrize("pasted", ["", "   \n", "关于召开例会的通知", "=1+1"])
def test_text_that_is_no_notice_gives_no_rows_and_a_reason(pasted: str) -> None:
    rows, findings = parse(pasted)
    assert rows == []
    assert "CAL001" in codes(findings)


def test_a_notice_without_any_day_says_so() -> None:
    rows, findings = parse(a_notice("一、请做好值班工作。"))
    assert rows == []
    assert codes(findings) == ["CAL004"]
