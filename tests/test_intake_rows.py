"""Data rows and rows that are none: titles, totals, signatures, notes, blanks."""

from __future__ import annotations

import pytest

from macros.forms import forms
from tests.intake_files import codes, counts, message, said, sheet, take_all, take_one

HEAD = "|序号|客户名称|运营商|区县|服务等级|CRM是否上线|办公地址|"


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("|合计||||||18|", "合计"),
        ("||小　计||||||", "合计"),
        ("|客户经理签字：␣␣␣客户签字（盖章）：␣␣␣日期：||||||||", "签字"),
        ("|制表：财务部||||复核：网络部|||", "签字"),
        ("|说明：1.地址以营业执照为准。|||||||", "说明"),
        ("|备注：以上数据截至月末|||||||", "说明"),
        ("|注：服务等级由省公司核定|||||||", "说明"),
        ("|序号|客户名称|运营商|区县|服务等级|CRM是否上线|办公地址|", "重复表头"),
        ("||必填|必填|选填|必填|选填|选填|", "填写提示"),
        ("|1|2|3|4|5|6|7|", "填写提示"),
        ("|3|||||||", "只有序号"),
        ("|总计|18|||||18|", "合计"),
        ("|甲县小计||||||18|", "合计"),
        ("|一、甲县|||||||", "分组标题"),
        ("|甲县|||||||", "分组标题"),
        ("||(二)乙县||||||", "分组标题"),
        ("||2、等级由省公司核定||||||", "说明"),
        ("||（以下空白）||||||", "说明"),
        ("|联系人：客户代表A||||电话：010-00010000|||", "签字"),
        ("|NO|CUSTOMER_NAME|OPERATOR|COUNTY|LEVEL|CRM|ADDRESS|", "填写提示"),
        ("|填表人：|日期：||||||", "签字"),
        ("|制表：|客户代表A||||||", "签字"),
        ("|制表人：客户代表A|审核：客户代表B||||||", "签字"),
        ("|No.|Customer Name (CN)|User/Operator|County|Level|CRM Online|Office & Address|", "填写提示"),
        ("||第2页|||||共9页|", "说明"),
    ],
)
def test_a_row_that_is_no_data_is_left_out_with_a_note(row: str, kind: str) -> None:
    taken = take_one(f"{HEAD}\n|1|甲分公司|移动|甲县|VIP|是|甲路1号|\n{row}")
    assert counts(taken) == (1, 1, 0, 0, 0)
    assert f"第3行按{kind}行略过" in message(taken, "INT005")


def test_blank_rows_between_data_are_noted_and_those_at_the_end_are_not() -> None:
    taken = take_one(f"""
        {HEAD}
        |1|甲分公司|移动|甲县|VIP|是|甲路1号|
        ||
        |2|乙分公司|移动|乙县|标准|是|乙路1号|
        ||
    """)
    assert counts(taken) == (2, 2, 0, 0, 0)
    assert "第3行按空行行略过" in message(taken, "INT005")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("|2||移动|乙县|标准|是|乙路1号|", "客户名称"),
        ("|2|乙分公司||乙县|标准|是|乙路1号|", "运营商"),
        ("|2|乙分公司||||||", "运营商"),
    ],
)
def test_a_row_that_lacks_something_is_data_and_refused_by_name(row: str, field: str) -> None:
    taken = take_one(f"{HEAD}\n|1|甲分公司|移动|甲县|VIP|是|甲路1号|\n{row}")
    assert counts(taken) == (2, 1, 0, 0, 1)
    assert ("INT020", field) in [(code, named) for code, _, named in said(taken)]


def test_lines_under_a_note_are_notes_and_a_lone_key_is_none() -> None:
    taken = take_one(f"{HEAD}\n|1|甲分公司|移动|甲县|VIP|是|甲路1号|\n||说明||\n||以营业执照为准||\n||\n||乙分公司||")
    assert "第3—4、6行按说明行略过" in message(taken, "INT005")
    taken = take_one(f"{HEAD}\n|1|甲分公司|移动|甲县|VIP|是|甲路1号|\n||乙分公司||")
    assert counts(taken) == (2, 1, 0, 0, 1)


def test_a_text_spread_over_the_row_by_a_merge_is_a_part_even_under_the_keys() -> None:
    taken = take_one(f"{HEAD}\n||乙县||||||\n|1|甲分公司|移动|甲县|VIP|是|甲路1号|", merges="B2:G2")
    assert (counts(taken), "第2行按分组标题行略过" in message(taken, "INT005")) == ((1, 1, 0, 0, 0), True)


