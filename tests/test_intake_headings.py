"""Heading rows: found by their words, flattened through merges, matched by name and unit."""

from __future__ import annotations

import pytest

from macros.forms import forms
from macros.intake import Taken
from macros.intake.headings import block, compact, spellings
from macros.intake.layouts import layouts
from tests.intake_files import codes, counts, message, said, sheet, take_one

SITE = "|429800908000000001|一号站|111.5|31.5|"


def value(taken: Taken, column: str) -> object:
    (row,) = taken.added
    return row[forms()[taken.form].index[column]]


def test_merged_group_headings_flatten_to_group_and_field() -> None:
    found = block(sheet("""
        |需求编号|位置|||
        ||经度|纬度|地址|
    """, merges="A1:A2 B1:D1"), 1, 2)
    assert [h.text for h in found.headings] == ["需求编号", "位置_经度", "位置_纬度", "位置_地址"]


def test_a_group_without_merges_reaches_over_the_blanks_beside_it() -> None:
    found = block(sheet("""
        |需求编号|位置|||备注|
        ||经度|纬度|地址||
    """), 1, 2)
    assert [h.text for h in found.headings] == ["需求编号", "位置_经度", "位置_纬度", "位置_地址", "备注"]


@pytest.mark.parametrize("heading", ["站址⏎编码", "站址 编码", "*站址编码", "站址编码（18位）", "站址编码(文本)", "站点编号", "站 点 编 码", "站址编码 Site Code", "站址编码/Site code", "site_code"])
def test_a_heading_is_known_under_breaks_spaces_brackets_and_aliases(heading: str) -> None:
    taken = take_one(f"""
        |{heading}|站址名称|经度|纬度|产权性质|使用单位|站址类型|
        |429800908000000001|一号站|111.5|31.5|自建|移动|室外站|
    """)
    assert (taken.layout, value(taken, "site_code")) == ("站址清单", "429800908000000001")


def test_a_group_and_a_field_may_be_one_word_the_other_way_round() -> None:
    taken = take_one("""
        |产品业务确认单编号|运营商|站址编码|产品单元数|服务开始日期|共享信息|产品类型|建造成本（元）||
        ||||||||铁塔|机房|
        |QR1|移动|429800908000000001|1|2026-01-01|新建首家|景观塔|183433|80000|
    """, merges="H1:I1")
    assert (str(value(taken, "tower_cost")), str(value(taken, "room_cost"))) == ("183433.00", "80000.00")


def test_a_group_in_another_unit_is_turned_into_the_columns_and_said() -> None:
    taken = take_one("""
        |产品业务确认单编号|运营商|站址编码|产品单元数|服务开始日期|共享信息|产品类型|建造成本（万元）||费用（元/月，不含税）||
        ||||||||铁塔|机房|维护费|场地费（元/年）|
        |QR1|移动|429800908000000001|1|2026-01-01|新建首家|景观塔|18.3433|8|600|1200|
    """, merges="A1:A2 B1:B2 C1:C2 D1:D2 E1:E2 F1:F2 G1:G2 H1:I1 J1:K1")
    # 18.3433 万元 = 183433 元; 600 元/月 × 12 = 7200 元/年; the field's own unit outranks the group's.
    fees = [str(value(taken, name)) for name in ("tower_cost", "room_cost", "maintenance_fee", "site_rent")]
    assert fees == ["183433.00", "80000.00", "7200.00", "1200.00"]
    turned = [(one.cell, one.message) for one in taken.findings if one.code == "INT043"]
    assert [cell for cell, _ in turned] == ["H2", "I2", "J2"]
    assert "数值已乘以10000，登记到“铁塔建造成本" in turned[0][1]


@pytest.mark.parametrize(("heading", "cell", "fee"), [
    ("场地费(元/年)", "8000", "8000.00"),
    ("场地费（元/年，不含税）", "8000", "8000.00"),
    ("场地费（不含税）", "8000", "8000.00"),
    ("场地费（万元）", "0.8", "8000.00"),
    ("场地费(单位：万元/年)", "0.800055", "8000.55"),
    ("场地费（元／月）", "666.67", "8000.04"),
])
def test_a_fee_is_read_in_the_unit_its_heading_states(heading: str, cell: str, fee: str) -> None:
    taken = take_one(f"""
        |产品业务确认单编号|运营商|站址编码|站址名称|产品类型|产品单元数|铁塔建造成本(元)|服务开始日期|共享信息|{heading}|
        |QR1|移动|429800908000000001|一号站|景观塔|1|100000|2026-01-01|新建首家|{cell}|
    """)
    assert str(value(taken, "site_rent")) == fee


