"""Opens a Word template once, proves it harmless, and pours contexts into it: the same input, the same bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2.exceptions import TemplateError
from lxml import etree

from generator import lint, proof
from generator.package import (
    CONTENT_TYPES,
    MAX_BYTES,
    Packed,
    pack,
    parser,
    properties,
    read_package,
    to_bytes,
    write_package,
)
from generator.sandbox import Environment
from macros.findings import Finding, finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    import jinja2

    from generator.printed import Printed

#: Characters of one part after filling in; a statement of 5,000 lines has about 42 million.
MAX_CHARACTERS = 200_000_000
_TEXT_PARTS = re.compile(r"\.(?:document\.main|template\.main|header|footer|footnotes|endnotes)\+xml")
_VARYING = re.compile(r"\{%-?\s*(?:tc|hm|colspan)\s|\{%\s*hm\s*%\}")
_PARAGRAPH = re.compile(r"(<w:p[ >])")
_DRAWING_ID = re.compile(r'(<wp:docPr\b[^>]*?\bid=")\d+')
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_environment = Environment()


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A template ready to fill: parts without tags deflated, parts with tags compiled.

    ``uses`` are its placeholders as `generator.definitions.fields` writes them; ``varying`` the parts whose tables
    may change their number of columns.
    """

    name: str
    sha256: str
    uses: frozenset[str]
    fixed: Mapping[str, Packed]
    filled: Mapping[str, jinja2.Template]
    varying: frozenset[str]

    @property
    def version(self) -> str:
        """The template's version in the document register."""
        return self.sha256[:8]


def open_template(
    data: bytes, name: str, fields: AbstractSet[str],
) -> tuple[Template | None, list[Finding]]:
    """Read, check and compile a template.

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
    filled: dict[str, jinja2.Template] = {}
    varying: set[str] = set()
    uses: set[str] = set()
    for part in _text_parts(parts):
        root = etree.fromstring(parts[part], parser())
        said = lint.broken(root, name)
        if said:
            findings += said
            continue
        source = _source(root)
        if not any(mark in source for mark in proof.MARKS):
            continue
        numbered = _PARAGRAPH.sub(r"\n\1", source.replace("\n", " "))
        tree, said = lint.parsed(_environment, numbered, name)
        if tree is not None:
            used, said = lint.judged(tree, numbered, fields, name)
            uses |= used
        findings += said
        if not findings:
            filled[part] = _environment.from_string(source)
            if _VARYING.search(source) or "colspan" in source or "{{ loop.length }}" in source:
                varying.add(part)
    if findings:
        return None, findings
    fixed = {part: content for part, content in parts.items() if part not in filled}
    fixed[CONTENT_TYPES] = fixed[CONTENT_TYPES].replace(b"template.main+xml", b"document.main+xml")
    packed = {part: pack(content) for part, content in fixed.items()}
    digest = hashlib.sha256(data).hexdigest()
    return Template(name, digest, frozenset(uses), packed, filled, frozenset(varying)), []


def load(path: Path, fields: AbstractSet[str]) -> tuple[Template | None, list[Finding]]:
    """Read a template file; see `open_template`."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return None, [finding("DOC007", workbook=path.name, limit=MAX_BYTES // 1024 // 1024)]
        data = path.read_bytes()
    except OSError as error:
        return None, [finding("DOC001", workbook=path.name, why=error.strerror or "无法读取")]
    return open_template(data, path.name, fields)


def _text_parts(parts: Mapping[str, bytes]) -> list[str]:
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
    patched: str = DocxTemplate(None).patch_xml(text) if "{" in text else text
    return patched


def render(
    template: Template, context: Mapping[str, Printed], *, title: str, day: dt.date,
    required: Iterable[str] = (),
) -> tuple[bytes | None, list[Finding]]:
    """Fill a template.

    Args:
        template: as `open_template` gives it.
        context: finished strings, dictionaries of them and lists of such.
        title: the document's title for its properties.
        day: the day it is issued, the only date its properties show.
        required: placeholders whose values must stand in the finished text.

    Returns:
        The file's bytes, or None with the reason: a value that is missing, a tag left over, a required value
        nobody can read in the paper.
    """
    parts: dict[str, Packed] = {}
    texts = []
    company = context.get("公司名称", "")
    for part, compiled in template.filled.items():
        text, said = _fill(template, part, compiled, context)
        if text is None:
            return None, said
        xml = (_DECLARATION + text).encode()
        try:
            root = etree.fromstring(xml, parser(deep=True))
        except etree.XMLSyntaxError:
            return None, [finding("DOC034", workbook=template.name, part=part)]
        if part in template.varying:
            from docxtpl import DocxTemplate

            xml = to_bytes(DocxTemplate(None).fix_tables(text.encode()))
        parts[part] = pack(xml)
        texts.append("".join(proof.words(root)))
    printed = "\n".join(texts)
    findings = proof.left_over(printed, context, template.name)
    findings += proof.unprinted(printed, context, required, template.name)
    if findings:
        return None, findings
    about = properties(title, company if isinstance(company, str) else "", day)
    known = {name: pack(content) for name, content in about.items() if name in template.fixed}
    return write_package({**template.fixed, **parts, **known}), []


def _fill(
    template: Template, part: str, compiled: jinja2.Template, context: Mapping[str, Printed],
) -> tuple[str | None, list[Finding]]:
    """One part as text, stopping as soon as it grows beyond all reason."""
    pieces, size = [], 0
    try:
        for piece in compiled.generate(context):
            pieces.append(piece)
            size += len(piece)
            if size > MAX_CHARACTERS:
                return None, [finding("DOC032", workbook=template.name)]
    except (TemplateError, TypeError) as error:
        return None, [finding("DOC033", workbook=template.name, part=part, why=_reason(error))]
    text = "".join(pieces)
    if text.count("<wp:docPr") > 1:
        numbers = iter(range(1, 1 + text.count("<wp:docPr")))
        text = _DRAWING_ID.sub(lambda found: f"{found[1]}{next(numbers)}", text)
    return text, []


def _reason(error: Exception) -> str:
    word = re.search(r"'([^']*)' is undefined|has no attribute '([^']*)'", str(error))
    return f"没有“{word[1] or word[2]}”" if word else "标记与数据不符"
