"""Two edited copies of a register made one: what each side changed is taken, what they disagree on is listed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import PatternFill

from macros import cli
from macros.commands import Answer
from macros.forms import forms
from macros.history.merging import Merged, joined_lines, merge
from tests.city import enter, look, put
from tests.tables import sheets

HEAD = ["客户名称", "运营商", "区县"]
CUSTOMERS = """
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 |
| 移动甲县 | 移动 | 甲县 | VIP |
| 联通甲县 | 联通 | 甲县 | 标准 |
| 电信甲县 | 电信 | 甲县 | 标准 |
"""


# One sheet

def rows(text: str) -> dict[int, list[Any]]:
    """A readable table as sheet rows."""
    (found,) = sheets(f"## 客户\n{text}").values()
    return dict(enumerate(found, 1))


def outcome(ours: dict[int, list[Any]], done: Merged) -> list[list[str]]:
    """Our rows with what was taken, as texts without blank rows; headings first."""
    found = {number: list(cells) for number, cells in ours.items()}
    for (row, column), value in {**done.cells, **{(1, at): heading for at, heading in done.headings.items()}}.items():
        found[row] += [None] * (column - len(found[row]))
        found[row][column - 1] = value
    for number in done.emptied:
        found[number] = []
    for cells in done.added:
        found[max(found) + 1] = [cells.get(at) for at in range(1, max(cells) + 1)]
    texts = [["" if cell is None else str(cell) for cell in found[number]] for number in sorted(found)]
    return [row for row in (_trimmed(row) for row in texts) if row]


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row


TABLES = {
    # what happened: base, ours, theirs, result, conflicts as (why, key, column, base, ours, theirs)
    "one side changed a cell": (
        "|客户名称|运营商|区县|\n|甲|移动|旧县|", "|客户名称|运营商|区县|\n|甲|移动|旧县|", "|客户名称|运营商|区县|\n|甲|移动|新县|",
        "|客户名称|运营商|区县|\n|甲|移动|新县|", [],
    ),
    "each side another cell of one row": (
        "|客户名称|运营商|区县|\n|甲|移动|旧县|", "|客户名称|运营商|区县|\n|甲|联通|旧县|", "|客户名称|运营商|区县|\n|甲|移动|新县|",
        "|客户名称|运营商|区县|\n|甲|联通|新县|", [],
    ),
    "both the same change": (
        "|客户名称|区县|\n|甲|旧县|", "|客户名称|区县|\n|甲|新县|", "|客户名称|区县|\n|甲|新县|", "|客户名称|区县|\n|甲|新县|", [],
    ),
    "both changed one cell differently": (
        "|客户名称|区县|\n|甲|旧县|", "|客户名称|区县|\n|甲|一县|", "|客户名称|区县|\n|甲|二县|", "|客户名称|区县|\n|甲|一县|",
        [("both", "甲", "区县", "旧县", "一县", "二县")],
    ),
    "one side emptied a cell": (
        "|客户名称|区县|\n|甲|旧县|", "|客户名称|区县|\n|甲|旧县|", "|客户名称|区县|\n|甲| |", "|客户名称|区县|\n|甲| |", [],
    ),
    "each side added a row": (
        "|客户名称|区县|\n|甲|一县|", "|客户名称|区县|\n|甲|一县|\n|乙|二县|", "|客户名称|区县|\n|丙|三县|\n|甲|一县|",
        "|客户名称|区县|\n|甲|一县|\n|乙|二县|\n|丙|三县|", [],
    ),
    "both added the same key with different content": (
        "|客户名称|区县|\n|甲|一县|", "|客户名称|区县|\n|甲|一县|\n|乙|二县|", "|客户名称|区县|\n|甲|一县|\n|乙|三县|",
        "|客户名称|区县|\n|甲|一县|\n|乙|二县|", [("added", "乙", "区县", "", "二县", "三县")],
    ),
    "they deleted a row": (
        "|客户名称|区县|\n|甲|一县|\n|乙|二县|", "|客户名称|区县|\n|甲|一县|\n|乙|二县|", "|客户名称|区县|\n|乙|二县|",
        "|客户名称|区县|\n|乙|二县|", [],
    ),
    "we deleted a row": (
        "|客户名称|区县|\n|甲|一县|\n|乙|二县|", "|客户名称|区县|\n|乙|二县|", "|客户名称|区县|\n|甲|一县|\n|乙|二县|",
        "|客户名称|区县|\n|乙|二县|", [],
    ),
    "they deleted what we changed": (
        "|客户名称|区县|\n|甲|一县|", "|客户名称|区县|\n|甲|二县|", "|客户名称|区县|", "|客户名称|区县|\n|甲|二县|",
        [("they_deleted", "甲", "", "客户名称=甲；区县=一县", "客户名称=甲；区县=二县", "")],
    ),
    "we deleted what they changed": (
        "|客户名称|区县|\n|甲|一县|", "|客户名称|区县|", "|客户名称|区县|\n|甲|二县|", "|客户名称|区县|",
        [("we_deleted", "甲", "", "客户名称=甲；区县=一县", "", "客户名称=甲；区县=二县")],
    ),
    "columns in another order": (
        "|客户名称|运营商|区县|\n|甲|移动|旧县|", "|客户名称|运营商|区县|\n|甲|移动|旧县|", "|区县|客户名称|运营商|\n|新县|甲|移动|",
        "|客户名称|运营商|区县|\n|甲|移动|新县|", [],
    ),
    "a column of their own": (
        "|客户名称|区县|\n|甲|一县|", "|客户名称|区县|\n|甲|一县|", "|客户名称|我的话|区县|\n|甲|常来|一县|\n|乙|少来|二县|",
        "|客户名称|区县|我的话|\n|甲|一县|常来|\n|乙|二县|少来|", [],
    ),
    "without a base every difference is to be decided": (
        None, "|客户名称|区县|\n|甲|一县|\n|乙|二县|", "|客户名称|区县|\n|甲|三县|\n|丙|四县|", "|客户名称|区县|\n|甲|一县|\n|乙|二县|\n|丙|四县|",
        [
            ("no_base", "甲", "区县", "", "一县", "三县"), ("only_ours", "乙", "", "", "客户名称=乙；区县=二县", ""),
            ("only_theirs", "丙", "", "", "", "客户名称=丙；区县=四县"),
        ],
    ),
    "hints of the program are not compared": (
        "|客户名称|时限提示|\n|甲|旧|", "|客户名称|时限提示|\n|甲|我|", "|客户名称|时限提示|\n|甲|你|", "|客户名称|时限提示|\n|甲|我|", [],
    ),
}


@pytest.mark.parametrize("what", TABLES)
def test_a_sheet_is_merged_by_key_and_column(what: str) -> None:
    base, ours, theirs, result, conflicts = TABLES[what]
    done = merge(forms()["customer"], "客户", rows(base) if base else None, rows(ours), rows(theirs))
    assert outcome(rows(ours), done) == outcome(rows(result), Merged({}, {}, [], [], [], {}))
    assert [(one.why, one.key, one.field, one.base, one.ours, one.theirs) for one in done.conflicts] == conflicts


WORDS = st.sampled_from(["", "一", "二", "三"])
TABLE = st.dictionaries(st.sampled_from("甲乙丙丁戊"), st.tuples(WORDS, WORDS), max_size=5).map(
    lambda made: {1: HEAD, **{n: [key, *(one or None for one in cells)] for n, (key, cells) in enumerate(made.items(), 2)}}
)


def content(table: list[list[str]]) -> dict[str, list[str]]:
    """Rows by key."""
    return {row[0]: row for row in table[1:]}


def merged(base: Any, ours: Any, theirs: Any) -> tuple[dict[str, list[str]], Merged]:
    done = merge(forms()["customer"], "客户", base, ours, theirs)
    return content(outcome(ours, done)), done


def plain(table: Any) -> dict[str, list[str]]:
    return content(outcome(table, Merged({}, {}, [], [], [], {})))


@given(TABLE, st.none() | TABLE)
@settings(max_examples=60, deadline=None)
def test_a_copy_merged_with_itself_is_itself(ours: Any, base: Any) -> None:
    found, done = merged(base, ours, ours)
    assert (found, done.conflicts) == (plain(ours), [])


@given(TABLE, TABLE)
@settings(max_examples=80, deadline=None)
def test_where_one_side_changed_nothing_the_other_is_the_result(base: Any, other: Any) -> None:
    for ours, theirs in ((base, other), (other, base)):
        found, done = merged(base, ours, theirs)
        assert (found, done.conflicts) == (plain(other), [])


@given(st.none() | TABLE, TABLE, TABLE)
@settings(max_examples=150, deadline=None)
def test_no_row_of_either_side_is_lost(base: Any, ours: Any, theirs: Any) -> None:
    found, done = merged(base, ours, theirs)
    listed = {one.key for one in done.conflicts}
    was, a, b = (plain(table) if table else {} for table in (base, ours, theirs))
    for mine, other in ((a, b), (b, a)):
        for key, row in mine.items():
            deleted = key in was and key not in other and row == was[key]
            assert deleted or key in found or key in listed
    # Nor a cell: what stands in neither the result nor the list is what the other side replaced.
    taken = {(key, at): cell for key, row in found.items() for at, cell in enumerate(row)}
    for key, row in b.items():
        for at, cell in enumerate(row):
            same = key in was and len(was[key]) > at and was[key][at] == cell
            assert not cell or same or taken.get((key, at)) == cell or key in listed


@given(st.none() | TABLE, TABLE, TABLE)
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_sides_only_swaps_ours_and_theirs(base: Any, ours: Any, theirs: Any) -> None:
    first, one_way = merged(base, ours, theirs)
    second, other_way = merged(base, theirs, ours)
    swap = {"we_deleted": "they_deleted", "they_deleted": "we_deleted", "only_ours": "only_theirs", "only_theirs": "only_ours"}
    swapped = {(swap.get(one.why, one.why), one.key, one.field, one.base, one.theirs, one.ours) for one in other_way.conflicts}
    assert {(one.why, one.key, one.field, one.base, one.ours, one.theirs) for one in one_way.conflicts} == swapped
    open_ = {one.key for one in one_way.conflicts}
    assert {key: row for key, row in first.items() if key not in open_} == {
        key: row for key, row in second.items() if key not in open_
    }


def leases(*stretches: str) -> dict[int, list[Any]]:
    """Rows of one lease: first day, last day, units."""
    lines = "\n".join(f"|QR1|{'|'.join(one.split())}|" for one in stretches)
    return rows(f"|产品业务确认单编号|服务开始日期|服务结束日期|产品单元数|\n{lines}")


def test_each_side_s_new_row_of_one_lease_is_kept_and_changes_go_to_the_row_of_their_days() -> None:
    base = leases("2024-01-01 2026-03-31 1")
    # We put an older row above; they corrected the known one and added a later one.
    ours = leases("2023-01-01 2023-12-31 5", "2024-01-01 2026-03-31 1")
    theirs = leases("2024-01-01 2026-03-31 2", "2026-04-01 2026-12-31 3")
    done = merge(forms()["lease"], "租约", base, ours, theirs)
    assert outcome(ours, done)[1:] == [
        ["QR1", "2023-01-01", "2023-12-31", "5"], ["QR1", "2024-01-01", "2026-03-31", "2"],
        ["QR1", "2026-04-01", "2026-12-31", "3"],
    ]
    assert not done.conflicts


def test_files_of_lines_are_joined_by_line() -> None:
    assert joined_lines(b"a\nb\nb\n", b"a\nb\nc\n") == b"a\nb\nb\nc\n"
    assert joined_lines(b"a", b"a\r\nb") == b"a\nb\n"


# Whole registers

@pytest.fixture
def copies(folder: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A register with three customers, and a colleague's copy of it taken with all it remembers."""
    enter(folder, CUSTOMERS)
    assert run("snapshot", folder=folder).status == 0
    return folder, Path(shutil.copytree(folder, tmp_path / "同事"))


