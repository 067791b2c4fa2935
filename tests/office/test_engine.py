"""What xlwings code finds when it runs in LibreOffice: values, formulas, formats, tables, rows, selections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.worksheet.table import Table

from addin.libreoffice.engine import BookReadOnly, OfficeRefused, SheetProtected
from addin.libreoffice.engine.loading import enum, struct

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def book(calc: xw.App) -> Iterator[xw.Book]:
    """One new workbook for the tests of this file."""
    made = calc.books.add()
    yield made
    made.close()


@pytest.fixture
def sheet(book: xw.Book) -> Iterator[xw.Sheet]:
    """A blank sheet, thrown away afterwards."""
    made = book.sheets.add()
    yield made
    made.delete()


def column(sheet: xw.Sheet, values: list[Any]) -> xw.Range:
    """Values written downwards from A1."""
    target = sheet.range((1, 1), (len(values), 1))
    target.value = [[value] for value in values]
    return target


# Values

@pytest.mark.parametrize("value, back", [
    ("塔务台", "塔务台"),
    ("两行\n文字", "两行\n文字"),
    ("𠮷野家", "𠮷野家"),
    (3, 3.0),
    (0.1, 0.1),
    (True, True),
    (None, None),
    ("", None),
    (dt.datetime(2026, 2, 28), dt.datetime(2026, 2, 28)),
    (dt.datetime(2026, 2, 28, 13, 5, 59), dt.datetime(2026, 2, 28, 13, 5, 59)),
    (dt.date(2026, 2, 28), dt.datetime(2026, 2, 28)),
    (dt.datetime(1900, 3, 1), dt.datetime(1900, 3, 1)),
    (dt.datetime(9999, 12, 31), dt.datetime(9999, 12, 31)),
])
def test_a_value_written_to_a_plain_cell_comes_back(sheet: xw.Sheet, value: Any, back: Any) -> None:
    sheet["B2"].value = value
    assert sheet["B2"].value == back


@pytest.mark.parametrize("typed, back", [
    ("00123", 123.0),
    ("1,234.5", 1234.5),
    ("5%", 0.05),
    ("1E3", 1000.0),
    ("2026-01-05", dt.datetime(2026, 1, 5)),
    ("2026/1/5", dt.datetime(2026, 1, 5)),
    ("true", True),
    ("=1+1", 2.0),
])
def test_text_that_looks_like_something_else_becomes_it_as_in_excel(sheet: xw.Sheet, typed: str, back: Any) -> None:
    sheet["A1"].value = typed
    assert sheet["A1"].value == back


@pytest.mark.parametrize("text", ["00123", "2026-01-05", "1E5", "=1+1", "5%", "true", "13800000000"])
def test_text_that_looks_like_something_else_is_kept_by_an_apostrophe(sheet: xw.Sheet, text: str) -> None:
    sheet["A1"].value = "'" + text
    assert sheet["A1"].value == text


@pytest.mark.parametrize("text", ["00123", "2026-01-05", "1E5", "5%", "true", "13800000000"])
def test_text_that_looks_like_something_else_is_kept_by_the_text_format(sheet: xw.Sheet, text: str) -> None:
    sheet["A1"].number_format = "@"
    sheet["A1"].value = text
    assert sheet["A1"].value == text


@pytest.mark.parametrize("text", ["1-2-3号", "12号楼", "XQ-2026-0001", "三月", "1.2.3", "+86 138", "N/A", "-"])
def test_text_that_only_begins_like_a_number_stays_text(sheet: xw.Sheet, text: str) -> None:
    sheet["A1"].value = text
    assert sheet["A1"].value == text


def test_text_kept_by_an_apostrophe_is_text_in_the_saved_file(calc: xw.App, tmp_path: Path) -> None:
    book = calc.books.add()
    book.sheets[0]["A1"].value = [["'00123", "'2026-01-05", "'=1+1"]]
    book.save(tmp_path / "文本.xlsx")
    book.close()
    saved = openpyxl.load_workbook(tmp_path / "文本.xlsx").worksheets[0]
    assert [cell.value for cell in saved[1]] == ["00123", "2026-01-05", "=1+1"]
    assert [cell.data_type for cell in saved[1]] == ["s", "s", "s"]


def test_a_time_of_day_is_a_moment_on_day_zero_and_reads_as_a_fraction(sheet: xw.Sheet) -> None:
    sheet["A1"].value = dt.datetime(1899, 12, 30, 18, 0)
    assert sheet["A1"].number_format == "h:mm:ss"
    assert sheet["A1"].value == 0.75  # Excel gives a fraction for cells that show a time only


def test_a_fraction_in_a_cell_that_shows_a_day_is_a_moment_on_day_zero(sheet: xw.Sheet) -> None:
    sheet["A1"].number_format = "yyyy/m/d h:mm"
    sheet["A1"].value = 0.75
    assert sheet["A1"].value == dt.datetime(1899, 12, 30, 18, 0)


def test_a_bare_time_is_refused_as_excel_refuses_it(sheet: xw.Sheet) -> None:
    with pytest.raises(TypeError, match="time"):
        sheet["A1"].value = dt.time(8, 30)


def test_a_day_gives_a_plain_cell_a_format_and_leaves_others_as_they_are(sheet: xw.Sheet) -> None:
    sheet["A2"].number_format = "yyyy年m月d日"
    sheet["A3"].number_format = "0.00"
    column(sheet, [dt.datetime(2026, 1, 5)] * 3)
    assert [sheet.range((row, 1)).number_format for row in (1, 2, 3)] == ["yyyy/m/d", "yyyy年m月d日", "0.00"]
    assert sheet["A1:A3"].value == [dt.datetime(2026, 1, 5), dt.datetime(2026, 1, 5), 46027.0]


@pytest.mark.parametrize("formula, text", [
    ("=1/0", "#DIV/0!"), ("=NA()", "#N/A"), ("=没有的名称", "#NAME?"), ("=10^1000", "#NUM!"), ('="a"+1', "#VALUE!"),
])
def test_an_error_is_nothing_or_its_text(sheet: xw.Sheet, formula: str, text: str) -> None:
    sheet["A1"].formula = formula
    assert sheet["A1"].value is None
    assert sheet["A1"].options(err_to_str=True).value == text


def test_a_formula_whose_cell_was_taken_out_says_so(sheet: xw.Sheet) -> None:
    sheet["A1"].formula = "=C3"
    sheet["C3"].delete("up")
    assert sheet["A1"].options(err_to_str=True).value == "#REF!"


def test_a_block_is_written_and_read_at_once(sheet: xw.Sheet) -> None:
    rows = [
        ["需求编号", "日期", "数量", "确认", "备注"],
        ["XQ-0001", dt.datetime(2026, 1, 5), 3.0, True, None],
        ["XQ-0002", None, 0.5, False, "中文，逗号"],
    ]
    sheet["B2"].value = rows
    assert sheet["B2:F4"].value == rows
    assert sheet.used_range.address == "$B$2:$F$4"


@pytest.mark.parametrize("address, value", [("B2", [[1.0]]), ("B2:C2", [[1.0, 2.0]]), ("B2:B3", [[1.0], [3.0]])])
def test_rows_are_lists_when_two_dimensions_are_asked_for(sheet: xw.Sheet, address: str, value: Any) -> None:
    sheet["B2"].value = [[1, 2], [3, 4]]
    assert sheet[address].options(ndim=2).value == value


def test_one_value_fills_a_range(sheet: xw.Sheet) -> None:
    sheet["A1:B2"].value = "同"
    assert sheet["A1:B2"].value == [["同", "同"], ["同", "同"]]


def test_a_whole_sheet_is_read_down_to_its_last_used_row(sheet: xw.Sheet) -> None:
    column(sheet, ["甲", "乙", "丙"])
    assert sheet.cells.value == ["甲", "乙", "丙"]
    assert sheet["C:XFD"].value is None


def test_a_value_no_cell_takes_changes_nothing(sheet: xw.Sheet) -> None:
    sheet["A1"].value = "旧"
    with pytest.raises(TypeError):
        sheet["A1"].impl.raw_value = [["新", object()]]
    assert sheet["A1"].value == "旧"


# Formulas

def test_formulas_are_written_and_read_as_excel_writes_them(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [[1, 2]]
    sheet["C1"].formula = f"=IF(SUM(A1,B1)=3,\"对\",'{sheet.name}'!$A$1)"
    assert sheet["C1"].value == "对"
    assert sheet["C1"].formula == f"=IF(SUM(A1,B1)=3,\"对\",{sheet.name}!$A$1)"


def test_a_formula_written_to_a_range_moves_along(sheet: xw.Sheet) -> None:
    column(sheet, [1, 2, 3])
    sheet["B1:B3"].formula = "=A1*10"
    assert sheet["B1:B3"].formula == (("=A1*10",), ("=A2*10",), ("=A3*10",))
    assert sheet["B1:B3"].value == [10.0, 20.0, 30.0]


def test_links_are_written_and_read_in_bulk(sheet: xw.Sheet) -> None:
    links = [(f'=HYPERLINK("#台账!A{row}","第{row}行，""引号""")',) for row in range(1, 501)]
    sheet["A1:A500"].formula = links
    assert sheet["A1:A500"].formula == tuple(links)
    assert sheet["A500"].value == '第500行，"引号"'


