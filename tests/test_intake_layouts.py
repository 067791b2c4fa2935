"""Which layout a sheet has: known ones taken, others proposed, a confirmed mapping remembered."""

from __future__ import annotations

import datetime as dt

import pytest

from macros.forms import forms
from macros.intake import mappings_of
from tests.intake_files import codes, counts, message, said, sheet, take_all, take_one
from tests.tables import register

KNOWN = register("""
## 需求
| 需求编号 | 运营商 | 地市 | 区县 | 站点名称 | 场景划分 | 经度 | 纬度 | 详细地址 | 交付时间要求 | 需求提出时间 | 系统数 | 天线挂高范围 | 天线数 |
| XQ-1 | 移动 | 澜江 | 甲县 | 一号 | 农村 | 111.5 | 31.5 | 一号旁 | 2027-01-01 | 2026-09-01 | 1 | 30 | 3 |
""")

#: A list in words of another city: 单号、名、东经 … are in no layout.
STRANGE = """
|需求流水单号|运营企业|地市|区县|站点名|场景划分|站点经度值|站点纬度值|详细地址|交付时间要求|需求提出时间|系统数|天线挂高范围|天线数|
|XQ-9|移动|澜江|甲县|九号|农村|111.5|31.5|九号旁|2027-01-01|2026-09-01|1|30|3|
"""


def test_an_unknown_layout_is_proposed_and_nothing_is_taken() -> None:
    taken = take_one(STRANGE)
    assert counts(taken) == (1, 0, 0, 0, 1)
    assert codes(taken) == {"INT019"}
    best = taken.proposals[0]
    assert best.layout == "需求收集表"
    assert {(pair.heading, pair.column) for pair in best.pairs if pair.likeness < 1} >= {
        ("站点经度值", "经度"), ("站点纬度值", "纬度"), ("站点名", "站点名称"),
    }


def test_a_layout_named_by_the_user_takes_likely_headings_and_they_are_remembered() -> None:
    first = take_one(STRANGE, layout="需求收集表", customer="移动")
    assert counts(first) == (1, 1, 0, 0, 0)
    assert ("需求收集表", "站点经度值", "经度") in first.learned
    assert {"INT013"} <= codes(first)
    mappings = {(layout, heading): column for layout, heading, column in first.learned}
    again = take_one(STRANGE, customer="移动", mappings=mappings)
    assert (again.layout, counts(again)) == ("需求收集表", (1, 1, 0, 0, 0))
    assert "INT013" not in codes(again)


def test_a_mapping_written_by_hand_is_applied_and_a_dash_leaves_a_column_out() -> None:
    known = register("""
    ## 列映射
    | 版式 | 来文列名 | 台账列 |
    | 客户清单 | 单位全称 | 客户名称 |
    | 客户清单 | 办公地址 | — |
    """)
    taken = take_one("""
        |单位全称|运营商|区县|服务等级|CRM是否上线|办公地址|
        |甲分公司|移动|甲县|VIP|是|甲路1号|
    """, mappings=mappings_of(known))
    assert counts(taken) == (1, 1, 0, 0, 0)
    row = dict(zip((c.name for c in forms()["customer"].columns), taken.added[0], strict=True))
    assert (row["customer_name"], row["address"]) == ("甲分公司", None)


def test_an_unknown_layout_name_is_refused_with_the_known_ones() -> None:
    taken = take_one(STRANGE, layout="没有的版式")
    assert [one[0] for one in said(taken)] == ["INT010"]
    assert "阶段时间" in message(taken, "INT010")


