"""Finds what two edited copies of a register were made from: for each file the latest version that both remember."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from macros.history import heads, snapshots
from macros.history.settings import kept_files
from macros.history.store import Store
from macros.hosts import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from macros.history.store import Version

#: After every moment: a version that stands now.
_NOW = "9"


def contents(folder: Path) -> dict[str, bytes]:
    """Every kept file of a folder as it stands.

    Raises:
        OSError: one cannot be read.
    """
    return {name: (folder / name).read_bytes() for name in kept_files(folder)}


def common(ours: Path, theirs: Path, mine: Mapping[str, bytes], other: Mapping[str, bytes]) -> dict[str, bytes]:
    """The latest version of each file that both registers remember, in the order ours had them.

    Args:
        ours: one register.
        theirs: the other.
        mine: the first one's files as they stand.
        other: the second one's.
    """
    found: dict[str, bytes] = {}
    past, others = _remembered(ours), _remembered(theirs)
    stores = Store(ours), Store(theirs)
    for name in mine.keys() & other.keys():
        now, there = (hashlib.sha256(data[name]).hexdigest() for data in (mine, other))
        seen = {there, *others.get(name, {})}
        known: list[tuple[str, str]] = [(_NOW, now), *((at, sha) for sha, (at, _) in past.get(name, {}).items())]
        for _, sha in sorted((one for one in known if one[1] in seen), reverse=True):
            if sha in (now, there):
                found[name] = mine[name] if sha == now else other[name]
                break
            versions = [(stores[0], past.get(name, {}).get(sha)), (stores[1], others.get(name, {}).get(sha))]
            data = _read(versions)
            if data is not None:
                found[name] = data
                break
    return found


def _read(versions: list[tuple[Store, tuple[str, Version] | None]]) -> bytes | None:
    for store, told in versions:
        if told is not None:
            with suppress(Refused):
                return store.content(told[1])
    return None


def _remembered(folder: Path) -> dict[str, dict[str, tuple[str, Version]]]:
    """Each file's versions that a register remembers, by SHA-256, with the latest moment each stood as far as known."""
    found: dict[str, dict[str, tuple[str, Version]]] = {}

    def note(name: str, at: str, version: Version) -> None:
        held = found.setdefault(name, {})
        if version.sha256 not in held or held[version.sha256][0] < at:
            held[version.sha256] = (at, version)

    for one in snapshots.listed(folder):
        for name, version in one.files.items():
            note(name, one.at, version)
    for name, head in heads.load(folder).files.items():
        for former in head.ring:
            note(name, former.until, former.version)
        note(name, _NOW, head.version)
    return found
