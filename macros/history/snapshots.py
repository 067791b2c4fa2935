"""Copies of the whole register: which files, in which versions, by whom, when and why."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.history import heads, notes
from macros.history.settings import place, settings
from macros.history.store import versions
from macros.history.trail import End, noted
from macros.hosts import refuse
from macros.hosts.saving import replace_bytes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.history.store import Version


class Snapshot(NamedTuple):
    """A copy of the register.

    ``automatic`` ones are let go when there are many; ``tables`` holds the fingerprints of each workbook's sheets
    where they were worked out; ``trail`` is how far the trail went.
    """

    name: str
    number: int
    at: str
    who: str
    why: str
    note: str
    automatic: bool
    program: str
    calendar: str
    trail: End
    files: Mapping[str, Version]
    tables: Mapping[str, Mapping[str, str]]

    @property
    def fingerprint(self) -> str:
        """What tells one state of the register from another: of every file's name and content."""
        return fingerprint(self.files)

    @property
    def data(self) -> bytes:
        """The list as it is written."""
        return json.dumps(self._asdict(), ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def sha256(self) -> str:
        """What the trail knows the list by."""
        return hashlib.sha256(self.data).hexdigest()


def fingerprint(files: Mapping[str, Version]) -> str:
    """The fingerprint of files in these versions."""
    told = [[name, files[name].sha256] for name in sorted(files)]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def listed(folder: Path) -> list[Snapshot]:
    """Every copy of a register that can be read, oldest first."""
    found: list[Snapshot] = []
    home = place(folder, "snapshots")
    for path in home.glob("*.json") if home.is_dir() else ():
        with suppress(*notes.WRONG):
            made = _read(notes.parsed(path.read_text(encoding="utf-8")))
            if made.name == path.stem:  # a list that calls itself something else leads to another file
                found.append(made)
    return sorted(found, key=lambda one: one.number)


def unread(folder: Path, known: Sequence[Snapshot]) -> list[str]:
    """The names of lists that are there and cannot be read: damaged, or not whole yet where a sync brings them."""
    names = {one.name for one in known}
    home = place(folder, "snapshots")
    return sorted(path.stem for path in home.glob("*.json") if path.stem not in names) if home.is_dir() else []


def _read(raw: dict[str, Any]) -> Snapshot:
    words = {name: notes.text(raw[name]) for name in ("name", "at", "who", "why", "note", "program", "calendar")}
    tables = {name: notes.prints(told) for name, told in raw["tables"].items()}
    return Snapshot(**{
        **raw, **words, "number": notes.count(raw["number"]), "automatic": bool(raw["automatic"]),
        "trail": noted(raw["trail"]), "files": versions(raw["files"]), "tables": tables,
    })


def former_versions(folder: Path) -> list[Snapshot]:
    """The former versions of single workbooks as copies of one file each: 客户台账@1 is the latest of that one."""
    found: list[Snapshot] = []
    for file, head in sorted(heads.load(folder).files.items()):
        for number, one in enumerate(reversed(head.ring), 1):
            name = f"{file.rpartition('.')[0]}@{number}"
            found.append(Snapshot(
                name, number, one.until, one.who, one.why, "", True, "", "", End(), {file: one.version}, {}
            ))
    return found


def find(folder: Path, name: str) -> Snapshot:
    """The copy of that name, or a former version of one workbook; the latest copy where no name is given.

    Raises:
        Refused: there is none of that name (HIS004), or none at all (HIS006).
    """
    known = listed(folder)
    if not name:
        if not known:
            raise refuse("HIS006")
        return known[-1]
    if "@" in name:
        known += former_versions(folder)
    for one in known:
        if one.name == name:
            return one
    raise refuse("HIS004", value=name)


def new_name(known: Sequence[Snapshot], at: dt.datetime) -> str:
    """A name that tells the moment and that no other copy has."""
    name = f"{at:%Y%m%d-%H%M%S}"
    names = {one.name for one in known}
    return next(one for n in range(1, len(names) + 2) if (one := name if n == 1 else f"{name}-{n}") not in names)


def write(folder: Path, snapshot: Snapshot) -> None:
    """Put a copy's list in place; its content is in the store already.

    Raises:
        Refused: it cannot be written.
    """
    replace_bytes(place(folder, "snapshots") / f"{snapshot.name}.json", snapshot.data)


def prune(folder: Path, known: Sequence[Snapshot], most: int | None = None) -> list[Snapshot]:
    """Let the oldest automatic copies go where there are too many; those that stay."""
    automatic = [one for one in known if one.automatic]
    allowed = settings()["ring"]["automatic"] if most is None else most
    gone = {one.name for one in automatic[: max(0, len(automatic) - allowed)]}
    for name in gone:
        with suppress(OSError):
            (place(folder, "snapshots") / f"{name}.json").unlink()
    return [one for one in known if one.name not in gone]
