"""Packs: files of pieces named by their content, written once and never changed.

A pack holds its pieces one after the other, then a directory, then where the directory begins. A pack that is
incomplete has no directory and counts for nothing, so a writer killed at any moment leaves the store as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zlib
from contextlib import suppress
from typing import IO, TYPE_CHECKING, NamedTuple

from macros.beside import beside
from macros.history import notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SUFFIX = ".pack"
_MAGIC = b"TDPACK01"
_END = 8 + 8 + len(_MAGIC)
#: Already deflated pieces are not deflated again.
_WORTH = 0.9
#: Longer pieces are not deflated, so that a forged pack cannot fill the memory.
_MOST = 64 << 20


class Slot(NamedTuple):
    """Where a piece lies: its pack, place and length there, and whether it is deflated."""

    pack: Path
    at: int
    length: int
    deflated: bool


class PackWriter:
    """Writes new pieces into one pack; nothing is seen of them before `close`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._slots: dict[str, tuple[int, int, int]] = {}
        self._file: IO[bytes] | None = None
        self._made: Path | None = None

    def __contains__(self, name: str) -> bool:
        return name in self._slots

    def add(self, name: str, piece: bytes, *, deflate: bool) -> None:
        """Write a piece called by its SHA-256 in hexadecimal."""
        if self._file is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, self._made = beside(self.folder)
            self._file = os.fdopen(handle, "wb")
        deflate = deflate and len(piece) <= _MOST
        packed = zlib.compress(piece, 6) if deflate else piece
        deflated = deflate and len(packed) < len(piece) * _WORTH
        stored = packed if deflated else piece
        self._slots[name] = (self._file.tell(), len(stored), int(deflated))
        self._file.write(stored)

    def close(self) -> Path | None:
        """Finish the pack and put it in place, on disk when this returns; None where nothing was added.

        Raises:
            OSError: it cannot be written; nothing is left behind.
        """
        if self._file is None or self._made is None:
            return None
        try:
            directory = zlib.compress(json.dumps(self._slots, separators=(",", ":")).encode(), 6)
            at = self._file.tell()
            self._file.write(directory + at.to_bytes(8, "big") + len(directory).to_bytes(8, "big") + _MAGIC)
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            path = self.folder / f"{hashlib.sha256(directory).hexdigest()[:32]}{SUFFIX}"
            # Who may read the register may read what is kept of it.
            self._made.chmod(stat.S_IMODE(self.folder.stat().st_mode) & 0o666)
            self._made.replace(path)
            return path
        except OSError:
            self.drop()
            raise

    def drop(self) -> None:
        """Give up what was written so far."""
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        with suppress(OSError):
            if self._made is not None:
                self._made.unlink(missing_ok=True)


def directory(pack: Path) -> dict[str, Slot]:
    """The pieces of a pack; none where it is incomplete or damaged."""
    try:
        with pack.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _END))
            end = file.read(_END)
            at, length = int.from_bytes(end[:8], "big"), int.from_bytes(end[8:16], "big")
            if end[16:] != _MAGIC or at + length + _END != size:
                return {}
            file.seek(at)
            raw = notes.parsed(_inflated(file.read(length)))
        return {
            notes.sha256(name): Slot(pack, notes.count(slot[0]), notes.count(slot[1]), bool(slot[2]))
            for name, slot in raw.items()
        }
    except (*notes.WRONG, zlib.error):
        return {}


def _inflated(data: bytes) -> bytes:
    """What was deflated, as long as it is no longer than what is ever deflated.

    Raises:
        ValueError: it is longer.
        zlib.error: it is damaged.
    """
    inflater = zlib.decompressobj()
    made = inflater.decompress(data, _MOST)
    if inflater.unconsumed_tail:
        raise ValueError(_MOST)
    if not inflater.eof:
        raise zlib.error("torn")
    return made


def packs(folder: Path) -> list[Path]:
    """The packs of a folder, oldest first: what was damaged in one is kept anew in a later one."""
    return sorted(folder.glob(f"*{SUFFIX}"), key=_made)


def _made(pack: Path) -> tuple[int, str]:
    with suppress(OSError):  # another program may just have joined it to others
        return pack.stat().st_mtime_ns, pack.name
    return 0, pack.name


def read(slots: Iterable[tuple[str, Slot]]) -> Iterator[bytes]:
    """The pieces at these slots, each checked against its name; a pack is opened once for those that follow.

    Raises:
        OSError: a pack cannot be read.
        ValueError: a piece is not what its name says.
    """
    opened: IO[bytes] | None = None
    path: Path | None = None
    try:
        for name, slot in slots:
            if opened is None or path != slot.pack:
                if opened is not None:
                    opened.close()
                opened, path = slot.pack.open("rb"), slot.pack
            opened.seek(slot.at)
            stored = opened.read(slot.length)
            try:
                piece = _inflated(stored) if slot.deflated else stored
            except (ValueError, zlib.error) as error:
                raise ValueError(name) from error
            if hashlib.sha256(piece).hexdigest() != name:
                raise ValueError(name)
            yield piece
    finally:
        if opened is not None:
            opened.close()
