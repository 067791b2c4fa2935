"""Reads the text and tables of a Word document's XML, safely and without Word."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from macros.findings import finding
from macros.hosts import Refused
from macros.hosts.rawzip import RawZip
from macros.hosts.reading import has_password
from macros.intake.headings import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from macros.findings import Finding

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText"}


@dataclass(frozen=True, slots=True)
class Span:
    """One table cell: text, first grid column (1-based), width in columns, whether it continues the one above."""

    text: str
    column: int
    width: int
    continued: bool


@dataclass(frozen=True, slots=True)
class Document:
    """Paragraphs outside tables, tables as rows of cells, text of headers and footers, and unaccepted revisions."""

    paragraphs: tuple[str, ...]
    tables: tuple[tuple[tuple[Span, ...], ...], ...]
    margins: tuple[str, ...]
    revisions: int


def read_docx(data: bytes, file: str) -> Document | Finding:
    """The document, or why it is none. Entities are never resolved and oversized parts never unpacked."""
    from lxml import etree

    if has_password(data):
        return finding("WBK005", workbook=file)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        package = RawZip(BytesIO(data), file)
        names = package.members
        if "word/document.xml" not in names:
            return finding("INT030", workbook=file, reason="文件里没有 Word 正文")
        wanted = ["word/document.xml"]
        wanted += sorted(n for n in names if n.startswith(("word/header", "word/footer")) and n.endswith(".xml"))
        if any(names[name].inflated > words()["word"]["part"] for name in wanted):
            return finding("INT030", workbook=file, reason="正文过大")
        contents = [package.read(name) for name in wanted]
        if any(b"<!DOCTYPE" in content or b"<!ENTITY" in content for content in contents):
            return finding("INT030", workbook=file, reason="正文含有文档类型声明，可能藏有恶意实体")
        parts = [etree.fromstring(content, parser) for content in contents]
    except Refused as harm:
        return finding("INT030", workbook=file, reason=f"文件不完整或损坏（{harm.finding.code}）")
    except etree.XMLSyntaxError:
        return finding("INT030", workbook=file, reason="正文不是完整的XML")
    body = parts[0]
    margins = tuple(text for part in parts[1:] if (text := _text(part).strip()))
    changed = sum(1 for _ in body.iter(f"{_W}ins", f"{_W}del"))
    return Document(tuple(_paragraphs(body)), tuple(_tables(body)), margins, changed)


def _text(element: _Element) -> str:
    """Text as the reader sees it once revisions are accepted."""
    if element.tag in _SKIPPED:
        return ""
    if element.tag == f"{_W}t":
        return element.text or ""
    if element.tag in _BREAKS:
        return _BREAKS[str(element.tag)]
    inner = "".join(map(_text, element))
    return inner + "\n" if element.tag == f"{_W}p" else inner


def _paragraphs(body: _Element) -> Iterator[str]:
    for paragraph in body.iter(f"{_W}p"):
        if not any(parent.tag == f"{_W}tbl" for parent in paragraph.iterancestors()):
            text = _text(paragraph).strip("\n")
            if text.strip():
                yield text


def _tables(body: _Element) -> Iterator[tuple[tuple[Span, ...], ...]]:
    for table in body.iter(f"{_W}tbl"):
        rows = []
        for row in _children(table, "tr"):
            spans: list[Span] = []
            column = 1 + _number(row, "gridBefore")
            for one in _children(row, "tc"):
                width = max(1, _number(one, "gridSpan", 1))
                merge = one.find(f"{_W}tcPr/{_W}vMerge")
                continued = merge is not None and merge.get(f"{_W}val") != "restart"
                # Text of a table inside the cell belongs to that table.
                inner = "".join(_text(part) for part in _flat(one) if part.tag == f"{_W}p")
                spans.append(Span(inner.rstrip("\n"), column, width, continued))
                column += width
            rows.append(tuple(spans))
        yield tuple(rows)


def _flat(element: _Element) -> Iterator[_Element]:
    """Children, those of content controls included."""
    for child in element:
        if child.tag == f"{_W}sdt":
            content = child.find(f"{_W}sdtContent")
            if content is not None:
                yield from _flat(content)
        elif child.tag in (f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
            yield from _flat(child)
        else:
            yield child


def _children(element: _Element, name: str) -> Iterator[_Element]:
    return (child for child in _flat(element) if child.tag == f"{_W}{name}")


def _number(element: _Element, name: str, default: int = 0) -> int:
    found = next(element.iter(f"{_W}{name}"), None) if element.tag == f"{_W}tr" else element.find(
        f"{_W}tcPr/{_W}{name}"
    )
    value = found.get(f"{_W}val", "") if found is not None else ""
    return int(value) if value.isdecimal() else default
