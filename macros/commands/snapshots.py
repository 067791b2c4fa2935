"""snapshot, restore: copies of the register, and the way back to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.commands import DONE, FOUND, Answer, lists
from macros.commands.folders import is_register
from macros.commands.times import moment
from macros.findings import finding
from macros.history import restoring
from macros.history.checking import doubles
from macros.history.compare import changes, fingerprints, is_current
from macros.history.events import shown
from macros.history.keeping import check_whole, held, opened
from macros.history.settings import is_book, settings, word
from macros.history.snapshots import find, former_versions, listed
from macros.hosts import Refused, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.findings import Finding
    from macros.history.memory import Memory
    from macros.history.snapshots import Snapshot
    from macros.history.store import Version


_MEGABYTE = 1_000_000


def check_register(folder: Path) -> None:
    """Make sure a folder is a register.

    Raises:
        Refused: it holds none of the workbooks (CMD001).
    """
    if not is_register(folder):
        raise refuse("CMD001", value=str(folder))


def snapshot(folder: Path, note: str = "", listed: bool = False, now: str | None = None) -> Answer:
    """Keep a copy of the register as it is, or list the copies there are."""
    check_register(folder)
    if listed:
        return _list(folder)
    with held(folder):
        check_whole(folder)
        memory = opened(folder, moment(now))
        memory.look()
        _print_all(memory)
        made = memory.snapshot(word("manual"), note, automatic=False)
        memory.flush()
        memory.tidy()
        size = memory.store.bytes()
    text = (
        f"已留存副本 {made.name}：{len(made.files)} 个文件，指纹 {made.fingerprint[:16]}。"
        f"全部副本共占 {size / _MEGABYTE:.1f} MB。"
    )
    findings = doubles(folder)
    data = {**_json(made), "store_bytes": size, "findings": [said.as_json() for said in findings]}
    return Answer(data, lists.whole([text], findings))


def _print_all(memory: Memory) -> None:
    """Work out the fingerprints of tables that are not known."""
    for name, head in memory.heads.files.items():
        if is_book(name) and (head.tables is None or not is_current(head.tables)):
            try:
                head.tables = fingerprints(name, memory.store.content(head.version))
            except Refused:
                continue  # a workbook that cannot be read is kept all the same


def _list(folder: Path) -> Answer:
    known, former = listed(folder), former_versions(folder)
    lines = [
        f"{one.name}  {one.at}  {one.who}  {one.why}{'：' + one.note if one.note else ''}  "
        f"{len(one.files)} 个文件  指纹 {one.fingerprint[:16]}" for one in known
    ]
    lines += [""] if lines and former else []
    lines += [f"{one.name}  至 {one.at} 为止  {one.who}  {one.why}" for one in former]
    data = {"snapshots": [_json(one) for one in known], "versions": [_json(one) for one in former]}
    return Answer(data, "\n".join(lines) or "还没有副本。")


def _json(one: Snapshot) -> dict[str, Any]:
    return {
        "name": one.name, "at": one.at, "who": one.who, "why": one.why, "note": one.note, "automatic": one.automatic,
        "program": one.program, "calendar": one.calendar, "fingerprint": one.fingerprint,
        "files": {name: version.sha256 for name, version in one.files.items()},
        "tables": {name: dict(tables) for name, tables in one.tables.items()},
    }


def restore(
    folder: Path, name: str = "", only: Sequence[str] = (), dry_run: bool = False, now: str | None = None,
) -> Answer:
    """Go back to a copy, after keeping what is there now; one that was broken off is finished first.

    With ``dry_run`` the cells that would change are listed and nothing is written.
    """
    check_register(folder)
    with held(folder):
        memory = opened(folder, moment(now))
        left = restoring.pending(folder)
        if left and not dry_run:
            restoring.resume(memory)
            if not name:
                return Answer({"resumed": left.name}, f"已从中断处恢复到副本 {left.name}。")
        wanted = find(folder, name)
        files = _chosen(wanted, only)
        if dry_run:
            return _would_change(memory, wanted, files)
        why = settings()["words"]["restore"]
        memory.look()
        before = memory.snapshot(word("before", why=why), automatic=True)
        changed = restoring.apply(memory, restoring.Plan(wanted.name, f"{why} {wanted.name}", files))
        whole = not only and "@" not in wanted.name
        newer = [file for file in before.files if file not in wanted.files] if whole else []
        memory.tidy()
    findings = [finding("HIS024", value="、".join(newer))] if newer else []
    return Answer(
        {
            "snapshot": wanted.name, "before": before.name, "changed": changed,
            "findings": [said.as_json() for said in findings],
        },
        lists.whole(_restored(wanted, before, changed), findings),
    )


def _restored(wanted: Snapshot, before: Snapshot, changed: Sequence[str]) -> list[str]:
    what = f"恢复 {len(changed)} 个文件：{'、'.join(changed)}" if changed else "台账本来就与它相同"
    return [
        f"已恢复到副本 {wanted.name}（{wanted.at} {wanted.why}）：{what}。",
        f"恢复前的内容已留存为 {before.name}，需要时可再恢复回来。",
    ]


def _chosen(wanted: Snapshot, only: Sequence[str]) -> dict[str, Version]:
    """The files of a copy that were asked for, by their names with or without suffix.

    Raises:
        Refused: the copy has none of that name (HIS005).
    """
    if not only:
        return dict(wanted.files)
    found: dict[str, Version] = {}
    for asked in only:
        names = [name for name in wanted.files if asked in (name, name.rpartition(".")[0])]
        if not names:
            raise refuse("HIS005", name=wanted.name, value=asked)
        found |= {name: wanted.files[name] for name in names}
    return found


def _would_change(memory: Memory, wanted: Snapshot, files: Mapping[str, Version]) -> Answer:
    cells: list[list[str]] = []
    others: list[str] = []
    findings: list[Finding] = []
    for name, version in files.items():
        path = memory.folder / name
        present = path.read_bytes() if path.is_file() else b""
        there = memory.store.content(version)
        if present == there:
            continue
        if not is_book(name) or not present:
            others.append(name)
            continue
        try:
            found = changes(name, present, there).cells
        except Refused as refused:
            findings.append(finding("HIS015", workbook=name, value=refused.finding.message.rstrip("。")))
            others.append(name)
            continue
        cells += [[name, *shown(each, memory.mask)] for each in found]
        if not found:
            others.append(name)
    most = settings()["trail"]["shown"]
    lines = [f"恢复到副本 {wanted.name} 会改 {len(cells)} 个单元格，另有 {len(others)} 个文件整个换回；没有写入。"]
    lines += [f"  {told(cell)}" for cell in cells[:most]]
    lines += [f"  ……另有 {len(cells) - most} 个单元格"] if len(cells) > most else []
    lines += [f"  {name}" for name in others]
    names = ("workbook", "sheet", "key", "cell", "field", "old", "new", "kind")
    data = {
        "snapshot": wanted.name, "cells": [dict(zip(names, cell, strict=True)) for cell in cells], "files": others,
        "findings": [said.as_json() for said in findings],
    }
    return Answer(data, "\n".join(lines), FOUND if findings else DONE)


def told(cell: Sequence[str]) -> str:
    """One change of a cell as a line: workbook, sheet, key, cell, column, old, new, kind."""
    workbook, sheet, key, place, field, old, new, kind = cell
    mark = {"added": word("added"), "deleted": word("deleted")}.get(kind, "")
    return f"《{workbook.rpartition('.')[0]}》{sheet} {place} {key} “{field}”：{old or '空'} → {new or '空'}{mark}"
