"""Open workbooks in a real LibreOffice: what a click does to them, and what it never does to them or to their files."""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import MethodType
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.table import Table

from addin.libreoffice import engine
from macros.hosts import Refused, opening
from macros.hosts.areas import a1
from macros.hosts.files import FileBook
from macros.hosts.live import LiveBook, opener
from macros.hosts.live_rows import by_height, shown_rows
from macros.hosts.live_selection import selected_rows
from macros.records import Broken, Cell, Link
from tests.city import NOWS, City, copied, put, run

pytestmark = pytest.mark.office

HEADING = ["编号", "区县", "金额", "日期", "时刻", "提示"]
YELLOW = "FFFFFF00"


def rows_of(count: int) -> list[list[Any]]:
    """Rows like a register's: a code, a county, an amount, a day, a time of day, and a column for hints."""
    day = dt.datetime(2026, 1, 1)
    return [
        [f"K-{n:05d}", "东" if n % 2 else "西", n + 0.5, day + dt.timedelta(days=n % 300), dt.time(8, 30), None]
        for n in range(1, count + 1)
    ]


def register(path: Path, count: int = 20) -> Path:
    """A workbook with a table of that many rows and an output sheet, with a user's own colours, note and rule."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "台账"
    for row in [HEADING, *rows_of(count)]:
        sheet.append(row)
    for column, code in ((1, "@"), (4, "yyyy-mm-dd"), (5, "hh:mm")):
        for number in range(2, count + 2):
            sheet.cell(number, column).number_format = code
    sheet.add_table(Table(displayName="表1", ref=f"A1:F{count + 1}"))
    sheet["C3"].fill = PatternFill("solid", YELLOW)
    sheet["B4"].comment = Comment("客户代表A说过", "客户代表A")
    sheet["H1"], sheet["H2"] = "我的列", "=C2*2"
    rule: Any = CellIsRule("greaterThan", ["5"], fill=PatternFill(bgColor=YELLOW))  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add(f"C2:C{count + 1}", rule)
    output = book.create_sheet("问题")
    output.append(["编号", "说明", "去处"])
    output.append([None, None, None])
    output["A2"].number_format = "@"
    output["B2"].fill = PatternFill("solid", YELLOW)
    output.add_table(Table(displayName="表2", ref="A1:C2"))
    book.save(path)
    return path


class Desk:
    """Workbooks opened for one test, closed after it."""

    def __init__(self, app: xw.App) -> None:
        self.app = app
        self.books: list[xw.Book] = []

    def open(self, path: Path, **options: Any) -> xw.Book:
        # LibreOffice opens workbooks of one name from several folders; xlwings' own `open` thinks of Excel and does not.
        self.books.append(xw.Book(impl=self.app.books.impl.open(str(path), **options)))
        return self.books[-1]


@pytest.fixture
def desk(calc: xw.App) -> Iterator[Desk]:
    made = Desk(calc)
    yield made
    for book in made.books:
        if any(book.fullname == one.fullname for one in calc.books):
            book.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return register(tmp_path / "台账.xlsx")


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.finding.workbook == "台账.xlsx"
    return caught.value.finding.code


def content(book: LiveBook) -> dict[str, list[list[Cell]]]:
    return {title: book.sheet(title).rows for title in book.sheets()}


class Watched:
    """What stands behind an xlwings object, with every question to it counted; a deed may be done at one of them."""

    def __init__(self, behind: Any, log: list[str], deeds: dict[int, Callable[[], object]]) -> None:
        self.__dict__.update(behind=behind, log=log, deeds=deeds)

    def _asked(self, name: str) -> None:
        self.log.append(f"{type(self.behind).__name__}.{name}")
        self.deeds.get(len(self.log), lambda: None)()

    def _seen(self, value: Any) -> Any:
        if isinstance(value, MethodType):
            return lambda *args, **named: self._seen(value(*map(_bare, args), **{k: _bare(v) for k, v in named.items()}))
        ours = type(value).__module__.startswith("addin.libreoffice.engine") and type(value).__name__ != "Engine"
        return Watched(value, self.log, self.deeds) if ours else value

    def __getattr__(self, name: str) -> Any:
        self._asked(name)
        return self._seen(getattr(self.behind, name))

    def __setattr__(self, name: str, value: Any) -> None:
        self._asked(name)
        setattr(self.behind, name, _bare(value))

    def __call__(self, *args: Any) -> Any:
        self._asked("()")
        return self._seen(self.behind(*map(_bare, args)))

    def __iter__(self) -> Iterator[Any]:
        self._asked("iter")
        return map(self._seen, iter(self.behind))

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        self._asked("len")
        return len(self.behind)

    def __contains__(self, key: object) -> bool:
        return key in self.behind


def _bare(value: Any) -> Any:
    inner = getattr(value, "impl", value)
    if isinstance(inner, Watched):
        return type(value)(impl=inner.behind) if inner is not value else inner.behind
    return value


def watched(book: xw.Book, deeds: dict[int, Callable[[], object]] | None = None) -> tuple[LiveBook, list[str]]:
    """An open workbook and the list that every question to the program is added to."""
    log: list[str] = []
    return LiveBook(xw.Book(impl=Watched(book.impl, log, deeds if deeds is not None else {}))), log


# The sample city.


def cells_in(folder: Path) -> dict[tuple[str, str, str], Cell]:
    """Every cell of every workbook of a folder, by workbook, sheet and address; of a fraction, LibreOffice saves fourteen digits or so."""
    books = [FileBook(path) for path in sorted(folder.glob("*.xlsx"))]
    return {
        (book.name, title, a1(row, column)): float(f"{value:.12g}") if isinstance(value, float) else value
        for book in books for title in book.sheets() for row, line in enumerate(book.sheet(title).rows, 1)
        for column, value in enumerate(line, 1) if value is not None
    }


def as_a_user_left_it(folder: Path) -> None:
    """Mistakes to be found, and what users add: a column of their own, a colour, a note."""
    put(folder, "需求", "XQ-YD-0001", "经度", 999)
    put(folder, "需求", "XQ-YD-0002", "需求收集表签署日期", None)
    path = folder / "需求台账.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["需求"]
    beside = sheet.max_column + 2
    sheet.cell(1, beside).value, sheet.cell(3, beside).value = "我的备注", "下周回访"
    sheet.cell(3, 2).fill = PatternFill("solid", YELLOW)
    sheet.cell(4, 2).comment = Comment("客户代表A说过", "客户代表A")
    book.save(path)


def test_a_click_on_open_workbooks_does_what_the_command_does_to_files(city: City, desk: Desk, tmp_path: Path) -> None:
    files, open_ = (copied(city.folder, tmp_path / name) for name in ("文件", "打开"))
    for folder in (files, open_):
        as_a_user_left_it(folder)
    names = ["需求台账.xlsx", "待办.xlsx"]
    books = [desk.open(open_ / name) for name in names]
    sheet = books[0].sheets["需求"]
    sheet.activate()
    sheet.range("B3:B4").select()
    sheet.range("D:D").columns.hidden = True
    on_disk = [(open_ / name).read_bytes() for name in names]
    for command in ("check", "board"):
        on_files = run(command, files, now=NOWS[0])
        with opening.through(opener(desk.app)):
            on_open = run(command, open_, now=NOWS[0])
        assert on_open.data == on_files.data
    assert [(open_ / name).read_bytes() for name in names] == on_disk
    selected = desk.app.selection
    assert selected is not None and (selected.address, sheet.range("D2").columns.hidden) == ("$B$3:$B$4", True)
    for book in books:
        book.save()
    expected, found = cells_in(files), cells_in(open_)
    assert [(place, expected.get(place), found.get(place)) for place in expected | found if expected.get(place) != found.get(place)] == []
    saved = openpyxl.load_workbook(open_ / "需求台账.xlsx")["需求"]
    assert saved["B3"].fill.fgColor.rgb == YELLOW
    assert saved["B4"].comment is not None and saved["B4"].comment.text == "客户代表A说过"


# What a value becomes.


TEXTS = [
    "=1+1", "00123", "2024-01-05", "1e5", "TRUE", "+1", "-1", "@x", "'x", "#N/A", "5%", "¥5", "3月5日", "1/2", "(5)", " 前后 ",
    "一\n二", "Jan 5", "上午8:30", "429000000000000001", "A", "=1+1" * 3000, "字" * 32_767,
]
DAYS = [dt.datetime(2026, 2, 3), dt.datetime(2026, 2, 3, 8, 30), dt.datetime(1900, 1, 5), dt.datetime(1900, 3, 1)]
NUMBERS: list[Cell] = [0, 5, 0.1, -3.25, 123456789012345]


def written(desk: Desk, path: Path, form: str, values: Sequence[Cell]) -> tuple[list[Cell], str | None]:
    """Values written below each other into cells of a format: what they are read back as, and the cells' format then."""
    opened = desk.open(path)
    cells = opened.sheets["问题"].range((2, 5), (len(values) + 1, 5))
    cells.number_format = form
    book = LiveBook(opened)
    book.update("问题", {(row, 5): value for row, value in enumerate(values, 2)})
    book.save()
    return [row[4] for row in book.sheet("问题").rows[1:]], cells.number_format


