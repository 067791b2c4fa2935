"""demo, second part: the morning page, service, customers, visits, reports and the register's safety."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.commands import command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Where their files go in the demonstration's folder.
HOME = "报告"
#: Days ahead that greetings are looked for: the sample's present is in November, and the new year's letters are shown.
_AHEAD = 45


class Call(NamedTuple):
    """One command of this part: what the page calls it, its id and its own options."""

    title: str
    command: str
    options: dict[str, Any]


class Made(NamedTuple):
    """What a command left: its title, the first sentence of its answer, its workbook and its papers."""

    title: str
    said: str
    books: tuple[Path, ...]
    documents: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Title and files."""
        return {"title": self.title, "files": [*map(str, self.books), *(row["file"] for row in self.documents)]}


def calls(month: str) -> list[Call]:
    """The commands in the order of a manager's weeks.

    Args:
        month: the month that was billed, ``YYYY-MM``; what looks back looks at it.
    """
    return [
        Call("留存副本", "snapshot", {"note": "演示"}),
        Call("工作台", "dashboard", {}),
        Call("服务情况", "service", {}),
        Call("客户分析和关系卡片", "customers", {"printed": ()}),
        Call("今日拜访", "visits", {}),
        Call("关怀日历和问候函", "care", {"days": _AHEAD}),
        Call("周小结", "report", {"kind": "week"}),
        Call("月度分析", "report", {"kind": "month", "what": [month]}),
        Call("会议材料和服务报告", "report", {"kind": "meeting"}),
        Call("走访季报", "report", {"kind": "quarter"}),
        Call("考核", "report", {"kind": "kpi"}),
        Call("预测分析", "report", {"kind": "forecast", "what": [month]}),
        Call("检查清单", "checklist", {"title": "月末收尾"}),
        Call("假设", "assumptions", {}),
        Call("自检", "selftest", {}),
    ]


def shown(register: Path, folder: Path, month: str, at: str, begin: Callable[[str], None]) -> list[Made]:
    """Run them over the sample register.

    Args:
        register: the demonstration's register.
        folder: the demonstration's folder; workbooks and reports go into 报告 below it.
        month: the month that was billed.
        at: the moment it is.
        begin: is told of each before it begins.
    """
    made = []
    for call in calls(month):
        begin(call.title)
        home = {} if call.command == "snapshot" else {"out": folder / HOME}
        answer = command(call.command)(folder=register, now=at, **home, **call.options)
        books = (Path(answer.data["file"]),) if answer.data.get("file") else ()
        said = answer.text.partition("\n")[0].replace(f"{folder / HOME}{os.sep}", "").rstrip("：")
        made.append(Made(call.title, said, books, answer.data.get("documents", [])))
    return made


def told(made: Sequence[Made], folder: Path) -> list[str]:
    """What the closing words say of them."""
    said = {one.title: one.said for one in made}
    books, papers = sum(len(one.books) for one in made), sum(len(one.documents) for one in made)
    names = "、".join(one.title for one in made if one.books or one.documents)
    return [
        f"报告和工作簿：{names}；工作簿 {books} 本，单据 {papers} 份，存于 {folder / HOME}",
        said["自检"], said["留存副本"],
    ]
