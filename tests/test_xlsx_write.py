"""What an edit of an .xlsx changes, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from macros.hosts import Refused
from macros.hosts.files import FileBook
from macros.hosts.xlsx_check import check_parts, without
from macros.records import Cell, Link
from macros.workbooks import build
from tests.workbook_files import DAY, MAIN, OFFICE, members, opened, rich, workbook

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


def test_a_link_is_a_formula_of_ours_and_reads_back_as_its_text(tmp_path: Path) -> None:
    path = tmp_path / "待办.xlsx"
    path.write_bytes(build("待办"))
    book = FileBook(path)
    book.replace("待办", [["位置"], [Link('《需求台账》需求 "AS23"', "需求台账.xlsx", "需求", "AS23")]])
    book.save()
    assert FileBook(path).sheet("待办").rows[1] == ['《需求台账》需求 "AS23"']
    formula = openpyxl.load_workbook(path)["待办"]["A2"].value
    assert formula == '=HYPERLINK("需求台账.xlsx#\'需求\'!AS23","《需求台账》需求 ""AS23""")'


def test_links_of_the_same_text_lead_to_their_own_cells() -> None:
    first, second = Link("H76", "需求台账.xlsx", "需求", "H76"), Link("H76", "租约台账.xlsx", "油机发电", "H76")
    assert first != second
    assert [str(first), str(second)] == ["H76", "H76"]


def big(path: Path, rows: int) -> Path:
    """A sheet of several blocks of rows, its rows numbered in the first column."""
    note = "说明" * 60
    data = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="inlineStr"><is><t>{note}</t></is></c></row>' for n in range(1, rows + 1)
    )
    return workbook(path, data)


@pytest.mark.parametrize("places", [(1,), (20_000,), (9_999, 10_000, 10_001), (1, 10_000, 20_000), (20_001, 20_003)])
def test_rows_without_an_edit_go_through_as_they_are_wherever_the_edits_lie(tmp_path: Path, places: tuple[int, ...]) -> None:
    path = big(tmp_path / "大.xlsx", 20_000)
    with zipfile.ZipFile(path) as made:
        before = made.read("xl/sheet1.xml").decode().split("<row ")
    book = FileBook(path)
    book.update("陷阱", {(place, 3): "改" for place in places})
    book.save()
    with zipfile.ZipFile(path) as made:
        after = made.read("xl/sheet1.xml").decode().split("<row ")
    assert after[0] == before[0]
    untouched = [n for n in range(1, 20_000) if n not in places]  # the last row's text runs on to the end of the part
    assert [after[n] for n in untouched] == [before[n] for n in untouched]
    rows = FileBook(path).sheet("陷阱").rows
    assert [n for n, row in enumerate(rows, 1) if len(row) > 2 and row[2] == "改"] == list(places)


@pytest.mark.parametrize(
    ("left_out", "rest"),
    [([], b"abcdefghij"), ([(0, 10)], b""), ([(2, 3)], b"abdefghij"), ([(1, 8)], b"aij"), ([(0, 4), (4, 8)], b"ij"), ([(3, 4), (7, 9)], b"abcefgj")],
)
def test_stretches_are_left_out_of_chunks_of_any_size(left_out: list[tuple[int, int]], rest: bytes) -> None:
    whole = b"abcdefghij"
    for size in (1, 3, 4, 10):
        chunks = [whole[at : at + size] for at in range(0, 10, size)]
        assert b"".join(without(chunks, left_out)) == rest


def test_a_damaged_edit_is_found_on_reopening_though_the_rows_around_it_are_not_parsed(tmp_path: Path) -> None:
    path = big(tmp_path / "大.xlsx", 100)
    with zipfile.ZipFile(path) as made:
        xml = made.read("xl/sheet1.xml")
    at = xml.index(b"<row r=\"50\"")
    stop = xml.index(b"<row r=\"51\"")
    torn = xml[:at] + b"<row r=\"50\"><c></row>" + xml[stop:]
    other = tmp_path / "坏.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, torn if name == "xl/sheet1.xml" else old.read(name))
    first = xml.index(b"<row ")
    with pytest.raises(Refused) as caught:
        check_parts(other, {"xl/sheet1.xml": [(first, at), (at + 22, len(torn) - len(b"</sheetData></worksheet>"))]})
    assert caught.value.finding.code == "WBK007"


def test_the_directory_keeps_its_order_where_it_is_not_that_of_the_parts(tmp_path: Path) -> None:
    path = tmp_path / "倒.xlsx"
    with zipfile.ZipFile(rich(tmp_path)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.filelist.reverse()
    before = list(members(path))
    book = FileBook(path)
    book.update("台账", {(2, 4): "改"})
    book.save()
    assert list(members(path)) == before
    assert opened(path)["D2"].value == "改"
