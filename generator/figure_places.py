"""Finds the figures of a template by the alternative text of their drawings, and gives each a part of its own.

Somebody may move, resize and restyle a figure in Word, copy it or paste another picture over it. What stays is the
alternative text 图：… of the drawing; at print the part behind it is made anew and nothing else is touched.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from html import unescape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from generator import places
from generator.archive import CONTENT_TYPES
from generator.figures import CHART, MARK, PICTURE, SAMPLED
from generator.package import parser, target_of, to_bytes
from generator.places import Paragraph, Place
from generator.printed import shown
from generator.strays import around
from macros.findings import finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from generator.blocks import Said

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/"
_WP, _A, _C = f"{_DRAWING}wordprocessingDrawing}}", f"{_DRAWING}main}}", f"{_DRAWING}chart}}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES, _LINKS = ("{http://schemas.openxmlformats.org/package/2006/content-types}",
                  "{http://schemas.openxmlformats.org/package/2006/relationships}")
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_NO_LINKS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
#: People type either colon.
_MARKS = (MARK, "图:")
_SAMPLED = re.compile(re.escape(SAMPLED).replace(re.escape("{name}"), "([^<〕]{1,80})"))
_WORDS = {CHART: "图表", PICTURE: "图片", "": "其他图形"}
#: Parts that are let go when nothing refers to them any more.
_OF_FIGURES = ("word/charts/", "word/media/", "word/embeddings/", "word/drawings/")


class Drawing(NamedTuple):
    """A drawing that is called a figure: the name after the mark, what it shows, the element with its relation."""

    element: etree._Element
    name: str
    shows: str
    refers: etree._Element | None

    @property
    def attribute(self) -> str:
        """The attribute with the relation."""
        return f"{_R}id" if self.shows == CHART else f"{_R}embed"


def drawings(root: etree._Element, text: str, parts: Mapping[str, bytes]) -> Iterator[Drawing]:
    """The drawings of the part ``text`` whose alternative text, or else whose name, begins with 图：.

    A chart without either is known by its made-up numbers: LibreOffice saves charts so.
    """
    for about in root.iter(f"{_WP}docPr"):
        holder = about.getparent()
        if holder is None:
            continue
        refers = next(holder.iter(f"{_C}chart", f"{_A}blip"), None)
        shows = "" if refers is None else CHART if refers.tag == f"{_C}chart" else PICTURE
        called = (about.get(key, "").strip() for key in ("descr", "title", "name"))
        name = next((each[len(MARK) :].strip() for each in called if each.startswith(_MARKS)), "")
        if not name and refers is not None and shows == CHART:
            name = _sampled(_behind(text, refers.get(f"{_R}id", ""), parts))
        if name:
            yield Drawing(about, name, shows, refers)


def _behind(text: str, identity: str, parts: Mapping[str, bytes]) -> bytes:
    """The content of the part that a relation of ``text`` leads to."""
    links = parts.get(_links_of(text))
    for node in etree.fromstring(links, parser()) if links else ():
        if node.get("Id") == identity:
            return parts.get(target_of(PurePosixPath(text).parent, node.get("Target", "")), b"")
    return b""


def _sampled(chart: bytes) -> str:
    """The figure that a chart of made-up numbers says it is."""
    found = _SAMPLED.search(chart.decode(errors="replace"))
    return unescape(found[1]) if found else ""


def named(fields: AbstractSet[str]) -> dict[str, str]:
    """The figures among placeholders, by name."""
    return {field[len(CHART) :]: field for field in sorted(fields) if field.startswith((CHART, PICTURE))}


def read(
    root: etree._Element, text: str, parts: Mapping[str, bytes], label: tuple[str, int], fields: AbstractSet[str],
    name: str,
) -> tuple[set[str], list[Said]]:
    """The figures that a part shows, and what is wrong with them.

    Args:
        root: the part ``text`` of ``parts``, parsed.
        text: its name.
        parts: the template's parts.
        label: what people call it, and its turn among the parts.
        fields: the placeholders its kind of document has.
        name: the template's file name.

    A figure nobody knows would show its made-up numbers in the paper. Pictures of papers without figures may be called
    as somebody likes.
    """
    known = named(fields)
    used: set[str] = set()
    said: list[Said] = []
    paragraphs = places.read(root, *label)
    for each in drawings(root, text, parts):
        field = known.get(each.name)
        place = around(each.element, paragraphs) or Paragraph(root, Place(label[1], label[0]))
        where = {"workbook": name, "paragraph": place.quoted(), "value": shown(each.name)}
        if field and field.startswith(each.shows or "\0"):
            used.add(field)
        elif field:
            kinds = {"wanted": _WORDS[field[: len(CHART)]], "shows": _WORDS[each.shows]}
            said.append((place, finding("FIG002", **where, **kinds)))
        elif known or each.shows == CHART:
            said.append((place, finding("FIG001", **where, near=_near(each.name, known))))
    return used, said


def _near(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), 2, 0.4) or list(known)[:3]
    return f"，是否应为{'或'.join(f'“{MARK}{each}”' for each in close)}" if close else "，这种单据没有图"


def wired(
    parts: Mapping[str, bytes], texts: Sequence[str], fields: AbstractSet[str],
) -> tuple[dict[str, bytes], dict[str, str]]:
    """The parts of a template with a part for each figure, and these by the figures' placeholders.

    Word keeps equal pictures once, whatever they are called, and keeps them in any format: therefore a figure's part
    is a new one. The old ones are left out, with what only they needed; so are the new ones, which each paper brings.
    """
    known = named(fields)
    made: dict[str, str] = {}
    changed = dict(parts)
    for text in texts:
        root = etree.fromstring(parts[text], parser())
        found = [each for each in drawings(root, text, parts) if each.name in known]
        if not found:
            continue
        links = _links_of(text)
        relations = etree.fromstring(changed.get(links, _NO_LINKS), parser())
        for each in found:
            part = made.setdefault(known[each.name], _part(each.shows, len(made) + 1, parts))
            _refer(each, relations, part, text)
        written = to_bytes(root)
        for relation in [node for node in relations if f'"{node.get("Id")}"'.encode() not in written]:
            if relation.get("Type", "").endswith(("/chart", "/image")):
                relations.remove(relation)
        changed |= {text: written, links: to_bytes(relations)}
    return (_tidied(changed, made.values()) if made else changed), made


def _part(shows: str, number: int, parts: Mapping[str, bytes]) -> str:
    folder, suffix = ("charts", "xml") if shows == CHART else ("media", "png")
    while (name := f"word/{folder}/figure{number}.{suffix}") in parts:
        number += 100
    return name


def _refer(each: Drawing, relations: etree._Element, part: str, text: str) -> None:
    """Let a drawing show the part, and nothing but it: pictures may have a second one in another format."""
    assert each.refers is not None
    identity = f"rIdOf{part.rpartition('/')[2].partition('.')[0]}"
    if all(node.get("Id") != identity for node in relations):
        depth = len(PurePosixPath(text).parent.parts) - 1
        etree.SubElement(
            relations, f"{_LINKS}Relationship", Id=identity,
            Type=f"{_RELATIONS}/{'chart' if each.shows == CHART else 'image'}",
            Target="../" * depth + part.removeprefix("word/"),
        )
    each.refers.set(each.attribute, identity)
    for more in each.refers.findall(f"{_A}extLst"):
        each.refers.remove(more)


def _tidied(parts: dict[str, bytes], new: Iterable[str]) -> dict[str, bytes]:
    """The parts without those that nothing refers to any more, and with the types of the new ones."""
    kept = dict(parts)
    while True:
        wanted = {
            target_of(PurePosixPath(name).parent.parent, node.get("Target", ""))
            for name, content in kept.items() if name.endswith(".rels")
            for node in etree.fromstring(content, parser())
        }
        gone = {name for name in kept if name.startswith(_OF_FIGURES) and "/_rels/" not in name and name not in wanted}
        gone |= {links for name in gone if (links := _links_of(name)) in kept}
        if not gone:
            break
        kept = {name: content for name, content in kept.items() if name not in gone}
    types = etree.fromstring(kept[CONTENT_TYPES], parser())
    for node in list(types):
        part = node.get("PartName", "").lstrip("/")
        if part.startswith(_OF_FIGURES) and part not in kept:
            types.remove(node)
    for name in new:
        if name.endswith(".xml"):
            etree.SubElement(types, f"{_TYPES}Override", PartName=f"/{name}", ContentType=_CHART_TYPE)
        elif all(node.get("Extension", "").lower() != "png" for node in types):
            types.insert(0, etree.Element(f"{_TYPES}Default", Extension="png", ContentType="image/png"))
    return kept | {CONTENT_TYPES: to_bytes(types)}


def _links_of(part: str) -> str:
    place = PurePosixPath(part)
    return str(place.parent / "_rels" / f"{place.name}.rels")
