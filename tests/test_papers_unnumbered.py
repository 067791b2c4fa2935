"""The twenty papers without an annex number: what each says, when it is offered, and what keeps it back."""

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from generator.definitions import definitions
from generator.documents import produce
from generator.ledger import Ledger
from generator.states import due_from, offered
from macros.calendars import base
from macros.clocks.engine import evaluate
from macros.findings import Finding
from macros.register import Register
from tests.papers import text
from tests.tables import register

NOW = dt.datetime(2026, 11, 20, 9, 30)
SETTINGS = {
    "公司名称": "某塔公司", "城市": "澜江", "客户经理": "客户经理甲", "部门经理": "部门经理甲", "公司电话": "010-0000",
    "收款账户": "某银行 0000", "税率": "6%",
}
#: Texts read once, line by line, by a person and then approved.
APPROVED = Path(__file__).parent / "answers" / "papers"

TABLES = """
## 客户
| 客户名称 | 运营商 | 区县 | 服务等级 | 办公地址 | 客户经理 |
| 移动澜江县公司 | 移动 | 澜江县 | VIP | 澜江路1号 | 客户经理乙 |
| 联通澜江县公司 | 联通 | 澜江县 | 标准 | | |
| 电信澜江县公司 | 电信 | 澜江县 | 标准 | | |
## 联系人
| 客户名称 | 联系人 | 电话 | 问候事由 |
| 移动澜江县公司 | 客户代表A | 010-1111 | 中秋节 |
| 移动澜江县公司 | 客户代表B | | |
## 需求
| 需求编号 | 运营商 | 客户名称 | 地市 | 区县 | 站点名称 | 产品类型 | 场景划分 | 经度 | 纬度 | 详细地址 | 允许偏离半径 | 天线挂高范围 | 需求提出时间 | 需求收集表签署日期 | 需求收集表收到日期 | 需求属性 | 征询答复期限 | 筛查方案确认表签署日期 | 订单确认表签署日期 | 客户变更提出日期 | 立项批复日期 | 交付验收单发送日期 | 交付验收单签署日期 | 单项服务协议签署日期 | 所处阶段 |
| XQ-1 | 移动 | 移动澜江县公司 | 澜江 | 澜江县 | 河湾村 | 铁塔类 | 农村 | 111.500000 | 28.100000 | 河湾村口 | 200 | 30 | 2026-10-26 | 2026-10-28 | 2026-10-28 | 新建独享 | 2026-11-24 | | | | | | | | 站址筛查 |
| XQ-2 | 联通 | 联通澜江县公司 | 澜江 | 澜江县 | 东山顶 | 铁塔类 | 农村 | 111.600000 | 28.200000 | 东山顶 | 200 | 35 | 2026-10-08 | 2026-10-09 | 2026-10-09 | 新建共享 | | 2026-10-20 | 2026-11-12 | 2026-11-18 | | | | | 订单已签 |
| XQ-3 | 移动 | 移动澜江县公司 | 澜江 | 澜江县 | 西广场 | 室分类 | 密集市区 | 111.700000 | 28.300000 | 西广场1号 | 0 | 4 | 2026-03-02 | 2026-03-03 | 2026-03-03 | 新建共享 | | 2026-03-16 | 2026-04-01 | | 2026-04-07 | 2026-11-02 | 2026-11-13 | | 交付确认 |
| XQ-4 | 电信 | 电信澜江县公司 | 澜江 | 澜江县 | 南码头 | 铁塔类 | 乡镇 | 111.800000 | 28.400000 | 南码头 | 100 | 25 | 2015-10-08 | 2015-10-09 | 2015-10-09 | 存量共享 | | 2015-10-20 | 2015-10-30 | | 2015-11-03 | 2016-03-01 | 2016-03-10 | | 交付确认 |
## 站址筛查
| 需求编号 | 候选序号 | 候选站点名称 | 详细地址 | 经度 | 纬度 | 能否形成订单 | 铁塔种类 |
| XQ-2 | 1 | 东山顶一 | 东山顶北坡 | 111.600100 | 28.200100 | 是 | 普通地面塔 |
| XQ-2 | 2 | 东山顶二 | 东山顶南坡 | 111.600200 | 28.200200 | 否 | 普通地面塔 |
## 工单
| 工单编号 | 工单类型 | 需求编号 | 接收人 | 下发日期 | 要求完成日期 | 工单内容 |
| GD-1 | 启动筛查 | XQ-1 | 区域经理甲 | 2026-11-16 | 2026-11-23 | 请筛查河湾村 |
| GD-2 | 启动谈判 | XQ-2 | 区域经理甲 | 2026-10-20 | 2026-11-16 | 请启动谈判 |
| GD-3 | 暂停 | XQ-2 | 区域经理甲 | 2026-11-18 | 2026-11-18 | 请停止谈判 |
| GD-4 | 配合安装 | XQ-3 | 区域经理甲 | 2026-11-16 | 2026-11-27 | 请配合安装 |
| GD-5 | 里程碑催办 | XQ-3 | 区域经理甲 | 2026-11-19 | 2026-11-23 | 请说明原因 |
| GD-6 | 启动谈判 | XQ-1 | 区域经理甲 | 2026-11-19 | 2026-11-23 | 请启动谈判 |
## 变更
| 变更编号 | 需求编号 | 提出方 | 所处阶段 | 变更原因 | 变更内容及解决方案 | 是否暂停 |
| BG-1 | XQ-2 | 客户 | 选址 | 覆盖目标调整 | 南移八十米 | 是 |
| BG-2 | XQ-2 | 客户 | 选址 | 覆盖目标调整 | 取消 | 是 |
## 变更费用
| 变更编号 | 费用项目 | 发生日期 | 金额 | 凭证号 |
| BG-1 | 塔基土方 | 2026-11-16 | 8200 | PZ-2 |
| BG-1 | 地勘费 | 2026-11-13 | 6800.50 | PZ-1 |
## 项目
| 项目编码 | 需求编号 | 项目名称 | 批复文号 | 批复日期 | 批复人 | 批复投资 | 区域经理 | 约定交付日期 | 变更后交付日期 | 交付变更提出方 | 交付变更原因 | 延迟影响 | 补救措施 |
| XM-2 | XQ-2 | 东山顶新建项目 | 澜铁建〔2026〕9号 | 2026-11-16 | | 312000 | 区域经理甲 | 2027-02-26 | | | | | |
| XM-3 | XQ-3 | 西广场室分项目 | 省铁建〔2026〕4号 | 2026-04-07 | 省公司建设部 | 98000 | 区域经理甲 | 2026-12-15 | 2027-01-08 | 铁塔 | 物业停工 | 顺延24天 | 夜间施工 |
| XM-1 | XQ-1 | 河湾村新建项目 | | | | 200000 | 区域经理甲 | 2027-03-26 | | | | | |
## 里程碑
| 项目编码 | 里程碑 | 计划日期 | 实际日期 | 偏差天数 | 偏差说明 |
| XM-3 | 进场 | 2026-05-11 | 2026-05-12 | 1 | |
| XM-3 | 土建完成 | 2026-10-20 | 2026-10-09 | -11 | 租用现成机房 |
| XM-3 | 配套完成 | 2026-11-10 | | | |
| XM-3 | 交付完成 | 2026-12-15 | | | |
## 订单
| 订单号 | 需求编号 | 铁塔站址名称 | 产品类型 | 产品配置 | 维护服务等级 |
| DD-3 | XQ-3 | 西广场 | 室分类 | 楼宇室分 | 高等级 |
## 租约
| 产品业务确认单编号 | 运营商 | 区县 | 站址编码 | 站址名称 | 需求编号 | 产品类别 | 产品单元数 | 基准价格 | 维护费 | 场地费 | 服务开始日期 | 服务结束日期 | 年服务费 | 是否续签 | 续签开始日期 | 续签结束日期 | 续期建议价 |
| QR-3 | 移动 | 澜江县 | 429000000000000003 | 西广场 | XQ-3 | 室分类 | 1 | 90000 | 12000 | 8600 | 2026-12-01 | 2031-11-30 | 98600 | | | | |
| QR-7 | 电信 | 澜江县 | 429000000000000007 | 北桥头 | | | 1 | | | | 2022-01-01 | 2026-12-31 | 35300.50 | 是 | 2027-01-01 | 2031-12-31 | 33980 |
| QR-8 | 电信 | 澜江县 | 429000000000000008 | 北桥尾 | | | 1 | | | | 2022-01-01 | 2026-12-31 | 35300.50 | 否 | | | |
## 故障
| 故障编号 | 客户名称 | 站址名称 | 故障现象 | 申告时间 | 首次反馈时间 | 修复时间 | 故障原因 | 处理结果 | 处理经过 |
| GZ-1 | 移动澜江县公司 | 西广场 | 停电 | 2026-11-09 10:00 | 2026-11-09 10:20 | 2026-11-09 13:30 | 市电检修 | 业务恢复 | 启用油机发电 |
| GZ-2 | 移动澜江县公司 | 河湾村 | 退服 | 2026-11-19 22:00 | | | | | |
| GZ-3 | 移动澜江县公司 | 河湾村 | 退服 | 2026-10-30 22:00 | | 2026-10-31 01:00 | | | |
## 投诉
| 投诉编号 | 客户名称 | 内容 | 受理时间 | 解决时间 | 责任部门 | 超时原因 | 督办措施 |
| TS-1 | 移动澜江县公司 | 上站配合不及时 | 2026-11-13 10:00 | | 建设维护部 | 随工人员不足 | 补齐随工 |
| TS-2 | 移动澜江县公司 | 账单不符 | 2026-11-19 10:00 | | 财务部 | | |
| TS-3 | 移动澜江县公司 | 账单不符 | 2026-11-02 10:00 | 2026-11-03 10:00 | 财务部 | | |
## 联席会议
| 会议编号 | 月份 | 客户名称 | 会议时间 | 地点 | 参会人员 | 议题 | 通知日期 | 工程建设情况 | 保障能力情况 | 指标情况 | 投诉处理情况 | 议定事项 |
| HY-1 | 2026-11 | 移动澜江县公司 | 2026-11-20 14:30 | 二楼会议室 | 客户代表A、客户经理乙 | 交付；保障 | 2026-11-13 | 在建一站 | 停电一次 | 及时率百分之百 | 投诉三件 | 月底前整改 |
| HY-2 | 2026-11 | 联通澜江县公司 | 2026-11-27 09:30 | 三楼会议室 | | | | | | | | |
## 跟进事项
| 事项编号 | 来源编号 | 事项 | 责任人 | 期限 |
| GJ-1 | HY-1 | 提交整改计划 | 建设维护部 | 2026-11-30 |
| GJ-2 | HY-9 | 别处的事项 | 财务部 | 2026-11-30 |
## 工作计划
| 月份 | 计划编号 | 计划类型 | 客户名称 | 工作内容 | 责任人 | 计划日期 |
| 2026-11 | JH-1 | 客户拜访 | 移动澜江县公司 | 对接四季度计划 | 客户经理乙 | 2026-11-17 |
| 2026-11 | JH-2 | 重点工作 | | 跟催回款 | 客户经理乙 | 2026-11-25 |
| 2026-12 | JH-3 | 重点工作 | | 年终对账 | | 2026-12-25 |
"""


