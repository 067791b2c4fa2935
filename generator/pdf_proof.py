"""Tells of a Word file how long its tables are, and proves that it may share a file with others of its template.

What is not known to print the same in company is printed alone: pictures, notes, lists, frames, fields other than page
numbers, several sections. The list of what is allowed is closed; everything else is refused.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT, STYLES, SETTINGS = "word/document.xml", "word/styles.xml", "word/settings.xml"
#: Headers and footers, the parts each paper has of its own besides its text.
EDGES = re.compile(r"word/(header|footer)\d+\.xml")
_BOUND = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TAG = re.compile(rb"<([^\s/>?]+)")
_MARK = re.compile(rb'<w:bookmarkStart\b[^<>]*\sw:name="([^"]*)"')
_STYLE = re.compile(rb'<w:(?:p|r|tbl)Style\b[^<>]*\sw:val="([^"]*)"')
_ROW = re.compile(rb"<w:tr[ >]")
#: Parts that may be there besides; they are the same in all papers of a template, or nothing of them is printed.
_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:core|app)\.xml|word/(?:document|styles|settings|fontTable|webSettings|"
    r"numbering|footnotes|endnotes|header\d+|footer\d+)\.xml|word/_rels/document\.xml\.rels|word/theme/theme\d+\.xml"
)
_NEEDED = frozenset((DOCUMENT, STYLES, "_rels/.rels", "[Content_Types].xml"))
_OWN = re.compile(r"docProps/\w+\.xml|word/document\.xml|word/(?:header|footer)\d+\.xml")
#: Elements whose printing depends on nothing outside their paper.
_KNOWN = frozenset(b"w:" + name for name in b"""
    document body hdr ftr p pPr pStyle r rPr rStyle t br tab tabs cr noBreakHyphen softHyphen fldChar instrText
    fldSimple proofErr lastRenderedPageBreak bookmarkStart bookmarkEnd jc ind spacing keepNext keepLines
    pageBreakBefore widowControl snapToGrid outlineLvl pBdr shd adjustRightInd autoSpaceDE autoSpaceDN kinsoku
    wordWrap overflowPunct topLinePunct textAlignment rFonts b bCs i iCs u strike dstrike vanish
    color highlight sz szCs kern w position vertAlign lang noProof em eastAsianLayout fitText bdr tbl tblPr tblStyle
    tblW tblInd tblBorders tblCellMar tblLayout tblLook tblGrid gridCol tr trPr cantSplit tblHeader trHeight
    gridBefore gridAfter wBefore wAfter tc tcPr tcW gridSpan vMerge tcBorders tcMar vAlign noWrap textDirection top
    bottom left right start end insideH insideV between bar sectPr headerReference footerReference pgSz pgMar
    pgNumType cols docGrid titlePg
""".split())
#: Fields that may stand in a paper: the number of its page, and how many pages it has.
FIELD = re.compile(r"\s*(PAGE|NUMPAGES)\s*(?:\\\*\s*(?:MERGEFORMAT|Arabic)\s*)*", re.IGNORECASE)
#: Words of a style that number paragraphs through the whole file, or take them out of the text.
_FAR = ("numPr", "framePr")
#: Words that tie the first paragraph, or the last, to a neighbour, which would be another paper's.
_FIRST = ("pBdr", "contextualSpacing", "pageBreakBefore")
_LAST = ("pBdr", "contextualSpacing", "keepNext")
_WHOLE_FILE = ("evenAndOddHeaders", "mirrorMargins", "bookFoldPrinting", "gutterAtTop", "updateFields")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a Word file before it is printed.

    Attributes:
        rows: the rows of all its tables.
        kind: the same for files that may be printed together; empty for one that is printed alone.
        size: the bytes of its text.
    """

    rows: int = 0
    kind: str = ""
    size: int = 0


