"""What tells one content of a sheet from another: kinds of cells, rows that moved, and saving by other programs."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from generator.pdf import find_office
from macros import cli
from macros.history.compare import changes, fingerprints
from macros.history.rows import by_value
from macros.history.settings import place
from macros.history.texts import fingerprint, packed, text, unpacked
from macros.hosts import Sheet
from macros.hosts.files import FileBook
from macros.hosts.memory import MemoryBook
from macros.records import Broken, Link
from tests.city import enter
from tests.tables import sheets

NOON = dt.datetime(2026, 11, 22, 12)
APART: dict[str, tuple[list[Any], list[Any]]] = {
    # two rows that a reader of the sheet sees a difference between
    "an error and its words": ([Broken("#N/A", "error")], ["#N/A"]),
    "a number and its digits": ([100], ["100"]),
    "a truth and its word": ([True], ["TRUE"]),
    "a truth and a number": ([True], [1]),
    "a day and its text": ([dt.datetime(2026, 11, 22)], ["2026-11-22"]),
    "a formula without a result and its text": ([Broken("=1+1", "formula")], ["=1+1"]),
    "two cells and one with the sign between them": (["a", "b"], ["a\x1fsb"]),
    "the sign that escapes it": (["a\x1b1"], ["a\x1f"]),
    "a blank before": ([None, "a"], ["a"]),
    "numbers in the fifteenth digit": ([0.123456789012345], [0.123456789012346]),
}
SAME: dict[str, tuple[list[Any], list[Any]]] = {
    # two rows that are one content, saved by different programs or handed over by different readers
    "a whole number": ([1], [1.0]),
    "nothing below nothing": ([0], [-0.0]),
    "more digits than are shown": ([1 / 3], [0.333333333333333]),
    "a number of too many digits": ([Broken("1.234567890123457e+19", "digits")], [Broken("1.23456789012346e+19", "digits")]),
    "ends of lines": (["一\r\n二"], ["一\n二"]),
    "a day": ([dt.datetime(2026, 11, 22)], [dt.date(2026, 11, 22)]),
    "a link": ([Link("甲", "客户台账.xlsx", "客户", "A2")], ["甲"]),
    "blanks at the end": (["甲", None, ""], ["甲"]),
}


@pytest.mark.parametrize("what", APART)
def test_what_a_reader_tells_apart_the_fingerprint_does(what: str) -> None:
    one, other = APART[what]
    assert fingerprint([(2, packed(one))]) != fingerprint([(2, packed(other))])


@pytest.mark.parametrize("what", SAME)
def test_what_is_the_same_to_a_reader_has_one_fingerprint(what: str) -> None:
    one, other = SAME[what]
    assert fingerprint([(2, packed(one))]) == fingerprint([(2, packed(other))])


def test_a_packed_row_says_what_the_row_says() -> None:
    row = ["甲\x1f乙", None, 1.5, True, NOON, Broken("#REF!", "error"), "\x1b1"]
    assert [told.text for told in unpacked(packed(row))] == ["甲\x1f乙", "", "1.5", "TRUE", "2026-11-22 12:00:00", "#REF!", "\x1b1"]
    assert (unpacked(packed([None])), text(None)) == ([], "")


def mixed(path: Path) -> None:
    """A workbook with a cell of every kind."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    cells: list[Any] = ["文本", "100", 100, 1 / 3, 0.1 + 0.2, True, NOON, dt.datetime(2026, 11, 22), dt.time(9, 30), "一\r\n二", " 空 ", 1e20]
    for number, cell in enumerate(cells, 2):
        sheet.cell(number, 2, cell)
    for row, data_type in ((30, "s"), (31, "e")):
        sheet.cell(row, 2, "#N/A").data_type = data_type
    book.save(path)


def test_the_file_and_the_memory_give_one_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "各种.xlsx"
    mixed(path)
    rows = FileBook(path).sheet("Sheet").rows
    book = MemoryBook(path.name, [Sheet("Sheet", rows, [])])
    held = fingerprint((number, packed(row)) for number, row in enumerate(book.sheet("Sheet").rows, 1))
    assert held == fingerprints(path.name, path.read_bytes())["Sheet"]


@pytest.mark.office
@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
def test_saving_in_a_spreadsheet_program_changes_no_content(tmp_path: Path) -> None:
    path = tmp_path / "各种.xlsx"
    mixed(path)
    office, home = find_office(), f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    assert office is not None
    subprocess.run(
        [office, home, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "另存", path],
        check=True, capture_output=True, timeout=180,
    )
    before, after = path.read_bytes(), (tmp_path / "另存" / path.name).read_bytes()
    assert before != after
    assert changes(path.name, before, after).cells == []
    assert fingerprints(path.name, before) == fingerprints(path.name, after)


# Rows read side by side