@pytest.mark.parametrize(
    ("headings", "layout"),
    [
        ("需求编号|电信企业|地市|区县|站点名称|场景划分|经度|纬度|详细地址|交付时间要求|需求提出时间|系统数|天线挂高|天线数", "需求收集表"),
        ("统计时间|需求编号|需求收集表签署日期|需求收集表收到日期|筛查初步方案确认表签署日期|需求订单确认表送达客户日期|需求订单确认表签署日期"
         "|立项批复日期|交付验收单发送日期", "阶段时间"),
        ("站址名称|站址编码|省|市|所属区域|行政区域名称|所属组织|站址类型|经度|纬度|所在地址|维护等级|产权性质|是否共享|使用单位|FSU状态", "站址清单"),
        ("业务确认单号|电信企业|站点编码|产品类型|产品单元数|铁塔建造成本(元)|起租日期|共享信息|维护费", "起租清单"),
        ("工单号|运营商|站址编码|发电开始时间|发电结束时间|停电原因|地形", "油机发电工单"),
        ("故障单号|客户|故障发生时间|故障现象|受理时间|首次反馈时间|修复时间", "故障清单"),
        ("投诉单号|客户|投诉内容|受理时间|首次反馈时间|办结时间|责任部门", "投诉清单"),
        ("分公司名称|运营商|区县|服务等级|办公地址", "客户清单"),
        ("客户名称|姓名|岗位|联系电话|邮箱", "联系人清单"),
        ("订单号|建设单位|行政区域|站点名称|交付时间要求|项目名称|项目编码|项目批复时间|项目批复文号|投资总计元|项目状态", "PMS项目"),
        ("序号|订单状态|订单号|运营商|铁塔站址名称|铁塔参数_铁塔种类|机房参数_机房类型|铁塔产品单元1_系统名称", "CRM订单（铁塔类）"),
        ("序号|订单状态|订单号|运营商|站址名称|建筑物类型|覆盖面积平米|POI合路器类型", "CRM订单（室分类）"),
        ("序号|订单状态|订单号|运营商|管道_管道起点|光缆_光缆起点|杆路_杆路起点", "CRM订单（传输类）"),
        ("序号|订单状态|订单号|运营商|机房改造_改造内容|配套改造_改造内容|电力改造_改造内容", "CRM订单（非标类）"),
        ("序号|订单状态|订单号|运营商|费用信息_杆塔价格|点位总数|是否社会资源", "CRM订单（微站）"),
        ("账期月份(YYYYMM)|产品业务确认单编号|站址编码|对应铁塔基准价格1|期末铁塔共享用户数|产品服务费合计⏎（出账费用）（不含税）", "运营商结算详单"),
        ("需求确认单编号|电信企业|地市分公司|县市区|基站名称|覆盖场景|经度E|纬度N|站点地址|交付时限|提出日期|系统数量|天线挂高|天线数量", "需求收集表"),
        ("需求单号|建设单位|所属地市|站名|区域类型|东经|北纬|建设地址|需求提交日期|BBU系统数|天线副数", "需求收集表"),
        ("需求单号|收集表签署时间|收集表接收时间|筛查方案签署日期|订单送达日期|立项时间|验收单发送日期|协议签署日期", "阶段时间"),
        ("需求编号|附表3.1签署日期|附表3.2签署日期|附表3.4送达日期|附表3.7发送日期", "阶段时间"),
        ("Demand No|Form Signed Date|Form Received Date|Order Signed Date|Approved Date", "阶段时间"),
        ("铁塔站址编码|铁塔站址名称|行政区划|经度(E)|纬度(N)|所在位置|塔型|共享客户", "站址清单"),
        ("协议编号|运营商|站址编码|起租日|截止日期|铁塔种类|产品单元数|铁塔造价(元)|维护费用(元/年)|场地费用(元/年)", "起租清单"),
        ("运维工单号|客户|站址编码|发电起始时间|发电终止时间|时长（分钟）|结果", "油机发电工单"),
        ("工单编号|申告客户|级别|故障开始时间|客户申告时间|首次反馈时间|故障恢复时间|故障类型|处理人", "故障清单"),
        ("工单号|投诉客户|受理日期时间|首次回复时间|处理完成时间|归档时间|拜访时间|责任部门|投诉类型", "投诉清单"),
        ("单位名称|所属运营商|县区|客户级别|是否VIP", "客户清单"),
        ("客户单位|对接人|部门|职务|办公电话|电子邮件|备注", "联系人清单"),
    ],
)
def test_each_known_layout_is_recognised_by_its_words(headings: str, layout: str) -> None:
    taken = take_one(f"|{headings}|\n|{'x|' * (headings.count('|') + 1)}")
    assert taken.layout == layout


def test_screening_results_give_one_record_per_candidate() -> None:
    taken = take_one("""
        |序号|需求编号|运营商原始需求信息||能否形成订单|候选站点1||||候选站点2||||备注|
        |||经度|纬度||站点名称|经度|纬度|铁塔类型|站点名称|经度|纬度|铁塔类型||
        |1|XQ-1|111.1|31.1|是|甲楼|111.2|31.2|景观塔|乙楼|111.3|31.3|简易塔||
        |2|XQ-2|111.4|31.4|是|丙楼|111.5|31.5|景观塔||||||
    """, merges="A1:A2 B1:B2 C1:D1 E1:E2 F1:I1 J1:M1 N1:N2")
    assert taken.layout == "站址筛查结果"
    assert counts(taken) == (2, 2, 0, 0, 0)
    wanted = [forms()["candidate"].index[name] for name in ("demand_no", "seq", "candidate_name", "longitude")]
    assert [tuple(str(row[i]) for i in wanted) for row in taken.added] == [
        ("XQ-1", "1", "甲楼", "111.2"), ("XQ-1", "2", "乙楼", "111.3"), ("XQ-2", "1", "丙楼", "111.5"),
    ]


