"""Enters new sheets in the parts that list what a workbook has; each returns the part's bytes with no other change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from macros.hosts import refuse
from macros.hosts.xlsx_rows import attribute
from macros.hosts.xml_parts import tree
from macros.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ATTRIBUTES = rb"""((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*"""
_SHEETS = pattern(rb"<((?:[\w.-]+:)?)sheets(?=[\s>])[^>]*>(.*?)</\1sheets\s*>", re.DOTALL)
_SHEET = pattern(rb"<(?:[\w.-]+:)?sheet(?=\s)" + _ATTRIBUTES + rb"(?:/>|>\s*</(?:[\w.-]+:)?sheet\s*>)")
_NAMES_END = pattern(rb"</(?:[\w.-]+:)?definedNames\s*>")
#: What stands before the names where a workbook has none.
_BEFORE_NAMES = pattern(rb"</(?:[\w.-]+:)?(?:sheets|functionGroups|externalReferences)\s*>")
#: Numbers that count sheets from the first: names of one sheet, and what each window shows.
_COUNTING = (
    pattern(rb"""(<(?:[\w.-]+:)?definedName\s[^>]*?\slocalSheetId\s*=\s*["']|"""
            rb"""<(?:[\w.-]+:)?definedName\slocalSheetId\s*=\s*["'])(\d+)"""),
    pattern(rb"""(<(?:[\w.-]+:)?workbookView\s[^>]*?\bactiveTab\s*=\s*["'])(\d+)"""),
    pattern(rb"""(<(?:[\w.-]+:)?workbookView\s[^>]*?\bfirstSheet\s*=\s*["'])(\d+)"""),
)


class Name(NamedTuple):
    """A defined name of one sheet, such as what is printed of it."""

    name: str
    text: str


def titles(workbook: str, main: bytes) -> list[str]:
    """The titles of all sheets in their order, of charts too.

    Raises:
        Refused: the list cannot be read so surely that adding to it is safe, or the workbook's structure is
            protected (WBK044).
    """
    root = tree([main], workbook, "workbook")
    if any(node.get("lockStructure") in ("1", "true") for node in root.walk("workbookProtection")):
        raise refuse("WBK044", workbook, reason="工作簿的结构受保护，不能添加工作表")
    read = [node.get("name") for node in root.walk("sheet")]
    found = _SHEETS.search(main)
    if found is None or len(_SHEET.findall(found[2])) != len(read):
        raise refuse("WBK044", workbook, reason="工作表目录的写法不同寻常，不能添加工作表")
    return read


def with_sheet(main: bytes, place: int, title: str, relation: str, names: Iterable[Name], *, hidden: bool) -> bytes:
    """The workbook part with one sheet more, ``place`` of the others before it, and the names that belong to it."""
    found = _SHEETS.search(main)
    assert found is not None
    sheets = list(_SHEET.finditer(found[2]))
    number = 1 + max(int(attribute(one[1], b"sheetId") or 0) for one in sheets)
    state = ' state="hidden"' if hidden else ""
    prefix = found[1].decode()
    made = f'<{prefix}sheet xmlns:r="{_R}" name={quoteattr(title)} sheetId="{number}"{state} r:id="{relation}"/>'
    at = found.start(2) + sheets[place - 1].end()
    main = main[:at] + _coded(made) + main[at:]
    for counting in _COUNTING:
        main = counting.sub(lambda one: one[1] + b"%d" % (int(one[2]) + (int(one[2]) >= place)), main)
    return _with_names(main, prefix, place, names)


def _with_names(main: bytes, prefix: str, place: int, names: Iterable[Name]) -> bytes:
    full = f"{prefix}definedName"
    made = "".join(
        f'<{full} name={quoteattr(one.name)} localSheetId="{place}">{escape(one.text)}</{full}>' for one in names
    )
    if not made:
        return main
    end = _NAMES_END.search(main)
    if end:
        return main[: end.start()] + _coded(made) + main[end.start() :]
    at = max(one.end() for one in _BEFORE_NAMES.finditer(main))
    return main[:at] + _coded(f"<{prefix}definedNames>{made}</{prefix}definedNames>") + main[at:]


def with_relation(relations: bytes, kind: str, target: str) -> tuple[bytes, str]:
    """The workbook's relations with one more, and its id."""
    taken = set(re.findall(rb"""\sId\s*=\s*["']([^"']*)""", relations))
    number = next(n for n in range(1, len(taken) + 2) if b"rId%d" % n not in taken)
    end = re.search(rb"</((?:[\w.-]+:)?)Relationships\s*>", relations)
    assert end is not None
    made = f'<{end[1].decode()}Relationship Id="rId{number}" Type="{_R}/{kind}" Target="{target}"/>'
    return relations[: end.start()] + _coded(made) + relations[end.start() :], f"rId{number}"


def with_types(types: bytes, parts: Mapping[str, str], endings: Mapping[str, str]) -> bytes:
    """The list of what each part is, with more: by part name, and by the ending of names where it is missing."""
    end = re.search(rb"</((?:[\w.-]+:)?)Types\s*>", types)
    assert end is not None
    known = {one.lower() for one in re.findall(rb"""\sExtension\s*=\s*["']([^"']*)""", types)}
    prefix = end[1].decode()
    made = "".join(
        f'<{prefix}Default Extension="{ending}" ContentType="{kind}"/>'
        for ending, kind in endings.items() if ending.encode() not in known
    )
    made += "".join(f'<{prefix}Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in parts.items())
    return types[: end.start()] + _coded(made) + types[end.start() :]


def _coded(text: str) -> bytes:
    """Markup as bytes that mean the same in every encoding these parts come in."""
    return text.encode("ascii", "xmlcharrefreplace")
