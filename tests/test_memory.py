"""What a register remembers: copies and the way back, who changed what, and that nobody can change that record unseen."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from macros import cli
from macros.commands import Answer
from macros.commands.shelf import Shelf
from macros.forms import forms
from macros.history.keeping import held, opened
from macros.history.settings import place, settings
from macros.history.store import Store
from macros.hosts.files import FileBook
from tests.city import enter, put

ROOT = Path(__file__).parents[1]
CONTACTS = """
## 客户
| 客户名称 | 运营商 | 区县 |
| 移动甲县 | 移动 | 甲县 |
| 联通甲县 | 联通 | 甲县 |
## 联系人
| 客户名称 | 联系人 | 电话 | 备注 |
| 移动甲县 | 客户代表A | 13900000001 | 手机13900000009也可 |
"""


@pytest.fixture
def register(folder: Path) -> Path:
    """Two customers and a contact."""
    enter(folder, CONTACTS)
    return folder


def books(folder: Path) -> dict[str, bytes]:
    """The register's own files with their bytes."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.xlsx"))}


def do(command: str, folder: Path, **options: Any) -> Answer:
    """A command as the command line and the buttons run it."""
    return cli.run(command, {"folder": folder, **options})


def told(folder: Path, **options: Any) -> list[tuple[str, str, str, str, str, str]]:
    """The history as (why, key, cell, column, old, new)."""
    changes = do("history", folder, **options).data["changes"]
    return [tuple(one[name] for name in ("why", "key", "cell", "field", "old", "new")) for one in changes]


def said(answer: Answer) -> list[tuple[str, str, str]]:
    """The findings of an answer as (code, workbook, cell)."""
    return [(one["code"], one["workbook"], one["cell"]) for one in answer.data["findings"]]


def save_one(folder: Path, name: str, county: str) -> None:
    """Change a customer's county as a command does."""
    shelf = Shelf(folder)
    record = shelf.register().find("customer", name)
    assert record is not None
    shelf.update([(record, {"county": county})])
    assert shelf.save() == []


# Copies

def test_restoring_gives_back_every_byte(register: Path) -> None:
    before = books(register)
    name = do("snapshot", register, note="月结前").data["name"]
    put(register, "客户", "移动甲县", "区县", "乙县")
    enter(register, "## 拜访\n| 拜访编号 | 客户名称 |\n| BF-1 | 移动甲县 |\n")
    changed = books(register)
    assert changed != before
    answer = do("restore", register, name=name)
    assert (answer.status, answer.data["changed"]) == (0, ["客户台账.xlsx"])
    assert books(register) == before
    # And the way forward again: what was there before the restoring was kept first.
    do("restore", register, name=answer.data["before"])
    assert books(register) == changed


def test_a_dry_run_lists_the_cells_and_writes_no_workbook(register: Path) -> None:
    name = do("snapshot", register).data["name"]
    put(register, "客户", "移动甲县", "区县", "乙县")
    before = books(register)
    answer = do("restore", register, name=name, dry_run=True)
    assert [(one["sheet"], one["cell"], one["old"], one["new"]) for one in answer.data["cells"]] == [
        ("客户", "C2", "乙县", "甲县")
    ]
    assert books(register) == before


def test_only_the_workbooks_named_are_restored(register: Path) -> None:
    name = do("snapshot", register).data["name"]
    put(register, "客户", "移动甲县", "区县", "乙县")
    enter(register, "## 站址\n| 站址编码 | 站址名称 |\n| 440100000000000001 | 甲站 |\n")
    sites = books(register)["站址台账.xlsx"]
    assert do("restore", register, name=name, only=["客户台账"]).data["changed"] == ["客户台账.xlsx"]
    assert books(register)["站址台账.xlsx"] == sites
    assert said(do("restore", register, name=name, only=["没有"])) == [("HIS005", "", "")]


def test_nothing_is_restored_while_a_workbook_is_open(register: Path) -> None:
    name = do("snapshot", register).data["name"]
    put(register, "客户", "移动甲县", "区县", "乙县")
    enter(register, "## 站址\n| 站址编码 | 站址名称 |\n| 440100000000000001 | 甲站 |\n")
    (register / "~$站址台账.xlsx").write_bytes(b"Excel")
    before = books(register)
    assert said(do("restore", register, name=name)) == [("WBK032", "站址台账.xlsx", "")]
    assert books(register) == before
    save_one(register, "移动甲县", "丙县")  # and nothing is left unfinished


