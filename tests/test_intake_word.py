"""Forms sent back as Word files: labels and values in tables, lists, running text; the printed number tells the form."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import docx
import pytest

from macros.forms import forms
from macros.intake import Taken, read_form, take_form
from macros.validation import check_row
from tests.intake_files import EMPTY, TODAY, codes, counts, said
from tests.papers import paper

TEMPLATES = Path(__file__).parents[1] / "templates"
DEMAND = {
    "需求编号": "XQ-YD-0101", "需求提出时间": "2026年11月3日", "电信企业": "中国移动", "地市": "澜江", "区县": "澜北区",
    "站点名称": "澜北区新村", "场景划分": "农村", "经度": "111°27′00″", "纬度": "31.5", "详细地址": "新村1号",
    "交付时间要求": "2027-03-01", "系统数（套）": "２", "天线挂高范围（米）": "30-35", "天线数（副）": "6", "联系人": "",
}
COMPLAINT = {
    "投诉编号": "TS0101", "客户名称": "甲分公司", "投诉人": "客户代表A", "联系电话": "010-00010001", "渠道": "☑电话 ☐当面 ☐邮件",
    "类别": "☐建设进度 ☒维护质量", "受理时间": "2026年11月20日 9:30", "投诉内容": "断电次数多", "办结时间": "　年　月　日　时",
}


def saved(document: docx.document.Document) -> bytes:
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def in_pairs(values: dict[str, str]) -> list[list[str]]:
    """Two labels with their values per row."""
    flat = [text for pair in values.items() for text in pair]
    flat += [""] * (-len(flat) % 4)
    return [flat[i : i + 4] for i in range(0, len(flat), 4)]


def taken_of(data: bytes, customer: str | None = None) -> Taken:
    (taken,) = take_form(data, "回收.docx", EMPTY, check=check_row, today=TODAY, customer=customer).taken
    return taken


def value(taken: Taken, column: str, row: int = 0) -> object:
    return taken.added[row][forms()[taken.form].index[column]]


def test_a_returned_demand_form_becomes_a_demand() -> None:
    taken = taken_of(paper("附表3.1　需求收集表", table=in_pairs(DEMAND)))
    assert (taken.layout, counts(taken)) == ("需求收集表", (1, 1, 0, 0, 0))
    assert [value(taken, name) for name in ("demand_no", "operator", "systems", "raised_on", "contact")] == [
        "XQ-YD-0101", "移动", 2, dt.date(2026, 11, 3), None,
    ]
    assert str(value(taken, "longitude")) == "111.4500000"


def test_a_wrong_value_refuses_the_form_and_names_the_label_not_a_cell() -> None:
    taken = taken_of(paper("附表3.1", table=in_pairs(DEMAND | {"天线数（副）": "若干", "详细地址": ""})))
    assert counts(taken) == (1, 0, 0, 0, 1)
    assert {(code, cell, field) for code, cell, field in said(taken)} == {
        ("VAL030", "", "天线数"), ("INT020", "", "详细地址"),
    }
    assert all("B2" not in one.message for one in taken.findings)


def test_a_list_of_demands_under_one_heading_row_gives_a_row_each() -> None:
    names = [name for name in DEMAND if name != "电信企业"]
    rows = [[DEMAND[name] for name in names], [DEMAND[name] for name in names], ["" for _ in names]]
    rows[1][0] = "XQ-YD-0102"
    taken = taken_of(paper("单据编号：TD-3.1-2026-0007", table=[names, *rows]), customer="联通")
    assert counts(taken) == (2, 2, 0, 0, 0)
    assert [(value(taken, "demand_no", n), value(taken, "operator", n)) for n in (0, 1)] == [
        ("XQ-YD-0101", "联通"), ("XQ-YD-0102", "联通"),
    ]


def test_a_returned_complaint_form_reads_tick_boxes_and_leaves_printed_blanks_blank() -> None:
    taken = taken_of(paper("附表 3.16", table=in_pairs(COMPLAINT)))
    assert (taken.layout, counts(taken)) == ("投诉清单", (1, 1, 0, 0, 0))
    assert [value(taken, name) for name in ("channel", "kind", "phone", "accepted_at", "closed_at")] == [
        "电话", "维护质量", "010-00010001", dt.datetime(2026, 11, 20, 9, 30), None,
    ]


def test_labels_in_running_text_are_read() -> None:
    text = "投诉编号：TS0102    客户名称：甲分公司    受理时间：2026-11-20 9:30"
    taken = taken_of(paper("附表3.16 投诉受理记录表", text, table=[["投诉内容", "断电"]]))
    assert (counts(taken), value(taken, "content")) == ((1, 1, 0, 0, 0), "断电")


@pytest.mark.parametrize(
    ("days", "signed"),
    [(["2026年11月4日", "2026年11月5日"], dt.date(2026, 11, 5)), (["2026年11月4日", "　　年　月　日"], None)],
)
def test_the_form_counts_as_signed_on_the_day_of_the_last_signature(days: list[str], signed: dt.date | None) -> None:
    blocks = [f"电信企业（签字或盖章）\n日期：{days[0]}", "", f"铁塔公司（签字或盖章）\n日期：{days[1]}", ""]
    taken = taken_of(paper("附表3.1", table=[*in_pairs(DEMAND), blocks]))
    assert value(taken, "form_signed_on") == signed


def test_our_own_template_filled_in_is_read_back() -> None:
    document = docx.Document(str(TEMPLATES / "3.1-demand.docx"))
    asked = {name.split("（")[0]: text for name, text in DEMAND.items()} | {"运营商": "移动"}
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                if found := re.fullmatch(r"\{\{ (.+?) \}\}", cell.text):
                    cell.text = asked.get(found[1], "")
    taken = taken_of(saved(document))
    assert counts(taken) == (1, 1, 0, 0, 0)
    assert [value(taken, name) for name in ("demand_no", "antennas", "address")] == ["XQ-YD-0101", 6, "新村1号"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"not a zip", "INT030"),
        (paper("一封信", table=[["甲", "乙"]]), "INT031"),
        (paper("附表3.1", table=[["需求编号", "", "站点名称", ""]]), "INT032"),
    ],
    ids=["no word file", "another document", "left blank"],
)
def test_a_file_that_is_no_filled_in_form_is_refused(data: bytes, code: str) -> None:
    taken = taken_of(data)
    assert (codes(taken), counts(taken)) == ({code}, (0, 0, 0, 0, 0))


def test_a_document_with_entities_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>')
    assert codes(taken_of(held.getvalue())) == {"INT030"}


def test_a_document_that_cannot_be_unpacked_to_its_end_is_refused() -> None:
    data = bytearray(paper("附表3.16", table=in_pairs(COMPLAINT)))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        member = archive.getinfo("word/document.xml")
    data[member.header_offset + 30 + len(member.filename) : member.header_offset + 60 + len(member.filename)] = b"\xff" * 30
    assert codes(taken_of(bytes(data))) == {"INT030"}


def test_the_layout_and_the_values_as_written_can_be_had_alone() -> None:
    layout, (record,), findings = read_form(paper("附表3.16", table=in_pairs(COMPLAINT)))
    assert (layout, record["投诉编号"], record["渠道"], findings) == ("complaint", "TS0101", "电话", [])


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    _, _, (said_,) = read_form(tmp_path / "没有.docx")
    assert (said_.code, said_.workbook) == ("WBK001", "没有.docx")


def test_two_forms_in_one_document_are_not_taken_for_one() -> None:
    document = docx.Document(io.BytesIO(paper("附表3.16", table=in_pairs(COMPLAINT))))
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "投诉编号", "TS0102"
    taken = taken_of(saved(document))
    assert (counts(taken), said(taken)) == ((0, 0, 0, 0, 0), [("INT048", "", "投诉编号")])
    assert "2个：TS0101、TS0102" in taken.findings[0].message


def test_a_number_written_twice_alike_is_one_form() -> None:
    document = docx.Document(io.BytesIO(paper("附表3.16", table=in_pairs(COMPLAINT))))
    document.add_paragraph("投诉编号：ＴＳ0101")
    assert counts(taken_of(saved(document))) == (1, 1, 0, 0, 0)


def test_a_form_with_a_password_is_told_from_a_damaged_one() -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert codes(taken_of(locked)) == {"WBK005"}
