"""The promises of a book, kept alike by books in memory, by closed files and by workbooks open in a program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from addin.libreoffice import engine
from macros.hosts import Book, Refused, Sheet, TableRef
from macros.hosts.files import FileBook
from macros.hosts.live import LiveBook
from macros.hosts.memory import MemoryBook
from macros.records import Broken, Cell
from tests.office.conftest import office_or_skip

HEADING: list[Cell] = ["编号", "日期", "金额"]
ROWS: list[list[Cell]] = [HEADING, ["甲", dt.datetime(2026, 1, 5), 1.5], ["乙", None, 2]]
OUTPUT: list[list[Cell]] = [["问题", "说明"], ["旧", "旧"], ["旧", "旧"]]
LOOSE: list[list[Cell]] = [["a", "b"], [1, 2]]


def memory() -> Book:
    return MemoryBook("台账.xlsx", [
        Sheet("台账", [list(row) for row in ROWS], [(1, 5, 1, 6)], tables=[TableRef("表1", "A1:C5")]),
        Sheet("问题", [list(row) for row in OUTPUT], [(2, 1, 3, 1)], hidden=True, tables=[TableRef("表2", "A1:B3")]),
        Sheet("散", [list(row) for row in LOOSE]),
    ])


def file(tmp_path: Path) -> Book:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    first, output, loose = (book.create_sheet(title) for title in ("台账", "问题", "散"))
    for sheet, rows in ((first, ROWS), (output, OUTPUT), (loose, LOOSE)):
        for row in rows:
            sheet.append(row)
    first.add_table(Table(displayName="表1", ref="A1:C5"))
    output.add_table(Table(displayName="表2", ref="A1:B3"))
    output.sheet_state = "hidden"
    first.merge_cells("E1:F1")
    output.merge_cells("A2:A3")
    path = tmp_path / "台账.xlsx"
    book.save(path)
    return FileBook(path)


@pytest.fixture(scope="module")
def calc() -> Iterator[Any]:
    """A LibreOffice for this module's books; the others do without."""
    office_or_skip()
    app = engine.start()
    yield app
    app.quit()


def live(tmp_path: Path, request: pytest.FixtureRequest) -> Book:
    """The book of that folder, opened in LibreOffice until the test ends."""
    opened = request.getfixturevalue("calc").books.open(str(tmp_path / "台账.xlsx"))
    request.addfinalizer(opened.close)
    return LiveBook(opened)


#: Where a workbook may live. In continuous integration the program must be there.
KINDS = ["memory", "file", pytest.param("live", marks=pytest.mark.office)]


@pytest.fixture(params=KINDS)
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Book:
    if request.param == "memory":
        return memory()
    made = file(tmp_path)
    return made if request.param == "file" else live(tmp_path, request)


def refused(book: Book) -> str:
    """The code of a refusal that must not have changed what is seen."""
    before = [book.sheet(title) for title in book.sheets()]
    with pytest.raises(Refused) as caught:
        book.save()
    assert [book.sheet(title) for title in book.sheets()] == before
    return caught.value.finding.code


def test_a_book_knows_its_name_and_sheets(book: Book) -> None:
    assert book.name == "台账.xlsx"
    assert book.sheets() == ["台账", "问题", "散"]


def test_a_sheet_is_its_used_area_with_merges_and_tables(book: Book) -> None:
    assert book.sheet("台账") == Sheet("台账", ROWS, [(1, 5, 1, 6)], False, [TableRef("表1", "A1:C5")])
    assert book.sheet("问题").hidden


def test_edits_are_seen_after_saving_and_not_before(book: Book) -> None:
    book.update("台账", {(2, 3): 9})
    assert book.sheet("台账").rows == ROWS
    book.save()
    assert book.sheet("台账").rows[1][2] == 9


def test_saving_without_edits_changes_nothing(book: Book) -> None:
    book.save()
    assert book.sheet("台账").rows == ROWS


