"""Writes docs/findings.md, the page of every message, from the catalogue: ``python -m macros.findings_page``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from macros.findings import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = Path(__file__).parents[1] / "docs" / "findings.md"
LEVELS = {"error": "错误", "warning": "提醒", "info": "说明"}
AREAS = {
    "ADD": "按钮与加载项", "BAT": "成批出单", "BIL": "计费", "CAL": "放假通知", "CHK": "检查", "CLK": "时限",
    "CMD": "命令", "COL": "收款与到期", "CON": "需求整合", "CUS": "客户", "DOC": "单据", "FIG": "单据里的图",
    "HIS": "留存与合并", "INT": "导入", "KPI": "考核与预测", "LOO": "征询、批次和变更", "MAI": "邮件草稿",
    "MON": "每月工作簿", "PDF": "PDF 和打印", "PRC": "计费参数", "REC": "对账", "REG": "台账读取", "ROL": "全省汇总",
    "SCH": "倒排工期", "SIT": "站址", "SVC": "服务", "VAL": "单元格内容", "WBK": "文件", "WRK": "计划、拜访和清单",
}
_HEADINGS = ("代码", "级别", "标题", "规则", "现状", "改法", "依据")


def page() -> str:
    """The whole page as Markdown, one table for each area, codes in order."""
    lines = [
        "# 问题代码", "",
        "程序说出的每一句话都有代码；`{…}` 处填入当时的内容。",
        "本页由 `python -m macros.findings_page` 从 `macros/rules/findings/` 生成，请勿手改。",
    ]
    entries = catalogue()
    for area in sorted({code[:3] for code in entries}):
        lines += ["", f"## {area} {AREAS.get(area, '')}".rstrip(), "", _row(_HEADINGS), _row("-" * len(_HEADINGS))]
        for code in sorted(code for code in entries if code.startswith(area)):
            entry = entries[code]
            lines.append(_row((
                code, LEVELS[entry.severity], entry.title, entry.rule, entry.found, entry.cure, entry.clause,
            )))
    return "\n".join(lines) + "\n"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
