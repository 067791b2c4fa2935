"""Boards, hints, counts and calendars made of deadlines."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.definitions import definitions
from macros.calendars import base
from macros.clocks import board, sheets, tallies
from macros.clocks.attribution import attribution
from macros.clocks.engine import evaluate
from macros.clocks.hints import hints
from macros.clocks.ics import calendar, fold
from macros.clocks.item import Item
from macros.clocks.rules import clocks, words
from tests.tables import register

NOW = dt.datetime(2026, 11, 20, 15, 30)

CITY = """
    ## 客户
    | 客户名称 | 运营商 | 区县 | 服务等级 | 联席会议日 | 客户经理 |
    | 移动甲县 | 移动  | 甲县 | VIP     | 25       | 客户经理A |
    | 联通甲县 | 联通  | 甲县 | 标准     | 27       | 客户经理B |

    ## 需求
    | 需求编号 | 运营商 | 区县 | 需求属性 | 产品类型 | 需求提出时间 | 需求收集表签署日期 | 需求收集表收到日期 | 暂停起始日期 | 暂停责任方 | 暂停原因 |
    | XQ-1   | 移动   | 甲县 | 新建独享 | 铁塔类  | 2026-10-20 | 2026-10-22     | 2026-10-23    | 2026-11-05 | 客户     | 等批复  |
    | XQ-2   | 联通   | 甲县 | 新建独享 | 铁塔类  | 2026-11-18 |               |               |            |         |        |
    | XQ-3   | 联通   | 甲县 | 新建独享 | 铁塔类  | 2026-11-19 |               |               |            |         |        |
    | XQ-4   | 联通   | 甲县 | 新建独享 | 铁塔类  | 2026-11-10 | 2026-11-12     |               |            |         |        |

    ## 租约
    | 产品业务确认单编号 | 运营商 | 区县 | 服务开始日期 | 服务结束日期 |
    | QR1            | 移动   | 甲县 | 2024-01-01 | 2027-02-20 |

    ## 故障
    | 故障编号 | 客户名称 | 申告时间          |
    | GZ1    | 移动甲县 | 2026-11-20 15:10 |
    | GZ2    | 联通甲县 | 2026-11-20 12:00 |

    ## 投诉
    | 投诉编号 | 客户名称 | 受理时间          | 首次反馈时间       |
    | TS1    | 联通甲县 | 2026-11-12 09:00 | 2026-11-12 09:30 |
