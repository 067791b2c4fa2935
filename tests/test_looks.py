"""Every sheet of every workbook of figures reads well on the screen and on paper, with rows and without."""

import datetime as dt
import io
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from openpyxl.utils import get_column_letter

from generator.figure_charts import chart
from macros.forms import forms
from macros.workbooks import build, files
from macros.workbooks.reports import report
from macros.workbooks.words import RULES, boards, guide, style

ADDIN = Path(__file__).parents[1] / "addin"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
#: A value of each type, and the signs that Excel shows of it: counted by hand, Chinese signs double.
VALUES: dict[str, tuple[Any, int]] = {
    "money": (-12345678.9, 14),  # -12,345,678.90
    "integer": (123456, 6),
    "rate": (0.98765, 6),  # 98.77%
    "date": (dt.date(2026, 11, 21), 10),  # 2026-11-21
    "moment": (dt.datetime(2026, 11, 21, 9, 5), 16),  # 2026-11-21 09:05
    "code": ("XQ-YD-0001", 10),
    "text": ("甲乙", 4),
}


def specs(found: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every sheet that a rule file describes."""
    if isinstance(found, dict):
        if {"title", "purpose", "columns"} <= found.keys():
            yield f"{place} {found['title']}", found
        for key, value in found.items():
            yield from specs(value, f"{place}.{key}")
    elif isinstance(found, list):
        for value in found:
            yield from specs(value, place)


SPECS = dict(
    found for path in sorted(RULES.glob("*.toml"))
    for found in specs(tomllib.loads(path.read_text(encoding="utf-8")), path.name)
)


def drawn(spec: dict[str, Any], rows: list[list[Any]]) -> Any:
    return openpyxl.load_workbook(io.BytesIO(report("样本", [(spec, rows)])))[spec["title"]]


@cache
def filled(place: str) -> Any:
    """The sheet with three rows; the charts of the control workbook are drawn elsewhere."""
    spec = {key: value for key, value in SPECS[place].items() if key not in ("chart", "charts")}
    return drawn(spec, [one_row(spec)] * 3)


@cache
def book(title: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(build(title)))


def one_row(spec: dict[str, Any]) -> list[Any]:
    return [VALUES.get(column["type"], ("是", 2))[0] for column in spec["columns"]]


def wide(text: str) -> int:
    return sum(2 if ord(sign) > 255 else 1 for sign in text)


def test_the_rules_are_searched() -> None:
    assert len(SPECS) > 60


@pytest.mark.parametrize("place", SPECS)
def test_a_sheet_scrolls_and_prints(place: str) -> None:
    spec, sheet = SPECS[place], filled(place)
    assert sheet.freeze_panes == "B2"
    assert [table.ref for table in sheet.tables.values()] == [f"A1:{get_column_letter(len(spec['columns']))}4"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth >= 1
    assert sheet.print_title_rows == "$1:$1"
    assert "&P" in sheet.oddFooter.center.text and "&N" in sheet.oddFooter.center.text
    assert spec["title"] in sheet.oddHeader.center.text


@pytest.mark.parametrize("place", SPECS)
def test_no_heading_is_cut_and_no_number_becomes_crosses(place: str) -> None:
    """A heading has two lines of bold letters; a number needs all of its signs and some space beside them."""
    spec, sheet = SPECS[place], filled(place)
    for number, column in enumerate(spec["columns"], 1):
        room = sheet.column_dimensions[get_column_letter(number)].width
        heading = sheet.cell(1, number)
        assert heading.alignment.wrap_text and 2 * (room - 2) >= wide(str(heading.value)), heading.value
        assert room >= VALUES.get(column["type"], ("是", 2))[1] + 2, heading.value


@pytest.mark.parametrize("place", SPECS)
def test_values_look_as_their_kind_does_everywhere(place: str) -> None:
    looks = {
        "money": ("#,##0.00", "right"), "rate": ("0.00%", "right"), "date": ("yyyy-mm-dd", "center"),
        "moment": ("yyyy-mm-dd hh:mm", "center"), "integer": ("0", "right"), "code": ("@", "left"), "text": ("General", "left"),
    }
    spec, row = SPECS[place], filled(place)[2]
    seen = {column["type"]: (cell.number_format, cell.alignment.horizontal) for column, cell in zip(spec["columns"], row, strict=True)}
    assert {kind: look for kind, look in seen.items() if kind in looks} == {kind: looks[kind] for kind in seen if kind in looks}


@pytest.mark.parametrize("place", SPECS)
def test_a_sheet_without_rows_says_so_and_has_no_chart(place: str) -> None:
    spec, sheet = SPECS[place], drawn(SPECS[place], [])
    assert sheet["A2"].value == spec.get("nothing", "没有记录。")
    assert [cell.value for cell in sheet[2][1:]] == [None] * (len(spec["columns"]) - 1)
    assert not sheet["A2"].alignment.wrap_text
    assert sheet._charts == []


@pytest.mark.parametrize("place", [place for place, spec in SPECS.items() if "nothing" in spec])
def test_words_of_an_empty_sheet_name_what_there_is(place: str) -> None:
    """Names in quotes are tables, columns, sheets beside it or buttons."""
    titles = {form.title for form in forms().values()} | {column.title for form in forms().values() for column in form.columns}
    spec, sheets = SPECS[place], {each["title"] for each in SPECS.values()}
    buttons = set(re.findall('label="([^"]+)"', (ADDIN / "ribbon.xml").read_text(encoding="utf-8")))
    found = set(re.findall("“([^”]+)”", spec["nothing"])) - {"尽快", "立即"}
    assert found <= titles | sheets | buttons
    assert spec["nothing"].endswith("。")


def test_every_sheet_that_the_program_fills_has_words_for_being_empty() -> None:
    assert [sheet["title"] for one in boards() for sheet in one["sheet"] if not sheet.get("nothing")] == []


def test_rows_are_as_high_as_their_texts_and_columns_as_wide_as_they_may() -> None:
    """Text of 26 signs: a column of 20 grows to 29; one of 10 may grow to 16 only, and has 7 a line: four lines."""
    columns = [{"name": "a", "title": "甲", "type": "text", "width": 20}, {"name": "b", "title": "乙", "type": "text", "width": 10}]
    spec = {"title": "表", "purpose": "", "colour": "", "columns": columns}
    long = "中国移动澜江市澜南区分公司"
    sheet = drawn(spec, [[long, None], [None, long]])
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [29, 10]
    assert [sheet.row_dimensions[row].height for row in (2, 3)] == [20, 100]


def charted(kind: str, figures: list[Any], shown: str = "0%") -> Any:
    columns = [{"name": "a", "title": "月份", "type": "text"}, {"name": "b", "title": "率", "type": "rate"}]
    spec = {"title": "表", "purpose": "", "colour": "", "columns": columns, "chart": {"title": "及时率", "kind": kind, "format": shown}}
    (found,) = drawn(spec, [[f"{number}月", figure] for number, figure in enumerate(figures, 1)])._charts
    return found


@pytest.mark.parametrize(("figures", "least", "most"), [
    ([0.5, 1, None], 0, 1), ([0.2], 0, 1), ([0.5, 1.2], 0, None), ([-0.1, 0.4], None, 1),
])
@pytest.mark.parametrize("kind", ["lines", "columns"])
def test_an_axis_of_rates_ends_at_the_whole(kind: str, figures: list[Any], least: float | None, most: float | None) -> None:
    axis = charted(kind, figures).y_axis
    assert (axis.scaling.min, axis.scaling.max, axis.number_format.formatCode) == (least, most, "0%")


def test_an_axis_of_amounts_has_no_end_but_begins_at_nothing() -> None:
    axis = charted("columns", [0.5, 1], "#,##0").y_axis
    assert (axis.scaling.min, axis.scaling.max) == (0, None)


def test_one_column_is_no_wall_and_a_single_point_has_a_marker_and_its_number() -> None:
    assert charted("columns", [0.5]).gapWidth > charted("columns", [0.5] * 3).gapWidth
    line = charted("lines", [0.5]).series[0]
    assert (line.marker.symbol, line.dLbls.showVal, line.dLbls.numFmt) == ("circle", True, "0%")


@pytest.mark.parametrize(("figures", "said"), [([None, None], True), ([0, 0], True), ([0, 0.1], False)])
def test_a_chart_without_figures_says_so(figures: list[Any], said: bool) -> None:
    title = charted("columns", figures).title.tx.rich.p[0].r[0].t
    assert title == ("及时率　无数据" if said else "及时率")


@pytest.mark.parametrize("kind", ["line", "columns", "bars"])
@pytest.mark.parametrize(("values", "ends"), [(["0.5", "1"], ["1", "0"]), (["0.5", "1.2"], []), (["-0.2", "0.1"], ["1"])])
def test_an_axis_of_rates_in_a_paper_ends_at_the_whole(kind: str, values: list[str], ends: list[str]) -> None:
    data = {"kind": kind, "title": "率", "unit": "", "labels": ["甲", "乙"], "series": [{"title": "率", "type": "rate", "values": values}]}
    scaling = etree.fromstring(chart(data)).find(f".//{C}valAx/{C}scaling")
    assert [end.get("val") for name in ("max", "min") for end in scaling.iter(f"{C}{name}")] == ends  # type: ignore[union-attr]


def test_a_newcomer_starts_at_the_six_steps_and_each_leads_somewhere() -> None:
    sheet = book("参数")["开始"]
    assert book("参数").active is sheet
    steps = [str(row[1].value) for row in sheet.iter_rows(6, 11)]
    assert steps == ["1. 填设置", "2. 导入来文", "3. 检查台账", "4. 看待办", "5. 出单据", "6. 出账"]
    targets = [cell.hyperlink for row in sheet.iter_rows(6, 11) for cell in row if cell.hyperlink]
    leads = {(link.target or "参数.xlsx").partition("#")[0] for link in targets}
    assert leads == {f"{title}.xlsx" for title in ("参数", "需求台账", "客户台账", "问题清单", "待办", "单据登记簿", "租约台账")}
    for step in guide()["start"]["step"]:
        for workbook, title in step["to"]:
            assert title in book(workbook.removesuffix(".xlsx")).sheetnames


@pytest.mark.parametrize("title", list(files()))
def test_a_register_prints_its_columns_only(title: str) -> None:
    """Texts that run on beyond the last column would make the rest tiny on paper."""
    tables, last = [sheet for sheet in book(title).worksheets if sheet.tables], style()["sheet"]["last_row"]
    areas = [sheet.print_area for sheet in tables]
    assert areas == [f"'{sheet.title}'!$A$1:${get_column_letter(sheet.max_column)}${last}" for sheet in tables]


@pytest.mark.parametrize(("title", "sheet", "across", "again"), [
    # 280 signs wide. The seven columns to 单号 take 100; on each of two pages stand these and 90 of the other 180.
    ("待办", "待办", 2, "$A:$G"),
    # 202 signs: on one page, at 7 points.
    ("交付台账", "验收明细", 1, None),
    # 230 signs; its key, 工单编号, is the first column: 18, and then 106 of the other 212 on each of two pages.
    ("需求台账", "工单", 2, "$A:$A"),
])
def test_a_table_too_wide_for_a_page_goes_on_beside_its_first_columns(
    title: str, sheet: str, across: int, again: str | None,
) -> None:
    drawn = openpyxl.load_workbook(io.BytesIO(build(title)))[sheet]
    assert (drawn.page_setup.fitToWidth, drawn.print_title_cols) == (across, again)
