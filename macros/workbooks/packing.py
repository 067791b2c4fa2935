"""Packs a workbook so that the same content always gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

#: The moment every blank workbook bears, in its properties and in its package.
MADE = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - document properties carry no zone
_FIRST = ("[Content_Types].xml", "_rels/.rels")
_CORE = "docProps/core.xml"
_SAVED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def empty() -> Workbook:
    """A workbook without a sheet."""
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    return book


def pack(book: Workbook) -> bytes:
    """The workbook as a file; the moment of saving, which openpyxl writes into it, is replaced by `MADE`."""
    book.properties.created = MADE
    made = io.BytesIO()
    book.save(made)
    packed = io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        # Programs that guess a file's kind look at the first parts only.
        for name in sorted(source.namelist(), key=lambda part: (part not in _FIRST, part)):
            data = source.read(name)
            if name == _CORE:
                data = _SAVED.sub(rb"\g<1>" + MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>", data)
            entry = zipfile.ZipInfo(name, MADE.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, data)
    return packed.getvalue()
