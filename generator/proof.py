"""Proves a finished paper: no tag is left in it, and every required value can be read in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from generator.package import W
from generator.printed import at, shown
from macros.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

    from generator.printed import Printed

#: What begins a tag, also in the full-width braces that are none.
MARKS = ("{{", "{%", "{#", "｛｛", "｛%")


def words(root: etree._Element) -> Iterable[str]:
    """The text as it reads, a line break for each paragraph and break."""
    for node in root.iter(f"{W}t", f"{W}br", f"{W}p", f"{W}tab"):
        yield (node.text or "") if node.tag == f"{W}t" else "\n"


def left_over(printed: str, context: Mapping[str, Printed], name: str) -> list[Finding]:
    """Tags in the finished text that are no data: the template was not filled."""
    if not any(mark in printed for mark in MARKS):
        return []
    for value in sorted(_strings(context), key=len, reverse=True):
        if any(mark in value for mark in MARKS):
            for line in value.split("\n"):
                printed = printed.replace(line, "") if line else printed
    mark = next((mark for mark in MARKS if mark in printed), "")
    if not mark:
        return []
    start = printed.index(mark)
    return [finding("DOC031", workbook=name, paragraph=shown(printed[start : start + 40].split("\n")[0]))]


def _strings(value: Printed) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    else:
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _strings(each)


def unprinted(
    printed: str, context: Mapping[str, Printed], required: Iterable[str], name: str,
) -> list[Finding]:
    """Required values that do not stand in the finished text."""
    lines = set(printed.split("\n"))
    findings = []
    for path in required:
        for value in at(context, path):
            if not all(line in lines or line in printed for line in value.split("\n")):
                field = path.replace("[]", "")
                findings.append(finding("DOC030", workbook=name, field=field, value=shown(value)))
                break
    return findings