def test_several_edits_are_saved_at_once_and_only_once(book: Book) -> None:
    book.update("台账", {(2, 3): 9})
    book.update("台账", {(2, 3): 10, (3, 1): None})
    book.append("台账", [["丙"]])
    book.replace("问题", [["问题", "说明"], ["新", "新"]])
    book.save()
    book.save()
    assert book.sheet("台账").rows == [HEADING, ["甲", dt.datetime(2026, 1, 5), 10], [None, None, 2], ["丙"]]
    assert book.sheet("问题").rows == [["问题", "说明"], ["新", "新"]]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("字", "字"), ("=1+1", "=1+1"), (5, 5), (1.25, 1.25), (True, True),
        (dt.date(2026, 2, 3), dt.datetime(2026, 2, 3)), (dt.datetime(2026, 2, 3, 8, 30), dt.datetime(2026, 2, 3, 8, 30)),
        (dt.time(8, 30), dt.time(8, 30)), (Broken("#REF!", "error"), "#REF!"), (None, None), ("", None),
    ],
)
def test_a_value_is_read_back_as_a_workbook_holds_it(book: Book, written: Cell, read: Cell) -> None:
    book.update("散", {(2, 1): written})
    book.save()
    value = book.sheet("散").rows[1][0]
    assert value == read
    assert type(value) is type(read)


def test_a_cell_may_be_set_beyond_the_used_area(book: Book) -> None:
    book.update("散", {(4, 4): "远"})
    book.save()
    assert book.sheet("散").rows == [*LOOSE, [], [None, None, None, "远"]]


def test_rows_and_sheet_end_at_their_last_value(book: Book) -> None:
    book.update("散", {(2, 1): None, (2, 2): None, (1, 2): None})
    book.save()
    assert book.sheet("散").rows == [["a"]]


def test_rows_are_added_inside_the_table_first(book: Book) -> None:
    book.append("台账", [["丙", dt.date(2026, 3, 1), 3], ["丁", None, 4]])
    book.save()
    sheet = book.sheet("台账")
    assert sheet.rows == [*ROWS, ["丙", dt.datetime(2026, 3, 1), 3], ["丁", None, 4]]
    assert sheet.tables == [TableRef("表1", "A1:C5")]


def test_the_table_grows_when_it_is_full(book: Book) -> None:
    book.append("台账", [["新0"], ["新1"], ["新2"], ["新3"]])
    book.save()
    assert book.sheet("台账").tables == [TableRef("表1", "A1:C7")]
    book.append("台账", [["再"]])
    book.save()
    sheet = book.sheet("台账")
    assert sheet.tables == [TableRef("表1", "A1:C8")]
    assert [row[0] for row in sheet.rows] == ["编号", "甲", "乙", "新0", "新1", "新2", "新3", "再"]


def test_rows_are_added_after_the_last_row_of_a_sheet_without_table(book: Book) -> None:
    book.append("散", [[3, 4], [None, 5]])
    book.save()
    assert book.sheet("散").rows == [*LOOSE, [3, 4], [None, 5]]


def test_rows_may_come_from_a_generator(book: Book) -> None:
    book.append("散", ([n] for n in (7, 8)))
    book.save()
    assert [row[0] for row in book.sheet("散").rows] == ["a", 1, 7, 8]


def test_an_addition_wider_than_the_table_is_refused(book: Book) -> None:
    with pytest.raises(Refused) as caught:
        book.append("台账", [["丙", None, 3, "多"]])
        book.save()
    assert caught.value.finding.code == "WBK047"
    assert book.sheet("台账").rows == ROWS


def test_an_addition_never_covers_what_stands_below_the_table(book: Book) -> None:
    book.update("台账", {(7, 1): "制表人：客户代表A"})
    book.save()
    with pytest.raises(Refused) as caught:
        book.append("台账", [[f"新{n}"] for n in range(4)])
        book.save()
    assert caught.value.finding.code == "WBK049"
    assert book.sheet("台账").rows[6] == ["制表人：客户代表A"]


def under_a_full_table(book: Book, *rows: list[Cell]) -> None:
    """Fill the table to its last row, 5, and type rows directly below it, as programs do that let no table grow."""
    book.append("台账", [["丙"], ["丁"]])
    book.save()
    book.update("台账", {(6 + down, 1 + at): value for down, row in enumerate(rows) for at, value in enumerate(row)})
    book.save()
    assert book.sheet("台账").tables == [TableRef("表1", "A1:C5")]


