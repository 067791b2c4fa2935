"""What stored cells mean, and what an edit of an .xlsx leaves alone."""

from __future__ import annotations

import datetime as dt
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from macros.hosts import Refused, open_book
from macros.hosts.files import FileBook
from macros.hosts.locks import hold, lock_path
from macros.hosts.text import read_text
from macros.hosts.xlsx_read import read_book, rows
from macros.records import Broken, Cell

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
# style number → number format; ids from 164 on carry their own code
FORMATS = [0, 14, 31, 57, 22, 58, 27, 49]
CODES = {
    164: 'yyyy"年"m"月"d"日"', 165: "[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@", 166: "[h]:mm", 167: "yyyy-mm-dd hh:mm:ss",
    168: '0"天"', 169: "[$-804]aaaa;@", 170: 'h"时"mm"分"', 171: '#,##0.00"元"', 172: "[红色]0;[蓝色]-0", 173: '"D"0', 174: "000000",
    175: "G/通用格式", 176: "0.00E+00", 177: "上午/下午h:mm", 178: "mm:ss.0", 179: "yyyy/m/d;@",
}
STYLE = {number: index for index, number in enumerate([*FORMATS, *CODES])}


def workbook(path: Path, data: str, *, prefix: str = "", epoch_1904: bool = False, tail: str = "", strings: str = "") -> Path:
    """A hand-made workbook of one sheet 陷阱 whose rows are given as XML."""
    p = f"{prefix}:" if prefix else ""
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    xfs = "".join(f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0"/>' for number in STYLE)
    formats = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{code if "&quot;" in code else code.replace(chr(34), "&quot;")}"/>'
        for number, code in CODES.items()
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="{int(epoch_1904)}"/><sheets><sheet name="陷阱" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/><Relationship Id="r3" Type="{OFFICE}/sharedStrings" Target="strings.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts count="{len(CODES)}">{formats}</numFmts><fonts count="1"><font><sz val="11"/></font></fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
        f'<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="{len(STYLE)}">{xfs}</cellXfs></styleSheet>',
        "xl/strings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/sheet1.xml": f'<?xml version="1.0" encoding="UTF-8"?><{p}worksheet {name}="{MAIN}"><{p}sheetData>{data}</{p}sheetData>{tail}</{p}worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for part, content in parts.items():
            made.writestr(part, content)
    return path


def cell(tmp_path: Path, xml: str, *, epoch_1904: bool = False, strings: str = "") -> object:
    """What one stored cell, ``<c {xml}``, reads as."""
    data = f'<row r="1"><c r="A1" {xml}</row>'
    sheets, _ = read_book(workbook(tmp_path / "格.xlsx", data, epoch_1904=epoch_1904, strings=strings))
    return sheets[0].rows[0][0] if sheets[0].rows else None


def inline(text: str) -> str:
    return f't="inlineStr"><is>{text}</is></c>'


def styled(number: int, value: str) -> str:
    return f's="{STYLE[number]}"><v>{value}</v></c>'


DAY = dt.datetime(2026, 11, 3)  # serial 46329, counted in LibreOffice: DATE(2026;11;3)


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


# ---------------------------------------------------------------- writing back


INJECTIONS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|'/c calc'!A0", "\r=1+1", "\t=1+1", "\n=1+1", "＝1+1", "{=1+1}", "'=1+1",
    "external:\\\\evil\\share\\x.xlsx", "mailto:a@b.c", "http://a.b/", "=HYPERLINK(\"http://x\")", "#REF!", "TRUE", "1e5",
    "0012345", "440100000000000123", "2026-11-03",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_text_stays_text_whatever_it_looks_like(tmp_path: Path, text: str) -> None:
    path = rich(tmp_path)
    book = FileBook(path)
    book.update("台账", {(2, 4): text})
    book.append("台账", [["X", None, None, text]])
    book.save()
    read = book.sheet("台账").rows
    assert (read[1][3], read[4][3]) == (text, text)
    with zipfile.ZipFile(path) as made:
        xml = made.read("xl/worksheets/sheet1.xml")
    assert xml.count(b"<f>") == 3  # the user's own formulas, none of ours


def test_a_text_like_a_formula_is_guarded_against_retyping(tmp_path: Path) -> None:
    path = rich(tmp_path)
    book = FileBook(path)
    book.update("台账", {(2, 4): "=1+1", (3, 4): "平常"})
    book.save()
    sheet = opened(path)
    assert (sheet["D2"].quotePrefix, sheet["D3"].quotePrefix) == (True, False)
    assert sheet["D2"].data_type == "s"


def opened(path: Path) -> Worksheet:
    """The register as openpyxl, which knows nothing of ours, reads it."""
    return openpyxl.load_workbook(path).worksheets[0]


def rich(tmp_path: Path, name: str = "富.xlsx") -> Path:
    """A register with a table, formats, rules and drawings of the user's own, three customers in it."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("台账", 0)
    book.remove(book.worksheets[1])
    sheet.append(["编号", "日期", "金额", "备注", "用户公式"])
    for number in (1, 2, 3):
        sheet.append([f"客户{number}", dt.date(2026, 1, number), number * 1.5, None, f"=C{number + 1}*2"])
        sheet.cell(number + 1, 2).number_format = 'yyyy"年"m"月"d"日"'
        sheet.cell(number + 1, 3).font = Font(bold=True)
    sheet.add_table(Table(displayName="表1", ref="A1:E4"))
    choice = DataValidation(type="list", formula1='"甲,乙"')
    choice.add("D2:D4")
    sheet.add_data_validation(choice)
    paint = PatternFill("solid", bgColor="FFC7CE")
    rule = CellIsRule(operator="greaterThan", formula=["2"], fill=paint)  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add("C2:C4", rule)
    sheet["A2"].comment = Comment("请核对", "客户代表A")
    sheet.column_dimensions["B"].width = 20
    sheet.protection.set_password("口令")
    other = book.create_sheet("用户表")
    other.append(["站名", 1])
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=4), titles_from_data=True)
    other.add_chart(chart, "D2")
    book.defined_names["时限"] = DefinedName("时限", attr_text="用户表!$B$1")
    path = tmp_path / name
    book.save(path)
    return path


def members(path: Path) -> dict[str, bytes]:
    """Every member as stored: its compressed bytes."""
    with zipfile.ZipFile(path) as book, path.open("rb") as file:
        found = {}
        for info in book.infolist():
            file.seek(info.header_offset + 26)
            head = file.read(4)
            file.seek(int.from_bytes(head[:2], "little") + int.from_bytes(head[2:], "little"), os.SEEK_CUR)
            found[info.filename] = file.read(info.compress_size)
        return found


def test_an_edit_leaves_every_other_part_byte_for_byte(tmp_path: Path) -> None:
    path = with_member(with_member(rich(tmp_path), "xl/media/标志.png"), "xl/threadedComments/threadedComment1.xml")
    before = members(path)
    book = FileBook(path)
    book.update("台账", {(3, 4): "已核"})
    book.append("台账", [["客户4", dt.date(2026, 2, 1), 9, "甲"], ["客户5", dt.datetime(2026, 2, 2, 8, 30), 8.25]])
    book.save()
    after = members(path)
    assert list(after) == list(before)
    assert {name for name in before if before[name] != after[name]} == {"xl/worksheets/sheet1.xml", "xl/tables/table1.xml"}


def test_appended_rows_look_like_the_last_one_and_carry_the_table_with_them(tmp_path: Path) -> None:
    path = rich(tmp_path)
    book = FileBook(path)
    book.append("台账", [["客户4", dt.date(2026, 2, 1), 9, "甲"], ["客户5", dt.date(2026, 2, 2), 8.25]])
    book.save()
    made = openpyxl.load_workbook(path)
    sheet = made.worksheets[0]
    assert sheet.tables["表1"].ref == "A1:E6"
    assert str(sheet.data_validations.dataValidation[0].sqref) == "D2:D6"
    assert [str(area.sqref) for area in sheet.conditional_formatting] == ["C2:C6"]
    assert [cell.number_format for cell in sheet["B"][1:]] == ['yyyy"年"m"月"d"日"'] * 5
    assert [cell.font.bold for cell in sheet["C"][1:]] == [True] * 5
    assert [cell.value for cell in sheet["E"]] == ["用户公式", "=C2*2", "=C3*2", "=C4*2", None, None]
    assert sheet.column_dimensions["B"].width == 20
    assert sheet["A2"].comment.text == "请核对"
    assert made.worksheets[1]._charts  # type: ignore[attr-defined]
    assert made.defined_names["时限"].attr_text == "用户表!$B$1"


def test_waiting_blank_rows_are_filled_before_the_table_grows(tmp_path: Path) -> None:
    path = rich(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row in (5, 6):
        sheet.cell(row, 5, f"=C{row}*2")
        sheet.cell(row, 2).number_format = "yyyy-mm-dd"
    sheet.tables["表1"].ref = "A1:E6"
    book.save(path)
    host = FileBook(path)
    host.append("台账", [["客户4", dt.date(2026, 2, 1), 4], ["客户5", None, 5], ["客户6", None, 6]])
    host.save()
    made = opened(path)
    assert made.tables["表1"].ref == "A1:E7"
    assert [cell.value for cell in made["A"]][4:] == ["客户4", "客户5", "客户6"]
    assert [cell.value for cell in made["E"]][4:] == ["=C5*2", "=C6*2", None]
    assert made["B5"].number_format == "yyyy-mm-dd"


def test_replacing_keeps_the_looks_and_fits_the_table(tmp_path: Path) -> None:
    path = rich(tmp_path)
    book = FileBook(path)
    book.replace("台账", [["编号", "日期", "金额", "备注", "用户公式"], *([f"新{n}", dt.date(2026, 3, 1), n, None, n] for n in range(1, 8))])
    book.save()
    sheet = opened(path)
    assert sheet.tables["表1"].ref == "A1:E8"
    assert sheet.dimensions == "A1:E8"
    assert sheet["B8"].number_format == 'yyyy"年"m"月"d"日"'
    assert sheet["C8"].font.bold
    assert sheet.column_dimensions["B"].width == 20
    book.replace("台账", [["编号", "日期", "金额", "备注", "用户公式"], ["唯一", None, 1]])
    book.save()
    sheet = opened(path)
    assert sheet.tables["表1"].ref == "A1:E2"
    assert [str(area.sqref) for area in sheet.conditional_formatting] == ["C2"]


def test_a_new_heading_renames_the_tables_columns(tmp_path: Path) -> None:
    path = rich(tmp_path)
    book = FileBook(path)
    book.replace("台账", [["编号", '说"明&<'], ["a", "b"]])
    book.save()
    table = opened(path).tables["表1"]
    assert table.ref == "A1:B2"
    assert [column.name for column in table.tableColumns] == ["编号", '说"明&<']


def test_a_date_in_a_column_without_date_format_gets_one(tmp_path: Path) -> None:
    path = rich(tmp_path)
    book = FileBook(path)
    book.update("台账", {(2, 4): dt.date(2026, 11, 3), (3, 4): dt.datetime(2026, 11, 3, 8, 30), (4, 4): dt.time(8, 30)})
    book.save()
    sheet = opened(path)
    assert [sheet.cell(row, 4).number_format for row in (2, 3, 4)] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss"]
    assert [row[3] for row in book.sheet("台账").rows[1:]] == [DAY, dt.datetime(2026, 11, 3, 8, 30), dt.time(8, 30)]


def test_a_1904_workbook_reads_back_the_days_written(tmp_path: Path) -> None:
    path = workbook(tmp_path / "1904.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>', epoch_1904=True)
    book = FileBook(path)
    book.update("陷阱", {(1, 1): dt.date(2026, 11, 3), (2, 1): dt.date(1904, 1, 1)})
    book.save()
    assert book.sheet("陷阱").rows == [[DAY], [dt.datetime(1904, 1, 1)]]
    assert CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[0] == [DAY.date()]


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r"), max_size=40).filter(
    lambda text: "\ufffe" not in text and "\uffff" not in text
)
VALUES = st.one_of(
    TEXTS.map(lambda text: text or None), st.sampled_from(["_x000D_", "_x005F_", "]]>", "&amp;", "<b>", " 两端 ", "a\r\nb"]),
    st.booleans(), st.integers(-(10**15) + 1, 10**15 - 1),
    st.floats(-1e14, 1e14, allow_nan=False), st.none(),
    st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 31)).map(lambda value: value.replace(microsecond=value.microsecond // 1000 * 1000)),
    st.times().map(lambda value: value.replace(microsecond=0)),
)


@settings(max_examples=60, deadline=None)
@given(grid=st.lists(st.lists(VALUES, min_size=1, max_size=5), min_size=1, max_size=6))
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, grid: list[list[Cell]]) -> None:
    path = workbook(tmp_path_factory.mktemp("往返") / "往返.xlsx", "")
    book = FileBook(path)
    book.replace("陷阱", grid)
    book.save()
    read = book.sheet("陷阱").rows
    padded = [read[at] if at < len(read) else [] for at in range(len(grid))]
    assert [row + [None] * (len(old) - len(row)) for row, old in zip(padded, grid, strict=True)] == grid


def test_control_characters_are_cleaned_out(tmp_path: Path) -> None:
    path = workbook(tmp_path / "控.xlsx", "")
    book = FileBook(path)
    book.update("陷阱", {(1, 1): "甲\x00\x0b\ud800乙\x1f\ufffe"})
    book.save()
    assert book.sheet("陷阱").rows == [["甲乙"]]


@pytest.mark.parametrize(
    ("value", "code"),
    [(10**15, "WBK045"), (float("nan"), "WBK045"), (float("inf"), "WBK045"), (dt.date(1899, 12, 31), "WBK045"),
     (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "WBK045"), ("字" * 32_768, "WBK046")],
)
def test_a_value_no_cell_can_hold_stops_the_save_and_the_file_stays(tmp_path: Path, value: Cell, code: str) -> None:
    path = rich(tmp_path)
    before = path.read_bytes()
    book = FileBook(path)
    book.append("台账", [["先写的行"]] * 50 + [[value]])
    with pytest.raises(Refused) as caught:
        book.save()
    assert caught.value.finding.code == code
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["富.xlsx"]


# ---------------------------------------------------------------- formulas in the way


def formulas(tmp_path: Path) -> FileBook:
    data = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2*2</f><v>2</v></c><c r="B1"><v>1</v></c>'
        '<c r="C1"><f t="shared" ref="C1:C2" si="0">B1+1</f><v>2</v></c><c r="D1"><f>B1</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>4</v></c><c r="B2"><v>2</v></c><c r="C2"><f t="shared" si="0"/><v>3</v></c></row>'
    )
    return FileBook(workbook(tmp_path / "公式.xlsx", data))


@pytest.mark.parametrize("cells", [{(2, 1): 9}, {(1, 1): 9, (2, 1): 9}, {(1, 3): 9}])
def test_shared_work_of_several_cells_is_not_torn(tmp_path: Path, cells: dict[tuple[int, int], Cell]) -> None:
    book = formulas(tmp_path)
    book.update("陷阱", cells)
    with pytest.raises(Refused) as caught:
        book.save()
    assert caught.value.finding.code == "WBK043"


@pytest.mark.parametrize("cells", [{(1, 3): 9, (2, 3): 8}, {(2, 3): 8}, {(1, 4): 8}])
def test_whole_or_single_formulas_give_way(tmp_path: Path, cells: dict[tuple[int, int], Cell]) -> None:
    book = formulas(tmp_path)
    book.update("陷阱", cells)
    book.save()
    read = book.sheet("陷阱").rows
    assert {place: read[place[0] - 1][place[1] - 1] for place in cells} == cells


def test_the_calculation_chain_goes_when_one_of_its_formulas_does(tmp_path: Path) -> None:
    path = rich(tmp_path)
    extra = tmp_path / "链.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(extra, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>')
            if name == "xl/_rels/workbook.xml.rels":
                content = content.replace(b"</Relationships>", f'<Relationship Id="c1" Type="{OFFICE}/calcChain" Target="calcChain.xml"/></Relationships>'.encode())
            new.writestr(name, content)
        new.writestr("xl/calcChain.xml", f'<calcChain xmlns="{MAIN}"><c r="E2" i="1"/><c r="E3"/></calcChain>')
    book = FileBook(extra)
    book.update("台账", {(2, 4): "无关"})
    book.save()
    assert "xl/calcChain.xml" in members(extra)
    book.update("台账", {(2, 5): 3})
    book.save()
    with zipfile.ZipFile(extra) as made:
        assert "xl/calcChain.xml" not in made.namelist()
        assert b"calcChain" not in made.read("[Content_Types].xml") + made.read("xl/_rels/workbook.xml.rels")
    assert opened(extra)["E2"].value == 3


# ---------------------------------------------------------------- what must not be edited


def with_member(path: Path, name: str) -> Path:
    with zipfile.ZipFile(path, "a") as book:
        book.writestr(name, "<x/>")
    return path


@pytest.mark.parametrize(("name", "code"), [("_xmlsignatures/sig1.xml", "WBK040"), ("xl/revisions/revisionHeaders.xml", "WBK041")])
def test_what_an_edit_would_break_is_not_edited(tmp_path: Path, name: str, code: str) -> None:
    path = with_member(rich(tmp_path), name)
    before = path.read_bytes()
    book = FileBook(path)
    book.update("台账", {(2, 4): "x"})
    with pytest.raises(Refused) as caught:
        book.save()
    assert (caught.value.finding.code, path.read_bytes()) == (code, before)


def test_comments_among_the_rows_are_refused_for_writing_only(tmp_path: Path) -> None:
    path = workbook(tmp_path / "注.xlsx", '<row r="1"><!-- </row> --><c r="A1"><v>1</v></c></row>')
    book = FileBook(path)
    assert book.sheet("陷阱").rows == [[1]]
    book.update("陷阱", {(1, 1): 2})
    with pytest.raises(Refused) as caught:
        book.save()
    assert caught.value.finding.code == "WBK044"


def test_a_text_table_cannot_be_opened_for_writing(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(Refused) as caught:
        FileBook(path)
    assert caught.value.finding.code == "WBK042"


def test_a_totals_row_is_not_written_over(tmp_path: Path) -> None:
    path = rich(tmp_path)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].tables["表1"].totalsRowCount = 1
    book.save(path)
    host = FileBook(path)
    host.append("台账", [["x"]])
    with pytest.raises(Refused) as caught:
        host.save()
    assert caught.value.finding.code == "WBK048"


# ---------------------------------------------------------------- saving


SAVE = """
import sys
from pathlib import Path
from macros.hosts.files import FileBook
book = FileBook(Path(sys.argv[1]))
book.append("台账", [[f"行{n}", None, n] for n in range(int(sys.argv[2]))])
{before}
print("就绪", flush=True)
book.save()
"""
ROOT = Path(__file__).parents[1]


def child(path: Path, count: int, before: str = "") -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SAVE.replace("{before}", before), str(path), str(count)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = rich(tmp_path)
    before = path.read_bytes()
    limit = f"import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before)}, {len(before)}))"
    done = child(path, 3000, limit)
    _, errors = done.communicate(timeout=60)
    assert "Refused" in errors.decode()
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["富.xlsx"]


@pytest.mark.parametrize("delay", [0.02, 0.1, 0.2, 0.4])
def test_a_kill_while_saving_leaves_the_old_or_the_new_file(tmp_path: Path, delay: float) -> None:
    path = rich(tmp_path)
    writer = child(path, 20_000)
    assert writer.stdout is not None
    assert writer.stdout.readline().decode().strip() == "就绪"
    try:
        writer.wait(timeout=delay)
    except subprocess.TimeoutExpired:
        writer.kill()
    writer.communicate()
    assert len(open_book(path)[0][0].rows) in (4, 20_004)
    book = FileBook(path)  # the dead writer's lock is taken over
    book.update("台账", {(2, 4): "后来"})
    book.save()
    assert book.sheet("台账").rows[1][3] == "后来"


def test_a_writer_meets_anothers_lock(tmp_path: Path) -> None:
    path = rich(tmp_path)
    book = FileBook(path)
    book.update("台账", {(2, 4): "我"})
    with hold(path), pytest.raises(Refused) as caught:
        book.save()
    assert caught.value.finding.code == "WBK031"
    book.save()
    assert book.sheet("台账").rows[1][3] == "我"
    assert not lock_path(path).exists()


def test_two_writers_cannot_lose_each_others_work(tmp_path: Path) -> None:
    path = rich(tmp_path)
    first, second = FileBook(path), FileBook(path)
    first.append("台账", [["甲写"]])
    second.append("台账", [["乙写"]])
    first.save()
    with pytest.raises(Refused) as caught:
        second.save()
    assert caught.value.finding.code == "WBK033"
    again = FileBook(path)
    again.append("台账", [["乙写"]])
    again.save()
    assert [row[0] for row in again.sheet("台账").rows[4:]] == ["甲写", "乙写"]


@pytest.mark.parametrize("mark", ["~$富.xlsx", ".~lock.富.xlsx#"])
def test_a_workbook_open_elsewhere_is_not_written(tmp_path: Path, mark: str) -> None:
    path = rich(tmp_path)
    (tmp_path / mark).write_bytes(b"")
    book = FileBook(path)
    book.update("台账", {(2, 4): "x"})
    with pytest.raises(Refused) as caught:
        book.save()
    assert caught.value.finding.code == "WBK032"


def test_a_target_held_by_windows_gets_its_new_content_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rich(tmp_path)
    before = path.read_bytes()
    real = Path.replace

    def held(self: Path, target: Path) -> Path:
        if target == path:
            raise PermissionError(13, "WinError 32")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", held)
    book = FileBook(path)
    book.update("台账", {(2, 4): "x"})
    with pytest.raises(Refused) as caught:
        book.save()
    assert caught.value.finding.code == "WBK036"
    assert path.read_bytes() == before
    assert open_book(tmp_path / "富.待保存.xlsx")[0][0].rows[1][3] == "x"


def test_a_link_to_the_register_stays_a_link(tmp_path: Path) -> None:
    path = rich(tmp_path)
    link = tmp_path / "快捷.xlsx"
    link.symlink_to(path)
    book = FileBook(link)
    book.update("台账", {(2, 4): "x"})
    book.save()
    assert link.is_symlink()
    assert FileBook(path).sheet("台账").rows[1][3] == "x"


def test_saving_keeps_the_files_mode(tmp_path: Path) -> None:
    path = rich(tmp_path)
    path.chmod(0o640)
    book = FileBook(path)
    book.update("台账", {(2, 4): "x"})
    book.save()
    assert path.stat().st_mode & 0o777 == 0o640


def test_peak_memory_of_reading_is_bounded_by_the_used_area(tmp_path: Path) -> None:
    data = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>' + '<row r="9000"><c r="A9000"><v>2</v></c></row>'
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sheets, findings = read_book(workbook(tmp_path / "散.xlsx", data))
    assert (len(sheets[0].rows), sheets[0].rows[0], [one.code for one in findings]) == (9000, [1], ["WBK024"])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


# ---------------------------------------------------------------- text tables


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_text_tables_are_read_in_any_usual_dress(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "表.csv"
    table = [["站名", "备注", "金额"], ["甲站", '"引""号\r\n换行"', "1.5"], ["㐀站", "=1+1", ""]]
    path.write_bytes("\r\n".join(separator.join(row) for row in table).encode(encoding))
    sheet = read_text(path)
    assert sheet.title == ""
    assert sheet.rows == [["站名", "备注", "金额"], ["甲站", '引"号\r\n换行', "1.5"], ["㐀站", "=1+1"]]


@pytest.mark.parametrize(
    ("content", "code", "value"),
    [(b"a,b\n\xff\xff,1", "WBK016", "第 4 字节"), (b'a,b\n"x,1\n', "WBK017", "引号"), ("a".encode("utf-16")[:3], "WBK016", "字节")],
)
def test_text_that_cannot_be_told_is_refused(tmp_path: Path, content: bytes, code: str, value: str) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(content)
    with pytest.raises(Refused) as caught:
        read_text(path)
    assert caught.value.finding.code == code
    assert value in caught.value.finding.message


def test_tabbed_text_under_a_workbooks_suffix_is_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "导出.xls"
    path.write_bytes("编号\t名称\n1\t甲\n".encode("gb18030"))
    sheets, findings = open_book(path)
    assert sheets[0].rows == [["编号", "名称"], ["1", "甲"]]
    assert [one.code for one in findings] == ["WBK020"]
