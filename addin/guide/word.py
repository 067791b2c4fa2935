"""The guide as a Word file to print: contents, headings, tables, pictures and page numbers, in the papers' fonts."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from addin.guide import runs
from addin.guide.runs import look
from addin.guide.source import DOCS, SOURCE, tokens, whole
from generator.figure_drawing import Drawn
from generator.layout_package import package
from generator.layout_paper import Cell, Row, house, paragraph, table, twips

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markdown_it.token import Token

BOOK = SOURCE.with_suffix(".docx")
#: Characters that a column's share of a table counts at least and at most, where look.toml says nothing.
_SHARE = (6, 40)
#: How a paragraph of words begins; the first one begins the page after the contents.
_STYLED = '<w:pStyle w:val="GDText"/>'
_PAGE = re.compile(r"PAGEREF (\w+) .*?<w:t [^>]*>(\d+)</w:t>")


@dataclass
class _Book:
    """What was written so far: the body, the headings with their level and mark, and the pictures."""

    body: list[str] = field(default_factory=list)
    headings: list[tuple[int, str, str]] = field(default_factory=list)
    pictures: list[Drawn] = field(default_factory=list)


def book(pages: Mapping[str, int]) -> bytes:
    """The Word file; the same text, pictures and pages always give the same bytes.

    Args:
        pages: the page of each heading by its mark, for the table of contents.
    """
    made = _Book()
    _write(made, tokens(whole()))
    front = paragraph("Title", look()["title"]) + paragraph("GDSubtitle", look()["subtitle"])
    text = "".join(made.body).replace(_STYLED, f"{_STYLED}<w:pageBreakBefore/>", 1)
    body = front + _contents(made.headings, pages) + text
    return package(
        body, "portrait", look()["title"], look()["header"], made.pictures, footer="", styles=look()["style"],
    )


def pages_of(data: bytes) -> dict[str, int]:
    """The pages in the table of contents of a Word file of ours, by their heading's mark."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {mark: int(page) for mark, page in _PAGE.findall(archive.read("word/document.xml").decode())}


def headings() -> list[tuple[str, str]]:
    """Every heading of the table of contents: its mark and its words."""
    made = _Book()
    _write(made, tokens(whole()))
    return [(mark, words) for _, mark, words in made.headings]


def _contents(found: Sequence[tuple[int, str, str]], pages: Mapping[str, int]) -> str:
    """The table of contents: Word's own, with what it will find written in already."""
    depth = look()["depth"]
    end = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{twips(_width())}"/></w:tabs>'
    lines = []
    for number, (level, mark, words) in enumerate(found):
        tab = "<w:r><w:tab/></w:r>"
        page = runs.field(f"PAGEREF {mark} \\h", str(pages.get(mark, 1)))
        line = f'<w:hyperlink w:anchor="{mark}" w:history="1">{runs.run(words)}{tab}{page}</w:hyperlink>'
        indent = f'<w:ind w:left="{twips(look()["hanging"]) * (level - 1)}"/>'
        lines.append(_lined(f"TOC{level}", end + indent, line if number else _begin(depth) + line))
    lines.append(_lined("GDAfter", "", '<w:r><w:fldChar w:fldCharType="end"/></w:r>'))
    return paragraph("GDContents", look()["contents"]) + "".join(lines)


def _begin(depth: int) -> str:
    begin, middle = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate"))
    order = f'TOC \\o "1-{depth}" \\h \\z \\u'
    return f'{begin}<w:r><w:instrText xml:space="preserve"> {order} </w:instrText></w:r>{middle}'


