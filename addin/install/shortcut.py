"""Writes Windows shortcuts (.lnk, [MS-SHLLINK]) as bytes.

A writer of our own needs neither a COM object nor PowerShell, which managed machines restrict and virus scanners
watch, and its result can be examined on any system.
"""

from __future__ import annotations

import struct
from pathlib import PureWindowsPath
from uuid import UUID

_LINK = UUID("00021401-0000-0000-C000-000000000046").bytes_le
_COMPUTER = UUID("20D04FE0-3AEA-1069-A2D8-08002B30309D").bytes_le
#: Item list, description, working folder, arguments, texts in Unicode; link info where there is one.
_FLAGS, _HAS_INFO = 0x01 | 0x04 | 0x10 | 0x20 | 0x80, 0x02
_ARCHIVE, _FOLDER = 0x20, 0x10
_SHOW_NORMAL, _FIXED_DRIVE = 1, 3


def shortcut(target: str, arguments: str, folder: str, description: str) -> bytes:
    r"""A shortcut to a program.

    Args:
        target: absolute path of the program on a drive, such as ``C:\…\pythonw.exe``.
        arguments: the rest of its command line.
        folder: the folder it starts in.
        description: the text shown when the mouse rests on it.

    Raises:
        ValueError: ``target`` is not an absolute path on a drive.
    """
    path = PureWindowsPath(target)
    if not path.is_absolute() or not path.drive.endswith(":"):
        raise ValueError(target)
    info = _info(target) if target.isascii() else b""
    flags = _FLAGS | (_HAS_INFO if info else 0)
    header = struct.pack(
        "<I16sII24xIIIHHII", 0x4C, _LINK, flags, _ARCHIVE, 0, 0, _SHOW_NORMAL, 0, 0, 0, 0,
    )
    texts = b"".join(_counted(text) for text in (description, folder, arguments))
    return header + _items(path) + info + texts + bytes(4)


def _items(path: PureWindowsPath) -> bytes:
    """The item list: the computer, the drive, then every folder and the file."""
    items = [b"\x1f\x50" + _COMPUTER, b"\x2f" + f"{path.drive}\\".encode("ascii").ljust(22, b"\0")]
    *folders, file = path.parts[1:]
    items += [_item(name, 0x31, _FOLDER) for name in folders] + [_item(file, 0x32, _ARCHIVE)]
    held = b"".join(struct.pack("<H", len(item) + 2) + item for item in items) + bytes(2)
    return struct.pack("<H", len(held)) + held


def _item(name: str, kind: int, attributes: int) -> bytes:
    """One file or folder: a short name, and the full one in an extension block of version 3, which is what counts."""
    short = name.encode("ascii", "replace").replace(b"?", b"_") + b"\0"
    start = struct.pack("<BBIIH", kind, 0, 0, 0, attributes) + short + bytes(len(short) % 2)
    full = name.encode("utf-16-le") + bytes(2)
    # The block ends with its own offset in the item, whose two bytes of length count.
    block = struct.pack("<HIIIHH", 3, 0xBEEF0004, 0, 0, 0x14, 0) + full + struct.pack("<H", len(start) + 2)
    return start + struct.pack("<H", len(block) + 2) + block


def _info(path: str) -> bytes:
    """Link info: a fixed drive without a name, and the path.

    Only for paths in ASCII: it must hold the path in the code page of the machine, which some readers believe
    before the item list, and a code page that lacks the characters of a user's name would mislead them.
    """
    volume = struct.pack("<IIII", 0x11, _FIXED_DRIVE, 0, 0x10) + b"\0"
    text = path.encode("ascii") + b"\0"
    head = 0x1C
    at = head + len(volume)
    suffix = at + len(text)
    return struct.pack("<IIIIIII", suffix + 1, head, 1, head, at, 0, suffix) + volume + text + b"\0"


def _counted(text: str) -> bytes:
    return struct.pack("<H", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")
