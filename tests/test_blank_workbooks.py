"""The blank workbooks hold the forms: typed, listed, coloured and explained, for rows still to come."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from macros.clocks.rules import words as board_words
from macros.commands.lists import HEADINGS
from macros.forms import Form, forms
from macros.headings import match
from macros.hosts.files import FileBook
from macros.records import column_letter
from macros.register import assemble, default_settings
from macros.validation import validate
from macros.workbooks import build, build_all, files, titles
from macros.workbooks.colours import quoted_cell
from macros.workbooks.words import assumptions, style

DELIVERED = Path(__file__).parents[1] / "workbooks"
FORMS = [pytest.param(form, id=form.code) for form in forms().values() if form.workbook]


@cache
def book(title: str) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(build(title)))


def sheet_of(form: Form) -> Worksheet:
    found = book(form.workbook)[form.title]
    assert isinstance(found, Worksheet)
    return found


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_register_folder_has_its_workbooks() -> None:
    assert titles() == [
        "需求台账.xlsx", "交付台账.xlsx", "站址台账.xlsx", "租约台账.xlsx", "服务台账.xlsx", "客户台账.xlsx", "工作台账.xlsx", "参数.xlsx", "单据登记簿.xlsx",
        "待办.xlsx", "问题清单.xlsx",
    ]


@pytest.mark.parametrize("title", list(files()))
def test_the_delivered_workbook_is_what_the_forms_make(title: str) -> None:
    # Rebuild with `python -m macros.workbooks workbooks` after changing a form.
    assert parts((DELIVERED / files()[title]).read_bytes()) == parts(build(title))


def test_two_builds_are_the_same_to_the_byte() -> None:
    assert build("需求台账") == build("需求台账")


def test_the_first_table_is_open_alone() -> None:
    # Two selected sheets would be edited together.
    assert [sheet.title for sheet in book("需求台账").worksheets if sheet.sheet_view.tabSelected] == ["需求"]
    assert list(parts(build("需求台账")))[:2] == ["[Content_Types].xml", "_rels/.rels"]


@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_reads_as_its_form(form: Form) -> None:
    headings = [str(cell.value) for cell in sheet_of(form)[1]]
    assert match(form, headings).columns == tuple(range(1, len(form.columns) + 1))


@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_is_one_table_of_its_name(form: Form) -> None:
    tables = sheet_of(form).tables
    assert list(tables) == [form.title]
    assert tables[form.title].headerRowCount in (None, 1)
    assert [column.name for column in tables[form.title].tableColumns] == [column.heading for column in form.columns]


@pytest.mark.parametrize(("code", "name", "number_format"), [
    ("lease", "site_code", "@"),
    ("contact", "phone", "@"),
    ("lease", "starts_on", "yyyy-mm-dd"),
    ("fault", "reported_at", "yyyy-mm-dd hh:mm"),
    ("lease", "tower_cost", "#,##0.00"),
    ("demand", "longitude", "0.000000"),
])
def test_a_column_is_typed_down_to_the_last_row(code: str, name: str, number_format: str) -> None:
    form = forms()[code]
    sheet = sheet_of(form)
    assert sheet.cell(2, form.index[name] + 1).number_format == number_format
    assert sheet.column_dimensions[letter(form, name)].number_format == number_format


def letter(form: Form, name: str) -> str:
    return column_letter(form.index[name] + 1)


def drop_down(form: Form, name: str, row: int = 500_000) -> Any:
    """The drop-down or limit that a cell far below falls under."""
    cell = f"{letter(form, name)}{row}"
    rules = [rule for rule in sheet_of(form).data_validations.dataValidation if cell in rule.sqref]
    return rules[0] if rules else None


@pytest.mark.parametrize(("code", "name", "values", "style_of_error"), [
    ("demand", "operator", ["移动", "联通", "电信"], "stop"),
    ("demand", "rru_remote", ["是", "否"], "stop"),
    ("complaint", "kind", ["建设进度", "维护质量", "计费账单", "配合", "其他"], "warning"),
])
def test_a_choice_has_its_drop_down(code: str, name: str, values: list[str], style_of_error: str) -> None:
    form = forms()[code]
    rule = drop_down(form, name)
    assert rule.type == "list"
    assert rule.errorStyle == style_of_error
    assert values[0] in rule.error
    area = book(form.workbook).defined_names[rule.formula1].attr_text
    title, _, ref = area.partition("!")
    options = book(form.workbook)[title.strip("'")]
    assert options.sheet_state == "hidden"
    assert [cell.value for (cell,) in options[ref.replace("$", "")]] == values


@pytest.mark.parametrize(("code", "name", "kind", "style_of_error"), [
    ("demand", "systems", "whole", "stop"),
    ("lease", "tower_cost", "decimal", "stop"),
    ("customer", "meeting_day", "whole", "stop"),
    ("demand", "raised_on", "date", "warning"),
    ("site", "site_code", "textLength", "warning"),
])
def test_a_limited_column_says_so_while_typing(code: str, name: str, kind: str, style_of_error: str) -> None:
    rule = drop_down(forms()[code], name)
    assert (rule.type, rule.errorStyle) == (kind, style_of_error)
    assert rule.error


@pytest.mark.parametrize(("code", "name"), [("demand", "longitude"), ("demand", "note"), ("demand", "check_hint")])
def test_a_column_that_takes_many_spellings_is_not_limited(code: str, name: str) -> None:
    assert drop_down(forms()[code], name) is None


@pytest.mark.parametrize("title", list(files()))
def test_messages_are_as_long_as_a_spreadsheet_shows(title: str) -> None:
    rules = [rule for sheet in book(title) for rule in sheet.data_validations.dataValidation]
    assert all(len(rule.error) <= 255 and len(rule.errorTitle) <= 32 for rule in rules)


def test_a_heading_explains_its_column() -> None:
    form = forms()["demand"]
    note = sheet_of(form).cell(1, form.index["raised_on"] + 1).comment
    assert note is not None
    assert note.text.splitlines() == ["必填；日期，如2026-09-03", "启动K01（2个工作日内完成需求收集表）", "依据 §2.1.1.3"]


def test_headings_are_coloured_by_stage_and_required_ones_underlined() -> None:
    form = forms()["demand"]
    sheet = sheet_of(form)
    fills = {name: sheet.cell(1, form.index[name] + 1).fill.fgColor.rgb[2:] for name in ("demand_no", "plan_signed_on", "check_hint")}
    assert fills == {
        "demand_no": style()["group"]["identity"]["fill"], "plan_signed_on": style()["group"]["screening"]["fill"],
        "check_hint": style()["group"]["tool"]["fill"],
    }
    assert sheet.cell(1, form.index["demand_no"] + 1).border.bottom.style == "thick"
    assert sheet.cell(1, form.index["batch"] + 1).border.bottom.style == "thin"


def test_a_cell_is_coloured_when_the_hint_quotes_its_heading_without_the_unit() -> None:
    assert quoted_cell("BW", "“”") == 'ISNUMBER(FIND("“"&LEFT(A$1,FIND("（",A$1&"（")-1)&"”",$BW2))'
    form = forms()["lease"]
    rules = {str(area.sqref): area.rules for area in sheet_of(form).conditional_formatting}
    last = column_letter(len(form.columns) - 2)
    check = letter(form, "check_hint")
    ordered = sorted(rules[f"A2:{last}1048576"], key=lambda rule: rule.priority)
    assert [rule.formula for rule in ordered] == [[quoted_cell(check, "“”")], [quoted_cell(check, "‘’")]]


def test_states_colour_the_time_limits_the_gravest_first() -> None:
    form = forms()["demand"]
    due = letter(form, "due_hint")
    area = next(area for area in sheet_of(form).conditional_formatting if str(area.sqref) == f"{due}2:{due}1048576")
    ordered = sorted(area.rules, key=lambda rule: rule.priority)
    assert [rule.formula[0] for rule in ordered[:2]] == [f'LEFT(${due}2,4)="逾期办结"', f'LEFT(${due}2,2)="逾期"']
    assert all(rule.stopIfTrue for rule in ordered)


@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_is_ready_to_scroll_and_print(form: Form) -> None:
    sheet = sheet_of(form)
    assert sheet.freeze_panes is not None
    assert sheet.freeze_panes.endswith("2")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize("title", list(files()))
def test_the_first_sheet_explains_the_workbook(title: str) -> None:
    guide = book(title).worksheets[0]
    words = " ".join(str(cell.value) for row in guide for cell in row if cell.value)
    assert guide.title == "说明"
    assert f"《{title}》使用说明" in words
    assert all(sheet.title in words for sheet in book(title).worksheets if sheet.title != "选项")


def test_every_assumption_is_a_row_with_its_default_and_its_options() -> None:
    sheet = book("参数")["假设"]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert set(rows) == {entry["id"] for entry in assumptions()}
    assert {f"A{n:02}" for n in range(1, 16)} | {f"C{n}" for n in range(1, 11)} <= set(rows)
    assert [rows["C2"][i].value for i in (2, 3)] == ["提前", "提前／顺延／不移动"]
    assert all(rows[i][4].value for i in rows)


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry["id"]) for entry in assumptions()])
def test_an_assumptions_default_is_one_of_its_options(entry: dict[str, str]) -> None:
    assert not entry["options"] or entry["default"] in entry["options"]
    assert entry["reason"]


def test_an_assumption_is_switched_from_its_drop_down() -> None:
    form = forms()["assumption"]
    rows = [row[0].value for row in sheet_of(form).iter_rows(min_row=1)]
    rule = drop_down(form, "chosen", rows.index("C3") + 1)
    area = book("参数").defined_names[rule.formula1].attr_text.partition("!")[2].replace("$", "")
    assert [cell.value for (cell,) in book("参数")["选项"][area]] == ["对应日", "月末对月末"]


def test_a_blank_register_has_nothing_to_complain_about(tmp_path: Path) -> None:
    made = build_all(tmp_path, "澜江")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in made) == sorted(titles())
    books = [FileBook(path) for path in made]
    register = assemble((one.name, title, one.sheet(title).rows) for one in books for title in one.sheets())
    assert validate(register, dt.date(2026, 11, 21)) == []
    assert register.settings == {**default_settings(), "城市": "澜江"}


BOARD = "状态 到期时刻 应办日 剩余 时限 事项 单号 客户 客户经理 下一步 说明 表单 依据 暂定 类别 起算 位置"
COUNTS = "逾期 今日 临近 正常 等待 暂定 按时 超时 及时率"


@pytest.mark.parametrize(("title", "sheet", "headings"), [
    ("待办", "待办", BOARD),
    ("待办", "软时限", BOARD),
    ("待办", "分客户", f"客户 {COUNTS}"),
    ("待办", "分客户经理", f"客户经理 {COUNTS}"),
    ("问题清单", "问题", "级别 代码 工作簿 工作表 单元格 单号 字段 现值 说明"),
])
def test_the_programs_own_sheets_have_their_columns(title: str, sheet: str, headings: str) -> None:
    assert [cell.value for cell in book(title)[sheet][1]] == headings.split()


def test_the_list_of_problems_is_headed_as_the_check_fills_it() -> None:
    assert list(HEADINGS) == [cell.value for cell in book("问题清单")["问题"][1]]


def test_every_state_of_a_deadline_has_its_colour() -> None:
    words = [state["word"] for state in style()["state"]]
    shown = [*board_words()["states"].values(), *(board_words()["hint"][name] for name in ("late", "today", "near", "normal", "provisional", "waiting"))]
    assert [state for state in shown if not any(state.startswith(word) for word in words)] == []
