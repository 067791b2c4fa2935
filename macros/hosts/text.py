"""Read CSV, TSV and other separated text: encoding and separator found by trial, every cell as text."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

from macros.hosts import Sheet, refuse
from macros.hosts.regular import content

if TYPE_CHECKING:
    from pathlib import Path

    from macros.records import Cell

SEPARATORS = ",;\t|"
#: The longer marks first: that of UTF-16 begins that of UTF-32.
_MARKED = (
    ("utf-32", (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)),
    ("utf-16", (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)),
)
#: How a text is kept from being taken for a number when a spreadsheet opens the file: ="0012".
_GUARDED = re.compile(r'="((?:[^"]|"")*)"')
_SAMPLE = 20  # records looked at to choose the separator


def decode(data: bytes, workbook: str) -> str:
    """Text of ``data``: UTF-32 or -16 by its mark, else UTF-8, else GB18030, none of them by replacing bytes.

    Raises:
        Refused: no encoding fits; the finding gives the first byte that fits none (WBK016).
    """
    tries = next(([encoding] for encoding, marks in _MARKED if data.startswith(marks)), ["utf-8-sig", "gb18030"])
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


def _bare(cell: str) -> str:
    """A cell's text without the formula that only guards it."""
    guarded = _GUARDED.fullmatch(cell.strip()) if '="' in cell else None
    return guarded[1].replace('""', '"') if guarded else cell


def read_text(path: Path) -> Sheet:
    """One sheet with an empty title; ``rows[n]`` is the n-th record, which a quoted newline may spread over lines.

    Raises:
        Refused: too large (WBK011), unreadable (WBK001), unknown encoding (WBK016), quotes unpaired (WBK017).
    """
    name = path.name
    text = decode(content(path), name)
    text = text.rstrip("\x1a")  # old programs end a text file with Ctrl-Z
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
    shared: dict[str, str] = {}
    try:
        for record in reader:
            cells: list[Cell] = [shared.setdefault(cell, _bare(cell)) or None for cell in record]
            while cells and cells[-1] is None:
                cells.pop()
            rows.append(cells)
    except csv.Error as error:
        raise refuse("WBK017", name, reason=f"第 {reader.line_num} 行附近的引号无法配对") from error
    return Sheet("", rows)
