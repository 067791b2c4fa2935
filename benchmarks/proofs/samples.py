"""Workbooks with what users and other programs put into them, written part by part so that nothing is left out.

A table of values in the first sheet, and around it one or more of the ten kinds of things that most libraries lose.
The same number always gives the same bytes.
"""

# ruff: noqa: E501 - a part stands on a line
from __future__ import annotations

import io
import random
import zipfile
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_MS = "http://schemas.microsoft.com/office"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@dataclass
class Draft:
    """A workbook being written: parts by name, types of parts, relations by part, and additions to sheet and book."""

    dice: random.Random
    parts: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    relations: dict[str, list[tuple[str, str, bool]]] = field(default_factory=dict)
    sheet: dict[str, str] = field(default_factory=dict)
    book: dict[str, str] = field(default_factory=dict)
    extensions: dict[str, list[str]] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    main_type: str = f"{_TYPE}.sheet.main+xml"
    suffix: str = ".xlsx"

    def put(self, name: str, body: str | bytes, type_: str = "") -> None:
        """Add a part."""
        self.parts[name] = body if isinstance(body, bytes) else (_HEAD + body).encode()
        if type_:
            self.types[name] = type_

    def relate(self, part: str, kind: str, target: str, outside: bool = False) -> str:
        """Add a relation; its id."""
        found = self.relations.setdefault(part, [])
        found.append((kind if "/" in kind else f"{_OFFICE}/{kind}", target, outside))
        return f"rId{len(found)}"


BOOK, FIRST, SECOND = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"


def _drawing(draft: Draft, inner: str) -> str:
    """Something on the first sheet's drawing layer; the drawing's part."""
    name = "xl/drawings/drawing1.xml"
    if name not in draft.parts:
        draft.put(name, f'<xdr:wsDr xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main">@</xdr:wsDr>',
                  "application/vnd.openxmlformats-officedocument.drawing+xml")
        draft.sheet["drawing"] = f'<drawing r:id="{draft.relate(FIRST, "drawing", "../drawings/drawing1.xml")}"/>'
    spot = '<xdr:from><xdr:col>6</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>'
    anchor = f"<xdr:twoCellAnchor>{spot}{spot.replace('from', 'to').replace('>6<', '>9<').replace('>1<', '>9<')}{inner}<xdr:clientData/></xdr:twoCellAnchor>@"
    draft.parts[name] = draft.parts[name].replace(b"@", anchor.encode())
    return name


def chart(draft: Draft) -> None:
    """A chart with its colours and style."""
    kind = draft.dice.choice(("barChart", "lineChart", "areaChart"))
    extra = '<c:barDir val="col"/>' if kind == "barChart" else ""
    draft.put("xl/charts/chart1.xml", f'<c:chartSpace xmlns:c="{_DRAWING}/chart" xmlns:a="{_DRAWING}/main"><c:chart><c:plotArea><c:layout/><c:{kind}>{extra}'
              '<c:grouping val="standard"/><c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numRef><c:f>台账!$C$2:$C$5</c:f></c:numRef></c:val></c:ser>'
              f'<c:axId val="1"/><c:axId val="2"/></c:{kind}><c:catAx><c:axId val="1"/><c:scaling/><c:axPos val="b"/><c:crossAx val="2"/></c:catAx>'
              '<c:valAx><c:axId val="2"/><c:scaling/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart></c:chartSpace>',
              "application/vnd.openxmlformats-officedocument.drawingml.chart+xml")
    draft.put("xl/charts/style1.xml", f'<cs:chartStyle xmlns:cs="{_MS}/drawing/2012/chartStyle" id="201"/>', "application/vnd.ms-office.chartstyle+xml")
    draft.put("xl/charts/colors1.xml", f'<cs:colorStyle xmlns:cs="{_MS}/drawing/2012/chartStyle" meth="cycle" id="10"/>', "application/vnd.ms-office.chartcolorstyle+xml")
    draft.relate("xl/charts/chart1.xml", f"{_MS}/2011/relationships/chartStyle", "style1.xml")
    draft.relate("xl/charts/chart1.xml", f"{_MS}/2011/relationships/chartColorStyle", "colors1.xml")
    id_ = draft.relate("xl/drawings/drawing1.xml", "chart", "../charts/chart1.xml")
    _drawing(draft, '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="图"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/>'
             f'<a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="{_DRAWING}/chart"><c:chart xmlns:c="{_DRAWING}/chart" xmlns:r="{_OFFICE}" r:id="{id_}"/>'
             "</a:graphicData></a:graphic></xdr:graphicFrame>")


