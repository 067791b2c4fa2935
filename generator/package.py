"""Opens a Word file as bytes nobody need trust."""

from __future__ import annotations

import io
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from lxml import etree

from generator.archive import CONTENT_TYPES
from macros.findings import Finding, finding
from macros.hosts import Refused
from macros.hosts.rawzip import RawZip

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Where every package says which part is the document.
_ROOT = "_rels/.rels"
#: A template of honest size stays far below these.
MAX_PARTS, MAX_BYTES = 2_000, 64 * 1024 * 1024
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: How files of the old format and files under a password begin.
_OLD = b"\xd0\xcf\x11\xe0"
_MACROS = ("vbaproject", "macroenabled", "vbadata", "activex")
_OUTSIDE = (
    "attachedTemplate", "oleObject", "aFChunk", "subDocument", "frame", "externalLinkPath", "control",
    "package",
)
_FIELDS = re.compile(r"\b(?:INCLUDETEXT|INCLUDEPICTURE|DDEAUTO|DDE|IMPORT|LINK|DATABASE|MACROBUTTON|RD)\b")
#: Steps of a name that stay inside the package, and no sign that ends a name for some readers.
_NAME = re.compile(r"(?!\.\.?(?:/|$))[^/\0]+(?:/(?!\.\.?(?:/|$))[^/\0]+)*/?")
_DROPPED = re.compile(
    r"(?:docProps/(?:custom|thumbnail)|word/(?:comments|people))[^/]*"
    r"|(?:customXml|docMetadata|userCustomization|word/glossary|word/webextensions)/.*"
)
#: Settings that name a data source of a mail merge, or hold values nobody sees.
_UNTOLD = (f"{W}mailMerge", f"{W}docVars")


def parser(*, deep: bool = False) -> etree.XMLParser:
    """A parser that reads nothing but the bytes it is given; ``deep`` for text already known to be sound.

    Comments and instructions of the XML are left out: no page shows them, and they are no elements.
    """
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=deep, remove_comments=True, remove_pis=True,
    )


def read_package(data: bytes, name: str) -> tuple[dict[str, bytes], list[Finding]]:
    """The parts of a .docx file, or the one reason it is refused.

    Review comments, custom properties and other data that no page shows are left out, so that they never reach a
    customer.

    Args:
        data: the file.
        name: its file name, for its suffix and for findings.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in (".docm", ".dotm"):
        return {}, [finding("DOC003", workbook=name)]
    if suffix != ".docx":
        return {}, [finding("DOC002", workbook=name, why=f"扩展名是“{suffix}”")]
    if data.startswith(_OLD):
        return {}, [finding("DOC002", workbook=name, why="这是旧版.doc格式，或设了打开密码")]
    try:
        package = RawZip(io.BytesIO(data), name)
        refused = _unfit(package, name)
        if refused:
            return {}, [refused]
        parts = {part: package.read(part) for part in package.members if not part.endswith("/")}
    except Refused as harm:
        return {}, [_told(harm, name)]
    if CONTENT_TYPES not in parts or _ROOT not in parts:
        return {}, [finding("DOC002", workbook=name, why="缺少Word文档的部件")]
    if _has_macros(parts):
        return {}, [finding("DOC003", workbook=name)]
    for part, content in parts.items():
        if part.endswith((".xml", ".rels")):
            refused = _refused_part(part, content, name)
            if refused:
                return {}, [refused]
    if _document(parts[_ROOT]) not in parts:
        return {}, [finding("DOC002", workbook=name, why="缺少Word文档的部件")]
    return _without(parts), []


def _told(harm: Refused, name: str) -> Finding:
    """What a damaged package, or one that swells, means for a template."""
    if harm.finding.code == "WBK010":
        return _too_large(name)
    why = {"WBK012": "有重名部件", "WBK005": "设了打开密码"}.get(harm.finding.code, "压缩包不完整或已损坏")
    return finding("DOC002", workbook=name, why=why)


def _document(relations: bytes) -> str:
    """The part that the package calls its document; empty when it calls none so."""
    for relation in etree.fromstring(relations, parser()):
        if relation.get("Type", "").endswith("/officeDocument"):
            return target_of(PurePosixPath(), relation.get("Target", ""))
    return ""


def _unfit(package: RawZip, name: str) -> Finding | None:
    """Why a package is none to unpack: too large, or with names that lead elsewhere."""
    members = package.members.values()
    if len(members) > MAX_PARTS or sum(each.inflated for each in members) > MAX_BYTES:
        return _too_large(name)
    if any(b"\\" in each.raw_name or not _NAME.fullmatch(each.name) for each in members):
        return finding("DOC002", workbook=name, why="部件名不合规")
    return None


def _too_large(name: str) -> Finding:
    return finding("DOC007", workbook=name, limit=MAX_BYTES // 1024 // 1024)


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
    """The parts without review comments and custom data, without what points to them, and without comments of XML."""
    dropped = {part for part in parts if _DROPPED.fullmatch(part)}
    kept = {part: _uncommented(part, content) for part, content in parts.items() if part not in dropped}
    for part, content in kept.items():
        if part == CONTENT_TYPES:
            kept[part] = _filtered(content, lambda node: node.get("PartName", "").lstrip("/") in dropped)
        elif part.endswith(".rels"):
            base = PurePosixPath(part).parent.parent
            kept[part] = _filtered(content, lambda node, base=base: target_of(base, node.get("Target", "")) in dropped)
        elif part == "word/settings.xml":
            kept[part] = _filtered(content, lambda node: node.tag in _UNTOLD)
        elif b"omment" in content and part.startswith("word/") and part.endswith(".xml"):
            kept[part] = _filtered(content, lambda node: str(node.tag).startswith(f"{W}comment"))
    return kept


def target_of(base: PurePosixPath, target: str) -> str:
    """The part that a relation's target names, seen from the folder ``base``."""
    steps: list[str] = []
    for step in (target.lstrip("/") if target.startswith("/") else str(base / target)).split("/"):
        if step == ".." and steps:
            steps.pop()
        elif step not in (".", ""):
            steps.append(step)
    return "/".join(steps)


def _uncommented(part: str, content: bytes) -> bytes:
    told = b"<!--" in content or content.count(b"<?") > 1
    return to_bytes(etree.fromstring(content, parser())) if told and part.endswith((".xml", ".rels")) else content


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
