"""The container of a workbook: what is read of it, and every way in which it can lie."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from macros.hosts import Refused
from macros.hosts.deflate import engine
from macros.hosts.limits import limit
from macros.hosts.rawzip import RawZip


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, body in parts.items():
            made.writestr(zipfile.ZipInfo(name), body, method)
        made.comment = comment
    return out.getvalue()


PLAIN = zipped({"a.xml": b"<a/>" * 200, "b/c.xml": b"<b/>"})


def opened(data: bytes) -> RawZip:
    return RawZip(io.BytesIO(data), "书.xlsx")


def put(data: bytes, at: int, form: str, value: int) -> bytes:
    return data[:at] + struct.pack(form, value) + data[at + struct.calcsize(form) :]


def central(data: bytes, number: int = 0) -> int:
    """Where a record of the directory begins."""
    at = -1
    for _ in range(number + 1):
        at = data.index(b"PK\1\2", at + 1)
    return at


def end(data: bytes) -> int:
    return data.rindex(b"PK\5\6")


@pytest.mark.parametrize("data", [PLAIN, b"#!/bin/sh\n" + PLAIN, PLAIN + b"", zipped({"a.xml": b"<a/>" * 200, "b/c.xml": b"<b/>"}, zipfile.ZIP_STORED, "备注".encode())])
def test_members_are_found_in_any_case_and_read(data: bytes) -> None:
    found = opened(data)
    assert list(found.members) == ["a.xml", "b/c.xml"]
    assert (found.find("A.XML"), found.find("a.xml"), found.find("none")) == ("a.xml", "a.xml", None)
    assert found.read("A.xml") == b"<a/>" * 200
    assert found.read("b/c.xml") == b"<b/>"


def test_backward_strokes_are_read_as_forward_ones() -> None:
    data = PLAIN.replace(b"b/c.xml", b"b\\c.xml")
    assert opened(data).read("b/c.xml") == b"<b/>"


def test_a_comment_is_kept() -> None:
    assert opened(zipped({"a": b"x"}, comment=b"hello")).comment == b"hello"


@pytest.mark.parametrize("size", [10, limit("package", "fast_from") + 10])
def test_both_libraries_give_the_same_bytes(size: int) -> None:
    body = b"0123456789" * (size // 10)
    found = opened(zipped({"a": body}))
    assert engine(found.members["a"].inflated).__name__.split(".")[-1] == ("zlib" if size < 100 else "isal_zlib")
    assert found.read("a") == body


def zip64(data: bytes) -> bytes:
    """The same members behind a zip64 end record, their sizes in extra fields."""
    at, stop = central(data), end(data)
    count, _, offset = struct.unpack_from("<HLL", data, stop + 10)
    directory, records = b"", data[at:stop]
    while records:
        name_n, extra_n, comment_n = struct.unpack_from("<HHH", records, 28)
        stored, inflated = struct.unpack_from("<LL", records, 20)
        start = struct.unpack_from("<L", records, 42)[0]
        extra = struct.pack("<HHQQQ", 1, 24, inflated, stored, start)
        head = records[:20] + struct.pack("<LL", 0xFFFFFFFF, 0xFFFFFFFF) + records[28:30] + struct.pack("<H", len(extra)) + records[32:42]
        directory += head + struct.pack("<L", 0xFFFFFFFF) + records[46 : 46 + name_n] + extra
        records = records[46 + name_n + extra_n + comment_n :]
    where = at + len(directory)
    record = b"PK\6\6" + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, count, count, len(directory), offset)
    locator = b"PK\6\7" + struct.pack("<LQL", 0, where, 1)
    return data[:at] + directory + record + locator + b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)


def test_large_archives_are_read_by_their_own_records() -> None:
    found = opened(zip64(PLAIN))
    assert found.read("a.xml") == b"<a/>" * 200
    assert found.read("b/c.xml") == b"<b/>"


LIES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "no end": (lambda data: data[: end(data)], "WBK007"),
    "end cut off": (lambda data: data[: end(data) + 12], "WBK007"),
    "zip64 without its locator": (lambda data: put(data, end(data) + 10, "<H", 0xFFFF), "WBK007"),
    "directory before the file": (lambda data: put(data, end(data) + 16, "<L", len(data)), "WBK007"),
    "no record where one should be": (lambda data: put(data, central(data), "<H", 0), "WBK007"),
    "one record too few": (lambda data: put(data, end(data) + 10, "<H", 3), "WBK007"),
    "more members than a workbook has": (lambda data: put(data, end(data) + 10, "<H", 30_000), "WBK010"),
    "with a password": (lambda data: put(data, central(data) + 8, "<H", 1), "WBK005"),
    "a part that swells": (lambda data: put(data, central(data) + 24, "<L", 100_000_000), "WBK010"),
    "a part of more than two gigabytes": (lambda data: put(put(data, central(data) + 24, "<L", 2_100_000_000), central(data) + 20, "<L", 2_000_000_000), "WBK010"),
    "a name that is no UTF-8": (lambda data: put(put(data, central(data) + 8, "<H", 0x800), central(data) + 46, "<B", 0xFF), "WBK007"),
    "members over one another": (lambda data: put(data, central(data) + 20, "<L", 5_000), "WBK007"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_directory_that_lies_is_refused_at_once(name: str) -> None:
    lie, code = LIES[name]
    with pytest.raises(Refused) as caught:
        opened(lie(PLAIN))
    assert caught.value.finding.code == code


@pytest.mark.parametrize("names", [("a.xml", "a.xml"), ("a.xml", "A.xml"), ("b/c", "b\\c")])
def test_two_members_of_one_name_are_refused(names: tuple[str, str]) -> None:
    first, second = zipped({names[0]: b"1"}), zipped({names[1]: b"2"})
    both = zipped({names[0]: b"1", "x" * len(names[1]): b"2"}).replace(b"x" * len(names[1]), names[1].encode())
    assert opened(first).members and opened(second).members
    with pytest.raises(Refused) as caught:
        opened(both)
    assert caught.value.finding.code == "WBK012"


BODIES: dict[str, Callable[[bytes], bytes]] = {
    "another length": lambda data: put(data, central(data) + 24, "<L", 801),
    "shorter than it says": lambda data: put(data, central(data) + 24, "<L", 799),
    "another checksum": lambda data: put(data, central(data) + 16, "<L", 1),
    "another local name": lambda data: data.replace(b"a.xml", b"z.xml", 1),
    "no local header": lambda data: put(data, 0, "<H", 0),
    "an unknown method": lambda data: put(data, central(data) + 10, "<H", 12),
    "bytes that do not inflate": lambda data: data[:36] + b"\xff\xff\xff" + data[39:],
    "cut short within the last member": lambda data: put(data, central(data, 0) + 20, "<L", 3),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_member_that_lies_is_refused_when_it_is_read(name: str) -> None:
    with pytest.raises(Refused) as caught:
        opened(BODIES[name](PLAIN)).read("a.xml")
    assert caught.value.finding.code == "WBK007"


def test_a_missing_member_is_told_by_its_name() -> None:
    with pytest.raises(Refused) as caught:
        opened(PLAIN).read("xl/none.xml")
    assert caught.value.finding.code == "WBK008"
    assert "xl/none.xml" in caught.value.finding.message


def test_a_file_that_shrinks_while_it_is_read_is_refused() -> None:
    file = io.BytesIO(zipped({"a": bytes(1000)}, zipfile.ZIP_STORED))
    found = RawZip(file, "书.xlsx")
    file.truncate(200)
    with pytest.raises(Refused) as caught:
        found.read("a")
    assert caught.value.finding.code == "WBK007"


def test_a_large_member_is_read_piece_by_piece() -> None:
    sizes = [len(piece) for piece in opened(zipped({"a": bytes(5_000_000)})).chunks("a")]
    assert sum(sizes) == 5_000_000
    assert max(sizes) <= 1 << 20


def alone(raw: bytes, body: bytes, extra: bytes = b"") -> bytes:
    """An archive of one member ``a`` whose deflated bytes are given."""
    crc = zlib.crc32(body)
    head = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, crc, len(raw), len(body), 1, 0)
    local = b"PK\3\4" + head + b"a" + raw
    tail = struct.pack("<HHHHHLLLHHHHHLL", 20, 0, 8, 0, 33, crc, len(raw), len(body), 1, len(extra), 0, 0, 0, 0, 0)
    record = b"PK\1\2" + struct.pack("<H", 20) + tail + b"a" + extra
    return local + record + b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(record), len(local), 0)


def test_other_extra_fields_are_passed_over() -> None:
    assert opened(alone(b"\x03\x00", b"", struct.pack("<HHL", 0x5455, 4, 7))).read("a") == b""


def test_input_that_gives_nothing_for_long_is_read_through() -> None:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    raw = packer.compress(b"begin") + b"".join(packer.flush(zlib.Z_FULL_FLUSH) for _ in range(1))
    raw += b"\x00\x00\x00\xff\xff" * 60_000  # empty stored blocks, 300,000 bytes
    raw += packer.compress(b"end") + packer.flush()
    assert opened(alone(raw, b"beginend")).read("a") == b"beginend"


@pytest.mark.parametrize("more", [1, 100, 258, 1000])
def test_what_is_left_when_the_input_is_used_up_is_read_too(more: int) -> None:
    body = bytes((1 << 20) + more)
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    raw = packer.compress(body) + packer.flush()
    assert opened(alone(raw, body)).read("a") == body
