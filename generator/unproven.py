"""Renders a template whose soundness cannot be proven beforehand, and looks at what came out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2.exceptions import TemplateError
from lxml import etree

from generator import proof
from generator.archive import Packed, pack
from generator.opening import DECLARATION, environment, numbered_drawings
from generator.package import parser, to_bytes
from macros.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.printed import Printed

_TABLE = re.compile(r"<w:tbl[ >]")


def render(
    sources: Mapping[str, str], context: Mapping[str, Printed], required: Iterable[str], name: str, limit: int,
) -> tuple[dict[str, Packed], list[Finding]]:
    """Fill a template's parts by way of Jinja, mend their tables as docxtpl does, and read the result.

    Args:
        sources: its parts with tags.
        context: what it prints.
        required: placeholders whose values must stand in the finished text.
        name: the template's file name, for findings.
        limit: characters a part may have at most.

    Returns:
        The finished parts, or the reasons why there are none.
    """
    parts: dict[str, Packed] = {}
    texts = []
    for part, source in sources.items():
        text, said = _filled(part, source, context, name, limit)
        if text is None:
            return {}, said
        xml = (DECLARATION + text).encode()
        try:
            root = etree.fromstring(xml, parser(deep=True))
        except etree.XMLSyntaxError:
            return {}, [finding("DOC034", workbook=name, part=part)]
        if _TABLE.search(text):
            from docxtpl import DocxTemplate

            xml = to_bytes(DocxTemplate(None).fix_tables(text.encode()))
        parts[part] = pack(xml)
        texts.append("".join(proof.words(root)))
    printed = "\n".join(texts)
    findings = proof.left_over(printed, context, name)
    findings += proof.unprinted(printed, context, required, name)
    return ({}, findings) if findings else (parts, [])


def _filled(
    part: str, source: str, context: Mapping[str, Printed], name: str, limit: int,
) -> tuple[str | None, list[Finding]]:
    """One part as text, stopping as soon as it grows beyond all reason."""
    pieces, size = [], 0
    try:
        for piece in environment.from_string(source).generate(context):
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                return None, [finding("DOC032", workbook=name)]
    except (TemplateError, TypeError) as error:
        return None, [finding("DOC033", workbook=name, part=part, why=_reason(error))]
    return numbered_drawings("".join(pieces)), []


def _reason(error: Exception) -> str:
    word = re.search(r"'([^']*)' is undefined|has no attribute '([^']*)'", str(error))
    return f"没有“{word[1] or word[2]}”" if word else "标记与数据不符"
