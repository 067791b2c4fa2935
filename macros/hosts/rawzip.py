"""Read zip members under caps, knowing where each lies in the file.

``zipfile`` cannot copy a member without inflating it, keeps the last of two members of one name without a word,
and trusts declared sizes.
"""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import IO, TYPE_CHECKING, NamedTuple

from macros.hosts import refuse
from macros.hosts.deflate import engine
from macros.hosts.limits import limit

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 20
_TAIL = 65_557  # the end record and the longest comment
_MAX32 = 0xFFFFFFFF
_UTF8 = 0x800
_ENCRYPTED = 0x1


class Member(NamedTuple):
    """One zip member: where it lies, its sizes in bytes, and its central record as found."""

    name: str
    raw_name: bytes
    record: bytes
    start: int
    stop: int
    stored: int
    inflated: int
    crc: int
    method: int
    flags: int


class RawZip:
    """The members of an open zip file by name (slashes made forward)."""

    def __init__(self, file: IO[bytes], workbook: str) -> None:
        self.file = file
        self.workbook = workbook
        self.comment = b""
        self.members: dict[str, Member] = {}
        try:
            self._read_directory()
        except (struct.error, UnicodeDecodeError, OverflowError) as error:
            raise refuse("WBK007", workbook, reason="压缩包目录损坏") from error
        self._folded = {name.casefold(): name for name in self.members}
        if len(self._folded) < len(self.members):
            raise refuse("WBK012", workbook, part="仅大小写不同的部件")

    def find(self, name: str) -> str | None:
        """The member's own spelling of a part name; part names ignore case. None where there is none."""
        return name if name in self.members else self._folded.get(name.casefold())

    def _read_directory(self) -> None:
        size = self.file.seek(0, 2)
        tail_at = max(0, size - _TAIL)
        self.file.seek(tail_at)
        tail = self.file.read()
        at = tail.rfind(b"PK\5\6")
        if at < 0:
            raise refuse("WBK007", self.workbook, reason="找不到压缩包的结尾，下载可能中断")
        count, length, offset, comment = struct.unpack_from("<HLLH", tail, at + 10)
        self.comment = tail[at + 22 : at + 22 + comment]
        end = tail_at + at
        if count == 0xFFFF or _MAX32 in (length, offset):
            count, length, offset, end = self._zip64(end)
        if count > limit("package", "members"):
            raise refuse("WBK010", self.workbook, part="部件目录", stored=size, inflated=f"{count} 个部件")
        shift = end - length - offset  # bytes put before the zip
        if shift < 0:
            raise refuse("WBK007", self.workbook, reason="压缩包目录位置不对")
        self.file.seek(offset + shift)
        self._read_records(self.file.read(length), count, shift, offset + shift)

    def _zip64(self, end: int) -> tuple[int, int, int, int]:
        self.file.seek(max(0, end - 20))
        locator = self.file.read(20)
        if locator[:4] != b"PK\6\7":
            raise refuse("WBK007", self.workbook, reason="压缩包目录不完整")
        at = struct.unpack_from("<Q", locator, 8)[0]
        self.file.seek(at)
        record = self.file.read(56)
        count, length, offset = struct.unpack_from("<QQQ", record, 32)
        return count, length, offset, at

    def _read_records(self, directory: bytes, count: int, shift: int, directory_at: int) -> None:
        at, total = 0, 0
        found: list[tuple[int, str, bytes, bytes, int, int, int, int, int]] = []
        for _ in range(count):
            if directory[at : at + 4] != b"PK\1\2":
                raise refuse("WBK007", self.workbook, reason="压缩包目录损坏")
            flags, method, _time, _date, crc, stored, inflated, name_n, extra_n, comment_n = struct.unpack_from(
                "<HHHHLLLHHH", directory, at + 8
            )
            start = struct.unpack_from("<L", directory, at + 42)[0]
            raw_name = directory[at + 46 : at + 46 + name_n]
            extra = directory[at + 46 + name_n : at + 46 + name_n + extra_n]
            record = directory[at : at + 46 + name_n + extra_n + comment_n]
            at += len(record)
            inflated, stored, start = _long_sizes(extra, inflated, stored, start)
            name = raw_name.decode("utf-8" if flags & _UTF8 else "cp437").replace("\\", "/")
            if flags & _ENCRYPTED:
                raise refuse("WBK005", self.workbook)
            total += inflated
            self._check_size(name, stored, inflated, total)
            found.append((start + shift, name, raw_name, record, stored, inflated, crc, method, flags))
        stops = sorted({entry[0] for entry in found} | {directory_at})
        following = dict(pairwise(stops))
        for start, name, raw_name, record, stored, inflated, crc, method, flags in found:
            if name in self.members:
                raise refuse("WBK012", self.workbook, part=name)
            stop = following.get(start, directory_at)
            if start + 30 + stored > stop:
                raise refuse("WBK007", self.workbook, reason=f"部件 {name} 与别的部件重叠")
            self.members[name] = Member(
                name, raw_name, record, start, stop, stored, inflated, crc, method, flags
            )

    def _check_size(self, name: str, stored: int, inflated: int, total: int) -> None:
        swollen = inflated > limit("package", "ratio_from") and inflated > stored * limit("package", "ratio")
        if swollen or inflated > limit("package", "part_bytes") or total > limit("package", "total_bytes"):
            raise refuse("WBK010", self.workbook, part=name, stored=stored, inflated=inflated)

    def chunks(self, name: str) -> Iterator[bytes]:
        """Inflate a member piece by piece; its length and checksum are checked at the end.

        Raises:
            Refused: the member is missing (WBK008) or damaged (WBK007).
        """
        spelled = self.find(name)
        if spelled is None:
            raise refuse("WBK008", self.workbook, part=name)
        member = self.members[spelled]
        at, left = self._data_at(member), member.stored
        if member.method not in (0, 8):
            raise refuse("WBK007", self.workbook, reason=f"部件 {name} 的压缩方式不支持")
        zlib = engine(member.inflated)
        inflater = zlib.decompressobj(-15) if member.method else None
        length = crc = 0
        while left:
            self.file.seek(at)
            block = self.file.read(min(_CHUNK >> 3, left))
            if not block:
                raise self._damaged(name)
            at, left = at + len(block), left - len(block)
            while block:
                try:
                    data = inflater.decompress(block, _CHUNK) if inflater else block
                except zlib.error as error:
                    raise self._damaged(name) from error
                block = inflater.unconsumed_tail if inflater else b""
                length, crc = length + len(data), zlib.crc32(data, crc)
                if length > member.inflated:
                    raise self._damaged(name)
                if data:
                    yield data
        rest = inflater.flush() if inflater else b""
        length, crc = length + len(rest), zlib.crc32(rest, crc)
        if length != member.inflated or crc != member.crc:
            raise self._damaged(name)
        if rest:
            yield rest

    def _damaged(self, name: str) -> Exception:
        return refuse("WBK007", self.workbook, reason=f"部件 {name} 校验不符")

    def read(self, name: str) -> bytes:
        """The whole member, inflated."""
        return b"".join(self.chunks(name))

    def _data_at(self, member: Member) -> int:
        self.file.seek(member.start)
        header = self.file.read(30)
        name_n, extra_n = (int(n) for n in struct.unpack_from("<HH", header.ljust(30), 26))
        # A local name unlike the directory's would show different readers different files.
        if header[:4] != b"PK\3\4" or self.file.read(name_n) != member.raw_name:
            raise refuse("WBK007", self.workbook, reason=f"部件 {member.name} 的文件头损坏")
        return member.start + 30 + name_n + extra_n


def _long_sizes(extra: bytes, inflated: int, stored: int, start: int) -> tuple[int, int, int]:
    """Sizes and place from the zip64 extra field where the plain fields overflow."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            values = list(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            inflated = values.pop(0) if inflated == _MAX32 and values else inflated
            stored = values.pop(0) if stored == _MAX32 and values else stored
            start = values.pop(0) if start == _MAX32 and values else start
        at += 4 + length
    return inflated, stored, start
