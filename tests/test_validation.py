"""Every kind of check with a row that is wrong and one that is right."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros.findings import Finding
from macros.forms import forms
from macros.records import Record
from macros.register import Register, assemble
from macros.validation import check_row, hints, trusted_today, validate
from tests.tables import register, row

TODAY = dt.date(2026, 11, 21)

# A right row of each table, by column title; the cases below change single cells of it.
RIGHT: dict[str, dict[str, str]] = {
    "需求": {
        "需求编号": "XQ1", "运营商": "移动", "地市": "澜江", "区县": "甲县", "站点名称": "甲县一站", "场景划分": "农村",
        "经度": "111.5", "纬度": "31.2", "详细地址": "甲县一路", "交付时间要求": "2027-03-01", "需求提出时间": "2026-09-01",
        "系统数": "1", "天线挂高范围": "30-35", "天线数": "3",
    },
    "站址": {"站址编码": "429801908000000001", "站址名称": "甲县一站", "经度": "111.5", "纬度": "31.2", "区县": "甲县"},
    "站址筛查": {"需求编号": "XQ1", "候选序号": "1", "候选站点名称": "甲", "经度": "111.5", "纬度": "31.2", "能否形成订单": "是"},
    "订单": {
        "订单号": "DD1", "需求编号": "XQ1", "铁塔站址名称": "甲", "建设方式": "新建独享", "产品类型": "铁塔类", "产品配置": "甲",
        "产品单元数": "1", "维护服务等级": "标准", "约定交付时间": "2027-03-01", "总费用": "100",
    },
    "租约": {
        "产品业务确认单编号": "QR1", "运营商": "移动", "站址编码": "429801908000000001", "产品单元数": "1", "铁塔建造成本": "0",
        "服务开始日期": "2026-01-01",
    },
    "油机发电": {
        "运维系统工单号": "YJ1", "运营商": "移动", "站址编码": "429801908000000001", "开始时间": "2026-10-01 08:00",
        "结束时间": "2026-10-01 14:00",
    },
    "故障": {"故障编号": "GZ1", "客户名称": "移动甲县", "服务等级": "VIP", "申告时间": "2026-10-01 08:00"},
    "投诉": {"投诉编号": "TS1", "客户名称": "移动甲县", "服务等级": "VIP", "受理时间": "2026-10-01 08:00"},
    "账单": {"账期": "2026-10", "运营商": "移动"},
    "客户": {"客户名称": "移动甲县", "运营商": "移动", "区县": "甲县", "服务等级": "VIP"},
    "联系人": {"客户名称": "移动甲县", "联系人": "客户代表A"},
    "联席会议": {"会议编号": "HY1", "月份": "2026-10", "客户名称": "移动甲县", "会议时间": "2026-10-20 09:00", "地点": "甲"},
    "工单": {"工单编号": "GD1", "工单类型": "启动谈判", "接收人": "甲", "下发日期": "2026-10-01", "工单内容": "甲"},
}


def table(title: str, *changes: dict[str, str]) -> tuple[str, str, list[list[str | None]]]:
    """A sheet of right rows, each with its changes; an empty text is a blank cell."""
    rows = [RIGHT[title] | change for change in changes]
    headings: list[str | None] = list(dict.fromkeys(name for one in rows for name in one))
    file = next(form.file for form in forms().values() if form.title == title)
    return file, title, [headings, *([one.get(str(name)) or None for name in headings] for one in rows)]


def check(title: str, **change: str) -> list[tuple[str, str]]:
    """(column title, code) of everything said about one changed row, the other tables being empty."""
    city = assemble([table(title, change)])
    found = validate(city, TODAY)
    return [(f.field, f.code) for f in found if f.code not in ("CHK063", "CHK064")]


@pytest.mark.parametrize("title", sorted(RIGHT))
def test_a_right_row_is_left_in_peace(title: str) -> None:
    assert check(title) == []


@pytest.mark.parametrize(("title", "column", "cell", "code"), [
    # missing, limits, lists, patterns
    ("需求", "详细地址", "", "CHK001"),
    ("需求", "运营商", "", "CHK001"),
    ("故障", "申告时间", "", "CHK001"),
    ("需求", "系统数", "0", "CHK002"),
    ("需求", "允许偏离半径", "-50", "CHK002"),
    ("租约", "产品单元数", "-1", "CHK002"),
    ("客户", "联席会议日", "32", "CHK003"),
    ("站址", "站址编码", "42980190800090000", "CHK004"),
    ("租约", "站址编码", "42980190800090000", "CHK005"),
    ("需求", "场景划分", "郊外", "VAL041"),
    ("需求", "天线数", "若干", "VAL030"),
    ("站址", "站址编码", "4.29803E+17", "VAL003"),
    # dates
    ("需求", "需求提出时间", "2026-11-22", "CHK017"),
    ("需求", "需求提出时间", "2026-12-22", "CHK017"),
    ("需求", "需求提出时间", "2026-12-23", "CHK006"),
    ("故障", "首次反馈时间", "2027-01-01 08:00", "CHK006"),
    ("需求", "交付时间要求", "2206-09-03", "CHK007"),
    ("租约", "服务开始日期", "1926-01-01", "CHK007"),
    ("租约", "服务开始日期", "2006-01-01", "CHK008"),
    # places
    ("需求", "经度", "151.5", "CHK011"),
    ("站址", "纬度", "1.53", "CHK011"),
    ("需求", "经度", "181.2", "VAL052"),
    ("需求", "天线挂高范围", "待定", "CHK012"),
    ("需求", "天线挂高范围", "300", "CHK013"),
    ("需求", "天线挂高范围", "约十层楼30", "CHK013"),
    ("需求", "天线方向角", "0/120/400", "CHK014"),
    ("需求", "备注", "长" * 1001, "CHK009"),
    ("联系人", "电话", "无号码1", "CHK016"),
    ("站址", "使用单位", "移动、移动", "CHK035"),
    ("站址", "使用单位", "移动、广电", "CHK035"),
])
def test_a_wrong_cell_is_named(title: str, column: str, cell: str, code: str) -> None:
    assert (column, code) in check(title, **{column: cell})


@pytest.mark.parametrize(("title", "column", "cell"), [
    ("需求", "需求提出时间", "2026-11-21"),  # today is no future
    ("需求", "需求提出时间", "２０２６年９月３日"),
    ("需求", "经度", "111°30′00″"),
    ("需求", "经度", "73"),
    ("需求", "纬度", "54"),
    ("需求", "系统数", "1"),
    ("需求", "交付时间要求", "2028-01-01"),
    ("需求", "天线挂高范围", "[30,35)"),
    ("需求", "天线挂高范围", "H<30"),
    ("需求", "天线挂高范围", "25米以上"),
    ("需求", "天线挂高范围", "-"),
    ("需求", "天线方向角", "0/120/240"),
    ("租约", "服务开始日期", "2026-12-01"),  # a lease may be booked ahead
    ("联系人", "纪念日", "1966-05-01"),
    ("联系人", "电话", "0710-3456789转801"),
    ("站址", "站址编码", " 429801908000000001 "),
    ("站址", "使用单位", "移动、中国联通"),
    ("站址", "使用单位", "无"),
])
def test_a_right_cell_is_left_in_peace(title: str, column: str, cell: str) -> None:
    assert check(title, **{column: cell}) == []


@pytest.mark.parametrize(("longitude", "latitude"), [("31.2", "111.5"), ("31.2", "85.5"), ("31°12′00″", "111°30′00″")])
def test_exchanged_coordinates_are_one_mistake(longitude: str, latitude: str) -> None:
    found = check("需求", 经度=longitude, 纬度=latitude)
    assert found == [("经度", "CHK010")]


CHAINS = """
title | earlier          | later              | code
需求   | 需求提出时间       | 需求收集表签署日期    | CHK020
需求   | 需求收集表签署日期  | 需求收集表收到日期    | CHK020
需求   | 需求提出时间       | 订单确认表签署日期    | CHK020
需求   | 需求收集表签署日期  | 筛查方案确认表签署日期 | CHK020
需求   | 订单确认表送达日期  | 订单确认表签署日期    | CHK020
需求   | 订单确认表签署日期  | 立项批复日期         | CHK020
需求   | 立项批复日期       | 交付验收单发送日期    | CHK020
需求   | 交付验收单发送日期  | 交付验收单签署日期    | CHK020
需求   | 交付验收单签署日期  | 单项服务协议签署日期   | CHK020
需求   | 客户变更提出日期    | 变更确认表签署日期    | CHK020
需求   | 订单确认表签署日期  | 客户变更提出日期      | CHK021
租约   | 服务开始日期       | 服务结束日期         | CHK020
租约   | 订单签约日期       | 服务开始日期         | CHK021
故障   | 故障发生时间       | 申告时间            | CHK020
故障   | 申告时间          | 首次反馈时间         | CHK020
故障   | 申告时间          | 修复时间            | CHK021
投诉   | 受理时间          | 首次反馈时间         | CHK020
投诉   | 受理时间          | 解决时间            | CHK020
投诉   | 受理时间          | 办结时间            | CHK020
投诉   | 办结时间          | 拜访日期            | CHK021
工单   | 下发日期          | 完成日期            | CHK020
联席会议 | 会议时间         | 纪要日期            | CHK020
"""
PAIRS = [tuple(part.strip() for part in line.split("|")) for line in CHAINS.strip().splitlines()[1:]]


@pytest.mark.parametrize(("title", "earlier", "later", "code"), PAIRS)
def test_dates_stand_in_the_order_of_the_work(title: str, earlier: str, later: str, code: str) -> None:
    assert (later, code) in check(title, **{earlier: "2026-10-02", later: "2026-10-01"})
    assert (later, code) not in check(title, **{earlier: "2026-10-01", later: "2026-10-01"})
    assert (later, code) not in check(title, **{earlier: "2026-10-01", later: "2026-10-02"})


def test_moments_are_compared_to_the_minute_days_as_days() -> None:
    assert check("故障", 首次反馈时间="2026-10-01 07:59") == [("首次反馈时间", "CHK020")]
    assert check("故障", 首次反馈时间="2026-10-01 08:00") == []
    # A day without a time of day stands as midnight, but is not meant as such.
    assert check("故障", 首次反馈时间="2026-10-01") == []


def test_one_slip_between_two_right_dates_is_said_once() -> None:
    found = check("需求", 需求收集表签署日期="2026-10-20", 需求收集表收到日期="2026-10-10", 订单确认表签署日期="2026-10-25",
                  需求属性="新建独享", 产品类型="铁塔类")
    assert found == [("需求收集表收到日期", "CHK020")]


@pytest.mark.parametrize(("title", "change", "expected"), [
    ("站址筛查", {"能否形成订单": "否"}, [("不能形成订单原因", "CHK030")]),
    ("站址筛查", {"能否形成订单": "否", "不能形成订单原因": "业主不同意"}, []),
    ("站址筛查", {"能否形成订单": "否", "不能形成订单原因": "业主不同意", "候选站点名称": "", "经度": "", "纬度": ""}, []),
    ("站址筛查", {"候选站点名称": ""}, [("候选站点名称", "CHK030")]),
    ("站址筛查", {"经度": "", "纬度": ""}, [("经度", "CHK030"), ("纬度", "CHK030")]),
    ("站址筛查", {"天线挂高范围": "30-35", "塔高": "32"}, [("天线挂高范围", "CHK033")]),
    ("站址筛查", {"天线挂高范围": "30-35", "塔高": "35"}, []),
    ("订单", {"是否选择发电服务": "是", "是否具备发电条件": "否"}, [("是否具备发电条件", "CHK030")]),
    ("订单", {"是否选择发电服务": "是", "是否具备发电条件": "是"}, []),
    ("订单", {"是否选择发电服务": "否", "是否具备发电条件": "否"}, []),
    ("订单", {"天线挂高": "40", "铁塔高度": "35", "铁塔种类": "普通地面塔"}, [("天线挂高", "CHK033")]),
    ("订单", {"天线挂高": "40", "铁塔高度": "6", "铁塔种类": "楼面抱杆"}, []),
    ("订单", {"超标准建造成本": "是"}, [("超标准建造成本已确认", "CHK031")]),
    ("需求", {"客户变更提出日期": "2026-10-01"}, [("变更责任方", "CHK031")]),
    ("需求", {"客户变更提出日期": "2026-10-01", "变更责任方": "客户"}, []),
    ("需求", {"暂停起始日期": "2026-10-01"}, [("暂停责任方", "CHK031"), ("暂停原因", "CHK031")]),
    ("需求", {"需求属性": "存量共享"}, [("站址编码", "CHK032")]),
    ("需求", {"需求属性": "存量共享", "站址编码": "429801908000000001"}, []),
    ("账单", {"合计不含税": "100", "税额": "6", "价税合计": "106.01"}, [("价税合计", "CHK034")]),
    ("账单", {"合计不含税": "100.10", "税额": "6.01", "价税合计": "106.11"}, []),
])
def test_columns_fit_together(title: str, change: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert check(title, **change) == expected


@pytest.mark.parametrize(("start", "end", "expected"), [
    ("2026-10-01 08:00", "2026-10-02 08:00", []),  # exactly twenty-four hours
    ("2026-10-01 08:00", "2026-10-02 08:01", [("结束时间", "CHK041")]),
    ("2026-10-01 08:00", "2026-10-01 08:00", [("结束时间", "CHK040")]),
    ("2026-10-01 23:00", "2026-10-01 01:00", [("结束时间", "CHK040")]),
    ("2026-10-01 23:00", "2026-10-02 00:00", []),
])
def test_a_generator_run_ends_after_it_starts_within_a_day(start: str, end: str, expected: list[tuple[str, str]]) -> None:
    assert check("油机发电", 开始时间=start, 结束时间=end) == expected


def test_a_runs_minutes_and_month_follow_from_its_times() -> None:
    assert check("油机发电", 发电时长="360", 账单月份="2026-10") == []
    assert check("油机发电", 发电时长="300", 账单月份="2026-11") == [("账单月份", "CHK044"), ("发电时长", "CHK043")]


def overlapping(text: str) -> list[str]:
    return [f.key for f in validate(register(text), TODAY) if f.code == "CHK042"]


@pytest.mark.parametrize(("first", "second", "pair"), [
    ("429801908000000001 | 10-01 08:00 | 10-01 12:00", "429801908000000001 | 10-01 11:59 | 10-01 14:00", ["YJ1", "YJ2"]),
    ("429801908000000001 | 10-01 08:00 | 10-01 18:00", "429801908000000001 | 10-01 09:00 | 10-01 10:00", ["YJ1", "YJ2"]),
    ("429801908000000001 | 10-01 08:00 | 10-01 12:00", "429801908000000001 | 10-01 12:00 | 10-01 14:00", []),  # touching
    ("429801908000000001 | 10-01 08:00 | 10-01 12:00", "429801908000000002 | 10-01 11:00 | 10-01 14:00", []),  # elsewhere
    ("429801908000000001 | 10-01 08:00 | 10-03 12:00", "429801908000000001 | 10-02 11:00 | 10-02 14:00", []),  # too long: named for itself
])
def test_runs_at_one_site_do_not_overlap(first: str, second: str, pair: list[str]) -> None:
    rows = "\n".join(
        f"| YJ{number} | 移动 | {site} | 2026-{start} | 2026-{end} |"
        for number, (site, start, end) in enumerate((map(str.strip, line.split("|")) for line in (first, second)), 1)
    )
    assert overlapping(f"## 油机发电\n| 运维系统工单号 | 运营商 | 站址编码 | 开始时间 | 结束时间 |\n{rows}") == pair


def test_a_long_run_is_found_to_overlap_every_run_within_it() -> None:
    found = overlapping("""
        ## 油机发电
        | 运维系统工单号 | 运营商 | 站址编码 | 开始时间 | 结束时间 |
        | YJ1 | 移动 | 429801908000000001 | 2026-10-01 08:00 | 2026-10-01 20:00 |
        | YJ2 | 移动 | 429801908000000001 | 2026-10-01 09:00 | 2026-10-01 10:00 |
        | YJ3 | 移动 | 429801908000000001 | 2026-10-01 11:00 | 2026-10-01 12:00 |
    """)
    assert found == ["YJ1", "YJ1", "YJ2", "YJ3"]


def city(*tables: tuple[str, str, list[list[str | None]]]) -> list[Finding]:
    return validate(assemble(tables), TODAY)


def test_a_repeated_number_is_named_with_both_rows() -> None:
    found = city(table("租约", {}, {"产品业务确认单编号": "QR2"}, {}), table("站址", {}))
    assert [(f.code, f.cell, f.value) for f in found] == [("CHK050", "A4", "QR1")]
    assert "第2行" in found[0].message
    assert "第4行" in found[0].message


def test_a_repeated_key_of_two_columns_names_both() -> None:
    found = city(table("客户", {}), table("联系人", {}, {"联系人": "客户代表B"}, {}))
    assert [(f.code, f.key) for f in found] == [("CHK050", "移动甲县/客户代表A")]


@pytest.mark.parametrize(("title", "change", "field"), [
    ("站址", {"站址编码": "429801908000000002"}, "区县"),
    ("联系人", {"联系人": "客户代表B"}, "电话"),
    ("需求", {"需求编号": "XQ2"}, "纬度"),
])
def test_rows_that_look_alike_are_doubted(title: str, change: dict[str, str], field: str) -> None:
    same = {"电话": "13800000000"} if title == "联系人" else {}
    found = city(table(title, same, same | change), table("客户", {}))
    assert [(f.code, f.severity, f.field) for f in found if f.code == "CHK051"] == [("CHK051", "warning", field)]


@pytest.mark.parametrize(("others", "codes"), [
    ((table("需求", {}),), []),
    ((table("需求", {"需求编号": "XQ9"}),), ["CHK060"]),
    ((), ["CHK064"]),  # nothing is known about demands yet
])
def test_an_order_names_a_demand_that_exists(others: tuple[tuple[str, str, list[list[str | None]]], ...], codes: list[str]) -> None:
    assert [f.code for f in city(table("订单", {}), *others)] == codes


def test_an_unknown_customer_is_an_error_an_unknown_site_of_a_lease_a_doubt() -> None:
    found = city(
        table("客户", {}), table("故障", {"客户名称": "移动某某分公司"}),
        table("站址", {}), table("租约", {"站址编码": "429801908000000009", "区县": "甲县"}),
    )
    assert [(f.key, f.field, f.code) for f in found] == [("QR1", "站址编码", "CHK061"), ("GZ1", "客户名称", "CHK060")]


def test_a_table_still_empty_is_said_once_not_on_every_row() -> None:
    found = city(table("租约", {}, {"产品业务确认单编号": "QR2"}))
    assert [(f.key, f.code) for f in found] == [("QR1", "CHK064")]
    assert "共2行" in found[0].message


def test_a_run_at_an_unknown_site_is_doubted() -> None:
    assert city(table("油机发电", {})) == []
    found = city(table("油机发电", {"站址编码": "429801908000000009"}), table("站址", {}))
    assert [(f.field, f.code) for f in found] == [("站址编码", "CHK061")]


def test_an_operator_without_customer_in_the_county_is_doubted() -> None:
    found = city(table("客户", {}), table("需求", {}, {"需求编号": "XQ2", "站点名称": "乙", "区县": "乙县"}))
    assert [(f.key, f.field, f.code) for f in found] == [("XQ2", "运营商", "CHK062")]


def test_a_fault_needs_a_level_from_itself_or_its_customer() -> None:
    found = city(table("客户", {}), table("故障", {"服务等级": ""}))
    assert found == []
    found = city(table("故障", {"服务等级": ""}))
    assert {f.code for f in found} == {"CHK064", "CHK063"}


def test_a_choice_that_is_not_on_offer_is_doubted() -> None:
    found = validate(register("""
        ## 假设
        | 编号 | 事项 | 采用 | 可选 |
        | C2 | 提醒遇休息日 | 延后 | 提前／顺延／不移动 |
        | C3 | 对应日 | 对应日 | 对应日／月末对月末 |
        | 城市 | 地市 | 澜江 | |
    """), TODAY)
    assert [(f.key, f.code) for f in found] == [("C2", "CHK036")]


def test_an_unreadable_cell_is_not_also_missing() -> None:
    assert check("需求", 需求提出时间="2026-13-05") == [("需求提出时间", "VAL011")]


def test_all_errors_of_a_row_are_said_at_once() -> None:
    found = check("需求", 运营商="广电", 经度="181.2", 详细地址="", 系统数="0", 需求提出时间="待定")
    assert sorted(found) == sorted([
        ("运营商", "VAL041"), ("经度", "VAL052"), ("详细地址", "CHK001"), ("系统数", "CHK002"), ("需求提出时间", "VAL010"),
    ])


def test_a_row_alone_is_told_which_cells_were_refused() -> None:
    record: Record = row("## 需求\n| 需求编号 | 运营商 | 经度 |\n| XQ1 | | |")
    assert [f.field for f in check_row(record, TODAY)] == ["运营商", "经度"]
    assert [f.field for f in check_row(record, TODAY, {"经度": "待定"})] == ["运营商"]


def test_an_impossible_year_is_wrong_even_where_today_is_doubted() -> None:
    demand = "## 需求\n| 需求编号 | 需求提出时间 |\n| XQ1 | {} |"
    assert [f.code for f in check_row(row(demand.format("2206-09-03")), None)] == ["CHK007"]
    assert not check_row(row(demand.format("2031-09-03")), None)


def test_a_clock_behind_the_register_is_doubted_instead_of_every_row() -> None:
    rows = [{"故障编号": f"GZ{number}"} for number in range(30)]
    late: Register = assemble([table("故障", *rows)])
    found = [f.code for f in validate(late, dt.date(2020, 1, 1))]
    assert found.count("CHK015") == 1
    assert "CHK006" not in found
    assert trusted_today(late.rows("fault"), dt.date(2020, 1, 1)) == (None, 30, dt.date(2026, 10, 1))


def test_the_hint_beside_a_row_quotes_every_wrong_column() -> None:
    found = city(table("需求", {"系统数": "0", "需求收集表签署日期": "2026-10-02", "需求收集表收到日期": "2026-10-01"}))
    beside = hints([*found, *found])
    assert beside["需求台账.xlsx", "需求", 2].split("　") == [
        "“系统数”：不得小于1；现为0。请核对。",
        "“需求收集表收到日期”：“需求收集表收到日期”不得早于“需求收集表签署日期”；现为2026-10-01，“需求收集表签署日期”为2026-10-02。请核对两个日期。",
    ]
    assert list(beside) == [("需求台账.xlsx", "需求", 2)]


def test_the_hint_quotes_errors_doubts_and_remarks_differently_errors_first() -> None:
    beside = hints(city(table("需求", {"天线方向角": "400", "需求属性": "存量共享", "系统数": "0", "站址编码": ""})))
    assert beside["需求台账.xlsx", "需求", 2].split("　") == [
        "“系统数”：不得小于1；现为0。请核对。",
        "‘天线方向角’：方向角宜为小于360的度数，以‘/’分隔；现为‘400’。请核对。",
        "「站址编码」：「需求属性」为「存量共享」时，「站址编码」宜填写；现为空。有资料时请补填。",
    ]


texts = st.sampled_from([
    "", "是", "否", "移动", "0", "-1", "1e9", "2026-10-01", "2026-10-01 08:00", "1899-12-31", "9999-12-31", "111.5", "31.2",
    "[30,35)", "、、", "0/400", "存量共享", "429801908000000001", "（“", "2026-10",
])


@given(st.sampled_from(sorted(forms())), st.data())
def test_no_row_whatever_breaks_the_checks(code: str, data: st.DataObject) -> None:
    form = forms()[code]
    width = len(form.columns)
    rows = data.draw(st.lists(st.lists(texts, min_size=width, max_size=width), min_size=1, max_size=3))
    city = assemble([(form.file, form.title, [[c.heading for c in form.columns], *rows])])
    found = validate(city, TODAY)
    assert all(place[2] >= 2 for place in hints(found))