def run(command: str, **options: Any) -> Answer:
    return cli.run(command, options)


def customers(folder: Path) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in ("客户名称", "区县", "服务等级")) for row in look(folder, "客户")]


def conflicts(answer: Answer) -> list[tuple[str, ...]]:
    return [tuple(one[name] for name in ("sheet", "cell", "key", "field", "base", "ours", "theirs")) for one in answer.data["conflicts"]]


def test_two_managers_copies_become_one_register(copies: tuple[Path, Path]) -> None:
    ours, theirs = copies
    put(ours, "客户", "移动甲县", "区县", "我县")
    put(ours, "客户", "联通甲县", "服务等级", "VIP")
    put(theirs, "客户", "移动甲县", "区县", "他县")
    put(theirs, "客户", "电信甲县", "服务等级", "VIP")
    enter(theirs, "## 客户\n| 客户名称 | 运营商 | 区县 |\n| 移动乙县 | 移动 | 乙县 |\n")
    enter(theirs, "## 站址\n| 站址编码 | 站址名称 |\n| 440100000000000001 | 甲站 |\n")
    before = (theirs / "客户台账.xlsx").read_bytes()
    answer = run("merge", ours=ours, theirs=theirs, folder=ours)
    assert conflicts(answer) == [("客户", "C2", "移动甲县", "区县", "甲县", "我县", "他县")]
    assert customers(ours) == [
        ("移动甲县", "我县", "VIP"), ("联通甲县", "甲县", "VIP"), ("电信甲县", "甲县", "VIP"), ("移动乙县", "乙县", None),
    ]
    assert [row["站址名称"] for row in look(ours, "站址")] == ["甲站"]
    assert (theirs / "客户台账.xlsx").read_bytes() == before
    (listed,) = look(ours, "冲突")
    assert [listed[name] for name in ("工作簿", "单元格", "起点值", "我方", "对方", "冲突")] == [
        "客户台账.xlsx", "C2", "甲县", "我县", "他县", "两方改得不同"
    ]
    # What was there before the merging can be had back.
    (copy,) = [one for one in run("snapshot", folder=ours, listed=True).data["snapshots"] if one["why"].startswith("合并")]
    run("restore", folder=ours, name=copy["name"])
    assert customers(ours) == [("移动甲县", "我县", "VIP"), ("联通甲县", "甲县", "VIP"), ("电信甲县", "甲县", "标准")]


