"""Damaged, deceptive and hostile files: each is read rightly or refused with one code, quickly."""

from __future__ import annotations

import csv
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from macros.findings import Finding
from macros.hosts import Refused, Sheet, open_book
from macros.hosts.safe import read_untrusted
from macros.records import Broken

BAD = Path(__file__).parent / "bad"
with (BAD / "expected.csv").open(encoding="utf-8", newline="") as _file:
    EXPECTED = list(csv.DictReader(_file))
RELATIONS = "xl/_rels/workbook.xml.rels"


def good() -> list[Sheet]:
    return open_book(BAD / "B00_good.xlsx")[0]


def remade(tmp_path: Path, changes: dict[str, bytes | None], name: str = "改.xlsx", source: str = "B00_good.xlsx") -> Path:
    """A copy of a bad (or the good) file with members replaced, added or (None) left out."""
    path = tmp_path / name
    with zipfile.ZipFile(BAD / source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            content = changes.get(member, old.read(member))
            if content is not None:
                new.writestr(member, content)
        for member, content in changes.items():
            if member not in old.namelist() and content is not None:
                new.writestr(member, content)
    return path


def member(name: str, source: str = "B00_good.xlsx") -> bytes:
    with zipfile.ZipFile(BAD / source) as old:
        return old.read(name)


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        read_untrusted(path)
    message = caught.value.finding.message
    assert message.endswith("。")
    return caught.value.finding.code


@pytest.mark.parametrize("reader", [open_book, read_untrusted], ids=["here", "child"])
@pytest.mark.parametrize("case", EXPECTED, ids=[case["id"] for case in EXPECTED])
def test_every_bad_file_has_its_one_outcome(case: dict[str, str], reader: Callable[[Path], tuple[list[Sheet], list[Finding]]]) -> None:
    began = time.monotonic()
    if case["outcome"] == "refused":
        with pytest.raises(Refused) as caught:
            reader(BAD / case["file"])
        assert caught.value.finding.code == case["code"]
        assert caught.value.finding.workbook == case["file"]
    else:
        _, findings = reader(BAD / case["file"])
        assert [one.code for one in findings] == ([case["code"]] if case["code"] else [])
        assert [one.cell for one in findings] == ([case["place"]] if case["code"] else [])
    assert time.monotonic() - began < 5


def test_the_zip_bomb_is_refused_within_two_seconds() -> None:
    began = time.monotonic()
    assert refusal(BAD / "B21_zip_bomb_sheet_400MB.xlsx") == "WBK010"
    assert time.monotonic() - began < 2


def test_a_flipped_bit_changes_no_cell() -> None:
    assert open_book(BAD / "B09_bitflip.xlsx")[0] == good()


@pytest.mark.parametrize("file", ["B15_missing_styles.xlsx", "B18_style_index_out_of_range.xlsx", "B42_wrong_ext.xls"])
def test_readable_ones_give_the_good_cells(file: str) -> None:
    assert [sheet.rows for sheet in open_book(BAD / file)[0]] == [sheet.rows for sheet in good()]


def test_the_far_cell_leaves_the_used_area_whole() -> None:
    sheets, _ = open_book(BAD / "B24_one_cell_at_XFD1048576.xlsx")
    assert sheets[0].rows == good()[0].rows


def test_a_merged_heading_is_handed_over() -> None:
    sheets, _ = open_book(BAD / "B27_merged_header.xlsx")
    assert sheets[0].merges == [(1, 1, 1, 9)]  # <mergeCell ref="A1:I1"/>


def test_error_values_are_handed_over_as_broken() -> None:
    rows = open_book(BAD / "B33_error_values.xlsx")[0][0].rows
    assert rows[1][5] == Broken("#REF!", "error")
    assert rows[2][5] == Broken("#N/A", "error")


def test_a_command_formula_is_never_taken_for_its_result() -> None:
    rows = open_book(BAD / "B45_external_link_dde.xlsx")[0][0].rows
    assert rows[0][0] == Broken("=cmd|'/c calc'!A0", "command")


def test_a_header_alone_is_one_row() -> None:
    assert [len(sheet.rows) for sheet in open_book(BAD / "B39_header_only.xlsx")[0]] == [1]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "B51_directory.xlsx"
    folder.mkdir()
    assert refusal(folder) == "WBK002"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "没有.xlsx") == "WBK001"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.xlsx", b"", "WBK003"),
        ("网页.xls", b"\n <!DOCTYPE html><html></html>", "WBK004"),
        ("密码.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "WBK005"),
        ("文档.xlsx", b"%PDF-1.7\n,1", "WBK006"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n\0\0", "WBK006"),
        ("word.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "WBK006"),
        ("坏.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le"), "WBK007"),
        ("半.xlsx", b"PK\3\4" + bytes(100), "WBK007"),
        ("尾.xlsx", b"PK\3\4" + b"PK\5\6" + bytes(18), "WBK006"),
        ("乱.xlsx", b"PK\3\4PK\5\6" + struct.pack("<HHHHLLH", 0, 0, 9, 9, 400, 4_000_000, 0), "WBK007"),
    ],
)
def test_what_is_no_workbook_is_refused_by_its_content(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path) == code