def test_a_screening_that_found_no_site_needs_a_reason_and_no_candidate() -> None:
    taken = take_one("""
        |需求编号|能否形成订单|不能形成订单原因|候选站点1_站点名称|候选站点1_经度|候选站点1_纬度|
        |XQ-1|否|业主不同意||||
        |XQ-2|是|||||
        |XQ-3|否|||||
    """)
    assert counts(taken) == (3, 1, 0, 0, 2)
    assert said(taken) == [
        ("CHK030", "D3", "候选站点1_站点名称"), ("CHK030", "E3", "候选站点1_经度"), ("CHK030", "F3", "候选站点1_纬度"),
        ("CHK030", "C4", "不能形成订单原因"),
    ]


def test_only_the_first_product_unit_of_a_crm_order_is_read() -> None:
    taken = take_one("""
        |订单状态|订单号|运营商|铁塔站址名称|需求编号|产品配置|费用信息单位元年_产品单元数|维护服务等级|交付时间要求|费用信息单位元年_总费用|建设方式|铁塔参数_铁塔种类|机房参数_机房类型|铁塔产品单元1_系统名称|天铁塔产品单元1_线挂高米|铁塔产品单元2_天线挂高米|
        |在途|DD1|移动|一号|XQ-1|景观塔+一体化机柜|1|标准|2027-01-01|30000|新建共享|景观塔|一体化机柜|L1800|30|99|
    """)
    assert counts(taken) == (1, 1, 0, 0, 0)
    row = dict(zip((c.name for c in forms()["order"].columns), taken.added[0], strict=True))
    assert (str(row["antenna_height"]), row["product_class"]) == ("30", "铁塔类")


LEASES = """
|产品业务确认单编号|运营商|站址编码|产品单元数|铁塔建造成本(元)|服务开始日期|共享信息|维护费(元/年)|
|QR1|移动|429801908000000001|1|299715|2026-01-01|新建首家|5100|
"""
#: The same list with a class: said on the first row, blank on the second.
CLASSED = """
|产品业务确认单编号|运营商|产品类别|站址编码|产品单元数|铁塔建造成本(元)|服务开始日期|共享信息|维护费(元/年)|
|QR1|移动|室分类|429801908000000001|1|0|2026-01-01|新建首家|5100|
|QR2|移动||429801908000000001|1|299715|2026-01-01|新建首家|5100|
"""


@pytest.mark.parametrize(("table", "classes"), [(LEASES, ["铁塔类"]), (CLASSED, ["室分类", None])])
def test_a_lease_list_without_a_class_is_of_towers_and_one_with_it_says_so_itself(
    table: str, classes: list[str | None],
) -> None:
    taken = take_one(table)
    assert taken.layout == "起租清单"
    assert [row[forms()["lease"].index["product_class"]] for row in taken.added] == classes


@pytest.mark.parametrize("own", ["室分类", ""])
def test_the_class_of_a_lease_in_the_register_is_left_as_it_is(own: str) -> None:
    known = register(f"""
    ## 租约
    | 产品业务确认单编号 | 运营商 | 产品类别 | 站址编码 | 产品单元数 | 铁塔建造成本（元） | 服务开始日期 | 共享信息 | 维护费 |
    | QR1 | 移动 | {own} | 429801908000000001 | 1 | 299715 | 2026-01-01 | 新建首家 | 5100 |
    """)
    assert counts(take_one(LEASES, known=known)) == (1, 0, 0, 1, 0)


#: A list that says nowhere whose demands they are.
NOBODYS = """
|需求单号|本地网|县区|站点名称|场景划分|经度|纬度|详细地址|期望交付时间|需求提出时间|系统数|天线挂高（米）|天线数|
|XQ-DX-1|澜江|甲县|一号|农村|111.5|31.5|一号旁|2027-01-01|2026-09-01|1|30|3|
"""


def test_of_a_workbook_with_a_sheet_for_each_operator_only_the_named_one_s_is_taken() -> None:
    sheets = [sheet(NOBODYS, "联通需求"), sheet(NOBODYS.replace("DX-1", "DX-2"), "电信"), sheet(NOBODYS.replace("DX-1", "DX-3"), "需求")]
    found = take_all(sheets, customer="电信").taken
    assert [counts(one)[1] for one in found] == [0, 1, 1]
    assert said(found[0]) == [("INT050", "", "")]
    assert "表名写的是联通，导入时指定为电信" in message(found[0], "INT050")


def test_a_file_without_operator_needs_to_be_told_it() -> None:
    untold = take_one(NOBODYS)
    assert (counts(untold), [one[0] for one in said(untold)]) == ((1, 0, 0, 0, 1), ["INT012"])
    operator = forms()["demand"].index["operator"]
    assert take_one(NOBODYS, customer="电信").added[0][operator] == "电信"
    assert take_one(NOBODYS, customer="中国电信澜江市甲县分公司").added[0][operator] == "电信"
    assert [one[0] for one in said(take_one(NOBODYS, customer="广电"))] == ["INT011"]


