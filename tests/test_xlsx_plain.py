"""Rows read without a parser read as the parser reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.hosts import Refused
from macros.hosts.xlsx_read import read_book
from macros.records import Cell
from tests.workbook_files import STYLE, workbook

#: A comment before the rows leaves every one of them to the parser.
COMMENT = "<!-- -->"


def read(folder: Path, data: str) -> list[list[Cell]] | str:
    """The rows of a sheet, or the code of its refusal."""
    try:
        return read_book(workbook(folder / "格.xlsx", data, strings="<si><t>甲</t></si>"))[0][0].rows
    except Refused as refused:
        return refused.finding.code


@pytest.mark.parametrize("data", [
    '<row r="1"><c r="A1" t="inlineStr"><is><t>移动&amp;联通 &lt;1&gt;</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>&amp;lt;</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>&#31227;&#x52A8;</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>&#21322;&#24452;&#65288;&#31859;&#65289; &amp;#31859; &#38;lt;</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>&#160;&#55295;&#57344;&#65533;&#128077;&#10;&#09;</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>甲\r\n乙</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> 甲 </t></is></c></row>',
    '<row r="2" spans="1:3" ht="20"><c r="A2" s="1"/><c r="C2" t="s"><v>0</v></c></row>',
    f'<row r="1"><c r="B1" s="{STYLE[14]}"><v>46329</v></c><c r="C1"><v>46329</v></c></row>',
    '<row r="1"/><row r="3"><c r="A3"><v>1</v></c></row>',
    '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f t="shared" si="0"/><v>3</v></c></row>',
    '<row r="1"><c r="A1"><f>1+1</f></c><c r="B1" t="str"><f>"&amp;"</f><v>&amp;</v></c></row>',
    '<row r="1"><c r="A1" t="b"><v>0</v></c><c r="B1" t="e"><v>#N/A</v></c></row>',
    '<row r="1"><c><v>1</v></c><c><v>2</v></c></row>',
    '<row><c r="A1"><v>1</v></c></row><row r="4"><c r="A4"><v>4</v></c></row><row><c><v>5</v></c></row>',
    '<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c></row>',
    '<row r="1"><c r="A1"></c><c r="B1"><v></v></c><c r="C1"><v>1</v></c></row>',
], ids=range(18))
def test_rows_read_alike_with_and_without_the_parser(tmp_path: Path, data: str) -> None:
    plain = read(tmp_path, data)
    assert plain == read(tmp_path, COMMENT + data)
    assert isinstance(plain, list)


@pytest.mark.parametrize("data", [
    '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    '<row r="1"><c r="XFE1"><v>1</v></c></row>',
    '<row r="1048577"><c r="A1"><v>1</v></c></row>',
    '<row r="1" r="2"><c r="A1"><v>1</v></c></row>',
    '<row r="1" ht="1" ht="2"><c r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="A1"><f t="shared" t="array">1</f><v>1</v></c></row>',
    '<row r="1"><c r="A1" t="s"><v>1</v></c></row>',
    '<row r="1"><c r="A1"><v>1</c></row>',
    '<row r="1"><c r="A1"><v>1</v></c><row r="2"></row></row></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>&nbsp;</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>&#55296;</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>&#65535;</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>&#1;</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>a]]&gt;b]]></t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>\x01</t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>\ufffe</t></is></c></row>',
], ids=range(17))
def test_what_the_parser_refuses_is_refused_without_it(tmp_path: Path, data: str) -> None:
    assert read(tmp_path, data) == read(tmp_path, COMMENT + data) == "WBK007"


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "格.xlsx", '<row r="1"><c r="A1" t="inlineStr"><is><t>QQQQ</t></is></c></row>')
    assert _with_bytes(path, b"QQQQ", b"\xff\xfe\xfd\xfc") == "WBK007"


def _with_bytes(path: Path, old: bytes, new: bytes) -> str:
    """The refusal of the workbook with some bytes of its sheet changed."""
    import zipfile

    with zipfile.ZipFile(path) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    parts["xl/sheet1.xml"] = parts["xl/sheet1.xml"].replace(old, new)
    with zipfile.ZipFile(path, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    with pytest.raises(Refused) as refused:
        read_book(path)
    return refused.value.finding.code


def test_rows_inside_a_comment_are_no_rows(tmp_path: Path) -> None:
    hidden = '<!-- <row r="2"><c r="A2"><v>2</v></c></row> --><row r="3"><c r="A3"><v>3</v></c></row>'
    assert read(tmp_path, f'<row r="1"><c r="A1"><v>1</v></c></row>{hidden}') == [[1], [], [3]]


CELLS = st.sampled_from([
    "/>", "><v>1</v></c>", "><v>0.5</v></c>", ' s="1"/>', f' s="{STYLE[14]}"><v>46329</v></c>', ' t="s"><v>0</v></c>',
    ' t="inlineStr"><is><t>甲&amp;乙</t></is></c>', "><f>A1</f><v>7</v></c>", ' s="9" t="inlineStr"><is><t/></is></c>',
])


@given(st.lists(st.lists(CELLS, max_size=4), max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_mixture_of_cells_reads_alike(tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]) -> None:
    folder = tmp_path_factory.mktemp("格")
    data = "".join(
        f'<row r="{r}">' + "".join(f'<c r="{"ABCD"[c]}{r}"{cell}' for c, cell in enumerate(row)) + "</row>"
        for r, row in enumerate(cells, 1)
    )
    assert read(folder, data) == read(folder, COMMENT + data)
