"""The three measured papers as Word itself would save them, each in the tags of every engine, and what is put in."""

from __future__ import annotations

import io
import itertools
import re
import tomllib
import zipfile
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape

from benchmarks.documents_package import NAMESPACES, package

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Rows of an agreement's table of fees.
FEES = 12
_FIELD = re.compile(r"\{(\w+)\}")
_FONTS = 'w:ascii="仿宋_GB2312" w:eastAsia="仿宋_GB2312" w:hAnsi="仿宋_GB2312" w:cs="仿宋_GB2312"'
_PLACE = (
    '<w:widowControl/><w:spacing w:line="560" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="640"/>'
)
#: Half points of a statement, whose cells say less of their looks than a letter's paragraphs.
_SMALL = 18


class Dialect(NamedTuple):
    """How an engine writes a field, one of a row that repeats, a condition's two ends, and what repeats a row.

    ``rows`` are a tag in a row of its own before the row, one in its first cell, one in its last cell, and one in a row
    after it; NAME and TABLE stand for the names meant.
    """

    field: str
    column: str
    begin: str
    end: str
    rows: tuple[str, str, str, str]


DIALECTS = {
    "jinja": Dialect(
        "{{ NAME }}", "{{ row.NAME }}", "{%p if NAME %}", "{%p endif %}",
        ("{%tr for row in TABLE %}", "", "", "{%tr endfor %}"),
    ),
    "mustache": Dialect("{NAME}", "{NAME}", "{#NAME}", "{/NAME}", ("", "{#TABLE}", "{/TABLE}", "")),
    "carbone": Dialect(
        "{d.NAME}", "{d.TABLE[i].NAME}", "{d.NAME:ifEQ(true):showBegin}", "{d.NAME:showEnd}",
        ("", "", "", "{d.TABLE[i+1].seq}"),
    ),
    "hand": Dialect("{NAME}", "{NAME}", "{#NAME}", "{/NAME}", ("", "", "", "")),
    # A mail merge has no conditions: its paper always holds both clauses.
    "merge": Dialect("«NAME»", "«NAME»", "", "", ("", "", "", "")),
}


@cache
def words() -> dict[str, Any]:
    """What the papers say."""
    return tomllib.loads(Path(__file__).with_name("documents_words.toml").read_text(encoding="utf-8"))