def test_formulas_and_values_may_be_written_together(sheet: xw.Sheet) -> None:
    sheet["A1:B2"].formula = [["名称", "=1+1"], [5, '=HYPERLINK("#A1","去")']]
    assert sheet["A1:B2"].value == [["名称", 2.0], [5.0, "去"]]


@pytest.mark.parametrize("formula, value", [
    ("=EDATE(A1,3)", 46113.0), ("=CEILING.MATH(2.5)", 3.0), ('=CONCAT("甲","乙")', "甲乙"), ("=SUM({1,2;3,4})", 10.0),
    ('=IF(A1=46023,#N/A,"#REF!")', "#N/A"), ("=A1%", 460.23), ('="a;b,c ""A1"" "&A1', 'a;b,c "A1" 46023'),
])
def test_functions_constants_and_texts_of_a_formula_survive_both_ways(sheet: xw.Sheet, formula: str, value: Any) -> None:
    sheet["A1"].value = 46023  # the first of January 2026; the first of April is 31 + 28 + 31 days later
    sheet["B2"].formula = formula
    assert sheet["B2"].formula == formula
    assert sheet["B2"].options(err_to_str=True).value == value


def test_formulas_of_one_pattern_keep_their_own_addresses_and_texts(sheet: xw.Sheet) -> None:
    formulas = [(f'=IF(A{row}>$A$1,"第{row}行",B{row})',) for row in range(2, 300)]
    sheet["C2:C299"].formula = formulas
    assert sheet["C2:C299"].formula == tuple(formulas)


