"""The last known state of a register: each workbook's version, its former ones, and where the trail ended.

It is kept for speed. Where it is missing or torn, the files are looked at anew and the trail counts.
"""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from macros.beside import beside
from macros.history import notes
from macros.history.settings import is_kept, place, settings
from macros.history.store import Version, version
from macros.history.trail import End
from macros.history.trail import noted as trail_end
from macros.hosts import reason, refuse

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True)
class Former:
    """A former version of a workbook: until when it stood, who replaced it, and with what."""

    version: Version
    until: str
    who: str
    why: str


@dataclass(slots=True)
class Head:
    """A file as last known. ``seen`` is the time the file was looked at, ``mtime`` its own, both in nanoseconds.

    ``tables`` holds the fingerprint of each sheet where it was worked out for this version.
    """

    version: Version
    mtime: int
    seen: int
    ring: list[Former] = field(default_factory=list)
    tables: dict[str, str] | None = None


@dataclass(slots=True)
class Heads:
    """Every file as last known, and the trail's end."""

    files: dict[str, Head] = field(default_factory=dict)
    trail: End = field(default_factory=End)


def load(folder: Path) -> Heads:
    """The state as last written; an empty one where there is none whole.

    Raises:
        Refused: it is there and cannot be read just now (HIS027): taken for an empty one it would be overwritten.
    """
    try:
        note = place(folder, "heads").read_bytes()
    except FileNotFoundError:
        return Heads()
    except OSError as error:
        raise refuse("HIS027", value=place(folder, "heads").name, reason=reason(error)) from error
    with suppress(*notes.WRONG):
        raw = notes.parsed(note)
        files = {name: _head(told) for name, told in raw["files"].items() if is_kept(name)}
        return Heads(files, trail_end(raw["trail"]))
    return Heads()


def _head(raw: dict[str, Any]) -> Head:
    ring = [
        Former(version(told["version"]), notes.text(told["until"]), notes.text(told["who"]), notes.text(told["why"]))
        for told in raw["ring"]
    ]
    tables = None if raw["tables"] is None else notes.prints(raw["tables"])
    return Head(version(raw["version"]), notes.count(raw["mtime"]), notes.count(raw["seen"]), ring, tables)


def save(folder: Path, heads: Heads) -> None:
    """Write the state, whole or not at all; not flushed to disk, since what a power cut takes of it is found anew.

    Raises:
        OSError: it cannot be written.
    """
    raw = {
        "trail": heads.trail,
        "files": {
            name: {
                "version": head.version, "mtime": head.mtime, "seen": head.seen, "tables": head.tables,
                "ring": [
                    {"version": one.version, "until": one.until, "who": one.who, "why": one.why} for one in head.ring
                ],
            } for name, head in heads.files.items()
        },
    }
    path = place(folder, "heads")
    handle, made = beside(path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode())
        made.chmod(stat.S_IMODE(path.parent.stat().st_mode) & 0o666)
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)


def replaced(head: Head, version: Version, former: Former) -> None:
    """Note that a file has a new version; the oldest of too many former ones is let go."""
    if version.sha256 == head.version.sha256:
        return
    head.ring.append(former)
    del head.ring[: -settings()["ring"]["versions"]]
    head.version, head.tables = version, None


def versions(heads: Heads) -> list[Version]:
    """Every version the state needs."""
    return [version for head in heads.files.values() for version in (head.version, *(one.version for one in head.ring))]