def parts_of(path: Path) -> dict[str, bytes]:
    """The parts of a Word file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no Word file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise ValueError(str(error)) from error


def parsed(part: bytes) -> etree._Element:
    """A part as a tree, read from nothing but its bytes."""
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def examine(path: Path) -> Sheet:
    """Look at a Word file; one that cannot be read is left for the office to refuse."""
    try:
        parts = parts_of(path)
    except (OSError, ValueError):
        return Sheet()
    text = parts.get(DOCUMENT, b"")
    rows = len(_ROW.findall(text))
    try:
        kind = _kind(parts)
    except etree.XMLSyntaxError:
        kind = ""
    return Sheet(rows, kind, len(text))


def _kind(parts: Mapping[str, bytes]) -> str:
    """What must be equal in files printed together; empty when this one is printed alone."""
    if not _NEEDED.issubset(parts) or not all(_PARTS.fullmatch(name) for name in parts):
        return ""
    settings = parts.get(SETTINGS, b"").decode(errors="replace")
    if any(f"<w:{word}" in settings for word in _WHOLE_FILE):
        return ""
    texts = [parts[DOCUMENT], *(part for name, part in parts.items() if EDGES.match(name))]
    if not all(_plain(text) for text in texts):
        return ""
    roots = [parsed(text) for text in texts]
    body = roots[0].find(f"{W}body")
    if body is None or not all(_counts_pages(root) for root in roots):
        return ""
    if not _having(parts[STYLES], _FAR).isdisjoint(_used(texts)) or not _closed(body, parts[STYLES]):
        return ""
    fixed = hashlib.sha256(usedforsecurity=False)
    for name in sorted(parts):
        if not _OWN.fullmatch(name):
            fixed.update(name.encode() + b"\0" + parts[name] + b"\0")
    references = sorted((str(node.tag), node.get(f"{W}type", "")) for node in body[-1] if node.tag in _REFERENCES)
    fixed.update(repr((references, body[-1].find(f"{W}titlePg") is not None)).encode())
    return fixed.hexdigest()


_REFERENCES = (f"{W}headerReference", f"{W}footerReference")


def _plain(part: bytes) -> bool:
    """Whether a part holds only known elements, and no mark that something may refer to."""
    if part.count(_BOUND) != 1 or b"<!" in part or not _KNOWN.issuperset(_TAG.findall(part)):
        return False
    return all(name == b"_GoBack" for name in _MARK.findall(part))


def _with_fields(root: etree._Element) -> list[list[etree._Element]]:
    """The runs of every paragraph that has a field."""
    marks = (f"{W}fldChar", f"{W}instrText")
    return [list(node) for node in root.iter(f"{W}p", f"{W}fldSimple") if node.find(f"{W}r/{marks[0]}") is not None
            or node.find(f"{W}r/{marks[1]}") is not None]


def _counts_pages(root: etree._Element) -> bool:
    """Whether the part's fields are page numbers only, each of whole runs of one look, and with what it showed last."""
    simple = list(root.iter(f"{W}fldSimple"))
    if not all(FIELD.fullmatch(node.get(f"{W}instr", "")) and node.find(f"{W}r/{W}t") is not None for node in simple):
        return False
    for runs in _with_fields(root):
        code, shown, inside = "", False, False
        looks: set[bytes] = set()
        for run in runs:
            kinds = [mark.get(f"{W}fldCharType") for mark in run.findall(f"{W}fldChar")]
            if "begin" in kinds:
                if inside or len(run) - len(run.findall(f"{W}rPr")) != 1:
                    return False
                code, shown, looks, inside = "", False, set[bytes](), True
            elif kinds and not inside:
                return False
            if inside:
                code += "".join(node.text or "" for node in run.findall(f"{W}instrText"))
                shown = shown or run.find(f"{W}t") is not None
                look = run.find(f"{W}rPr")
                looks.add(b"" if look is None else etree.tostring(look, method="c14n"))
            if "end" in kinds:
                whole = len(looks) == 1 and len(run) - len(run.findall(f"{W}rPr")) == 1
                if not (whole and shown and FIELD.fullmatch(code)):
                    return False
                inside = False
        if inside:
            return False
    return True


def _closed(body: etree._Element, styles: bytes) -> bool:
    """Whether the paper is one section that begins and ends with nothing tied to a neighbour."""
    if len(body) < 2 or body[-2].tag != f"{W}p":
        return False
    section = body[-1]
    if [section] != list(body.iter(f"{W}sectPr")):
        return False
    number, columns = section.find(f"{W}pgNumType"), section.find(f"{W}cols")
    if number is not None and (set(number.attrib) - {f"{W}start"} or number.get(f"{W}start", "1") != "1"):
        return False
    if columns is not None and columns.get(f"{W}num", "1") != "1":
        return False
    return not (_tied(body[0], _FIRST, styles) or _tied(body[-2], _LAST, styles))


def _tied(block: etree._Element, words: tuple[str, ...], styles: bytes) -> bool:
    """Whether a paragraph at an end of the paper looks at what stands beyond that end; a table never does."""
    if block.tag != f"{W}p":
        return False
    if any(block.find(f"{W}pPr/{W}{word}") is not None for word in words):
        return True
    if any(node.get(f"{W}type") in ("page", "column") for node in block.iter(f"{W}br")):
        return True
    named = block.find(f"{W}pPr/{W}pStyle")
    return ("" if named is None else named.get(f"{W}val", "")) in _having(styles, words)


def _used(texts: Sequence[bytes]) -> set[str]:
    """The styles named in the parts; the empty name stands for the one that needs no naming."""
    return {"", *(name.decode() for text in texts for name in _STYLE.findall(text))}


@lru_cache(maxsize=64)
def _having(part: bytes, words: tuple[str, ...]) -> frozenset[str]:
    """The styles that say one of the words, with all built upon them; the empty name stands for the defaults."""
    root = parsed(part)

    def says(node: etree._Element) -> bool:
        return any(next(node.iter(f"{W}{word}"), None) is not None for word in words)

    styles = list(root.iter(f"{W}style"))
    found = {node.get(f"{W}styleId", "") for node in styles if says(node)}
    if any(says(node) for node in (*root.iter(f"{W}docDefaults"), *(n for n in styles if n.get(f"{W}default")))):
        found.add("")
    for _ in styles:
        based = {node.get(f"{W}styleId", "") for node in styles for up in node.iter(f"{W}basedOn")
                 if up.get(f"{W}val") in found}
        if based <= found:
            break
        found |= based
    return frozenset(found)
