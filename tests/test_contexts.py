"""What a document prints: finished strings from the row, its joins, lists and sums; or the cell that lacks one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from generator.contexts import Context, build, missing_settings
from generator.definitions import Definition, parse
from generator.printed import clean
from generator.subjects import subjects
from macros.findings import Finding
from macros.periods import Due, DueMoment
from macros.register import Register
from tests.offices import NOW, ORDER, RUNS, SETTINGS, TABLES, city, order_form, runs_form

if TYPE_CHECKING:
    from generator.states import DueOf


def made(
    key: str, definition: Definition, register: Register | None = None, due: DueOf | None = None,
) -> tuple[Context | None, list[Finding]]:
    register = register or city()
    subject = next(each for each in subjects(register, definition, NOW.date()) if each.key == key)
    return build(register, definition, subject, today=NOW.date(), settings=SETTINGS, due=due)


def values(key: str, definition: Definition, **more: Any) -> dict[str, Any]:
    context, findings = made(key, definition, **more)
    assert context is not None, findings
    return dict(context.values)


def test_an_order_prints_its_row_its_joins_and_its_list() -> None:
    printed = values("DD-1", order_form())
    assert printed["订单号"] == "DD-1"
    assert printed["总费用"] == "30,018.50"
    assert printed["总费用大写"] == "叁万零壹拾捌元伍角整"
    assert printed["约定交付时间"] == "2027年3月1日"
    assert printed["夜间是否上站"] == "是"
    assert printed["备注"] == ""
    assert printed["需求"]["站点名称"] == "澜江东"
    assert printed["客户"]["办公地址"] == "澜江路1号"
    assert printed["客户联系人"]["联系人"] == "客户代表A"
    assert [(row["序号"], row["候选站点名称"]) for row in printed["候选"]] == [("1", "澜江东一"), ("2", "澜江东二")]
    assert printed["候选数"] == "2"


def test_every_paper_knows_its_house() -> None:
    printed = values("DD-1", order_form())
    assert (printed["表号"], printed["表名"], printed["公司名称"]) == ("附表3.4", "需求订单确认表", "某塔公司")
    assert (printed["城市"], printed["客户经理姓名"]) == ("澜江", "客户经理乙")


def test_everything_printed_is_a_string() -> None:
    def strings(value: Any) -> bool:
        if isinstance(value, dict):
            return all(map(strings, value.values()))
        return all(map(strings, value)) if isinstance(value, list) else type(value) is str

    assert strings(values("DD-1", order_form()))
    assert strings(values("2026-10/移动", runs_form()))


def test_a_group_prints_its_rows_sorted_gathered_and_summed() -> None:
    printed = values("2026-10/移动", runs_form())
    assert (printed["账单月份"], printed["运营商"]) == ("2026年10月", "移动")
    assert [row["运维系统工单号"] for row in printed["明细"]] == ["YJ-1", "YJ-5", "YJ-3"]
    assert [(group["站址编码"][-1], len(group["明细"])) for group in printed["按站址"]] == [("1", 2), ("2", 1)]
    assert (printed["合计金额"], printed["笔数"]) == ("301.00", "3")  # 200 + 0.95 + 100.05; the failed run is out
    assert printed["合计大写"] == "叁佰零壹元整"
    assert "费用" not in printed


def test_a_sum_of_blanks_alone_is_blank_not_zero() -> None:
    register = city("""## 油机发电
    | 运维系统工单号 | 账单月份 | 运营商 | 发电结果 | 费用 |
    | YJ-1 | 2026-10 | 移动 | 成功 | |
    | YJ-2 | 2026-10 | 联通 | 成功 | |
    | YJ-3 | 2026-10 | 联通 | 成功 | 7 |
    """)
    free = parse(RUNS.replace(', "明细.fee"]', "]"))
    blank, partly = (values(f"2026-10/{who}", free, register=register) for who in ("移动", "联通"))
    assert (blank["合计金额"], blank["合计大写"], blank["笔数"]) == ("", "", "1")
    assert (partly["合计金额"], partly["合计大写"]) == ("7.00", "柒元整")


def test_blanks_under_a_sum_are_counted_so_that_the_paper_can_say_so() -> None:
    counting = RUNS.replace(', "明细.fee"]', "]").replace("computed = [", 'computed = [{name = "未计费", blank = "明细.fee"}, ')
    runs = TABLES.replace("| 成功 | 100.05 |", "| 成功 | |")
    assert [values("2026-10/移动", parse(counting), register=city(text))["未计费"] for text in (TABLES, runs)] == ["0", "1"]


def test_days_and_moments_in_lists_are_short() -> None:
    assert values("2026-10/移动", runs_form())["明细"][0]["开始时间"] == "2026-10-01 08:00"


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        (None, ""),
        (Due(dt.date(2026, 11, 25), False), "2026年11月25日"),
        (Due(dt.date(2027, 1, 4), True), "2027年1月4日（暂定）"),
        (dt.date(2026, 11, 25), "2026年11月25日"),
        (DueMoment(dt.datetime(2026, 11, 25, 9, 5), False), "2026年11月25日9时05分"),
    ],
)
def test_a_clock_prints_its_due_date(due: Any, shown: str) -> None:
    assert values("DD-1", order_form(), due=lambda clock, _: due if clock == "K08" else None)["审核截止日"] == shown


def test_a_missing_required_cell_is_named_and_the_paper_withheld() -> None:
    register = city(TABLES.replace("| 30018.5 |", "| |"))
    context, findings = made("DD-1", order_form(), register)
    assert context is None
    (found,) = findings
    assert (found.code, found.workbook, found.sheet, found.cell) == ("DOC020", "需求台账.xlsx", "订单", "E2")
    assert (found.key, found.field) == ("DD-1", "总费用")


def test_a_missing_cell_of_a_joined_row_is_named_at_that_row() -> None:
    register = city(TABLES.replace("| 澜江东 |", "| |"))
    _, findings = made("DD-1", order_form(), register)
    assert [(found.code, found.sheet, found.cell, found.field) for found in findings] == [
        ("DOC020", "需求", "F2", "站点名称")
    ]


def test_a_missing_cell_of_a_list_row_is_named() -> None:
    register = city(TABLES.replace("| 澜江东二 |", "| |"))
    _, findings = made("DD-1", order_form(), register)
    assert [(found.code, found.sheet, found.cell) for found in findings] == [("DOC020", "站址筛查", "C2")]


def test_a_row_that_is_not_there_is_named() -> None:
    register = city(TABLES.replace("| XQ-0007 | 移动", "| XQ-7777 | 移动"))
    _, findings = made("DD-1", order_form(), register)
    assert [(found.code, found.key) for found in findings] == [("DOC021", "DD-1")]
    assert "“需求”中的“站点名称”" in findings[0].message


def test_too_short_a_list_is_named() -> None:
    _, findings = made("DD-2", order_form())
    assert [found.code for found in findings] == ["DOC022"]


def test_a_variant_has_its_own_template_and_required_fields() -> None:
    _, findings = made("DD-3", order_form())
    assert [(found.code, found.field) for found in findings] == [("DOC020", "覆盖面积")]
    register = city(TABLES.replace("| 否 | |", "| 否 | 1200 |"))
    context, _ = made("DD-3", order_form(), register)
    assert context is not None
    assert context.template == "3.4-indoor.docx"
    assert "覆盖面积" in context.required


def test_sources_are_every_row_a_paper_draws_on() -> None:
    context, _ = made("DD-1", order_form())
    assert context is not None
    assert [(row.place.sheet, row.place.row) for row in context.sources] == [
        ("订单", 2), ("需求", 2), ("客户", 2), ("联系人", 2), ("站址筛查", 3), ("站址筛查", 2)
    ]


def test_control_characters_are_cleaned_and_reported() -> None:  # V36
    register = city()
    dirty = register.rows("order")[0]
    at = dirty.form.index["tower_site_name"]
    texts = (*dirty.values[:at], "澜江\x00东\x0b塔\ud800", *dirty.values[at + 1 :])
    tables = {**register.tables, "order": (replace(dirty, values=texts), *register.rows("order")[1:])}
    context, findings = made("DD-1", order_form(), Register(tables))
    assert context is not None
    assert context.values["铁塔站址名称"] == "澜江东\n塔"
    assert [(found.code, found.severity, found.field) for found in findings] == [
        ("DOC025", "warning", "铁塔站址名称")
    ]


@pytest.mark.parametrize(
    ("dirty", "tidy"),
    [("甲\x00乙", "甲乙"), ("甲\x07\x0c", "甲\n"), ("甲\t乙", "甲 乙"), ("a\r\nb", "a\nb"), ("\ud800", ""), ("A&B <x> {{ 7*7 }}", "A&B <x> {{ 7*7 }}")],
)
def test_clean_takes_out_what_word_cannot_hold_and_nothing_else(dirty: str, tidy: str) -> None:
    assert clean(dirty) == tidy


def test_a_blank_company_name_is_told() -> None:
    assert [found.code for found in missing_settings({})] == ["DOC026"]
    assert missing_settings(SETTINGS) == []


def test_text_of_the_settings_and_of_the_day() -> None:
    more = ORDER.replace("computed = [", 'computed = [{name = "乙方", text = "公司名称"}, {name = "填报日", date = "issued"}, ')
    printed = values("DD-1", parse(more))
    assert printed["乙方"] == "某塔公司"
    assert "填报日" not in printed  # known on the day of issue only
