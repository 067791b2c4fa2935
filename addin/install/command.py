"""addin install, addin uninstall and addin status: what the three commands do and say."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin import settings
from addin.agent import state
from addin.agent.command import stop
from addin.install import apply, libreoffice
from addin.install.goods import goods
from addin.install.machine import EXCEL, OFFICE, WPS, from_store, here
from addin.install.plan import BASE, NAMES, plan
from macros.commands import DONE, FAILED, FOUND, Answer
from macros.findings import Finding, finding
from macros.hosts import Refused
from macros.versions import program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.install.apply import Item
    from addin.install.machine import Machine
    from addin.install.plan import Step

PROGRAMS = (EXCEL, WPS, OFFICE)
_MARKS = {"error": "✗", "warning": "！", "info": "·"}
#: What the helper and the clicks leave in the program's folder; names of rotated logs begin alike.
LEFT = ("agent.json", "agent.lock", "agent.log", "click.log")


def install(
    programs: Sequence[str] = (), autostart: bool = False, dry_run: bool = False, machine: Machine | None = None,
) -> Answer:
    """Install for the programs present, or for the named ones; over an older version in place.

    Args:
        programs: of ``PROGRAMS``; empty for those found.
        autostart: start the resident helper at log-in.
        dry_run: say what would be done, do nothing.
        machine: facts of another machine than this one.

    Raises:
        Refused: the Python is Microsoft Store's (ADD201), a named program is not there (ADD212), or none is (ADD200).
    """
    machine = machine or here()
    if machine.platform == "win32" and from_store(sys.executable, sys.base_prefix):
        raise Refused(finding("ADD201", path=sys.executable))
    chosen = _chosen(programs, machine)
    made, findings = goods(chosen, machine.platform)
    steps = plan(machine, made, chosen, autostart)
    if dry_run:
        _tidy(machine.own)
        said = [f"将为 {_named(chosen)} 安装塔务台 {machine.version}（只列出，未做）：", *(step.said for step in steps)]
        return _answer(said, findings, {"steps": [step.said for step in steps], "programs": sorted(chosen)})
    items, problems = _replace(machine, steps, {*chosen, BASE})
    findings += problems
    found = state.living()
    if found and found[0].version != program():
        stop()  # the next click starts the new version
    if OFFICE in chosen and libreoffice.running(machine.profile):
        findings.append(finding("ADD213"))
    said = [f"已为 {_named(chosen)} 安装塔务台 {machine.version}，共 {_count(items)} 项：", *_lines(items)]
    said.append("请关闭并重新打开表格程序，功能区会出现“塔务台”。检查安装：towerdesk addin status")
    return _answer(said, findings, {"installed": [_row(item) for item in items], "programs": sorted(chosen)})


def _replace(machine: Machine, steps: Sequence[Step], parts: set[str]) -> tuple[list[Item], list[Finding]]:
    """Carry out the steps, take away what only an older version had of these parts, and remember what is there."""
    before = apply.remembered()
    items, findings = apply.do(machine, steps)
    done, planned = {item.key for item in items}, {step.key for step in steps}
    old = [item for item in before if item.key not in done]
    stale = [item for item in old if item.part in parts and item.key not in planned]
    kept, more = apply.undo(machine, stale)
    kept += [item for item in stale if item.kind == "folder" and Path(item.path).exists()]
    apply.remember([*(item for item in old if item not in stale), *kept, *items])
    return items, findings + more


def uninstall(programs: Sequence[str] = (), dry_run: bool = False, machine: Machine | None = None) -> Answer:
    """Remove what was installed and nothing else; registers and the user's settings stay."""
    machine = machine or here()
    items = apply.remembered()
    going = [item for item in items if not programs or item.part in programs]
    if dry_run:
        _tidy(machine.own)
        return _answer(["将移除（只列出，未做）：", *_lines(going)], [], {"removed": [_row(item) for item in going]})
    if not going:
        _tidy(machine.own)
        return _answer([], [finding("ADD214")], {"removed": [], "left": []})
    if not programs and state.living():
        stop()
    kept, findings = apply.undo(machine, going)
    apply.remember([*(item for item in items if item not in going), *kept])
    if not programs and not kept:
        _clear(machine.own)
        _tidy(machine.own)
    removed = [item for item in going if item not in kept]
    said = [f"已移除 {_count(removed)} 项：", *_lines(removed)]
    if machine.own.exists() and settings.load():
        said.append(f"您的设置保留在 {machine.own}")
    return _answer(said, findings, {"removed": [_row(item) for item in removed], "left": [_row(item) for item in kept]})


def status(register: str = "", machine: Machine | None = None) -> Answer:
    """Examine the installation; ``register`` is the folder or address of the register, else the one last used."""
    from addin.install.doctor import examine

    machine = machine or here()
    answer = examine(machine, register or str(settings.load().get("register", "")))
    _tidy(machine.own)
    return answer


def _chosen(programs: Sequence[str], machine: Machine) -> frozenset[str]:
    absent = [name for name in programs if name == OFFICE and not machine.unopkg]
    absent += [name for name in programs if name == EXCEL and machine.platform not in ("win32", "darwin")]
    if absent:
        raise Refused(finding("ADD212", value=_named(absent)))
    chosen = frozenset(programs) or machine.found
    if not chosen:
        raise Refused(finding("ADD200"))
    return chosen


def _clear(own: Path) -> None:
    """Remove what the helper and the clicks have left in the program's own folder."""
    for name in LEFT:
        for path in own.glob(f"{name}*"):
            with suppress(OSError):
                path.unlink()


def _tidy(own: Path) -> None:
    """Leave no trace of a folder or a settings file that holds nothing."""
    with suppress(OSError):
        if own.is_dir() and not settings.load():
            (own / "settings.json").unlink(missing_ok=True)
        own.rmdir()


def _named(programs: Sequence[str] | frozenset[str]) -> str:
    return "、".join(NAMES[name] for name in PROGRAMS if name in programs)


def _count(items: Sequence[Item]) -> int:
    return sum(item.kind != "folder" for item in items)


def _lines(items: Sequence[Item]) -> list[str]:
    words = {"file": "文件", "entry": "登记", "extension": "扩展"}
    return [
        f"  {NAMES[item.part]} {words[item.kind]}：{item.mark if item.kind == 'extension' else item.path}"
        for item in items if item.kind in words
    ]


def _row(item: Item) -> dict[str, str]:
    return {"kind": item.kind, "part": item.part, "path": item.path, "mark": item.mark}


def _answer(said: list[str], findings: Sequence[Finding], data: dict[str, Any]) -> Answer:
    """The answer: failed when nothing could be done, found when something went wrong."""
    wrong = any(one.severity == "error" for one in findings)
    lines = said + [f"{_MARKS[one.severity]} {one.code} {one.message}" for one in findings]
    done = any(data.get(name) for name in ("installed", "removed", "steps"))
    state = DONE if not wrong else FOUND if done else FAILED
    return Answer({**data, "findings": [one.as_json() for one in findings]}, "\n".join(lines), state)
