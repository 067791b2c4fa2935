"""Opens a Word file as bytes nobody need trust, and writes one the same way every time."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

from macros.findings import Finding, finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

#: A template of honest size stays far below these.
MAX_PARTS, MAX_BYTES = 2_000, 64 * 1024 * 1024
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CONTENT_TYPES = "[Content_Types].xml"
_MACROS = ("vbaproject", "macroenabled", "vbadata", "activex")
_OUTSIDE = ("attachedTemplate", "oleObject", "aFChunk", "subDocument", "frame", "externalLinkPath", "control")
_FIELDS = re.compile(r"\b(?:INCLUDETEXT|INCLUDEPICTURE|DDEAUTO|DDE|IMPORT|LINK|DATABASE|MACROBUTTON|RD)\b")
_DROPPED = re.compile(r"(?:docProps/(?:custom|thumbnail)|word/(?:comments|people))[^/]*|customXml/.*")
#: 1 January 1980 in a zip entry: the day every part is from, so that no clock shows in the file.
_DAY = 1 << 5 | 1
_LOCAL, _CENTRAL = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_DEFLATED, _UTF8, _VERSION = 8, 0x800, 20


class Packed(NamedTuple):
    """A part as a zip file holds it, deflated once for all the files it goes into."""

    data: bytes
    size: int
    crc: int


def parser(*, deep: bool = False) -> etree.XMLParser:
    """A parser that reads nothing but the bytes it is given; ``deep`` for text already known to be sound."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=deep)