def test_headings_of_two_rows_may_be_repeated_on_each_page() -> None:
    head = "|站址编码|站址名称|位置||产权性质|使用单位|站址类型|\n|||经度|纬度||||"
    row = "|42980090800000000{}|{}号站|111.5|31.5|自建|移动|室外站|"
    taken = take_one(f"{head}\n{row.format(1, 1)}\n{head}\n{row.format(2, 2)}")
    assert (counts(taken), "第4—5行按重复表头行略过" in message(taken, "INT005")) == ((2, 2, 0, 0, 0), True)


def test_cells_merged_downwards_hold_in_each_of_their_rows() -> None:
    taken = take_one(f"""
        {HEAD}
        |1|甲分公司|移动|甲县|VIP|是|甲路1号|
        |2|乙分公司|||标准|是|乙路1号|
    """, merges="C2:C3 D2:D3")
    assert [row[1:3] for row in taken.added] == [("移动", "甲县"), ("移动", "甲县")]
    assert "2—3行" in message(taken, "INT018")


def test_headings_without_rows_are_said_to_hold_no_data() -> None:
    taken = take_one(HEAD)
    assert counts(taken) == (0, 0, 0, 0, 0)
    assert said(taken) == [("INT002", "A1", "")]


def test_an_unknown_sheet_of_headings_only_is_said_to_hold_no_data() -> None:
    taken = take_one("|客户编号|产品|月费|等级|")
    assert codes(taken) == {"INT002"}


def test_an_error_value_refuses_its_row_only() -> None:
    taken = take_one(f"""
        {HEAD}
        |1|甲分公司|移动|#REF!|VIP|是|甲路1号|
        |2|乙分公司|移动|乙县|标准|是|乙路1号|
    """)
    assert counts(taken) == (2, 1, 0, 0, 1)
    assert said(taken) == [("VAL001", "D2", "区县")]


def test_a_row_of_units_under_the_headings_is_no_data_and_says_the_units() -> None:
    taken = take_one("""
        |产品业务确认单编号|运营商|站址编码|天线挂高|产品类型|产品单元数|铁塔建造成本|维护费|服务开始日期|共享信息|
        ||||米||个|万元|元/月|||
        |QR1|移动|429800908000000001|35|景观塔|1|18.3433|600|2026-01-01|新建首家|
    """)
    (row,) = taken.added
    index = forms()["lease"].index
    assert "第2行按填写提示行略过" in message(taken, "INT005")
    # 18.3433 × 10000 and 600 × 12
    assert [str(row[index[name]]) for name in ("antenna_height", "tower_cost", "maintenance_fee")] == [
        "35", "183433.00", "7200.00",
    ]


SITES = "|站址名称|站址编码|经度|纬度|所在地址|使用单位|站址类型|产权性质|"


def test_tables_under_each_other_are_taken_each_by_its_headings() -> None:
    outcome = take_all([sheet(f"""
        {SITES}
        |一号站|429800908000000001|111.5|31.5|甲路|移动|室外站|自建|
        ||
        |二、客户||||||||
        {HEAD}|
        |1|甲分公司|移动|甲县|VIP|是|甲路1号||
        |2|乙分公司|移动|乙县|好|是|乙路1号||
    """, merges="A4:H4")])
    assert [(one.layout, counts(one)) for one in outcome.taken] == [
        ("站址清单", (1, 1, 0, 0, 0)), ("客户清单", (2, 1, 0, 0, 1)),
    ]
    assert ("VAL041", "E7", "服务等级") in said(outcome.taken[1])


def test_labels_of_a_signature_begin_no_table() -> None:
    taken = take_one(f"""
        {SITES}
        |一号站|429800908000000001|111.5|31.5|甲路|移动|室外站|自建|
        ||
        |联系人：|客户经理：|日期：||||||
    """)
    assert counts(taken) == (1, 1, 0, 0, 0)


def test_headings_repeated_after_a_blank_row_begin_no_other_table() -> None:
    taken = take_one(f"""
        {SITES}
        |一号站|429800908000000001|111.5|31.5|甲路|移动|室外站|自建|
        ||
        {SITES}
        |二号站|429800908000000002|111.6|31.6|乙路|移动|室外站|自建|
    """)
    assert counts(taken) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize("remark", ["移动审批中", "等待复核", "甲方费用合计", "说明：改期", "经办人：客户代表A"])
def test_a_row_that_begins_with_its_number_is_data_whatever_its_remark_says(remark: str) -> None:
    taken = take_one(f"""
        |需求编号|运营商|地市|区县|站点名称|场景划分|经度|纬度|详细地址|允许偏离半径(米)|需求提出时间|系统数|天线挂高范围|天线数|备注|
        |XQ-1||||||||||||||{remark}|
    """)
    assert counts(taken) == (1, 0, 0, 0, 1)
    assert ("INT020", "B2", "运营商") in said(taken)