@pytest.mark.parametrize("form", ["General", "@", "0.00", "yyyy-mm-dd"])
def test_text_stays_text_whatever_it_looks_like_and_wherever_it_goes(desk: Desk, path: Path, form: str) -> None:
    assert written(desk, path, form, TEXTS) == (TEXTS, form)


@pytest.mark.parametrize("form", ["General", "@", "yyyy-mm-dd", 'yyyy"年"m"月"d"日"'])
def test_a_day_is_a_day_in_any_cell(desk: Desk, path: Path, form: str) -> None:
    assert written(desk, path, form, DAYS)[0] == DAYS


@pytest.mark.parametrize("form", ["General", "@", "#,##0.00"])
def test_a_number_is_a_number_and_the_cell_keeps_its_format(desk: Desk, path: Path, form: str) -> None:
    assert written(desk, path, form, NUMBERS) == (NUMBERS, form)


@pytest.mark.parametrize("form", ["General", "@", "h:mm"])
def test_a_time_of_day_is_one_in_any_cell(desk: Desk, path: Path, form: str) -> None:
    times = [dt.time(8, 30), dt.time(0, 0), dt.time(23, 59, 59)]
    assert written(desk, path, form, times)[0] == times


@pytest.mark.parametrize(
    ("value", "code"),
    [(float("nan"), "WBK045"), (10**15, "WBK045"), (dt.date(1899, 12, 31), "WBK045"), ("字" * 32_768, "WBK046"),
     (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "WBK045")],
    ids=["nan", "sixteen digits", "too early", "too long", "with a zone"],
)
def test_what_no_cell_holds_is_refused(desk: Desk, path: Path, value: Cell, code: str) -> None:
    book = LiveBook(desk.open(path))
    before = content(book)
    book.update("台账", {(2, 6): "先写这格", (3, 6): value})
    assert refused(book.save) == code
    assert content(book) == before


