"""Cells that mean harm, through the whole product: typed into a register, made into papers, read back by python-docx."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from tests.city import contents, copied, enter, put, run
from tests.hostile import idle, rows, unescape

NOW = "2026-11-23T09:00:00"
CITY = """
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 | 办公地址 |
| 移动澜南区分公司 | 移动 | 澜南区 | VIP | 澜南路1号 |
## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 场景划分 | 经度 | 纬度 | 详细地址 | 交付时间要求 | 需求提出时间 | 系统数（套） | 天线挂高范围（米） | 天线数（副） |
| XQ-0 | 移动 | 澜江 | 澜南区 | 花园站 | 县城 | 111.5 | 31.5 | 花园路1号 | 2027-04-30 | 2026-11-18 | 1 | 30-35 | 3 |
"""
#: Those that fit into a cell.
VALUES = [row for row in rows("hostile_values.csv") if row["in_register"] != "—"]
#: Numbers of demands that would make bad file names.
KEYS = {
    "upwards": "../../../tmp/x", "absolute": "/etc/cron.d/x", "drive": "C:\\Windows\\x", "stream": "甲:乙.exe", "device": "CON",
    "device with suffix": "nul.txt", "reserved signs": 'a<b>c"d|e?f*g', "dots at the end": "甲...", "option": "-rf",
    "lock file": "~$甲", "direction": "甲\u202excod.exe", "NUL": "甲\0乙", "Jinja": "{{7*7}}", "markup": "</w:t>",
    "formula": "=cmd|'/C calc'!A0", "300 signs": "长" * 300, "line break": "丙\n丁", "percent": "%TEMP%\\x", "home": "~/x",
}
#: What Windows takes.
LEGAL = re.compile(r'(?!(?i:con|prn|aux|nul|com\d|lpt\d)\.)(?![ .-])[^<>:"/\\|?*\x00-\x1f]{1,200}\.docx')
_UNHELD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")


def as_stored(value: str) -> str:
    """A text as Excel stores it: what XML cannot hold as _xHHHH_, and a text that looks so with its first sign escaped."""
    value = _ESCAPED.sub(lambda found: f"_x005F{found[0]}", value)
    return "".join(f"_x{ord(sign):04X}_" if _UNHELD.match(sign) else sign for sign in value)


@pytest.fixture(scope="module")
def city(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A register with one demand for each value and each number, and the papers made of them all in one batch."""
    folder = copied(blank, tmp_path_factory.mktemp("hostile"))
    enter(folder, CITY)
    put(folder, "假设", "公司名称", "采用", "澜江市通信铁塔分公司")
    book = openpyxl.load_workbook(folder / "需求台账.xlsx")
    sheet = book["需求"]
    heading = [cell.value for cell in sheet[1]]
    number, address = heading.index("需求编号") + 1, heading.index("详细地址") + 1
    (first,) = [cell.row for cell in sheet["A"] if cell.value == "XQ-0"]
    typed = [(f"V-{place}", unescape(row["value"]) * int(row["times"] or 1)) for place, row in enumerate(VALUES)]
    typed += [(key, f"K-{place}") for place, key in enumerate(KEYS.values())]
    for place, (key, value) in enumerate(typed, first + 1):
        for column in range(1, len(heading) + 1):
            sheet.cell(place, column).value = sheet.cell(first, column).value
        for column, text in ((number, key), (address, value)):
            cell = sheet.cell(place, column)
            cell.value = as_stored(text)
            cell.data_type = "s"  # typed as text: no formula
    for table in sheet.tables.values():
        table.ref = re.sub(r"\d+$", str(sheet.max_row), table.ref)
    book.save(folder / "需求台账.xlsx")
    template = folder / "模板" / "3.1-demand.docx"
    document = docx.Document(str(template))
    document.add_paragraph("〔{{ 详细地址 }}〕")
    document.save(str(template))
    with idle():
        return folder, run("form", "3.1", [], folder, every=True, now=NOW)


def addresses(city: tuple[Path, Any]) -> dict[str, str]:
    """The address that each paper prints, by the number it was made for."""
    found = {}
    for made in city[1].data["documents"]:
        text = "\n".join(paragraph.text for paragraph in docx.Document(made["file"]).paragraphs)
        found[made["key"]] = text[text.index("〔") + 1 : text.rindex("〕")]
    return found


@pytest.fixture(scope="module")
def printed(city: tuple[Path, Any]) -> dict[str, str]:
    return addresses(city)


@pytest.mark.parametrize("place", [pytest.param(place, id=row["name"]) for place, row in enumerate(VALUES)])
def test_a_cell_prints_as_the_text_it_is(printed: dict[str, str], place: int) -> None:
    row = VALUES[place]
    expected = row["in_register"] or row["printed"] or row["value"]
    assert printed[f"V-{place}"] == unescape(expected) * int(row["times"] or 1)


def test_nothing_is_withheld_and_nothing_lies_outside_of_the_folder(city: tuple[Path, Any]) -> None:
    folder, answer = city
    assert answer.data["withheld"] == []
    assert {path.parent.name for path in folder.parent.rglob("*.docx")} == {"模板", "3.1 需求收集表"}


@pytest.mark.parametrize("place", [pytest.param(place, id=name) for place, name in enumerate(KEYS)])
def test_a_number_becomes_a_legal_file_name(city: tuple[Path, Any], printed: dict[str, str], place: int) -> None:
    (key,) = [key for key, address in printed.items() if address == f"K-{place}"]
    (file,) = [Path(made["file"]) for made in city[1].data["documents"] if made["key"] == key]
    assert file.parent == city[0] / "单据" / "3.1 需求收集表"
    assert LEGAL.fullmatch(file.name)


def test_every_paper_made_is_entered_and_there(city: tuple[Path, Any]) -> None:
    folder, answer = city
    made = [Path(row["file"]) for row in answer.data["documents"]]
    assert len({path.name.casefold() for path in made}) == len(made) == len(VALUES) + len(KEYS) + 1
    assert all(path.is_file() for path in made)
    assert not [name for name in contents(folder) if name.endswith(".tmp")]
