"""Damaged, deceptive and hostile input through the commands: handled rightly, or refused with one coded Chinese sentence."""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from tests.city import ROOT, City, codes, contents, copied, enter, look, put, run
from tests.test_names import unescape

BAD = Path(__file__).parent / "bad"
NOW = "2026-11-21T15:30:00"
with (BAD / "expected.csv").open(encoding="utf-8", newline="") as _file:
    FILES = list(csv.DictReader(_file))
with (Path(__file__).parent / "answers" / "file_names.csv").open(encoding="utf-8", newline="") as _file:
    NAMES = list(csv.DictReader(_file))
LEASE = {
    "产品业务确认单编号": "QR-1", "运营商": "移动", "站址编码": "429801908000900001", "产品单元数": "1", "铁塔建造成本(元)": "100000",
    "服务开始日期": "2025-01-01", "服务结束日期": "2026-12-31", "站址名称": "澜江东塔",
}
#: What a file of the handbook's bad list comes to when imported; the codes of the host stand in expected.csv.
INTAKE = {"B27": "INT004", "B30": "INT003", "B33": "INT028", "B36": "INT009", "B39": "INT002"}


@pytest.fixture(scope="module")
def register(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One register that no bad file may change."""
    return copied(blank, tmp_path_factory.mktemp("bad"))


def one_sentence(answer: Any) -> None:
    """Every finding has a code and a Chinese sentence with its end."""
    for row in answer.data["files"]:
        for said in row["findings"]:
            assert re.fullmatch(r"[A-Z]{3}\d{3}", said["code"])
            assert re.search(r"[一-龥]", said["message"]) and said["message"].endswith("。")
            assert "Traceback" not in said["message"] and "Error" not in said["message"]


@pytest.mark.parametrize("case", FILES, ids=[case["id"] for case in FILES])
def test_a_bad_file_has_its_one_outcome_and_changes_nothing(register: Path, case: dict[str, str]) -> None:
    before = contents(register)
    began = time.monotonic()
    answer = run("import", [BAD / case["file"]], register, now=NOW)
    assert time.monotonic() - began < 30
    one_sentence(answer)
    said = codes(answer)
    assert answer.status == 1
    for wanted in (case["code"], INTAKE.get(case["id"], "")):
        assert not wanted or wanted in said
    if case["outcome"] == "refused":
        assert said == [case["code"]]
        assert [row["rows"] for row in answer.data["files"]] == [0]
    else:
        assert {row["rows"] for row in answer.data["files"]} <= {20, 0}
    after = contents(register)
    assert {name for name in after if after[name] != before[name]} <= {"问题清单.xlsx"}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.xlsx", b"", "WBK003"), ("空.csv", b"", "WBK003"), ("没有", None, "WBK001"), ("文件夹.xlsx", "folder", "WBK002"), ("字节.csv", b"\xff\xfe\x00", "WBK016"),
        ("图片.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100, ""), ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, ""), ("坏.docx", b"PK\x03\x04", "INT030"),
        ("文件夹.docx", "folder", ""), ("引号.csv", '单号,名称\n1,"没有结束\n'.encode(), ""), ("零.csv", b"\x00" * 4096, ""),
    ],
    ids=["empty workbook", "empty text", "missing", "folder", "torn utf-16", "picture", "torn xls", "torn docx", "folder docx", "quotes", "zeros"],
)
def test_what_is_no_table_is_refused_with_a_reason(register: Path, tmp_path: Path, name: str, content: Any, code: str) -> None:
    path = tmp_path / name
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    answer = run("import", [path], register, now=NOW)
    one_sentence(answer)
    assert answer.status == 1 and codes(answer)
    assert not code or codes(answer) == [code]
    assert [row["added"] for row in answer.data["files"]] == [0]


@pytest.mark.parametrize("file", ["B21_zip_bomb_sheet_400MB.xlsx", "B24_one_cell_at_XFD1048576.xlsx"])
def test_a_bomb_takes_neither_long_nor_much_memory(register: Path, file: str) -> None:
    probe = (
        "import json, re, resource, sys\nfrom pathlib import Path\nfrom macros.cli import main\nstatus = main(sys.argv[1:])\n"
        # its own memory since it began: ru_maxrss would begin with that of the process that started it
        "own = int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\n"
        "print(json.dumps([status, own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]), file=sys.stderr)"
    )
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", probe, "import", str(BAD / file), "--register", str(register), "--dry-run"],
        capture_output=True, text=True, timeout=60, check=True, env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}, encoding="utf-8",
    )
    assert time.monotonic() - began < 10
    status, *peak = map(int, re.findall(r"\d+", done.stderr.splitlines()[-1]))
    assert status == 1
    assert max(peak) < 400_000  # kilobytes


def leases(tmp_path: Path, changes: dict[str, Any]) -> Path:
    """A lease list of one row as a workbook, its cells as given."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    row = {**LEASE, **changes}
    sheet.append(list(row))
    for column, value in enumerate(row.values(), 1):
        cell = sheet.cell(2, column)
        if isinstance(value, tuple):
            cell.value, cell.number_format = value
        else:
            cell.value = value
            if isinstance(value, str) and value.startswith("="):
                cell.data_type = "f"
    path = tmp_path / "起租清单.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("column", "value", "held"),
    [
        ("服务开始日期", "2025/1/1", dt.datetime(2025, 1, 1)), ("服务开始日期", dt.datetime(2025, 1, 1), dt.datetime(2025, 1, 1)),
        ("服务开始日期", "２０２５－０１－０１", dt.datetime(2025, 1, 1)), ("服务开始日期", "2025-01-01T00:00:00Z", dt.datetime(2025, 1, 1)),
        ("服务开始日期", (45658, "yyyy-mm-dd"), dt.datetime(2025, 1, 1)), ("服务结束日期", "2025-01-01", dt.datetime(2025, 1, 1)),
        ("产品单元数", "１２", 12), ("产品单元数", 2, 2), ("铁塔建造成本(元)", "100,000.50", 100000.5), ("站址名称", "A&B <公司>", "A&B <公司>"),
        ("站址名称", "{{ 7*7 }}", "{{ 7*7 }}"),
    ],
)
def test_a_value_that_can_be_read_safely_is_taken(folder: Path, tmp_path: Path, column: str, value: Any, held: Any) -> None:
    answer = run("import", [leases(tmp_path, {column: value})], folder, now=NOW)
    assert [row["added"] for row in answer.data["files"]] == [1], answer.text
    (row,) = look(folder, "租约")
    (shown,) = [row[heading] for heading in row if heading.split("（")[0] == column.split("(")[0]]
    assert shown == held


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("服务开始日期", "25-1-1"), ("服务开始日期", "today"), ("服务开始日期", "45658"), ("服务开始日期", "2025-02-30"), ("服务开始日期", "待定"), ("服务开始日期", 1.5),
        ("服务开始日期", "=TODAY()"), ("产品单元数", "1_000"), ("产品单元数", "٣٠"), ("产品单元数", -1), ("产品单元数", "1e3x"), ("铁塔建造成本(元)", "=1000+234.5"),
        ("铁塔建造成本(元)", None), ("铁塔建造成本(元)", "1e13"), ("铁塔建造成本(元)", 10.0**15), ("铁塔建造成本(元)", "待核"), ("铁塔建造成本(元)", "nan"), ("铁塔建造成本(元)", "inf"),
        ("站址编码", 4.298e17), ("站址编码", "4.29802903E+17"), ("运营商", "铁通"), ("运营商", None), ("产品业务确认单编号", None), ("服务结束日期", "2020-01-01"), ("铁塔建造成本(元)", "#REF!"),
    ],
)
def test_a_value_that_can_only_be_guessed_refuses_its_row_with_the_cell(folder: Path, tmp_path: Path, column: str, value: Any) -> None:
    answer = run("import", [leases(tmp_path, {column: value})], folder, now=NOW)
    (sheet,) = answer.data["files"]
    assert (sheet["added"], look(folder, "租约")) == (0, [])
    errors = [said for said in sheet["findings"] if said["severity"] == "error"]
    assert errors and all(said["message"].endswith("。") for said in errors)
    if sheet["rows"]:
        assert sheet["rejected"] == sheet["rows"] == 1
        assert {re.sub(r"[（(].*", "", said["field"]) for said in errors} & {re.sub(r"[（(].*", "", column), "服务开始日期"}


