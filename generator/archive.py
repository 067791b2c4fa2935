"""Writes a Word file from its parts: the same parts, the same bytes on every day."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

from macros.escaping import escape

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

CONTENT_TYPES = "[Content_Types].xml"
CORE, APP = "docProps/core.xml", "docProps/app.xml"
#: 1 January 1980 in a zip entry: the day every part is from, so that no clock shows in the file.
_DAY = 1 << 5 | 1
_LOCAL, _CENTRAL = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_DEFLATED, _STORED, _UTF8, _VERSION = 8, 0, 0x800, 20


class Packed(NamedTuple):
    """A part as a zip file holds it, made once for all the files it goes into."""

    data: bytes
    size: int
    crc: int
    method: int = _DEFLATED


class Bundle(NamedTuple):
    """Parts laid out as a file begins with them: their bytes, their lines of the directory, how many they are."""

    data: bytes
    directory: bytes
    parts: int


_EMPTY = Bundle(b"", b"", 0)


def pack(content: bytes) -> Packed:
    """A part as small as it gets, for parts that are packed once."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Packed(deflater.compress(content) + deflater.flush(), len(content), zlib.crc32(content))


def as_it_is(content: bytes) -> Packed:
    """A part as it is: for one of a few lines, deflating costs more than it saves."""
    return Packed(content, len(content), zlib.crc32(content), _STORED)


def bundle(parts: Mapping[str, Packed], before: Bundle = _EMPTY) -> Bundle:
    """Parts in the order of their names, the list of types first, after those laid out before.

    Raises:
        OverflowError: a part or the file beyond what a zip file without extensions can hold, 4 GB.
    """
    pieces, directory = [before.data], [before.directory]
    offset = len(before.data)
    for part in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name)):
        packed, name = parts[part], part.encode()
        flags = 0 if part.isascii() else _UTF8
        common = (_VERSION, flags, packed.method, 0, _DAY, packed.crc, len(packed.data), packed.size, len(name), 0)
        try:
            directory += [_CENTRAL.pack(b"PK\1\2", _VERSION, *common, 0, 0, 0, 0, offset), name]
            pieces += [_LOCAL.pack(b"PK\3\4", *common), name, packed.data]
        except struct.error as error:
            raise OverflowError(part) from error
        offset += _LOCAL.size + len(name) + len(packed.data)
    return Bundle(b"".join(pieces), b"".join(directory), before.parts + len(parts))


def finished(laid: Bundle) -> bytes:
    """The whole file of the parts laid out.

    Raises:
        OverflowError: more than 4 GB.
    """
    try:
        end = _END.pack(b"PK\5\6", 0, 0, laid.parts, laid.parts, len(laid.directory), len(laid.data), 0)
    except struct.error as error:
        raise OverflowError(len(laid.data)) from error
    return b"".join((laid.data, laid.directory, end))


def properties(title: str, company: str, day: dt.date) -> dict[str, bytes]:
    """The document properties of a finished paper: the company as author, no person, no remarks, no program."""
    stamp = f"{day.isoformat()}T00:00:00Z"
    who, what = escape(company), escape(title)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{what}</dc:title><dc:creator>{who}</dc:creator><dc:language>zh-CN</dc:language>"
        f"<cp:lastModifiedBy>{who}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified></cp:coreProperties>'
    )
    app = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Company>{who}</Company></Properties>"
    )
    return {CORE: (head + core).encode(), APP: (head + app).encode()}