def test_a_unit_above_the_headings_holds_for_amounts_whose_heading_has_none() -> None:
    taken = take_one("""
        |起租清单　单位：万元||||||||||
        |产品业务确认单编号|运营商|站址编码|天线挂高|产品类型|产品单元数|铁塔建造成本|服务开始日期|共享信息|场地费(元/年)|
        |QR1|移动|429800908000000001|35|景观塔|1|18.3433|2026-01-01|新建首家|8000|
    """, merges="A1:J1")
    kept = [str(value(taken, name)) for name in ("tower_cost", "site_rent", "antenna_height", "units")]
    assert kept == ["183433.00", "8000.00", "35", "1"]


def test_title_rows_and_three_heading_rows_are_passed() -> None:
    taken = take_one("""
        |站址资源导出表||||||||
        |制表日期：2026-11-20||||||||
        |基本信息||||其他||||
        |名称与编码||坐标||||||
        |站址编码|站址名称|经度|纬度|产权性质|使用单位|站址类型|备注|
        |429800908000000001|一号站|111.5|31.5|自建|移动|室外站||
    """, merges="A1:H1 A2:H2 A3:D3 E3:H3 A4:B4 C4:D4")
    assert counts(taken) == (1, 1, 0, 0, 0)
    assert "第1—2行按标题行略过" in message(taken, "INT005")


def test_a_radius_in_kilometres_is_read_in_metres_and_what_is_no_figure_refused() -> None:
    head = "|需求编号|运营商|站点名称|经度|纬度|需求提出时间|系统数|天线数|天线挂高范围|允许偏离半径（km）|"
    row = "|XQ1|移动|一号站|111.5|31.5|2026-01-05|1|3|30|{}|"
    assert value(take_one(f"{head}\n{row.format('0.15')}"), "offset_m") == 150
    assert "现为“约0.2”" in message(take_one(f"{head}\n{row.format('约0.2')}"), "VAL030")


def test_a_tax_in_a_heading_leaves_the_column_out() -> None:
    head = "产品业务确认单编号|运营商|站址编码|站址名称|产品类型|产品单元数|铁塔建造成本(元)|服务开始日期|共享信息|维护费({})|"
    row = "QR1|移动|429800908000000001|一号站|景观塔|1|100000|2026-01-01|新建首家|600|"
    taxed = take_one(f"|{head.format('元/年，含税')}\n|{row}")
    assert value(taxed, "maintenance_fee") is None
    assert "维护费" in message(taxed, "INT015")


def test_run_time_in_hours_is_not_taken_for_minutes() -> None:
    taken = take_one("""
        |运维系统工单号|运营商|站址编码|开始时间|结束时间|发电时长(小时)|地形|发电结果|
        |YJ1|移动|429800908000000001|2026-10-02 14:00|2026-10-02 16:00|2|平原|成功|
    """)
    assert value(taken, "minutes") is None
    assert "INT015" in codes(taken)


def test_coordinates_of_another_system_are_not_taken_for_ours() -> None:
    taken = take_one(f"""
        |站址编码|站址名称|经度(BD-09)|纬度(BD-09)|产权性质|使用单位|站址类型|
        {SITE}自建|移动|室外站|
    """)
    assert (counts(taken), value(taken, "datum")) == ((1, 1, 0, 0, 0), "BD-09")


def test_a_heading_that_stands_twice_refuses_the_sheet_by_name() -> None:
    taken = take_one(f"""
        |站址编码|站址名称|经度|纬度|站址名称|使用单位|站址类型|产权性质|
        {SITE}一号|移动|室外站|自建|
    """)
    assert counts(taken) == (1, 0, 0, 0, 1)
    assert said(taken) == [("INT003", "E1", "站址名称")]
    assert "在B列和E列各出现一次" in message(taken, "INT003")


def test_a_merge_that_hides_headings_refuses_the_sheet() -> None:
    taken = take_one("""
        |站址编码||||使用单位|站址类型|产权性质|
        |429800908000000001|一号站|111.5|31.5|移动|室外站|自建|
    """, merges="A1:D1")
    assert counts(taken) == (1, 0, 0, 0, 1)
    assert said(taken) == [("INT004", "A1", "站址编码")]


def test_two_headings_for_one_column_are_said_and_the_better_one_is_read() -> None:
    taken = take_one("""
        |站址编码|站址名称|经度|纬度|区县|县区|使用单位|站址类型|产权性质|
        |429800908000000001|一号站|111.5|31.5|甲县|乙县|移动|室外站|自建|
    """)
    assert value(taken, "county") == "甲县"
    assert said(taken) == [("INT014", "F1", "县区")]


def test_layouts_and_their_headings_are_consistent() -> None:
    titles = [layout.title for layout in layouts().values()]
    assert len(titles) == len(set(map(compact, titles)))


