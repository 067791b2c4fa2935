"""What stored cells mean."""

from __future__ import annotations

import datetime as dt
import resource
from pathlib import Path

import pytest

from macros.hosts import Refused
from macros.hosts.files import FileBook
from macros.hosts.xlsx_read import read_book, rows
from macros.records import Broken, Cell
from tests.workbook_files import DAY, STYLE, workbook


def cell(tmp_path: Path, xml: str, *, epoch_1904: bool = False, strings: str = "") -> object:
    """What one stored cell, ``<c {xml}``, reads as."""
    data = f'<row r="1"><c r="A1" {xml}</row>'
    sheets, _ = read_book(workbook(tmp_path / "格.xlsx", data, epoch_1904=epoch_1904, strings=strings))
    return sheets[0].rows[0][0] if sheets[0].rows else None


def inline(text: str) -> str:
    return f't="inlineStr"><is>{text}</is></c>'


def styled(number: int, value: str) -> str:
    return f's="{STYLE[number]}"><v>{value}</v></c>'




@pytest.mark.parametrize(
    ("xml", "value"),
    [
        (inline("<t>440100000000000123</t>"), "440100000000000123"),
        ("><v>440100000000000123</v></c>", Broken("4.401000000000001e+17", "digits")),
        ("><v>4.2980290800090003E+17</v></c>", Broken("4.2980290800090003e+17", "digits")),
        ("><v>9007199254740993</v></c>", Broken("9007199254740992.0", "digits")),
        ("><v>999999999999999</v></c>", 999999999999999),
        ("><v>0.10000000000000001</v></c>", 0.1),
        ("><v>113.26435499999999</v></c>", 113.264355),
        ("><v>30</v></c>", 30),
        ("><v>30.0</v></c>", 30.0),
        ("><v>1_0</v></c>", Broken("1_0", "error")),
        ("><v>1e999</v></c>", Broken("1e999", "error")),
        (inline("<t>0012345</t>"), "0012345"),
        (inline('<t xml:space="preserve">  移动 </t>'), "  移动 "),
        (inline("<t>甲_x000D_\n乙</t>"), "甲\r\n乙"),
        (inline("<t>_x005F_x000D_</t>"), "_x000D_"),
        (inline("<t>_xD83D__xDE00_</t>"), "\U0001f600"),
        (inline("<r><t>注意</t></r><r><rPr><b/></rPr><t>超期</t></r>"), "注意超期"),
        (inline('<t>东京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>'), "东京"),
        (inline("<t></t>"), None),
        ('t="s"><v>1</v></c>', "富文本"),
        (f's="{STYLE[14]}"/>', None),
        ('t="b"><v>1</v></c>', True),
        ('t="e"><v>#N/A</v></c>', Broken("#N/A", "error")),
        ('t="e"><f>1/0</f><v>#DIV/0!</v></c>', Broken("#DIV/0!", "error")),
        ("><f>1+1</f><v>2</v></c>", 2),
        ("><f>1+1</f></c>", Broken("=1+1", "formula")),
        ("><f>1+1</f><v></v></c>", Broken("=1+1", "formula")),
        ('t="str"><f>"a"</f><v>文本</v></c>', "文本"),
        ('t="str"><f>""</f><v></v></c>', None),
        ("><f>cmd|'/c calc'!A0</f><v>0</v></c>", Broken("=cmd|'/c calc'!A0", "command")),
        ("><f>'cmd'|'/c calc'!A0</f><v>0</v></c>", Broken("='cmd'|'/c calc'!A0", "command")),
        ('><f>_xlfn.WEBSERVICE("http://x")</f><v>0</v></c>', Broken('=_xlfn.WEBSERVICE("http://x")', "command")),
        ("><f>'甲|乙'!A1</f><v>5</v></c>", 5),
        ('><f>"a|b"</f><v>5</v></c>', 5),
        ("><f>表[甲|乙]</f><v>5</v></c>", 5),
        ("><f>[1]其他!A1</f><v>5</v></c>", 5),
        (styled(14, "46329"), DAY),
        (styled(31, "46329"), DAY),
        (styled(57, "46329"), DAY),
        (styled(58, "46329"), DAY),
        (styled(27, "46329"), DAY),
        (styled(164, "46329"), DAY),
        (styled(165, "46329"), DAY),
        (styled(169, "46329"), DAY),
        (styled(179, "46329"), DAY),
        (styled(167, "46329.5208333333"), dt.datetime(2026, 11, 3, 12, 30)),
        (styled(170, "0.5"), dt.time(12)),
        (styled(177, "0.75"), dt.time(18)),
        (styled(166, "1.25"), 1.25),
        (styled(168, "30"), 30),
        (styled(171, "1234.5"), 1234.5),
        (styled(172, "7"), 7),
        (styled(173, "8"), 8),
        (styled(174, "12345"), 12345),
        (styled(175, "46329"), 46329),
        (styled(176, "46329"), 46329),
        ("><v>46329</v></c>", 46329),
        (styled(14, "1"), dt.datetime(1900, 1, 1)),
        (styled(14, "59"), dt.datetime(1900, 2, 28)),
        (styled(14, "60"), Broken("60", "error")),
        (styled(14, "61"), dt.datetime(1900, 3, 1)),
        (styled(14, "0"), Broken("0", "error")),
        (styled(14, "-5"), Broken("-5", "error")),
        (styled(14, "2958465"), dt.datetime(9999, 12, 31)),
        (styled(14, "2958466"), Broken("2958466", "error")),
        ('t="d"><v>2026-11-03</v></c>', DAY),
    ],
)
def test_a_stored_cell_reads_as(tmp_path: Path, xml: str, value: Cell) -> None:
    strings = "<si><t>甲</t></si><si><r><t>富</t></r><r><t>文本</t></r><rPh><t>x</t></rPh></si>"
    read = cell(tmp_path, xml, strings=strings)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(("serial", "day"), [("0", dt.datetime(1904, 1, 1)), ("44867", DAY), ("60", dt.datetime(1904, 3, 1))])