def test_a_customer_of_the_register_gives_operator_and_name() -> None:
    known = register("""
    ## 客户
    | 客户名称 | 运营商 | 区县 | 服务等级 |
    | 澜江电信甲县营业部 | 电信 | 甲县 | VIP |
    """)
    taken = take_one("""
        |需求单号|本地网|县区|站点名称|场景划分|经度|纬度|详细地址|期望交付时间|需求提出时间|系统数|天线挂高（米）|天线数|
        |XQ-DX-1|澜江|甲县|一号|农村|111.5|31.5|一号旁|2027-01-01|2026-09-01|1|30|3|
    """, customer="澜江电信甲县营业部", known=known)
    index = forms()["demand"].index
    assert [taken.added[0][index[name]] for name in ("operator", "customer_name")] == ["电信", "澜江电信甲县营业部"]


CUSTOMERS = """
|客户名称|运营商|区县|服务等级|办公地址|
|甲分公司|移动|甲县|VIP|甲路1号|
"""


def test_a_sheet_that_is_a_copy_of_another_is_named_and_not_taken() -> None:
    first, second = take_all([sheet(CUSTOMERS, "客户"), sheet(CUSTOMERS, "客户 (2)")]).taken
    assert (counts(first), counts(second)) == ((1, 1, 0, 0, 0), (0, 0, 0, 0, 0))
    assert "与“客户”名称相似" in message(second, "INT009")


def test_an_explanation_sheet_beside_data_is_passed_over() -> None:
    first, second = take_all([sheet(CUSTOMERS, "客户"), sheet("|说明|内容|\n|1|经纬度可填度分秒|", "填表说明")]).taken
    assert (counts(first), counts(second)) == ((1, 1, 0, 0, 0), (0, 0, 0, 0, 0))
    assert codes(second) == {"INT007"}


def test_a_hidden_sheet_with_data_is_warned_of_and_not_taken() -> None:
    first, second = take_all([sheet(CUSTOMERS, "客户"), sheet(CUSTOMERS, "旧客户", hidden=True)]).taken
    assert counts(first) == (1, 1, 0, 0, 0)
    assert (counts(second), codes(second)) == ((0, 0, 0, 0, 0), {"INT026"})


def test_an_unknown_table_beside_known_ones_is_warned_of() -> None:
    _, second = take_all([sheet(CUSTOMERS, "客户"), sheet("|车牌|里程|司机|\n|甲A1|100|司机A|", "用车")]).taken
    assert codes(second) == {"INT027"}


def test_a_file_without_sheets_or_content_says_so() -> None:
    assert codes(take_all([]).taken[0]) == {"INT001"}
    assert codes(take_one("||")) == {"INT001"}


def test_the_answer_has_the_agreed_shape() -> None:
    answer = take_all([sheet(CUSTOMERS, "客户")]).as_json()
    (one,) = answer["files"]
    assert {key: one[key] for key in ("file", "sheet", "layout", "rows", "added", "updated", "unchanged", "rejected")} == {
        "file": "来文.xlsx", "sheet": "客户", "layout": "客户清单", "rows": 1, "added": 1, "updated": 0, "unchanged": 0,
        "rejected": 0,
    }
    assert one["findings"] == []


def test_the_workflows_own_export_of_demands_is_read_for_its_stages() -> None:
    headings = (
        "|统计时间|移动侧订单号|铁塔侧订单号|站址名称|需求站址名称|站址编码|规划编号|省|市|区县|建设类型|站址类型|项目批次|所处阶段|所处状态|经纬度|备注"
        "|期望交付时间|信源频段|需求提出时间|需求承接时间|站址筛查接收时间|站址筛查确认时间|订单接收时间|订单确认时间|约定交付时间|项目启动时间"
        "|交付接收时间|交付确认时间|起租接收时间|起租确认时间|归档时间|需求经纬度|经纬度偏移距离(米)|项目工程名称|原站址编码|"
    )
    cells = {"移动侧订单号": "XQ-1", "经纬度": "111.5,31.5", "站址编码": "429800908000000001", "站址筛查确认时间": "2026-09-05"}
    row = "|".join(cells.get(word, "") for word in headings.split("|"))
    taken = take_one(f"{headings}\n{row}", known=register("""
        ## 需求
        | 需求编号 | 运营商 | 站点名称 |
        | XQ-1 | 移动 | 一号 |
    """))
    # The coordinates are the site's, not the demand's: never filled in.
    assert taken.layout == "阶段时间"
    assert [changed for _, changed in taken.updates] == [{"plan_signed_on": dt.date(2026, 9, 5)}]
