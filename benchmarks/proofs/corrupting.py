"""Corrupts office files with knowledge of how they are made: the container's bytes, its directory, the XML within."""

# ruff: noqa: E501 - tables of bytes
from __future__ import annotations

import io
import re
import struct
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_TAG = re.compile(rb"<[^<>]+>")
_VALUE = re.compile(rb'="([^"<>]*)"')
_TEXT = re.compile(rb">([^<>]+)<")
_SIGNATURES = (b"PK\1\2", b"PK\3\4", b"PK\5\6")
#: What stands in a part's attribute or text to do harm.
POISON = (
    b"", b"0", b"-1", b"1", b"99999999999999999999", b"1e999", b"nan", b"4294967296", b"XFD1048577", b"A0", b"A1:XFD1048576",
    b"../../../etc/passwd", b"/etc/passwd", b"file:///etc/passwd", b"\\\\evil\\share", b"&amp;lt;", b"&#0;", b"&#xFFFF;", b"\xff\xfe",
    b"\x00", b"]]>", b"=cmd|'/c calc'!A0", "\u202e".encode(), b"_x0000_", b"a" * 40_000, b"true", b"inlineStr", b"s", b"e", b"d", b"Z9",
)
_INSERTED = (
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<!-- x -->", b"<![CDATA[x]]>", b"<?x y?>", b"&a;", b"&lt;", b"<x/>", b"</x>", b"<" * 50,
    b"<a>" * 3_000, b"<!ENTITY % p SYSTEM 'file:///etc/passwd'>", b'<row r="1"/>', b'<c r="A1"><v>9</v></c>', b"\x00", b"\xed\xa0\x80",
)


def container(data: bytes, dice: random.Random) -> tuple[str, bytes]:
    """Hurt the file's bytes as they lie: every member's checksum stays what it was."""
    name = dice.choice(sorted(CONTAINER))
    return name, CONTAINER[name](data, dice)


def content(data: bytes, dice: random.Random) -> tuple[str, bytes]:
    """Hurt a part's XML and pack it again: every checksum is right."""
    name = dice.choice(sorted(CONTENT))
    return name, _repacked(data, dice, CONTENT[name])


def structure(data: bytes, dice: random.Random) -> tuple[str, bytes]:
    """Take parts away, put them in twice or under other names."""
    name = dice.choice(sorted(STRUCTURE))
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = [(info.filename, old.read(info)) for info in old.infolist()]
    at = dice.randrange(len(parts))
    STRUCTURE[name](parts, at, dice)
    return name, packed(parts)


def packed(parts: list[tuple[str, bytes]]) -> bytes:
    """A zip of the parts, two of one name as they are."""
    import warnings

    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        warnings.simplefilter("ignore", UserWarning)
        for name, body in parts:
            new.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _flip(data: bytes, dice: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8, 64))):
        made[dice.randrange(len(made))] ^= 1 << dice.randrange(8)
    return bytes(made)


def _span(data: bytes, dice: random.Random) -> tuple[int, int]:
    at = dice.randrange(len(data))
    return at, min(len(data), at + dice.choice((1, 4, 16, 100, 512, 4096)))


def _zeroed(data: bytes, dice: random.Random) -> bytes:
    at, stop = _span(data, dice)
    return data[:at] + bytes(stop - at) + data[stop:]


def _lost(data: bytes, dice: random.Random) -> bytes:
    at, stop = _span(data, dice)
    return data[:at] + data[stop:]


def _doubled(data: bytes, dice: random.Random) -> bytes:
    at, stop = _span(data, dice)
    return data[:stop] + data[at:stop] + data[stop:]


def _noise(data: bytes, dice: random.Random) -> bytes:
    at, stop = _span(data, dice)
    return data[:at] + dice.randbytes(stop - at) + data[stop:]


def _field(data: bytes, dice: random.Random) -> bytes:
    """Another number in a record of the container: sizes, places, counts, methods, flags."""
    found = [match.start() for match in re.finditer(b"|".join(map(re.escape, _SIGNATURES)), data)]
    at = dice.choice(found) + 4 + 2 * dice.randrange(19)
    value = dice.choice((0, 1, 8, 9, 99, 0xFFFF, 0x7FFF, dice.randrange(0x10000)))
    return data[:at] + struct.pack("<H", value) + data[at + 2 :]


