"""The paper of a drawn template: WordprocessingML of paragraphs, tables and the package around them."""

from __future__ import annotations

import io
import tomllib
import zipfile
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

#: Written as last editor of a drawn template; Word and WPS put the user's name there when they save.
DRAWN_BY = "TowerDesk layout"
_HOUSE = Path(__file__).parent.parent / "macros" / "rules" / "house.toml"
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NS = f'xmlns:w="{_MAIN}" xmlns:r="{_RELS}"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: Twentieths of a point in a centimetre.
_TWIPS = 567


@cache
def house() -> dict[str, Any]:
    """The house style, `macros/rules/house.toml`."""
    return tomllib.loads(_HOUSE.read_text(encoding="utf-8"))


def twips(centimetres: float) -> int:
    """Centimetres in Word's unit."""
    return round(centimetres * _TWIPS)


def paragraph(style: str, text: str = "", *, align: str = "", keep: bool = False, extra: str = "") -> str:
    """One paragraph in one run per line piece, so that a placeholder is never split.

    Args:
        style: style id of house.toml.
        text: its text; a tab and a line feed become Word's own.
        align: left | center | right | both; empty takes the style's.
        keep: keep on one page with the next paragraph.
        extra: further paragraph properties as XML (tabs, borders).
    """
    properties = f'<w:pStyle w:val="{style}"/>' + ("<w:keepNext/>" if keep else "") + extra
    properties += f'<w:jc w:val="{align}"/>' if align else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def run(text: str) -> str:
    """Text as a run; empty text gives nothing."""
    if not text:
        return ""
    inner = escape(text).replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    inner = inner.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{inner}</w:t></w:r>'


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: ready paragraphs, width in cm, shade (RRGGBB), vertical merge (restart | continue)."""

    content: str
    width: float
    shade: str = ""
    merge: str = ""
    valign: str = "center"


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; ``height`` is the least height in cm; ``repeat`` marks a heading row."""

    cells: tuple[Cell, ...]
    height: float = 0
    repeat: bool = False


def table(rows: list[Row], width: float) -> str:
    """A table whose rows may divide the width (cm) differently: the grid is the union of all cell edges.

    No row is split over pages; heading rows repeat.
    """
    edges = sorted({_snap(edge, width) for row in rows for edge in accumulate(cell.width for cell in row.cells)})
    starts = {edge: position for position, edge in enumerate([0, *edges])}
    look = house()["table"]
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="{look[kind]}" w:space="0" w:color="auto"/>'
        for side, kind in (("top", "outer"), ("left", "outer"), ("bottom", "outer"), ("right", "outer"),
                           ("insideH", "inner"), ("insideV", "inner"))
    )
    grid = "".join(
        f'<w:gridCol w:w="{high - low}"/>' for low, high in zip([0, *edges], edges, strict=False)
    )
    body = "".join(_row(row, starts, width) for row in rows)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{edges[-1]}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
    )


def _snap(edge: float, width: float) -> int:
    """A cell edge in twips; edges within a millimetre of the right margin or of each other coincide."""
    place = width if abs(edge - width) < 0.1 else edge
    return round(twips(place) / 57) * 57


def _row(row: Row, starts: dict[int, int], width: float) -> str:
    properties = "<w:cantSplit/>"
    if row.height:
        properties += f'<w:trHeight w:val="{twips(row.height)}" w:hRule="atLeast"/>'
    if row.repeat:
        properties += "<w:tblHeader/>"
    cells, left = "", 0
    for cell, edge in zip(row.cells, accumulate(cell.width for cell in row.cells), strict=True):
        right = _snap(edge, width)
        span = starts[right] - starts[left]
        inner = f'<w:tcW w:w="{right - left}" w:type="dxa"/>'
        inner += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        inner += f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
        inner += f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.shade}"/>' if cell.shade else ""
        cells += f'<w:tc><w:tcPr>{inner}<w:vAlign w:val="{cell.valign}"/></w:tcPr>{cell.content}</w:tc>'
        left = right
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def package(body: str, orientation: str, title: str, header: str = "") -> bytes:
    """The whole .docx; the same arguments give the same bytes.

    Args:
        body: paragraphs and tables as XML.
        orientation: portrait | landscape, a page of house.toml.
        title: the document title in the file's properties.
        header: what stands above a line at the head of every page; nothing when empty.
    """
    words, page = house()["words"], house()["page"][orientation]
    turned = ' w:orient="landscape"' if orientation == "landscape" else ""
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>'
        f'<w:pgSz w:w="{twips(page["width"])}" w:h="{twips(page["height"])}"{turned}/>'
        f'<w:pgMar w:top="{twips(page["top"])}" w:right="{twips(page["side"])}" w:bottom="{twips(page["bottom"])}"'
        f' w:left="{twips(page["side"])}" w:header="{twips(page["header"])}" w:footer="{twips(page["footer"])}"'
        ' w:gutter="0"/></w:sectPr>'
    )
    line = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="3" w:color="808080"/></w:pBdr>' if header else ""
    middle = twips((page["width"] - 2 * page["side"]) / 2)
    tabs = f'<w:tabs><w:tab w:val="center" w:pos="{middle}"/></w:tabs>'
    before, between, after = words["page"]
    counted = run(f"{words['footer']}\t{before}") + _field("PAGE") + run(between) + _field("NUMPAGES") + run(after)
    footer = f'<w:p><w:pPr><w:pStyle w:val="TDFooter"/>{tabs}</w:pPr>{counted}</w:p>'
    parts = dict(_static())
    parts["docProps/core.xml"] = parts["docProps/core.xml"].replace("TITLE", escape(title))
    parts["word/styles.xml"] = _HEAD + f"<w:styles {_NS}>{_styles()}</w:styles>"
    parts["word/header1.xml"] = _HEAD + f"<w:hdr {_NS}>{paragraph('TDHeader', header, extra=line)}</w:hdr>"
    parts["word/footer1.xml"] = _HEAD + f"<w:ftr {_NS}>{footer}</w:ftr>"
    parts["word/document.xml"] = _HEAD + f"<w:document {_NS}><w:body>{body}{section}</w:body></w:document>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _field(name: str) -> str:
    marks = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")}
    code = f'<w:r><w:instrText xml:space="preserve"> {name} </w:instrText></w:r>'
    return marks["begin"] + code + marks["separate"] + "<w:r><w:t>1</w:t></w:r>" + marks["end"]