@cache
def office() -> Register:
    """The register all papers here are made of."""
    return register(TABLES)


def make(folder: Path, code: str, key: str, now: dt.datetime = NOW) -> tuple[str, tuple[Finding, ...]]:
    """The text of one paper, or why it is withheld."""
    board = evaluate(office(), base(), now)
    made, withheld, _ = produce(
        office(), definitions()[code], [key], out=folder, now=now, settings=SETTINGS, issued=Ledger(),
        due=due_from(board),
    )
    if withheld:
        return "", withheld[0].findings
    return text((folder / made[0].entry.file).read_bytes()), ()


@pytest.mark.parametrize(
    ("code", "key", "facts"),
    [
        ("agreement", "QR-3", [
            "移动澜江县公司", "服务期自2026年12月1日起至2031年11月30日止", "双方已于2026年11月13日签署《交付验收单》",
            "98,600.00", "玖万捌仟陆佰元整", "客户服务等级为：VIP", "维护服务等级为：高等级", "申告起30分钟内", "受理起1小时内",
            "每月25日（含）前", "服务期届满前3个月", "期满前1个月", "楼宇室分",
        ]),
        ("agreement", "QR-7", [
            "续签服务期自2027年1月1日起至2031年12月31日止", "33,980.00", "叁万叁仟玖佰捌拾元整", "客户服务等级为：标准", "申告起60分钟内",
        ]),
        ("approval", "XM-2", [
            "澜铁建〔2026〕9号", "关于东山顶新建项目立项的批复", "建设维护部：", "经市分公司研究", "312,000.00元", "叁拾壹万贰仟元整", "2027年2月26日",
        ]),
        ("approval", "XM-3", ["省公司建设部（盖章）", "经省公司审核", "省铁建〔2026〕4号"]),
        ("workorder-screening", "GD-1", ["GD-1", "启动筛查", "区域经理甲", "2026年11月23日", "河湾村", "111.5", "28.1"]),
        ("workorder-negotiation", "GD-2", ["启动谈判", "东山顶一", "2026年10月20日"]),
        ("workorder-pause", "GD-3", ["暂停", "BG-1", "覆盖目标调整", "2026年11月18日"]),
        ("workorder-assist", "GD-4", ["配合安装", "2026年11月13日", "客户代表A", "客户经理乙"]),
        ("workorder-chase", "GD-5", ["里程碑催办", "配套完成", "（共1项）"]),
        ("incurred-cost", "BG-1", ["地勘费", "塔基土方", "15,000.50", "壹万伍仟元零伍角整"]),
        ("fault-report", "GZ-1", ["2026年11月9日10时00分", "2026年11月9日13时30分", "市电检修", "启用油机发电", "VIP"]),
        ("meeting-notice", "HY-1", ["关于召开2026年11月服务联席会议的通知", "移动澜江县公司：", "2026年11月20日14时30分", "二楼会议室", "特此通知。"]),
        ("service-report", "HY-1", ["在办需求（共2项）", "本期故障（共2件）", "本期投诉（共3件）", "处理中", "停电一次"]),
        ("meeting-minutes", "HY-1", ["月底前整改", "提交整改计划", "四、待办事项（共1项）"]),
        ("key-work-plan", "2026-11", ["2026年11月重点工作计划", "跟催回款", "共1项"]),
        ("visit-plan", "2026-11", ["2026年11月客户拜访计划", "对接四季度计划", "移动澜江县公司"]),
        ("greeting", "移动澜江县公司/客户代表A", ["尊敬的客户代表A：", "值此中秋节之际", "有2项需求正在办理", "河湾村", "西广场"]),
        ("delay-notice", "XM-3", ["移动澜江县公司：", "原约定于2026年12月15日交付", "调整为2027年1月8日", "物业停工", "顺延24天", "夜间施工"]),
        ("early-notice", "XM-3", ["移动澜江县公司：", "共1项", "土建完成", "2026-10-20", "2026-10-09", "租用现成机房", "配套完成"]),
        ("delivery-change", "XM-3", ["2026年12月15日", "2027年1月8日", "铁塔", "物业停工", "交付完成"]),
        ("sharing-inquiry", "XQ-1", ["联通澜江县公司、电信澜江县公司：", "2026年11月24日前", "111.5", "28.1"]),
        # Friday 13 November, then 16, 17, 18: three working days end on the 18th.
        ("supervision", "TS-1", ["应于2026年11月18日前解决", "自2026年11月19日起列入重点督办", "随工人员不足", "补齐随工", "报送：部门经理甲"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_paper_says_what_it_must(code: str, key: str, facts: list[str], tmp_path: Path) -> None:
    said, why = make(tmp_path, code, key)
    assert not why, [found.message for found in why]
    assert [fact for fact in facts if fact not in said] == []


def test_the_default_start_is_counted_from_the_sending(tmp_path: Path) -> None:
    """Sent Tuesday 1 March 2016; Qingming falls on Monday 4 April: the 25th working day is 6 April.

    Signed 10 March: the agreement's ten working days end on 24 March.
    """
    said, why = make(tmp_path, "warning", "XQ-4", dt.datetime(2016, 4, 11, 9))
    assert not why
    assert "默认起租日为2016年4月6日" in said
    assert "《单项服务协议》应于2016年3月24日前签订" in said
    assert said.count("谨慎使用，须经批准") == 2


def test_an_inquiry_does_not_tell_whose_demand_it_is(tmp_path: Path) -> None:
    said, _ = make(tmp_path, "sharing-inquiry", "XQ-1")
    assert "移动" not in said
    assert "XQ-1" not in said


def test_a_service_report_counts_this_month_only(tmp_path: Path) -> None:
    said, _ = make(tmp_path, "service-report", "HY-1")
    assert "GZ-3" not in said


def test_a_candidate_the_customer_cannot_order_is_not_negotiated(tmp_path: Path) -> None:
    said, _ = make(tmp_path, "workorder-negotiation", "GD-2")
    assert "东山顶二" not in said


def test_only_what_is_overdue_is_chased(tmp_path: Path) -> None:
    said, _ = make(tmp_path, "workorder-chase", "GD-5")
    overdue, _, later = said.partition("四、受影响的后续里程碑")
    assert "配套完成" in overdue
    assert "交付完成" not in overdue
    assert "交付完成" in later


def test_renewing_leaves_the_first_terms_fee_table_out(tmp_path: Path) -> None:
    said, _ = make(tmp_path, "agreement", "QR-7")
    assert "电力引入费" not in said


@pytest.mark.parametrize(
    ("code", "key", "reason"),
    [
        ("agreement", "QR-8", "客户已表示期满不续签"),
        ("approval", "XM-1", "需求订单确认表尚未签署"),
        ("workorder-negotiation", "GD-6", "筛查初步方案确认表尚未签署"),
        ("workorder-negotiation", "GD-1", "该工单不是“启动谈判”工单"),
        ("incurred-cost", "BG-2", "至少须有1行明细"),
        ("fault-report", "GZ-2", "故障尚未修复"),
        ("service-report", "HY-2", "工程建设、保障能力、指标、投诉处理情况均未填写"),
        ("meeting-minutes", "HY-2", "会议通知尚未发出"),
        ("key-work-plan", "2026-12", "计划中有事项尚未明确责任人"),
        ("greeting", "移动澜江县公司/客户代表B", "该联系人没有登记问候事由"),
        ("delay-notice", "XM-2", "没有登记变更后交付日期"),
        ("early-notice", "XM-2", "至少须有1行明细"),
        ("early-notice", "XM-1", "项目尚未立项批复"),
        ("sharing-inquiry", "XQ-2", "只有整合后仍为新建独享的需求才需向另外两家征询"),
        ("supervision", "TS-2", "算不出"),
        ("supervision", "TS-3", "投诉已解决，无需督办"),
        ("warning", "XQ-1", "交付验收单尚未发送"),
        ("warning", "XQ-3", "算不出"),
    ],
)
def test_a_paper_out_of_turn_is_withheld_with_its_reason(code: str, key: str, reason: str, tmp_path: Path) -> None:
    said, why = make(tmp_path, code, key)
    assert said == ""
    assert reason in "；".join(found.message for found in why)


def test_a_change_asked_for_offers_its_papers() -> None:
    record = office().find("change", "BG-1")
    assert record is not None
    ready = {definition.code for definition, why in offered(office(), record, NOW.date()) if not why}
    assert {"incurred-cost", "3.5"} <= ready


@pytest.mark.parametrize(
    ("code", "key", "now"),
    [
        ("approval", "XM-2", NOW), ("sharing-inquiry", "XQ-1", NOW), ("incurred-cost", "BG-1", NOW),
        ("warning", "XQ-4", dt.datetime(2016, 4, 11, 9)), ("agreement", "QR-7", NOW),
    ],
)
def test_the_whole_paper_reads_as_approved(code: str, key: str, now: dt.datetime, tmp_path: Path) -> None:
    said, _ = make(tmp_path, code, key, now)
    assert said == (APPROVED / f"{code}.txt").read_text(encoding="utf-8")
