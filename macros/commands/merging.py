"""merge: two edited copies of a register made one, with what they disagree on in a workbook of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.commands import Answer, lists
from macros.commands.books import write_report
from macros.commands.folders import is_register
from macros.commands.times import moment
from macros.findings import finding
from macros.history import ancestry, restoring
from macros.history.joining import join
from macros.history.keeping import check_whole, held, opened
from macros.history.merging import joined_lines
from macros.history.settings import home, settings, word
from macros.hosts import reason, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from macros.findings import Finding
    from macros.history.merging import Conflict
    from macros.records import Cell


class Outcome(NamedTuple):
    """What becomes of the files.

    Those of ours that change, with their new bytes; how many cells and rows were taken from them by file; conflicts
    with their files; and the files that had no common origin.
    """

    files: dict[str, bytes]
    taken: dict[str, int]
    conflicts: list[tuple[str, Conflict]]
    without_base: list[str]


def merge(
    ours: Path, theirs: Path, folder: Path, base: Path | None = None, dry_run: bool = False, now: str | None = None,
) -> Answer:
    """Merge the register ``theirs`` into ``ours``; the result goes to ``folder``, which may be ``ours`` itself.

    What one side changed since ``base`` is taken; where both changed the same thing differently ours is kept and
    合并冲突.xlsx lists it. Without ``base`` the latest versions that both registers remember are taken for it.
    """
    at = moment(now)
    for each in (ours, theirs, *([base] if base else [])):
        if not is_register(each):
            raise refuse("HIS023", value=each)
    own = folder.exists() and folder.resolve() == ours.resolve()
    if not own and not dry_run and folder.is_dir() and any(folder.iterdir()):
        raise refuse("HIS022", value=folder)
    try:
        mine, other = ancestry.contents(ours), ancestry.contents(theirs)
        before = ancestry.contents(base) if base else ancestry.common(ours, theirs, mine, other)
    except OSError as error:
        raise refuse("WBK001", os.path.basename(error.filename or ""), reason=reason(error)) from error  # noqa: PTH119
    done = outcome(mine, other, before, complete=base is not None)
    findings = _findings(done)
    path = folder / settings()["conflicts"]["file"]
    if not dry_run:
        if not own:
            _copy(ours, folder)
        _bring(folder, done, theirs, at, mine)
        if done.conflicts or path.exists():
            findings += write_report(path, settings()["conflicts"]["title"], [(_sheet(), _rows(done.conflicts))])
    data = {
        "changed": sorted(done.files), "taken": done.taken, "conflicts": [_json(*one) for one in done.conflicts],
        "without_base": done.without_base, "written": not dry_run, "file": str(path) if done.conflicts else "",
    }
    return lists.answer(data, _lines(done, dry_run, folder), findings, done.conflicts)


def outcome(
    mine: Mapping[str, bytes], other: Mapping[str, bytes], before: Mapping[str, bytes], *, complete: bool
) -> Outcome:
    """Merge the files of two registers; ``complete`` tells that a file missing in ``before`` was not there then.

    Raises:
        Refused: a workbook that both changed cannot be read or written.
    """
    done = Outcome({}, {}, [], [])
    for name in sorted({*mine, *other}):
        was, a, b = before.get(name), mine.get(name), other.get(name)
        if b is None or a == b or (was is not None and b == was):
            continue
        if a is None or (was is not None and a == was):
            if a is not None or was is None:
                done.files[name] = b
                done.taken[name] = 1
            continue
        if name in settings()["kept"]["lines"]:
            done.files[name] = joined_lines(a, b)
        elif name.lower().endswith(tuple(settings()["kept"]["suffixes"])):
            if was is None and not complete:
                done.without_base.append(name)
            made = join(name, was, a, b)
            done.conflicts.extend((name, one) for one in made.conflicts)
            if made.data != a:
                done.files[name], done.taken[name] = made.data, made.taken
        else:
            done.conflicts.append((name, _whole(name)))
    return done


def _whole(name: str) -> Conflict:
    from macros.history.merging import Conflict

    return Conflict("", "", "", "", "", name, name, "file")


def _copy(ours: Path, folder: Path) -> None:
    """Copy the register with all it remembers, so that the result goes on from there; seen only when complete."""
    beside = folder.parent / f".~{folder.name}.{os.getpid()}"
    marks = shutil.ignore_patterns("~$*", ".~*")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(ours, beside, ignore=marks)
        if folder.is_dir():
            folder.rmdir()
        beside.replace(folder)
    except OSError as error:
        raise refuse("WBK035", folder.name, reason=reason(error)) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _bring(folder: Path, done: Outcome, theirs: Path, at: Any, mine: Mapping[str, bytes]) -> None:
    """Put the merged files in place: after a copy of what is there, all of them or to be finished by 恢复.

    Raises:
        Refused: what was merged is no longer what stands there (WBK033), and nothing was written.
    """
    why = f"{settings()['words']['merge']} {theirs.name}"
    with held(folder):
        check_whole(folder)
        memory = opened(folder, at)
        memory.look()
        for name in done.files:
            now = memory.heads.files[name].version.sha256 if (folder / name).exists() else ""
            if now != (hashlib.sha256(mine[name]).hexdigest() if name in mine else ""):
                raise refuse("WBK033", name)
        memory.snapshot(word("before", why=why), automatic=True)
        versions = memory.store.put(done.files.items())
        restoring.apply(memory, restoring.Plan(why, why, versions))
        memory.tidy()


def _findings(done: Outcome) -> list[Finding]:
    found: list[Finding] = []
    if done.without_base:
        found.append(finding("HIS021", value="、".join(done.without_base)))
    if done.conflicts:
        found.append(finding("HIS020", count=len(done.conflicts), value=settings()["conflicts"]["file"]))
    return found


def _sheet() -> dict[str, Any]:
    sheet: dict[str, Any] = settings()["conflicts"]["sheet"][0]
    return sheet


def _rows(conflicts: list[tuple[str, Conflict]]) -> list[list[Cell]]:
    words = settings()["conflicts"]
    return [
        [
            name, one.sheet, one.cell, one.key.partition("\x1f")[0], one.field, one.base, one.ours, one.theirs,
            words["why"][one.why], words["cure"][one.why],
        ] for name, one in conflicts
    ]


def _json(name: str, one: Conflict) -> dict[str, str]:
    told = {key: value for key, value in one._asdict().items() if key != "why"}
    return {"workbook": name, **told, "code": one.why, "why": settings()["conflicts"]["why"][one.why]}


def _lines(done: Outcome, dry_run: bool, folder: Path) -> list[str]:
    written = f"合并结果在“{folder}”，合并前的内容已留存于“{home(folder).name}”。"
    lines = ["试合并，没有写入。" if dry_run else written]
    lines += [f"  {name}：取对方 {done.taken.get(name, 0)} 处" for name in sorted(done.files)]
    if not done.files:
        lines.append("  对方没有我方所无的修改。")
    why = settings()["conflicts"]["why"]
    most = settings()["trail"]["shown"]
    for name, one in done.conflicts[:most]:
        where = " ".join(part for part in (one.sheet, one.cell, one.key.partition("\x1f")[0]) if part)
        field = f" “{one.field}”" if one.field else ""
        values = f"起点 {one.base or '空'}，我方 {one.ours or '空'}，对方 {one.theirs or '空'}"
        lines.append(f"  冲突 《{name}》{where}{field}：{why[one.why]}；{values}")
    return lines
