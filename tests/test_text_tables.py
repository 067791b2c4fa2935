"""Separated text as tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.hosts import Refused, open_book
from macros.hosts.text import read_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_text_tables_are_read_in_any_usual_dress(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "表.csv"
    table = [["站名", "备注", "金额"], ["甲站", '"引""号\r\n换行"', "1.5"], ["㐀站", "=1+1", ""]]
    path.write_bytes("\r\n".join(separator.join(row) for row in table).encode(encoding))
    sheet = read_text(path)
    assert sheet.title == ""
    assert sheet.rows == [["站名", "备注", "金额"], ["甲站", '引"号\r\n换行', "1.5"], ["㐀站", "=1+1"]]


@pytest.mark.parametrize("title", ["需求汇总表", "需求汇总表,附表", "sep=;", "需求|汇总"])
def test_a_title_above_the_table_does_not_hide_its_separator(tmp_path: Path, title: str) -> None:
    path = tmp_path / "表.csv"
    path.write_text(f"{title}\n编号;名称;地址\n1;甲;甲路\n2;乙;乙路\n", encoding="utf-8")
    assert read_text(path).rows[1:] == [["编号", "名称", "地址"], ["1", "甲", "甲路"], ["2", "乙", "乙路"]]


@pytest.mark.parametrize(
    ("content", "code", "value"),
    [(b"a,b\n\xff\xff,1", "WBK016", "第 4 字节"), (b'a,b\n"x,1\n', "WBK017", "引号"), ("a".encode("utf-16")[:3], "WBK016", "字节")],
)
def test_text_that_cannot_be_told_is_refused(tmp_path: Path, content: bytes, code: str, value: str) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(content)
    with pytest.raises(Refused) as caught:
        read_text(path)
    assert caught.value.finding.code == code
    assert value in caught.value.finding.message


def test_tabbed_text_under_a_workbooks_suffix_is_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "导出.xls"
    path.write_bytes("编号\t名称\n1\t甲\n".encode("gb18030"))
    sheets, findings = open_book(path)
    assert sheets[0].rows == [["编号", "名称"], ["1", "甲"]]
    assert [one.code for one in findings] == ["WBK020"]
