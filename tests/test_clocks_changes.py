"""Archive, calendar changes, changed deadlines and previews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest

from macros.calendars import base, build
from macros.clocks import archive
from macros.clocks.archive import Frozen, freeze, judgement
from macros.clocks.changes import diff, preview
from macros.clocks.engine import evaluate, judge_all
from macros.clocks.item import Item
from macros.notices import NoticeDay
from macros.register import Register
from macros.workdays import Calendar
from tests.tables import register

NOW = dt.datetime(2026, 11, 21, 9)

DEMANDS = """
    ## 需求
    | 需求编号 | 运营商 | 需求属性 | 需求提出时间 | 需求收集表签署日期 | 需求收集表收到日期 |
    | XQ-1   | 移动   | 新建独享 | 2026-11-16 | 2026-11-18      | 2026-11-19      |
    | XQ-2   | 移动   | 新建独享 | 2026-11-17 |                 |                 |
"""


def _amended() -> Calendar:
    """The published calendar with 18 November 2026 made a day of rest by a made-up notice."""
    day = NoticeDay(dt.date(2026, 11, 18), "rest", "临时放假", "测试〔2026〕1号", dt.date(2026, 11, 1))
    return build([day])


def _state(items: Iterable[Item], clock: str, key: str) -> tuple[str, str]:
    (item,) = [item for item in items if (item.clock, item.key) == (clock, key)]
    return str(item.due), item.state


@pytest.fixture
def first() -> Frozen:
    return freeze(evaluate(register(DEMANDS), base(), NOW), [], NOW, base().version)


def test_closed_deadline_is_archived_with_what_it_was_judged_by(first: Frozen) -> None:
    (row,) = [row for row in first.added if row.clock == "K01"]
    assert row == (
        "XQ-1", "K01", "2015-04-01", "2 WD", "2026-11-16", "2026-11-18", "2026-11-18", "met", base().version,
        "2026-11-21T09:00:00",
    )


def test_edited_holiday_redates_open_deadlines_and_leaves_closed_ones(first: Frozen) -> None:
    after = evaluate(register(DEMANDS), _amended(), NOW)
    assert _state(after, "K01", "XQ-1") == ("2026-11-19", "met")
    second = freeze(after, first.added, NOW, _amended().version)
    assert _state(second.items, "K01", "XQ-1") == ("2026-11-18", "met")
    assert _state(second.items, "K01", "XQ-2") == ("2026-11-20", "late")
    assert not second.added
    assert [(c.clock, c.old, c.new, c.why) for c in second.changes] == [
        ("K01", "2026-11-18", "2026-11-19", "日历或规则已变，已办结的保留原判定"),
    ]


def test_corrected_trigger_is_judged_anew_and_noted(first: Frozen) -> None:
    corrected = register(DEMANDS.replace("2026-11-16", "2026-11-13"))
    second = freeze(evaluate(corrected, base(), NOW), first.added, NOW, base().version)
    assert _state(second.items, "K01", "XQ-1") == ("2026-11-17", "met-late")
    (change,) = second.changes
    assert (change.old_state, change.new_state, change.why) == ("met", "met-late", "数据已更正，重新判定")
    assert [row.clock for row in second.added] == ["K01"]


def test_removed_closing_date_runs_again_and_is_noted(first: Frozen) -> None:
    reopened = register(DEMANDS.replace("2026-11-18", "").replace("2026-11-19", ""))
    second = freeze(evaluate(reopened, base(), NOW), first.added, NOW, base().version)
    assert _state(second.items, "K01", "XQ-1") == ("2026-11-18", "late")
    assert "办结日期已取消，恢复计时" in {change.why for change in second.changes}


def test_archive_reads_back_what_was_written(first: Frozen) -> None:
    rows, torn = archive.read(archive.write(first.added))
    assert rows == first.added
    assert not torn


def test_torn_archive_line_is_passed_over_and_named(first: Frozen) -> None:
    text = archive.write(first.added) + "XQ-9,K01,2015-04-01,2 W"
    rows, torn = archive.read(text)
    assert rows == first.added
    assert torn == [len(first.added) + 2]


def test_second_run_over_the_same_register_adds_nothing(first: Frozen) -> None:
    second = freeze(evaluate(register(DEMANDS), base(), NOW), first.added, NOW, base().version)
    assert not second.added
    assert not second.changes


PROVISIONAL = """
    ## 需求
    | 需求编号 | 需求属性 | 需求收集表收到日期 |
    | XQ-1   | 新建独享 | 2026-11-20      |
    | XQ-2   | 新建独享 | 2026-11-25      |
    | XQ-3   | 新建独享 | 2026-11-19      |
