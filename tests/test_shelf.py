"""What a register folder does with results beyond what its workbooks hold."""

from __future__ import annotations

import itertools
from pathlib import Path

import openpyxl
import pytest

from macros.commands.boarding import board
from macros.commands.shelf import Shelf
from macros.forms import forms
from macros.hosts import Refused
from macros.hosts.xlsx_read import rows
from tests.city import City, enter, run

#: A sheet holds 1,048,576 rows: the heading, 1,048,574 results and the line that says what is left out.
ROOM = 1_048_576


def test_results_beyond_the_last_row_are_counted_in_the_last_line_and_in_a_finding(folder: Path) -> None:
    shelf = Shelf(folder)
    shelf.output("问题清单.xlsx", "问题", [["级别"], *([["错误"]] * (ROOM + 9))])
    (said,) = shelf.save()
    assert (said.code, said.workbook, said.sheet) == ("CMD016", "问题清单.xlsx", "问题")
    # 1,048,585 results, of which 1,048,574 stand in the sheet.
    assert "共1048585项，其中11项未列出" in said.message
    written = rows(folder / "问题清单.xlsx", "问题")
    assert list(itertools.islice(written, ROOM - 2, None)) == [["错误"], [said.message]]
    assert shelf.save() == []


@pytest.mark.parametrize(("code", "said"), [("fact", "CMD019"), ("contact", "CMD003")])
def test_rows_for_a_sheet_that_is_not_there_name_the_sheet(folder: Path, code: str, said: str) -> None:
    form = forms()[code]
    book = openpyxl.load_workbook(folder / form.file)
    del book[form.title]
    book.save(folder / form.file)
    with pytest.raises(Refused) as refused:
        Shelf(folder).append(form, [["字"] * len(form.columns)])
    assert (refused.value.finding.code, refused.value.finding.sheet) == (said, form.title)


def test_a_board_without_one_of_its_sheets_still_gets_the_others(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "待办.xlsx")
    del book["软时限"]
    book.save(folder / "待办.xlsx")
    answer = board(folder, "2026-11-21T09:00")
    assert [(said["code"], said["value"]) for said in answer.data["findings"]] == [("WBK030", "软时限")]
    # A week's duties stand on the board of a blank register too.
    assert len(list(rows(folder / "待办.xlsx", "待办"))) > 1


TWO_DEMANDS = """
## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 需求提出时间 |
| XQ-1 | 移动 | 澜江 | 江北 | 一号站 | 2026-11-02 |
| XQ-2 | 联通 | 澜江 | 江北 | 二号站 | 哪天 |
"""


def damaged(folder: Path, file: str) -> None:
    """A workbook whose download broke off."""
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[: len(whole) // 2])


def test_tables_read_one_by_one_say_what_the_whole_register_says(city: City) -> None:
    whole, some = Shelf(city.folder).register(), Shelf(city.folder).on_demand()
    backwards = {code: some.rows(code) for code in reversed(list(forms()))}
    assert {code: [(row.values, row.place, row.columns) for row in rows] for code, rows in backwards.items()} == {
        code: [(row.values, row.place, row.columns) for row in rows] for code, rows in whole.tables.items()
    }
    assert some.findings == whole.findings
    assert list(some.tables) == list(whole.tables)


def test_a_table_asked_for_leaves_the_other_workbooks_unread(folder: Path) -> None:
    enter(folder, TWO_DEMANDS)
    damaged(folder, "服务台账.xlsx")
    register = Shelf(folder).on_demand()
    assert [row.key for row in register.rows("demand")] == ["XQ-1", "XQ-2"]
    assert register.find("demand", "XQ-2") and not register.find("fault", "")
    with pytest.raises(Refused, match="服务台账"):
        register.find("fault", "GZ-1")
    with pytest.raises(Refused, match="服务台账"):
        assert register.findings
    with pytest.raises(Refused, match="服务台账"):
        Shelf(folder).register()


def test_what_reading_has_to_say_is_told_of_tables_nobody_asked_for(folder: Path) -> None:
    enter(folder, TWO_DEMANDS)
    (folder / "站址台账.xlsx").unlink()
    register = Shelf(folder).on_demand()
    assert register.rows("site") == ()
    assert [(said.code, said.workbook, said.key) for said in register.findings] == [
        ("CMD002", "站址台账.xlsx", ""), ("VAL010", "需求台账.xlsx", "XQ-2"),
    ]


def test_other_rows_in_one_table_leave_the_unread_ones_unread(folder: Path) -> None:
    enter(folder, TWO_DEMANDS)
    damaged(folder, "服务台账.xlsx")
    register = Shelf(folder).on_demand()
    first = register.rows("demand")[:1]
    assert first
    few = register.having({"demand": first})
    assert (few.rows("demand"), few.rows("customer")) == (first, ())
    assert list(few.tables) == list(register.tables)
    with pytest.raises(Refused, match="服务台账"):
        few.rows("fault")


def test_rows_are_added_to_a_table_that_was_not_read(folder: Path) -> None:
    shelf = Shelf(folder)
    form = forms()["mapping"]
    shelf.append(form, [["甲" if column.type == "text" else None for column in form.columns]])
    assert shelf.save() == []
    assert len(Shelf(folder).register().rows("mapping")) == 1


def test_no_paper_is_made_where_a_workbook_it_draws_on_cannot_be_read(folder: Path) -> None:
    enter(folder, TWO_DEMANDS)
    damaged(folder, "客户台账.xlsx")
    with pytest.raises(Refused, match="客户台账"):
        run("form", "3.1", ["XQ-1"], folder, now="2026-11-21T09:00")
    assert not (folder / "单据").exists()