def test_rows_typed_directly_below_the_table_count_as_its_own(book: Book) -> None:
    under_a_full_table(book, ["戊", None, 5], [None, None, 6])
    assert book.sheet("台账").rows[5:] == [["戊", None, 5], [None, None, 6]]
    book.append("台账", [["己"], ["庚"]])
    book.save()
    sheet = book.sheet("台账")
    assert sheet.rows[5:] == [["戊", None, 5], [None, None, 6], ["己"], ["庚"]]
    assert sheet.tables == [TableRef("表1", "A1:C9")]


def test_rows_typed_below_and_added_in_one_go_both_stand(book: Book) -> None:
    book.append("台账", [["丙"], ["丁"]])
    book.save()
    book.update("台账", {(6, 1): "戊"})
    book.append("台账", [["己"]])
    book.save()
    sheet = book.sheet("台账")
    assert [row[0] for row in sheet.rows[4:]] == ["丁", "戊", "己"]
    assert sheet.tables == [TableRef("表1", "A1:C7")]


def test_blank_rows_inside_the_table_do_not_part_it_from_the_rows_below(book: Book) -> None:
    book.update("台账", {(6, 1): "戊"})
    book.save()
    book.append("台账", [["己"]])
    book.save()
    sheet = book.sheet("台账")
    assert [row[:1] for row in sheet.rows[3:]] == [[], [], ["戊"], ["己"]]
    assert sheet.tables == [TableRef("表1", "A1:C7")]


def test_what_stands_beside_the_table_is_no_row_of_it(book: Book) -> None:
    under_a_full_table(book, [None, None, None, "旁注"])
    book.append("台账", [["己"]])
    book.save()
    sheet = book.sheet("台账")
    assert sheet.rows[5:] == [["己", None, None, "旁注"]]
    assert sheet.tables == [TableRef("表1", "A1:C6")]


def test_rows_go_between_those_typed_below_and_a_note_as_long_as_there_is_room(book: Book) -> None:
    under_a_full_table(book, ["戊"], [], [], ["制表人：客户代表A"])
    book.append("台账", [["己"], ["庚"]])
    book.save()
    assert book.sheet("台账").tables == [TableRef("表1", "A1:C8")]
    assert [row[0] for row in book.sheet("台账").rows[5:]] == ["戊", "己", "庚", "制表人：客户代表A"]


def test_a_note_after_a_blank_row_is_never_covered(book: Book) -> None:
    under_a_full_table(book, ["戊"], [], ["制表人：客户代表A"])
    with pytest.raises(Refused) as caught:
        book.append("台账", [["己"], ["庚"]])
        book.save()
    assert caught.value.finding.code == "WBK049"
    sheet = book.sheet("台账")
    assert sheet.rows[5:] == [["戊"], [], ["制表人：客户代表A"]]
    assert sheet.tables == [TableRef("表1", "A1:C5")]


def obstructed(tmp_path: Path, kind: str, what: str, request: pytest.FixtureRequest) -> Book:
    """A full table with one typed row, and directly below that another table or a merged line."""
    rows: list[list[Cell]] = [HEADING, ["甲"], ["乙"], ["另一张表", "列"], ["一", "二"]]
    merges = [(4, 1, 4, 3)] if what == "merge" else []
    if what == "merge":
        rows[3] = ["注：本表由客户代表A填写"]
    tables = [TableRef("表1", "A1:C2"), *([TableRef("表2", "A4:B5")] if what == "table" else [])]
    if kind == "memory":
        return MemoryBook("台账.xlsx", [Sheet("台账", rows, merges, tables=tables)])
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "台账"
    for row in rows:
        sheet.append(row)
    for table in tables:
        sheet.add_table(Table(displayName=table.name, ref=table.ref))
    if merges:
        sheet.merge_cells("A4:C4")
    book.save(tmp_path / "台账.xlsx")
    return FileBook(tmp_path / "台账.xlsx") if kind == "file" else live(tmp_path, request)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["table", "merge"])
