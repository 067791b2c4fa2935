"""init: a blank register folder for one city, or what an older one lacks, with the user's own Word templates."""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from macros.commands import DONE, FOUND, Answer, lists
from macros.commands.times import moment
from macros.findings import finding
from macros.hosts import Refused, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from macros.findings import Finding

#: The templates as delivered, and the folder of the user's copies inside a register.
TEMPLATES = Path(__file__).parents[2] / "templates"
OWN_TEMPLATES = "模板"
#: What says that a workbook gained a sheet.
_ADDED = "CMD027"


def init(folder: Path, city: str = "") -> Answer:
    """Write blank workbooks, output workbooks and template copies into ``folder``; nothing present is replaced.

    A register of an earlier version gets the workbooks and sheets that came since.

    Raises:
        Refused: the folder already holds all of them.
    """
    from macros.workbooks import build_all, files

    older = [title for title in files() if (folder / f"{title}.xlsx").is_file()]
    findings: list[Finding] = []
    sheets = _lacking(folder, older, findings)
    made = build_all(folder, city)
    if not made and not sheets and not findings:
        raise refuse("CMD008", value=str(folder))
    own = folder / OWN_TEMPLATES
    own.mkdir(exist_ok=True)
    for template in sorted(TEMPLATES.glob("*.docx")):
        if not (own / template.name).exists():
            shutil.copyfile(template, own / template.name)
    findings += _add(folder, sheets)
    data = {
        "register": str(folder), "files": [path.name for path in made],
        "findings": [said.as_json() for said in findings],
    }
    wrong = any(said.severity == "error" for said in findings)
    return Answer(data, _text(folder, made, city, older, findings), FOUND if wrong else DONE)


def _lacking(folder: Path, older: Sequence[str], said: list[Finding]) -> dict[str, list[str]]:
    """The sheets that came since, by the titles of the workbooks that lack some and can be written now."""
    from macros.hosts.files import FileBook
    from macros.hosts.locks import check_closed
    from macros.workbooks import lacking

    found: dict[str, list[str]] = {}
    for title in older:
        path = folder / f"{title}.xlsx"
        try:
            sheets = lacking(title, FileBook(path).sheets())
            if sheets:
                check_closed(path.resolve())
                found[title] = sheets
        except Refused as refused:
            said.append(refused.finding)
    return found


def _add(folder: Path, sheets: Mapping[str, Sequence[str]]) -> list[Finding]:
    """Add sheets to workbooks, after a copy of the register was kept; which were added, or why not."""
    from macros.hosts.graft import add_sheets
    from macros.workbooks import build

    said: list[Finding] = []
    untold: list[Finding] = []
    with _kept(folder, [f"{title}.xlsx" for title in sheets], untold):
        for title, wanted in sheets.items():
            try:
                add_sheets(folder / f"{title}.xlsx", build(title), wanted)
            except Refused as refused:
                said.append(refused.finding)
                continue
            said += [finding(_ADDED, workbook=f"{title}.xlsx", sheet=sheet) for sheet in wanted]
    return said + untold


def _kept(folder: Path, files: Sequence[str], untold: list[Finding]) -> AbstractContextManager[None]:
    """What keeps a register's memory meanwhile, with a copy before; nothing where only outputs gain sheets."""
    from macros.forms import workbooks
    from macros.history.keeping import keeping
    from macros.history.settings import settings

    kept = [file for file in files if file in workbooks()]
    rows = settings()["ring"]["batch_rows"]
    return keeping(folder, kept, moment(None), untold, rows=rows) if kept else nullcontext()


def _text(folder: Path, made: Sequence[Path], city: str, older: Sequence[str], findings: Sequence[Finding]) -> str:
    books = [f"  {path.name}" for path in made]
    if older:
        added: dict[str, list[str]] = {}
        for said in findings:
            if said.code == _ADDED:
                added.setdefault(said.workbook, []).append(said.sheet)
        lines = [f"“{folder}”已有台账，补上了缺少的，已有的没有动：", *books]
        lines += [f"  {workbook}：工作表{'、'.join(sheets)}" for workbook, sheets in added.items()]
        lines += ["补之前的台账已留存，要撤销时运行 towerdesk restore --register 文件夹。"] if added else []
    else:
        lines = [f"已在“{folder}”建立{city}台账：", *books, f"  {OWN_TEMPLATES}/（Word 模板，可直接修改）"]
    others = [said for said in findings if said.code != _ADDED]
    lines += [lists.text(others)] if others else []
    lines += ["第一次用，先打开《参数.xlsx》的“开始”。", "下一步：towerdesk import 文件… --register 文件夹"]
    return "\n".join(lines)