def test_serials_of_the_1904_system(tmp_path: Path, serial: str, day: dt.datetime) -> None:
    assert cell(tmp_path, styled(14, serial), epoch_1904=True) == day  # 44867 = 46329 − 1462


def test_a_number_with_an_unknown_style_is_read_and_told(tmp_path: Path) -> None:
    _, findings = read_book(workbook(tmp_path / "样.xlsx", '<row r="1"><c r="A1" s="99"><v>5</v></c></row>'))
    assert [(one.code, one.cell) for one in findings] == [("WBK025", "A1")]


@pytest.mark.parametrize("prefix", ["", "x"])
def test_prefixed_parts_are_read_and_written(tmp_path: Path, prefix: str) -> None:
    p = f"{prefix}:" if prefix else ""
    data = f'<{p}row r="1"><{p}c r="A1"><{p}v>1</{p}v></{p}c><{p}c r="C1" t="inlineStr"><{p}is><{p}t>x</{p}t></{p}is></{p}c></{p}row>'
    path = workbook(tmp_path / "前缀.xlsx", data, prefix=prefix)
    book = FileBook(path)
    book.update("陷阱", {(1, 1): 2, (1, 2): "中", (3, 1): dt.date(2026, 11, 3)})
    book.save()
    assert book.sheet("陷阱").rows == [[2, "中", "x"], [], [DAY]]


def test_cells_without_addresses_count_on(tmp_path: Path) -> None:
    data = '<row><c><v>1</v></c><c><v>2</v></c><c r="E1"><v>5</v></c></row><row><c><v>6</v></c></row>'
    path = workbook(tmp_path / "无址.xlsx", data)
    assert read_book(path)[0][0].rows == [[1, 2, None, None, 5], [6]]
    book = FileBook(path)
    book.update("陷阱", {(1, 2): 20, (1, 3): 30, (2, 1): 60})
    book.save()
    assert book.sheet("陷阱").rows == [[1, 20, 30, None, 5], [60]]


def test_white_space_between_rows_does_no_harm(tmp_path: Path) -> None:
    book = FileBook(workbook(tmp_path / "空.xlsx", "\n  \n"))
    book.append("陷阱", [[1], [2]])
    book.save()
    assert book.sheet("陷阱").rows == [[], [1], [2]]


def test_rows_stream_with_blank_rows_in_place(tmp_path: Path) -> None:
    path = workbook(tmp_path / "流.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row><row r="4"><c r="B4"><v>2</v></c></row>')
    assert list(rows(path, "陷阱")) == [[1], [], [], [None, 2]]




def test_peak_memory_of_reading_is_bounded_by_the_used_area(tmp_path: Path) -> None:
    data = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>' + '<row r="9000"><c r="A9000"><v>2</v></c></row>'
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sheets, findings = read_book(workbook(tmp_path / "散.xlsx", data))
    assert (len(sheets[0].rows), sheets[0].rows[0], [one.code for one in findings]) == (9000, [1], ["WBK024"])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


@pytest.mark.parametrize(
    "data",
    ['<row r="1"><c r="A1"><row r="2"><c r="A2"/></row><v>1</v></c></row>', '<row r="1"><c r="A1"><row r="2"/><v>1</v></c></row>'],
    ids=["cell within", "empty row within"],
)
def test_a_row_within_a_cell_is_refused(tmp_path: Path, data: str) -> None:
    with pytest.raises(Refused) as caught:
        read_book(workbook(tmp_path / "嵌.xlsx", data))
    assert caught.value.finding.code == "WBK007"