def read_package(data: bytes, name: str) -> tuple[dict[str, bytes], list[Finding]]:
    """The parts of a .docx file, or the one reason it is refused.

    Review comments and custom properties are left out, so that they never reach a customer.

    Args:
        data: the file.
        name: its file name, for its suffix and for findings.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in (".docm", ".dotm"):
        return {}, [finding("DOC003", workbook=name)]
    if suffix != ".docx":
        return {}, [finding("DOC002", workbook=name, why=f"扩展名是“{suffix}”")]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            refused = _oversized(archive, name)
            if refused:
                return {}, [refused]
            parts = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError):
        return {}, [finding("DOC002", workbook=name, why="压缩包不完整或已损坏")]
    if CONTENT_TYPES not in parts or not any(part.startswith("word/") for part in parts):
        return {}, [finding("DOC002", workbook=name, why="缺少Word文档的部件")]
    if _has_macros(parts):
        return {}, [finding("DOC003", workbook=name)]
    for part, content in parts.items():
        if part.endswith((".xml", ".rels")):
            refused = _refused_part(part, content, name)
            if refused:
                return {}, [refused]
    return _without(parts), []


def _oversized(archive: zipfile.ZipFile, name: str) -> Finding | None:
    names = archive.namelist()
    if len(names) > MAX_PARTS or sum(info.file_size for info in archive.infolist()) > MAX_BYTES:
        return finding("DOC007", workbook=name, limit=MAX_BYTES // 1024 // 1024)
    if len({each.lower() for each in names}) < len(names):
        return finding("DOC002", workbook=name, why="有重名部件")
    if any(each.startswith("/") or "\\" in each or ".." in each.split("/") for each in names):
        return finding("DOC002", workbook=name, why="部件名不合规")
    return None


def _has_macros(parts: Mapping[str, bytes]) -> bool:
    types = parts[CONTENT_TYPES].lower()
    names = [part.lower() for part in parts]
    return any(word.encode() in types or any(word in part for part in names) for word in _MACROS)


def _refused_part(part: str, content: bytes, name: str) -> Finding | None:
    """Why one XML part makes the template unusable."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return finding("DOC005", workbook=name)
    try:
        root = etree.fromstring(content, parser())
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            return finding("DOC006", workbook=name, part=part, why="表格或内容嵌套过深")
        return finding("DOC006", workbook=name, part=part, why="内容不是完整的XML")
    if root.getroottree().docinfo.internalDTD is not None:
        return finding("DOC005", workbook=name)
    if part.endswith(".rels"):
        for relation in root:
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            if relation.get("TargetMode") == "External" or kind in _OUTSIDE:
                return finding("DOC004", workbook=name, what=f"链接“{relation.get('Target', '')[:80]}”")
        return None
    if part.startswith("word/"):
        codes = [node.text or "" for node in root.iter(f"{W}instrText")]
        codes += [node.get(f"{W}instr", "") for node in root.iter(f"{W}fldSimple")]
        field = _FIELDS.search("".join(codes).upper())
        if field:
            return finding("DOC004", workbook=name, what=f"域代码“{field[0]}”")
        if next(root.iter(f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"), None) is not None:
            return finding("DOC008", workbook=name)
    return None


def _without(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts without review comments and custom data, and without what points to them."""
    dropped = {part for part in parts if _DROPPED.fullmatch(part)}
    kept = {part: content for part, content in parts.items() if part not in dropped}
    for part, content in kept.items():
        if part == CONTENT_TYPES:
            kept[part] = _filtered(content, lambda node: node.get("PartName", "").lstrip("/") in dropped)
        elif part.endswith(".rels"):
            base = PurePosixPath(part).parent.parent
            kept[part] = _filtered(content, lambda node, base=base: _target(base, node.get("Target", "")) in dropped)
        elif b"omment" in content and part.startswith("word/"):
            kept[part] = _filtered(content, lambda node: str(node.tag).startswith(f"{W}comment"))
    return kept


def _target(base: PurePosixPath, target: str) -> str:
    steps: list[str] = []
    for step in (target.lstrip("/") if target.startswith("/") else str(base / target)).split("/"):
        if step == ".." and steps:
            steps.pop()
        elif step not in (".", ""):
            steps.append(step)
    return "/".join(steps)


def _filtered(content: bytes, unwanted: object) -> bytes:
    root = etree.fromstring(content, parser())
    found = [node for node in root.iter() if callable(unwanted) and unwanted(node)]
    if not found:
        return content
    for node in found:
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
    return to_bytes(root)


def to_bytes(root: etree._Element) -> bytes:
    """An element as the content of a part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def properties(title: str, company: str, day: dt.date) -> dict[str, bytes]:
    """The document properties of a finished paper: the company as author, no person, no remarks, no program."""
    stamp = f"{day.isoformat()}T00:00:00Z"
    who, what = escape(company), escape(title)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{what}</dc:title><dc:creator>{who}</dc:creator><cp:lastModifiedBy>{who}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified></cp:coreProperties>'
    )
    app = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Company>{who}</Company></Properties>"
    )
    return {"docProps/core.xml": (head + core).encode(), "docProps/app.xml": (head + app).encode()}


def pack(content: bytes) -> Packed:
    """A part ready for `write_package`."""
    deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Packed(deflater.compress(content) + deflater.flush(), len(content), zlib.crc32(content))


def write_package(parts: Mapping[str, Packed]) -> bytes:
    """A .docx file of the parts; the same parts give the same bytes on every day.

    Raises:
        OverflowError: a part or the file beyond what a zip file without extensions can hold, 4 GB.
    """
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for part in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name)):
        packed, name = parts[part], part.encode()
        flags = 0 if part.isascii() else _UTF8
        common = (_VERSION, flags, _DEFLATED, 0, _DAY, packed.crc, len(packed.data), packed.size, len(name), 0)
        try:
            directory.append(_CENTRAL.pack(b"PK\1\2", _VERSION, *common, 0, 0, 0, 0, offset) + name)
            pieces += [_LOCAL.pack(b"PK\3\4", *common), name, packed.data]
        except struct.error as error:
            raise OverflowError(part) from error
        offset += _LOCAL.size + len(name) + len(packed.data)
    index = b"".join(directory)
    end = _END.pack(b"PK\5\6", 0, 0, len(directory), len(directory), len(index), offset, 0)
    return b"".join((*pieces, index, end))