def test_text_that_looks_like_a_formula_is_told_as_it_is(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [["'=1+1", "'00123", "=1+1"]]
    told: Any = sheet["A1:C1"].formula
    assert told == (("=1+1", "00123", "=1+1"),)
    assert sheet["A1:C1"].value == ["=1+1", "00123", 2.0]


# Looks

@pytest.mark.parametrize("code", [
    "General", "@", "0.00", "#,##0", "0%", "yyyy/m/d", "yyyy-mm-dd", "yyyy年m月d日", "h:mm:ss", "[h]:mm",
    '0"个"', "yyyy/m/d h:mm",
])
def test_a_number_format_comes_back_as_excel_spells_it(sheet: xw.Sheet, code: str) -> None:
    sheet["A1"].number_format = code
    assert sheet["A1"].number_format == code


def test_different_number_formats_are_told_as_none(sheet: xw.Sheet) -> None:
    sheet["A1"].number_format = "0.00"
    assert sheet["A1:A2"].number_format is None


def test_a_fill_is_set_read_and_taken_away(sheet: xw.Sheet) -> None:
    sheet["A1"].color = (255, 199, 206)
    assert sheet["A1"].color == (255, 199, 206)
    sheet["A1"].color = "#00FF00"
    assert sheet["A1"].color == (0, 255, 0)
    sheet["A1"].color = None
    assert sheet["A1"].color is None


def test_a_copy_takes_contents_and_looks_along(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [["甲", dt.datetime(2026, 1, 5)]]
    sheet["A1"].color = (255, 0, 0)
    sheet["A1:B1"].copy(sheet["A5"])
    assert sheet["A5:B5"].value == ["甲", dt.datetime(2026, 1, 5)]
    assert sheet["A5"].color == (255, 0, 0)
    assert sheet["B5"].number_format == "yyyy/m/d"


def test_a_copy_to_another_workbook_is_refused(calc: xw.App, sheet: xw.Sheet) -> None:
    other = calc.books.add()
    with pytest.raises(NotImplementedError):
        sheet["A1"].copy(other.sheets[0]["A1"])
    other.close()


# Rows and merged cells

def test_hidden_rows_have_no_height(sheet: xw.Sheet) -> None:
    column(sheet, ["甲", "乙", "丙"])
    sheet["A2"].rows.hidden = True
    assert sheet["A2"].row_height == 0
    assert sheet["A1:A3"].row_height is None
    assert sheet["A3"].row_height == sheet["A1"].row_height != 0


def test_rows_a_filter_hides_have_no_height(sheet: xw.Sheet) -> None:
    column(sheet, ["县区", "东", "西", "东"])
    cells = sheet["A1:A4"].impl.cells
    filtering = cells.createFilterDescriptor(True)
    equal = enum("sheet.FilterOperator", "EQUAL")
    filtering.setFilterFields((struct("sheet.TableFilterField", Field=0, Operator=equal, StringValue="东"),))
    filtering.ContainsHeader = True
    cells.filter(filtering)
    assert [sheet.range((row, 1)).row_height == 0 for row in (1, 2, 3, 4)] == [False, False, True, False]
    seen: Any = sheet["A1:B4"].get_special_cells("visible")
    assert [area.address for area in seen] == ["$A$1:$B$2", "$A$4:$B$4"]


def test_rows_of_different_heights_have_none_in_common(sheet: xw.Sheet) -> None:
    sheet["A2"].row_height = 30
    assert sheet["A2"].row_height == 30
    assert sheet["A1:A2"].row_height is None


def test_hidden_columns_do_not_hide_rows(sheet: xw.Sheet) -> None:
    sheet["A1"].columns.hidden = True
    assert sheet["A1"].row_height not in (0, None)


def test_merged_cells_are_told_as_all_some_or_none(sheet: xw.Sheet) -> None:
    sheet["B2:C3"].merge()
    sheet["E2:F2"].merge()
    assert sheet["B2:C3"].merge_cells is True
    assert sheet["C3"].merge_cells is True
    assert sheet["A1:D4"].merge_cells is None
    assert sheet["A1"].merge_cells is False
    assert sheet["A10:Z500"].merge_cells is False
    assert sheet["C3"].merge_area.address == "$B$2:$C$3"
    assert sheet["A1"].merge_area.address == "$A$1"


# Tables, sheets, selection

def test_a_table_is_found_read_and_given_more_rows(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [["编号", "名称"], ["1号", "甲"], ["2号", "乙"]]
    sheet.tables.add(sheet["A1:B3"], name="台账表")
    table: Any = sheet.tables["台账表"]
    assert [one.name for one in sheet.tables] == ["台账表"]
    table.resize(sheet["A1:B5"])
    assert table.range.address == "$A$1:$B$5"
    assert table.header_row_range.value == ["编号", "名称"]
    assert table.data_body_range.address == "$A$2:$B$5"
    found: Any = sheet["B2"].table
    assert found.name == "台账表"
    assert sheet["D2"].table is None


def test_a_table_of_an_excel_file_is_a_table_again_when_saved(calc: xw.App, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].append(["编号", "名称"])
    made.worksheets[0].append(["1号", "甲"])
    made.worksheets[0].add_table(Table(displayName="台账表", ref="A1:B2"))
    made.save(tmp_path / "台账.xlsx")
    book = calc.books.open(tmp_path / "台账.xlsx")
    book.sheets[0]["A3"].value = [["2号", "乙"]]
    book.sheets[0].tables["台账表"].resize(book.sheets[0]["A1:B3"])
    book.save()
    book.close()
    assert openpyxl.load_workbook(tmp_path / "台账.xlsx").worksheets[0].tables["台账表"].ref == "A1:B3"


def test_a_selection_of_several_areas_tells_all_their_addresses_and_what_is_seen_of_them(calc: xw.App, sheet: xw.Sheet) -> None:
    book = sheet.book.impl
    several = book.doc.createInstance("com.sun.star.sheet.SheetCellRanges")
    for address in ("B2:C3", "E5"):
        several.addRangeAddress(sheet[address].impl.cells.RangeAddress, False)
    book.doc.CurrentController.select(several)
    sheet["A3"].rows.hidden = True
    selected: Any = calc.selection
    assert selected.address == "$B$2:$C$3,$E$5"
    assert [area.address for area in selected.get_special_cells("visible")] == ["$B$2:$C$2", "$E$5"]
    assert selected.sheet.name == sheet.name


def test_a_range_is_selected(calc: xw.App, sheet: xw.Sheet) -> None:
    sheet["C4:D9"].select()
    selected: Any = calc.selection
    assert selected.address == "$C$4:$D$9"
    assert sheet.book.sheets.active.name == sheet.name


def test_a_sheet_is_hidden_and_shown(sheet: xw.Sheet) -> None:
    sheet.visible = False
    assert sheet.visible is False
    sheet.visible = True
    assert sheet.visible is True


@pytest.mark.parametrize("name", ["区县 (一)", "O'Neil", "2026=Q1", "甲;乙&丙"])
def test_cells_are_found_on_sheets_of_any_name(book: xw.Book, name: str) -> None:
    sheet = book.sheets.add(name)
    sheet["A1"].value = 7
    sheet["A1"].name = "某格"
    sheet["B1"].formula = "='" + name.replace("'", "''") + "'!A1"
    assert (sheet["某格"].address, sheet["B1"].value) == ("$A$1", 7.0)
    sheet.delete()


# Notes, links, lists

def test_a_note_is_written_changed_and_taken_away(sheet: xw.Sheet) -> None:
    note: Any = sheet["B2"].add_note("请核对")
    assert note.text == "请核对"
    note.text = "已核对"
    found: Any = sheet["B2"].note
    assert found.text == "已核对"
    found.delete()
    assert sheet["B2"].note is None


def test_a_link_leads_where_it_was_told(sheet: xw.Sheet) -> None:
    sheet["A1"].add_hyperlink("https://example.com/附件", "附件")
    assert (sheet["A1"].value, sheet["A1"].hyperlink) == ("附件", "https://example.com/附件")


# What may not be written

@pytest.mark.parametrize("deed", [
    lambda sheet: setattr(sheet["A1"], "value", "新"),
    lambda sheet: setattr(sheet["A1"], "value", [["新", 1], [2, 3]]),
    lambda sheet: setattr(sheet["A1"], "formula", "=1+1"),
    lambda sheet: setattr(sheet["A1"], "color", (255, 0, 0)),
    lambda sheet: setattr(sheet["A1"], "number_format", "@"),
    lambda sheet: sheet["A1"].clear(),
    lambda sheet: sheet["C1"].copy(sheet["A1"]),
    lambda sheet: sheet["A1"].insert("down"),
    lambda sheet: sheet["A1"].rows.__setattr__("hidden", True),
])
def test_a_protected_sheet_is_told_and_left_alone(sheet: xw.Sheet, deed: Any) -> None:
    sheet["A1"].value = "旧"
    sheet.api.protect("")
    with pytest.raises(SheetProtected) as caught:
        deed(sheet)
    assert caught.value.finding.code == "ADD604"
    assert (sheet["A1"].value, sheet["A1"].rows.hidden) == ("旧", False)
    sheet.api.unprotect("")


def test_unlocked_cells_of_a_protected_sheet_are_written(sheet: xw.Sheet) -> None:
    cells = sheet["A1:A2"].impl.cells
    unlocked = cells.CellProtection
    unlocked.IsLocked = False
    cells.CellProtection = unlocked
    sheet.api.protect("")
    sheet["A1:A2"].value = [["甲"], ["乙"]]
    with pytest.raises(SheetProtected):
        sheet["A1:A3"].value = "丙"
    assert sheet["A1:A3"].value == ["甲", "乙", None]
    sheet.api.unprotect("")


def test_a_workbook_with_a_protected_structure_gets_no_sheet(book: xw.Book) -> None:
    book.api.protect("")
    before = [sheet.name for sheet in book.sheets]
    with pytest.raises(OfficeRefused):
        book.sheets.add()
    assert [sheet.name for sheet in book.sheets] == before
    book.api.unprotect("")


def test_a_workbook_open_for_reading_only_is_told_and_left_alone(calc: xw.App, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "只读.xlsx")
    book = calc.books.open(tmp_path / "只读.xlsx", read_only=True)
    with pytest.raises(BookReadOnly) as caught:
        book.sheets[0]["A1"].value = "新"
    with pytest.raises(BookReadOnly):
        book.save()
    assert caught.value.finding.code == "ADD606"
    assert book.sheets[0]["A1"].value is None
    book.close()


# What the user sees

def test_alerts_without_a_screen_are_kept_and_answered_in_turn(calc: xw.App) -> None:
    calc.impl.alerts.clear()
    calc.impl.alert_answers.append("no")
    assert calc.alert("覆盖吗？", "塔务台", "yes_no") == "no"
    assert calc.alert("完成") == "ok"
    assert calc.impl.alerts == [("覆盖吗？", "塔务台", "yes_no", ""), ("完成", "", "ok", "")]


def test_the_status_bar_is_given_back(calc: xw.App) -> None:
    calc.status_bar = "完成 3 行"
    assert calc.status_bar == "完成 3 行"
    calc.status_bar = False
    assert calc.status_bar is False
