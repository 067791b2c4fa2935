"""Our papers against docxtpl's own, part by part in canonical XML; what may differ is listed in `tests.papers_oracle`."""

from __future__ import annotations

import datetime as dt
import random
import re
import zipfile
from functools import cache

import pytest

from generator.definitions import definitions, fields
from generator.issuing import TEMPLATES
from generator.template import open_template, render
from tests import papers_random
from tests.papers import changed, paper, text
from tests.papers_oracle import Verdict, compared, verdict

#: Enough to meet every construct dozens of times; `benchmarks/fuzz_documents.py` compares ten thousand.
RANDOM = range(150)
DAY = dt.date(2026, 11, 20)
PLACEHOLDERS = {
    name: fields(definition) for definition in definitions().values()
    for name in (definition.template, *(variant.template for variant in definition.variants))
}
CASES = [
    (name, rows) for name, paths in sorted(PLACEHOLDERS.items())
    for rows in ((0, 1, 2, 17) if any(path.endswith("[]") for path in paths) else (0, 2))
]


@cache
def constants(name: str) -> tuple[str, ...]:
    """What a template's conditions compare with, so that each of their branches is taken."""
    with zipfile.ZipFile(TEMPLATES / name) as archive:
        words = re.sub(r"<[^>]*>", "", archive.read("word/document.xml").decode())
    return tuple(re.findall(r'"([^"]*)"', " ".join(re.findall(r"\{%.*?%\}", words))))


@pytest.mark.parametrize(("name", "rows"), CASES)
def test_a_delivered_template_prints_what_docxtpl_prints(name: str, rows: int) -> None:
    values = papers_random.filled(PLACEHOLDERS[name], rows, random.Random(f"{name} {rows}"), constants(name))
    found = verdict((TEMPLATES / name).read_bytes(), PLACEHOLDERS[name], values)
    assert found == Verdict("compiled", "equal")


@cache
def judged(seed: int) -> Verdict:
    template, torn = papers_random.template(seed)
    return verdict(template, papers_random.FIELDS, papers_random.context(random.Random(seed + 1_000_000)), torn=torn)


@pytest.mark.parametrize("seed", RANDOM)
def test_a_random_template_prints_what_docxtpl_prints(seed: int) -> None:
    found = judged(seed)
    # Values with tags in them can stop a paper that is looked at: better refused than wrong.
    assert found.outcome == "equal" or found == Verdict("looked-at", "DOC031")


def test_most_random_templates_are_compiled_and_few_papers_refused() -> None:
    found = [judged(seed) for seed in RANDOM]
    assert sum(each.way == "compiled" for each in found) > 80
    assert sum(each.outcome == "equal" for each in found) > 135


@pytest.mark.parametrize("value", ["{_{ 7 }_}", "{_% if %_}"])
def test_a_value_that_docxtpl_would_rewrite_is_printed_as_it_stands(value: str) -> None:
    source = paper("始{{ 甲 }}终")
    template, _ = open_template(source, "样张.docx", frozenset({"甲"}))
    assert template is not None
    data, _ = render(template, {"甲": value}, title="", day=DAY)
    assert data is not None
    assert text(data) == f"始{value}终"
    assert compared(source, {"甲": value}, data) == ["word/document.xml"]


def test_a_picture_is_not_read_as_xml_whatever_its_bytes_say() -> None:
    source = changed(paper("{{ 甲 }}"), {"word/media/章.png": b"\x89PNG\r\n\x1a\n tEXtComment made by hand"})
    template, findings = open_template(source, "样张.docx", frozenset({"甲"}))
    assert template is not None, findings
