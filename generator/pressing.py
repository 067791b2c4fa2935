"""Runs a compiled part: values in, a deflated part out. No XML is parsed and no large text is ever built."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from isal import isal_zlib

from generator.archive import Packed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import CodeType

    from generator.printed import Printed

#: Pieces that a compiled loop hands over at a time, fixed and filled in turn: some 25 rows of ten columns. What is made
#: of them stays in the processor's cache until it is deflated; eight times as much takes twice as long.
BATCH = 512
#: What a value's line break becomes; every value of a compiled part stands in a text element.
BREAK = b'</w:t><w:br/><w:t xml:space="preserve">'
#: Bytes no XML text can hold; NUL parts the values and is looked for by counting them.
_MARKUP = re.compile(rb"<[^>]*>")
_NOT_XML = bytes({*range(1, 32)} - {*b"\t\n\r"})
_LAST = b"\xef\xbf"  # the last 64 characters of the basic plane; the two at its end are none
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
#: isal is fastest on a page; zlib-ng makes a long table half as large in the time.
_PAGE, _TABLE = 1, 5
_RAW = -15


class Unwritable(ValueError):
    """A value holds a sign that no Word file can."""


class Oversized(ValueError):
    """The part grew beyond the limit it was given."""


class Program(NamedTuple):
    """A part of a template as a Python function over the context, and the fixed pieces it strings together.

    The function yields lists of fixed pieces and values in turn: bytes, text, bytes, text …
    """

    code: CodeType
    fixed: tuple[bytes, ...]

    def run(self) -> Callable[[Mapping[str, Printed]], Iterator[list[bytes | str]]]:
        """The function itself, ready to call."""
        made: dict[str, object] = {f"S{number}": piece for number, piece in enumerate(self.fixed)}
        exec(self.code, made)
        return made["fill"]  # type: ignore[return-value]


def pieces(
    fill: Callable[[Mapping[str, Printed]], Iterator[list[bytes | str]]], context: Mapping[str, Printed],
    seen: list[str], limit: int,
) -> Iterator[bytes]:
    """A part's content, some rows at a time; every value printed is noted in ``seen``, NUL between two.

    All values of a piece are made fit for XML in one go, which costs a tenth of doing it one by one.

    Raises:
        Oversized: the values have more than ``limit`` characters in all.
        Unwritable: a value holds a control sign or half a surrogate pair.
        KeyError, TypeError: the context lacks what the template prints.
    """
    size = 0
    for out in fill(context):
        values: list[str] = out[1::2]  # type: ignore[assignment]
        text = "\0".join(values)
        size += len(text)
        if size > limit:
            raise Oversized
        seen.append(text)
        out[1::2] = _in_xml(text, len(values))
        yield b"".join(out)  # type: ignore[arg-type]


def _in_xml(text: str, count: int) -> list[bytes]:
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise Unwritable from error
    if len(data.translate(None, _NOT_XML)) < len(data):
        raise Unwritable
    if _LAST in data and any(sign in data for sign in _NONCHARACTERS):
        raise Unwritable
    data = data.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;").replace(b"\n", BREAK)
    made = data.split(b"\0")
    if len(made) != count:
        raise Unwritable
    return made


def text_of(content: bytes) -> str:
    """The words of a part, without its markup."""
    from html import unescape  # few papers are searched for words

    return unescape(_MARKUP.sub(b"", content).decode())


def deflated(content: Iterable[bytes], limit: int) -> Packed:
    """A part of its pieces.

    Raises:
        Oversized: more than ``limit`` bytes of content.
    """
    each = iter(content)
    first, second = next(each, b""), next(each, None)
    if second is None:
        if len(first) > limit:
            raise Oversized
        return Packed(isal_zlib.compress(first, _PAGE, _RAW), len(first), isal_zlib.crc32(first))
    from zlib_ng import zlib_ng  # short papers are one piece

    deflater = zlib_ng.compressobj(_TABLE, zlib_ng.DEFLATED, _RAW)
    made, size, crc = [], 0, 0
    for piece in chain((first, second), each):
        size += len(piece)
        if size > limit:
            raise Oversized
        crc = isal_zlib.crc32(piece, crc)
        made.append(deflater.compress(piece))
    made.append(deflater.flush())
    return Packed(b"".join(made), size, crc)
