"""One file to print: many PDF files in their order, with what they share stored once."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from generator.pdf import put
from macros.findings import Finding, finding
from macros.hosts import reason
from macros.progress import Cancelled, watched

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: Files joined before what is the same in them is stored once: bounds the memory.
_BUNDLE = 100


def bind(files: Sequence[Path], pdfs: Mapping[Path, Path], target: Path) -> list[Finding]:
    """Write one PDF of all papers in their order, with an outline of their names.

    Args:
        files: the papers, as Word files, in the order in which they are to be printed.
        pdfs: Word file → PDF file, as `generator.pdf.convert` gives it.
        target: the file to write; one that is there is replaced.

    Returns:
        A finding for each paper that is missing, and one where no file could be written.
    """
    findings: list[Finding] = []
    bound, part = PdfWriter(), PdfWriter()
    try:
        for number, file in enumerate(watched(files, len(files), lambda file: f"合订 {file.name}", "份"), 1):
            why = _joined(part, file, pdfs.get(file))
            if why:
                findings.append(finding("PDF004", workbook=target.name, file=file.name, why=why))
            if number % _BUNDLE == 0:
                bound.append(_stream(part))
                part = PdfWriter()
    except Cancelled as cancelled:
        return [*findings, finding("PDF005", workbook=target.name, file=target.name, why=str(cancelled))]
    bound.append(_stream(part))
    if not bound.pages:
        return findings
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        put(target, _stream(bound).getvalue())
    except OSError as error:
        why = reason(error)
        findings.append(finding("PDF005", workbook=target.name, file=target.name, why=why))
    return findings


def _joined(part: PdfWriter, file: Path, pdf: Path | None) -> str:
    """Add one paper; why not, where it cannot be."""
    if pdf is None:
        return "没有转成PDF"
    try:
        part.append(PdfReader(io.BytesIO(pdf.read_bytes())), outline_item=file.stem, import_outline=False)
    except OSError as error:
        return reason(error)
    except PyPdfError:
        return "PDF文件已损坏"
    return ""


def _stream(writer: PdfWriter) -> io.BytesIO:
    """What was joined, each thing in it once."""
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=False)
    stream = io.BytesIO()
    writer.write(stream)
    stream.seek(0)
    return stream