@pytest.mark.parametrize("form", ["demand", "site", "lease", "generator", "fault", "order", "project", "visit", "change"])
def test_the_register_sheet_of_a_form_is_recognised_as_itself(form: str) -> None:
    columns = [column for column in forms()[form].columns if not column.ours]
    head = "|".join(column.heading for column in columns)
    taken = take_one(f"|{head}|\n|{'1|' * len(columns)}")
    assert taken.form == form


def test_a_heading_over_two_columns_of_which_one_is_filled_is_read() -> None:
    taken = take_one("""
        |站址编码|站址名称||经度|纬度|使用单位|站址类型|产权性质|
        |429800908000000001|一号站||111.5|31.5|移动|室外站|自建|
    """, merges="B1:C1 B2:C2")
    assert (counts(taken), said(taken)) == ((1, 1, 0, 0, 0), [])


def test_a_filled_column_without_heading_is_warned_of() -> None:
    taken = take_one("""
        |站址编码|站址名称||经度|纬度|使用单位|站址类型|产权性质|
        |429800908000000001|一号站|重点站|111.5|31.5|移动|室外站|自建|
    """)
    assert (counts(taken), said(taken)) == ((1, 1, 0, 0, 0), [("INT029", "C1", "")])


@pytest.mark.parametrize(("longitude", "latitude", "below", "datum"), [
    ("经度", "纬度", "", None),
    ("经度（GCJ-02）", "纬度（GCJ-02）", "", "GCJ-02"),
    ("百度经度", "百度纬度", "", "BD-09"),
    ("经度（BD09）", "纬度", "", "BD-09"),
    ("高德坐标_经度", "高德坐标_纬度", "", "GCJ-02"),
    ("经度(WGS84)", "纬度(WGS84)", "", "WGS-84"),
    ("经度", "纬度", "说明：1.经纬度采用GCJ-02坐标；2.一站一行", "GCJ-02"),
    ("经度", "纬度", "说明：地址按百度地图填写", None),
])
def test_a_coordinate_system_in_headings_or_notes_is_kept_with_the_places(
    longitude: str, latitude: str, below: str, datum: str | None,
) -> None:
    taken = take_one(f"""
        |站址名称|站址编码|{longitude}|{latitude}|所在地址|使用单位|站址类型|产权性质|
        |一号站|429800908000000001|111.5|31.5|甲路|移动|室外站|自建|
        |{below}||||||||
    """)
    assert (counts(taken), value(taken, "datum")) == ((1, 1, 0, 0, 0), datum)


def test_places_in_the_earths_system_are_read_before_those_of_a_map() -> None:
    taken = take_one("""
        |站址名称|站址编码|百度经度|百度纬度|经度|纬度|使用单位|站址类型|产权性质|
        |一号站|429800908000000001|111.51|31.51|111.5|31.5|移动|室外站|自建|
    """)
    assert [str(value(taken, name)) for name in ("longitude", "latitude", "datum")] == ["111.5", "31.5", "None"]


@pytest.mark.parametrize("dress", [
    "1.{}", "２．{}", "3、{}", "（四）{}", "⑤{}", "{}①", "{}²", "{}[注1]", "★{}", "*{}*", "{}〔必填〕", "6.{}②（必填）",
])
def test_a_heading_is_known_under_its_number_and_its_notes(dress: str) -> None:
    names = ["站址编码", "站址名称", "经度", "纬度", "产权性质", "使用单位", "站址类型"]
    taken = take_one(f"|{'|'.join(map(dress.format, names))}|\n{SITE}自建|移动|室外站|")
    assert (taken.layout, counts(taken), value(taken, "site_name")) == ("站址清单", (1, 1, 0, 0, 0), "一号站")


@pytest.mark.parametrize(("heading", "left"), [("覆盖面积（m²）", "覆盖面积"), ("1.8米高度", "18米高度"), ("2G系统数", "2g系统数")])
def test_a_figure_that_belongs_to_a_heading_is_no_number_of_it(heading: str, left: str) -> None:
    assert spellings(heading)[-1] == left


def test_a_table_laid_on_its_side_is_told_from_one_of_an_unknown_layout() -> None:
    taken = take_one("""
        |站址编码|429800908000000001|429800908000000002|
        |站址名称|一号站|二号站|
        |经度|111.5|111.6|
        |纬度|31.5|31.6|
        |产权性质|自建|自建|
        |使用单位|移动|联通|
    """)
    assert (counts(taken), said(taken)) == ((2, 0, 0, 0, 2), [("INT047", "A1", "")])
    assert "列名竖排在A列" in message(taken, "INT047")
