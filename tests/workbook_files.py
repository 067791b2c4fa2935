"""Workbook files for tests: one hand-made from XML, one with much of the user's own in it."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
# style number → number format; ids from 164 on carry their own code
FORMATS = [0, 14, 31, 57, 22, 58, 27, 49]
CODES = {
    164: 'yyyy"年"m"月"d"日"', 165: "[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@", 166: "[h]:mm", 167: "yyyy-mm-dd hh:mm:ss",
    168: '0"天"', 169: "[$-804]aaaa;@", 170: 'h"时"mm"分"', 171: '#,##0.00"元"', 172: "[红色]0;[蓝色]-0", 173: '"D"0', 174: "000000",
    175: "G/通用格式", 176: "0.00E+00", 177: "上午/下午h:mm", 178: "mm:ss.0", 179: "yyyy/m/d;@",
}
STYLE = {number: index for index, number in enumerate([*FORMATS, *CODES])}


def workbook(path: Path, data: str, *, prefix: str = "", epoch_1904: bool = False, tail: str = "", strings: str = "") -> Path:
    """A hand-made workbook of one sheet 陷阱 whose rows are given as XML."""
    p = f"{prefix}:" if prefix else ""
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    xfs = "".join(f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0"/>' for number in STYLE)
    formats = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{code if "&quot;" in code else code.replace(chr(34), "&quot;")}"/>'
        for number, code in CODES.items()
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="{int(epoch_1904)}"/><sheets><sheet name="陷阱" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/><Relationship Id="r3" Type="{OFFICE}/sharedStrings" Target="strings.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts count="{len(CODES)}">{formats}</numFmts><fonts count="1"><font><sz val="11"/></font></fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
        f'<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="{len(STYLE)}">{xfs}</cellXfs></styleSheet>',
        "xl/strings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/sheet1.xml": f'<?xml version="1.0" encoding="UTF-8"?><{p}worksheet {name}="{MAIN}"><{p}sheetData>{data}</{p}sheetData>{tail}</{p}worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for part, content in parts.items():
            made.writestr(part, content)
    return path


DAY = dt.datetime(2026, 11, 3)  # serial 46329, counted in LibreOffice: DATE(2026;11;3)


def opened(path: Path) -> Worksheet:
    """The register as openpyxl, which knows nothing of ours, reads it."""
    return openpyxl.load_workbook(path).worksheets[0]


def rich(tmp_path: Path, name: str = "富.xlsx") -> Path:
    """A register with a table, formats, rules and drawings of the user's own, three customers in it."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("台账", 0)
    book.remove(book.worksheets[1])
    sheet.append(["编号", "日期", "金额", "备注", "用户公式"])
    for number in (1, 2, 3):
        sheet.append([f"客户{number}", dt.date(2026, 1, number), number * 1.5, None, f"=C{number + 1}*2"])
        sheet.cell(number + 1, 2).number_format = 'yyyy"年"m"月"d"日"'
        sheet.cell(number + 1, 3).font = Font(bold=True)
    sheet.add_table(Table(displayName="表1", ref="A1:E4"))
    choice = DataValidation(type="list", formula1='"甲,乙"')
    choice.add("D2:D4")
    sheet.add_data_validation(choice)
    paint = PatternFill("solid", bgColor="FFC7CE")
    rule = CellIsRule(operator="greaterThan", formula=["2"], fill=paint)  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add("C2:C4", rule)
    sheet["A2"].comment = Comment("请核对", "客户代表A")
    sheet.column_dimensions["B"].width = 20
    sheet.protection.set_password("口令")
    other = book.create_sheet("用户表")
    other.append(["站名", 1])
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=4), titles_from_data=True)
    other.add_chart(chart, "D2")
    book.defined_names["时限"] = DefinedName("时限", attr_text="用户表!$B$1")
    path = tmp_path / name
    book.save(path)
    return path


def members(path: Path) -> dict[str, bytes]:
    """Every member as stored: its compressed bytes."""
    with zipfile.ZipFile(path) as book, path.open("rb") as file:
        found = {}
        for info in book.infolist():
            file.seek(info.header_offset + 26)
            head = file.read(4)
            file.seek(int.from_bytes(head[:2], "little") + int.from_bytes(head[2:], "little"), os.SEEK_CUR)
            found[info.filename] = file.read(info.compress_size)
        return found