def test_a_file_over_the_cap_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "大.xlsx"
    with path.open("wb") as file:
        file.truncate(1_000_000_001)  # sparse: takes no room
    assert refusal(path) == "WBK011"


def test_a_damaged_checksum_is_refused(tmp_path: Path) -> None:
    content = bytearray((BAD / "B00_good.xlsx").read_bytes())
    with zipfile.ZipFile(BAD / "B00_good.xlsx") as book:
        info = book.getinfo("xl/sharedStrings.xml")
    content[info.header_offset + 30 + len(info.filename) + 200] ^= 0xFF
    path = tmp_path / "校验.xlsx"
    path.write_bytes(content)
    assert refusal(path) == "WBK007"


def test_a_member_that_swells_beyond_its_declared_size_is_refused(tmp_path: Path) -> None:
    sheet = member("xl/worksheets/sheet1.xml")
    path = remade(tmp_path, {"xl/worksheets/sheet1.xml": sheet + b" " * 5_000_000})
    content = path.read_bytes()
    declared = struct.pack("<L", len(sheet) + 5_000_000)
    path.write_bytes(content.replace(declared, struct.pack("<L", len(sheet))))
    assert refusal(path) == "WBK007"


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    path = remade(tmp_path, {})
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/worksheets/sheet1.xml", member("xl/worksheets/sheet1.xml").replace(b"1234.5", b"9234.5"))
    assert refusal(path) == "WBK012"


def test_members_whose_names_differ_by_case_only_are_refused(tmp_path: Path) -> None:
    assert refusal(remade(tmp_path, {"xl/Worksheets/Sheet1.xml": b"<worksheet/>"})) == "WBK012"


