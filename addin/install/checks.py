"""The checks about the program itself: interpreter, libraries, files, helper, the register's place."""

from __future__ import annotations

import re
from pathlib import PurePath, PureWindowsPath
from typing import TYPE_CHECKING

from addin.install import machine
from addin.install.plan import NAMES
from addin.install.verdicts import NOT_HERE, Verdict
from macros.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.install.facts import Facts, Installed, Launch


def interpreter(facts: Facts) -> Verdict:
    """The Python that the buttons start: there, new enough, without a window, with this TowerDesk in it."""
    if facts.store:
        return Verdict(facts.python, (finding("ADD201", path=facts.python),))
    if facts.launch is None:
        return Verdict("未安装", (finding("ADD220"),))
    said = f"{_dotted(facts.launch.version)} {facts.launch.path}".strip()
    return Verdict(said, tuple(_launch(facts, facts.launch)))


def _launch(facts: Facts, launch: Launch) -> list[Finding]:
    if machine.from_store(launch.path) and facts.platform == "win32":
        return [finding("ADD201", path=launch.path)]
    if not launch.exists:
        return [finding("ADD221", path=launch.path)]
    found = []
    oldest = tuple(machine.facts()["python"])
    if facts.platform == "win32" and PureWindowsPath(launch.path).name.lower() != "pythonw.exe":
        found.append(finding("ADD222", path=launch.path))
    if launch.version and launch.version < oldest:
        found.append(finding("ADD223", path=launch.path, value=_dotted(launch.version), needed=_dotted(oldest)))
    elif launch.product != facts.version:
        why = f"里的版本是 {launch.product}" if launch.product else f"不能运行它：{launch.fault}"
        found.append(finding("ADD224", path=launch.path, reason=why, needed=facts.version))
    elif facts.install_version != facts.version:
        found.append(finding("ADD245", path="加载项", value=facts.install_version or "未知", needed=facts.version))
    return found


def libraries(facts: Facts) -> Verdict:
    """Xlwings is there and not too old."""
    needed = machine.facts()["xlwings"]
    held = [int(part) for part in re.findall(r"\d+", facts.xlwings)[:len(needed)]]
    wrong = (finding("ADD248", value=facts.xlwings or "无", needed=_dotted(needed)),) if held < needed else ()
    return Verdict(facts.xlwings or "没有", wrong)


def calendar(facts: Facts) -> Verdict:
    """The holidays of this year, and at its end those of the next, are decreed."""
    needed = facts.today.year + (facts.today.month >= machine.facts()["next_year_from"])
    wrong = (finding("ADD249", value=facts.decreed),) if facts.decreed.year < needed else ()
    return Verdict(f"放假安排到 {facts.decreed}", wrong)


def files(facts: Facts) -> Verdict:
    """Every installed file lies where it was put, unchanged, without a mark of the web."""
    if not facts.files:
        return NOT_HERE
    found = [said for one in facts.files for said in _file(facts, one)]
    return Verdict(f"{len(facts.files)} 个文件", tuple(found))


def _file(facts: Facts, one: Installed) -> list[Finding]:
    if one.state != "same":
        return [finding({"gone": "ADD226", "changed": "ADD227"}[one.state], path=one.path)]
    found = []
    if one.zone:
        strict = "，本单位策略不许打开" if facts.excel and facts.excel.marked_blocked else ""
        found.append(finding("ADD225", path=one.path, reason=strict))
    if one.part == machine.EXCEL and (long := _too_long(one.path, len(one.path))):
        found.append(long)
    return found


def _too_long(path: str, length: int) -> Finding | None:
    limit = machine.facts()["longest"]
    return finding("ADD230", path=path, value=length, limit=limit) if length > limit else None


def helper(facts: Facts) -> Verdict:
    """The helper runs, and is of this version; without it the buttons work too."""
    if not facts.helper:
        return Verdict("没有运行", (finding("ADD242"),))
    wrong = (finding("ADD243", value=facts.helper, needed=facts.version),) if facts.helper != facts.version else ()
    return Verdict(f"正在运行，版本 {facts.helper}", wrong)


def missing(facts: Facts) -> Verdict:
    """Every spreadsheet program of this machine has the add-in."""
    if facts.launch is None:
        return NOT_HERE
    without = sorted(facts.present - facts.parts)
    said = "、".join(NAMES[name] for name in NAMES if name in facts.present) or "没有找到"
    return Verdict(said, (finding("ADD251", value=_named(without)),) if without else ())


def _named(programs: Sequence[str]) -> str:
    return "、".join(NAMES[name] for name in programs)


def register_place(facts: Facts) -> Verdict:
    """The register lies in a folder of this machine that no drive synchronises, not too deep for Excel."""
    if not facts.register:
        return NOT_HERE
    if "://" in facts.register:
        return Verdict(facts.register, (finding("ADD228", path=facts.register),))
    found = [
        finding("ADD229", path=facts.register, reason=drive)
        for folder, drive in facts.synced if _inside(facts.register, folder, facts.platform)
    ][:1]
    if long := _too_long(facts.register, facts.longest):
        found.append(long)
    return Verdict(facts.register, tuple(found))


def _inside(path: str, folder: str, platform: str) -> bool:
    kind = PureWindowsPath if platform == "win32" else PurePath
    return kind(path).is_relative_to(kind(folder))


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))