class _Writer:
    """Writes Word's XML: an id on everything, fonts and sizes on every run, a fifth of the tags torn apart."""

    def __init__(self, dialect: str, size: int, runs: int) -> None:
        self.name, self.dialect, self.size, self.runs = dialect, DIALECTS[dialect], size, runs
        self._ids, self._tags = itertools.count(0x1A2B3C), itertools.count()

    def _id(self) -> str:
        return f"00{next(self._ids) % 0x1000000:06X}"

    def _rpr(self) -> str:
        fonts = _FONTS if self.size > _SMALL else 'w:eastAsia="宋体"'
        more = '<w:kern w:val="0"/>' if self.size > _SMALL else ""
        return (
            f'<w:rPr><w:rFonts {fonts} w:hint="eastAsia"/><w:color w:val="000000"/>{more}<w:sz w:val="{self.size}"/>'
            f'<w:szCs w:val="{self.size}"/><w:lang w:eastAsia="zh-CN"/></w:rPr>'
        )

    def run(self, text: str, content: str = "") -> str:
        """One run of text, or of other content."""
        content = content or f'<w:t xml:space="preserve">{escape(text)}</w:t>'
        return f'<w:r w:rsidR="{self._id()}" w:rsidRPr="{self._id()}">{self._rpr()}{content}</w:r>'

    def _tag(self, tag: str) -> str:
        if self.name == "merge":
            code = f'<w:instrText xml:space="preserve"> MERGEFIELD {tag[1:-1]} \\* MERGEFORMAT </w:instrText>'
            marks = [f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end")]
            return "".join(self.run("", each) for each in (marks[0], code, marks[1], f"<w:t>{tag}</w:t>", marks[2]))
        if next(self._tags) % 5 == 4 and self.name != "hand":
            middle = len(tag) // 2
            torn = '<w:proofErr w:type="spellStart"/>'
            return self.run(tag[:middle]) + torn + self.run(tag[middle:])
        return self.run(tag)

    def _runs(self, text: str, table: str) -> Iterator[str]:
        for number, piece in enumerate(_FIELD.split(text)):
            if number % 2:
                tag = self.dialect.column if table else self.dialect.field
                yield self._tag(tag.replace("NAME", piece).replace("TABLE", table))
            elif piece:
                step = -(-len(piece) // self.runs)
                yield from (self.run(piece[at : at + step]) for at in range(0, len(piece), step))

    def paragraph(self, text: str, table: str = "", more: tuple[str, str] = ("", "")) -> str:
        """A paragraph; ``more`` are tags before and after its text."""
        runs = "".join(self._runs(text, table))
        before, after = (self._tag(tag) if tag else "" for tag in more)
        ids = " ".join(f'{name}="{self._id()}"' for name in ("w14:paraId", "w:rsidR", "w:rsidRDefault", "w:rsidP"))
        place = _PLACE if self.size > _SMALL else ""
        return (
            f'<w:p {ids} w14:textId="77777777"><w:pPr>{place}<w:jc w:val="left"/>{self._rpr()}</w:pPr>'
            f"{before}{runs}{after}</w:p>"
        )

    def _row(self, cells: list[str]) -> str:
        sides = "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right"))
        width = 9000 // len(cells)
        made = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:tcBorders>{sides}</w:tcBorders>'
            f'<w:shd w:val="clear" w:color="auto" w:fill="auto"/><w:vAlign w:val="center"/></w:tcPr>{cell}</w:tc>'
            for cell in cells
        )
        ids = f'w:rsidR="{self._id()}" w14:paraId="{self._id()}" w14:textId="77777777"'
        return f"<w:tr {ids}><w:trPr><w:cantSplit/></w:trPr>{made}</w:tr>"

    def _marked(self, tag: str, columns: int) -> str:
        """A row that only holds a tag."""
        return self._row([self.paragraph("", "", (tag, "")) if not at else self.paragraph("") for at in range(columns)])

    def table(self, spec: Mapping[str, Any]) -> str:
        """A table with headings and one row that repeats."""
        columns, name = spec["columns"], spec["name"]
        before, first, last, after = (mark.replace("TABLE", name) for mark in self.dialect.rows)
        ends = [("", "")] * len(columns)
        ends[0], ends[-1] = (first, ""), ("", last)
        row = [self.paragraph(f"{{{key}}}", name, more) for (key, _), more in zip(columns, ends, strict=True)]
        rows = [self._row([self.paragraph(title) for _, title in columns])]
        rows += [self._marked(before, len(columns))] if before else []
        rows += [self._row(row)]
        rows += [self._marked(after, len(columns))] if after else []
        grid = "".join(f'<w:gridCol w:w="{9000 // len(columns)}"/>' for _ in columns)
        return (
            '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblLayout w:type="fixed"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def line(self, line: str, spec: Mapping[str, Any]) -> str:
        """A line of the paper: text, an end of a condition, or the table."""
        if line[0] == "#":
            return self.table(spec["table"])
        if line[0] in "?/":
            mark = self.dialect.begin if line[0] == "?" else self.dialect.end
            return self.paragraph("", "", (mark.replace("NAME", line[1:]), "")) if mark else ""
        return self.paragraph(line)


def template(kind: str, dialect: str) -> bytes:
    """The .docx template of a paper in one engine's tags."""
    spec = words()[kind]
    writer = _Writer(dialect, *((_SMALL, 1) if kind == "statement" else (21, 8) if kind == "agreement" else (32, 2)))
    body = "".join(writer.line(line, spec) for line in spec["lines"])
    header = writer.paragraph(spec["header"])
    root = f"<w:document {NAMESPACES}><w:body>{body}{{section}}</w:body></w:document>"
    return package(root, f"<w:hdr {NAMESPACES}>{header}</w:hdr>")


def names(kind: str) -> list[str]:
    """The fields of a paper outside of its table."""
    spec = words()[kind]
    return list(dict.fromkeys(_FIELD.findall(" ".join([spec["header"], *spec["lines"]]))))


def conditions(kind: str) -> list[str]:
    """What a paper's conditional clauses depend on."""
    return [line[1:] for line in words()[kind]["lines"] if line[0] == "?"]


def fields(kind: str) -> frozenset[str]:
    """The placeholders of a paper as our engine wants them named."""
    table = words()[kind].get("table", {"name": "", "columns": []})
    rows = {f"{table['name']}[]"} | {f"{table['name']}[].{name}" for name, _ in table["columns"]}
    return frozenset((*names(kind), *conditions(kind), *(rows if table["name"] else ())))


def _value(name: str, seed: int) -> str:
    number = (seed * 7919 + sum(name.encode()) * 131) % 9_999_991
    if name.endswith(("_on", "_by", "starts", "month")):
        return f"20{20 + number % 9}年{1 + number % 12}月{1 + number % 28}日"
    if name in ("amount", "total", "price", "guarantee") or name.endswith(("_price", "_fee", "_total")):
        return f"{number % 100_000 + number % 100 / 100:,.2f}"
    if name.endswith(("discount", "rate", "penalty")):
        return f"{number % 100}%"
    if name in ("seq", "days", "antennas", "systems", "years", "copies") or name.endswith(("_days", "_hours", "_day")):
        return str(1 + seed % 9_999_999)
    if name.endswith(("code", "_no", "lease", "phone", "hotline")):
        return f"{name[:2].upper()}{2026_0000_0000 + number}"
    return f"澜江{number % 997}号<{name[:3]}>&“{'东西南北'[number % 4]}”片区"


def values(kind: str, rows: int, seed: int, *, flags: tuple[Any, Any] = ("是", "")) -> dict[str, Any]:
    """What is put into a paper: seed 0 shows both conditional clauses, others hide one or both.

    Args:
        kind: the paper.
        rows: lines of a statement; other papers have none or always the same number.
        seed: another one gives other values.
        flags: how an engine wants a condition that holds and one that does not.
    """
    found: dict[str, Any] = {name: _value(name, seed) for name in names(kind)}
    found |= {name: flags[seed >> at & 1] for at, name in enumerate(conditions(kind))}
    table = words()[kind].get("table")
    if table:
        count = rows or FEES
        found[table["name"]] = [
            {name: str(at + 1) if name == "seq" else _value(name, seed * 31 + at) for name, _ in table["columns"]}
            for at in range(count)
        ]
    return found


def printed(data: bytes) -> tuple[list[str], int]:
    """What a paper reads, header first and empty paragraphs left out, and how many table rows it has."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        heads = sorted(name for name in archive.namelist() if re.fullmatch(r"word/header\d*\.xml", name))
        texts = [archive.read(name).decode() for name in (*heads, "word/document.xml")]
    lines: list[str] = []
    line = ""
    for found in re.finditer(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|(</w:p>)", "".join(texts)):
        line += unescape(found[1] or "")
        if found[2]:
            lines += [line] if line else []
            line = ""
    return lines, len(re.findall(r"<w:tr[ >]", texts[-1]))