def table(words: str) -> list[tuple[int, bytes]]:
    (found,) = sheets(f"## 客户\n{words}").values()
    return [(number, packed(cells)) for number, cells in enumerate(found, 1)]


MOVED: dict[str, tuple[str, str, list[int], list[int]]] = {
    # before, after, rows of before without their like, rows of after without theirs
    "a row put in": ("|名\n|甲\n|乙\n|丙", "|名\n|甲\n|新\n|乙\n|丙", [], [3]),
    "a row taken out": ("|名\n|甲\n|乙\n|丙", "|名\n|乙\n|丙", [2], []),
    "rows sorted": ("|名\n|丙\n|甲\n|乙", "|名\n|甲\n|乙\n|丙", [], []),
    "a row changed": ("|名|县\n|甲|一\n|乙|二", "|名|县\n|甲|一\n|乙|三", [3], [3]),
    "one of two equal rows taken out": ("|名\n|甲\n|甲\n|乙", "|名\n|甲\n|乙", [3], []),
    "columns exchanged": ("|名|县\n|甲|一\n|乙|二", "|县|名\n|甲|一\n|乙|二", [2, 3], [2, 3]),
    "no headings": ("| |\n|甲|一", "| |\n|甲|二", [2], [2]),
    "nothing": ("|名\n|甲", "|名\n|甲", [], []),
}


@pytest.mark.parametrize("what", MOVED)
def test_only_rows_without_their_like_are_held(what: str) -> None:
    before, after, gone, come = MOVED[what]
    found = by_value(table(before), table(after))
    assert (sorted(found.old), sorted(found.new)) == (gone, come)


# A register

CUSTOMERS = "## 客户\n| 客户名称 | 运营商 | 区县 | 备注 |\n| 移动甲县 | 移动 | 甲县 | 常来 |\n| 联通甲县 | 联通 | 甲县 | 少来 |\n"


@pytest.fixture
def register(folder: Path) -> Path:
    """Two customers with remarks."""
    enter(folder, CUSTOMERS)
    return folder


def do(command: str, folder: Path, **options: Any) -> Any:
    return cli.run(command, {"folder": folder, **options}).data


def remark(folder: Path, row: int, value: Any, kind: str) -> str:
    """Put a remark as a spreadsheet program does; its cell."""
    book = openpyxl.load_workbook(folder / "客户台账.xlsx")
    sheet = book["客户"]
    column = next(cell.column for cell in sheet[1] if cell.value == "备注")
    cell = sheet.cell(row, column, value)
    cell.data_type = kind
    book.save(folder / "客户台账.xlsx")
    return str(cell.coordinate)


def test_a_text_that_became_an_error_or_a_number_is_told(register: Path) -> None:
    remark(register, 2, "#N/A", "s")
    remark(register, 3, "1200", "s")
    before = do("snapshot", register)["tables"]["客户台账.xlsx"]["客户"]
    error = remark(register, 2, "#N/A", "e")
    number = remark(register, 3, 1200, "n")
    told = [(one["code"], one["cell"]) for one in do("history", register, verify=True)["findings"]]
    assert told == [("HIS011", error), ("HIS011", number)]
    assert [(one["cell"], one["old"], one["new"]) for one in do("history", register)["changes"]] == [
        (error, "#N/A（文本）", "#N/A（错误值）"), (number, "1200（文本）", "1200（数字）"),
    ]
    assert do("snapshot", register)["tables"]["客户台账.xlsx"]["客户"] != before


def test_a_fingerprint_of_a_former_making_is_made_anew_and_alarms_nobody(register: Path) -> None:
    now = do("snapshot", register)["tables"]["客户台账.xlsx"]
    heads = place(register, "heads")
    raw = json.loads(heads.read_text(encoding="utf-8"))
    raw["files"]["客户台账.xlsx"]["tables"] = dict.fromkeys(now, "0" * 64)
    heads.write_text(json.dumps(raw), encoding="utf-8")
    assert do("history", register, verify=True)["findings"] == []
    remark(register, 2, "改", "s")
    assert [one["new"] for one in do("history", register)["changes"]] == ["改"]
    again = do("snapshot", register)["tables"]["客户台账.xlsx"]
    assert {title for title in now if again[title] != now[title]} == {"客户"}


def test_a_cell_without_a_heading_is_told_by_its_letter(register: Path) -> None:
    book = openpyxl.load_workbook(register / "客户台账.xlsx")
    book.create_sheet("我的表").append(["我的话"])
    book.save(register / "客户台账.xlsx")
    do("snapshot", register)
    book["我的表"]["C4"], book["客户"]["AZ3"] = "电话会", "顺便"
    book.save(register / "客户台账.xlsx")
    told = {(one["sheet"], one["cell"], one["field"], one["new"]) for one in do("history", register)["changes"]}
    assert told == {("我的表", "C4", "C列（无列名）", "电话会"), ("客户", "AZ3", "AZ列（无列名）", "顺便")}