CONTAINER: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "bits": _flip, "cut short": lambda data, dice: data[: dice.randrange(len(data))], "zeroes": _zeroed, "bytes lost": _lost,
    "bytes twice": _doubled, "noise": _noise, "record": _field,
    "put before": lambda data, dice: dice.randbytes(dice.randrange(1, 600)) + data,
    "put after": lambda data, dice: data + dice.randbytes(dice.randrange(1, 600)),
}


def _repacked(data: bytes, dice: random.Random, change: Callable[[bytes, random.Random], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = [(info.filename, old.read(info)) for info in old.infolist()]
    at = dice.choice([number for number, (name, body) in enumerate(parts) if body and name.endswith((".xml", ".rels"))])
    parts[at] = parts[at][0], change(parts[at][1], dice)
    return packed(parts)


def _spot(pattern: re.Pattern[bytes], body: bytes, dice: random.Random, group: int = 0) -> tuple[int, int]:
    found = [match.span(group) for match in pattern.finditer(body)]
    return dice.choice(found) if found else (len(body), len(body))


def _tag_lost(body: bytes, dice: random.Random) -> bytes:
    at, stop = _spot(_TAG, body, dice)
    return body[:at] + body[stop:]


def _tag_twice(body: bytes, dice: random.Random) -> bytes:
    at, stop = _spot(_TAG, body, dice)
    return body[:stop] + body[at:stop] + body[stop:]


def _poisoned(body: bytes, dice: random.Random) -> bytes:
    at, stop = _spot(dice.choice((_VALUE, _TEXT)), body, dice, 1)
    return body[:at] + dice.choice(POISON) + body[stop:]


def _inserted(body: bytes, dice: random.Random) -> bytes:
    at = dice.choice((_spot(_TAG, body, dice)[0], dice.randrange(len(body)), 0))
    return body[:at] + dice.choice(_INSERTED) + body[at:]


def _swapped(body: bytes, dice: random.Random) -> bytes:
    (a, b), (c, d) = sorted((_spot(_TAG, body, dice), _spot(_TAG, body, dice)))
    return body[:a] + body[c:d] + body[b:c] + body[a:b] + body[d:] if b <= c else body


def _encoded(body: bytes, dice: random.Random) -> bytes:
    declared = dice.choice((b"UTF-16", b"gbk", b"utf-7", b"x"))
    bare = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", body)
    if dice.random() < 0.3:
        return b'<?xml version="1.0" encoding="UTF-16"?>'.decode().encode("utf-16") + bare.decode("utf-8", "replace").encode("utf-16-le")
    return b'<?xml version="1.0" encoding="' + declared + b'"?>' + bare


CONTENT: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "xml byte": _flip, "xml cut": lambda body, dice: body[: dice.randrange(len(body))], "tag lost": _tag_lost, "tag twice": _tag_twice,
    "poison": _poisoned, "inserted": _inserted, "tags swapped": _swapped, "encoding": _encoded, "xml noise": _noise,
}

_Parts = list[tuple[str, bytes]]


def _rename(parts: _Parts, at: int, dice: random.Random) -> None:
    name = dice.choice(("../../x.xml", "/etc/passwd", "C:\\x", parts[at][0].upper(), parts[at][0] + " ", "", "xl/a" * 60))
    parts[at] = name, parts[at][1]


def _twice(parts: _Parts, at: int, dice: random.Random) -> None:
    parts.insert(dice.randrange(len(parts)), (parts[at][0], dice.choice((b"", b"<x/>", parts[at][1]))))


def _exchanged(parts: _Parts, at: int, dice: random.Random) -> None:
    other = dice.randrange(len(parts))
    parts[at], parts[other] = (parts[at][0], parts[other][1]), (parts[other][0], parts[at][1])


STRUCTURE: dict[str, Callable[[_Parts, int, random.Random], None]] = {
    "part lost": lambda parts, at, dice: parts.__delitem__(at), "part renamed": _rename, "part twice": _twice,
    "parts exchanged": _exchanged, "part emptied": lambda parts, at, dice: parts.__setitem__(at, (parts[at][0], b"")),
}
