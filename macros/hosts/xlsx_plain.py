"""Take rows out of a worksheet part without an XML parser, where they are written as spreadsheets write them.

Only a block of whole rows in which every byte belongs to the few forms below is taken; anything else, well-formed or
not, is left to the parser. So what is read, and what is refused, is the same either way; plain rows are read in a
fifth of the time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.hosts import refuse
from macros.hosts.xlsx_values import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from macros.hosts.xlsx_gather import Gather
    from macros.records import Cell

_OPENING = b"<sheetData>"
_ROW_END = b"</row>"
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']+)""")
_LONGEST = 8 << 20  # bytes before the first row, or of one row, beyond which the parser is to judge

_ATTRIBUTES = rb'(?: [\w:.-]++="[^"<>&\x80-\xff]*+")*+'
_CELL_TAG = rb'<c r="[A-Z]{1,3}+[0-9]{1,7}+"(?: s="[0-9]{1,6}+")?+(?: t="[A-Za-z]{1,9}+")?+ ?+'
_CONTENT = (
    rb"(?:<f" + _ATTRIBUTES + rb"(?:/>|>[^<]*+</f>))?+"
    rb'(?:<v>[^<]++</v>|<is><t(?: xml:space="preserve")?+>[^<]*+</t></is>)?+'
)
_BLOCK = re.compile(
    rb'(?:<row r="[0-9]{1,7}+"' + _ATTRIBUTES
    + rb"(?:/>|>(?:" + _CELL_TAG + rb"(?:/>|>" + _CONTENT + rb"</c>))*+</row>))*+"
)
_ROW = re.compile(rb'<row r="([0-9]++)"([^>]*+)>')
_CELL = re.compile(
    rb'<c r="([A-Z]++)[0-9]++"(?: s="([0-9]++)")?+(?: t="([A-Za-z]++)")?+ ?+>(?:(<f[^>]*+>)(?:([^<]*+)</f>)?+)?+'
    rb"(?:<v>([^<]*+)|<is><t[^>]*+>([^<]*+))?+"
)
_NAME = re.compile(rb" ([\w:.-]++)=")
#: Characters by number are taken where no number is one that XML forbids: 160 to 54999 and 60000 to 65499.
_ENTITY = re.compile(
    rb"&(?:amp|lt|gt|quot|apos"
    rb"|#(?:1[6-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3}|[1-4][0-9]{4}|[56][0-4][0-9]{3}|65[0-4][0-9]{2}));"
)
_NUMBERED = re.compile("&#([0-9]+(?:;&#[0-9]+)*);")
#: Bytes no XML may hold, and carriage returns, which a parser turns into line feeds.
_USUAL = bytes(code for code in range(256) if code >= 32 or code in (9, 10))
_INLINE = b"inlineStr"
_MEMO = 1 << 16
#: The last must come last.
_SIGNS = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


def for_parser(chunks: Iterable[bytes], gather: Gather, part: str) -> Iterator[bytes]:
    """The part without its plain rows, which go to ``gather``; an empty piece stands for rows taken.

    Each piece must have been parsed before the next is asked for: the parser tells ``gather`` where the rows begin
    and end, and numbers them on.
    """
    source = iter(chunks)
    chunk: bytes | None
    head = b""
    while (at := head.find(_OPENING)) < 0:
        chunk = next(source, None)
        if chunk is None or len(head) > _LONGEST:
            yield head + (chunk or b"")
            yield from source
            return
        head += chunk
    at += len(_OPENING)
    yield head[:at]
    buffer = head[at:]
    encoding = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    taker = _Taker(gather, part)
    chunk = b""
    while gather.inside and chunk is not None and (not encoding or encoding[1].lower() == b"utf-8"):
        buffer += chunk
        cut = buffer.rfind(_ROW_END) + len(_ROW_END)
        if cut >= len(_ROW_END):
            block, buffer = buffer[:cut], buffer[cut:]
            if _plain(block):
                taker.take(block)
                yield b""
            else:
                yield block
                # After a comment or the like, what looks like rows may be none.
                if b"<!" in block or b"<?" in block:
                    break
        if len(buffer) > _LONGEST or b"</sheetData" in buffer or b"<!" in buffer or b"<?" in buffer:
            break
        chunk = next(source, None)
    yield buffer
    yield from source


def _plain(block: bytes) -> bool:
    """Whether every byte of a block of rows is of the forms known here."""
    if block.translate(None, _USUAL) or b"]]>" in block or b"\xef\xbf" in block:
        return False
    if b"&" in block and block.count(b"&") != len(_ENTITY.findall(block)):
        return False
    return _BLOCK.fullmatch(block) is not None


class _Taker:
    """Takes the cells of plain rows, remembering what equal ones held."""

    def __init__(self, gather: Gather, part: str) -> None:
        self.gather, self.part = gather, part
        self.known: dict[tuple[bytes, bytes, bytes], Cell] = {}
        self.columns: dict[bytes, int] = {}
        self.sound: set[bytes] = set()

    def take(self, block: bytes) -> None:
        """Hand the block's rows to ``gather``.

        Raises:
            Refused: a row or cell out of place, or a text that is not UTF-8 (WBK007); too many cells (WBK014).
        """
        gather, known, columns = self.gather, self.known, self.columns
        widest = gather.used_columns
        tags = list(_ROW.finditer(block))
        stops = [tag.start() for tag in tags[1:]]
        for tag, stop in zip(tags, [*stops, len(block)], strict=True):
            if tag[2] not in self.sound:
                self._check_names(tag[2] + b" r=")
                self.sound.add(tag[2])
            gather.begin(tag[1].decode())
            current: list[Cell] = []
            width = 0
            for letters, style, type_, formula, words, stored, inline in _CELL.findall(block, tag.end(), stop):
                column = columns.get(letters) or columns.setdefault(letters, gather.column(letters.decode()))
                raw = stored or inline
                if not raw and not formula:
                    continue
                key = (type_, style, raw)
                value = None if formula else known.get(key)
                if value is None:
                    if formula:
                        self._check_names(formula)
                    value = self._value(column, type_, style, words if formula else None, raw)
                    if not formula:
                        if len(known) >= _MEMO:
                            known.clear()  # cells are mostly like those just before
                        known[key] = value
                if width < column <= widest and value is not None:
                    if column > width + 1:
                        current += [None] * (column - width - 1)
                    current.append(value)
                    width = column
                else:
                    gather.put(current, column, value)
            gather.end(current)

    def _value(self, column: int, type_: bytes, style: bytes, formula: bytes | None, raw: bytes) -> Cell:
        if formula is None and type_ == _INLINE:
            return plain(self._text(raw)) or None
        how = (column, type_.decode() or None, style.decode() or None)
        if formula is None:
            return self.gather.value(*how, self._text(raw))
        return self.gather.calculated(*how, self._text(formula), self._text(raw))

    def _check_names(self, attributes: bytes) -> None:
        names = _NAME.findall(attributes)
        if len(set(names)) < len(names):
            raise self._unsound()

    def _text(self, raw: bytes) -> str:
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            raise self._unsound() from None
        if "&" in text:
            text = _NUMBERED.sub(lambda found: "".join(map(chr, map(int, found[1].split(";&#")))), text)
            for entity, sign in _SIGNS:
                text = text.replace(entity, sign)
        return text

    def _unsound(self) -> Exception:
        return refuse("WBK007", self.gather.package.name, reason=f"部件 {self.part} 不是合格的 XML")
