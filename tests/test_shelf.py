"""What a register folder does with results beyond what its workbooks hold."""

from __future__ import annotations

import itertools
from pathlib import Path

import openpyxl

from macros.commands.boarding import board
from macros.commands.setup import init
from macros.commands.shelf import Shelf
from macros.hosts.xlsx_read import rows

#: A sheet holds 1,048,576 rows: the heading, 1,048,574 results and the line that says what is left out.
ROOM = 1_048_576


def test_results_beyond_the_last_row_are_counted_in_the_last_line_and_in_a_finding(tmp_path: Path) -> None:
    init(tmp_path / "台账", "大城")
    shelf = Shelf(tmp_path / "台账")
    shelf.output("问题清单.xlsx", "问题", [["级别"], *([["错误"]] * (ROOM + 9))])
    (said,) = shelf.save()
    assert (said.code, said.workbook, said.sheet) == ("CMD016", "问题清单.xlsx", "问题")
    # 1,048,585 results, of which 1,048,574 stand in the sheet.
    assert "共1048585项，其中11项未列出" in said.message
    written = rows(tmp_path / "台账" / "问题清单.xlsx", "问题")
    assert list(itertools.islice(written, ROOM - 2, None)) == [["错误"], [said.message]]
    assert shelf.save() == []


def test_a_board_without_one_of_its_sheets_still_gets_the_others(tmp_path: Path) -> None:
    init(tmp_path, "大城")
    book = openpyxl.load_workbook(tmp_path / "待办.xlsx")
    del book["软时限"]
    book.save(tmp_path / "待办.xlsx")
    answer = board(tmp_path, "2026-11-21T09:00")
    assert [(said["code"], said["value"]) for said in answer.data["findings"]] == [("WBK030", "软时限")]
    # A week's duties stand on the board of a blank register too.
    assert len(list(rows(tmp_path / "待办.xlsx", "待办"))) > 1
