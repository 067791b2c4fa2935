"""Puts files of a register back to versions that are kept: all of them or, if broken off, on from where it was.

The plan is on disk before the first file is touched. Each file is replaced whole or not at all, so whoever finds a
plan only has to do what it says: files that are done already are done.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from macros.history import notes
from macros.history.settings import is_book, place
from macros.history.store import versions
from macros.hosts import reason, refuse
from macros.hosts.locks import check_closed
from macros.hosts.saving import replace_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from macros.history.memory import Memory
    from macros.history.store import Version


class Plan(NamedTuple):
    """What is being put back: the copy's name or other words for it, why, and the versions by file."""

    name: str
    why: str
    files: Mapping[str, Version]


def pending(folder: Path) -> Plan | None:
    """The plan that was broken off, if any."""
    with suppress(*notes.WRONG):
        raw = notes.parsed(place(folder, "plan").read_text(encoding="utf-8"))
        return Plan(notes.text(raw["name"]), notes.text(raw["why"]), versions(raw["files"]))
    return None


def apply(memory: Memory, plan: Plan) -> list[str]:
    """Do what a plan says; the files that changed. The register's lock is held.

    Raises:
        Refused: a workbook is open (WBK032) or the store is damaged (HIS003), and nothing was touched; or a file
            cannot be written, and the plan stays for another try.
    """
    wanted = {name: version for name, version in plan.files.items() if not _is(memory.folder / name, version)}
    for name in wanted:
        parent = (memory.folder / name).parent
        if not parent.resolve().is_relative_to(memory.folder.resolve()):
            raise refuse("HIS025", name, value=parent.name)
        if (memory.folder / name).exists():
            check_closed((memory.folder / name).resolve())
    # Read before anything is touched: what is damaged in the store must not stop the work half-way.
    for version in wanted.values():
        memory.store.content(version)
    note = place(memory.folder, "plan")
    replace_bytes(note, json.dumps(plan._asdict(), ensure_ascii=False).encode())
    for name, version in wanted.items():
        path = memory.folder / name
        # A workbook that lies elsewhere stays there, as it does when it is saved.
        replace_bytes(path.resolve() if is_book(name) else path, memory.store.content(version))
    memory.look(plan.why, [name for name in wanted if is_book(name)])
    memory.look(only=[name for name in wanted if not is_book(name)])
    memory.tell("restored", plan.why, name=plan.name, files=sorted(wanted))
    memory.flush()
    try:
        note.unlink(missing_ok=True)
    except OSError as error:
        raise refuse("WBK035", note.name, reason=reason(error)) from error
    return sorted(wanted)


def _is(path: Path, version: Version) -> bool:
    import hashlib

    with suppress(OSError):
        data = path.read_bytes()
        return len(data) == version.size and hashlib.sha256(data).hexdigest() == version.sha256
    return False


def resume(memory: Memory) -> str:
    """Finish what was broken off; the name of the copy, empty where nothing was.

    Raises:
        Refused: as `apply`.
    """
    plan = pending(memory.folder)
    if plan is None:
        return ""
    apply(memory, plan)
    return plan.name