def test_each_workbook_has_its_former_versions(register: Path) -> None:
    for county in ("乙县", "丙县", "丁县"):
        save_one(register, "移动甲县", county)
    former = do("snapshot", register, listed=True).data["versions"]
    assert [one["name"] for one in former] == ["客户台账@1", "客户台账@2", "客户台账@3"]
    before = books(register)
    answer = do("restore", register, name="客户台账@2")
    assert (answer.data["changed"], answer.data["findings"]) == (["客户台账.xlsx"], [])
    record = Shelf(register).register().find("customer", "移动甲县")
    assert record is not None
    assert record.text("county") == "乙县"
    do("restore", register, name="客户台账@1")  # what was there before the restoring
    assert books(register) == before


def test_a_copy_nobody_made_cannot_be_restored(register: Path) -> None:
    assert said(do("restore", register)) == [("HIS006", "", "")]
    assert said(do("restore", register, name="客户台账@9")) == [("HIS004", "", "")]
    do("snapshot", register)
    assert said(do("restore", register, name="昨天")) == [("HIS004", "", "")]


def test_a_batch_is_preceded_by_a_copy_and_a_single_row_is_not(register: Path) -> None:
    columns = forms()["customer"].columns
    for count, copies in ((1, 0), (20, 1)):
        shelf = Shelf(register)
        rows = [[f"客户{count}-{n}" if at == 0 else None for at in range(len(columns) - 2)] for n in range(count)]
        shelf.append(forms()["customer"], [[*row, None, None] for row in rows])
        assert shelf.save() == []
        assert len(do("snapshot", register, listed=True).data["snapshots"]) == copies
    (copy,) = do("snapshot", register, listed=True).data["snapshots"]
    do("restore", register, name=copy["name"])
    assert [row.key for row in Shelf(register).register().rows("customer")] == ["移动甲县", "联通甲县", "客户1-0"]


def test_what_did_not_change_is_not_kept_again(register: Path) -> None:
    do("snapshot", register)
    size = Store(register).bytes()
    again = do("snapshot", register).data
    assert (again["store_bytes"], len(again["files"])) == (size, len(do("snapshot", register).data["files"]))


def test_versions_of_a_large_workbook_share_what_is_the_same(register: Path) -> None:
    form = forms()["site"]
    shelf = Shelf(register)
    shelf.append(form, [
        [f"4401{n:014d}", *(f"{name}{n * 7919 % 99991}" for name in "甲乙丙丁"), *[None] * (len(form.columns) - 5)]
        for n in range(4_000)
    ])
    assert shelf.save() == []
    do("snapshot", register)
    first = Store(register).bytes()
    for number in range(8):
        book = FileBook(register / "站址台账.xlsx")
        book.update("站址", {(500 * number + 7, 2): f"改名{number}"})
        book.save()
        do("snapshot", register)
    # Eight versions, each with one cell changed: an eighth of the sheet each, and the list of its pieces.
    size = (register / "站址台账.xlsx").stat().st_size
    assert Store(register).bytes() - first < 2 * size
    before = do("snapshot", register, listed=True).data["snapshots"]
    do("restore", register, name=before[3]["name"])
    assert FileBook(register / "站址台账.xlsx").sheet("站址").rows[506][1] == "改名1"
    assert not Store(register).damaged()


def test_only_so_many_former_versions_are_kept(register: Path) -> None:
    for number in range(24):
        save_one(register, "移动甲县", f"第{number}县")
    with held(register):
        memory = opened(register, dt.datetime(2026, 11, 21))
        assert len(memory.heads.files["客户台账.xlsx"].ring) == settings()["ring"]["versions"] == 20
        former = memory.heads.files["客户台账.xlsx"].ring[0].version
        assert memory.store.holds(former)
        assert len(list(place(register, "packs").glob("*.pack"))) <= settings()["ring"]["packs"] + 1
    assert do("history", register, verify=True).data["findings"] == []


def test_a_list_that_names_a_file_elsewhere_is_no_copy(register: Path) -> None:
    name = do("snapshot", register).data["name"]
    list_ = place(register, "snapshots") / f"{name}.json"
    raw = json.loads(list_.read_text(encoding="utf-8"))
    raw["files"]["../外面.xlsx"] = raw["files"]["客户台账.xlsx"]
    list_.write_text(json.dumps(raw), encoding="utf-8")
    assert do("snapshot", register, listed=True).data["snapshots"] == []
    assert not (register.parent / "外面.xlsx").exists()


