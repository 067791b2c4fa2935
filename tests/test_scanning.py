"""What the scan over all outputs finds; the runs themselves are in the proof ``leaks``."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from benchmarks.proofs.scanning import problems
from tests.papers import changed
from tests.test_proofs import proof
from tests.workbook_files import workbook

PRIVATE = ("13800007777",)
LINK = '<f>HYPERLINK("http://evil.example")</f>'


def one(path: Path, content: bytes) -> list[str]:
    path.write_bytes(content)
    return problems(path.parent, PRIVATE)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("表.csv", "甲,=1+1\n".encode(), "a cell that a spreadsheet would run"), ("表.csv", b"\xef\xbb\xbf@SUM(1),2\n", "a cell that a spreadsheet would run"),
        ("日历.ics", b"BEGIN:VEVENT\r\nUID:1\r\nBEGIN:VEVENT\r\n", "an event that nobody wrote"), ("日历.ics", b"URL:http://evil.example\r\n", "a line of the spell"),
        ("草稿.eml", b"To: a@b.cn\r\nBcc: x@evil.example\r\n\r\nx", "a header of the spell"), ("图.html", b'<a href="http://evil.example">', "a script or link"),
        ("图.html", b'<script>fetch("//evil.example")</script>', "a script or link"), ("运行.log", b"tel 13800007777", "13800007777 in a log"),
        (".~0123.tmp", b"", "a work file left behind"), ("轨迹.jsonl", b'{"a": "13800007777"}', "in a log"),
    ],
)
def test_what_must_not_stand_there_is_found(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    found = one(tmp_path / name, content)
    assert len(found) == 1 and said in found[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("表.csv", "甲,-12.5,+3%,'=1+1\n".encode()), ("日历.ics", b"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:evil.example\\nBcc\r\n"), ("草稿.eml", b"To: a@b.cn\r\n\r\nBcc: x@evil.example"),
        ("图.html", b"&lt;script&gt;fetch"), ("运行.log", b"row 7"),
    ],
)
def test_what_may_stand_there_is_not(tmp_path: Path, name: str, content: bytes) -> None:
    assert one(tmp_path / name, content) == []


def test_a_formula_a_link_and_a_name_in_a_workbook_are_found(tmp_path: Path) -> None:
    path = workbook(tmp_path / "书.xlsx", f'<row r="1"><c r="A1">{LINK}<v>1</v></c></row>')
    assert problems(tmp_path, PRIVATE) == ["书.xlsx: xl/sheet1.xml: a formula of the spell"]
    data = workbook(path, '<row r="1"><c r="A1" t="inlineStr"><is><t>=HYPERLINK("http://evil.example")</t></is></c></row>').read_bytes()
    assert problems(tmp_path, PRIVATE) == []
    core = f"<cp><dc:creator>{getpass.getuser()}</dc:creator></cp>".encode()
    rels = b'<Relationship Id="r1" Target="http://evil.example" TargetMode="External"/>'
    path.write_bytes(changed(data, {"docProps/core.xml": core, "xl/_rels/sheet1.xml.rels": rels, "xl/vbaProject.bin": b"x"}))
    said = " ".join(problems(tmp_path, PRIVATE))
    assert f"docProps/core.xml: {getpass.getuser()}" in said
    assert "a link of the spell" in said
    assert "macros" in said


def test_a_register_full_of_spells_lets_none_out() -> None:
    found = proof("leaks", "--quick")
    assert found["held"], found
    assert found["files"] > 50
