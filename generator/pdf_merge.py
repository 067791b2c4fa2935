"""Puts Word files of one kind into one file, each in a section of its own, so that the office lays them out in one go.

Each section has its own headers and footers, starts at page 1 and begins with a bookmark, which tells in the printed
file where the paper begins. The field for the number of pages would count the whole file's: it is changed to show a
property of the file, 1, which takes the same room in the line. Papers that turn out longer are not to be used.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from lxml import etree

from generator.package import to_bytes
from generator.pdf_proof import DOCUMENT, EDGES, FIELD, W, parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TYPES, _RELS, _ROOTS = "[Content_Types].xml", "word/_rels/document.xml.rels", "_rels/.rels"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
#: Bookmarks of ours: letters and digits only, which the office writes into the printed file unchanged.
MARK = "towerdeskpaper{}"
#: A field that shows a property of the file, or, in some offices, what it showed last.
_PROPERTY = "towerdeskpages"
_ONE = "1"
_SHOWN = f" DOCPROPERTY {_PROPERTY} "
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
#: Elements of a section that may stand behind its page number.
_BEHIND = tuple(f"{W}{name}" for name in ("cols", "titlePg", "docGrid"))


def merge(papers: Sequence[Mapping[str, bytes]]) -> bytes:
    """One Word file of all the papers, not deflated: it is read once and thrown away.

    Args:
        papers: the parts of files of one `generator.pdf_proof.Sheet.kind`.
    """
    parts = dict(papers[0])
    document, types = parsed(parts[DOCUMENT]), parsed(parts[_TYPES])
    relations = parsed(parts[_RELS]) if _RELS in parts else etree.Element(f"{_PACKAGE}relationships}}Relationships")
    body = document[0]
    body[:] = []
    for number, paper in enumerate(papers):
        for identity, kind, name in _edges(paper):
            own = f"{kind}{number}of{identity}.xml"
            parts[f"word/{own}"] = to_bytes(_counted(parsed(paper[name])))
            etree.SubElement(
                types, f"{_PACKAGE}content-types}}Override", PartName=f"/word/{own}", ContentType=_KIND.format(kind),
            )
            etree.SubElement(
                relations, f"{_PACKAGE}relationships}}Relationship", Id=_own(identity, number),
                Type=f"{_OFFICE}/{kind}", Target=own,
            )
        body.extend(_section(_counted(parsed(paper[DOCUMENT])), number, last=number == len(papers) - 1))
    etree.SubElement(
        types, f"{_PACKAGE}content-types}}Override", PartName="/docProps/custom.xml",
        ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml",
    )
    roots = parsed(parts[_ROOTS])
    etree.SubElement(
        roots, f"{_PACKAGE}relationships}}Relationship", Id="rIdOfPages", Type=f"{_OFFICE}/custom-properties",
        Target="docProps/custom.xml",
    )
    changed = {_TYPES: types, _RELS: relations, _ROOTS: roots, DOCUMENT: document}
    parts |= {name: to_bytes(root) for name, root in changed.items()}
    parts["docProps/custom.xml"] = _properties()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def _own(identity: str, number: int) -> str:
    return f"{identity}of{number}"


def _edges(paper: Mapping[str, bytes]) -> list[tuple[str, str, str]]:
    """The headers and footers a paper refers to: relation, kind and part."""
    if _RELS not in paper:
        return []
    found = []
    for node in parsed(paper[_RELS]):
        name = "word/" + node.get("Target", "").removeprefix("/word/")
        kind = EDGES.fullmatch(name)
        if kind and name in paper:
            found.append((node.get("Id", ""), kind[1], name))
    return found


def _section(document: etree._Element, number: int, *, last: bool) -> list[etree._Element]:
    """The blocks of one paper, with its section in the last paragraph; the last paper's stands at the end."""
    blocks = list(document[0])
    section = blocks[-1]
    for node in section.iter(f"{W}headerReference", f"{W}footerReference"):
        node.set(f"{{{_OFFICE}}}id", _own(node.get(f"{{{_OFFICE}}}id", ""), number))
    count = section.find(f"{W}pgNumType")
    if count is None:
        count = etree.Element(f"{W}pgNumType")
        behind = [place for place, node in enumerate(section) if node.tag in _BEHIND]
        section.insert(min(behind, default=len(section)), count)
    count.set(f"{W}start", "1")
    _mark(next(document.iter(f"{W}p")), number)
    if last:
        return blocks
    properties = blocks[-2].find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        blocks[-2].insert(0, properties)
    properties.append(section)
    return blocks[:-1]


def _mark(paragraph: etree._Element, number: int) -> None:
    """Begin a paragraph with an empty bookmark."""
    place = 1 if len(paragraph) and paragraph[0].tag == f"{W}pPr" else 0
    words = {f"{W}id": str(1_000_000 + number)}
    paragraph.insert(place, etree.Element(f"{W}bookmarkEnd", words))
    paragraph.insert(place, etree.Element(f"{W}bookmarkStart", {**words, f"{W}name": MARK.format(number)}))


def _counted(root: etree._Element) -> etree._Element:
    """The part with fields that show the property in the place of those that count the pages of the file."""
    for field in root.iter(f"{W}fldSimple"):
        if _counts(field.get(f"{W}instr", "")):
            field.set(f"{W}instr", _SHOWN)
            _write(field.iter(f"{W}t"), _ONE)
    codes: list[etree._Element] = []
    shown: list[etree._Element] = []
    for node in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
        kind = node.get(f"{W}fldCharType")
        if node.tag == f"{W}instrText":
            codes.append(node)
        elif node.tag == f"{W}t":
            shown.append(node)
        elif kind == "begin":
            codes, shown = [], []
        elif kind == "end" and _counts("".join(code.text or "" for code in codes)):
            _write(codes, _SHOWN)
            _write(shown, _ONE)
    return root


def _write(nodes: Iterable[etree._Element], text: str) -> None:
    """Put the text in the first of the nodes and nothing in the others."""
    for node in nodes:
        node.text, text = text, ""


def _counts(code: str) -> bool:
    field = FIELD.fullmatch(code)
    return bool(field and field[1].upper() == "NUMPAGES")


def _properties() -> bytes:
    """The part with the property that stands for the number of pages."""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="{_CUSTOM}" xmlns:vt="{_VALUES}">'
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{_PROPERTY}">'
        f"<vt:lpwstr>{_ONE}</vt:lpwstr></property></Properties>"
    ).encode()
