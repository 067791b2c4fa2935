"""Finds tags where nobody fills them, and what would show something else than was printed."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from generator import places
from generator.package import W
from generator.printed import shown
from macros.findings import finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.blocks import Said
    from generator.places import Paragraph

_MARKS = ("{{", "{%", "{#", "｛｛", "｛%")
#: Elements that belong to a revision of the format, with the name of who made it.
_REVISED = re.compile(r"\{[^}]*wordprocessingml[^}]*\}\w+Change")
_INSIDE = {"instrText": "域代码", "delText": "删除的文字", "t": "公式或图形中的文字"}
_ATTRIBUTES = {
    "descr": "图片的替代文字", "title": "图片的标题", "instr": "域代码", "anchor": "超链接", "tooltip": "超链接的提示",
}


def outside(
    root: etree._Element, paragraphs: Sequence[Paragraph], label: tuple[str, int], name: str,
) -> Iterator[Said]:
    """Tags outside of the text, and what would show something else than was printed."""
    revised = False
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        wrong_ = list(_outside_text(element))
        if element.tag == f"{W}dataBinding":
            wrong_.append(("DOC070", {}))
        elif not revised and _REVISED.fullmatch(element.tag):
            revised = True
            wrong_.append(("DOC008", {}))
        for code, details in wrong_:
            paragraph = around(element, paragraphs) or places.Paragraph(root, places.Place(label[1], label[0]))
            yield paragraph, finding(code, workbook=name, paragraph=paragraph.quoted(), **details)


def _outside_text(element: etree._Element) -> Iterator[tuple[str, dict[str, str]]]:
    """What marks of tags an element holds where nothing but the text of the paper is filled."""
    if element.tag != f"{W}t" and _marked(element.text):
        kind = _INSIDE.get(str(element.tag).rpartition("}")[2], "非正文的内容")
        yield "DOC069", {"kind": kind, "value": shown(element.text or "")}
    for key, value in element.attrib.items():
        if _marked(str(value)):
            kind = _ATTRIBUTES.get(str(key).rpartition("}")[2], "格式属性")
            yield "DOC069", {"kind": kind, "value": shown(str(value))}


def around(element: etree._Element, paragraphs: Sequence[Paragraph]) -> Paragraph | None:
    """The paragraph an element stands in, or the first one within it."""
    holders = [element, *element.iterancestors(f"{W}p")]
    if element.tag == f"{W}dataBinding":
        holders = [*islice(element.iterancestors(), 1, 2), *holders]  # the control, around its text
    within = {each.element: each for each in paragraphs}
    return next((within[found] for holder in holders for found in holder.iter(f"{W}p") if found in within), None)


def _marked(text: str | None) -> bool:
    return text is not None and any(mark in text for mark in _MARKS)


def elsewhere(parts: Mapping[str, bytes], text_parts: Sequence[str], name: str) -> Iterator[Said]:
    """Tags in charts, diagrams and other parts that nobody fills."""
    for part, content in sorted(parts.items()):
        mark = next((mark for mark in _MARKS if mark.encode() in content), "")
        if mark and part.startswith("word/") and part.endswith(".xml") and part not in text_parts:
            nowhere = places.Paragraph(etree.Element("part"), places.Place(places.ELSEWHERE, f"部件{part}"))
            yield nowhere, finding(
                "DOC069", workbook=name, paragraph=str(nowhere.place), kind="图表或SmartArt中的文字", value=mark,
            )