def test_a_sheet_is_read_as_its_file_is(desk: Desk, path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["台账"]
    places: dict[str, Any] = {"A30": "=1/0", "B30": "#N/A", "C30": 1e17, "D30": True, "E30": 0.25, "F30": dt.datetime(1900, 1, 5),
                         "A31": "=\"公式\"&\"的字\"", "B31": dt.time(0, 0), "C31": 0, "D31": "'单引号", "E31": 5.0}
    for place, value in places.items():
        sheet[place] = value
    sheet["B30"].data_type = "s"
    sheet["E30"].number_format, sheet["B31"].number_format = "0%", "hh:mm"
    book.save(path)
    opened = desk.open(path)
    opened.save()  # so that the file has the formulas' results
    live, file = LiveBook(opened).sheet("台账"), FileBook(path).sheet("台账")
    assert live.rows[29] == [Broken("#DIV/0!", "error"), "#N/A", Broken("1e+17", "digits"), True, 0.25, dt.datetime(1900, 1, 5)]
    assert live.rows == file.rows
    assert (live.merges, live.tables, live.hidden) == (file.merges, file.tables, file.hidden)


def test_a_link_leads_to_its_cell_and_reads_as_its_text(desk: Desk, path: Path) -> None:
    opened = desk.open(path)
    book = LiveBook(opened)
    book.replace("问题", [["编号", "说明", "去处"], ["1", "错", Link("去“需求”", "台账.xlsx", "台账", "A2")]])
    book.save()
    opened.save()
    assert FileBook(path).sheet("问题").rows[1][2] == book.sheet("问题").rows[1][2] == "去“需求”"
    assert openpyxl.load_workbook(path)["问题"]["C2"].value == '=HYPERLINK("台账.xlsx#\'台账\'!A2","去“需求”")'


# What is left alone.


def only_east(book: xw.Book) -> None:
    """Filter the table as the user does with its button."""
    table = book.api.DatabaseRanges.getByName("表1")
    filters = table.getFilterDescriptor()
    field = engine.load_uno().createUnoStruct("com.sun.star.sheet.TableFilterField2")
    field.Field, field.Operator, field.StringValue = 1, 2, "东"
    filters.setFilterFields2((field,))
    table.refresh()


def test_values_land_in_their_rows_though_a_filter_hides_some(desk: Desk, path: Path) -> None:
    opened = desk.open(path)
    sheet = opened.sheets["台账"]
    only_east(opened)
    sheet.range("C:C").columns.hidden = True
    shown = shown_rows(sheet, [(1, 21)])
    assert shown == [1, *range(2, 22, 2)] == sorted(by_height(sheet, 1, 21))
    book = LiveBook(opened)
    book.update("台账", {(row, 6): f"提示{row}" for row in range(2, 22)})
    book.append("台账", [["K-00021", "西", 1, dt.date(2026, 5, 5), None, "新"], ["K-00022", "东", 2]])
    book.save()
    rows = book.sheet("台账").rows
    assert [row[5] for row in rows[1:22]] == [*(f"提示{row}" for row in range(2, 22)), "新"]
    assert [row[:3] for row in rows[21:]] == [["K-00021", "西", 1], ["K-00022", "东", 2]]
    assert shown_rows(sheet, [(1, 21)]) == shown
    assert sheet.range("C1").columns.hidden


def test_what_the_user_made_of_the_workbook_stays(desk: Desk, path: Path) -> None:
    opened = desk.open(path)
    sheet = opened.sheets["台账"]
    sheet.activate()
    sheet.range("B3:C5").select()
    book = LiveBook(opened)
    book.update("台账", {(row, 6): "提示" for row in range(2, 22)})
    book.append("台账", [["K-00021", "西", 1, dt.date(2026, 5, 5)]])
    book.replace("问题", [["编号", "说明", "去处"], ["1", "错", None]])
    book.save()
    selected = opened.app.selection
    assert selected is not None
    assert (selected.address, opened.sheets.active.name) == ("$B$3:$C$5", "台账")
    assert "K-00021" not in {row[0] for row in FileBook(path).sheet("台账").rows}, "saving to disk is the user's own doing"
    opened.save()
    saved = openpyxl.load_workbook(path)["台账"]
    assert saved["C3"].fill.fgColor.rgb == YELLOW
    assert [saved[place].comment and saved[place].comment.text for place in ("B4", "B22")] == ["客户代表A说过", None]
    assert (saved["H1"].value, saved["H2"].value) == ("我的列", "=C2*2")
    assert sum(len(area.rules) for area in saved.conditional_formatting) == 1
    assert [sheet.range((22, column)).number_format for column in (1, 4, 5)] == ["@", "yyyy-mm-dd", "hh:mm"]


def test_new_rows_take_looks_and_formulas_of_the_row_above_but_not_its_note(desk: Desk, path: Path) -> None:
    opened = desk.open(path)
    sheet = opened.sheets["台账"]
    sheet.range("C21").formula = "=ROW()*10"
    sheet.range("A21").color = (255, 0, 0)
    sheet.range("B21").add_note("只说这一行")
    book = LiveBook(opened)
    book.append("台账", [["新1"], ["新2", None, 7], ["新3", "东", None, dt.date(2026, 5, 5)]])
    book.save()
    assert book.sheet("台账").rows[21:] == [
        ["新1", None, 220], ["新2", None, 7], ["新3", "东", 240, dt.datetime(2026, 5, 5)],
    ]
    assert [sheet.range((row, 1)).color for row in (22, 23, 24)] == [(255, 0, 0)] * 3
    assert [sheet.range((row, 2)).note for row in (22, 23, 24)] == [None] * 3
    note = sheet.range("B21").note
    assert note is not None and note.text == "只说这一行"
    assert book.sheet("台账").tables[0].ref == "A1:F24"


def test_a_replaced_list_is_shown_whole_in_the_looks_of_its_first_row(desk: Desk, path: Path) -> None:
    opened = desk.open(path)
    sheet, book = opened.sheets["问题"], LiveBook(opened)
    book.replace("问题", [["编号", "说明", "去处"], *[[f"00{n}", "错", None] for n in range(9)]])
    book.save()
    sheet.range("4:6").rows.hidden = True
    book.replace("问题", [["编号", "说明", "去处"], *[[f"00{n}", "错", None] for n in range(5)]])
    book.save()
    assert shown_rows(sheet, [(1, 10)]) == list(range(1, 11))
    assert [(sheet.range((row, 2)).color, sheet.range((row, 1)).number_format) for row in (6, 7)] == [((255, 255, 0), "@"), (None, "General")]
    assert book.sheet("问题").rows[5:] == [["004", "错"]]


# All or nothing.


@pytest.mark.parametrize("after", [3, 12, 25, 40, 60, 80])
def test_a_sheet_protected_halfway_leaves_every_sheet_as_it_was(desk: Desk, path: Path, after: int) -> None:
    opened = desk.open(path)
    before = content(LiveBook(opened))
    deeds: dict[int, Callable[[], object]] = {}
    book, log = watched(opened, deeds)
    book.update("台账", {(2, 6): "改", (9, 3): 9, (2, 8): "盖住公式"})
    book.append("台账", [["新", "东", 1]])
    deeds[len(log) + after] = lambda: opened.sheets["台账"].api.protect("密")
    book.replace("问题", [["编号", "说明", "去处"], ["1", "错", None]])
    code = refused(book.save)
    opened.sheets["台账"].api.unprotect("密")
    assert code in ("WBK072", "WBK069")
    if code == "WBK072":
        assert content(LiveBook(opened)) == before
        assert opened.sheets["台账"].range("H2").formula == "=C2*2"


def test_a_protected_sheet_is_refused_and_told(desk: Desk, path: Path) -> None:
    opened = desk.open(path)
    book = LiveBook(opened)
    before = content(book)
    book.replace("问题", [["编号", "说明", "去处"], ["1", "错", None]])
    book.update("台账", {(2, 6): "改"})
    opened.sheets["台账"].api.protect("密")
    assert refused(book.save) == "WBK072"
    assert content(book) == before
    opened.sheets["台账"].api.unprotect("密")
    book.save()
    assert book.sheet("台账").rows[1][5] == "改"


def test_a_workbook_opened_for_reading_only_is_refused(desk: Desk, path: Path) -> None:
    opened = desk.open(path, read_only=True)
    book = LiveBook(opened)
    assert book.sheet("台账").rows[1][0] == "K-00001"
    book.update("台账", {(2, 6): "改"})
    assert refused(book.save) == "WBK065"
    with opening.through(opener(desk.app)), pytest.raises(Refused) as caught:
        opening.check_writable(path)
    assert caught.value.finding.code == "WBK065"


def test_a_new_workbook_never_saved_can_be_written(desk: Desk) -> None:
    opened = desk.app.books.add()
    desk.books.append(opened)
    book, title = LiveBook(opened), opened.sheets[0].name
    book.append(title, [["一", 2]])
    book.save()
    assert book.sheet(title).rows == [[], ["一", 2]]


@pytest.mark.parametrize("after", [1, 20, 60])
def test_a_workbook_closed_halfway_is_told_and_its_file_is_as_it_was(desk: Desk, path: Path, after: int) -> None:
    opened = desk.open(path)
    before = path.read_bytes()
    deeds: dict[int, Callable[[], object]] = {}
    book, log = watched(opened, deeds)
    book.update("台账", {(row, 6): "改" for row in range(2, 22)})
    deeds[len(log) + after] = opened.close
    assert refused(book.save) == "WBK062"
    assert path.read_bytes() == before


def test_an_office_killed_halfway_is_told_and_the_file_is_as_it_was(path: Path) -> None:
    app = engine.start()
    before = path.read_bytes()
    deeds: dict[int, Callable[[], object]] = {}
    book, log = watched(app.books.open(str(path)), deeds)
    book.update("台账", {(row, 6): "改" for row in range(2, 22)})
    deeds[len(log) + 30] = lambda: os.killpg(app.pid, signal.SIGKILL)
    assert refused(book.save) == "WBK063"
    assert path.read_bytes() == before
    app.kill()


def test_rows_changed_by_the_user_meanwhile_are_not_written_to(desk: Desk, path: Path) -> None:
    opened = desk.open(path)
    book = LiveBook(opened)
    book.sheet("台账")
    book.update("台账", {(5, 6): "给K-00004的提示"})
    opened.sheets["台账"].range("A3:H3").insert("down")
    assert refused(book.save) == "WBK067"
    assert all("给K-00004的提示" not in row for row in book.sheet("台账").rows)


def test_what_the_user_changes_in_other_rows_meanwhile_stays(desk: Desk, path: Path) -> None:
    opened = desk.open(path)
    book = LiveBook(opened)
    book.sheet("台账")
    book.update("台账", {(5, 6): "提示"})
    opened.sheets["台账"].range("B9").value = "用户刚填"
    book.save()
    rows = book.sheet("台账").rows
    assert (rows[4][5], rows[8][1]) == ("提示", "用户刚填")


def test_formulas_that_move_on_keep_nothing_from_being_written(desk: Desk, path: Path) -> None:
    opened = desk.open(path)
    opened.sheets["台账"].range("H2").formula = '=F2&RAND()'
    book = LiveBook(opened)
    for hint in ("一", "二"):
        book.sheet("台账")
        book.update("台账", {(2, 6): hint})
        book.save()
    assert book.sheet("台账").rows[1][5] == "二"


def test_a_sheet_renamed_meanwhile_is_told(desk: Desk, path: Path) -> None:
    opened = desk.open(path)
    book = LiveBook(opened)
    book.update("台账", {(2, 6): "改"})
    opened.sheets["台账"].name = "旧台账"
    assert refused(book.save) == "WBK066"


# Which workbook.


def test_a_path_finds_its_own_workbook_among_some_of_the_same_name(desk: Desk, tmp_path: Path) -> None:
    paths = [tmp_path / name / "台账.xlsx" for name in ("甲 区", "乙&区", "丙")]
    for file in paths:
        file.parent.mkdir()
        register(file)
    for file in paths[:2]:
        desk.open(file)
    find = opener(desk.app)
    one, two = find(paths[0]), find(paths[1])
    assert one is not None and two is not None and find(paths[2]) is None
    one.update("台账", {(2, 6): "甲的"})
    one.save()
    assert (one.sheet("台账").rows[1][5:6], two.sheet("台账").rows[1][5:6]) == (["甲的"], [None])
    assert find(paths[0].parent / ".." / paths[0].parent.name / "台账.xlsx") is one


def test_a_workbook_opened_again_is_found_again(desk: Desk, path: Path) -> None:
    find = opener(desk.app)
    assert find(path) is None
    desk.open(path)
    first = find(path)
    desk.books.pop().close()
    assert find(path) is None
    desk.open(path)
    again = find(path)
    assert first is not None and again is not None and again is not first
    assert again.sheet("台账").rows[1][0] == "K-00001"


@pytest.mark.parametrize(
    ("selected", "rows", "column"),
    [("B3", [3], 2), ("$A$5:$C$7", [5, 6, 7], 1), ("D:D", list(range(1, 22)), 4), ("4:6", [4, 5, 6], 1), ("F900:G950", [], 6)],
)
def test_the_selected_rows_are_those_of_the_used_area(desk: Desk, path: Path, selected: str, rows: list[int], column: int) -> None:
    opened = desk.open(path)
    opened.sheets["台账"].range(selected).select()
    assert selected_rows(desk.app) == (path, "台账", rows, column)


def test_selected_rows_are_those_that_are_seen_in_every_area(desk: Desk, path: Path) -> None:
    opened = desk.open(path)
    only_east(opened)
    opened.sheets["台账"].activate()
    areas = opened.api.createInstance("com.sun.star.sheet.SheetCellRanges")
    for name in ("C9:D12", "A2:A5", "B4:B6"):
        areas.addRangeAddress(opened.sheets["台账"].range(name).api.RangeAddress, False)
    opened.api.CurrentController.select(areas)
    found = selected_rows(desk.app)
    assert found[2] == [2, 4, 6, 10, 12]


# As many questions for many rows as for few.


@pytest.mark.parametrize(
    "edit",
    [
        lambda book, count: book.sheet("台账"),
        lambda book, count: book.update("台账", {(row, 6): f"提示{row}" for row in range(2, count + 2)}),
        lambda book, count: book.update("台账", {(row, 6): f"提示{row}" for row in range(2, count + 2, 2)}),
        lambda book, count: book.update("台账", {(row, 4): dt.date(2026, 5, 5) for row in range(2, count + 2)}),
        lambda book, count: book.append("台账", [["新", "东", 1, dt.date(2026, 5, 5), None, "字"]]),
    ],
    ids=["read", "hints", "every other hint", "days", "append"],
)
def test_the_number_of_questions_does_not_grow_with_the_rows(desk: Desk, tmp_path: Path, edit: Callable[[LiveBook, int], object]) -> None:
    asked = []
    for count in (200, 1_600):
        book, log = watched(desk.open(register(tmp_path / f"{count}.xlsx", count)))
        del log[:]
        edit(book, count)
        book.save()
        asked.append(len(log))
    assert asked[0] == asked[1] < 250


def test_a_list_takes_few_more_questions_when_it_is_long(desk: Desk, path: Path) -> None:
    book, log = watched(desk.open(path))
    asked = []
    for count in (100, 1_600):
        del log[:]
        book.replace("问题", [["编号", "说明", "去处"], *[[f"00{n}", "错", Link("去", "台账.xlsx", "台账", "A2")] for n in range(count)]])
        book.save()
        asked.append(len(log))
    assert asked[0] < 300
    assert asked[1] - asked[0] < 100


def test_ten_thousand_rows_are_read_hinted_and_listed_in_seconds(desk: Desk, tmp_path: Path) -> None:
    count = 10_000
    opened = desk.open(register(tmp_path / "台账.xlsx", count))
    book = LiveBook(opened)
    began = time.process_time()
    rows = book.sheet("台账").rows
    book.update("台账", {(row, 6): f"第{row}行：收到日期晚于发送日期" for row in range(2, count + 2)})
    listed: list[list[Cell]] = [[row[0], "收到日期晚于发送日期", Link("去", "台账.xlsx", "台账", f"A{n}")] for n, row in enumerate(rows[1:], 2)]
    book.replace("问题", [["编号", "说明", "去处"], *listed])
    book.save()
    assert time.process_time() - began < 15, "seconds of this process; the office's own come on top"
    assert [row[5] for row in book.sheet("台账").rows[1:]] == [f"第{row}行：收到日期晚于发送日期" for row in range(2, count + 2)]
    assert [row[2] for row in book.sheet("问题").rows[1:]] == ["去"] * count