def _styles() -> str:
    """Defaults and one paragraph style per entry of house.toml."""
    latin = house()["fonts"]["latin"]
    fonts = f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{{}}" w:cs="{latin}"/>'
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts.format("宋体")}<w:sz w:val="21"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblCellMar><w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar>'
        "</w:tblPr></w:style>"
    )
    return defaults + "".join(_style(style, fonts) for style in house()["style"])


def _style(style: dict[str, Any], fonts: str) -> str:
    before, after = style.get("space", (0, 0))
    inner = "<w:keepNext/>" if style.get("keep") else ""
    line = round(240 * style.get("line", 1))
    inner += f'<w:snapToGrid w:val="0"/><w:spacing w:before="{before * 20}" w:after="{after * 20}" w:line="{line}" w:lineRule="auto"/>'
    if indent := style.get("indent"):
        inner += f'<w:ind w:firstLineChars="{indent * 100}" w:firstLine="{round(indent * style["size"] * 20)}"/>'
    if right := style.get("right"):
        inner += f'<w:ind w:rightChars="{right * 100}" w:right="{round(right * style["size"] * 20)}"/>'
    inner += f'<w:jc w:val="{style.get("align", "left")}"/>'
    strong = "<w:b/>" if style.get("bold") else ""
    strong += f'<w:color w:val="{style["colour"]}"/>' if "colour" in style else ""
    size = round(style["size"] * 2)
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{style["id"]}"><w:name w:val="{style["name"]}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{inner}</w:pPr>'
        f'<w:rPr>{fonts.format(style["font"])}{strong}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


@cache
def _static() -> tuple[tuple[str, str], ...]:
    """The parts that are the same in every template, in the order Word writes them."""
    office = "http://schemas.openxmlformats.org"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    named = (("document", "document.main"), ("styles", "styles"), ("settings", "settings"), ("header1", "header"), ("footer1", "footer"))
    types = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{kind}.{part}+xml"/>' for name, part in named)
    wired = (("styles", "styles"), ("settings", "settings"), ("header", "header1"), ("footer", "footer1"))
    wires = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELS}/{relation}" Target="{part}.xml"/>'
        for number, (relation, part) in enumerate(wired, 1)
    )
    return (
        ("[Content_Types].xml", f'{_HEAD}<Types xmlns="{office}/package/2006/content-types"><Default Extension="rels" '
         'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
         f'{types}<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'),
        ("_rels/.rels", f'{_HEAD}<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="rId1" Type="{_RELS}/officeDocument" '
         f'Target="word/document.xml"/><Relationship Id="rId2" Type="{office}/package/2006/relationships/metadata/core-properties" '
         'Target="docProps/core.xml"/></Relationships>'),
        ("word/_rels/document.xml.rels", f'{_HEAD}<Relationships xmlns="{office}/package/2006/relationships">{wires}</Relationships>'),
        ("word/settings.xml", f'{_HEAD}<w:settings {_NS}><w:compat><w:compatSetting w:name="compatibilityMode" '
         'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'),
        ("docProps/core.xml", f'{_HEAD}<cp:coreProperties xmlns:cp="{office}/package/2006/metadata/core-properties" '
         'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
         'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>TITLE</dc:title><dc:creator></dc:creator>'
         f'<cp:lastModifiedBy>{DRAWN_BY}</cp:lastModifiedBy><dcterms:created xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:created>'
         '<dcterms:modified xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>'),
    )
