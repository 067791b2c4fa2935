"""Pairs the beginnings and ends of a template's choices and loops, and says where a pair would tear the paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.package import W
from generator.printed import shown
from macros.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

    from generator.places import Paragraph
    from generator.tags import Tag

#: Levels of if and for in one another, and branches of one if, that Jinja and Python can read.
DEEPEST, BRANCHES = 15, 100
_ENDS = {"endif": "if", "endfor": "for"}
_HOLDERS = {"tr": f"{W}tr", "tc": f"{W}tc", "p": f"{W}p"}
_HOLDER_NAMES = {"tr": "表格行", "tc": "单元格", "p": "段落"}
_FAMILIES = {"tr": "表格", "tc": "表格行", "p": "单元格或正文", "": "单元格或正文"}
#: What must not be left without a paragraph, or Word calls the file damaged.
_FILLED = {f"{W}tc": "单元格", f"{W}txbxContent": "文本框", f"{W}hdr": "页眉", f"{W}ftr": "页脚"}
_UNSEEN = (f"{W}tcPr", f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}proofErr")

Said = tuple["Paragraph", Finding]


@dataclass(slots=True, eq=False)
class Block:
    """A choice or a loop: its first tag, those between its branches and its last.

    Without a last one, ``cut`` is the tag of another block that ends it, None where only the part's end does.
    """

    begin: Tag
    between: list[Tag] = field(default_factory=list)
    end: Tag | None = None
    cut: Tag | None = None

    def all(self) -> list[Tag]:
        """Its tags from the first to the last."""
        return [self.begin, *self.between, *([self.end] if self.end else [])]


def pair(tags: Sequence[Tag], name: str) -> tuple[list[Block], list[Said]]:
    """The blocks of a part, and a finding for each tag that has no partner or stands too deep.

    Args:
        tags: those of the part in its order, the misspelt ones too, which count for what they mean.
        name: the template's file name.
    """
    blocks: list[Block] = []
    open_: list[Block] = []
    said: list[Said] = []
    for tag in tags:
        if tag.means in ("if", "for"):
            open_.append(Block(tag))
            blocks.append(open_[-1])
            if len(open_) == DEEPEST + 1:
                said.append(_of(tag, finding("DOC062", **_where(tag, name), levels=DEEPEST, branches=BRANCHES)))
        elif tag.means in ("elif", "else"):
            if not open_:
                said.append(_lonely(tag, name, "if"))
                continue
            open_[-1].between.append(tag)
            if len(open_[-1].between) == BRANCHES + 1:
                said.append(_of(tag, finding("DOC062", **_where(tag, name), levels=DEEPEST, branches=BRANCHES)))
        elif tag.means in _ENDS:
            wanted = _ENDS[tag.means]
            if all(block.begin.means != wanted for block in open_):
                said.append(_lonely(tag, name, wanted))
                continue
            while open_[-1].begin.means != wanted:
                open_[-1].cut = tag
                said.append(_endless(open_.pop().begin, name))
            open_.pop().end = tag
    return blocks, said + [_endless(block.begin, name) for block in open_]


def _lonely(tag: Tag, name: str, wanted: str) -> Said:
    why = f"“{shown(tag.written)}”没有对应的开头{wanted}"
    return _of(tag, finding("DOC016", **_where(tag, name), value=shown(tag.written), why=why))


def _endless(tag: Tag, name: str) -> Said:
    why = f"“{shown(tag.written)}”没有对应的结尾end{tag.means}"
    return _of(tag, finding("DOC016", **_where(tag, name), value=shown(tag.written), why=why))


def misplaced(blocks: Sequence[Block], name: str) -> Iterator[Said]:
    """A finding for each block whose tags do not stand in the same table, row or cell, or not with the same letter."""
    for block in blocks:
        begin = block.begin
        if any(tag.level not in _FAMILIES for tag in block.all()):
            continue  # told already: no such letter may be used
        home = _family(begin)
        for tag in block.all()[1:]:
            if tag.level != begin.level:
                kind = f"开头的标记是{_spelled(begin)}，这一个是{_spelled(tag)}"
            elif not tag.level and tag.path() != begin.path():
                kind = "其中一个在超链接或内容控件里，另一个不在"
            elif _family(tag) is not home:
                kind = f"两者不在同一个{_FAMILIES[tag.level]}"
            else:
                continue
            yield _of(tag, finding(
                "DOC064", workbook=name, value=shown(tag.written), why=kind,
                first=begin.paragraph.quoted(), paragraph=tag.paragraph.quoted(),
            ))
            break


def _spelled(tag: Tag) -> str:
    return f"{{%{tag.level} … %}}"


def _holder(tag: Tag) -> etree._Element | None:
    """The row, cell or paragraph that a tag takes the place of."""
    wanted = _HOLDERS[tag.level or "p"]
    element = tag.paragraph.element
    return element if element.tag == wanted else next(element.iterancestors(wanted), None)


def _family(tag: Tag) -> etree._Element | None:
    holder = _holder(tag)
    return None if holder is None else holder.getparent()


def crowded(tags: Sequence[Tag], name: str) -> Iterator[Said]:
    """A finding for each row, cell or paragraph that a tag would take the place of together with other content."""
    seen = set()
    for tag in tags:
        if tag.level not in _HOLDERS or tag.mark != "%":
            continue
        holder = _holder(tag)
        kind = _HOLDER_NAMES[tag.level]
        if holder is None:
            yield _of(tag, finding("DOC066", **_where(tag, name), value=shown(tag.written), kind=kind))
            continue
        if holder in seen:
            continue
        seen.add(holder)
        content = "".join(text.text or "" for text in holder.iter(f"{W}t"))
        drawn = next(holder.iter(f"{W}drawing", f"{W}pict", f"{W}object"), None) is not None
        if "".join(content.split()) != "".join(tag.written.split()) or drawn:
            where = f"{tag.paragraph.place}“{shown(content)}”"
            yield _of(tag, finding("DOC015", workbook=name, kind=kind, paragraph=where))


def emptied(paragraphs: Sequence[Paragraph], blocks: Sequence[Block], name: str) -> Iterator[Said]:
    """A finding for each cell, text box, header or footer whose last paragraph some values would take away."""
    gone = _gone(blocks)
    seen = set()
    for paragraph in paragraphs:
        box = paragraph.element.getparent()
        if box is None or box.tag not in _FILLED or box in seen:
            continue
        seen.add(box)
        kept = [child for child in box if child not in gone and child.tag not in _UNSEEN and isinstance(child.tag, str)]
        if not kept or (box.tag == f"{W}tc" and kept[-1].tag != f"{W}p"):
            where = {"workbook": name, "paragraph": paragraph.quoted(), "kind": _FILLED[box.tag]}
            yield paragraph, finding("DOC065", **where)


def _gone(blocks: Sequence[Block]) -> set[etree._Element]:
    """The paragraphs and what stands between them that are not in every paper."""
    gone: set[etree._Element] = set()
    for block in blocks:
        if block.begin.level != "p" or block.end is None:
            continue
        gone |= {tag.paragraph.element for tag in block.all()}
        for element in block.begin.paragraph.element.itersiblings():
            if element is block.end.paragraph.element:
                break
            gone.add(element)
    return gone


def _where(tag: Tag, name: str) -> dict[str, str]:
    return {"workbook": name, "paragraph": tag.paragraph.quoted()}


def _of(tag: Tag, said: Finding) -> Said:
    return tag.paragraph, said
