"""Takes the looks of cells drawn in one workbook over into the styles part of another, which keeps all it has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.hosts import refuse
from macros.hosts.xlsx_rows import attribute
from macros.hosts.xml_parts import outline
from macros.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable

_NAMESPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROOT = pattern(rb"<((?:[\w.-]+:)?)styleSheet(?=[\s>])[^>]*>")
#: The lists of a styles part that a cell's or a condition's looks are made of, with the name of their items.
_ITEMS = {
    b"numFmts": b"numFmt", b"fonts": b"font", b"fills": b"fill", b"borders": b"border", b"cellXfs": b"xf",
    b"dxfs": b"dxf",
}
#: The parts of a cell's looks: the attribute that numbers one, and its list.
_PARTS = {b"fontId": b"fonts", b"fillId": b"fills", b"borderId": b"borders"}
_FIRST_OWN_FORMAT = 164
#: A list that is missing stands behind the first of these that is there; what is empty stands for the root's start.
_BEHIND = {b"numFmts": (b"",), b"dxfs": (b"cellStyles", b"cellXfs")}


class Looks:
    """The styles of a workbook, growing by those of a drawn one.

    Raises:
        Refused: the styles cannot be read so surely that adding to them is safe (WBK044).
    """

    def __init__(self, workbook: str, xml: bytes, drawn: bytes) -> None:
        self._workbook, self._xml = workbook, xml
        root = _ROOT.search(xml)
        if root is None or _NAMESPACE not in root[0]:
            raise self._unsure()
        self._prefix: bytes = root[1]
        self._drawn = {name: _items(drawn, b"", name) for name in _ITEMS}
        self._known = {name: _items(xml, self._prefix, name) for name in _ITEMS}
        self._added: dict[bytes, list[bytes]] = {name: [] for name in _ITEMS}
        counted = outline([xml], workbook, "styles", tuple(name.decode() for pair in _ITEMS.items() for name in pair))
        for name, item in _ITEMS.items():
            lists = [node for node in counted.children if node.name == name.decode()]
            found = sum(child.name == item.decode() for node in lists for child in node.children)
            if found != len(self._known[name]):
                raise self._unsure()

    def cell(self, number: int) -> int:
        """The number here of a drawn cell's looks."""
        item = self._drawn[b"cellXfs"][number]
        for part, name in _PARTS.items():
            item = _renumbered(item, part, lambda old, name=name: self._put(name, self._drawn[name][old]))  # type: ignore[misc]
        item = _renumbered(item, b"numFmtId", self._format)
        return self._put(b"cellXfs", _renumbered(item, b"xfId", lambda _: 0))

    def condition(self, number: int) -> int:
        """The number here of the looks that a drawn condition gives."""
        return self._put(b"dxfs", self._drawn[b"dxfs"][number])

    def xml(self) -> bytes:
        """The styles part with what was added."""
        xml = self._xml
        for name, items in self._added.items():
            if items:
                xml = self._with(xml, name, items)
        return xml

    def _put(self, name: bytes, item: bytes) -> int:
        present = [*self._known[name], *self._added[name]]
        if item in present:
            return present.index(item)
        self._added[name].append(item)
        return len(present)

    def _format(self, number: int) -> int:
        """The number here of a drawn number format; those every workbook has stay."""
        if number < _FIRST_OWN_FORMAT:
            return number
        drawn = {attribute(item, b"numFmtId"): item for item in self._drawn[b"numFmts"]}[b"%d" % number]
        present = [*self._known[b"numFmts"], *self._added[b"numFmts"]]
        ids = {attribute(item, b"formatCode"): int(attribute(item, b"numFmtId") or 0) for item in present}
        code = attribute(drawn, b"formatCode")
        if code not in ids:
            ids[code] = max([_FIRST_OWN_FORMAT - 1, *ids.values()]) + 1
            self._added[b"numFmts"].append(_renumbered(drawn, b"numFmtId", lambda _: ids[code]))
        return ids[code]

    def _with(self, xml: bytes, name: bytes, items: list[bytes]) -> bytes:
        """The part with items added at the end of one of its lists."""
        made = b"".join(self._at_home(item) for item in items)
        section = _section(xml, self._prefix, name)
        count = len(self._known[name]) + len(items)
        if section is None:
            at = self._behind(xml, _BEHIND.get(name, ()))
            full = self._prefix + name
            return xml[:at] + b'<%s count="%d">%s</%s>' % (full, count, made, full) + xml[at:]
        attributes = re.sub(rb"""\s+count\s*=\s*["']\d*["']""", b"", section[1]) + b' count="%d"' % count
        full = self._prefix + name
        whole = b"<%s%s>%s%s</%s>" % (full, attributes, section[2] or b"", made, full)
        return xml[: section.start()] + whole + xml[section.end() :]

    def _at_home(self, item: bytes) -> bytes:
        """A drawn item, which has no prefix, where the others may have one."""
        if not self._prefix:
            return item
        head = re.match(rb"<[\w]+", item)
        assert head is not None
        return head[0] + b' xmlns="' + _NAMESPACE + b'"' + item[head.end() :]

    def _behind(self, xml: bytes, names: tuple[bytes, ...]) -> int:
        for name in names:
            found = _section(xml, self._prefix, name) if name else _ROOT.search(xml)
            if found:
                return found.end()
        raise self._unsure()

    def _unsure(self) -> Exception:
        return refuse("WBK044", self._workbook, reason="样式表的写法不同寻常，添加的工作表无法带格式")


def _section(xml: bytes, prefix: bytes, name: bytes) -> re.Match[bytes] | None:
    """A list of the styles part: its attributes, and its content where it has one."""
    full = re.escape(prefix + name)
    return re.search(rb"<" + full + rb"(?=[\s/>])([^>]*?)(?:/>|>(.*?)</" + full + rb"\s*>)", xml, re.DOTALL)


def _items(xml: bytes, prefix: bytes, name: bytes) -> list[bytes]:
    """The items of one list, each as its bytes."""
    section = _section(xml, prefix, name)
    full = re.escape(prefix + _ITEMS[name])
    item = rb"<" + full + rb"(?=[\s/>])(?:[^>]*?/>|.*?</" + full + rb"\s*>)"
    return re.findall(item, section[2] or b"", re.DOTALL) if section else []


def _renumbered(item: bytes, name: bytes, new: Callable[[int], int]) -> bytes:
    """An element with the number in one of its attributes, which we wrote, replaced."""
    return re.sub(rb"(\s%s=\")(\d+)" % name, lambda found: found[1] + b"%d" % new(int(found[2])), item, count=1)
