"""Values that mean harm: each prints as the text it is, wherever it stands in a paper, and nothing runs.

`tests/answers/hostile_values.csv` has the values with what is printed of them; an empty cell means: as it stands.
"""

from __future__ import annotations

import datetime as dt
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml import etree

from generator.names import safe_name
from generator.printed import clean
from generator.template import Template, open_template, render
from tests.hostile import idle, rows, unescape
from tests.papers import paper, parts

DAY = dt.date(2026, 11, 20)
FIELDS = frozenset({"站点名称", "公司名称", "客户.办公地址", "明细[]", "明细[].金额"})
VALUES = [pytest.param(row, id=row["name"]) for row in rows("hostile_values.csv")]
#: Those that a cell can hold; a megabyte is tried once.
SHORT = [pytest.param(row, id=row["name"]) for row in rows("hostile_values.csv") if row["in_register"] != "—"]
#: CPU seconds for one paper; the longest values are a megabyte in five places.
PATIENCE = 10


def carrier(*heading: str) -> bytes:
    """A template as a manager makes one: a value in a sentence, a cell, a header, a condition and a row that repeats."""
    data = paper(
        "前{{ 站点名称 }}后", "{% if 站点名称 %}〔{{ 客户.办公地址 }}〕{% endif %}", "{|{ 站点|名称 }|}",
        table=[heading, ["{%tr for 行 in 明细 %}"], ["{{ 行.金额 }}"], ["{%tr endfor %}"]], header="{{ 公司名称 }}",
    )
    document = docx.Document(BytesIO(data))
    document.paragraphs[0].runs[0].bold = True
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def opened(data: bytes) -> Template:
    template, findings = open_template(data, "样张.docx", FIELDS)
    assert template is not None, [found.message for found in findings]
    return template


COMPILED = opened(carrier("金额"))
#: The same with cells that depend on the data, of which nothing can be proven before it is filled.
UNPROVEN = opened(carrier("{%tc if 站点名称 %}", "金额", "{%tc endif %}"))


def printed(row: dict[str, str]) -> tuple[str, str]:
    """A value and what is printed of it."""
    value = unescape(row["value"])
    times = int(row["times"] or 1)
    return value * times, (unescape(row["printed"]) if row["printed"] else value) * times


@pytest.mark.parametrize("row", VALUES)
def test_a_value_is_cleaned_of_nothing_but_what_no_file_can_hold(row: dict[str, str]) -> None:
    value, expected = printed(row)
    assert clean(value) == expected


@pytest.mark.parametrize("row", VALUES)
def test_a_value_prints_as_the_text_it_is_in_every_place(row: dict[str, str]) -> None:
    printed_in_every_place(row, COMPILED)


@pytest.mark.parametrize("row", SHORT)
def test_a_value_prints_as_well_where_a_template_could_not_be_proven_sound(row: dict[str, str]) -> None:
    printed_in_every_place(row, UNPROVEN)


def printed_in_every_place(row: dict[str, str], template: Template) -> None:
    _, value = printed(row)
    context: dict[str, Any] = {
        "站点名称": value, "公司名称": value, "客户": {"办公地址": value}, "明细": [{"金额": value}, {"金额": "1.00"}],
    }
    began = time.process_time()
    with idle():
        data, findings = render(template, context, title=value, day=DAY, required=("站点名称", "明细[].金额"))
    assert data is not None, [found.message for found in findings]
    assert time.process_time() - began < PATIENCE
    document = docx.Document(BytesIO(data))
    assert [paragraph.text for paragraph in document.paragraphs] == [f"前{value}后", f"〔{value}〕", value]
    assert [row.cells[0].text for row in document.tables[0].rows] == ["金额", value, "1.00"]
    assert document.sections[0].header.paragraphs[0].text == value
    assert (document.core_properties.title, document.core_properties.author) == (value, value)


@pytest.mark.parametrize("row", SHORT)
def test_every_part_of_a_paper_with_it_is_well_formed_and_keeps_its_shape(row: dict[str, str]) -> None:
    made = filled(printed(row)[1])
    assert made.keys() == PLAIN.keys()
    for name in made:
        if name.endswith((".xml", ".rels")) and name != "docProps/app.xml":
            assert shape(made[name]) == shape(PLAIN[name])


def shape(part: bytes) -> list[str]:
    """A part's elements, but for line breaks and the texts around them."""
    return [str(node.tag) for node in etree.fromstring(part).iter() if not str(node.tag).endswith(("}br", "}t"))]


def filled(value: str) -> dict[str, bytes]:
    context: dict[str, Any] = {"站点名称": value, "公司名称": value, "客户": {"办公地址": value}, "明细": [{"金额": value}]}
    data, findings = render(COMPILED, context, title="样张", day=DAY)
    assert data is not None, [found.message for found in findings]
    return parts(data)


PLAIN = filled("甲")


@pytest.mark.parametrize("row", SHORT)
def test_a_paper_with_it_used_as_a_template_runs_nothing(row: dict[str, str]) -> None:
    _, value = printed(row)
    data, _ = render(opened(paper("{{ 站点名称 }}")), {"站点名称": value}, title="样张", day=DAY)
    assert data is not None
    began = time.process_time()
    with idle():
        template, findings = open_template(data, "样张.docx", FIELDS)
        again = render(template, {"站点名称": "乙"}, title="样张", day=DAY) if template else None
    assert time.process_time() - began < PATIENCE
    assert template or all(found.message for found in findings)
    if again and again[0]:
        # Of what is accepted, tags that name a field are filled and remarks dropped; all else stands as it stood.
        expected = value.replace("{{ 站点名称 }}", "乙").replace("{# 甲 #}", "")
        assert docx.Document(BytesIO(again[0])).paragraphs[0].text == expected


@pytest.mark.parametrize("row", VALUES)
def test_a_file_named_after_it_stays_in_its_folder(row: dict[str, str], tmp_path: Path) -> None:
    value, _ = printed(row)
    place = tmp_path / f"{safe_name(value)}.docx"
    place.write_bytes(b"")
    assert [each.name for each in tmp_path.iterdir()] == [place.name]


@pytest.mark.parametrize("value", ["甲\0乙", "甲\ud800乙", "甲\x0b乙", "甲\uffff乙"])
def test_a_value_that_nobody_cleaned_stops_the_paper_with_a_finding(value: str) -> None:
    context: dict[str, Any] = {"站点名称": value, "公司名称": "", "客户": {"办公地址": ""}, "明细": []}
    data, findings = render(COMPILED, context, title="样张", day=DAY)
    assert data is None
    assert [found.code for found in findings] == ["DOC034"]
