"""Tell a file's kind by its content and read it with the reader of that kind."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Literal

from macros.findings import finding
from macros.hosts import Sheet, reason, refuse
from macros.hosts.limits import limit
from macros.hosts.rawzip import RawZip
from macros.hosts.regular import check_file
from macros.hosts.xlsx_read import read_book

if TYPE_CHECKING:
    from pathlib import Path

    from macros.findings import Finding

FileKind = Literal["xlsx", "xlsb", "xls", "ods", "text"]

_SUFFIXES: dict[FileKind, tuple[str, ...]] = {
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm"),
    "xlsb": (".xlsb",),
    "xls": (".xls", ".xlt"),
    "ods": (".ods",),
    "text": (".csv", ".tsv", ".txt", ".tab"),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def file_kind(path: Path) -> FileKind:
    """What a file is, whatever its suffix says.

    Raises:
        Refused: not a readable file (WBK001–WBK003, WBK011), or not a table (WBK004–WBK010, WBK012).
    """
    name = path.name
    try:
        if not check_file(path, limit("file", "bytes")):
            raise refuse("WBK003", name)
        with path.open("rb") as file:
            head = file.read(4096)
            if head[:2] == b"PK":
                return _zip_kind(RawZip(file, name))
            if head[:8] == _OLE:
                with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                    return _ole_kind(data, name)
    except OSError as error:
        raise refuse("WBK001", name, reason=reason(error)) from error
    return _text_kind(head, path)


def _zip_kind(zipped: RawZip) -> FileKind:
    if zipped.find("xl/workbook.bin"):
        return "xlsb"
    if zipped.find("mimetype") and b"opendocument.spreadsheet" in zipped.read("mimetype"):
        return "ods"
    if zipped.find("_rels/.rels") is None or zipped.find("word/document.xml"):
        raise refuse("WBK006", zipped.workbook)
    return "xlsx"


def has_password(data: mmap.mmap | bytes) -> bool:
    """Whether a file of an office program is kept in the container of one that wants a password to be opened."""
    return data[:8] == _OLE and data.find("EncryptedPackage".encode("utf-16-le")) >= 0


def _ole_kind(data: mmap.mmap, name: str) -> FileKind:
    if has_password(data):
        raise refuse("WBK005", name)
    if data.find("Workbook".encode("utf-16-le")) >= 0 or data.find("Book\0".encode("utf-16-le")) >= 0:
        return "xls"
    raise refuse("WBK006", name)


def _text_kind(head: bytes, path: Path) -> FileKind:
    from macros.hosts.text import SEPARATORS  # a register's own workbooks are no text

    opening = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if opening.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")) or b"<html" in opening[:1024]:
        raise refuse("WBK004", path.name)
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse("WBK006", path.name)
    first = head.splitlines()[0] if head.splitlines() else b""
    named_so = path.suffix.lower() in _SUFFIXES["text"]
    # Other systems export tabbed text under a workbook's suffix; anything else under it is no table.
    if named_so or (not opening.startswith((b"<", b"%", b"{")) and any(one.encode() in first for one in SEPARATORS)):
        return "text"
    raise refuse("WBK006", path.name)


def read_here(path: Path, kind: FileKind) -> tuple[list[Sheet], list[Finding]]:
    """Read a file of known kind in this process."""
    notes: list[Finding] = []
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES[kind]:
        notes.append(finding("WBK020", workbook=path.name, kind=kind, suffix=suffix or "空"))
    if kind == "text":
        from macros.hosts.text import read_text

        return [read_text(path)], notes
    if kind == "xlsx":
        sheets, more = read_book(path)
        return sheets, notes + more
    from macros.hosts.legacy import read_legacy  # a compiled reader, wanted for old files only

    notes.append(finding("WBK026", workbook=path.name, kind=kind))
    return read_legacy(path, kind), notes


def open_book(path: Path) -> tuple[list[Sheet], list[Finding]]:
    """Every sheet of any table file; old binary formats are read in a child process under limits.

    Raises:
        Refused: the file cannot be read; the finding says why.
    """
    kind = file_kind(path)
    if kind in ("xlsx", "text"):
        return read_here(path, kind)
    from macros.hosts.safe import read_in_child

    return read_in_child(path, kind)
