"""Every paper and workbook we give is one that Word and Excel open without mending it, as far as its parts can tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.definitions import definitions, fields
from generator.issuing import TEMPLATES
from generator.layout import definitions as drawings
from generator.layout import templates_of
from generator.preview import preview
from generator.template import load
from tests.city import City
from tests.office_parts import amiss, faults
from tests.papers import changed, parts

BLANK = Path(__file__).parents[1] / "workbooks"
CASES = [pytest.param(code, name, id=name) for code, drawing in drawings().items() for name in templates_of(drawing)]
MERGE = b'<w:vMerge w:val="restart"/>'


def sample(code: str, name: str) -> bytes:
    """A paper of a template, filled with samples."""
    definition = definitions()[code]
    template, _ = load(TEMPLATES / name, fields(definition))
    assert template is not None
    made, said = preview(definition, template, dt.date(2026, 11, 21))
    assert made is not None, [each.message for each in said]
    return made


@pytest.mark.parametrize(("code", "name"), CASES)
def test_a_template_and_its_papers_need_no_mending(code: str, name: str) -> None:
    assert faults((TEMPLATES / name).read_bytes()) == []
    assert faults(sample(code, name)) == []


@pytest.mark.parametrize("path", sorted(BLANK.glob("*.xlsx")), ids=lambda path: path.stem)
def test_a_blank_workbook_needs_no_mending(path: Path) -> None:
    assert faults(path.read_bytes()) == []


def test_a_register_that_was_worked_in_needs_no_mending(city: City) -> None:
    """Rows taken in, hints beside them, the board and the list of problems written, the papers' register filled."""
    books = sorted(city.folder.glob("*.xlsx"))
    assert len(books) == 11
    assert amiss(books) == []


def swapped(part: bytes, one: bytes, other: bytes) -> bytes:
    """A part in which two neighbours have changed places."""
    assert one + other in part
    return part.replace(one + other, other + one, 1)


#: What was done to a good file, which part of it, and a word of what must be said. Each is a way in which files of
#: other programs were seen to fail in Word or Excel.
BROKEN: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "a merge behind the alignment": (
        "word/document.xml", lambda part: swapped(part, MERGE, b'<w:vAlign w:val="center"/>'), "<tcPr> holds",
    ),
    "a style that is not there": ("word/document.xml", lambda part: part.replace(b'"TDTitle"', b'"TDGone"'), "no style TDGone"),
    "a cell of another width": ("word/document.xml", lambda part: part.replace(b'<w:tcW w:w="', b'<w:tcW w:w="9', 1), "another width"),
    "a relation gone": ("word/_rels/document.xml.rels", lambda part: part.replace(b'"rId3"', b'"rId77"'), "no relation rId3"),
    "no title": ("docProps/core.xml", lambda part: part.replace(b"<dc:title>", b"<dc:title></dc:title><dc:subject>").replace(
        b"</dc:title><dc:creator>", b"</dc:subject><dc:creator>"), "no title"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_word_would_mend_is_found(what: str) -> None:
    part, how, said = BROKEN[what]
    good = sample("3.7", "3.7-acceptance.docx")
    spoilt = changed(good, {part: how(parts(good)[part])})
    assert any(said in each for each in faults(spoilt)), faults(spoilt)


#: The same for a workbook.
SPOILT: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "a table's column under another name": ("xl/tables/table1.xml", lambda part: part.replace(b'<tableColumn id="1" name="', b'<tableColumn id="1" name="X', 1), "table"),
    "two columns of one number": ("xl/tables/table1.xml", lambda part: part.replace(b'<tableColumn id="2" name="', b'<tableColumn id="1" name="', 1), "columns"),
    "a look that is not there": ("xl/styles.xml", lambda part: part.replace(b'xfId="0"', b'xfId="99"', 1), "xfId 99"),
    "pages before their margins": (
        "xl/worksheets/sheet1.xml", lambda part: part.replace(b"<sheetData>", b'<pageSetup orientation="portrait"/><sheetData>', 1), "<worksheet> holds",
    ),
}


@pytest.mark.parametrize("what", SPOILT)
def test_what_excel_would_mend_is_found(what: str) -> None:
    part, how, said = SPOILT[what]
    good = (BLANK / "demand.xlsx").read_bytes()
    spoilt = changed(good, {part: how(parts(good)[part])})
    assert any(said in each for each in faults(spoilt)), faults(spoilt)
