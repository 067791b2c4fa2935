"""What Word would mend or refuse in a paper: tables that do not add up, names of styles and numbers of drawings."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from lxml import etree

from tests.office_parts import W, value, values

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_CORE = "{http://purl.org/dc/elements/1.1/}"


def word(trees: dict[str, etree._Element]) -> Iterator[str]:
    """Everything amiss in the parts of a .docx."""
    styles = {*values(trees["word/styles.xml"], f".//{W}style", f"{W}styleId")}
    for name, tree in trees.items():
        if not name.startswith("word/") or name.endswith(".rels"):
            continue
        used = {each for kind in ("pStyle", "rStyle", "tblStyle") for each in values(tree, f".//{W}{kind}", f"{W}val")}
        yield from (f"{name}: no style {each}" for each in sorted(used - styles))
        for table in tree.iter(f"{W}tbl"):
            yield from (f"{name}: {said}" for said in _table(table))
        for cell in tree.iter(f"{W}tc"):
            if not len(cell) or cell[-1].tag != f"{W}p":
                yield f"{name}: a cell does not end with a paragraph"
        pictures = list(tree.iter(_DRAWING))
        ids = [each.get("id") for each in pictures]
        if len(ids) != len({*ids}):
            yield f"{name}: drawings {ids}"
        yield from (f"{name}: a drawing without a text for those who cannot see it" for each in pictures if not each.get("descr"))
        for each in tree.iter(f"{W}t"):
            if any(sign in (each.text or "") for sign in "\t\n\r"):
                yield f"{name}: a tab or line's end within {each.text!r}"
    body = trees["word/document.xml"][0]
    if body[-1].tag != f"{W}sectPr" or body[-2].tag != f"{W}p":
        yield "word/document.xml: the body does not end with a paragraph and its section"
    for before, after in itertools.pairwise(body):
        if before.tag == after.tag == f"{W}tbl":
            yield "word/document.xml: two tables touch and would become one"
    if not trees["docProps/core.xml"].findtext(f"{_CORE}title"):
        yield "docProps/core.xml: no title"
    if value(trees["word/styles.xml"], f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang", f"{W}eastAsia") != "zh-CN":
        yield "word/styles.xml: the language is not Chinese"


def _table(table: etree._Element) -> Iterator[str]:
    """Rows that do not fill the grid, heading rows that are not the first, and merges that begin in the air."""
    grid = [int(each.get(f"{W}w", "0")) for each in table.findall(f"{W}tblGrid/{W}gridCol")]
    open_above: set[int] = set()
    plain = False
    for row in table.findall(f"{W}tr"):
        heading = row.find(f"{W}trPr/{W}tblHeader") is not None
        if heading and plain:
            yield "a heading row below others"
        plain = plain or not heading
        start, merged = 0, set()
        for cell in row.findall(f"{W}tc"):
            said = cell.find(f"{W}tcPr")
            wide = int(value(said, f"{W}gridSpan", f"{W}val", "1"))
            if sum(grid[start : start + wide]) != int(value(said, f"{W}tcW", f"{W}w", "0")):
                yield f"a cell of another width than its {wide} columns from {start}"
            if said is not None and said.find(f"{W}vMerge") is not None:
                merged.add(start)
                if value(said, f"{W}vMerge", f"{W}val") != "restart" and start not in open_above:
                    yield f"column {start} goes on with a cell that is not there"
            start += wide
        if start != len(grid):
            yield f"a row of {start} columns in a table of {len(grid)}"
        open_above = merged
