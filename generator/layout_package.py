"""The package of a drawn template: section, styles, header, footer and the parts every .docx has."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import TYPE_CHECKING, Any

from generator.layout_paper import house, paragraph, run, twips
from macros.escaping import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.figure_drawing import Drawn

#: Written as last editor of a drawn template; Word and WPS put the user's name there when they save.
DRAWN_BY = "TowerDesk layout"
_OFFICE = "http://schemas.openxmlformats.org"
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NS = f'xmlns:w="{_MAIN}" xmlns:r="{_RELS}"'
_LINKS, _TYPES = "word/_rels/document.xml.rels", "[Content_Types].xml"
_PNG = '<Default Extension="png" ContentType="image/png"/>'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: Kind and name of the parts the document refers to; their place here is the number of their rId.
_WIRED = (("styles", "styles"), ("settings", "settings"), ("header", "header1"), ("footer", "footer1"))


def package(
    body: str, orientation: str, title: str, header: str = "", figures: Sequence[Drawn] = (), *,
    footer: str | None = None, styles: Sequence[dict[str, Any]] = (),
) -> bytes:
    """The whole .docx; the same arguments give the same bytes.

    Args:
        body: paragraphs and tables as XML.
        orientation: portrait | landscape, a page of house.toml.
        title: the document title in the file's properties.
        header: what stands above a line at the head of every page; nothing when empty.
        figures: the parts of its figures.
        footer: what stands left of the page number; the paper's own number when None.
        styles: paragraph styles beside those of house.toml, in the same words.
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
    left = words["footer"] if footer is None else footer
    counted = run(f"{left}\t{before}") + _field("PAGE") + run(between) + _field("NUMPAGES") + run(after)
    footer = f'<w:p><w:pPr><w:pStyle w:val="TDFooter"/>{tabs}</w:pPr>{counted}</w:p>'
    parts: dict[str, str | bytes] = dict(_static())
    parts["docProps/core.xml"] = dict(_static())["docProps/core.xml"].replace("TITLE", escape(title))
    parts["word/styles.xml"] = _HEAD + f"<w:styles {_NS}>{_styles(styles)}</w:styles>"
    parts["word/header1.xml"] = _HEAD + f"<w:hdr {_NS}>{paragraph('TDHeader', header, extra=line)}</w:hdr>"
    parts["word/footer1.xml"] = _HEAD + f"<w:ftr {_NS}>{footer}</w:ftr>"
    parts["word/document.xml"] = _HEAD + f"<w:document {_NS}><w:body>{body}{section}</w:body></w:document>"
    for figure in figures:
        _add(parts, figure)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _add(parts: dict[str, str | bytes], figure: Drawn) -> None:
    """Add a figure's part with its relation and its type."""
    links, types = str(parts[_LINKS]), str(parts[_TYPES])
    relation = f'<Relationship Id="{figure.identity}" Type="{_RELS}/{figure.relation}" Target="{figure.part}"/>'
    parts[_LINKS] = links.replace("</Relationships>", f"{relation}</Relationships>")
    if figure.type_:
        known = f'<Override PartName="/word/{figure.part}" ContentType="{figure.type_}"/></Types>'
        parts[_TYPES] = types.replace("</Types>", known)
    elif _PNG not in types:
        parts[_TYPES] = types.replace("<Default", f"{_PNG}<Default", 1)
    parts[f"word/{figure.part}"] = figure.data


def _field(name: str) -> str:
    marks = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")}
    code = f'<w:r><w:instrText xml:space="preserve"> {name} </w:instrText></w:r>'
    return marks["begin"] + code + marks["separate"] + "<w:r><w:t>1</w:t></w:r>" + marks["end"]


def _styles(own: Sequence[dict[str, Any]]) -> str:
    """Defaults and one paragraph style per entry of house.toml and of the document's own."""
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
    return defaults + "".join(_style(style, fonts) for style in [*house()["style"], *own])


def _style(style: dict[str, Any], fonts: str) -> str:
    before, after = style.get("space", (0, 0))
    inner = "<w:keepNext/>" if style.get("keep") else ""
    line = round(240 * style.get("line", 1))
    spacing = f'w:before="{before * 20}" w:after="{after * 20}" w:line="{line}" w:lineRule="auto"'
    inner += f'<w:snapToGrid w:val="0"/><w:spacing {spacing}/>'
    if indent := style.get("indent"):
        inner += f'<w:ind w:firstLineChars="{indent * 100}" w:firstLine="{round(indent * style["size"] * 20)}"/>'
    if right := style.get("right"):
        inner += f'<w:ind w:rightChars="{right * 100}" w:right="{round(right * style["size"] * 20)}"/>'
    inner += f'<w:jc w:val="{style.get("align", "left")}"/>'
    inner += f'<w:outlineLvl w:val="{style["outline"]}"/>' if "outline" in style else ""
    strong = "<w:b/>" if style.get("bold") else ""
    strong += f'<w:color w:val="{style["colour"]}"/>' if "colour" in style else ""
    size = round(style["size"] * 2)
    custom = "" if style.get("word") else ' w:customStyle="1"'  # one of Word's own, made to look otherwise
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style["id"]}"><w:name w:val="{style["name"]}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{inner}</w:pPr>'
        f'<w:rPr>{fonts.format(style["font"])}{strong}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


@cache
def _static() -> tuple[tuple[str, str], ...]:
    """The parts that are the same in every template, in the order Word writes them."""
    made = 'xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z'
    return (
        ("[Content_Types].xml", _content_types()),
        ("_rels/.rels", _relations((
            (f"{_RELS}/officeDocument", "word/document.xml"),
            (f"{_OFFICE}/package/2006/relationships/metadata/core-properties", "docProps/core.xml"),
        ))),
        ("word/_rels/document.xml.rels", _relations([(f"{_RELS}/{kind}", f"{part}.xml") for kind, part in _WIRED])),
        ("word/settings.xml", f'{_HEAD}<w:settings {_NS}><w:compat><w:compatSetting w:name="compatibilityMode" '
         'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
         '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'),
        ("docProps/core.xml", f'{_HEAD}<cp:coreProperties xmlns:cp="{_OFFICE}/package/2006/metadata/core-properties" '
         'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
         'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>TITLE</dc:title><dc:creator></dc:creator><dc:language>zh-CN</dc:language>'
         f"<cp:lastModifiedBy>{DRAWN_BY}</cp:lastModifiedBy><dcterms:created {made}</dcterms:created>"
         f"<dcterms:modified {made}</dcterms:modified></cp:coreProperties>"),
    )


def _content_types() -> str:
    def override(part: str, kind: str) -> str:
        return f'<Override PartName="/{part}.xml" ContentType="application/vnd.openxmlformats-{kind}+xml"/>'

    word = "officedocument.wordprocessingml"
    named = (("document", "document.main"), *((part, kind) for kind, part in _WIRED))
    kinds = "".join(override(f"word/{part}", f"{word}.{kind}") for part, kind in named)
    return (
        f'{_HEAD}<Types xmlns="{_OFFICE}/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'{kinds}{override("docProps/core", "package.core-properties")}</Types>'
    )


def _relations(wires: Iterable[tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{part}"/>'
        for number, (kind, part) in enumerate(wires, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_OFFICE}/package/2006/relationships">{inner}</Relationships>'
