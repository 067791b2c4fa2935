"""The PDF files of papers just made, and one file of them all to print from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.findings import Finding

#: The folder of the PDF files, beside the papers.
PDF = "PDF"


def printed(documents: Sequence[Mapping[str, Any]], out: Path, book: Path | None = None) -> list[Finding]:
    """Turn papers into PDF files in the folder PDF below ``out``.

    Args:
        documents: the papers as the commands answer them, each with its ``file``, in the order of the batch.
        out: the folder of the papers.
        book: a file to be made of all the PDF files in that order; none when not given.

    Returns:
        What failed, paper by paper.
    """
    from generator.pdf import convert

    files = [Path(row["file"]) for row in documents]
    made, findings = convert(files, out / PDF)
    if book is not None:
        from generator.pdf_book import bind

        findings += bind(files, made, book)
    return findings
