"""Reads a Word template: refuses what is unsafe or wrong with every reason, and compiles what is left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from generator import figure_places, lint, proof
from generator.archive import APP, CONTENT_TYPES, CORE, Bundle, bundle, pack
from generator.compiling import Unknown, program
from generator.outline import Unproven, prove
from generator.package import parser, read_package
from generator.sandbox import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from generator.pressing import Program
    from macros.findings import Finding

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TEXT_PARTS = re.compile(r"\.(?:document\.main|template\.main|header|footer|footnotes|endnotes)\+xml")
_DRAWING_ID = re.compile(r'(<wp:docPr\b[^>]*?\bid=")\d+')
#: What a cell says of itself, and each thing it says; ECMA-376 part 1, CT_TcPr, tells their sequence.
_CELL = re.compile(r"(?<=<w:tcPr>)(?:(?!</w:tcPr>).)*\{(?:(?!</w:tcPr>).)*(?=</w:tcPr>)", re.DOTALL)
_SAID = re.compile(r"<w:(\w+)(?:\s[^<]*?)?(?:/>|(?<!/)>.*?</w:\1>)", re.DOTALL)
_SEQUENCE = (
    "cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection",
    "tcFitText", "vAlign", "hideMark",
)

environment = Environment()


class Opened(NamedTuple):
    """A template that may be used: what it prints, its fixed parts laid out, its other parts as Jinja sources.

    ``figures`` are the parts that each paper brings, by their placeholders.
    """

    uses: frozenset[str]
    fixed: Bundle
    described: tuple[str, ...]
    sources: Mapping[str, str]
    figures: dict[str, str]


def opened(data: bytes, name: str, fields: AbstractSet[str]) -> tuple[Opened | None, list[Finding]]:
    """Read and check a template.

    Args:
        data: the .docx file.
        name: its file name.
        fields: the placeholders its kind of document has.

    Returns:
        The template, or None with every reason against it.
    """
    parts, findings = read_package(data, name)
    if findings:
        return None, findings
    texts = text_parts(parts)
    uses, said = lint.whole(parts, texts, environment, fields, name)
    if said:
        return None, [found for _, found in said]
    parts, figures = figure_places.wired(parts, texts, fields)
    sources: dict[str, str] = {}
    for part in texts:
        source = _source(etree.fromstring(parts[part], parser()))
        if any(mark in source for mark in proof.MARKS):
            findings += lint.proven(environment, source, fields, name)
            sources[part] = source
    if findings:
        return None, findings
    fixed = {part: content for part, content in parts.items() if part not in sources}
    fixed[CONTENT_TYPES] = fixed[CONTENT_TYPES].replace(b"template.main+xml", b"document.main+xml")
    described = tuple(part for part in (CORE, APP) if part in fixed)
    laid = bundle({part: pack(content) for part, content in fixed.items() if part not in described})
    return Opened(uses, laid, described, sources, figures), []


def compiled(sources: Mapping[str, str]) -> tuple[dict[str, Program] | None, frozenset[str]]:
    """The compiled parts and the values they always print; None unless every part is proven sound."""
    made: dict[str, Program] = {}
    always: set[str] = set()
    try:
        for part, source in sources.items():
            prove(source)
            tree = environment.parse(numbered_drawings(source))
            made[part], printed = program(tree, DECLARATION)
            if any(mark.encode() in piece for mark in proof.MARKS for piece in made[part].fixed):
                return None, frozenset()
            always |= printed
    except (Unproven, Unknown):
        return None, frozenset()
    return made, frozenset(always)


def numbered_drawings(text: str) -> str:
    """A part with a number of its own for each of its drawings, as Word wants."""
    if text.count("<wp:docPr") < 2:
        return text
    numbers = iter(range(1, 1 + text.count("<wp:docPr")))
    return _DRAWING_ID.sub(lambda found: f"{found[1]}{next(numbers)}", text)


def text_parts(parts: Mapping[str, bytes]) -> list[str]:
    """The parts that hold text: body, headers, footers and notes."""
    types = etree.fromstring(parts[CONTENT_TYPES], parser())
    names = [
        node.get("PartName", "").lstrip("/") for node in types if _TEXT_PARTS.search(node.get("ContentType", ""))
    ]
    return sorted(name for name in names if name in parts)


def _source(root: etree._Element) -> str:
    """A part as Jinja text, with docxtpl's own rules for rows, merges and cells."""
    from docxtpl import DocxTemplate

    lint.heal(root)
    text = etree.tostring(root, encoding="unicode")
    if "{" not in text:
        return text
    return _CELL.sub(lambda found: _in_sequence(found[0]), DocxTemplate(None).patch_xml(text))


def _in_sequence(said: str) -> str:
    """A cell's properties in the schema's sequence: docxtpl puts merges and shades at either end, and Word minds."""
    found = [(each[1], each[0]) for each in _SAID.finditer(said)]
    if "".join(text for _, text in found) != said.strip() or any(name not in _SEQUENCE for name, _ in found):
        return said
    return "".join(text for _, text in sorted(found, key=lambda each: _SEQUENCE.index(each[0])))
