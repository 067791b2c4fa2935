"""Writes compound files ([MS-CFB] version 3): the container of a VBA project."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TypeAlias

#: A storage: stream bytes or storages by name.
Tree: TypeAlias = "dict[str, bytes | Tree]"

SECTOR = 512
MINI_SECTOR = 64
#: Streams shorter than this live in the mini stream ([MS-CFB] 2.2).
CUTOFF = 4096
FREE = 0xFFFFFFFF
NONE = 0xFFFFFFFF
END = 0xFFFFFFFE
FAT_SECTOR = 0xFFFFFFFD
#: Addresses of FAT sectors that fit in the header; more need sectors of their own, which no project of ours reaches.
HEADER_FATS = 109
PER_SECTOR = SECTOR // 4
STORAGE, STREAM, ROOT = 1, 2, 5


@dataclass(slots=True)
class _Entry:
    """One directory entry; ``left``, ``right`` and ``child`` are indices of other entries."""

    name: str
    kind: int
    data: bytes = b""
    left: int = NONE
    right: int = NONE
    child: int = NONE
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        """The 128 bytes of the entry ([MS-CFB] 2.6.1): black node, no class, no times."""
        name = self.name.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<HBBIII", len(name), self.kind, 1, self.left, self.right, self.child)
        return name.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", self.start, self.size)


@dataclass(slots=True)
class _Chains:
    """Data laid out in units of one size, with the table that chains them."""

    unit: int
    data: bytearray = field(default_factory=bytearray)
    table: list[int] = field(default_factory=list)

    def put(self, data: bytes) -> int:
        """Append ``data`` padded to whole units; the first unit's number, or END for nothing."""
        if not data:
            return END
        first, count = len(self.table), -(-len(data) // self.unit)
        self.data += data.ljust(count * self.unit, b"\0")
        self.table += [*range(first + 1, first + count), END]
        return first


def compound(tree: Tree) -> bytes:
    """The compound file holding ``tree``.

    Args:
        tree: streams (bytes) and storages (further dicts) by name; names of at most 31 characters.

    Returns:
        The file; the same tree always gives the same bytes.
    """
    entries = [_Entry("Root Entry", ROOT)]
    entries[0].child = _children(tree, entries)
    small, big = _Chains(MINI_SECTOR), _Chains(SECTOR)
    for entry in entries:
        if entry.kind == STREAM:
            entry.size = len(entry.data)
            entry.start = (small if entry.size < CUTOFF else big).put(entry.data)
    entries[0].start, entries[0].size = big.put(bytes(small.data)), len(small.data)
    mini = _sectors(small.table)
    mini_start = big.put(mini)
    directory = b"".join(entry.packed() for entry in entries)
    empty = bytes(68) + struct.pack("<III", NONE, NONE, NONE) + bytes(48)
    directory += empty * (-len(entries) % (SECTOR // len(empty)))
    directory_start = big.put(directory)
    fats = 1
    while fats * PER_SECTOR < len(big.table) + fats:
        fats += 1
    if fats > HEADER_FATS:
        raise ValueError("compound file too large for a header-only FAT index")
    first_fat = len(big.table)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", bytes.fromhex("D0CF11E0A1B11AE1"), 0x3E, 3, 0xFFFE, 9, 6, 0, fats, directory_start, 0,
        CUTOFF, mini_start, len(mini) // SECTOR, END, 0,
    )
    index = [first_fat + number if number < fats else FREE for number in range(HEADER_FATS)]
    return (
        header + struct.pack(f"<{HEADER_FATS}I", *index) + bytes(big.data) + _sectors(big.table + [FAT_SECTOR] * fats)
    )


def _children(tree: Tree, entries: list[_Entry]) -> int:
    """Add the entries of a storage; the index of the top of their search tree."""
    found: list[tuple[int, str, int]] = []
    for name, node in tree.items():
        at = len(entries)
        if isinstance(node, bytes):
            entries.append(_Entry(name, STREAM, node))
        else:
            entries.append(_Entry(name, STORAGE))
            entries[at].child = _children(node, entries)
        # Siblings are ordered by length, then by upper-cased name ([MS-CFB] 2.6.4).
        found.append((len(name), name.upper(), at))
    return _balanced([at for _, _, at in sorted(found)], entries)


def _balanced(order: list[int], entries: list[_Entry]) -> int:
    """Link ordered siblings as a balanced tree; the index of its top."""
    if not order:
        return NONE
    middle = len(order) // 2
    top = order[middle]
    entries[top].left = _balanced(order[:middle], entries)
    entries[top].right = _balanced(order[middle + 1 :], entries)
    return top


def _sectors(table: list[int]) -> bytes:
    """A table of sector numbers as whole sectors, unused places marked free."""
    filled = [*table, *[FREE] * (-len(table) % PER_SECTOR)]
    return struct.pack(f"<{len(filled)}I", *filled)
