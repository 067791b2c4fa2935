"""Cut a worksheet part's bytes into head, whole rows and tail, and rows into cells, without parsing values.

In well-formed XML a ``<`` begins markup wherever it stands, so tags can be found by searching bytes as long as
there is no comment, CDATA section or instruction among the rows; a part that has one is refused.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal, NamedTuple

from macros.hosts import refuse
from macros.hosts.areas import column_number
from macros.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Piece = Literal["head", "rows", "tail"]

_ATTRIBUTES = rb"""((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*"""
_DATA = pattern(rb"<((?:[\w.-]+:)?)sheetData" + _ATTRIBUTES + rb"(/?)>")
_ENCODING = pattern(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']+)""")


class Tags(NamedTuple):
    """Patterns for one namespace prefix (with its colon, or empty)."""

    prefix: bytes
    row: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    formula: re.Pattern[bytes]

    def named(self, name: bytes) -> bytes:
        """An element name with the prefix."""
        return self.prefix + name


@cache
def tags(prefix: bytes) -> Tags:
    """The patterns for a prefix."""
    cell = re.escape(prefix + b"c")
    return Tags(
        prefix,
        re.compile(b"<" + re.escape(prefix + b"row") + rb"(?=[\s/>])" + _ATTRIBUTES + b"(/?)>"),
        re.compile(b"<" + cell + rb"(?=[\s/>])" + _ATTRIBUTES + b"(?:/>|>(.*?)</" + cell + rb"\s*>)", re.DOTALL),
        re.compile(b"<" + re.escape(prefix + b"f") + rb"(?=[\s/>])" + _ATTRIBUTES + b"/?>"),
    )


@cache
def _attribute_pattern(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"\s" + name + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def attribute(attributes: bytes, name: bytes) -> bytes | None:
    """An attribute's raw value out of a tag's attribute bytes."""
    match = _attribute_pattern(name).search(attributes)
    if match is None:
        return None
    return match[1] if match[1] is not None else match[2]


def split(chunks: Iterable[bytes], workbook: str) -> Iterator[tuple[Piece, bytes, Tags]]:
    """Head (up to and with the opening ``sheetData``), blocks of whole rows, and tail (from its closing).

    Raises:
        Refused: not in UTF-8, or with comments among the rows (WBK044); no rows' place (WBK007).
    """
    source = iter(chunks)
    buffer = b""
    opened = None
    while opened is None:
        chunk = next(source, None)
        if chunk is None:
            raise refuse("WBK007", workbook, reason="工作表部件没有数据区")
        buffer += chunk
        opened = _DATA.search(buffer)
    declared = _ENCODING.match(buffer.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        raise refuse("WBK044", workbook, reason="工作表不是 UTF-8 编码")
    found = tags(opened[1])
    closing = b"</" + found.named(b"sheetData")
    head = buffer[: opened.end()]
    buffer = buffer[opened.end() :]
    if opened[3]:
        head = head[:-2].rstrip() + b">"
        buffer = closing + b">" + buffer
    yield "head", head, found
    row_end = b"</" + found.named(b"row") + b">"
    searched = 0
    while (at := buffer.find(closing, max(0, searched - len(closing)))) < 0:
        searched = len(buffer)
        cut = buffer.rfind(row_end) + len(row_end)
        if cut >= len(row_end):
            yield "rows", _sound(buffer[:cut], workbook), found
            buffer, searched = buffer[cut:], searched - cut
        chunk = next(source, None)
        if chunk is None:
            raise refuse("WBK007", workbook, reason="工作表部件不完整")
        buffer += chunk
    if at:
        yield "rows", _sound(buffer[:at], workbook), found
    yield "tail", buffer[at:] + b"".join(source), found


def _sound(block: bytes, workbook: str) -> bytes:
    # One byte is looked for many times faster than two.
    if (b"!" in block and b"<!" in block) or (b"?" in block and b"<?" in block):
        raise refuse("WBK044", workbook, reason="数据行之间有注释或 CDATA")
    return block


class RowSpan(NamedTuple):
    """One row inside a block: its number, its attributes and where its tag and it end."""

    number: int
    start: int
    attributes: bytes
    body: int
    stop: int


def row_spans(block: bytes, found: Tags, previous: int, workbook: str) -> list[RowSpan]:
    """The rows of a block, numbered on from ``previous`` where they carry no number of their own.

    Raises:
        Refused: rows out of order (WBK007).
    """
    spans = []
    matches = list(found.row.finditer(block))
    for match, after in zip_longest(matches, matches[1:]):
        stop = after.start() if after else len(block)
        given = attribute(match[1], b"r")
        number = int(given) if given is not None and given.isdigit() and len(given) < 9 else previous + 1
        if number <= previous:
            raise refuse("WBK007", workbook, reason=f"行号 {number} 重复或乱序")
        spans.append(RowSpan(number, match.start(), match[1], match.end(), stop))
        previous = number
    return spans


def last_row(block: bytes, found: Tags) -> int | None:
    """The number of a block's last row, without looking at the others; None where it carries none of its own."""
    match = found.row.match(block, max(block.rfind(b"<" + found.named(b"row")), 0))
    given = attribute(match[1], b"r") if match else None
    return int(given) if given is not None and given.isdigit() and len(given) < 9 else None


class CellSpan(NamedTuple):
    """One cell inside a row's bytes: column, style number, place, and its content between the tags."""

    column: int
    style: int
    start: int
    stop: int
    inner: bytes


def cell_spans(row: bytes, found: Tags) -> list[CellSpan]:
    """The cells of a row's bytes in their order."""
    spans = []
    column = 0
    for match in found.cell.finditer(row):
        address = attribute(match[1], b"r")
        column = column_number(address.rstrip(b"0123456789").decode()) if address else column + 1
        style = attribute(match[1], b"s")
        number = int(style) if style is not None and style.isdigit() and len(style) < 9 else 0
        spans.append(CellSpan(column, number, match.start(), match.end(), match[2] or b""))
    return spans
