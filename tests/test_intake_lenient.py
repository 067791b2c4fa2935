"""What other people's files write where a register holds a bare value, and how it is understood."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from macros.forms import forms
from macros.intake import Taken
from tests.intake_files import codes, counts, message, said, take_one
from tests.tables import register

HEAD = "|需求编号|运营商|地市|区县|站点名称|场景划分|经度|纬度|详细地址|允许偏离半径(米)|交付时间要求(月)|需求提出时间|系统数|天线挂高范围|天线数|主设备到货期|"
RIGHT = {
    "需求编号": "XQ-1", "运营商": "移动", "地市": "某市", "区县": "甲县", "站点名称": "一号", "场景划分": "县城", "经度": "111.5", "纬度": "31.5",
    "详细地址": "甲路", "允许偏离半径(米)": "100", "交付时间要求(月)": "2027-01-01", "需求提出时间": "2026-09-01", "系统数": "1",
    "天线挂高范围": "30", "天线数": "3", "主设备到货期": "",
}
RUNS = "|运维系统工单号|运营商|站址编码|开始时间|结束时间|发电时长|地形|发电结果|停电原因|"


def demand(**change: str) -> Taken:
    """What a list of one right demand comes to, some cells changed; the bracketed headings by their first words."""
    row = dict(RIGHT)
    for title, text in change.items():
        row[next(name for name in row if name.startswith(title))] = text
    return take_one(HEAD + "\n|" + "|".join(row.values()) + "|")


def value(taken: Taken, column: str) -> object:
    (row,) = taken.added
    return row[forms()[taken.form].index[column]]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-09", dt.date(2026, 9, 30)),
        ("2026年9月", dt.date(2026, 9, 30)),
        ("2026.12", dt.date(2026, 12, 31)),
        ("2028/2", dt.date(2028, 2, 29)),
        ("202702", dt.date(2027, 2, 28)),
        ("<202702>", dt.date(2027, 2, 28)),
        ("二〇二六年十一月", dt.date(2026, 11, 30)),
    ],
)
def test_a_deadline_given_as_a_month_is_its_last_day(written: str, read: dt.date) -> None:
    taken = demand(交付时间要求=written)
    assert (counts(taken), value(taken, "deliver_by")) == ((1, 1, 0, 0, 0), read)
    assert f"登记为{read}" in message(taken, "INT036")


@pytest.mark.parametrize(("written", "code"), [("2026-13", "VAL016"), ("202613", "VAL014"), ("尽快", "VAL010")])
def test_what_is_no_month_is_no_deadline(written: str, code: str) -> None:
    assert said(demand(交付时间要求=written)) == [(code, "K2", "交付时间要求(月)")]


def test_a_fact_given_as_a_month_is_refused() -> None:
    assert said(demand(需求提出时间="2026-09")) == [("VAL016", "L2", "需求提出时间")]


@pytest.mark.parametrize("sign", ["-", "—", "/", "无", "NULL", "\\N", "N/A", "未完成"])
def test_a_sign_for_nothing_is_a_blank_with_a_note(sign: str) -> None:
    taken = demand(允许偏离半径=sign, 主设备到货期=sign)
    assert (counts(taken), value(taken, "offset_m"), value(taken, "equipment_on")) == ((1, 1, 0, 0, 0), None, None)
    assert [one.field for one in taken.findings if one.code == "INT037"] == ["允许偏离半径(米)", "主设备到货期"]


def test_signs_for_nothing_are_counted_and_told_once_per_column() -> None:
    rows = "".join(f"|XQ-{n}|移动|某市|甲县|{n}号|县城|111.5|31.{n}|甲路|/|2027-01-01|2026-09-01|1|30|3||\n" for n in range(3))
    taken = take_one(f"{HEAD}\n{rows}")
    assert counts(taken) == (3, 3, 0, 0, 0)
    assert "共3处，如“/”" in message(taken, "INT037")


def test_a_sign_for_nothing_where_a_value_is_required_is_a_missing_value() -> None:
    assert said(demand(天线数="-")) == [("INT020", "O2", "天线数")]


def test_a_key_that_only_says_nothing_is_missing() -> None:
    assert said(demand(需求编号="无")) == [("INT020", "A2", "需求编号")]


@pytest.mark.parametrize(
    ("title", "written", "column", "read"),
    [
        ("允许偏离半径", "200米", "offset_m", 200),
        ("允许偏离半径", "２００ M", "offset_m", 200),
        ("系统数", "2套", "systems", 2),
        ("天线数", "6副", "antennas", 6),
        ("天线数", "6个", "antennas", 6),
    ],
)
def test_a_figure_may_carry_the_unit_its_column_has(title: str, written: str, column: str, read: int) -> None:
    taken = demand(**{title: written})
    assert (counts(taken), value(taken, column)) == ((1, 1, 0, 0, 0), read)


@pytest.mark.parametrize(
    ("title", "written", "said_of"),
    [
        ("允许偏离半径", "0.2公里", ("VAL034", "J2", "允许偏离半径(米)")),
        ("允许偏离半径", "约200米", ("VAL030", "J2", "允许偏离半径(米)")),
        ("天线数", "若干副", ("VAL030", "O2", "天线数")),
        ("系统数", "2.5套", ("VAL034", "M2", "系统数")),
    ],
)
def test_another_unit_or_a_guess_is_refused(title: str, written: str, said_of: tuple[str, str, str]) -> None:
    assert said(demand(**{title: written})) == [said_of]


def test_amounts_may_carry_their_unit_but_not_another() -> None:
    taken = take_one("""
        |产品业务确认单编号|运营商|站址编码|产品单元数|铁塔建造成本(元)|维护费(元/年)|场地费(元/年)|服务开始日期|共享信息|产品类型|
        |QR1|移动|429800908000000001|1|183433元|5100元/年|/|2026-01-01|新建首家|景观塔|
        |QR2|移动|429800908000000001|1|18.3433万元|5100元/年|0|2026-01-01|新建首家|景观塔|
    """)
    assert counts(taken) == (2, 1, 0, 0, 1)
    assert (value(taken, "tower_cost"), value(taken, "maintenance_fee")) == (Decimal("183433.00"), Decimal("5100.00"))
    assert said(taken) == [("VAL034", "E3", "铁塔建造成本(元)")]


@pytest.mark.parametrize("written", ["2:22", "02:22:00", "2小时22分", "2小时22分钟", "142分钟", "142", "142分"])
def test_a_duration_is_read_as_minutes(written: str) -> None:
    taken = take_one(f"{RUNS}\n|YJ1|移动|429800908000000001|2026-10-01 10:00|2026-10-01 12:22|{written}|平原|成功|市电|")
    assert (said(taken), value(taken, "minutes")) == ([], 142)


@pytest.mark.parametrize("written", ["一小时", "2.4", "2小时多"])
def test_a_duration_that_cannot_be_known_is_refused(written: str) -> None:
    taken = take_one(f"{RUNS}\n|YJ1|移动|429800908000000001|2026-10-01 10:00|2026-10-01 12:22|{written}|平原|成功|市电|")
    assert [field for _, _, field in said(taken)] == ["发电时长"]


@pytest.mark.parametrize("name", ["中国移动某市分公司", "中国移动通信集团有限公司", "移动公司", "中移动", "ＣＭＣＣ", "移动（CMCC）", "China Mobile"])
def test_an_operator_may_be_named_by_its_branch(name: str) -> None:
    assert value(demand(运营商=name), "operator") == "移动"


@pytest.mark.parametrize(("title", "written", "value_of"), [
    ("产品类型", "1110 普通地面塔", ("product", "普通地面塔")), ("产品类型", "1220", ("product", "楼面抱杆")),
    ("机房类型", "01 自建砖混机房", ("room_kind", "自建砖混机房")), ("机房类型", "-1", ("room_kind", "无机房")),
    ("共享信息", "存量既有共享方", ("sharing", "存量既有共享")), ("油机发电服务费模式", "包干制", ("generator_mode", "包干")),
])
def test_a_word_of_the_bills_or_its_number_stands_for_the_value(
    title: str, written: str, value_of: tuple[str, str],
) -> None:
    row = {"产品类型": "景观塔", "机房类型": "RRU拉远", "共享信息": "新建首家", "油机发电服务费模式": "按次"} | {title: written}
    taken = take_one(f"""
        |产品业务确认单编号|运营商|站址编码|产品单元数|铁塔建造成本(元)|服务开始日期|{"|".join(row)}|
        |QR1|移动|429800908000000001|1|183433|2026-01-01|{"|".join(row.values())}|
    """)
    assert (codes(taken) & {"VAL041", "INT037"}, value(taken, value_of[0])) == (set(), value_of[1])


@pytest.mark.parametrize("name", ["广电", "移动、联通", "移动联通合资公司", "铁通公司", "广电（移动代建）"])
def test_a_name_of_no_operator_or_of_two_is_refused(name: str) -> None:
    assert said(demand(运营商=name)) == [("VAL041", "B2", "运营商")]


@pytest.mark.parametrize(("written", "level"), [("ＶＩＰ", "VIP"), ("vip客户", "VIP"), ("贵宾", "VIP"), ("标准客户", "标准")])
def test_service_levels_are_known_under_other_words(written: str, level: str) -> None:
    taken = take_one(f"|客户名称|运营商|区县|服务等级|CRM是否上线|\n|甲分公司|移动|甲县|{written}|未上线|")
    assert (value(taken, "level"), value(taken, "crm_live")) == (level, False)


KNOWN = register("""
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 |
| 中国移动（新城）分公司 | 移动 | 甲县 | VIP |
## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 场景划分 | 经度 | 纬度 | 详细地址 | 交付时间要求 | 需求提出时间 | 系统数 | 天线挂高范围 | 天线数 |
| XQ-YD-1 | 移动 | 某市 | 甲县 | 一号 | 农村 | 111.5 | 31.5 | 一号旁 | 2027-01-01 | 2026-09-01 | 1 | 30 | 3 |
## 订单
| 订单号 | 需求编号 | 铁塔站址名称 |
| DD-7 | XQ-YD-1 | 一号 |
""")
FAULT = "|故障编号|客户名称|申告时间|首次反馈时间|故障发生时间|故障现象|修复时间|"


@pytest.mark.parametrize("name", ["中国移动(新城)分公司", "中国移动 （新城） 分公司", "中国移动（新城）分公司␣"])
def test_a_customer_is_taken_as_the_register_spells_it(name: str) -> None:
    taken = take_one(f"{FAULT}\n|GZ1|{name}|2026-10-01 10:00|||停电||", known=KNOWN)
    assert value(taken, "customer_name") == "中国移动（新城）分公司"


def test_a_name_the_register_does_not_know_stays_as_written() -> None:
    taken = take_one(f"{FAULT}\n|GZ1|中国移动(旧城)分公司|2026-10-01 10:00|||停电||", known=KNOWN)
    assert value(taken, "customer_name") == "中国移动(旧城)分公司"


@pytest.mark.parametrize("number", ["xq-yd-1", "ＸＱ－ＹＤ－１", "'XQ-YD-1", '="XQ-YD-1"'])
def test_a_stage_finds_its_demand_whatever_the_letters_are(number: str) -> None:
    stages = "|需求编号|需求收集表签署日期|需求收集表收到日期|筛查方案确认表签署日期|订单确认表送达日期|订单确认表签署日期|立项批复日期|交付验收单发送日期|"
    taken = take_one(f"{stages}\n|{number}|2026-09-02|2026-09-03|-|/||||", known=KNOWN)
    assert [(record.key, changed) for record, changed in taken.updates] == [
        ("XQ-YD-1", {"form_signed_on": dt.date(2026, 9, 2), "form_received_on": dt.date(2026, 9, 3)}),
    ]


PROJECT = "|订单号|项目编码|项目名称|项目批复文号|项目批复时间|建设单位|项目状态|"


def test_a_project_that_names_an_order_is_put_to_the_orders_demand() -> None:
    taken = take_one(f"{PROJECT}\n|DD-7|XM1|一号站新建|某批〔2026〕1号|2026-10-08|某市分公司|在建|", known=KNOWN)
    assert value(taken, "demand_no") == "XQ-YD-1"
    assert "订单号“DD-7”对应需求“XQ-YD-1”" in message(taken, "INT039")


def test_a_project_that_names_its_demand_keeps_it() -> None:
    taken = take_one(f"{PROJECT}\n|XQ-YD-1|XM1|一号站新建|某批〔2026〕1号|2026-10-08|某市分公司|在建|", known=KNOWN)
    assert (value(taken, "demand_no"), "INT039" in codes(taken)) == ("XQ-YD-1", False)


def test_a_row_of_another_operator_than_the_file_is_said_to_be_of_is_doubted() -> None:
    table = HEAD + "\n|" + "|".join(RIGHT.values()) + "|"
    taken = take_one(table, customer="联通")
    assert (value(taken, "operator"), said(taken)) == ("移动", [("INT038", "B2", "运营商")])


def test_a_blank_operator_is_the_one_the_file_is_said_to_be_of() -> None:
    taken = take_one(HEAD + "\n|" + "|".join({**RIGHT, "运营商": ""}.values()) + "|", customer="联通")
    assert (value(taken, "operator"), said(taken)) == ("联通", [])


def test_a_number_that_belongs_to_another_operator_is_refused() -> None:
    row = {**RIGHT, "需求编号": "XQ-YD-1", "运营商": "联通"}
    taken = take_one(HEAD + "\n|" + "|".join(row.values()) + "|", known=KNOWN)
    assert (counts(taken), said(taken)) == ((1, 0, 0, 0, 1), [("INT040", "A2", "需求编号")])


@pytest.mark.parametrize("pair", ["111.5,31.5", "111.5，31.5", "111.5 31.5", "(111.5, 31.5)", "111.5/31.5", "东经111.5、北纬31.5"])
def test_a_column_of_coordinate_pairs_is_read_as_two(pair: str) -> None:
    table = f"""
        |站址编码|站址名称|经纬度|所在地址|产权性质|使用单位|
        |429800908000000001|一号站|{pair}|甲路|自建|移动|
        |429800908000000002|二号站|111.5|甲路|自建|移动|
        |429800908000000003|三号站|111.6,31.6|甲路|自建|移动|
    """
    taken = take_one(table)
    assert counts(taken) == (3, 2, 0, 0, 1)
    assert [str(row[forms()["site"].index["latitude"]]) for row in taken.added] == ["31.5", "31.6"]
    assert said(taken) == [("INT020", "G3", "纬度")]


def test_pairs_beside_a_column_of_longitudes_are_left_alone() -> None:
    taken = take_one("""
        |站址编码|站址名称|经度|纬度|经纬度|产权性质|使用单位|
        |429800908000000001|一号站|111.5|31.5|111.5,31.5|自建|移动|
    """)
    assert counts(taken) == (1, 1, 0, 0, 0)


def test_times_of_day_belong_to_the_day_beside_them_and_may_cross_midnight() -> None:
    taken = take_one("""
        |运维系统工单号|运营商|站址编码|发电日期|开始时间|结束时间|地形|发电结果|停电原因|
        |YJ1|移动|429800908000000001|2026-10-01|10:00|12:22|平原|成功|市电|
        |YJ2|移动|429800908000000001|2026.10.2|22:00:30|02:00|平原|成功|市电|
        |YJ3|移动|429800908000000001||10:00|12:22|平原|成功|市电|
        |YJ4|移动|429800908000000001|2026-10-04|2026-10-04 08:00|2026-10-04 09:00|平原|成功|市电|
    """)
    start = forms()["generator"].index["started_at"]
    assert counts(taken) == (4, 3, 0, 0, 1)
    assert [(row[start], row[start + 1]) for row in taken.added] == [
        (dt.datetime(2026, 10, 1, 10), dt.datetime(2026, 10, 1, 12, 22)),
        (dt.datetime(2026, 10, 2, 22, 0, 30), dt.datetime(2026, 10, 3, 2)),
        (dt.datetime(2026, 10, 4, 8), dt.datetime(2026, 10, 4, 9)),
    ]
    assert said(taken) == [("VAL018", "E4", "开始时间"), ("VAL018", "F4", "结束时间")]
    assert "2行的时刻已与“发电日期”合并" in message(taken, "INT041")


def test_a_word_a_suggesting_list_lacks_stands_as_it_is_with_a_doubt() -> None:
    taken = take_one("""
        |投诉编号|客户名称|受理时间|首次反馈时间|办结时间|类别|渠道|内容|
        |TS1|甲分公司|2026-10-01 10:00|||网络质量|微信|断站|
    """)
    assert (value(taken, "kind"), value(taken, "channel")) == ("网络质量", "微信")
    assert said(taken) == [("REG005", "F2", "类别"), ("REG005", "G2", "渠道")]


@pytest.mark.parametrize(("title", "word"), [("地形", "海洋"), ("发电结果", "半成功"), ("运营商", "广电")])
def test_a_word_that_fees_depend_on_must_be_in_its_list(title: str, word: str) -> None:
    row = {"运营商": "移动", "地形": "平原", "发电结果": "成功"} | {title: word}
    taken = take_one(
        f"{RUNS}\n|YJ1|{row['运营商']}|429800908000000001|2026-10-01 10:00|2026-10-01 11:00|60|{row['地形']}|{row['发电结果']}|市电|"
    )
    assert [(code, field) for code, _, field in said(taken)] == [("VAL041", title)]


def test_what_only_describes_a_site_does_not_keep_it_out() -> None:
    taken = take_one("""
        |站址编码|站址名称|经度|纬度|产权性质|使用单位|站址地形|业务场景|是否共享|
        |429800908000000001|一号站|111.5|31.5|租赁|移动|丘陵|景区|部分|
    """)
    assert (counts(taken), value(taken, "ownership"), value(taken, "terrain")) == ((1, 1, 0, 0, 0), "租赁", None)
    assert {(code, field) for code, _, field in said(taken)} == {
        ("REG005", "产权性质"), ("INT024", "站址地形"), ("INT024", "业务场景"), ("INT024", "是否共享"),
    }


@pytest.mark.parametrize(("written", "read", "doubts"), [
    ("TS-1⏎TS-1A", "TS-1TS-1A", [("INT049", "A2", "投诉编号")]),
    ("TS-1⏎", "TS-1", []),
    ("TS- 1", "TS-1", []),
])
def test_a_number_of_several_lines_is_doubted(written: str, read: str, doubts: list[tuple[str, str, str]]) -> None:
    taken = take_one(f"""
        |投诉编号|客户名称|受理时间|首次反馈时间|办结时间|类别|渠道|内容|
        |{written}|甲分公司|2026-10-01 10:00|||其他|电话|断站|
    """)
    assert (value(taken, "complaint_no"), said(taken)) == (read, doubts)
