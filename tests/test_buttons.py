"""Buttons, commands and command line are one thing: what the ribbon names, the program runs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from addin.buttons import Order, button_of, filled, orders
from addin.desk import Selection, caller_of
from addin.gather import _PARTS
from addin.guide.page import page
from addin.ribbon import Menu, tab
from addin.rows import Row, heading_of, rows_of
from generator.definitions import definitions
from macros.cli import parsed
from macros.commands import COMMANDS, command
from macros.commands.guide import BOOK, GUIDE
from macros.forms import forms
from macros.hosts import Refused
from tests.city import City

BUTTONS = {button.id: button for button in tab().buttons()}
#: A word for every part that a click gathers.
GATHERED = {
    "register": ["台账"], "rows": ["XQ-0007", "-8"], "row": ["XQ-0007"], "paper": ["3.4"], "papers": ["3.4"], "clock": ["K04"],
    "field": ["签署日期"], "date": ["2026-11-20"], "year": ["2026"], "month": ["2026-10"], "ledger": ["账单.xlsx"], "files": ["-来文.xlsx"], "notice": ["通知.txt"], "folder": ["新台账"],
    "this_month": ["2026-11"], "quarter": ["2026-Q3"], "why": ["行程有变"], "who": ["客户经理甲"], "approver": ["部门经理甲"],
    "leaving": ["客户经理甲"], "following": ["客户经理乙"], "snapshot": ["20261121-0900"], "copy": ["副本"], "cities": ["全省"], "place": ["汇总"],
}


def test_every_button_has_an_order_and_every_order_a_button() -> None:
    assert set(BUTTONS) == set(orders())


def test_the_tab_has_its_six_groups() -> None:
    assert [group.label for group in tab().groups] == ["今日", "需求", "交付", "账务", "服务", "工具"]


def test_no_button_stands_twice() -> None:
    assert [name for name, times in Counter(button.id for button in tab().buttons()).items() if times > 1] == []


@pytest.mark.parametrize("name", orders())
def test_an_order_is_a_call_of_the_command_line(name: str) -> None:
    called, options = parsed(filled(orders()[name], GATHERED))
    assert called in COMMANDS
    assert callable(command(called))
    assert all(value == ["XQ-0007", "-8"] for option, value in options.items() if option == "keys" and value)


def test_every_part_that_orders_name_can_be_gathered() -> None:
    assert {word[1:-1] for order in orders().values() for word in order.words if word.startswith("{")} == set(_PARTS)


@pytest.mark.parametrize("code", [code for code, each in definitions().items() if not each.made_by])
def test_a_papers_button_is_called_and_enabled_by_its_definition(code: str) -> None:
    button, definition = BUTTONS[button_of(code)], definitions()[code]
    assert button.label == (f"{code} {definition.name}" if definition.number else definition.name)
    table = forms()[definition.table]
    assert button.sheets == (forms()[table.rows_of or table.code].title,)


@pytest.mark.parametrize("name", [name for name, button in BUTTONS.items() if not name.startswith("form_")])
def test_other_buttons_work_on_every_sheet(name: str) -> None:
    assert BUTTONS[name].sheets == ()


def test_every_button_says_what_it_does() -> None:
    assert [name for name, button in BUTTONS.items() if len(button.supertip) < 8 or not button.supertip.endswith("。")] == []


def test_key_tips_lead_to_one_thing_each() -> None:
    top = [item.keytip for group in tab().groups for item in group.items]
    assert len(top) == len(set(top))
    for menu in (item for group in tab().groups for item in group.items if isinstance(item, Menu)):
        assert len({button.keytip for button in menu.buttons}) == len(menu.buttons)


def test_parts_may_be_none_one_or_many_words() -> None:
    order = Order(("form", "{paper}", "{rows}"), "")
    assert filled(order, {"paper": ["3.4"], "rows": ["甲", "乙"]}) == ["form", "3.4", "甲", "乙"]


def test_a_launcher_says_who_clicked() -> None:
    caller = caller_of(["board", "--host", "excel", "--book", "2026=Q1;甲&乙.xlsx", "--hwnd", "4711"])
    assert (caller.id, caller.host, caller.book, caller.hwnd) == ("board", "excel", "2026=Q1;甲&乙.xlsx", 4711)


# Selected rows of the sample city, whose demands stand from row 2 on: XQ-YD-0001, XQ-YD-0002, …


def select(city: City, file: str, sheet: str, *rows: int, column: int = 1) -> Selection:
    return Selection(city.folder / file, sheet, rows, column)


def test_rows_of_a_table_are_known_by_their_keys(city: City) -> None:
    assert rows_of(select(city, "需求台账.xlsx", "需求", 2, 4)) == [Row("XQ-YD-0001"), Row("XQ-YD-0003")]


def test_the_heading_row_and_empty_rows_have_no_key(city: City) -> None:
    with pytest.raises(Refused) as caught:
        rows_of(select(city, "需求台账.xlsx", "需求", 1, 90000))
    assert (caught.value.finding.code, caught.value.finding.cell) == ("ADD007", "A1")


def test_a_row_of_the_board_names_its_key_and_its_clock(city: City) -> None:
    row = rows_of(select(city, "待办.xlsx", "待办", 2))[0]
    assert row.key
    assert row.clock.startswith("K")


def test_a_sheet_that_is_no_table_is_refused(city: City) -> None:
    with pytest.raises(Refused) as caught:
        rows_of(select(city, "待办.xlsx", "分客户", 2))
    assert caught.value.finding.code == "ADD006"


def test_a_click_works_on_so_many_rows_and_no_more(city: City) -> None:
    with pytest.raises(Refused) as caught:
        rows_of(select(city, "需求台账.xlsx", "需求", *range(2, 2003)))
    assert caught.value.finding.code == "ADD012"


def test_the_heading_over_the_selected_cell_is_found(city: City) -> None:
    assert heading_of(select(city, "需求台账.xlsx", "需求", 2, column=1)) == "需求编号"


def test_a_column_without_heading_is_refused(city: City) -> None:
    with pytest.raises(Refused) as caught:
        heading_of(select(city, "需求台账.xlsx", "需求", 2, column=200))
    assert caught.value.finding.code == "ADD009"


def test_the_guide_that_the_button_opens_is_the_guide() -> None:
    assert GUIDE.read_text(encoding="utf-8") == page()


def test_papers_are_found_where_they_were_put(city: City, tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        command("papers")(folder=tmp_path)
    assert caught.value.finding.code == "CMD017"
    (tmp_path / "单据").mkdir()
    (tmp_path / "单据" / "甲.docx").write_bytes(b"")
    assert command("papers")(folder=tmp_path, now=dt.date(2026, 11, 20).isoformat()).data["papers"] == [str(tmp_path / "单据" / "甲.docx")]


def test_the_button_that_prints_the_guide_opens_a_word_file_that_comes_with_the_program() -> None:
    assert Path(str(command("guide")(kind="word").data["file"])) == BOOK
    assert BOOK.is_file()
