"""On which page each heading of the guide is printed, by the product's own way to a PDF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from addin.guide.word import headings

if TYPE_CHECKING:
    from pathlib import Path

_BLANK = re.compile(r"\s+")


def pages(file: Path) -> dict[str, int]:
    """The page of every heading by its mark, after the Word file was printed beside itself.

    Raises:
        RuntimeError: it cannot be printed here, or a heading is on no page.
    """
    from generator.pdf import convert

    made, findings = convert([file], file.parent)
    if file not in made:
        raise RuntimeError("; ".join(said.message for said in findings))
    return found(made[file])


def found(pdf: Path) -> dict[str, int]:
    """The page of every heading in the guide's PDF, in the order of the text.

    Raises:
        RuntimeError: a heading is on no page.
    """
    from pypdf import PdfReader

    sheets = [[_BLANK.sub("", line) for line in page.extract_text().splitlines()] for page in PdfReader(pdf).pages]
    marks: dict[str, int] = {}
    at = 0
    for mark, words in headings():
        wanted = _BLANK.sub("", words)
        places = [number for number in range(at, len(sheets)) if wanted in sheets[number]]
        if not places:
            raise RuntimeError(f"on no page: {words}")
        at = places[0]
        marks[mark] = at + 1
    return marks
