"""Read CSV, TSV and other separated text: encoding and separator found by trial, every cell as text."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

from macros.hosts import Sheet, reason, refuse
from macros.hosts.limits import limit

if TYPE_CHECKING:
    from pathlib import Path

    from macros.records import Cell

SEPARATORS = ",;\t|"
_SAMPLE = 20  # records looked at to choose the separator


def decode(data: bytes, workbook: str) -> str:
    """Text of ``data``: UTF-16 by its mark, else UTF-8, else GB18030, none of them by replacing bytes.

    Raises:
        Refused: no encoding fits; the finding gives the first byte that fits none (WBK016).
    """
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    tries = ["utf-16"] if marked else ["utf-8-sig", "gb18030"]
    offset = 0
    for encoding in tries:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            offset = max(offset, error.start)
    raise refuse("WBK016", workbook, offset=offset)


def separator(text: str) -> str:
    """The separator that splits the first records most evenly into the most fields; a comma where none does."""
    best = (0, 0, ",")
    for candidate in SEPARATORS:
        widths = []
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=candidate, strict=True)
        try:
            for record in reader:
                if record:
                    widths.append(len(record))
                if len(widths) == _SAMPLE:
                    break
        except csv.Error:
            continue
        # A title above the table has no separator, or another number of them.
        parted = Counter(width for width in widths if width > 1)
        if parted:
            width, even = max(parted.items(), key=lambda one: (one[1], one[0]))
            best = max(best, (even, width, candidate), key=lambda one: one[:2])
    return best[2]


def read_text(path: Path) -> Sheet:
    """One sheet with an empty title; ``rows[n]`` is the n-th record, which a quoted newline may spread over lines.

    Raises:
        Refused: too large (WBK011), unreadable (WBK001), unknown encoding (WBK016), quotes unpaired (WBK017).
    """
    name = path.name
    try:
        size = path.stat().st_size
        if size > limit("file", "text_bytes"):
            raise refuse("WBK011", name, limit=limit("file", "text_bytes"), size=size)
        text = decode(path.read_bytes(), name)
    except OSError as error:
        raise refuse("WBK001", name, reason=reason(error)) from error
    text = text.rstrip("\x1a")  # old programs end a text file with Ctrl-Z
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
    shared: dict[str, str] = {}
    try:
        for record in reader:
            cells: list[Cell] = [shared.setdefault(cell, cell) or None for cell in record]
            while cells and cells[-1] is None:
                cells.pop()
            rows.append(cells)
    except csv.Error as error:
        raise refuse("WBK017", name, reason=f"第 {reader.line_num} 行附近的引号无法配对") from error
    return Sheet("", rows)
