"""Two small kinds of document and the register they are made of, shared by the tests of the document engine."""

from __future__ import annotations

import datetime as dt

from generator.definitions import Definition, parse
from macros.register import Register
from tests.tables import register

NOW = dt.datetime(2026, 11, 20, 9, 30)
SETTINGS = {"公司名称": "某塔公司", "城市": "澜江", "客户经理": "客户经理甲"}

ORDER = """
code = "3.4"
number = "3.4"
name = "需求订单确认表"
clause = "§2.1.3"
table = "order"
offered = [
  {column = "需求.form_signed_on", filled = true, say = "需求收集表尚未签署"},
  {column = "需求.solution", among = ["新建独享", "新建共享", "存量共享"], say = "需求属性尚未确定"},
]
template = "3.4-tower.docx"
variants = [{column = "product_class", equals = "室分类", template = "3.4-indoor.docx", required = ["area_m2"]}]
required = ["order_no", "total_fee", "需求.site_name", "候选.candidate_name"]
joins = [
  {name = "需求", table = "demand", on = {demand_no = "demand_no"}},
  {name = "客户", customer = true},
  {name = "客户联系人", table = "contact", on = {customer_name = "客户.customer_name"}},
]
lists = [{name = "候选", table = "candidate", on = {demand_no = "demand_no"}, sort = ["seq"], at_least = 1}]
computed = [{name = "总费用大写", upper = "total_fee"}, {name = "审核截止日", clock = "K08"}, {name = "候选数", count = "候选"}]
sent = "需求.order_sent_on"
signed = "需求.order_signed_on"
due = "K04"
"""

RUNS = """
code = "3.10"
number = "3.10"
name = "油机发电服务费明细表"
table = "generator"
group = ["month", "operator"]
where = [{column = "result", equals = "成功", say = "只列发电成功的工单"}]
template = "3.10.docx"
required = ["month", "明细.fee"]
lists = [{name = "明细", sort = ["site_code", "run_no"], groups = {name = "按站址", by = "site_code"}}]
computed = [{name = "合计金额", sum = "明细.fee"}, {name = "合计大写", upper = "合计金额"}, {name = "笔数", count = "明细"}]
due = "K20"
"""

TABLES = """
## 需求
| 需求编号 | 运营商 | 客户名称 | 地市 | 区县 | 站点名称 | 需求属性 | 需求收集表签署日期 | 产品类型 |
| XQ-0007 | 移动 | 移动澜江县分公司 | 澜江 | 澜江县 | 澜江东 | 新建共享 | 2026-11-02 | 铁塔类 |
| XQ-0008 | 移动 | 移动澜江县分公司 | 澜江 | 澜江县 | 澜江西 | 存量共享 |            | 铁塔类 |
| XQ-0009 | 联通 | | 澜江 | 河口县 | 河口广场 | 新建独享 | 2026-11-03 | 室分类 |
## 订单
| 订单号 | 需求编号 | 铁塔站址名称 | 产品类型 | 总费用 | 约定交付时间 | 夜间是否上站 | 覆盖面积 |
| DD-1 | XQ-0007 | 澜江东塔 | 铁塔类 | 30018.5 | 2027-03-01 | 是 | |
| DD-2 | XQ-0008 | 澜江西塔 | 铁塔类 | 12000 | 2027-03-01 | | |
| DD-3 | XQ-0009 | 河口广场 | 室分类 | 8000 | 2027-04-01 | 否 | |
## 站址筛查
| 需求编号 | 候选序号 | 候选站点名称 | 经度 | 纬度 | 能否形成订单 |
| XQ-0007 | 2 | 澜江东二 | 111.6 | 28.1 | 否 |
| XQ-0007 | 1 | 澜江东一 | 111.5 | 28.1 | 是 |
| XQ-0009 | 1 | 河口广场一 | 111.7 | 28.2 | 是 |
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 | 办公地址 | 客户经理 |
| 移动澜江县分公司 | 移动 | 澜江县 | VIP | 澜江路1号 | 客户经理乙 |
| 联通河口县分公司 | 联通 | 河口县 | 标准 | | |
## 联系人
| 客户名称 | 联系人 | 电话 |
| 移动澜江县分公司 | 客户代表A | 13900000000 |
| 移动澜江县分公司 | 客户代表B | 13900000001 |
## 油机发电
| 运维系统工单号 | 账单月份 | 运营商 | 站址编码 | 开始时间 | 结束时间 | 发电结果 | 费用 |
| YJ-3 | 2026-10 | 移动 | 429000000000000002 | 2026-10-03 08:00 | 2026-10-03 10:00 | 成功 | 100.05 |
| YJ-1 | 2026-10 | 移动 | 429000000000000001 | 2026-10-01 08:00 | 2026-10-01 10:00 | 成功 | 200 |
| YJ-2 | 2026-10 | 移动 | 429000000000000001 | 2026-10-02 08:00 | 2026-10-02 10:00 | 失败 | 999 |
| YJ-4 | 2026-10 | 联通 | 429000000000000001 | 2026-10-02 08:00 | 2026-10-02 10:00 | 成功 | 50 |
| YJ-5 | 2026-10 | 移动 | 429000000000000001 | 2026-10-04 08:00 | 2026-10-04 10:00 | 成功 | 0.95 |
"""


def order_form() -> Definition:
    """One document per order, with joins, a list, a variant and computed values."""
    return parse(ORDER, "3.4.toml")


def runs_form() -> Definition:
    """One document per month and operator, its rows gathered by site."""
    return parse(RUNS, "3.10.toml")


def city(text: str = TABLES) -> Register:
    """The register both are made of."""
    return register(text)