"""


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return evaluate(register(CITY), base(), NOW)


def test_board_sorts_minutes_days_months_and_quotas_by_true_instant(items: list[Item]) -> None:
    shown = [(item.clock, item.key) for item in board.running(items, NOW, days=5)]
    assert shown == [
        ("K06", "XQ-1"),               # 10-30, fifth working day
        ("K40", "2026-11"),            # 11-02
        ("K42", "2026-11"),
        ("K02", "XQ-1"),               # 11-05, tenth working day
        ("K20", "移动 2026-10"),         # 11-10, first ten days
        ("K21", "移动 2026-10"),
        ("K34", "TS1"),                # 11-18
        ("K27", "GZ2"),                # 11-20 13:00, sixty minutes
        ("K27", "GZ1"),                # 11-20 15:40, thirty minutes
        ("K01", "XQ-2"),               # 11-20 24:00
        ("K24", "QR1"),                # 11-20 24:00, three months before
        ("K39", "移动甲县 2026-W47"),    # 11-22, weekly quota
        ("K39", "联通甲县 2026-W47"),
        ("K01", "XQ-3"),               # 11-23
        ("K22", "移动 2026-10"),         # 11-25
        ("K38", "移动甲县 2026-11"),     # 11-25, agreed day
        ("K28", "GZ1"),                # nothing agreed
        ("K28", "GZ2"),
    ]


def test_soft_limits_stand_apart_and_never_touch_the_rate(items: list[Item]) -> None:
    assert {item.kind for item in board.aside(items, NOW)} == {"soft"}
    assert not {item.kind for item in board.running(items, NOW)} & {"soft"}
    line = tallies.counts(items, NOW, tallies.by_customer)["联通甲县"]
    # Hard: K01 of XQ-4 met, K32 of TS1 met, K27 of GZ2 overdue; K33 of TS1 overdue too, but soft.
    assert (line.met, line.met_late, line.hard_late) == (2, 0, 1)
    assert line.rate == pytest.approx(2 / 3)


def test_complaints_count_in_the_rate_where_the_user_says_so(items: list[Item]) -> None:
    chosen = {"A12": "计入，超时列入重点督办"}
    line = tallies.counts(items, NOW, tallies.by_customer, chosen)["联通甲县"]
    assert line.hard_late == 2


def test_counts_by_manager(items: list[Item]) -> None:
    lines = tallies.counts(items, NOW, tallies.by_manager)
    assert list(lines) == ["客户经理A", "客户经理B", "（未填）"]
    line = lines["客户经理B"]
    # Late: K27 GZ2, K34 TS1. Today: K01 XQ-2. Within three days: K39 on the 22nd, K01 XQ-3 on the 23rd.
    assert (line.late, line.today, line.near) == (2, 1, 2)
    assert sheets.counts_sheet(lines, sheets.MANAGERS)[0][:3] == ["客户经理", "逾期", "今日"]


def test_board_row_says_what_to_do_and_where_it_stands(items: list[Item]) -> None:
    rows = sheets.sheet([item for item in items if (item.clock, item.key) == ("K02", "XQ-1")], NOW)
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["状态"], row["单号"], row["客户"], row["客户经理"]) == ("逾期", "XQ-1", "移动甲县", "客户经理A")
    assert row["剩余"] == "逾期15天"
    assert row["位置"] == "《需求台账》需求 G2"
    assert row["起算"] == "需求收集表签署日期 2026-10-22"
    assert row["到期时刻"] == dt.datetime(2026, 11, 5, 23, 59, 59)


def test_workbook_has_every_sheet_with_soft_limits_on_their_own(items: list[Item]) -> None:
    made = sheets.workbook(items, NOW, {})
    assert list(made) == ["待办", "软时限", "分客户", "分客户经理", "重点督办", "归因"]
    kinds = made["软时限"][0].index("类别")
    assert {row[kinds] for row in made["软时限"][1:]} == {"软时限"}
    assert "软时限" not in {row[kinds] for row in made["待办"][1:]}
    assert {len(row) for row in made["分客户"]} == {10}


def test_one_line_of_text_says_what_is_due_and_how_far_off(items: list[Item]) -> None:
    (item,) = [item for item in items if (item.clock, item.key) == ("K27", "GZ2")]
    assert board.line(item, NOW) == "逾期  K27  故障首次反馈  GZ2  联通甲县  2026-11-20 13:00  逾期2小时30分  §2.4.1.4(3)"


def test_more_than_a_sheet_holds_puts_the_nearest_first(items: list[Item]) -> None:
    (item,) = [item for item in items if (item.clock, item.key) == ("K02", "XQ-1")]
    # 10, 3, 1 and 30 days from 20 November, and one without a day.
    days = [dt.date(2026, 11, 10), dt.date(2026, 11, 17), dt.date(2026, 11, 21), dt.date(2026, 12, 20), None]
    made = [item._replace(due=day) for day in days]
    assert [one.due for one in board.nearest_first(made, NOW, 5)] == days
    assert [one.due for one in board.nearest_first(made, NOW, 2)] == [days[1], days[2], days[0], days[3], None]


def test_hint_names_the_worst_standing_first(items: list[Item]) -> None:
    by_row = {(place.sheet, place.row): text for place, text in hints(items, NOW).items()}
    assert by_row["需求", 2] == "逾期 K06 2026-10-30（逾期21天）；K02 2026-11-05（逾期15天）；K04 2026-12-04（剩14天）；K03 2026-10-22（逾期29天）"
    assert by_row["需求", 3] == "今日 K01 2026-11-20（今日）"
    assert by_row["需求", 4] == "临近 K01 2026-11-23（剩3天）"
    assert by_row["故障", 3].startswith("逾期 K27 2026-11-20 13:00（逾期2小时30分）")


def test_supervision_lists_complaints_past_three_working_days(items: list[Item]) -> None:
    headings, row = sheets.supervision(items, NOW)
    told = dict(zip(headings, row, strict=True))
    # Accepted Thursday 12 November: 13, 16, 17; three days over on the 20th.
    assert (told["投诉编号"], told["解决期限"], told["超过天数"], told["报告表"]) == (
        "TS1", dt.date(2026, 11, 17), 3, "重点督办报告",
    )


def test_waiting_days_are_split_by_party_and_add_up(items: list[Item]) -> None:
    shares = [share for share in attribution(items, NOW) if share.key == "XQ-1" and share.clock == "K02"]
    (share,) = shares
    # 22 October to 20 November are 29 days; since 5 November, 15 days, for the customer.
    assert (share.elapsed, share.ours, share.waited, share.party) == (29, 14, 15, "客户")


def test_attribution_totals_tie(items: list[Item]) -> None:
    shares = attribution(items, NOW)
    totals = sheets.shares(shares)[-1]
    assert sum(share.ours + share.waited for share in shares) == totals[4] == sum(share.elapsed for share in shares)


def test_calendar_file_opens_with_an_independent_reader(items: list[Item]) -> None:
    text = calendar(items, NOW)
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    running = [item for item in items if item.running and item.due]
    assert len(events) == len(running)
    assert len({str(event["UID"]) for event in events}) == len(running)
    notice = next(event for event in events if "K24" in str(event["SUMMARY"]))
    assert notice.decoded("DTSTART") == dt.date(2026, 11, 20)
    assert notice.decoded("DTEND") == dt.date(2026, 11, 21)
    fault = next(event for event in events if "GZ1" in str(event["SUMMARY"]))
    assert fault.decoded("DTSTART").replace(tzinfo=None) == dt.datetime(2026, 11, 20, 15, 40)
    assert all(event.walk("VALARM") for event in events)


def test_calendar_lines_are_short_end_in_crlf_and_split_no_character(items: list[Item]) -> None:
    text = calendar(items, NOW)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_calendar_keeps_its_uids(items: list[Item]) -> None:
    later = evaluate(register(CITY), base(), NOW + dt.timedelta(minutes=5))

    def uids(text: str) -> set[str]:
        return {line for line in text.split("\r\n") if line.startswith("UID:")}

    assert uids(calendar(items, NOW)) == uids(calendar(later, NOW))


def test_calendar_leaves_out_the_far_past_and_future_and_counts_them(items: list[Item]) -> None:
    (item,) = [item for item in items if (item.clock, item.key) == ("K02", "XQ-1")]
    # Thirty days back from 20 November is 21 October; ninety ahead is 18 February.
    days = [
        dt.date(2026, 10, 20), dt.date(2026, 10, 21), dt.date(2026, 12, 4), dt.date(2027, 2, 18), dt.date(2027, 2, 19),
        dt.date(2027, 3, 1),
    ]
    made = [
        item._replace(key=f"XQ-{day}", due=day, act_by=day, state="late" if day < NOW.date() else "open") for day in days
    ]
    events = icalendar.Calendar.from_ical(calendar(made, NOW)).walk("VEVENT")
    assert [event.decoded("DTSTART") for event in events] == [NOW.date(), days[2], days[1], days[3]]
    assert str(events[0]["SUMMARY"]) == "另有逾期 1 项、未到期 2 项，见待办.xlsx"


@pytest.mark.parametrize(("line", "folded"), [
    ("A" * 75, "A" * 75),
    ("A" * 76, "A" * 75 + "\r\n A"),
    ("A" * 74 + "塔", "A" * 74 + "\r\n 塔"),
])
def test_folding(line: str, folded: str) -> None:
    assert fold(line) == folded


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
@settings(max_examples=100, deadline=None)
def test_folded_lines_unfold_to_what_they_were(line: str) -> None:
    folded = fold(line)
    assert folded.replace("\r\n ", "") == line
    assert all(len(piece.encode()) <= 75 for piece in folded.split("\r\n"))


def test_papers_on_the_board_are_called_as_their_definitions_call_them() -> None:
    unnumbered = {clock.form for clock in clocks().values() if clock.form and not clock.form[0].isdigit()}
    assert {code: definitions()[code].name for code in unnumbered} == words()["papers"]
