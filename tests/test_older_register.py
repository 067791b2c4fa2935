"""What init adds to a register that an earlier version made, and that all else in it stays as it was."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from macros.hosts import Refused
from tests.city import codes, contents, enter, look, run

#: Where the six steps of 开始 lead from B6 on: cell → workbook of the register and sheet.
LEADS = {"E6": "#假设", "E7": "需求台账.xlsx#需求", "G7": "问题清单.xlsx#导入", "G11": "租约台账.xlsx#收款"}
SETTINGS = ["说明", "开始", "假设", "计费参数", "节假日", "时限调整", "列映射", "选项"]
#: The parts that list what a workbook has: a sheet more changes these and no other.
LISTS = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}


def without(folder: Path, file: str, *sheets: str) -> Path:
    """A workbook of the register as a version had it that did not know these sheets, with what a user added."""
    path = folder / file
    book = openpyxl.load_workbook(path)
    for sheet in sheets:
        del book[sheet]
    own = book.create_sheet("我的算法", 1)
    own["A1"], own["A2"] = 7, "=A1*6"
    own.print_area = "A1:C9"
    book.save(path)
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path: Path, **parts: tuple[str, str]) -> None:
    """The workbook with the text of some of its parts replaced: pattern and what stands for it."""
    held = members(path)
    for part, (old, new) in parts.items():
        name = f"xl/{part}.xml"
        held[name] = re.sub(old.encode(), new.encode(), held[name])
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in held.items():
            archive.writestr(name, data)


def looks(path: Path, sheet: str) -> list[tuple[object, ...]]:
    """Each cell's text, letters, fill, frame and number format."""
    cells = [cell for row in openpyxl.load_workbook(path)[sheet] for cell in row]
    return [
        (one.coordinate, one.value, one.font.name, one.font.sz, one.font.b, one.font.color and one.font.color.rgb,
         one.fill.fgColor.rgb, one.border.left.style, one.alignment.wrap_text, one.number_format)
        for one in cells
    ]


def test_the_welcome_sheet_comes_in_its_place_with_its_looks_and_links(folder: Path) -> None:
    drawn = looks(folder / "参数.xlsx", "开始")
    path = without(folder, "参数.xlsx", "开始")
    answer = run("init", folder)
    assert (answer.status, codes(answer), answer.data["files"]) == (0, ["CMD027"], [])
    assert "参数.xlsx：工作表开始" in answer.text
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["说明", "开始", "我的算法", *SETTINGS[2:]]
    assert looks(path, "开始") == drawn
    links = {cell: book["开始"][cell].hyperlink for cell in LEADS}
    assert {cell: f"{(link.target or '#').partition('#')[0]}#{(link.location or link.target.partition('#')[2])}"
            .replace("'", "").removesuffix("!A1") for cell, link in links.items()} == LEADS
    assert run("check", folder).status == 0


def test_nothing_but_the_lists_of_parts_changes(folder: Path) -> None:
    path = without(folder, "参数.xlsx", "开始")
    before, others = members(path), contents(folder)
    run("init", folder)
    after = members(path)
    assert {name for name in before if after[name] != before[name]} <= LISTS
    assert {Path(name).name for name in after.keys() - before.keys()} == {"sheet9.xml", "sheet9.xml.rels"}
    kept = contents(folder)
    assert {name for name in others if kept[name] != others[name]} == {"参数.xlsx"}


def test_what_is_printed_and_shown_stays_with_its_sheet(folder: Path) -> None:
    # 我的算法 is the second sheet: 开始 comes before it, so every number of a sheet from there on is one more.
    path = without(folder, "参数.xlsx", "开始")
    book = openpyxl.load_workbook(path)
    shown, areas = str(book.active), {sheet.title: sheet.print_area for sheet in book}
    run("init", folder)
    book = openpyxl.load_workbook(path)
    assert str(book.active) == shown
    assert {sheet.title: sheet.print_area for sheet in book if sheet.title != "开始"} == areas
    assert areas["我的算法"] == "'我的算法'!$A$1:$C$9"


