"""The rest of a Word file as Word saves it: styles of 45 KB, theme, settings, fonts, properties and relations."""

from __future__ import annotations

import io
import zipfile

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
NAMESPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    f'xmlns:r="{_OFFICE}/relationships" xmlns:m="{_OFFICE}/math" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    f'xmlns:w10="urn:schemas-microsoft-com:office:word" xmlns:w="{_W}" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SECTION = (
    '<w:sectPr w:rsidR="00A77B3E"><w:headerReference w:type="default" r:id="rId6"/>'
    '<w:footerReference w:type="default" r:id="rId7"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1440" w:right="1418" w:bottom="1440" w:left="1418" w:header="851" w:footer="992" w:gutter="0"/>'
    '<w:cols w:space="425"/><w:docGrid w:type="lines" w:linePitch="312"/></w:sectPr>'
)
#: Parts by name, their content type after the common beginning, and how the document refers to them.
_PARTS = {
    "styles": ("styles", "styles"), "settings": ("settings", "settings"), "webSettings": ("webSettings", "webSettings"),
    "fontTable": ("fontTable", "fontTable"), "header1": ("header", "header"), "footer1": ("footer", "footer"),
}


def _styles() -> str:
    def style(number: int) -> str:
        return (
            f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="a{number}"><w:name w:val="公文正文{number}"/>'
            f'<w:basedOn w:val="a"/><w:next w:val="a{number}"/><w:uiPriority w:val="{number}"/><w:qFormat/>'
            f'<w:rsid w:val="00{0x3C4D00 + number:06X}"/><w:pPr><w:spacing w:line="{400 + number}" w:lineRule="exact"/>'
            '<w:ind w:firstLineChars="200" w:firstLine="640"/></w:pPr><w:rPr><w:rFonts w:ascii="仿宋_GB2312" '
            'w:eastAsia="仿宋_GB2312" w:hAnsi="仿宋_GB2312"/><w:sz w:val="32"/></w:rPr></w:style>'
        )

    latent = "".join(
        f'<w:lsdException w:name="List Table {number} Accent" w:uiPriority="{number}"/>' for number in range(60)
    )
    first = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:eastAsia="宋体"/></w:rPr>'
        f'</w:rPrDefault></w:docDefaults><w:latentStyles w:count="376">{latent}</w:latentStyles>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    )
    return f'<w:styles {NAMESPACES}>{first}{"".join(map(style, range(1, 92)))}</w:styles>'


def _theme() -> str:
    fonts = "".join(f'<a:font script="S{number:03}" typeface="Font {number}"/>' for number in range(120))
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Office"><a:themeElements>'
        f'<a:fontScheme name="Office"><a:majorFont><a:latin typeface="Calibri"/>{fonts}</a:majorFont></a:fontScheme>'
        "</a:themeElements></a:theme>"
    )


def _relations(kinds: dict[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(kinds.items(), 1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>'


def package(document: str, header: str) -> bytes:
    """A .docx of a body, in which ``{section}`` marks the place of the page's settings, and a header."""
    rsids = "".join(f'<w:rsid w:val="00{0x1A2B3C + number:06X}"/>' for number in range(120))
    fonts = "".join(f'<w:font w:name="{name}"><w:charset w:val="86"/></w:font>' for name in ("仿宋_GB2312", "宋体"))
    page = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    text = {
        "word/document.xml": document.replace("{section}", _SECTION),
        "word/header1.xml": header,
        "word/footer1.xml": f"<w:ftr {NAMESPACES}><w:p>{page}</w:p></w:ftr>",
        "word/styles.xml": _styles(),
        "word/settings.xml": f"<w:settings {NAMESPACES}><w:rsids>{rsids}</w:rsids></w:settings>",
        "word/webSettings.xml": f"<w:webSettings {NAMESPACES}/>",
        "word/fontTable.xml": f"<w:fonts {NAMESPACES}>{fonts}</w:fonts>",
        "word/theme/theme1.xml": _theme(),
        "docProps/core.xml": (
            '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>样张</dc:title></cp:coreProperties>'
        ),
        "docProps/app.xml": f'<Properties xmlns="{_OFFICE}/extended-properties"/>',
    }
    kinds = {"theme/theme1.xml": f"{_OFFICE}/relationships/theme"}
    kinds |= {f"{name}.xml": f"{_OFFICE}/relationships/{kind}" for name, (_, kind) in _PARTS.items()}
    text["word/_rels/document.xml.rels"] = _relations(kinds)
    text["_rels/.rels"] = _relations({
        "word/document.xml": f"{_OFFICE}/relationships/officeDocument",
        "docProps/core.xml": "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
        "docProps/app.xml": f"{_OFFICE}/relationships/extended-properties",
    })
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": _types(), **text}.items():
            archive.writestr(name, _HEAD + content)
    return buffer.getvalue()


def _types() -> str:
    kinds = {f"/word/{name}.xml": f"{_MAIN}.{kind}+xml" for name, (kind, _) in _PARTS.items()} | {
        "/word/document.xml": f"{_MAIN}.document.main+xml",
        "/word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }
    each = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{each}</Types>'
    )
