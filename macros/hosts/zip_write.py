"""Write a zip in which only changed members are compressed anew; all others keep their very bytes."""

from __future__ import annotations

import io
import struct
from typing import IO, TYPE_CHECKING, Any

from macros.hosts import refuse
from macros.hosts.deflate import engine
from macros.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from macros.hosts.rawzip import Member, RawZip

_BLOCK = 4 << 20
#: Bytes of one member held in memory.
_MEMORY = 32 << 20
_MAX32 = 0xFFFFFFFF
_UTF8 = 0x800
#: Rows before which the compressor begins anew: what follows is stored in the same bytes as in the version before,
#: so that versions of a workbook can share them (`macros.history.pieces`).
_EVERY = 500
_ROW = b'<row r="'
_ANCHOR = pattern(rb'<row r="\d*[05]00"')
#: Anchors looked for one by one in bytes of so many rows; where rows are far apart by their pattern.
_FEW = 8


class Packed:
    """A member's new content of about ``size`` bytes, deflated once; in memory, on disk when large, until closed."""

    def __init__(self, parts: Iterable[bytes], size: int = 0) -> None:
        self.data: IO[bytes] = io.BytesIO()
        self.inflated = self.stored = self.crc = 0
        try:
            self._fill(parts, engine(size))
        except BaseException:
            self.close()
            raise

    def _fill(self, parts: Iterable[bytes], zlib: Any) -> None:
        deflater = zlib.compressobj(1, zlib.DEFLATED, -15)
        waiting: list[bytes] = []  # deflated in one go: how bytes were handed over shows in what some engines make
        for part in parts:
            self.inflated += len(part)
            self.crc = zlib.crc32(part, self.crc)
            at = 0
            for anchor in _anchors(part):
                waiting.append(part[at:anchor])
                self._put(deflater.compress(b"".join(waiting)) + deflater.flush(zlib.Z_FULL_FLUSH))
                at = anchor
                waiting.clear()
            waiting.append(part[at:])
            if sum(map(len, waiting)) > _BLOCK:
                self._put(deflater.compress(b"".join(waiting)))
                waiting.clear()
        self._put(deflater.compress(b"".join(waiting)) + deflater.flush())

    def _put(self, deflated: bytes) -> None:
        self.stored += self.data.write(deflated)
        if self.stored > _MEMORY and isinstance(self.data, io.BytesIO):
            self._to_disk(self.data)

    def _to_disk(self, held: io.BytesIO) -> None:
        import tempfile  # hardly any workbook is so large

        self.data = tempfile.TemporaryFile()  # noqa: SIM115 - lives until closed
        self.data.write(held.getbuffer())

    def close(self) -> None:
        """Let the content go."""
        self.data.close()


def _anchors(part: bytes) -> list[int]:
    """Where the rows begin at which it begins anew; a known number is found many times faster than a pattern."""
    first, last = _number(part, part.find(_ROW)), _number(part, part.rfind(_ROW))
    if first is None or last is None:
        return []
    wanted = range(-(-first // _EVERY) * _EVERY, last + 1, _EVERY)
    if len(wanted) > _FEW:
        return [anchor.start() for anchor in _ANCHOR.finditer(part)]
    found = (part.find(b'%b%d"' % (_ROW, number)) for number in wanted)
    return sorted(at for at in found if at >= 0)


def _number(part: bytes, at: int) -> int | None:
    """The number of the row that begins at a place."""
    digits = part[at + len(_ROW) : at + len(_ROW) + 12].partition(b'"')[0]
    return int(digits) if at >= 0 and digits.isdigit() else None


def rewrite(
    source: RawZip, out: IO[bytes], changed: Mapping[str, bytes | Packed], removed: Collection[str] = ()
) -> None:
    """Write ``source`` to ``out`` with the named members changed, added or removed; all else byte for byte.

    Raises:
        Refused: the result would exceed 4 GB (WBK044).
        OSError: the disk is full, or another fault of writing.
    """
    records: dict[str, bytes] = {}
    for member in sorted(source.members.values(), key=lambda one: one.start):
        if member.name in removed:
            continue
        if member.name in changed:
            records[member.name] = _put(source, out, member.name, changed[member.name], member)
            continue
        place = struct.pack("<L", out.tell())
        _copy(source.file, out, member.start, member.stop)
        records[member.name] = member.record[:42] + place + member.record[46:]
    # The directory keeps its order, which need not be that of the members.
    ordered = [records[name] for name in source.members if name in records]
    ordered += [
        _put(source, out, name, content, None)
        for name, content in changed.items() if name not in source.members
    ]
    at = out.tell()
    if at > _MAX32 - (64 << 20):
        raise refuse("WBK044", source.workbook, reason="写出的文件会超过 4 GB")
    length = out.write(b"".join(ordered))
    out.write(
        struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, len(ordered), len(ordered), length, at, len(source.comment))
        + source.comment
    )


def _copy(file: IO[bytes], out: IO[bytes], start: int, stop: int) -> None:
    file.seek(start)
    while start < stop and (block := file.read(min(_BLOCK, stop - start))):
        out.write(block)
        start += len(block)


def _put(source: RawZip, out: IO[bytes], name: str, content: bytes | Packed, old: Member | None) -> bytes:
    """Write one new member; return its directory record."""
    packed = content if isinstance(content, Packed) else Packed([content])
    if max(packed.inflated, packed.stored, out.tell()) >= _MAX32:
        raise refuse("WBK044", source.workbook, reason="写出的文件会超过 4 GB")
    at = out.tell()
    if old:
        raw_name, flags = old.raw_name, old.flags & _UTF8
        stamp, version = old.record[12:16], old.record[4:6]
        attributes = old.record[36:42]
    else:
        raw_name, flags = name.encode(), 0 if name.isascii() else _UTF8
        stamp, version, attributes = struct.pack("<HH", 0, 0x21), struct.pack("<H", 20), bytes(6)
    middle = (
        struct.pack("<HH", flags, 8) + stamp
        + struct.pack("<LLL", packed.crc, packed.stored, packed.inflated)
        + struct.pack("<HH", len(raw_name), 0)
    )
    out.write(struct.pack("<4sH", b"PK\3\4", 20) + middle + raw_name)
    packed.data.seek(0)
    while block := packed.data.read(_BLOCK):
        out.write(block)
    packed.close()
    return (
        struct.pack("<4s2sH", b"PK\1\2", version, 20) + middle + struct.pack("<HH", 0, 0)
        + attributes + struct.pack("<L", at) + raw_name
    )
