"""Cut a file into pieces that stay the same where its content does, so that versions of it share them.

A workbook is cut where its parts begin, and within a large part where the compressor began anew (`zip_write.Packed`
does so every few hundred rows): changing one cell changes one piece.
"""

from __future__ import annotations

import io
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from macros.hosts import Refused
from macros.hosts.rawzip import RawZip

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a full flush of the compressor ends with.
_FLUSHED = re.compile(rb"\x00\x00\xff\xff")
_LEAST, _PLAIN = 4 << 10, 64 << 10


def pieces(data: bytes) -> Iterator[tuple[int, int]]:
    """Where the pieces of a file begin and end; together they are the whole file."""
    marks = sorted({0, len(data), *_parts(data)})
    for start, stop in pairwise(marks):
        yield from _cut(data, start, stop)


def _parts(data: bytes) -> list[int]:
    """Where the members of a zip begin and the last one ends; of any other file, equal lengths."""
    if data[:2] == b"PK":
        try:
            members = RawZip(io.BytesIO(data), "").members.values()
        except Refused:
            members = {}.values()
        if members:
            return [at for member in members for at in (member.start, member.stop)]
    return list(range(0, len(data), _PLAIN))


def _cut(data: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
    at = start
    for mark in _FLUSHED.finditer(data, start, stop):
        if mark.end() - at >= _LEAST and mark.end() < stop:
            yield at, mark.end()
            at = mark.end()
    if at < stop:
        yield at, stop
