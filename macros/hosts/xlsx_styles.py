"""Add cell styles to a styles part without renumbering or rewriting those there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.hosts import refuse
from macros.hosts.limits import number_format
from macros.hosts.number_formats import MOMENTS
from macros.hosts.xlsx_rows import attribute
from macros.patterns import pattern

if TYPE_CHECKING:
    from macros.hosts.number_formats import Kind

_SECTION = {
    name: pattern(
        rb"<((?:[\w.-]+:)?)" + name + rb"(?=[\s/>])([^>]*?)(?:/>|>(.*?)</(?:[\w.-]+:)?" + name + rb"\s*>)", re.DOTALL
    )
    for name in (b"numFmts", b"cellXfs")
}
_ITEM = {
    b"numFmts": pattern(rb"<(?:[\w.-]+:)?numFmt(?=[\s/>])([^>]*)>"),
    b"cellXfs": pattern(
        rb"<(?:[\w.-]+:)?xf(?=[\s/>])(?:[^>]*?/>|.*?</(?:[\w.-]+:)?xf\s*>)", re.DOTALL
    ),
}
_ROOT = pattern(rb"<((?:[\w.-]+:)?)styleSheet[^>]*>")
_AS_TEXT = b"49"  # the built-in format @


class Styles:
    """The styles part as bytes, growing; ``dirty`` once it has."""

    def __init__(self, workbook: str, xml: bytes | None, kinds: list[Kind]) -> None:
        self.workbook = workbook
        self.xml = xml
        self.kinds = list(kinds)
        self.dirty = False
        self._variants: dict[tuple[int, str], int] = {}

    def variant(self, style: int, want: str) -> int:
        """A style like ``style`` that shows a ``date``, ``moment`` or ``time``, or guards ``text``.

        A style that already shows a day or a time keeps the user's own format.

        Raises:
            Refused: the workbook has no styles to add a date's to (WBK044).
        """
        key = (style, want)
        if key not in self._variants:
            self._variants[key] = self._make(style, want)
        return self._variants[key]

    def _make(self, style: int, want: str) -> int:
        if want != "text" and style < len(self.kinds) and self.kinds[style] in MOMENTS:
            return style
        section = _SECTION[b"cellXfs"].search(self.xml or b"")
        items = _ITEM[b"cellXfs"].findall(section[3] or b"") if section else []
        if style >= len(items):
            if want == "text":
                return style  # only a guard for retyping; the text itself is safe
            raise refuse("WBK044", self.workbook, reason="样式表缺失或样式编号不存在，日期无法带格式写入")
        item: bytes = items[style]
        if want == "text":
            if attribute(item, b"quotePrefix") in (b"1", b"true") or attribute(item, b"numFmtId") == _AS_TEXT:
                return style
            item = _with(item, b"quotePrefix", b"1")
        else:
            item = _with(item, b"numFmtId", b"%d" % self._format(number_format(want)))
            item = _with(item, b"applyNumberFormat", b"1")
        self._append(b"cellXfs", item)
        self.kinds.append("" if want == "text" else "date")
        if want == "text" and style < len(self.kinds):
            self.kinds[-1] = self.kinds[style]
        return len(items)

    def _format(self, code: str) -> int:
        """The id of a number format, added where missing."""
        section = _SECTION[b"numFmts"].search(self.xml or b"")
        known = _ITEM[b"numFmts"].findall(section[3] or b"") if section else []
        ids = [163]
        for item in known:
            number = int(attribute(item, b"numFmtId") or b"0")
            if attribute(item, b"formatCode") == code.encode():
                return number
            ids.append(number)
        new = max(ids) + 1
        prefix = section[1] if section else self._root()[1]
        item = b'<%snumFmt numFmtId="%d" formatCode="%s"/>' % (prefix, new, code.encode())
        if section and section[3]:
            self._append(b"numFmts", item)
            return new
        xml = self.xml or b""
        block = b'<%snumFmts count="1">%s</%snumFmts>' % (prefix, item, prefix)
        at = (section.start(), section.end()) if section else (self._root().end(),) * 2
        self.xml = xml[: at[0]] + block + xml[at[1] :]
        return new

    def _root(self) -> re.Match[bytes]:
        root = _ROOT.search(self.xml or b"")
        if root is None:
            raise refuse("WBK007", self.workbook, reason="样式部件损坏")
        return root

    def _append(self, name: bytes, item: bytes) -> None:
        xml = self.xml or b""
        section = _SECTION[name].search(xml)
        if section is None:
            raise refuse("WBK007", self.workbook, reason="样式部件损坏")
        count = len(_ITEM[name].findall(section[3])) + 1
        attributes = re.sub(rb"""\s+count\s*=\s*["']\d*["']""", b"", section[2]) + b' count="%d"' % count
        opening = b"<" + section[1] + name + attributes + b">"
        self.xml = xml[: section.start()] + opening + section[3] + item + xml[section.end(3) :]
        self.dirty = True


def _with(item: bytes, name: bytes, value: bytes) -> bytes:
    """An element with one attribute set."""
    opening, rest = item[: item.index(b">")], item[item.index(b">") :]
    opening = re.sub(rb"\s+" + name + rb"""\s*=\s*(?:"[^"]*"|'[^']*')""", b"", opening)
    end = len(opening) - opening.endswith(b"/")
    return opening[:end].rstrip() + b" " + name + b'="' + value + b'"' + opening[end:] + rest