def image(draft: Draft) -> None:
    """A picture."""
    draft.put("xl/media/image1.png", _PNG)
    id_ = draft.relate("xl/drawings/drawing1.xml", "image", "../media/image1.png")
    _drawing(draft, f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="标志"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip xmlns:r="{_OFFICE}" r:embed="{id_}"/>'
             '<a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>')


def pivot(draft: Draft) -> None:
    """A pivot table with its cache."""
    fields = "".join(f'<cacheField name="{name}" numFmtId="0"><sharedItems/></cacheField>' for name in ("编号", "日期", "金额", "备注"))
    draft.put("xl/pivotCache/pivotCacheDefinition1.xml", f'<pivotCacheDefinition xmlns="{_MAIN}" xmlns:r="{_OFFICE}" r:id="rId1" refreshedBy="客户代表A" recordCount="1">'
              f'<cacheSource type="worksheet"><worksheetSource ref="A1:D5" sheet="台账"/></cacheSource><cacheFields count="4">{fields}</cacheFields></pivotCacheDefinition>',
              f"{_TYPE}.pivotCacheDefinition+xml")
    draft.put("xl/pivotCache/pivotCacheRecords1.xml", f'<pivotCacheRecords xmlns="{_MAIN}" count="1"><r><s v="甲"/><m/><n v="1"/><m/></r></pivotCacheRecords>', f"{_TYPE}.pivotCacheRecords+xml")
    draft.relate("xl/pivotCache/pivotCacheDefinition1.xml", "pivotCacheRecords", "pivotCacheRecords1.xml")
    draft.put("xl/pivotTables/pivotTable1.xml", f'<pivotTableDefinition xmlns="{_MAIN}" name="透视表1" cacheId="7" dataCaption="值"><location ref="D3:E5" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>'
              '<pivotFields count="4"><pivotField/><pivotField/><pivotField dataField="1"/><pivotField/></pivotFields><dataFields count="1"><dataField name="合计" fld="2"/></dataFields></pivotTableDefinition>',
              f"{_TYPE}.pivotTable+xml")
    draft.relate("xl/pivotTables/pivotTable1.xml", "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
    draft.relate(SECOND, "pivotTable", "../pivotTables/pivotTable1.xml")
    draft.book["pivotCaches"] = f'<pivotCaches><pivotCache cacheId="7" r:id="{draft.relate(BOOK, "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")}"/></pivotCaches>'


def slicer(draft: Draft) -> None:
    """A slicer of the table, and its cache."""
    x14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    draft.put("xl/slicers/slicer1.xml", f'<slicers xmlns="{x14}"><slicer name="备注" cache="切片器_备注" caption="备注" rowHeight="241300"/></slicers>', "application/vnd.ms-excel.slicer+xml")
    draft.put("xl/slicerCaches/slicerCache1.xml", f'<slicerCacheDefinition xmlns="{x14}" name="切片器_备注" sourceName="备注"/>', "application/vnd.ms-excel.slicerCache+xml")
    id_ = draft.relate(FIRST, f"{_MS}/2007/relationships/slicer", "../slicers/slicer1.xml")
    draft.extensions.setdefault("sheet", []).append(f'<ext uri="{{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}}" xmlns:x15="{x14}"><x15:slicerList><x15:slicer r:id="{id_}"/></x15:slicerList></ext>')
    id_ = draft.relate(BOOK, f"{_MS}/2007/relationships/slicerCache", "slicerCaches/slicerCache1.xml")
    draft.extensions.setdefault("book", []).append(f'<ext uri="{{46BE6895-7355-4a93-B00E-2C351335B9C9}}" xmlns:x15="{x14}"><x15:slicerCaches><x15:slicerCache r:id="{id_}"/></x15:slicerCaches></ext>')


def threads(draft: Draft) -> None:
    """Threaded comments, their persons, and the plain comment older programs see."""
    ns = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    draft.put("xl/persons/person.xml", f'<personList xmlns="{ns}"><person displayName="客户代表A" id="{{00000000-0000-0000-0000-000000000001}}" userId="a" providerId="None"/></personList>', "application/vnd.ms-excel.person+xml")
    draft.relate(BOOK, "http://schemas.microsoft.com/office/2017/10/relationships/person", "persons/person.xml")
    draft.put("xl/threadedComments/threadedComment1.xml", f'<ThreadedComments xmlns="{ns}"><threadedComment ref="A2" dT="2026-11-01T08:00:00.00" personId="{{00000000-0000-0000-0000-000000000001}}" id="{{00000000-0000-0000-0000-000000000002}}"><text>请核对</text></threadedComment></ThreadedComments>',
              "application/vnd.ms-excel.threadedcomments+xml")
    draft.relate(FIRST, "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment", "../threadedComments/threadedComment1.xml")
    draft.put("xl/comments1.xml", f'<comments xmlns="{_MAIN}"><authors><author>tc={{00000000-0000-0000-0000-000000000002}}</author></authors><commentList><comment ref="A2" authorId="0"><text><t>[会话批注] 请核对</t></text></comment></commentList></comments>', f"{_TYPE}.comments+xml")
    draft.relate(FIRST, "comments", "../comments1.xml")
    draft.put("xl/drawings/vmlDrawing1.vml", '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape type="#_x0000_t202" style="visibility:hidden"><x:ClientData ObjectType="Note"><x:Row>1</x:Row><x:Column>0</x:Column></x:ClientData></v:shape></xml>')
    draft.sheet["legacyDrawing"] = f'<legacyDrawing r:id="{draft.relate(FIRST, "vmlDrawing", "../drawings/vmlDrawing1.vml")}"/>'


def vba(draft: Draft) -> None:
    """A macro project; its bytes are nobody's business."""
    draft.put("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + draft.dice.randbytes(3_000), "application/vnd.ms-office.vbaProject")
    draft.relate(BOOK, f"{_MS}/2006/relationships/vbaProject", "vbaProject.bin")
    draft.main_type, draft.suffix = "application/vnd.ms-excel.sheet.macroEnabled.main+xml", ".xlsm"


def ribbon(draft: Draft) -> None:
    """A ribbon tab of the workbook's own."""
    draft.put("customUI/customUI14.xml", f'<customUI xmlns="{_MS}/2009/07/customui"><ribbon><tabs><tab id="t" label="我的"/></tabs></ribbon></customUI>', "application/xml")
    draft.relate("", f"{_MS}/2007/relationships/ui/extensibility", "customUI/customUI14.xml")


def label(draft: Draft) -> None:
    """A sensitivity label."""
    draft.put("docMetadata/LabelInfo.xml", f'<clbl:labelList xmlns:clbl="{_MS}/2020/mipLabelMetadata"><clbl:label id="{{00000000-0000-0000-0000-00000000000a}}" enabled="1" method="Standard" siteId="{{00000000-0000-0000-0000-00000000000b}}" removed="0"/></clbl:labelList>', "application/vnd.ms-office.classificationlabels+xml")
    draft.relate("", f"{_MS}/2020/02/relationships/classificationlabels", "docMetadata/LabelInfo.xml")


def model(draft: Draft) -> None:
    """A data model, its connection and its custom XML."""
    draft.put("xl/model/item.data", draft.dice.randbytes(5_000), "application/vnd.openxmlformats-officedocument.model+data")
    draft.relate(BOOK, f"{_MS}/2007/relationships/powerPivotData".replace(_MS, "http://schemas.openxmlformats.org/officeDocument"), "model/item.data")
    draft.put("xl/connections.xml", f'<connections xmlns="{_MAIN}"><connection id="1" name="ThisWorkbookDataModel" type="5" refreshedVersion="6"/></connections>', f"{_TYPE}.connections+xml")
    draft.relate(BOOK, "connections", "connections.xml")
    draft.put("customXml/item1.xml", '<Gemini xmlns="http://gemini/pivotcustomization/x"><CustomContent>\u4e2d</CustomContent></Gemini>')
    draft.relate("", "customXml", "customXml/item1.xml")


def unknown(draft: Draft) -> None:
    """Parts of formats nobody has seen yet, one of them without any relation."""
    draft.put("xl/将来/thing.bin", draft.dice.randbytes(700), "application/x-from-the-future")
    draft.relate(FIRST, "http://example.org/relationships/future", "../将来/thing.bin")
    draft.put("loose/readme.txt", b"nobody points here", "text/plain")
    draft.put("xl/printerSettings/printerSettings1.bin", draft.dice.randbytes(900))
    draft.sheet["pageSetup"] = f'<pageSetup paperSize="9" r:id="{draft.relate(FIRST, "printerSettings", "../printerSettings/printerSettings1.bin")}"/>'


KINDS: dict[str, Callable[[Draft], None]] = {
    "charts": chart, "pivots": pivot, "slicers": slicer, "threaded comments": threads, "images": image, "VBA": vba, "custom ribbon": ribbon,
    "labels": label, "data model": model, "unknown parts": unknown,
}


def rows(dice: random.Random, count: int, strings: list[str]) -> str:
    """The rows of the first sheet: shared and inline texts, days, figures, formulas, blanks."""
    made = ["".join(f'<c r="{letter}1" t="inlineStr"><is><t>{name}</t></is></c>' for letter, name in zip("ABCD", ("编号", "日期", "金额", "备注"), strict=True))]
    for n in range(2, count + 2):
        note = f'<c r="D{n}" t="s"><v>{dice.randrange(len(strings))}</v></c>' if dice.random() < 0.5 else f'<c r="D{n}" s="2" t="inlineStr"><is><t xml:space="preserve"> 甲&amp;乙{n}</t></is></c>'
        sum_ = f'<c r="C{n}"><f>{n}*2</f><v>{n * 2}</v></c>' if dice.random() < 0.3 else f'<c r="C{n}" s="3"><v>{dice.randrange(10**6) / 100!r}</v></c>'
        made.append(f'<c r="A{n}" t="inlineStr"><is><t>XQ-{n:04d}</t></is></c><c r="B{n}" s="1"><v>{46000 + dice.randrange(900)}</v></c>{sum_}{note}')
    tall = {3: ' ht="20" customHeight="1"'}
    return "".join(f'<row r="{n}" spans="1:4"{tall.get(n, "")}>{cells}</row>' for n, cells in enumerate(made, 1))


def workbook(number: int, kinds: list[str], *, strict: bool = False, count: int = 0) -> tuple[str, bytes]:
    """The workbook of that number with things of those kinds: its file name and bytes."""
    dice = random.Random(number)
    draft = Draft(dice)
    count = count or dice.randrange(4, 30)
    strings = [f"共享{n}" for n in range(9)]
    for part, type_ in ((FIRST, "worksheet"), (SECOND, "worksheet"), ("xl/styles.xml", "styles"), ("xl/sharedStrings.xml", "sharedStrings"), ("xl/theme/theme1.xml", "theme")):
        draft.relate(BOOK, type_, part.removeprefix("xl/"))
    draft.relate("", "officeDocument", BOOK)
    for kind in kinds:
        KINDS[kind](draft)
    draft.put("xl/tables/table1.xml", f'<table xmlns="{_MAIN}" id="1" name="表1" displayName="表1" ref="A1:D{count + 1}"><autoFilter ref="A1:D{count + 1}"/><tableColumns count="4">'
              + "".join(f'<tableColumn id="{n}" name="{name}"/>' for n, name in enumerate(("编号", "日期", "金额", "备注"), 1)) + "</tableColumns></table>", f"{_TYPE}.table+xml")
    table = f'<tableParts count="1"><tablePart r:id="{draft.relate(FIRST, "table", "../tables/table1.xml")}"/></tableParts>'
    own = "".join(draft.sheet.get(name, "") for name in ("pageSetup", "drawing", "legacyDrawing"))
    ext = {at: f"<extLst>{''.join(found)}</extLst>" for at, found in draft.extensions.items()}
    rules = f'<conditionalFormatting sqref="C2:C{count + 1}"><cfRule type="cellIs" priority="1" operator="greaterThan"><formula>99</formula></cfRule></conditionalFormatting><dataValidations count="1"><dataValidation type="list" sqref="D2:D{count + 1}"><formula1>"甲,乙"</formula1></dataValidation></dataValidations>'
    draft.put(FIRST, f'<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><dimension ref="A1:D{count + 1}"/><cols><col min="2" max="2" width="14" customWidth="1"/></cols><sheetData>{rows(dice, count, strings)}</sheetData>{rules}{own}{table}{ext.get("sheet", "")}</worksheet>', f"{_TYPE}.worksheet+xml")
    draft.put(SECOND, f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>台账!C2</f><v>4</v></c></row></sheetData></worksheet>', f"{_TYPE}.worksheet+xml")
    draft.put("xl/styles.xml", f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
              '<cellXfs count="4"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" xfId="0"/><xf numFmtId="4" xfId="0"/></cellXfs></styleSheet>', f"{_TYPE}.styles+xml")
    draft.put("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}" count="9" uniqueCount="9">' + "".join(f"<si><t>{one}</t></si>" for one in strings) + "</sst>", f"{_TYPE}.sharedStrings+xml")
    draft.put("xl/theme/theme1.xml", f'<a:theme xmlns:a="{_DRAWING}/main" name="主题"><a:themeElements/></a:theme>', "application/vnd.openxmlformats-officedocument.theme+xml")
    draft.put(BOOK, f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="台账" sheetId="1" r:id="rId1"/><sheet name="另表" sheetId="2" r:id="rId2"/></sheets><calcPr calcId="191029"/>{draft.book.get("pivotCaches", "")}{ext.get("book", "")}</workbook>', draft.main_type)
    return f"样本{number}{draft.suffix}", _closed(draft, strict)


def _closed(draft: Draft, strict: bool) -> bytes:
    """The package with its types and relations."""
    draft.parts = {name: body.replace(b"</a:graphicFrame>@", b"</a:graphicFrame>").replace(b"Anchor>@</xdr", b"Anchor></xdr") for name, body in draft.parts.items()}
    mode = {True: ' TargetMode="External"', False: ""}
    for part, found in draft.relations.items():
        folder, _, base = part.rpartition("/")
        inner = "".join(
            f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"{mode[outside]}/>'
            for n, (kind, target, outside) in enumerate(found, 1)
        )
        draft.put(f"{folder}/_rels/{base}.rels".lstrip("/"), f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>')
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml", "png": "image/png",
                "vml": "application/vnd.openxmlformats-officedocument.vmlDrawing", "bin": "application/octet-stream", "txt": "text/plain", "data": "application/octet-stream"}
    types = "".join(f'<Default Extension="{end}" ContentType="{type_}"/>' for end, type_ in defaults.items())
    types += "".join(f'<Override PartName="/{name}" ContentType="{type_}"/>' for name, type_ in draft.types.items())
    parts = {"[Content_Types].xml": (_HEAD + f'<Types xmlns="{_PACKAGE}/content-types">{types}</Types>').encode(), **draft.parts}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, body in parts.items():
            if strict:
                body = body.replace(_MAIN.encode(), _STRICT.encode()).replace(_OFFICE.encode(), _STRICT_OFFICE.encode())
            stored = name.endswith((".png", ".data"))
            made.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


@cache
def bases() -> dict[str, bytes]:
    """The few sound workbooks that corruption begins with: one with everything, one strict, one plain."""
    every = [kind for kind in KINDS if kind != "VBA"]
    made = [workbook(1, every, count=12), workbook(2, ["charts", "VBA"], count=6), workbook(3, [], strict=True, count=6), workbook(4, [], count=40)]
    return dict(made)
