"""The words of the calls about service, customers, the manager's own work, and the register's safety."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from macros.calls import place, register_folder

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def office(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The service, customers and the manager's own work."""
    morning = add("dashboard", "工作台：今日、本周、红色清单、款项、客户，一页打印")
    morning.add_argument("--out", type=place, metavar="DIR", help="《工作台》的存放文件夹（默认台账文件夹）")
    served = add("service", "服务情况：故障和投诉的全过程、重点督办、及时率和合格率、回访")
    served.add_argument("month", nargs="?", default="", metavar="YYYY-MM", help="统计月份（默认本月）")
    served.add_argument("--out", type=place, metavar="DIR", help="《服务情况》的存放文件夹（默认台账文件夹）")
    known = add("customers", "客户分析：档案的完整、准确、时效，干系人，分级和依据，风险提示")
    known.add_argument("--out", type=place, metavar="DIR", help="《客户分析》的存放文件夹（默认台账文件夹）")
    known.add_argument("--cards", dest="printed", nargs="*", metavar="客户", help="另出客户关系卡片（默认全部客户）")
    masked = add("mask", "导出脱敏副本：姓名、电话、邮箱打码，原台账不动")
    masked.add_argument("--out", type=place, required=True, metavar="DIR", help="副本的存放文件夹")
    planned = add("plan", "月度计划：编制、提交、审批、退回、结转")
    steps = ("make", "submit", "approve", "return", "carry")
    planned.add_argument("action", choices=steps, metavar="|".join(steps))
    planned.add_argument("month", nargs="?", default="", metavar="YYYY-MM", help="月份（默认本月）")
    planned.add_argument("--by", default="", metavar="姓名", help="提交、审批、退回的人")
    planned.add_argument("--manager", default="", metavar="姓名", help="只提交、审批、退回这位客户经理的行（默认全部）")
    planned.add_argument("--reason", default="", metavar="原因", help="退回的原因")
    visited = add("visits", "拜访：今日名单、每周定额、逾期、跟进事项")
    visited.add_argument("--out", type=place, metavar="DIR", help="《拜访情况》的存放文件夹（默认台账文件夹）")
    caring = add("care", "关怀日历：节日、纪念日、重要活动，及其问候函")
    caring.add_argument("--days", type=int, metavar="N", help="今后几天（默认按设置）")
    caring.add_argument("--out", type=place, metavar="DIR", help="《关怀日历》的存放文件夹（默认台账文件夹）")
    listed = add("checklist", "检查清单：按清单名称和事项编号生成、填写、打印")
    listed.add_argument("title", nargs="?", default="", metavar="清单", help="清单名称（不写则列出全部清单）")
    listed.add_argument("case", nargs="?", default="", metavar="KEY", help="事项编号")
    listed.add_argument("--out", type=place, metavar="DIR", help="打印件的存放文件夹（默认台账下的“单据”）")
    kinds = "month 月报、week 周小结、meeting 联席会议、quarter 季报、kpi 考核、forecast 预测、handover 交接"
    told = add("report", f"报告：{kinds}")
    told.add_argument("kind", choices=[kind.split()[0] for kind in kinds.split("、")], metavar="KIND", help=kinds)
    told.add_argument("what", nargs="*", default=(), metavar="WHAT", help="YYYY-MM、YYYY-Q3、客户或客户经理")
    told.add_argument("--out", type=place, metavar="DIR", help="存放文件夹（默认台账下的“报告”）")
    joined = add("rollup", "全省汇总：各市台账合成一本，排名、下钻、趋势", register=False)
    joined.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="各市的台账文件夹，或装着它们的文件夹")
    joined.add_argument("--out", type=place, required=True, metavar="DIR", help="存放文件夹")
    joined.add_argument("--now", metavar="ISO", help="以此时刻为准（默认现在）")
    joined.add_argument("--workers", type=int, default=0, metavar="N", help="用本机几个进程（默认自定）")


def trust(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Copies of the register, who changed what, and two edited copies made one."""
    kept = add("snapshot", "留存台账的副本")
    kept.add_argument("--note", default="", metavar="说明", help="为何留存")
    kept.add_argument("--list", dest="listed", action="store_true", help="列出已有的副本")
    back = add("restore", "恢复到一份副本；恢复前先留存现状")
    back.add_argument("name", nargs="?", default="", metavar="副本", help="副本名称（默认最近一份）")
    back.add_argument("--only", nargs="+", default=(), metavar="工作簿", help="只恢复这些工作簿")
    back.add_argument("--dry-run", action="store_true", help="只列出会变的单元格")
    past = add("history", "谁在何时改了哪个单元格，改前改后")
    past.add_argument("key", nargs="?", default="", metavar="KEY", help="只看这一行")
    past.add_argument("--since", default="", metavar="DATE", help="只看此日之后")
    past.add_argument("--verify", action="store_true", help="核验留痕的哈希链和台账指纹")
    joined = add("merge", "合并两份各自改过的台账副本，冲突列表")
    joined.add_argument("ours", type=register_folder, metavar="A", help="一份副本的文件夹")
    joined.add_argument("theirs", type=register_folder, metavar="B", help="另一份副本的文件夹")
    joined.add_argument("--base", type=register_folder, metavar="DIR", help="两份的共同起点（默认最近的共同留存）")
    joined.add_argument("--dry-run", action="store_true", help="只列出结果，不写台账")
    open_points = add("assumptions", "假设：手册未写明之处怎样处理，换一种做法会变动哪些时限")
    open_points.add_argument("--out", type=place, metavar="DIR", help="《假设》的存放文件夹（默认台账文件夹）")
    tested = add("selftest", "自检：日期、金额、单据、工作簿的标准用例，版本和日历范围")
    tested.add_argument("--out", type=place, metavar="DIR", help="《自检》的存放文件夹（默认台账文件夹）")