def test_a_dry_run_writes_nothing_and_says_the_same(copies: tuple[Path, Path]) -> None:
    ours, theirs = copies
    put(ours, "客户", "移动甲县", "区县", "我县")
    put(theirs, "客户", "移动甲县", "区县", "他县")
    before = (ours / "客户台账.xlsx").read_bytes()
    answer = run("merge", ours=ours, theirs=theirs, folder=ours, dry_run=True)
    assert conflicts(answer) == [("客户", "C2", "移动甲县", "区县", "甲县", "我县", "他县")]
    assert ((ours / "客户台账.xlsx").read_bytes(), (ours / "合并冲突.xlsx").exists()) == (before, False)


def test_the_result_may_go_to_a_folder_of_its_own(copies: tuple[Path, Path], tmp_path: Path) -> None:
    ours, theirs = copies
    put(theirs, "客户", "电信甲县", "区县", "丁县")
    before = (ours / "客户台账.xlsx").read_bytes()
    answer = run("merge", ours=ours, theirs=theirs, folder=tmp_path / "合并")
    assert (answer.status, conflicts(answer)) == (0, [])
    # Ours is as it was: their whole workbook is taken, looks and all.
    assert (tmp_path / "合并" / "客户台账.xlsx").read_bytes() == (theirs / "客户台账.xlsx").read_bytes()
    assert (ours / "客户台账.xlsx").read_bytes() == before
    assert run("history", folder=tmp_path / "合并", verify=True).data["findings"] == []
    assert run("merge", ours=ours, theirs=theirs, folder=theirs).data["findings"][0]["code"] == "HIS022"


