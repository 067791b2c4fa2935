"""Packs the streams of a VBA project: run-length compression and the data encryption of MS-OVBA."""

from __future__ import annotations

import struct

CHUNK = 4096
#: The shortest repeat worth a copy token.
SHORTEST = 3
#: Signature and "compressed" flag of a chunk header ([MS-OVBA] 2.4.1.1.5).
COMPRESSED, RAW = 0xB000, 0x3000


def compressed(data: bytes) -> bytes:
    """``data`` as a compressed container ([MS-OVBA] 2.4.1)."""
    return b"\x01" + b"".join(_chunk(data[start : start + CHUNK]) for start in range(0, len(data), CHUNK))


def _chunk(chunk: bytes) -> bytes:
    """One chunk of at most 4096 bytes, header included."""
    body = bytearray()
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(chunk):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            if at >= len(chunk):
                break
            length_bits = 16 - max(4, (at - 1).bit_length() if at else 0)
            length, offset = _longest(chunk, at, seen, (1 << length_bits) + SHORTEST - 1)
            if length:
                flags |= 1 << bit
                tokens += struct.pack("<H", (offset - 1) << length_bits | (length - SHORTEST))
            else:
                tokens.append(chunk[at])
            for position in range(at, at + max(length, 1)):
                seen.setdefault(chunk[position : position + SHORTEST], []).append(position)
            at += max(length, 1)
        body.append(flags)
        body += tokens
    if len(body) >= CHUNK:  # does not shrink: stored, and only whole chunks may be
        return struct.pack("<H", RAW | (CHUNK - 1)) + chunk.ljust(CHUNK, b"\0")
    return struct.pack("<H", COMPRESSED | (len(body) - 1)) + bytes(body)


def _longest(chunk: bytes, at: int, seen: dict[bytes, list[int]], limit: int) -> tuple[int, int]:
    """The longest earlier run that repeats at ``at``: (length, distance back); (0, 0) for none."""
    best = (0, 0)
    for earlier in reversed(seen.get(chunk[at : at + SHORTEST], [])):
        length = 0
        while length < limit and at + length < len(chunk) and chunk[earlier + length] == chunk[at + length]:
            length += 1
        if length >= SHORTEST and length > best[0]:
            best = (length, at - earlier)
    return best


def encrypted(project_id: str, data: bytes, seed: int) -> str:
    """``data`` as the hexadecimal text of a PROJECT property ([MS-OVBA] 2.4.3.2).

    Args:
        project_id: the project's identifier, braces included; part of the key.
        data: what the property holds.
        seed: a byte; the specification lets it be any, a fixed one keeps builds equal.
    """
    key = sum(project_id.encode("ascii")) & 0xFF
    out = [seed, seed ^ 2, seed ^ key]
    plain, last, before = key, out[2], out[1]
    ignored = bytes((seed & 6) // 2)
    for byte in ignored + struct.pack("<I", len(data)) + data:
        coded = byte ^ ((before + plain) & 0xFF)
        out.append(coded)
        before, last, plain = last, coded, byte
    return bytes(out).hex().upper()
