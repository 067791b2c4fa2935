"""Files that are not what their name says, or no files at all: read by what they hold, or refused at once."""

from __future__ import annotations

import os
from pathlib import Path

import openpyxl
import pytest

from macros.hosts import Refused, Sheet, open_book
from macros.hosts.text import read_text
from macros.intake import read_form
from macros.records import Broken
from tests.city import look, run
from tests.test_bad_workbooks import member, ods, refusal, remade

SHEET = "xl/worksheets/sheet1.xml"
WORD = '<table:table-row><table:table-cell office:value-type="string"><text:p>站名</text:p></table:table-cell></table:table-row>'

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")


def pipe(path: Path) -> Path:
    """A pipe nobody writes into: whoever reads it waits for ever."""
    os.mkfifo(path)
    return path


@needs_pipes
@pytest.mark.parametrize("name", ["管道.xlsx", "管道.csv"])
def test_a_pipe_is_no_workbook(tmp_path: Path, name: str) -> None:
    assert refusal(pipe(tmp_path / name)) == "WBK001"


@needs_pipes
def test_a_pipe_is_no_returned_form_and_no_notice(folder: Path, tmp_path: Path) -> None:
    _, _, (said,) = read_form(pipe(tmp_path / "回收.docx"))
    assert (said.code, "不是普通文件" in said.message) == ("WBK001", True)
    with pytest.raises(Refused) as caught:
        run("workdays.import", pipe(tmp_path / "通知.txt"), folder)
    assert caught.value.finding.code == "WBK001"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no such device")
def test_a_file_without_end_is_no_returned_form(tmp_path: Path) -> None:
    (tmp_path / "回收.docx").symlink_to("/dev/zero")
    _, _, (said,) = read_form(tmp_path / "回收.docx")
    assert said.code == "WBK001"


@pytest.mark.parametrize("name", ["导出.xlsx", "导出.xls", "导出"])
def test_an_old_format_is_read_whatever_its_name_says(tmp_path: Path, name: str) -> None:
    sheets, findings = open_book(ods(tmp_path / name, WORD))
    assert [sheet.rows for sheet in sheets] == [[["站名"]]]
    assert [one.code for one in findings] == ["WBK020", "WBK026"]


@pytest.mark.parametrize(("written", "read"), [
    ('="0012"', "0012"), ('"=""0012"""', "0012"), ('="甲""乙"', '甲"乙'), (' ="7" ', "7"), ('=""', None),
    ('="甲"&"乙"', '="甲"&"乙"'), ("=1+1", "=1+1"), ('说明="甲"', '说明="甲"'),
])
def test_a_formula_that_only_guards_a_text_is_that_text(tmp_path: Path, written: str, read: str | None) -> None:
    path = tmp_path / "表.csv"
    path.write_text(f"编号,名称\n{written},乙\n", encoding="utf-8")
    assert read_text(path).rows == [["编号", "名称"], [read, "乙"]]


def test_text_of_four_bytes_a_letter_is_read(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes("编号,名称\n1,甲\n".encode("utf-32"))
    assert read_text(path) == Sheet("", [["编号", "名称"], ["1", "甲"]])


def test_a_cell_of_an_unknown_kind_is_no_number(tmp_path: Path) -> None:
    sheet = member(SHEET).replace(b"</row>", b'<c r="Z1" t="odd"><v>5</v></c></row>', 1)
    sheets, _ = open_book(remade(tmp_path, {SHEET: sheet}))
    assert sheets[0].rows[0][-1] == Broken("5", "error")


@pytest.mark.parametrize(("shown", "read"), [
    ('0.0000"万元"', "18.3433万"), ("0.00万", "18.3433万"), ('G/通用格式"万元"', "18.3433万"), ('#,##0.00"亿"', "18.3433亿"),
    ('0.00"元"', 18.3433), ('0!.0,"万"', 18.3433), ('0.00,"万"', 18.3433), ('0\\.0,"万"', 18.3433), ("0.00", 18.3433),
])
def test_a_number_shown_with_a_large_unit_is_read_as_it_is_shown(tmp_path: Path, shown: str, read: object) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([18.3433, 0])
    for cell in sheet[1]:
        cell.number_format = shown
    book.save(tmp_path / "格式.xlsx")
    assert open_book(tmp_path / "格式.xlsx")[0][0].rows == [[read, 0]]


@pytest.mark.parametrize(("heading", "counted", "cost"), [
    ("铁塔建造成本(元)", 0, None), ("铁塔建造成本（万元）", 1, 183433), ("铁塔建造成本(万)", 1, 183433),
])
def test_an_amount_shown_in_ten_thousands_is_no_amount_in_yuan(
    folder: Path, tmp_path: Path, heading: str, counted: int, cost: int | None,
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["产品业务确认单编号", "运营商", "站址编码", "产品单元数", heading, "服务开始日期", "共享信息"])
    sheet.append(["QR1", "移动", "429800908000000001", 1, 18.3433, "2026-01-01", "新建首家"])
    sheet["E2"].number_format = '0.00"万元"'
    book.save(tmp_path / "来文.xlsx")
    (made,) = run("import", [tmp_path / "来文.xlsx"], folder, now="2026-11-21T15:30:00").data["files"]
    assert (made["added"], made["rejected"]) == (counted, 1 - counted)
    assert [row["铁塔建造成本（元）"] for row in look(folder, "租约")] == ([cost] if cost else [])
    assert ("VAL034" in {said["code"] for said in made["findings"]}) is (cost is None)
