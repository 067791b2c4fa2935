"""Around each saving of a register: what others changed before, the copy, the save itself, the trail.

One program at a time works on a register within `keeping`. A register whose folder cannot keep anything is saved all
the same, and that it left no trail is said.
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from macros.findings import finding
from macros.forms import workbooks
from macros.history import actor, notes
from macros.history.memory import Memory
from macros.history.restoring import pending
from macros.history.settings import home, is_book, kept_files, place, settings, word
from macros.hosts import Refused, reason, refuse
from macros.hosts.locks import hold
from macros.hosts.strays import clear

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Generator, Iterator
    from pathlib import Path

    from macros.findings import Finding


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a register's lock; who waits for it, waits longer than for a single workbook.

    Raises:
        Refused: another program holds it (WBK031), or the register keeps nothing (WBK035); within the block, what
            the system would not write.
    """
    target = home(folder)
    try:
        target.mkdir(exist_ok=True)
    except OSError as error:
        raise refuse("WBK035", target.name, reason=reason(error)) from error
    until = time.monotonic() + settings()["wait"]["seconds"]
    while True:
        with hold_or_wait(target / "台账", until) as got:
            if got:
                try:
                    yield
                except OSError as error:
                    raise refuse("WBK035", target.name, reason=reason(error)) from error
                return


@contextmanager
def hold_or_wait(target: Path, until: float) -> Generator[bool, None, None]:
    """Hold a lock; gives False where another holds it and there is time left to try again."""
    holder = hold(target)
    try:
        holder.__enter__()
    except Refused as refused:
        if refused.finding.code != "WBK031" or time.monotonic() > until:
            raise
        yield False
        return
    try:
        yield True
    finally:
        holder.__exit__(None, None, None)


@contextmanager
def keeping(
    folder: Path, files: Collection[str], at: dt.datetime, said: list[Finding], *, rows: int
) -> Iterator[None]:
    """Around the saving of workbooks.

    Args:
        folder: the register.
        files: the workbooks that are about to be saved.
        at: the moment it is.
        said: gains what could not be kept.
        rows: how many rows are about to be written; many are preceded by a copy of the register.

    Raises:
        Refused: a restoring was broken off (HIS001), or another program is at work on the register (WBK031).
    """
    try:
        holder = held(folder)
        holder.__enter__()
    except Refused as refused:
        if refused.finding.code == "WBK031":
            raise
        yield
        said.append(_untold(refused))
        return
    try:
        check_whole(folder)
        memory, why = _begun(folder, files, at, rows, said), actor.why()
        yield
        if memory:
            _ended(memory, files, why, said)
    finally:
        holder.__exit__(None, None, None)


def check_whole(folder: Path) -> None:
    """Make sure no restoring was broken off.

    Raises:
        Refused: one was (HIS001).
    """
    plan, file = pending(folder), place(folder, "plan")
    if plan is not None or file.exists():
        raise refuse("HIS001", value=plan.name if plan else file.name)


def opened(folder: Path, at: dt.datetime) -> Memory:
    """The memory of a register whose lock is held: strays cleared, everything others did since taken note of.

    Raises:
        Refused: it cannot be written.
        OSError: the same.
    """
    for each in (folder, home(folder), place(folder, "packs"), place(folder, "snapshots")):
        clear(each, settings()["wait"]["stray_seconds"])
    memory = Memory(folder, at)
    _resume(memory)
    memory.look(only=[name for name in kept_files(folder) if is_book(name)])
    return memory


def _begun(folder: Path, files: Collection[str], at: dt.datetime, rows: int, said: list[Finding]) -> Memory | None:
    try:
        memory = opened(folder, at)
        if rows >= settings()["ring"]["batch_rows"]:
            memory.look()
            memory.snapshot(word("before", why=actor.why()), automatic=True)
        if memory.events:
            memory.flush()
        intent = {"files": list(files), "why": actor.why(), "who": actor.who()}
        with notes.opened(place(folder, "intent"), "wb") as file:
            file.write(json.dumps(intent, ensure_ascii=False).encode())
    except (Refused, OSError) as error:
        said.append(_untold(error))
        return None
    return memory


def _ended(memory: Memory, files: Collection[str], why: str, said: list[Finding]) -> None:
    try:
        memory.look(why, files)
        memory.flush()
        memory.tidy()
        with suppress(OSError):
            place(memory.folder, "intent").unlink(missing_ok=True)
    except (Refused, OSError) as error:
        said.append(_untold(error))


def _resume(memory: Memory) -> None:
    """Tell what a program did that was ended before it could: its work is not somebody else's."""
    intent = place(memory.folder, "intent")
    try:
        raw = notes.parsed(intent.read_text(encoding="utf-8"))
        names, why = [name for name in raw["files"] if name in workbooks()], notes.text(raw["why"])
    except FileNotFoundError:
        return
    except notes.WRONG:
        names, why = [], ""
    memory.look(f"{why}（{word('interrupted')}）", [name for name in names if (memory.folder / name).is_file()])
    memory.flush()
    intent.unlink(missing_ok=True)


def _untold(error: Exception) -> Finding:
    if isinstance(error, Refused):
        if error.finding.code.startswith("HIS"):
            return error.finding
        return finding("HIS002", value=error.finding.message.rstrip("。"))
    return finding("HIS002", value=reason(error) if isinstance(error, OSError) else str(error))