def test_our_looks_and_what_else_is_in_our_workbook_stay(copies: tuple[Path, Path]) -> None:
    ours, theirs = copies
    book = openpyxl.load_workbook(ours / "客户台账.xlsx")
    book["客户"]["A3"].fill = PatternFill("solid", fgColor="FFFF00")
    book["客户"].column_dimensions["A"].width = 55
    book.create_sheet("我的表")["A1"] = "我的话"
    book.save(ours / "客户台账.xlsx")
    book = openpyxl.load_workbook(theirs / "客户台账.xlsx")
    book["客户"]["C3"] = "乙县"
    book.create_sheet("他的表")["A1"] = "他的话"
    book.save(theirs / "客户台账.xlsx")
    answer = run("merge", ours=ours, theirs=theirs, folder=ours)
    after = openpyxl.load_workbook(ours / "客户台账.xlsx")
    sheet = after["客户"]
    assert (sheet["C3"].value, sheet["A3"].fill.fgColor.rgb, sheet.column_dimensions["A"].width) == ("乙县", "00FFFF00", 55)
    assert after["我的表"]["A1"].value == "我的话"
    # A sheet cannot be put into a workbook without touching the rest of it: it is named, to be copied by hand.
    assert [(one["code"], one["theirs"]) for one in answer.data["conflicts"]] == [("sheet", "他的表")]


