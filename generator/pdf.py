"""Turns finished Word files into PDF files: with warm LibreOffices, many short papers of one kind in one go."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from generator.names import unique_name
from generator.pdf_limits import limits
from macros.findings import Finding, finding
from macros.hosts import reason
from macros.progress import Cancelled, steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from generator.pdf_limits import Limits

_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)


def find_office() -> Path | None:
    """Where LibreOffice is installed; None when it is not."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    places = [Path(found)] if found else [Path(place) for place in _PLACES]
    return next((place for place in places if place.is_file()), None)


def convert(
    files: Sequence[Path], out: Path, office: Path | None = None, caps: Limits | None = None,
) -> tuple[dict[Path, Path], list[Finding]]:
    """Convert Word files to PDF files of the same names in ``out``; of two with one name the second gets a number.

    Where Word is installed it makes them itself, unless ``office`` is given; else LibreOffice does.

    Args:
        files: finished documents.
        out: folder of the PDF files, made when missing.
        office: LibreOffice, looked for when not given.
        caps: what it may take; the data file's when not given.

    Returns:
        Word file → PDF file, in the order of ``files``, and a finding for each that failed.
    """
    from generator import pdf_word

    word = pdf_word.find_word() if office is None else None
    office = office or find_office()
    if office is None and word is None:
        return {}, [finding("DOC050")]
    files = list(dict.fromkeys(files))
    if not files:
        return {}, []
    out.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    targets = {file: out / unique_name(file.stem, ".pdf", taken) for file in files}
    made: dict[Path, Path] = {}
    findings: list[Finding] = []
    try:
        with steps(len(files), "份") as begin:
            left = list(files)
            if word is not None:
                left = pdf_word.exported(word, targets, made, findings, lambda file: begin(_doing(file)))
            if left and office is not None:
                _with_office(office, left, targets, caps or limits(), made, findings, begin)
    except Cancelled as cancelled:
        findings.append(finding("ADD403", done=len(made), left=cancelled.left))
    return {file: made[file] for file in files if file in made}, findings


def _with_office(
    office: Path, files: Sequence[Path], targets: dict[Path, Path], caps: Limits, made: dict[Path, Path],
    findings: list[Finding], begin: Callable[[str], None],
) -> None:
    """Print the files with LibreOffice, put each in its place and say what failed.

    Raises:
        Cancelled: the user wants no more; what was put in its place stays.
    """
    from generator.pdf_fonts import without_font
    from generator.pdf_pool import printing

    waiting = dict.fromkeys(files)
    findings += without_font(files)
    with printing(office, files, caps) as results:
        for _ in files:
            begin(_doing(next(iter(waiting))))
            file, printed = next(results)
            del waiting[file]
            if isinstance(printed, Finding):
                findings.append(printed)
                continue
            try:
                put(targets[file], printed)
            except OSError as error:
                why = reason(error)
                findings.append(finding("DOC040", workbook=targets[file].name, why=why))
            else:
                made[file] = targets[file]


def _doing(file: Path) -> str:
    return f"转成 PDF {file.name}"


def put(target: Path, data: bytes) -> None:
    """Write a finished file to its place in one step.

    Raises:
        OSError: it cannot be written; what was there is untouched.
    """
    temporary = target.with_name(f".~{target.name}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
