"""Parts a printed file of many papers into the papers again, at the places their bookmarks have in it."""

from __future__ import annotations

import html
import io
import re
from typing import TYPE_CHECKING, NamedTuple

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from generator.pdf_glyphs import exact
from generator.pdf_merge import MARK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CORE = "docProps/core.xml"
_SAID = re.compile(r"<dc:(title|creator)>([^<]*)</dc:")
_PROGRAM = ("/Creator", "/Producer", "/CreationDate")
_NAMES = {"title": "/Title", "creator": "/Author"}


class Paper(NamedTuple):
    """A printed paper, its number of pages, and whether they are certain to look as when it is printed alone."""

    data: bytes
    pages: int
    exact: bool


class Misprinted(Exception):
    """The printed file does not show where its papers begin."""


def split(data: bytes, papers: Sequence[Mapping[str, bytes]]) -> list[Paper]:
    """The papers of a printed file, in their order.

    Args:
        data: the PDF of what `generator.pdf_merge.merge` made.
        papers: the parts of the Word files it was made of, for their titles.

    Raises:
        Misprinted: not every paper has pages of its own, from the first page to the last.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        places = reader.named_destinations
        starts = [reader.get_destination_page_number(places[f"/{MARK.format(n)}"]) for n in range(len(papers))]
    except (PyPdfError, KeyError, ValueError) as error:
        raise Misprinted(str(error)) from error
    found = [-1 if start is None else start for start in starts]
    ends = [*found[1:], len(reader.pages)]
    if found[:1] != [0] or any(start >= end for start, end in zip(found, ends, strict=True)):
        raise Misprinted(str(found))
    return [
        Paper(_of(reader, range(start, end), paper), end - start, exact([reader.pages[n] for n in range(start, end)]))
        for start, end, paper in zip(found, ends, papers, strict=True)
    ]


def _of(reader: PdfReader, pages: range, paper: Mapping[str, bytes]) -> bytes:
    """Some pages as a file of their own, titled like the paper."""
    writer = PdfWriter()
    for page in pages:
        writer.add_page(reader.pages[page])
    said = _SAID.findall(paper.get(_CORE, b"").decode(errors="replace"))
    program = {name: str(value) for name, value in (reader.metadata or {}).items() if name in _PROGRAM}
    writer.add_metadata({**program, **{_NAMES[name]: html.unescape(words) for name, words in said}})
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
