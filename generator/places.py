"""Where words stand in a Word file, counted as somebody reading it would: part, paragraph, table, row and cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from lxml import etree

from generator.package import W, parser
from generator.printed import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_KINDS = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注", "document": "正文"}
_PAGES = {"first": "首页", "even": "偶数页", "default": ""}
_KIND = re.compile(r"[a-z]+")
BODY = _KINDS["document"]
#: The turns of parts that hold no text of their own, and of what is about the template as a whole.
ELSEWHERE, END = 8, 9


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A paragraph: the ``number``-th of its part; the table, row and cell it stands in, counted from 1, 0 for none.

    ``order`` sorts the parts: the body, headers, footers, notes. Number 0 is the part as a whole.
    """

    order: int = 0
    part: str = BODY
    number: int = 0
    table: int = 0
    row: int = 0
    cell: int = 0

    def __str__(self) -> str:
        where = f"{self.part}第{self.number}段" if self.number else self.part
        return f"{where}（第{self.table}个表格第{self.row}行第{self.cell}格）" if self.table else where


@dataclass(slots=True, eq=False)
class Paragraph:
    """A paragraph with its text elements and what they read together."""

    element: etree._Element
    place: Place
    texts: list[etree._Element] = field(default_factory=list)
    words: str = ""

    def quoted(self) -> str:
        """The place and the paragraph's words, for a finding."""
        return f"{self.place}“{shown(self.words)}”"


def read(root: etree._Element, part: str, order: int = 0) -> list[Paragraph]:
    """Every paragraph of a part in reading order; a text box's paragraphs count for themselves.

    Args:
        root: the part.
        part: what people call it, as `labels` says.
        order: its turn among the parts.
    """
    found: list[Paragraph] = []
    known: dict[etree._Element, Paragraph] = {}
    tables = {table: number for number, table in enumerate(root.iter(f"{W}tbl"), 1)}
    number = 0
    for element in root.iter(f"{W}p"):
        # Word keeps a text box twice, for older programs too: both copies are one place to the reader.
        number += next(element.iterancestors(_FALLBACK), None) is None
        known[element] = Paragraph(element, Place(order, part, number, *_cell(element, tables)))
        found.append(known[element])
    for text in root.iter(f"{W}t"):
        holder = next(text.iterancestors(f"{W}p"), None)
        if holder is not None:
            known[holder].texts.append(text)
    for paragraph in found:
        paragraph.words = "".join(text.text or "" for text in paragraph.texts)
    return found


def _cell(element: etree._Element, tables: Mapping[etree._Element, int]) -> tuple[int, int, int]:
    cell = next(element.iterancestors(f"{W}tc"), None)
    row = next(cell.iterancestors(f"{W}tr"), None) if cell is not None else None
    table = next(row.iterancestors(f"{W}tbl"), None) if row is not None else None
    if cell is None or row is None or table is None:
        return 0, 0, 0
    return tables[table], 1 + _before(row), 1 + _before(cell)


def _before(element: etree._Element) -> int:
    return sum(1 for _ in element.itersiblings(element.tag, preceding=True))


def labels(parts: Mapping[str, bytes], names: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Each part's name with what people call it and its turn: 正文, 页眉, 首页页脚 and so on."""
    pages = _pages(parts)
    turns = list(_KINDS)
    for name in sorted(names, key=lambda name: ("document" not in name, name)):
        found = _KIND.match(PurePosixPath(name).name)
        kind = found[0] if found and found[0] in _KINDS else "document"
        label = _PAGES.get(pages.get(name, ""), "") + _KINDS[kind]
        yield name, label, 0 if kind == "document" else 1 + turns.index(kind)


def _pages(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Which pages each header and footer is for, where the document says so."""
    body, relations = parts.get("word/document.xml"), parts.get("word/_rels/document.xml.rels")
    if body is None or relations is None:
        return {}
    targets = {node.get("Id"): f"word/{node.get('Target', '')}" for node in etree.fromstring(relations, parser())}
    root = etree.fromstring(body, parser())
    return {
        targets.get(node.get(f"{_R}id"), ""): node.get(f"{W}type", "default")
        for node in root.iter(f"{W}headerReference", f"{W}footerReference")
    }