def test_damage_in_the_store_is_found_before_anything_is_restored(register: Path) -> None:
    name = do("snapshot", register).data["name"]
    put(register, "客户", "移动甲县", "区县", "乙县")
    before = books(register)
    for pack in place(register, "packs").glob("*.pack"):
        data = bytearray(pack.read_bytes())
        for at in range(0, len(data) - 20_000, 500):
            data[at] ^= 0xFF
        pack.write_bytes(data)
    answer = do("restore", register, name=name)
    assert (answer.status, answer.data["findings"][0]["code"]) == (2, "HIS003")
    assert books(register) == before
    assert "HIS003" in {code for code, _, _ in said(do("history", register, verify=True))}


# Kills

RUN = "import sys; from pathlib import Path; from macros import cli; sys.exit(cli.run(sys.argv[1], {'folder': Path(sys.argv[2])}).status)"


def killed(command: str, folder: Path, sign: str) -> bool:
    """Run a command in a process of its own and kill it when a file of this pattern appears; whether it was killed."""
    process = subprocess.Popen([sys.executable, "-c", RUN, command, str(folder)], cwd=ROOT)
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until and not any(folder.glob(sign)):
        pass
    process.kill()
    return process.wait() == -signal.SIGKILL


def test_a_restoring_that_was_killed_is_finished(register: Path) -> None:
    enter(register, "## 站址\n| 站址编码 | 站址名称 |\n| 440100000000000001 | 甲站 |\n")
    do("snapshot", register)
    before = books(register)
    put(register, "客户", "移动甲县", "区县", "乙县")
    put(register, "站址", "440100000000000001", "站址名称", "乙站")
    assert killed("restore", register, "留存/恢复中.json")
    # Some workbooks may be restored and some not: nobody may work on such a mixture.
    shelf = Shelf(register)
    record = shelf.register().rows("customer")[0]
    shelf.update([(record, {"address": "新址"})])
    assert [one.code for one in shelf.save()] == ["HIS001"]
    answer = do("restore", register)
    assert answer.status == 0
    assert books(register) == before
    assert do("history", register, verify=True).data["findings"] == []


def test_a_copy_that_was_killed_leaves_nothing_wrong(register: Path) -> None:
    assert killed("snapshot", register, "留存/内容/.~*.tmp")
    answer = do("snapshot", register)
    assert (answer.status, len(do("snapshot", register, listed=True).data["snapshots"])) == (0, 1)
    assert not list(register.rglob(".~*"))
    assert do("history", register, verify=True).data["findings"] == []


FULL = """
import resource, signal, sys
from pathlib import Path
from macros import cli
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
answer = cli.run("snapshot", {"folder": Path(sys.argv[1])})
print(answer.status, answer.data["findings"][0]["code"])
"""


def test_a_full_disk_keeps_no_half_copy(register: Path) -> None:
    before = books(register)
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(register)], cwd=ROOT, capture_output=True, text=True, check=True,
    )
    assert done.stdout.split() == ["2", "WBK035"]
    assert (books(register), list(register.rglob(".~*"))) == (before, [])
    assert do("snapshot", register, listed=True).data["snapshots"] == []
    assert do("snapshot", register).status == 0


def test_what_a_killed_command_wrote_is_not_taken_for_somebody_elses(register: Path) -> None:
    do("snapshot", register)
    place(register, "intent").write_text(json.dumps({"files": ["客户台账.xlsx"], "why": "导入", "who": "甲"}), encoding="utf-8")
    book = FileBook(register / "客户台账.xlsx")
    book.update("客户", {(2, 3): "乙县"})
    book.save()
    assert told(register) == [("导入（程序中断后补记）", "移动甲县", "C2", "区县", "甲县", "乙县")]


