"""A document is offered in the right state only, and the reason against it is told."""

import datetime as dt

import pytest

from generator.definitions import parse
from generator.states import due_forms, due_from, offered
from macros.calendars import base
from macros.clocks.item import Item, State
from macros.clocks.limits import Memory
from macros.clocks.rules import clocks
from macros.periods import Due
from tests.offices import NOW, ORDER, city, order_form, runs_form
from tests.tables import register

BOTH = {"3.4": order_form(), "3.10": runs_form()}


def reasons(order: str) -> list[str]:
    city_ = city()
    record = city_.find("order", order)
    assert record is not None
    ((definition, said),) = offered(city_, record, NOW.date(), BOTH)
    assert definition.code == "3.4"
    return said


def test_an_order_with_its_31_signed_is_offered_34() -> None:
    assert reasons("DD-1") == []


def test_without_31_signed_the_reason_is_told() -> None:
    assert reasons("DD-2") == ["需求收集表尚未签署"]


def test_an_order_without_its_demand_is_ready_for_nothing() -> None:
    bare = city("## 订单\n| 订单号 | 需求编号 |\n| DD-9 | XQ-9999 |")
    record = bare.find("order", "DD-9")
    assert record is not None
    assert offered(bare, record, NOW.date(), BOTH)[0][1] == ["需求收集表尚未签署", "需求属性尚未确定"]


def test_a_row_outside_of_where_is_no_part_of_the_document() -> None:
    failed = city().find("generator", "YJ-2")
    assert failed is not None
    assert offered(city(), failed, NOW.date(), BOTH) == []


def item(clock: str, key: str, state: State = "open", due: dt.date | None = None, provisional: bool = False) -> Item:
    return Item(clocks()[clock], key, "移动", due, due, state, provisional)


def test_open_and_late_items_call_for_their_forms_once() -> None:
    items = [
        item("K04", "XQ-0007", "late"), item("K04", "XQ-0008", "met"), item("K06", "XQ-0007"),
        item("K20", "移动 2026-10"), item("K22", "移动 2026-10"),
    ]
    assert [(definition.code, key) for definition, key in due_forms(items, BOTH)] == [
        ("3.4", "XQ-0007"), ("3.10", "移动 2026-10")
    ]


def test_a_due_date_is_found_by_the_demand_an_order_refers_to() -> None:
    due = due_from([item("K08", "XQ-0007", due=dt.date(2027, 1, 4), provisional=True)])
    first, second, _ = city().rows("order")
    assert due("K08", first) == Due(dt.date(2027, 1, 4), True)
    assert due("K08", second) is None
    assert due("K04", first) is None


def test_a_due_date_is_found_by_a_key_of_several_parts_in_any_order() -> None:
    statement = register("## 账单\n| 账期 | 运营商 |\n| 2026-10 | 移动 |").rows("statement")[0]
    assert due_from([item("K22", "移动 2026-10", due=dt.date(2026, 11, 25))])("K22", statement) == Due(dt.date(2026, 11, 25), False)


@pytest.mark.parametrize(
    ("renew", "clock", "day"),
    [
        ("", "K25", dt.date(2027, 2, 28)), ("", "K26", dt.date(2027, 2, 28)),
        ("是", "K26", None), ("否", "K25", None), ("", "K23", None),  # K23: no fee has changed
        ("是", "K25", dt.date(2027, 2, 28)),
    ],
)
def test_a_limit_waiting_for_a_decision_is_reckoned_for_the_paper_that_asks(
    renew: str, clock: str, day: dt.date | None,
) -> None:
    text = f"## 租约\n| 产品业务确认单编号 | 运营商 | 服务结束日期 | 是否续签 |\n| ZY-1 | 移动 | 2027-03-31 | {renew} |"
    record = register(text).rows("lease")[0]
    due = due_from([], Memory(base()))(clock, record)
    assert due == (Due(day, False) if day else None)
    assert due_from([])(clock, record) is None


def test_a_fault_reported_after_the_boards_moment_has_no_limit_there_yet() -> None:
    fault = register("## 故障\n| 故障编号 | 申告时间 |\n| GZ-1 | 2026-11-21 14:15 |").rows("fault")[0]
    assert due_from([], Memory(base()))("K27", fault) is None


def test_one_of_several_columns_is_enough() -> None:
    both = parse(ORDER.replace('"需求.form_signed_on", filled', '["需求.form_signed_on", "需求.solution"], filled'))
    record = city().find("order", "DD-2")
    assert record is not None
    assert offered(city(), record, NOW.date(), {"3.4": both})[0][1] == []


@pytest.mark.parametrize(
    ("starts", "ends", "part"),
    [
        ("2026-10-31", "", True), ("2026-11-01", "", False), ("", "", False),
        ("2020-01-01", "2026-10-01", True), ("2020-01-01", "2026-09-30", False),
    ],
)
def test_a_lease_is_part_of_last_months_list_while_it_runs(starts: str, ends: str, part: bool) -> None:
    listed = parse(LEASES)
    leases = register(f"## 租约\n| 产品业务确认单编号 | 运营商 | 服务开始日期 | 服务结束日期 |\n| ZY-1 | 移动 | {starts} | {ends} |")
    record = leases.rows("lease")[0]
    assert bool(offered(leases, record, NOW.date(), {"3.9": listed})) is part


LEASES = """
code = "3.9"
name = "已起租产品明细表"
table = "lease"
template = "3.9.docx"
where = [{column = "starts_on", not_after = "截止日"}, {column = "ends_on", not_before = "账期首日"}]
computed = [{name = "截止日", day = "last_month_end"}, {name = "账期首日", day = "last_month_start"}]
"""