def test_a_local_header_unlike_the_directory_is_refused(tmp_path: Path) -> None:
    path = remade(tmp_path, {})
    content = path.read_bytes()
    at = content.index(b"xl/worksheets/sheet1.xml")
    path.write_bytes(content[:at] + b"xl/worksheets/sheet9.xml" + content[at + 24 :])
    assert refusal(path) == "WBK007"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_a_document_type_in_any_part_is_refused(tmp_path: Path, part: str) -> None:
    declaration, _, rest = member(part).partition(b"?>")
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    assert refusal(remade(tmp_path, {part: declaration + b"?>" + bomb + rest})) == "WBK013"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_xml_cut_in_the_middle_is_refused(tmp_path: Path, part: str) -> None:
    content = member(part)
    assert refusal(remade(tmp_path, {part: content[: len(content) // 2]})) == "WBK007"


@pytest.mark.parametrize("encoding", [b"UT", b"gb18030", b"idna", b"utf-7"])
def test_parts_in_odd_encodings_are_refused(tmp_path: Path, encoding: bytes) -> None:
    sheet = b'<?xml version="1.0" encoding="' + encoding + b'"?>' + member("xl/worksheets/sheet1.xml").partition(b"?>")[2]
    assert refusal(remade(tmp_path, {"xl/worksheets/sheet1.xml": sheet})) == "WBK007"


def test_missing_shared_strings_are_refused_not_read_as_blanks(tmp_path: Path) -> None:
    assert refusal(remade(tmp_path, {"xl/sharedStrings.xml": None})) == "WBK008"


def test_a_string_number_beyond_the_table_is_refused(tmp_path: Path) -> None:
    sheet = member("xl/worksheets/sheet1.xml").replace(b"<v>55</v>", b"<v>5500</v>")
    assert refusal(remade(tmp_path, {"xl/worksheets/sheet1.xml": sheet})) == "WBK007"


def test_rows_out_of_order_are_refused(tmp_path: Path) -> None:
    sheet = member("xl/worksheets/sheet1.xml").replace(b'<row r="21"', b'<row r="2"')
    assert refusal(remade(tmp_path, {"xl/worksheets/sheet1.xml": sheet})) == "WBK007"


def test_a_cell_given_twice_is_refused(tmp_path: Path) -> None:
    sheet = member("xl/worksheets/sheet1.xml").replace(b'<c r="B21"', b'<c r="A21"')
    assert refusal(remade(tmp_path, {"xl/worksheets/sheet1.xml": sheet})) == "WBK007"


def test_a_word_document_under_a_workbooks_name_is_refused(tmp_path: Path) -> None:
    assert refusal(remade(tmp_path, {"word/document.xml": b"<w/>"})) == "WBK006"


def test_strict_workbooks_are_read_whole(tmp_path: Path) -> None:
    changes: dict[str, bytes | None] = {
        part: member(part)
        .replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        .replace(b"http://schemas.openxmlformats.org/officeDocument/2006/relationships", b"http://purl.oclc.org/ooxml/officeDocument/relationships")
        for part in ("xl/workbook.xml", RELATIONS, "_rels/.rels", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml")
    }
    assert open_book(remade(tmp_path, changes))[0] == good()


def test_a_root_relative_part_name_is_read(tmp_path: Path) -> None:
    relations = member(RELATIONS).replace(b'"worksheets/sheet1.xml"', b'"/xl/worksheets/sheet1.xml"')
    assert open_book(remade(tmp_path, {RELATIONS: relations}))[0] == good()


def test_a_million_formatted_blank_rows_are_not_data(tmp_path: Path) -> None:
    sheet = member("xl/worksheets/sheet1.xml").replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>')
    sheets, findings = open_book(remade(tmp_path, {"xl/worksheets/sheet1.xml": sheet}))
    assert (sheets, findings) == (good(), [])


def ods(path: Path, cells: str) -> Path:
    """An OpenDocument workbook of one row."""
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="表">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')
        book.writestr("content.xml", content)
    return path


def test_old_formats_are_read_in_a_child(tmp_path: Path) -> None:
    row = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>站名</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="30"><text:p>30</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2026-11-03"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>"
    )
    sheets, findings = open_book(ods(tmp_path / "旧.ods", row))
    assert [str(cell) for cell in sheets[0].rows[0]] == ["站名", "30", "2026-11-03 00:00:00"]
    assert [one.code for one in findings] == ["WBK026"]


def test_a_child_that_runs_out_of_memory_is_a_refusal(tmp_path: Path) -> None:
    row = (
        '<table:table-row table:number-rows-repeated="100000"><table:table-cell table:number-columns-repeated="1000" '
        'office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>'
    )
    assert refusal(ods(tmp_path / "胀.ods", row)) == "WBK015"