def test_work_files_of_dead_processes_go_and_those_of_living_ones_stay(register: Path) -> None:
    from macros.beside import beside

    dead = subprocess.run(
        [sys.executable, "-c", "import sys; from pathlib import Path; from macros.beside import beside; print(beside(Path(sys.argv[1]))[1])", str(register)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.strip()
    handle, living = beside(register)
    os.close(handle)
    do("snapshot", register)
    assert (Path(dead).exists(), living.exists()) == (False, True)


# History

def test_what_a_command_changes_is_told_with_its_cell(register: Path) -> None:
    save_one(register, "移动甲县", "乙县")
    assert told(register) == [("未知", "移动甲县", "C2", "区县", "甲县", "乙县")]
    assert told(register, key="联通甲县") == []
    assert told(register, since="2999-01-01") == []
    assert said(do("history", register, since="昨天")) == [("HIS017", "", "")]


def test_what_was_changed_in_a_spreadsheet_is_found_at_the_next_run(register: Path) -> None:
    do("snapshot", register)
    path = register / "客户台账.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["客户"]
    sheet["C2"] = "乙县"
    sheet.insert_rows(3)
    sheet["A3"], sheet["B3"] = "电信甲县", "电信"
    book.properties.lastModifiedBy = "客户经理甲"
    book.save(path)
    changes = do("history", register).data["changes"]
    # A row put in between moves the ones below; they are the same rows all the same.
    assert [(one["key"], one["cell"], one["old"], one["new"], one["kind"]) for one in changes] == [
        ("移动甲县", "C2", "甲县", "乙县", "cell"), ("电信甲县", "A3", "", "电信甲县", "added"),
        ("电信甲县", "B3", "", "电信", "added"),
    ]
    assert {(one["who"], one["why"]) for one in changes} == {("客户经理甲", "在表格程序中")}
    assert all(one["modified"] for one in changes)


def test_a_changed_key_is_a_change_of_that_row(register: Path) -> None:
    do("snapshot", register)
    put(register, "客户", "移动甲县", "客户名称", "移动丙县")
    assert told(register) == [("在表格程序中", "移动丙县", "A2", "客户名称", "移动甲县", "移动丙县")]


def test_moved_and_own_columns_are_known_by_their_headings(register: Path) -> None:
    do("snapshot", register)
    path = register / "客户台账.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["客户"]
    sheet.insert_cols(2)
    sheet["B1"], sheet["B3"] = "我的话", "常来"
    book.save(path)
    assert told(register) == [
        ("在表格程序中", "", "B1", "我的话", "", "我的话"), ("在表格程序中", "联通甲县", "B3", "我的话", "", "常来"),
    ]


def test_a_sheet_that_was_deleted_is_told_row_by_row(register: Path) -> None:
    do("snapshot", register)
    path = register / "客户台账.xlsx"
    book = openpyxl.load_workbook(path)
    del book["联系人"]
    book.save(path)
    gone = [row for row in told(register) if row[3] == "备注"]
    assert [(row[1][:5], row[5]) for row in gone] == [("", ""), ("移动甲县/", "")]
    # The list says what it held, but for what tells of a person.
    assert gone[1][4].startswith("手机（个人信息 ")


def test_the_trail_never_tells_a_telephone_number_or_a_name(register: Path) -> None:
    do("snapshot", register)
    put(register, "联系人", "移动甲县", "电话", "13700000002")
    put(register, "联系人", "移动甲县", "备注", "改打13700000002")
    (phone, note) = told(register)
    assert phone[3] == "电话"
    assert phone[4].startswith("（个人信息 ")
    assert phone[4] != phone[5]
    assert note[5] == f"改打{phone[5]}"  # the same number has the same mark
    text = place(register, "trail").read_text(encoding="utf-8")
    assert not [word for word in ("13900000001", "13900000009", "13700000002", "客户代表A") if word in text]
    # Who knows the name may still ask for its row.
    assert [row[3] for row in told(register, key="移动甲县/客户代表A")] == ["电话", "备注"]


def test_the_trail_hides_an_identity_number_and_tells_a_site_code(register: Path) -> None:
    do("snapshot", register)
    put(register, "联系人", "移动甲县", "备注", "证号440100199001310017，常去429801908000000001")
    (note,) = told(register)
    assert note[5].startswith("证号（个人信息 ") and note[5].endswith("，常去429801908000000001")


def test_hints_of_the_program_are_nobodys_change(register: Path) -> None:
    do("board", register, now="2026-11-21T09:00")
    assert [row for row in told(register) if row[3] in ("时限提示", "检查结果")] == []


def test_a_register_that_can_keep_nothing_is_saved_all_the_same_and_says_so(register: Path) -> None:
    (register / "留存").write_text("挡路", encoding="utf-8")
    shelf = Shelf(register)
    shelf.update([(shelf.register().rows("customer")[0], {"county": "乙县"})])
    assert [one.code for one in shelf.save()] == ["HIS002"]
    assert Shelf(register).register().rows("customer")[0].text("county") == "乙县"


# Verification

def lines(folder: Path) -> list[bytes]:
    return place(folder, "trail").read_bytes().splitlines(keepends=True)


TAMPERED: dict[str, tuple[Callable[[list[bytes]], list[bytes]], list[int]]] = {
    "a line edited": (lambda all_: [all_[0], all_[1].replace("乙县".encode(), "丁县".encode()), *all_[2:]], [3]),
    "a line removed": (lambda all_: [all_[0], *all_[2:]], [2, 3]),
    "lines swapped": (lambda all_: [all_[0], all_[2], all_[1], *all_[3:]], [2, 3, 4]),
    "the end cut off": (lambda all_: all_[:-1], [4]),
    "a line forged at the end": (lambda all_: [*all_, b'{"n":6,"prev":"0"}\n'], [6]),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_trail_that_was_touched_is_found_at_its_line(register: Path, how: str) -> None:
    for county in ("乙县", "丙县", "丁县", "戊县"):
        save_one(register, "移动甲县", county)
    assert len(lines(register)) == 5  # the first look and four savings
    assert do("history", register, verify=True).data["findings"] == []
    change, places = TAMPERED[how]
    place(register, "trail").write_bytes(b"".join(change(lines(register))))
    messages = [one["message"] for one in do("history", register, verify=True).data["findings"]]
    assert [line for line in places if not any(f"第 {line} 行" in text for text in messages)] == []


def test_a_torn_last_line_is_cleared_away_by_the_next(register: Path) -> None:
    save_one(register, "移动甲县", "乙县")
    with place(register, "trail").open("ab") as stream:
        stream.write(b'{"n":3,"at":"2026')
    save_one(register, "移动甲县", "丙县")
    assert do("history", register, verify=True).data["findings"] == []
    assert [row[4:] for row in told(register)] == [("甲县", "乙县"), ("乙县", "丙县")]


def test_a_silent_change_of_a_closed_workbook_is_told_by_its_cell(register: Path) -> None:
    save_one(register, "移动甲县", "乙县")
    path = register / "客户台账.xlsx"
    stat = path.stat()
    book = FileBook(path)
    book.update("客户", {(3, 3): "损县"})
    book.save()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert said(do("history", register, verify=True)) == [("HIS012", "客户台账.xlsx", ""), ("HIS011", "客户台账.xlsx", "C3")]


def test_a_change_of_looks_alone_is_no_change_of_content(register: Path) -> None:
    before = do("snapshot", register).data["tables"]["客户台账.xlsx"]
    path = register / "客户台账.xlsx"
    book = openpyxl.load_workbook(path)
    book["客户"]["A2"].font = Font(bold=True)
    book.save(path)
    assert said(do("history", register, verify=True)) == [("HIS014", "客户台账.xlsx", "")]
    assert do("snapshot", register).data["tables"]["客户台账.xlsx"] == before


def test_a_fingerprint_carried_on_is_the_one_worked_out_anew(register: Path) -> None:
    do("snapshot", register)
    save_one(register, "移动甲县", "乙县")
    carried = do("snapshot", register).data["tables"]["客户台账.xlsx"]
    place(register, "heads").unlink()
    assert do("snapshot", register).data["tables"]["客户台账.xlsx"] == carried


def test_a_memory_that_was_taken_away_is_missed(register: Path) -> None:
    save_one(register, "移动甲县", "乙县")
    (register / "留存").rename(register.parent / "别处")
    assert said(do("history", register, verify=True)) == [("HIS019", "", "")]


def test_a_workbook_that_is_gone_is_missed(register: Path) -> None:
    do("snapshot", register)
    (register / "站址台账.xlsx").unlink()
    assert said(do("history", register, verify=True)) == [("HIS013", "站址台账.xlsx", "")]
    do("restore", register)
    assert do("history", register, verify=True).data["findings"] == []


def test_two_programs_that_change_one_cell_at_once_lose_nothing() -> None:
    """The full measure is benchmarks/writers.py."""
    from benchmarks.writers import measure

    made = measure(6)
    assert (made["updates"], made["lost"], made["untold"], made["findings"]) == (12, 0, 0, 0)


def test_kills_at_random_moments_lose_nothing() -> None:
    """The full measure is benchmarks/memory_kills.py."""
    from benchmarks.memory_kills import measure

    made = measure(2, seed=7)
    assert (made["lost"], made["unfinished"], made["findings"]) == (0, 0, 0)