def test_another_table_or_merged_cells_directly_below_are_no_rows_of_the_table(
    tmp_path: Path, kind: str, what: str, request: pytest.FixtureRequest,
) -> None:
    book = obstructed(tmp_path, kind, what, request)
    before = book.sheet("台账")
    with pytest.raises(Refused) as caught:
        book.append("台账", [["丙"]])
        book.save()
    assert caught.value.finding.code == "WBK049"
    assert book.sheet("台账") == before


def totalled(tmp_path: Path, kind: str, tabled: bool, request: pytest.FixtureRequest) -> Book:
    """Two rows, in a table or not, and directly below a row of nothing but the user's formulas."""
    rows: list[list[Cell]] = [HEADING, ["甲", None, 1], ["乙", None, 2], [None, None, Broken("=SUM(C2:C3)", "formula")]]
    if kind == "memory":
        return MemoryBook("台账.xlsx", [Sheet("台账", rows, tables=[TableRef("表1", "A1:C3")] if tabled else [])])
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "台账"
    for row in rows[:3]:
        sheet.append(row)
    sheet["C4"] = "=SUM(C2:C3)"
    if tabled:
        sheet.add_table(Table(displayName="表1", ref="A1:C3"))
    book.save(tmp_path / "台账.xlsx")
    return FileBook(tmp_path / "台账.xlsx") if kind == "file" else live(tmp_path, request)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tabled", [True, False], ids=["table", "no table"])
def test_a_users_formulas_below_are_never_written_over(
    tmp_path: Path, kind: str, tabled: bool, request: pytest.FixtureRequest,
) -> None:
    book = totalled(tmp_path, kind, tabled, request)
    before = book.sheet("台账")
    with pytest.raises(Refused) as caught:
        book.append("台账", [["丙", None, 3]])
        book.save()
    assert caught.value.finding.code == "WBK049"
    assert book.sheet("台账") == before


@pytest.mark.parametrize("count", [0, 1, 5])
def test_replacing_fits_the_table_and_forgets_old_merges(book: Book, count: int) -> None:
    some: list[list[Cell]] = [["问题", "说明"], [1, "一"], [2, "二"], [3, "三"], [4, "四"], [5, "五"]]
    rows = some[: count + 1]
    book.replace("问题", rows)
    book.save()
    sheet = book.sheet("问题")
    assert sheet.rows == rows
    assert sheet.tables == [TableRef("表2", "A1:B" + {0: "2", 1: "2", 5: "6"}[count])]
    assert sheet.merges == []


def test_replacing_with_nothing_keeps_the_heading(book: Book) -> None:
    book.replace("问题", [])
    book.save()
    assert book.sheet("问题").rows == [["问题", "说明"]]


def test_edits_after_a_replacement_build_on_it(book: Book) -> None:
    book.replace("问题", [["问题", "说明"], ["一", "二"]])
    book.update("问题", {(2, 2): "改"})
    book.append("问题", [["三", "四"]])
    book.save()
    assert book.sheet("问题").rows == [["问题", "说明"], ["一", "改"], ["三", "四"]]


@pytest.mark.parametrize(
    "act",
    [lambda book: book.sheet("无"), lambda book: book.replace("无", []), lambda book: book.append("无", []),
     lambda book: book.update("无", {})],
    ids=["sheet", "replace", "append", "update"],
)
def test_a_title_that_is_not_there_is_refused(book: Book, act: Callable[[Book], object]) -> None:
    with pytest.raises(Refused) as caught:
        act(book)
    assert caught.value.finding.code == "WBK030"
    assert "“无”" in caught.value.finding.message


@pytest.mark.parametrize("place", [(0, 1), (1, 0)])
def test_a_place_outside_the_sheet_is_refused(book: Book, place: tuple[int, int]) -> None:
    with pytest.raises(Refused) as caught:
        book.update("散", {place: 1})
    assert caught.value.finding.code == "WBK047"


def test_what_is_handed_out_is_the_callers_own(book: Book) -> None:
    book.sheet("散").rows[0][0] = "改了自己的"
    assert book.sheet("散").rows == LOOSE
