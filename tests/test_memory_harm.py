"""A memory that was damaged, forged, half synced or led elsewhere: refused or made whole, and nothing outside touched."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import shutil
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from macros import cli
from macros.commands import Answer, merging
from macros.commands.shelf import Shelf
from macros.findings import Finding
from macros.forms import workbooks
from macros.history import ancestry, packs
from macros.history.keeping import held, opened
from macros.history.settings import place
from macros.history.snapshots import listed
from macros.hosts import Refused, locks
from macros.hosts.files import FileBook
from tests.city import enter, look, put

CUSTOMERS = "## 客户\n| 客户名称 | 运营商 | 区县 |\n| 移动甲县 | 移动 | 甲县 |\n| 联通甲县 | 联通 | 甲县 |\n"
needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links want rights there")


@pytest.fixture(scope="module")
def remembered(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """A register with two copies and a workbook changed between them. Only for copying."""
    made = Path(shutil.copytree(blank, tmp_path_factory.mktemp("记得") / "台账"))
    enter(made, CUSTOMERS)
    do("snapshot", made)
    put(made, "客户", "移动甲县", "区县", "乙县")
    do("snapshot", made)
    return made


@pytest.fixture
def register(remembered: Path, tmp_path: Path) -> Path:
    """A register that remembers."""
    return Path(shutil.copytree(remembered, tmp_path / "台账"))


def do(command: str, folder: Path, **options: Any) -> Answer:
    return cli.run(command, {"folder": folder, **options})


def codes(answer: Answer) -> list[str]:
    return [one["code"] for one in answer.data.get("findings", ())]


def books(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in workbooks() if (folder / name).exists()}


def counties(folder: Path) -> list[Any]:
    return [row["区县"] for row in look(folder, "客户")]


# Notes

FORGED: dict[str, tuple[str, Callable[[Any], Any]]] = {
    # note, what became of it
    "a state that is a number": ("heads", lambda raw: 1),
    "files in a list": ("heads", lambda raw: {**raw, "files": []}),
    "an end that is no number": ("heads", lambda raw: {**raw, "trail": ["x", 5]}),
    "a time that is a text": ("heads", lambda raw: changed(raw, mtime="x")),
    "fingerprints that are a number": ("heads", lambda raw: changed(raw, tables=1.5)),
    "a former version of nobody": ("heads", lambda raw: changed(raw, ring=[{"version": [1, "x", "y"]}])),
    "a copy numbered by a word": ("copy", lambda raw: {**raw, "number": "一"}),
    "a copy without files": ("copy", lambda raw: {**raw, "files": None}),
    "a copy of one more word": ("copy", lambda raw: {**raw, "更多": 1}),
    "a plan that is a truth": ("plan", lambda raw: True),
    "a plan of a list": ("plan", lambda raw: {"name": "x", "why": "y", "files": []}),
    "an event without a time": ("trail", lambda raw: {"n": 2, "event": "saved", "prev": ""}),
    "an event of torn cells": ("trail", lambda raw: {**raw, "event": "outside", "file": "客户台账.xlsx", "cells": [["一"]]}),
    "an event that is a list": ("trail", lambda raw: [raw]),
}


def changed(raw: dict[str, Any], **told: Any) -> dict[str, Any]:
    return {**raw, "files": {**raw["files"], "客户台账.xlsx": {**raw["files"]["客户台账.xlsx"], **told}}}


@pytest.mark.parametrize("what", FORGED)
def test_a_note_that_is_not_one_stops_nobody(register: Path, what: str) -> None:
    note, forge = FORGED[what]
    copies = sorted(place(register, "snapshots").glob("*.json"))
    file = copies[0] if note == "copy" else place(register, note)
    if note == "trail":
        lines = file.read_text(encoding="utf-8").splitlines()
        lines[1] = json.dumps(forge(json.loads(lines[1])))
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        file.write_text(json.dumps(forge(json.loads(file.read_text(encoding="utf-8")) if file.exists() else {})), encoding="utf-8")
    before = books(register)
    said = [
        code for command, options in (
            ("history", {"verify": True}), ("history", {}), ("snapshot", {"listed": True}), ("snapshot", {}), ("restore", {}),
        ) for code in codes(do(command, register, **options))
    ]
    # CMD010 is what nobody thought of. A plan that cannot be read is finished by going back to the latest copy.
    assert "CMD010" not in said
    assert ("HIS001" in said) == (note == "plan")
    assert books(register) == before


def test_a_note_nested_beyond_measure_is_none(register: Path) -> None:
    place(register, "heads").write_text("[" * 200_000, encoding="utf-8")
    assert do("snapshot", register).status == 0


def test_names_in_notes_lead_nowhere_else(register: Path, tmp_path: Path) -> None:
    heads = place(register, "heads")
    raw = json.loads(heads.read_text(encoding="utf-8"))
    raw["files"]["../外.xlsx"] = raw["files"]["客户台账.xlsx"]
    heads.write_text(json.dumps(raw), encoding="utf-8")
    assert codes(do("restore", register, name="../外@1")) == ["HIS004"]
    # The oldest automatic copies are cleared away by the names they give themselves.
    (victim := tmp_path / "别人的.json").write_text("{}", encoding="utf-8")
    copy = sorted(place(register, "snapshots").glob("*.json"))[0]
    listed = json.loads(copy.read_text(encoding="utf-8"))
    for number in range(70):
        forged = {**listed, "name": "../../../别人的", "automatic": True, "number": 0}
        copy.with_name(f"00-{number}.json").write_text(json.dumps(forged), encoding="utf-8")
    do("restore", register)
    assert victim.exists()
    assert not (tmp_path / "外.xlsx").exists()


def test_a_forged_pack_does_not_fill_the_memory(tmp_path: Path) -> None:
    slot = json.dumps({hashlib.sha256(b"x").hexdigest(): [0, 1, 0]}).encode()
    bomb = zlib.compress(b" " * (80 << 20) + slot, 9)
    pack = tmp_path / "炸.pack"
    pack.write_bytes(bomb + (0).to_bytes(8, "big") + len(bomb).to_bytes(8, "big") + b"TDPACK01")
    assert packs.directory(pack) == {}
    name = hashlib.sha256(b"x").hexdigest()
    with pytest.raises(ValueError, match=name):
        list(packs.read([(name, packs.Slot(pack, 0, len(bomb), True))]))


# Half of it gone

def test_a_copy_is_whole_even_where_the_content_was_lost(register: Path) -> None:
    for book in books(register):
        os.utime(register / book, (time.time() - 3_600,) * 2)  # not written so lately that they are read again anyway
    do("snapshot", register)
    shutil.rmtree(place(register, "packs"))
    before = books(register)
    name = do("snapshot", register).data["name"]
    put(register, "客户", "移动甲县", "区县", "丙县")
    assert do("restore", register, name=name).status == 0
    assert books(register) == before


def test_a_copy_is_whole_even_where_the_content_was_damaged(register: Path) -> None:
    for book in books(register):
        os.utime(register / book, (time.time() - 3_600,) * 2)
    do("snapshot", register)
    for pack in place(register, "packs").glob("*.pack"):
        data = bytearray(pack.read_bytes())
        for at in range(0, len(data) - 20_000, 3_000):
            data[at] ^= 0xFF
        pack.write_bytes(data)
    before = books(register)
    name = do("snapshot", register).data["name"]
    put(register, "客户", "移动甲县", "区县", "丙县")
    assert do("restore", register, name=name).status == 0
    assert books(register) == before


def test_what_a_list_needs_that_cannot_be_read_yet_is_not_let_go(register: Path) -> None:
    # Both copies may be of one second: their names tell no order then.
    first = place(register, "snapshots") / f"{listed(register)[0].name}.json"
    whole = first.read_bytes()
    first.write_bytes(whole[:100])  # a sync has brought the half of it
    assert codes(do("history", register, verify=True)) == ["HIS016"]
    with held(register):
        memory = opened(register, dt.datetime(2026, 11, 22))
        for head in memory.heads.files.values():
            head.ring.clear()
        for number in range(30):  # so many packs that they are tidied
            writer = packs.PackWriter(place(register, "packs"))
            writer.add(hashlib.sha256(b"%d" % number).hexdigest(), b"%d" % number, deflate=False)
            writer.close()
        memory.tidy()
    first.write_bytes(whole)
    assert do("restore", register, name=first.stem).status == 0
    assert counties(register)[0] == "甲县"


def test_second_copies_beside_the_workbooks_are_told_of(register: Path) -> None:
    for name in ("客户台账-DESKTOP-7.xlsx", "客户台账 (1).xlsx", "客户分析资料.xlsx"):
        shutil.copyfile(register / "客户台账.xlsx", register / name)
    assert codes(do("snapshot", register)) == ["HIS026", "HIS026"]
    assert codes(do("history", register, verify=True)) == ["HIS026", "HIS026"]


def test_an_older_copy_put_in_place_is_told_and_the_newer_can_be_had_back(register: Path, tmp_path: Path) -> None:
    book = register / "客户台账.xlsx"
    shutil.copy2(book, old := tmp_path / "旧.xlsx")
    put(register, "客户", "联通甲县", "区县", "丁县")
    do("history", register)
    shutil.copy2(old, book)  # with its own, older time
    changes = do("history", register).data["changes"]
    assert [(one["old"], one["new"]) for one in changes][-1] == ("丁县", "甲县")
    assert do("restore", register, name="客户台账@1").status == 0
    assert counties(register) == ["乙县", "丁县"]


def test_a_clock_that_went_back_loses_no_order(register: Path) -> None:
    put(register, "客户", "联通甲县", "区县", "一县")
    first = do("snapshot", register, now="2026-11-21T09:00").data["name"]
    put(register, "客户", "联通甲县", "区县", "二县")
    second = do("snapshot", register, now="2020-01-01T09:00").data["name"]
    listed = [one["name"] for one in do("snapshot", register, listed=True).data["snapshots"]]
    assert listed[-2:] == [first, second]
    do("restore", register)
    assert counties(register)[1] == "二县"
    assert codes(do("history", register, verify=True)) == []


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_a_cell_does_not_steer_the_terminal_it_is_shown_in(register: Path) -> None:
    # A workbook cannot hold the sign itself; spreadsheet programs write it so.
    put(register, "客户", "移动甲县", "区县", "_x001B_[2J甲县\u009b1m")
    text = do("history", register).text
    assert "\x1b[2J甲县" in text
    screen, file = Screen(), io.StringIO()
    assert cli._print(text, screen)
    assert cli._print(text, file)
    assert ("�[2J甲县�1m" in screen.getvalue(), "\x1b" in screen.getvalue()) == (True, False)
    assert (screen.getvalue().count("\n"), file.getvalue()) == (text.count("\n") + 1, text + "\n")


# Links

@needs_links
@pytest.mark.parametrize(("note", "said"), [("trail", ["HIS002"]), ("intent", [])])
def test_what_a_link_in_the_memory_leads_to_is_not_written(
    register: Path, tmp_path: Path, note: str, said: list[str],
) -> None:
    (victim := tmp_path / "别人的").write_text("一行没有结尾", encoding="utf-8")
    place(register, note).unlink(missing_ok=True)
    place(register, note).symlink_to(victim)
    shelf = Shelf(register)
    shelf.update([(shelf.register().rows("customer")[0], {"county": "丙县"})])
    assert [one.code for one in shelf.save()] == said
    assert (victim.read_text(encoding="utf-8"), counties(register)[0]) == ("一行没有结尾", "丙县")


@needs_links
def test_a_workbook_that_lies_elsewhere_is_saved_kept_and_restored_there(register: Path, tmp_path: Path) -> None:
    book = register / "客户台账.xlsx"
    (tmp_path / "网盘").mkdir()
    book.rename(there := tmp_path / "网盘" / "甲.xlsx")
    book.symlink_to(there)
    name = do("snapshot", register).data["name"]
    before = there.read_bytes()
    shelf = Shelf(register)
    shelf.update([(shelf.register().rows("customer")[0], {"county": "丙县"})])
    assert shelf.save() == []
    assert there.read_bytes() != before
    assert do("restore", register, name=name).data["changed"] == ["客户台账.xlsx"]
    assert (book.is_symlink(), there.read_bytes()) == (True, before)


@needs_links
def test_what_links_lead_to_outside_is_not_kept_nor_restored(register: Path, tmp_path: Path) -> None:
    (outside := tmp_path / "私人").mkdir()
    (outside / "信.docx").write_bytes(b"mine")
    (outside / "账.xlsx").write_bytes(b"mine")
    (register / "账.xlsx").symlink_to(outside / "账.xlsx")
    (register / "模板").mkdir(exist_ok=True)
    (register / "模板" / "单.docx").write_bytes(b"ours")
    copy = do("snapshot", register).data
    assert "模板/单.docx" in copy["files"]
    assert "账.xlsx" not in copy["files"]
    shutil.rmtree(register / "模板")
    (register / "模板").symlink_to(outside)
    assert [name for name in do("snapshot", register).data["files"] if name.startswith("模板")] == []
    assert codes(do("restore", register, name=copy["name"])) == ["HIS025"]
    assert sorted(path.name for path in outside.iterdir()) == ["信.docx", "账.xlsx"]


@needs_links
@pytest.mark.parametrize("note", ["heads", "secret"])
def test_a_note_that_cannot_be_read_just_now_is_not_made_anew(register: Path, note: str) -> None:
    file = place(register, note)
    file.unlink()
    file.symlink_to(file)  # there, and no reading of it succeeds, even for an administrator
    shelf = Shelf(register)
    shelf.update([(shelf.register().rows("customer")[0], {"county": "丙县"})])
    assert [one.code for one in shelf.save()] == ["HIS027"]
    assert (file.is_symlink(), counties(register)[0]) == (True, "丙县")


# Two at once

def test_a_merging_does_not_undo_what_was_saved_meanwhile(register: Path, tmp_path: Path) -> None:
    theirs = Path(shutil.copytree(register, tmp_path / "同事"))
    put(theirs, "客户", "联通甲县", "区县", "他县")
    mine, other = ancestry.contents(register), ancestry.contents(theirs)
    done = merging.outcome(mine, other, ancestry.common(register, theirs, mine, other), complete=False)
    put(register, "客户", "移动甲县", "区县", "刚改")  # a colleague, while we merge
    with pytest.raises(Refused) as refused:
        merging._bring(register, done, theirs, dt.datetime(2026, 11, 21), mine)
    assert refused.value.finding.code == "WBK033"
    assert counties(register) == ["刚改", "甲县"]
    assert cli.run("merge", {"ours": register, "theirs": theirs, "folder": register}).status == 0
    assert counties(register) == ["刚改", "他县"]


def test_a_share_whose_clock_is_behind_keeps_its_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = tmp_path / "甲.xlsx"
    locks.lock_path(book).write_text(json.dumps({"pid": 1, "host": "另一台", "id": "x"}), encoding="utf-8")
    ahead = time.time() + 3_600
    monkeypatch.setattr("macros.hosts.locks.time.time", lambda: ahead)
    with pytest.raises(Refused) as refused, locks.hold(book):
        pass
    assert refused.value.finding.code == "WBK031"


def test_a_lock_that_is_old_by_the_shares_own_clock_is_taken_over(tmp_path: Path) -> None:
    book = tmp_path / "甲.xlsx"
    lock = locks.lock_path(book)
    lock.write_text(json.dumps({"pid": 1, "host": "另一台", "id": "x"}), encoding="utf-8")
    os.utime(lock, (time.time() - 3_600,) * 2)
    with locks.hold(book):
        assert lock.exists()


def test_a_long_name_is_saved_and_merged_like_another(register: Path, tmp_path: Path) -> None:
    name = "很" * 80 + ".xlsx"  # 245 bytes
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    table: list[list[Any]] = [["编号", "值"], ["一", 1], ["二", 2]]
    for line in table:
        sheet.append(line)
    book.save(register / name)
    do("snapshot", register)
    theirs = Path(shutil.copytree(register, tmp_path / "同事"))
    for folder, number in ((register, 2), (theirs, 3)):
        kept = FileBook(folder / name)
        kept.update("Sheet", {(number, 2): 9})
        kept.save()
    assert cli.run("merge", {"ours": register, "theirs": theirs, "folder": register}).status == 0
    assert [row[1] for row in FileBook(register / name).sheet("Sheet").rows] == ["值", 9, 9]


def test_cells_without_a_heading_are_merged_too(register: Path, tmp_path: Path) -> None:
    for title, cell in (("客户", "AZ3"), ("我的表", "C4")):
        book = openpyxl.load_workbook(register / "客户台账.xlsx")
        if title not in book.sheetnames:
            book.create_sheet(title)["A1"] = "我的话"
        book.save(register / "客户台账.xlsx")
        assert book[title][cell].value is None
    do("snapshot", register)
    theirs = Path(shutil.copytree(register, tmp_path / "同事"))
    book = openpyxl.load_workbook(theirs / "客户台账.xlsx")
    book["客户"]["AZ3"], book["我的表"]["C4"] = "顺便", "电话会"
    book.save(theirs / "客户台账.xlsx")
    put(register, "客户", "移动甲县", "区县", "我县")
    answer = cli.run("merge", {"ours": register, "theirs": theirs, "folder": register})
    assert (answer.status, answer.data["conflicts"]) == (0, [])
    after = openpyxl.load_workbook(register / "客户台账.xlsx")
    cells = [cell.value for sheet in (after["客户"], after["我的表"]) for row in sheet.iter_rows() for cell in row]
    assert (cells.count("顺便"), cells.count("电话会"), after["客户"]["C2"].value) == (1, 1, "我县")


def test_findings_of_the_memory_say_what_to_do() -> None:
    from macros.findings import finding

    told: list[Finding] = [finding("HIS025", value="模板"), finding("HIS026", value="客户台账 (1).xlsx", book="客户台账")]
    assert all("请" in one.message for one in told)