def test_a_term_without_end_is_noted_and_not_taken_for_a_blank(folder: Path, tmp_path: Path) -> None:
    answer = run("import", [leases(tmp_path, {"服务结束日期": "长期"})], folder, now=NOW)
    assert "长期" in answer.text
    assert answer.data["files"][0]["added"] + answer.data["files"][0]["rejected"] == 1


@pytest.mark.parametrize("text", ['=cmd|"/c calc"!A0', "-1+1", "\r=1+1", "＝1+1", "{=1+1}", "@SUM(1)", "+1", "mailto:a@b.c", "external:\\\\evil\\share\\x.xlsx"])
def test_text_that_looks_like_a_formula_stays_text(folder: Path, tmp_path: Path, text: str) -> None:
    path = tmp_path / "客户.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["客户名称", "运营商", "区县", "服务等级", "办公地址"], ["甲公司", "移动", "澜南区", "VIP", text]])
    run("import", [path], folder, now=NOW)
    book = openpyxl.load_workbook(folder / "客户台账.xlsx")
    cells = [cell for row in book["客户"].iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert cells and {cell.data_type for cell in cells} <= {"s", "d"}
    assert not [cell for cell in cells if cell.hyperlink]


@pytest.mark.parametrize("word", ["A&B 公司", "{{ 7*7 }}", "{% raw %}", "甲<乙>", "</w:t>", "甲\u000b乙"])
def test_a_customers_words_reach_the_paper_as_written(city: City, tmp_path: Path, word: str) -> None:
    folder = copied(city.folder, tmp_path)
    put(folder, "需求", "XQ-YD-0002", "详细地址", word.replace("\u000b", ""))
    (made,) = run("form", "3.1", ["XQ-YD-0002"], folder, now=NOW).data["documents"]
    cells = {cell.text for table in docx.Document(made["file"]).tables for row in table.rows for cell in row.cells}
    assert word.replace("\u000b", "") in cells


@pytest.fixture(scope="module")
def hostile(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The complaint records of customers with every hostile name a workbook can hold."""
    folder = copied(blank, tmp_path_factory.mktemp("names"))
    names = [name for name in (unescape(row["given"]) for row in NAMES) if not re.search(r"[\x00-\x1f\ud800-\udfff|]", name)]
    lines = "".join(f"| {name} | 移动 | 2026-11-0{1 + number % 9} |\n" for number, name in enumerate(names))
    enter(folder, f"## 需求\n| 需求编号 | 运营商 | 需求提出时间 |\n{lines}")
    rest: dict[str, Any] = {"地市": "澜江", "区县": "澜南区", "站点名称": "花园站", "场景划分": "县城", "经度": 111.5, "纬度": 31.5, "详细地址": "1号", "交付时间要求": dt.datetime(2027, 4, 30)}
    rest |= {"系统数（套）": 1, "天线挂高范围（米）": "30-35", "天线数（副）": 3}
    book = openpyxl.load_workbook(folder / "需求台账.xlsx")
    sheet = book["需求"]
    for number, cell in enumerate(sheet[1], 1):
        if cell.value in rest:
            for row in range(2, 2 + len(names)):
                sheet.cell(row, number).value = rest[str(cell.value)]
    book.save(folder / "需求台账.xlsx")
    made = run("form", "3.1", [], folder, every=True, now=NOW).data
    # A number of signs that stand for nothing is a blank; it alone makes no paper.
    assert {said["field"] for row in made["withheld"] for said in row["findings"]} <= {"需求编号"}
    assert len(made["documents"]) > 20
    home = (folder / "单据").resolve()
    paths = [Path(row["file"]).resolve() for row in made["documents"]]
    assert all(path.is_relative_to(home) for path in paths)
    assert sorted(path for path in folder.rglob("*.docx") if "模板" not in path.parts) == sorted(paths)
    return paths


def test_hostile_names_give_files_that_exist_once_each(hostile: list[Path]) -> None:
    assert all(path.is_file() for path in hostile)
    assert len({str(path).casefold() for path in hostile}) == len(hostile)


def test_hostile_names_give_names_that_windows_takes(hostile: list[Path]) -> None:
    legal = re.compile(r'(?!(?i:con|prn|aux|nul|com\d|lpt\d)\.)(?![ .-])[^<>:"/\\|?*\x00-\x1f]+[^ .]\.docx')
    assert [path.name for path in hostile if not legal.fullmatch(path.name) or len(path.name.encode()) > 255] == []
