"""What docxtpl makes of a template, and whether a paper of ours is the same in canonical XML.

Where the two may differ, and why:

- ``docProps``, ``comments``, ``people`` and ``customXml`` parts, what refers to them, and `[Content_Types].xml`: ours are
  cleaned before a paper leaves the house; the rest of the relations must agree.
- Figures: docxtpl knows none. It gets the template with a part for each, as `generator.figure_places` wires them, and our
  part behind it; what a chart shows is tested in ``test_figures``.
- The ``id`` of drawings: docxtpl counts from 1001, we from 1; both only want them to differ.
- Tags torn over several runs: docxtpl drops bookmarks and spelling marks within the tag, and keeps the blanks of texts far
  before it; we leave both alone. Where the runs hold more than the tag, docxtpl gives what follows it the first run's
  looks, we keep its own: there docxtpl gets the template with its tags put together again, and only its words for the
  template as it was must agree too.
- A vertical merge whose ``{% vm %}`` stands in another run than the value it guards: docxtpl leaves out only what shares
  the tag's run, and which runs share depends on the point above. No program shows that text, and no template here has it.
- Columns of tables in headers, footers and notes: docxtpl mends them in the body only, we everywhere. Here both are mended.
- What a cell says of itself: docxtpl adds merges and shades at either end, we in the schema's sequence. Both are sorted.
- White space between elements, which python-docx drops when it reads a part, and no program shows.
- ``{_{`` and the like: docxtpl turns them into ``{{`` even in a value. We print what the value says; values here hold none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined
from lxml import etree

from generator import figure_places, lint
from generator.opening import text_parts
from generator.package import W
from generator.template import open_template, render
from tests.papers import changed, parts, text

_TEXTS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_CLEANED = re.compile(r"docProps/.*|word/(?:comments|people).*|customXml/.*|\[Content_Types\]\.xml")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def oracle(template: bytes, context: Mapping[str, Any]) -> bytes:
    """The paper docxtpl makes; a value that is missing raises."""
    paper = DocxTemplate(BytesIO(template))
    paper.render(dict(context), Environment(undefined=StrictUndefined, autoescape=True), autoescape=True)
    buffer = BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def healed(template: bytes) -> bytes:
    """A template whose tags are whole."""
    whole = {}
    for name, content in parts(template).items():
        if _TEXTS.fullmatch(name):
            root = etree.fromstring(content)
            lint.heal(root)
            whole[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return changed(template, whole)


def canonical(name: str, content: bytes, *, torn: bool = False) -> bytes:
    """A part in the one form that all ways to write it have; of ``torn`` ones without what docxtpl does to the rest."""
    if not name.endswith((".xml", ".rels")):
        return content
    root = etree.fromstring(content, etree.XMLParser(huge_tree=True, remove_blank_text=True, resolve_entities=False))
    if name.endswith(".rels"):
        kept = [(each.get("Id"), each.get("Type"), each.get("Target", "").lstrip("/")) for each in root]
        return repr(sorted(each for each in kept if not _CLEANED.fullmatch(_whole(name, each[2])))).encode()
    if name.startswith(("word/header", "word/footer", "word/footnotes")) and b"<w:tbl>" in content:
        root = DocxTemplate(None).fix_tables(etree.tostring(root))
    for drawing in root.iter(_DRAWING):
        drawing.set("id", "0")
    for cell in root.iter(f"{W}tcPr"):
        cell[:] = sorted(cell, key=lambda each: str(each.tag))
    if torn:
        etree.strip_elements(root, f"{W}proofErr", f"{W}bookmarkStart", f"{W}bookmarkEnd", with_tail=False)
        for each in root.iter(f"{W}t"):
            each.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", "")
    return etree.tostring(root, method="c14n")


def _whole(name: str, target: str) -> str:
    """A relation's target from the package's root; ``word/_rels/x.rels`` counts from word."""
    base = name.split("_rels/")[0]
    steps: list[str] = []
    for step in (target if target.startswith(("word/", "docProps/", "customXml/")) else base + target).split("/"):
        steps = steps[:-1] if step == ".." else [*steps, step]
    return "/".join(steps)


def differences(ours: bytes, theirs: bytes, *, torn: bool = False) -> list[str]:
    """The parts in which two papers differ; ``torn`` as for `canonical`."""
    mine, yours = (
        {name: each for name, each in parts(data).items() if not _CLEANED.fullmatch(name)} for data in (ours, theirs)
    )
    found = [name for name in sorted(mine.keys() | yours.keys()) if (name in mine) != (name in yours)]
    shared = [name for name in sorted(mine.keys() & yours.keys()) if mine[name] != yours[name]]
    return found + [name for name in shared if canonical(name, mine[name], torn=torn) != canonical(name, yours[name], torn=torn)]


def compared(template: bytes, context: Mapping[str, Any], ours: bytes, *, torn: str = "") -> list[str]:
    """The parts in which a paper of ours differs from docxtpl's.

    ``torn`` tells whether tags of the template are torn over runs that hold nothing else ("inside"), or may hold other
    text too ("beyond").
    """
    theirs = oracle(template, context)
    if torn != "beyond":
        return differences(ours, theirs, torn=bool(torn))
    found = differences(ours, oracle(healed(template), context))
    names = [name for name in parts(ours) if _TEXTS.fullmatch(name)]
    return found + [f"{name}: words" for name in names if text(ours, name) != text(theirs, name)]


def with_figures(template: bytes, fields: AbstractSet[str], ours: bytes) -> bytes:
    """The template as docxtpl would have to get it for our figures."""
    held = parts(template)
    wired, figures = figure_places.wired(held, text_parts(held), fields)
    empty = BytesIO()
    with ZipFile(empty, "w"):
        pass
    return changed(empty.getvalue(), wired | {part: parts(ours)[part] for part in figures.values()})


@dataclass(frozen=True)
class Verdict:
    """What became of one template and one context: the way it was printed, and how the paper compares.

    ``way`` is compiled, looked-at (rendered by Jinja, then read) or refused; ``outcome`` is equal, refused with a code,
    or the parts that differ.
    """

    way: str
    outcome: str


def verdict(template: bytes, fields: AbstractSet[str], context: Mapping[str, Any], *, torn: str = "") -> Verdict:
    """Fill a template both ways."""
    opened, findings = open_template(template, "样张.docx", fields)
    if opened is None:
        return Verdict("refused", findings[0].code)
    way = "looked-at" if opened.programs is None else "compiled"
    data, findings = render(opened, context, title="样张", day=dt.date(2026, 11, 20))
    if data is None:
        return Verdict(way, findings[0].code)
    shown = with_figures(template, fields, data) if opened.figures else template
    return Verdict(way, "、".join(compared(shown, context, data, torn=torn)) or "equal")
