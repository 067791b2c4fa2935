"""The words of a call: every command with its options in Chinese."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from macros.calls import place, register_folder
from macros.options_office import office, trust
from macros.parsers import Asked, Parser

#: Keywords of options that are taken where they mean nothing, so that one call can serve for all commands.
_UNUSED: dict[str, Any] = {"dest": "unused", "metavar": "ISO", "help": argparse.SUPPRESS}


def parser(asked: str = "") -> argparse.ArgumentParser:
    """The parser of the command line, or only what it takes to read a call of the command ``asked``."""
    made = Parser(prog="towerdesk", description="塔务台：铁塔公司客户经理的 Excel 工作台")
    commands = Asked(made.add_subparsers(dest="command", required=True, metavar="命令", parser_class=Parser), asked)

    def add(name: str, words: str, *, register: bool = True) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
        if register:
            named: dict[str, Any] = {"dest": "folder", "type": register_folder, "default": Path(), "metavar": "DIR"}
            added.add_argument("--register", **named, help="台账文件夹")
            added.add_argument("--now", metavar="ISO", help="以此时刻为准（默认现在）")
        added.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
        return added

    demo = add("demo", "用样例城市演示全部功能", register=False)
    demo.add_argument("folder", type=Path, nargs="?", default=Path("demo"), metavar="DIR")
    init = add("init", "建立空白台账", register=False)
    init.add_argument("--now", **_UNUSED)
    init.add_argument("folder", type=Path, metavar="DIR")
    init.add_argument("--city", default="", metavar="名称")
    taken = add("import", "导入来文")
    taken.add_argument("files", type=Path, nargs="+", metavar="FILE")
    taken.add_argument("--as", dest="layout", metavar="LAYOUT", help="按指定版式读取，并记住列的对应关系")
    taken.add_argument("--customer", metavar="名称", help="来文没有运营商列时指明运营商")
    taken.add_argument("--dry-run", action="store_true", help="只看结果，不写台账")
    add("check", "检查全部台账")
    add("board", "计算 42 个时限，写出待办")
    explain = add("explain", "说明一个期限是怎么算出来的")
    explain.add_argument("key", metavar="KEY")
    explain.add_argument("clock", metavar="CLOCK")
    preview = add("preview", "试改一个日期，列出受影响的时限")
    preview.add_argument("key", metavar="KEY")
    preview.add_argument("field", metavar="列名")
    preview.add_argument("value", metavar="日期")
    form = add("form", "生成表单和通知")
    form.add_argument("form", nargs="?", default="", metavar="FORM", help="3.1 至 3.19 或 forms 列出的名称")
    form.add_argument("keys", nargs="*", metavar="KEY")
    form.add_argument("--due", action="store_true", help="待办所需的全部表单")
    form.add_argument("--all", dest="every", action="store_true", help="所有符合条件的行")
    form.add_argument("--out", type=place, metavar="DIR", help="存放文件夹（默认台账下的“单据”）")
    form.add_argument("--pdf", action="store_true", help="同时转成 PDF")
    form.add_argument("--print", dest="book", type=Path, metavar="FILE.pdf", help="转成PDF，并按顺序合订成一个打印文件")
    form.add_argument("--number", dest="numbers", nargs="+", default=(), metavar="NO", help="按单据编号重印，一字不差")
    _batched(form)
    forms = add("forms", "列出全部表单，或某一行现在可用的表单")
    forms.add_argument("key", nargs="?", default="", metavar="KEY")
    lint = add("lint", "检查 Word 模板")
    lint.add_argument("templates", type=Path, nargs="*", metavar="TEMPLATE", help="模板，或放模板的文件夹")
    lint.add_argument("--fields", default="", metavar="FORM", help="列出这种表单的模板可用的全部字段")
    lint.add_argument("--preview", action="store_true", help="用样例值填写模板，供查看版式")
    lint.add_argument("--out", type=place, metavar="DIR", help="预览的存放文件夹（默认台账下的“模板预览”）")
    joined = add("consolidate", "需求整合：存量共享、新建共享、新建独享的建议和依据")
    joined.add_argument("--out", type=place, metavar="DIR", help="建议方案和地图的存放文件夹（默认台账下的“需求整合”）")
    standing = add("sites", "站址资源：使用单位及其变迁、锚定用户、空位、疑似重复")
    standing.add_argument("--out", type=place, metavar="DIR", help="《站址资源》的存放文件夹（默认台账文件夹）")
    gathered = add("batches", "订单批次：每5个工作日一批的附表3.4，未交的原因和账龄，覆盖率")
    gathered.add_argument("customers", nargs="*", metavar="客户", help="提前提交的客户（默认到期的全部客户）")
    gathered.add_argument("--hand-over", action="store_true", help="已交客户，登记最近批次提交日期和提交批次")
    gathered.add_argument("--out", type=place, metavar="DIR", help="《订单批次》的存放文件夹（默认台账文件夹）")
    followed = add("changes", "变更跟踪：每条变更走哪条路、做了什么、下一步做什么")
    followed.add_argument("--out", type=place, metavar="DIR", help="《变更跟踪》的存放文件夹（默认台账文件夹）")
    replied = add("answers", "共享征询：已发、到期、已答复；逾期未答复的建议预留共享")
    replied.add_argument("--accept", action="store_true", help="把建议写入空白的共享征询答复")
    bill = add("bill", "出一个月的账")
    bill.add_argument("month", metavar="YYYY-MM")
    bill.add_argument("--out", type=place, metavar="DIR", help="存放文件夹（默认台账下的“账单”）")
    bill.add_argument("--dry-run", action="store_true", help="预览：同样的文件，不记入台账")
    _batched(bill)
    bill.add_argument("--snapshot", type=Path, metavar="FILE", help="从保存的快照重出，写到 --out，不记入台账")
    bill.add_argument("--confirm", action="store_true", help="合计与上月相差很大，已核对无误")
    noticed = add("notices", "登记当月因他人起租、退租或调价而变更的费用，出附表3.13")
    noticed.add_argument("month", metavar="YYYY-MM")
    noticed.add_argument("--out", type=place, metavar="DIR", help="通知单的存放文件夹（默认台账下的“单据”）")
    collected = add("collection", "收款情况：应收、已收、欠款和账龄")
    collected.add_argument("--out", type=place, metavar="DIR", help="《收款情况》的存放文件夹（默认台账文件夹）")
    ending = add("expiring", "到期租约：按月列出，补算年服务费和续期建议价")
    ending.add_argument("--months", type=int, metavar="N", help="今后几个月（默认按设置）")
    ending.add_argument("--out", type=place, metavar="DIR", help="《到期租约》的存放文件夹（默认台账文件夹）")
    compared = add("reconcile", "与运营商自己的详单对账：逐行说明差异，出工作簿、差异函和确认书")
    compared.add_argument("month", metavar="YYYY-MM")
    compared.add_argument("--ledger", type=Path, required=True, metavar="FILE", help="运营商的结算详单，任何版式")
    compared.add_argument("--out", type=place, metavar="DIR", help="存放文件夹（默认台账下的“对账”）")
    compared.add_argument("--customer", default="", metavar="名称", help="详单看不出运营商时指明，或只对某一客户")
    compared.add_argument("--accept", action="store_true", help="采用推测的列和匹配，并记住")
    drawn = add("schedule", "倒排工期：自约定交付日期排出里程碑，填写偏差、变化和进度条")
    drawn.add_argument("keys", nargs="*", metavar="PROJECT", help="项目编码（默认已立项未完工的全部项目）")
    drawn.add_argument("--redraw", action="store_true", help="交付日期或日历变了，重排未完成的里程碑")
    sent = add("mail", "把已出的单据放进邮件草稿（.eml），收件人取自客户档案，不发送")
    sent.add_argument("numbers", nargs="+", metavar="NUMBER", help="单据登记簿里的单据编号")
    sent.add_argument("--papers", type=Path, metavar="DIR", help="单据所在的文件夹（默认台账下的“单据”和“账单”）")
    sent.add_argument("--out", type=place, metavar="DIR", help="草稿的存放文件夹（默认台账下的“邮件”）")
    office(add)
    trust(add)
    add("papers", "单据文件夹在哪里，最近出了哪些单据")
    handed = add("guide", "打开用户手册", register=False)
    word, pdf = "Word 版，带目录和页码，可打印", "存为 PDF，须装有 Word 或 LibreOffice"
    handed.add_argument("--word", dest="kind", action="store_const", const="word", default="page", help=word)
    handed.add_argument("--pdf", dest="kind", action="store_const", const="pdf", default="page", help=pdf)
    handed.add_argument("--out", type=place, default=Path(), metavar="DIR", help="PDF 的存放文件夹（默认当前文件夹）")
    shells = add("completion", "命令行补全：输出供终端启动文件执行的脚本", register=False)
    shells.add_argument("shell", choices=("bash", "zsh", "tcsh", "powershell"), metavar="bash|zsh|tcsh|powershell")

    addin = _group(commands, "addin", "Excel、WPS、LibreOffice 加载项")
    built = _below(addin, "build", "制作加载项文件")
    built.add_argument("--out", type=place, required=True, metavar="DIR", help="存放文件夹")
    installed = _below(addin, "install", "为当前用户安装，不需要管理员权限")
    installed.add_argument("--autostart", action="store_true", help="登录时启动助手")
    for below in (installed, _below(addin, "uninstall", "卸载，用户的台账和设置保留")):
        below.add_argument("--dry-run", action="store_true", help="只列出要做的事")
        below.add_argument(
            "--for", dest="programs", action="append", default=[], choices=("excel", "wps", "libreoffice"),
            help="只对这个程序（可重复）",
        )
    examined = _below(addin, "status", "体检：安装、信任、路径、助手")
    examined.add_argument("--register", default="", metavar="DIR", help="一并检查这个台账文件夹的路径")
    packed = _below(addin, "package", "制作Windows安装包：自带Python，解压即装，不需要管理员权限")
    packed.add_argument("--python", type=Path, required=True, metavar="FILE", help="64位Windows的Python压缩包")
    packed.add_argument("--out", type=place, required=True, metavar="DIR", help="存放文件夹")
    packed.add_argument("--wheels", dest="wheels_from", type=Path, metavar="DIR", help="依赖包的文件夹（默认联网）")
    agent = _group(commands, "agent", "常驻助手：点击即有反应，Office 不许启动程序时也能用", default="start")
    _below(agent, "start", "启动（已在运行时只报告状态）")
    _below(agent, "stop", "退出")
    _below(agent, "status", "是否在运行")

    days = _group(commands, "workdays", "工作日历")

    def day(name: str, words: str) -> argparse.ArgumentParser:
        added = _below(days, name, words)
        added.add_argument("--register", dest="folder", type=register_folder, metavar="DIR", help="用该台账的节假日表")
        return added

    added = day("add", "某日之后第 N 个工作日")
    added.add_argument("start", metavar="DATE")
    added.add_argument("--now", **_UNUSED)
    added.add_argument("n", type=int, metavar="N")
    between = day("between", "两日之间的工作日数（不含首日，含末日）")
    between.add_argument("--now", **_UNUSED)
    between.add_argument("start", metavar="A")
    between.add_argument("end", metavar="B")
    imported = day("import", "读取国务院放假通知全文")
    imported.add_argument("notice", type=Path, metavar="NOTICE")
    imported.add_argument("--now", metavar="ISO", help="以此时刻为准（默认现在）")
    shown = day("show", "列出某年的休息日与调休上班日")
    shown.add_argument("--now", **_UNUSED)
    shown.add_argument("year", type=int, metavar="YEAR")
    return made


def _batched(command: argparse.ArgumentParser) -> None:
    """The options of a batch of papers."""
    command.add_argument("--resume", action="store_true", help="接着做完中断的一批")
    command.add_argument("--workers", type=int, default=1, metavar="N", help="用本机几个进程（默认 1）")
    command.add_argument("--cluster", metavar="tcp://…", help="用 Dask 集群，写调度器的地址")


def _group(commands: Any, name: str, words: str, default: str = "") -> Any:
    """A word that other words follow; without one of them it means ``default``, or is not complete."""
    made = commands.add_parser(name, help=words, description=words)
    if default:
        made.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    below = made.add_subparsers(dest="below", required=not default, metavar="命令", parser_class=Parser)
    made.set_defaults(below=default)
    return below


def _below(group: Any, name: str, words: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = group.add_parser(name, help=words, description=words)
    made.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    return made
