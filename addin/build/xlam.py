"""Makes TowerDesk.xlam, the Excel add-in, from ribbon.xml and the VBA sources, without Excel."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from addin import ribbon
from addin.build.ovba import Module, project
from addin.build.texts import MAIN, sheet, texts

SOURCES = Path(__file__).parent.parent / "vba"
#: The project's name as the VBA editor shows it.
PROJECT = "TowerDesk"
#: The namespace of Excel 2007, the only one it reads; later versions read that of ribbon.xml.
RIBBON_2007 = "http://schemas.microsoft.com/office/2006/01/customui"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN = "http://schemas.openxmlformats.org"
_RELATIONS = f"{_OPEN}/officeDocument/2006/relationships"
_PACKAGE = f"{_OPEN}/package/2006"
_MICROSOFT = "http://schemas.microsoft.com/office"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
#: Content type of each part that is not plain XML; xl/workbook.xml's is what makes the file an add-in.
_TYPES = {
    "xl/workbook.xml": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
    "xl/worksheets/sheet1.xml": f"{_SHEET_TYPE}.worksheet+xml",
    "xl/styles.xml": f"{_SHEET_TYPE}.styles+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}


def made() -> bytes:
    """The file TowerDesk.xlam; the same sources give the same bytes on every machine.

    Parts are stored without compression, since what deflate makes of them depends on the zlib in use.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, part in _parts().items():
            entry = zipfile.ZipInfo(name)  # dated 1980-01-01, the earliest a package can say
            entry.create_system = 0
            package.writestr(entry, part if isinstance(part, bytes) else (HEAD + part).encode("utf-8"))
    return out.getvalue()


def modules() -> list[Module]:
    """The modules of the project: the workbook's and the sheet's own first, as Excel orders them."""
    workbook = SOURCES / "ThisWorkbook.cls"
    return [
        Module(workbook.stem, "workbook", workbook.read_text(encoding="ascii")),
        Module("Sheet1", "sheet", ""),
        *[Module(path.stem, "standard", path.read_text(encoding="ascii")) for path in sorted(SOURCES.glob("*.bas"))],
    ]


def _parts() -> dict[str, bytes | str]:
    """Every part by name, in the order written: content types first, as readers expect them."""
    buttons = ribbon.SOURCE.read_bytes()
    brand = texts()["brand"]
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(
            (f"{_RELATIONS}/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (f"{_RELATIONS}/extended-properties", "docProps/app.xml"),
            (f"{_MICROSOFT}/2006/relationships/ui/extensibility", "customUI/customUI.xml"),
            (f"{_MICROSOFT}/2007/relationships/ui/extensibility", "customUI/customUI14.xml"),
        ),
        "docProps/app.xml": f'<Properties xmlns="{_OPEN}/officeDocument/2006/extended-properties">'
        "<Application>Microsoft Excel</Application><AppVersion>16.0300</AppVersion></Properties>",
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>TowerDesk {brand}</dc:title></cp:coreProperties>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_RELATIONS}">'
        '<fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="22228"/>'
        '<workbookPr codeName="ThisWorkbook" defaultThemeVersion="124226"/><bookViews><workbookView/></bookViews>'
        '<sheets><sheet name="texts" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relationships(
            (f"{_RELATIONS}/worksheet", "worksheets/sheet1.xml"),
            (f"{_RELATIONS}/styles", "styles.xml"),
            (f"{_MICROSOFT}/2006/relationships/vbaProject", "vbaProject.bin"),
        ),
        "xl/worksheets/sheet1.xml": sheet(),
        "xl/styles.xml": _STYLES,
        "xl/vbaProject.bin": project(PROJECT, modules()),
        "customUI/customUI.xml": buttons.replace(ribbon.NAMESPACE.encode(), RIBBON_2007.encode()),
        "customUI/customUI14.xml": buttons,
    }


def _content_types() -> str:
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "bin": "application/vnd.ms-office.vbaProject",
    }
    said = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in defaults.items())
    said += "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in _TYPES.items())
    return f'<Types xmlns="{_PACKAGE}/content-types">{said}</Types>'


def _relationships(*links: tuple[str, str]) -> str:
    said = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(links, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{said}</Relationships>'


#: The least a workbook may have: one font, the two fills and the border every workbook has, one style.
_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
