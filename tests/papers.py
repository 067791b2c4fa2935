"""Small Word files for tests: built from lines and tables, and read back as text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx
from lxml import etree

from generator.package import W, parser


def paper(*lines: str, table: Sequence[Sequence[str]] = (), header: str = "") -> bytes:
    """A .docx with a paragraph per line, then a table, and a header; a line's ``|`` starts a new run."""
    document = docx.Document()
    for line in lines:
        paragraph = document.add_paragraph()
        for run in line.split("|"):
            paragraph.add_run(run)
    if table:
        grid = document.add_table(len(table), max(map(len, table)))
        for row, texts in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, texts, strict=False):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    document.core_properties.author = "某人"
    document.core_properties.comments = "内部底价"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of a .docx."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(data: bytes, new: Mapping[str, bytes]) -> bytes:
    """The file with some parts replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts(data), **new}.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def text(data: bytes, part: str = "word/document.xml") -> str:
    """What a part reads: a line per paragraph, line breaks as written."""
    root = etree.fromstring(parts(data)[part], parser())
    lines = []
    for paragraph in root.iter(f"{W}p"):
        nodes = paragraph.iter(f"{W}t", f"{W}br")
        lines.append("".join((node.text or "") if node.tag == f"{W}t" else "\n" for node in nodes))
    return "\n".join(lines)