"""


def _decree(*january: int) -> Calendar:
    """The calendar with a made-up notice for 2027 that gives these days of January off."""
    rests = [*(dt.date(2027, 1, day) for day in january), dt.date(2027, 10, 1)]
    return build([NoticeDay(day, "rest", "元旦", "测试〔2026〕2号", dt.date(2026, 11, 21)) for day in rests])


@pytest.mark.parametrize(("january", "expected"), [
    # 4 January off too: the 30th working day moves from Monday 4 to Tuesday 5, from Thursday 7 to Friday 8.
    ((1, 2, 3, 4), [
        ("K04", "XQ-1", "2027-01-04", "2027-01-05", "期限变动"), ("K04", "XQ-2", "2027-01-07", "2027-01-08", "期限变动"),
    ]),
    # As estimated: nothing moves, but both become firm.
    ((1, 2, 3), [
        ("K04", "XQ-1", "2027-01-04", "2027-01-04", "暂定转为确定"), ("K04", "XQ-2", "2027-01-07", "2027-01-07", "暂定转为确定"),
    ]),
])
def test_decree_of_next_year_lists_each_provisional_deadline(
    january: tuple[int, ...], expected: list[tuple[str, ...]],
) -> None:
    now = dt.datetime(2026, 11, 26, 9)
    changes = diff(evaluate(register(PROVISIONAL), base(), now), evaluate(register(PROVISIONAL), _decree(*january), now))
    assert [(c.clock, c.key, c.old, c.new, c.why) for c in changes] == expected


def _override(until: str, who: str = "部门经理A", why: str = "客户同意延期") -> Register:
    return register(f"""{DEMANDS}
    ## 时限调整
    | 单号  | 时限 | 原期限     | 调整为  | 批准人 | 批准日期   | 理由  |
    | XQ-2 | K01 | 2026-11-19 | {until} | {who} | 2026-11-19 | {why} |
    """)


def test_changed_deadline_keeps_the_original_and_says_who_and_why() -> None:
    items = evaluate(_override("2026-11-25"), base(), NOW)
    (item,) = [item for item in items if (item.clock, item.key) == ("K01", "XQ-2")]
    assert (item.due, item.original_due, item.state) == (dt.date(2026, 11, 25), dt.date(2026, 11, 19), "open")
    assert item.note == "原期限2026-11-19，部门经理A改为2026-11-25：客户同意延期"


@pytest.mark.parametrize(("until", "who", "why", "code"), [
    ("2026-11-25", "", "客户同意", "CLK003"),
    ("2026-11-25", "部门经理A", "", "CLK003"),
    ("月底", "部门经理A", "客户同意", "CLK004"),
])
def test_change_without_name_reason_or_date_is_refused_and_said(until: str, who: str, why: str, code: str) -> None:
    judged = judge_all(_override(until, who, why), base(), NOW)
    assert _state(judged.items, "K01", "XQ-2") == ("2026-11-19", "late")
    assert [finding.code for finding in judged.findings] == [code]


def test_change_of_a_deadline_that_does_not_exist_is_said() -> None:
    other = register(f"""{DEMANDS}
    ## 时限调整
    | 单号  | 时限 | 原期限     | 调整为     | 批准人    | 批准日期   | 理由 |
    | XQ-9 | K01 | 2026-11-19 | 2026-11-25 | 部门经理A | 2026-11-19 | 延期 |
    """)
    assert [finding.code for finding in judge_all(other, base(), NOW).findings] == ["CLK005"]


def test_judgement_of_a_changed_deadline_names_the_change() -> None:
    (item,) = [i for i in evaluate(_override("2026-11-25"), base(), NOW) if (i.clock, i.key) == ("K01", "XQ-2")]
    assert judgement(item, "", NOW).limit == "2 WD → 2026-11-25"


def test_preview_lists_every_dependent_deadline_before_anything_is_saved() -> None:
    demands = register(DEMANDS)
    changes = preview(demands, base(), NOW, "demand", "XQ-1", "form_signed_on", dt.date(2026, 11, 19))
    assert [(c.clock, c.old, c.new, c.new_state) for c in changes] == [
        ("K01", "2026-11-18", "2026-11-18", "met-late"),
        ("K02", "2026-12-02", "2026-12-03", "open"),
        ("K03", "2026-11-18", "2026-11-19", "late"),
    ]
    assert _state(evaluate(demands, base(), NOW), "K02", "XQ-1") == ("2026-12-02", "open")


def test_preview_of_receipt_moves_order_and_batches() -> None:
    changes = preview(register(DEMANDS), base(), NOW, "demand", "XQ-1", "form_received_on", dt.date(2026, 11, 20))
    assert [(c.clock, c.old, c.new) for c in changes] == [
        ("K04", "2026-12-31", "2027-01-04"),
        ("K06", "2026-11-26", "2026-11-27"),
    ]


def test_preview_of_a_row_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        preview(register(DEMANDS), base(), NOW, "demand", "XQ-9", "form_signed_on", None)