def test_formulas_stay_and_only_differing_ones_are_told(folder: Path, tmp_path: Path) -> None:
    enter(folder, CUSTOMERS)
    book = openpyxl.load_workbook(folder / "客户台账.xlsx")
    book["客户"]["P1"] = "我的算式"
    for row, formula in ((2, "=1+1"), (3, "=2+2"), (4, "=3+3")):
        book["客户"][f"P{row}"] = formula
    book.save(folder / "客户台账.xlsx")
    run("snapshot", folder=folder)
    theirs = Path(shutil.copytree(folder, tmp_path / "同事"))
    book = openpyxl.load_workbook(theirs / "客户台账.xlsx")
    book["客户"]["P3"], book["客户"]["P4"], book["客户"]["C2"] = "=20+2", 6, "他县"
    book.save(theirs / "客户台账.xlsx")
    put(folder, "客户", "电信甲县", "区县", "我县")
    answer = run("merge", ours=folder, theirs=theirs, folder=folder)
    assert [(one["code"], one["cell"], one["ours"], one["theirs"]) for one in answer.data["conflicts"]] == [
        ("formula", "P3", "=2+2", "=20+2"), ("formula", "P4", "=3+3", "6"),
    ]
    sheet = openpyxl.load_workbook(folder / "客户台账.xlsx")["客户"]
    assert [sheet[cell].value for cell in ("P2", "P3", "P4", "C2", "C4")] == ["=1+1", "=2+2", "=3+3", "他县", "我县"]


def test_a_row_both_deleted_or_changed_is_in_the_list(copies: tuple[Path, Path]) -> None:
    ours, theirs = copies
    book = openpyxl.load_workbook(theirs / "客户台账.xlsx")
    book["客户"].delete_rows(2)
    book["客户"].tables["客户"].ref = "A1:" + book["客户"].tables["客户"].ref.partition(":")[2]
    book.save(theirs / "客户台账.xlsx")
    put(ours, "客户", "移动甲县", "区县", "我县")
    answer = run("merge", ours=ours, theirs=theirs, folder=ours)
    assert [(one["code"], one["key"], one["cell"]) for one in answer.data["conflicts"]] == [("they_deleted", "移动甲县", "A2")]
    assert customers(ours)[0] == ("移动甲县", "我县", "VIP")


def test_registers_that_remember_nothing_in_common_are_merged_cell_against_cell(
    folder: Path, tmp_path: Path,
) -> None:
    enter(folder, CUSTOMERS)
    theirs = Path(shutil.copytree(folder, tmp_path / "同事"))
    put(folder, "客户", "移动甲县", "区县", "我县")
    put(theirs, "客户", "电信甲县", "区县", "他县")
    answer = run("merge", ours=folder, theirs=theirs, folder=folder)
    assert [one["code"] for one in answer.data["findings"]] == ["HIS021", "HIS020"]
    assert conflicts(answer) == [
        ("客户", "C2", "移动甲县", "区县", "", "我县", "甲县"), ("客户", "C4", "电信甲县", "区县", "", "甲县", "他县"),
    ]


def test_the_origin_may_be_named(folder: Path, tmp_path: Path) -> None:
    enter(folder, CUSTOMERS)
    base, theirs = (Path(shutil.copytree(folder, tmp_path / name)) for name in ("起点", "同事"))
    put(folder, "客户", "移动甲县", "区县", "我县")
    put(theirs, "客户", "电信甲县", "区县", "他县")
    answer = run("merge", ours=folder, theirs=theirs, folder=folder, base=base)
    assert (answer.data["findings"], conflicts(answer)) == ([], [])
    assert [row[1] for row in customers(folder)] == ["我县", "甲县", "他县"]


def test_a_folder_that_is_no_register_is_refused(copies: tuple[Path, Path], tmp_path: Path) -> None:
    answer = run("merge", ours=copies[0], theirs=tmp_path / "没有", folder=copies[0])
    assert (answer.status, answer.data["findings"][0]["code"]) == (2, "HIS023")
