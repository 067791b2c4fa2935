"""demo: the whole job on the sample city, ending with a short summary and an index page."""

from __future__ import annotations

import datetime as dt
import shutil
import time
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.commands import (
    DONE,
    FOUND,
    Answer,
    boarding,
    checking,
    consolidate,
    forming,
    importing,
    lists,
    noticing,
    reconciling,
    setup,
)
from macros.commands.bill.command import bill
from macros.commands.demo import office
from macros.commands.demo.index_page import write_index
from macros.commands.shelf import Shelf
from macros.findings import finding
from macros.hosts import refuse
from macros.progress import Cancelled, steps

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = Path(__file__).parents[3] / "workbooks" / "samples"
_MARK = ".塔务台演示"
#: Documents printed of each kind: enough to look at, few enough to wait for.
EACH = 2
#: What is done beside the imports and lists of the case and the commands of the second part.
_OTHER_STEPS = 9


def demo(folder: Path = Path("demo")) -> Answer:
    """Build ``folder`` from the sample city: register, imports, check, board, papers, a bill, reports, index page.

    A folder that an earlier demonstration made is made anew; any other folder must be empty.

    Raises:
        Refused: the folder holds something else.
    """
    _clear(folder)
    folder.joinpath(_MARK).touch()
    case = tomllib.loads((SAMPLES / "city-a" / "case.toml").read_text(encoding="utf-8"))
    try:
        more = office.calls(case["month"]["name"])
        with steps(len(case["import"]) + len(case["month"]["lists"]) + len(more) + _OTHER_STEPS) as begin:
            return _shown(folder, case, begin)
    except Cancelled as cancelled:
        said = finding("ADD404", done=cancelled.done, left=cancelled.left, value=str(folder))
        return Answer({"folder": str(folder), "findings": [said.as_json()]}, said.message, FOUND)


def _shown(folder: Path, case: dict[str, Any], begin: Callable[[str], None]) -> Answer:
    started = time.monotonic()
    register, at = folder / "台账", str(case["now"])
    begin("建立空白台账")
    setup.init(register, case["city"])
    _fill_settings(register, case["settings"])
    reports: list[dict[str, Any]] = []
    for row in case["import"]:
        begin(f"导入 {row['file']}")
        path = SAMPLES / "city-a" / row["file"]
        reports += importing.take_in([path], register, customer=row.get("customer"), now=at).data["files"]
    begin("导入补充样例")
    reports += importing.take_in(sorted((SAMPLES / "supplement").glob("*.csv")), register, now=at).data["files"]
    begin("检查全部台账")
    findings = checking.check(register, now=at).data["findings"]
    begin("计算待办")
    board = boarding.board(register, now=at).data
    begin("整合需求")
    joined = consolidate.consolidate(register, out=folder / "需求整合", now=at).data["demands"]
    begin("生成全部表单")
    made = forming.sample(register, folder / "单据", at, EACH)
    month = _month(register, folder, case["month"], at, begin)
    more = office.shown(register, folder, case["month"]["name"], at, begin)
    begin("排版首页缩略图")
    seconds = time.monotonic() - started
    summary = _summary(case["city"], reports, findings, board, made, folder, seconds)
    labels = Counter(row["label"] for row in joined)
    told = "，".join(f"{label} {count}" for label, count in sorted(labels.items()))
    summary[-1:-1] = [f"需求整合：{told}；地图在 {folder / '需求整合'}", *month, *office.told(more, folder)]
    write_index(folder, case["city"], dt.datetime.fromisoformat(at), summary, board["items"], made["documents"], more)
    data = {
        "folder": str(folder), "kinds": len({row["form"] for row in made["documents"]}),
        "documents": len(made["documents"]), "findings": len(findings), "items": len(board["items"]),
        "reports": [one.as_json() for one in more],
        "seconds": round(seconds, 1),
    }
    return Answer(data, "\n".join(summary), DONE)


def _month(
    register: Path, folder: Path, month: dict[str, Any], at: str, begin: Callable[[str], None],
) -> list[str]:
    """Bill the sample month and compare it with each operator's own list; gives what the summary says of it."""
    name = month["name"]
    begin("登记当月的业务变更")
    noticing.notices(name, register, out=folder / "单据", now=at)
    begin(f"出 {name} 的账")
    billed = bill(name, register, out=folder / "账单", now=at).data
    lines = [
        f"账单：{name} 租约 {billed['control']['leases_in']} 份，出账 {billed['control']['lines_out']} 条，"
        f"不含税 {Decimal(billed['control']['total_ex_tax']):,} 元；存于 {folder / '账单' / name}",
    ]
    for file in month["lists"]:
        begin(f"对账 {file}")
        found = reconciling.reconcile(
            name, SAMPLES / "city-a" / file, register, out=folder / "对账", now=at
        ).data
        lines.append(
            f"对账：{file} 与我方相差 {Decimal(found['difference']):,} 元，未能说明的 {found['unexplained']} 元。"
        )
    return lines


def _clear(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / _MARK).exists():
            raise refuse("CMD008", value=str(folder), present="其他文件")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def _fill_settings(register: Path, settings: dict[str, str]) -> None:
    """Fill in 参数 / 假设 as the manager of the sample city would."""
    shelf = Shelf(register)
    rows = shelf.register().rows("assumption")
    shelf.update((row, {"chosen": settings[row.key]}) for row in rows if row.key in settings)
    shelf.save()


def _summary(
    city: str, reports: list[dict[str, Any]], findings: list[dict[str, str]], board: dict[str, Any],
    made: dict[str, Any], folder: Path, seconds: float,
) -> list[str]:
    """The closing words, one line a subject."""
    rows = Counter[str]()
    for report in reports:
        rows.update({name: report[name] for name in ("rows", "added", "updated", "rejected")})
    states = Counter(item["state"] for item in board["items"])
    levels = Counter(said["severity"] for said in findings)
    kinds = len({row["form"] for row in made["documents"]})
    provisional = sum(item["provisional"] for item in board["items"] if item["state"] == "open")
    return [
        f"{city}样例完成，用时 {seconds:.0f} 秒。",
        f"导入 {len(reports)} 张表 {rows['rows']} 行：新增 {rows['added']}，更新 {rows['updated']}，"
        f"拒收 {rows['rejected']}（逐行写明原因）。",
        "检查：" + "，".join(f"{words} {levels[level]}" for level, words in lists.LEVELS.items()) + "。",
        f"待办：逾期 {states['late']}，在办 {states['open']}（其中暂定 {provisional}），等待 {states['waiting']}，"
        f"按时办结 {states['met']}，逾期办结 {states['met-late']}。",
        f"单据：{kinds} 种 {len(made['documents'])} 份，扣发 {len(made['withheld'])} 份（缺必填内容，已指明单元格）。",
        f"请打开：{folder / 'index.html'}（首页）、{folder / '台账' / '待办.xlsx'}、{folder / '单据'}",
    ]