def test_a_table_comes_with_its_drop_downs_and_takes_rows(folder: Path) -> None:
    path = without(folder, "客户台账.xlsx", "商机", "市场信息")
    assert codes(run("init", folder)) == ["CMD027", "CMD027"]
    book = openpyxl.load_workbook(path)
    ids = [table.id for sheet in book for table in sheet.tables.values()]
    assert len(ids) == len(set(ids))
    assert {"商机", "市场信息"} <= {name for sheet in book for name in sheet.tables}
    assert book["商机"].print_title_rows == "$1:$1"
    lists = [rule.formula1 for rule in book["市场信息"].data_validations.dataValidation if rule.type == "list"]
    places = [re.fullmatch(r"'(选项2)'!(\$[A-Z]+\$2:\$[A-Z]+\$\d+)", one) for one in lists]
    assert places and all(places)
    columns = {"".join(filter(str.isalpha, place[2].partition(":")[0])) for place in places if place}
    offered = [[book["选项2"][f"{letter}{row}"].value for row in (2, 3, 4)] for letter in sorted(columns)]
    # The kinds of chance and of our influence, as the form offers them.
    assert offered == [["季节", "活动", "环境"], ["强", "正常", "弱"]]
    assert book["选项2"].sheet_state == "hidden"
    enter(folder, "## 市场信息\n| 信息编号 |\n| XX-1 |")
    assert [row["信息编号"] for row in look(folder, "市场信息")] == ["XX-1"]


def test_restore_goes_back_to_before(folder: Path) -> None:
    path = without(folder, "参数.xlsx", "开始")
    before = path.read_bytes()
    assert "towerdesk restore" in run("init", folder).text
    assert path.read_bytes() != before
    run("restore", folder)
    assert path.read_bytes() == before


def test_a_table_every_version_had_is_not_drawn_anew(folder: Path) -> None:
    without(folder, "客户台账.xlsx", "联系人")
    with pytest.raises(Refused) as refused:
        run("init", folder)
    assert refused.value.finding.code == "CMD008"


def test_a_workbook_that_is_open_is_left_and_the_others_are_served(folder: Path) -> None:
    path = without(folder, "参数.xlsx", "开始")
    without(folder, "租约台账.xlsx", "收款")
    mark = folder / ".~lock.参数.xlsx#"
    mark.write_text(",用户,本机,;")
    before = path.read_bytes()
    answer = run("init", folder)
    assert (answer.status, codes(answer)) == (1, ["WBK032", "CMD027"])
    assert path.read_bytes() == before
    assert "收款" in openpyxl.load_workbook(folder / "租约台账.xlsx").sheetnames
    mark.unlink()
    assert codes(run("init", folder)) == ["CMD027"]


def test_a_workbook_with_a_protected_structure_is_left(folder: Path) -> None:
    path = without(folder, "参数.xlsx", "开始")
    book = openpyxl.load_workbook(path)
    book.security.lockStructure = True
    book.save(path)
    before = path.read_bytes()
    answer = run("init", folder)
    assert (answer.status, codes(answer)) == (1, ["WBK044"])
    assert "结构受保护" in answer.text
    assert path.read_bytes() == before


@pytest.mark.parametrize("parts", [
    pytest.param({"styles": (r"<(/?)(?=\w)", r"<\1x:")}, id="prefixed styles"),
    pytest.param({"workbook": (r"<(/?)(?=\w)", r"<\1x:")}, id="prefixed list of sheets"),
    pytest.param({"workbook": (r"<definedNames>.*</definedNames>", "")}, id="no names"),
    pytest.param({"styles": (r"<numFmts.*</numFmts>", "")}, id="no number formats"),
])
def test_other_ways_of_writing_a_workbook(folder: Path, parts: dict[str, tuple[str, str]]) -> None:
    drawn = looks(folder / "参数.xlsx", "开始")
    path = without(folder, "参数.xlsx", "开始")
    rewritten(path, **parts)
    if any("x:" in new for _, new in parts.values()):
        rewritten(path, **dict.fromkeys(parts, ("xmlns=", "xmlns:x=")))
    assert codes(run("init", folder)) == ["CMD027"]
    assert looks(path, "开始") == drawn


@pytest.mark.parametrize(("part", "old", "new"), [
    pytest.param("styles", "<font>", "<!-- <font/> --><font>", id="comments among the looks"),
    pytest.param("workbook", "<sheets>", "<sheets><!-- <sheet name='旧'/> -->", id="comments among the sheets"),
])
def test_what_cannot_be_read_surely_is_left(folder: Path, part: str, old: str, new: str) -> None:
    path = without(folder, "参数.xlsx", "开始")
    rewritten(path, **{part: (old, new)})
    before = path.read_bytes()
    assert codes(run("init", folder)) == ["WBK044"]
    assert path.read_bytes() == before