def _lined(style: str, properties: str, content: str) -> str:
    """A paragraph of ready runs."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def _width() -> float:
    page = house()["page"]["portrait"]
    return float(page["width"] - 2 * page["side"])


def _write(made: _Book, parts: Sequence[Token]) -> None:
    """Write every block of the text into the body, in its order."""
    hanging = twips(look()["hanging"])
    item = f'<w:ind w:left="{hanging}" w:hanging="{hanging}"/>'
    marks: list[str] = []  # before the words of the list's item that comes next
    counted: list[int] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        if part.type == "heading_open":
            _heading(made, part.tag, parts[at + 1])
        elif part.type == "table_open":
            end = next(here for here in range(at, len(parts)) if parts[here].type == "table_close")
            made.body.append(_table(parts[at:end]) + paragraph("GDAfter"))
            at = end
        elif part.type in ("bullet_list_open", "ordered_list_open"):
            counted.append(0 if part.type.startswith("ordered") else -1)
        elif part.type in ("bullet_list_close", "ordered_list_close"):
            counted.pop()
        elif part.type == "list_item_open":
            counted[-1] += counted[-1] >= 0
            marks.append(f"{counted[-1]}." if counted[-1] > 0 else look()["bullet"])
        elif part.type == "fence":
            made.body += [_lined("GDCode", "", runs.code(line)) for line in part.content.splitlines()]
        elif part.type == "inline" and parts[at - 1].type == "paragraph_open":
            children = part.children or []
            if children and children[0].type == "image":
                _picture(made, children[0])
            elif marks:
                words = runs.run(marks.pop()) + "<w:r><w:tab/></w:r>" + runs.runs(children)
                made.body.append(_lined("GDItem", item, words))
            else:
                made.body += [_lined("GDText", "", runs.runs(line)) for line in _lines(children)]
        at += 1


def _lines(children: Sequence[Token]) -> Iterator[list[Token]]:
    """The lines of a paragraph, which the text breaks where the page should."""
    line: list[Token] = []
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            yield line
            line = []
        else:
            line.append(child)
    yield line


def _heading(made: _Book, tag: str, words: Token) -> None:
    level = look()["levels"].get(tag)
    if level is None:  # the title stands on the first page already
        return
    text = words.content
    number = len(made.headings) + 1
    mark = f"_Toc{number:04d}"
    anchor = runs.runs(words.children or [])
    new = "<w:pageBreakBefore/>" if level == 1 and text.startswith(tuple(look()["breaks"])) else ""
    if level <= look()["depth"]:
        made.headings.append((level, mark, text))
        anchor = f'<w:bookmarkStart w:id="{number}" w:name="{mark}"/>{anchor}<w:bookmarkEnd w:id="{number}"/>'
    made.body.append(_lined(f"Heading{level}", new, anchor))


def _picture(made: _Book, image: Token) -> None:
    number = len(made.pictures) + 1
    file = DOCS / unquote(str(image.attrs["src"]))
    made.pictures.append(Drawn(f"media/image{number}.png", "image", f"rIdPicture{number}", file.read_bytes(), ""))
    made.body.append(_lined("GDPicture", "", runs.picture(file, number, image.content)))
    made.body.append(paragraph("GDCaption", image.content))


def _table(parts: Sequence[Token]) -> str:
    """A table of the text: its heading repeats on every page, no row is split."""
    rows: list[list[Token]] = []
    for at, part in enumerate(parts):
        if part.type == "tr_open":
            rows.append([])
        elif part.type == "inline" and parts[at - 1].type in ("th_open", "td_open"):
            rows[-1].append(part)
    widths, shade = _widths(rows), house()["table"]["label"]
    made = []
    for number, row in enumerate(rows):
        style, fill = ("GDHead", shade) if number == 0 else ("GDCell", "")
        cells = (
            Cell(_lined(style, "", runs.runs(cell.children or [])), wide, fill, valign="top")
            for cell, wide in zip(row, widths, strict=True)
        )
        made.append(Row(tuple(cells), repeat=number == 0))
    return table(made, _width())


def _widths(rows: Sequence[Sequence[Token]]) -> list[float]:
    """The widths of a table's columns: as look.toml has them, or by their longest texts."""
    heads = [cell.content for cell in rows[0]]
    known = next((each["shares"] for each in look()["widths"] if each["heads"] == heads), None)
    least, most = _SHARE
    shares = known or [min(most, max(least, *(len(row[at].content) for row in rows))) for at in range(len(heads))]
    return [_width() * share / sum(shares) for share in shares]
