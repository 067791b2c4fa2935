"""Examines a template as its editor should hear of it: every mistake, and what is legal but rarely meant."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from lxml import etree

from generator import places
from generator.columns import placeholders, required
from generator.comparing import compared
from generator.definitions import fields
from generator.lint import whole
from generator.opening import environment, text_parts
from generator.package import MAX_BYTES, W, parser, read_package
from generator.places import Paragraph, Place
from generator.printed import shown
from generator.tags import PATTERN, tags, unclosed
from macros.findings import Finding, finding
from macros.hosts import reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.blocks import Said
    from generator.definitions import Definition

#: Fields that show something else when the paper is opened or printed than what was issued.
_CHANGING = re.compile(
    r"\s*(DATE|TIME|SAVEDATE|PRINTDATE|CREATEDATE|EDITTIME|AUTHOR|USERNAME|USERINITIALS|USERADDRESS|LASTSAVEDBY|"
    r"FILENAME|MERGEFIELD|MERGEREC|MERGESEQ|NEXT|NEXTIF|ASK|FILLIN|DOCPROPERTY|DOCVARIABLE|COMMENTS|KEYWORDS|SUBJECT|"
    r"TITLE|INFO|TEMPLATE|REVNUM)\b", re.IGNORECASE,
)
_STATEMENTS = ("if", "elif", "else", "endif", "for", "endfor")
_COMMENTS = re.compile(r"word/comments[^/]*\.xml")


def examine(path: Path, definition: Definition) -> list[Finding]:
    """Everything there is to say of a template, in the order somebody reads it; errors are those that stop a paper.

    Args:
        path: the file.
        definition: the kind of document it is for.
    """
    name = path.name
    try:
        if path.stat().st_size > MAX_BYTES:
            return [finding("DOC007", workbook=name, limit=MAX_BYTES // 1024 // 1024)]
        data = path.read_bytes()
    except OSError as error:
        return [finding("DOC001", workbook=name, why=reason(error))]
    parts, findings = read_package(data, name)
    if findings:
        return findings
    texts = text_parts(parts)
    used, said = whole(parts, texts, environment, fields(definition), name)
    end = Paragraph(etree.Element("end"), Place(places.END))
    said += [
        (end, finding("DOC017", workbook=name, field=path_.replace("[]", ""), form=definition.label))
        for path_ in sorted(required(definition, name) - used)
        if not any(each.endswith(f".{path_}") for each in used)  # the same rows, gathered in groups
    ]
    said += [
        (end, finding("FIG003", workbook=name, value=each.name))
        for each in definition.figures if each.name in _placed(definition, name) and each.field not in used
    ]
    said += _advice(parts, texts, definition, name)
    if _commented(data):
        said.append((end, finding("DOC077", workbook=name)))
    return [found for _, found in sorted(said, key=lambda each: each[0].place)]


def _placed(definition: Definition, template: str) -> set[str]:
    """The figures that a template has when the program draws it."""
    blocks = [each for each in definition.layout if each["block"] == "figure"]
    named = [each["name"] for each in blocks if template in each.get("only", [template])]
    return {one for name in named for one in (name if isinstance(name, list) else [name])}


def _commented(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(_COMMENTS.fullmatch(part) for part in archive.namelist())


def _advice(
    parts: Mapping[str, bytes], texts: Sequence[str], definition: Definition, name: str,
) -> Iterator[Said]:
    columns = {each.path: each.column for each in placeholders(definition) if each.column}
    for part, label, turn in places.labels(parts, texts):
        root = etree.fromstring(parts[part], parser())
        paragraphs = places.read(root, label, turn)
        for code, each, details in (*_split(paragraphs), *_blank(paragraphs), *_shifting(paragraphs)):
            yield each, finding(code, workbook=name, paragraph=each.quoted(), **details)
        for each, value, title, near in compared(paragraphs, environment, columns):
            yield each, finding(
                "DOC074", workbook=name, paragraph=each.quoted(), value=value, title=title, near=near,
            )


Advice = tuple[str, Paragraph, dict[str, str]]


def _split(paragraphs: Sequence[Paragraph]) -> Iterator[Advice]:
    """The first paragraph whose tags Word split into runs, with the number of all of them."""
    split = [each for each in paragraphs if any(_over(each, tag.start, len(tag.written)) for tag in tags(each))]
    if split:
        yield "DOC071", split[0], {"count": str(len(split))}


def _over(paragraph: Paragraph, start: int, length: int) -> bool:
    """Whether some signs of a paragraph stand in more than one text element."""
    for text in paragraph.texts:
        size = len(text.text or "")
        if start < size:
            return start + length > size
        start -= size
    return False


def _blank(paragraphs: Sequence[Paragraph]) -> Iterator[Advice]:
    """Lines and rows that stay blank in the paper: a statement alone in its paragraph, an empty row within a loop."""
    rows: dict[etree._Element, list[Paragraph]] = {}
    for each in paragraphs:
        row = next(each.element.iterancestors(f"{W}tr"), None)
        if row is not None:
            rows.setdefault(row, []).append(each)
        for tag in tags(each)[:1]:
            joined = "-" in (tag.written[2:3], tag.written[-3:-2])  # with the paragraph before or after
            plain = tag.word in _STATEMENTS and tag.mark == "%" and not tag.level and not joined
            if plain and each.words.strip() == tag.written:
                yield "DOC073", each, {"value": tag.written}
    loops: dict[etree._Element | None, int] = {}
    always: dict[etree._Element | None, bool] = {}
    for row, held in rows.items():
        table = row.getparent()
        always.setdefault(table, False)
        words = "".join(each.words for each in held)
        turn = next((tag for each in held for tag in tags(each) if tag.level == "tr"), None)
        if turn:
            loops[table] = loops.get(table, 0) + {"for": 1, "if": 1, "endfor": -1, "endif": -1}.get(turn.word, 0)
        elif not loops.get(table, 0):
            always[table] = True
        elif not words.strip() and next(row.iter(f"{W}drawing", f"{W}pict"), None) is None:
            yield "DOC072", held[0], {}
    for table, has_row in always.items():
        if not has_row:
            first = next(held[0] for row, held in rows.items() if row.getparent() is table)
            yield "DOC079", first, {}


def _shifting(paragraphs: Sequence[Paragraph]) -> Iterator[Advice]:
    """Fields that change after the paper is issued, tags within a field's result, and text nobody sees."""
    depth = 0
    for each in paragraphs:
        code: list[str] = []
        for node in each.element.iter(f"{W}fldChar", f"{W}instrText", f"{W}fldSimple", f"{W}t"):
            kind = node.get(f"{W}fldCharType", "")
            if kind == "separate":
                depth += 1
            elif kind == "end":
                depth = max(0, depth - 1)
            elif node.tag == f"{W}t" and depth and PATTERN.search(node.text or ""):
                yield "DOC076", each, {"value": shown(node.text or "")}
            elif node.tag in (f"{W}instrText", f"{W}fldSimple"):
                code.append(node.get(f"{W}instr") or node.text or "")
        found = _CHANGING.match("".join(code))
        if found:
            yield "DOC075", each, {"value": found[1].upper()}
        hidden = [node for node in each.element.iter(f"{W}vanish") if node.get(f"{W}val", "1") not in ("0", "false")]
        if hidden and unclosed(each, ()).strip():
            yield "DOC078", each, {}
