"""One register's memory: what is known of its files, brought up to date, copied and written down.

Whoever holds one holds the register's lock (`macros.history.keeping`).
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from macros.beside import machine
from macros.history import actor, heads, snapshots, trail
from macros.history.events import outside, saved
from macros.history.heads import Former, Head
from macros.history.privacy import load as mask_of
from macros.history.settings import is_book, kept_files, settings, word
from macros.history.snapshots import Snapshot
from macros.history.store import Store, Version
from macros.hosts import Refused

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

_NANO = 1_000_000_000


class Memory:
    """One register's memory while this process holds its lock."""

    def __init__(self, folder: Path, at: dt.datetime) -> None:
        self.folder, self.at = folder, at
        self.store, self.heads = Store(folder), heads.load(folder)
        self.mask = mask_of(folder)
        self.events: list[dict[str, Any]] = []

    def look(self, why: str = "", only: Iterable[str] | None = None, *, anew: bool = False) -> list[str]:
        """Take note of every file that is not as last known; the names of those that changed.

        Args:
            why: what this program did to them; what others did where nothing is given.
            only: the files to look at, all kept ones where not given.
            anew: read them even where time and size say that they are as last known.
        """
        contents: dict[str, bytes] = {}
        times: dict[str, int] = {}
        for name in kept_files(self.folder) if only is None else only:
            head = self.heads.files.get(name)
            with suppress(OSError):
                stat = (self.folder / name).stat()
                if why or anew or head is None or not _settled(head, stat.st_mtime_ns, stat.st_size):
                    contents[name], times[name] = (self.folder / name).read_bytes(), stat.st_mtime_ns
        versions = self.store.put(contents.items())
        first = {name: version for name, version in versions.items() if name not in self.heads.files}
        for name, version in first.items():
            self.heads.files[name] = Head(version, times[name], time.time_ns())
        if first:
            self.tell("first", why, files={name: version.sha256 for name, version in first.items()})
        later = [name for name in versions if name not in first]
        return [name for name in later if self._changed(name, versions[name], contents[name], times[name], why)]

    def _changed(self, name: str, version: Version, data: bytes, mtime: int, why: str) -> bool:
        """Take note of a file's version; whether it is another than the last known one."""
        head = self.heads.files[name]
        head.mtime, head.seen = mtime, time.time_ns()
        if head.version.sha256 == version.sha256:
            return False
        before = head.version
        if is_book(name):
            told = (saved if why else outside)(self.store, name, head, data, self.mask)
            tables = told.pop("prints", None)
            heads.replaced(head, version, Former(before, self._moment(), actor.who(), why or word("outside")))
            head.tables = tables
            kind = "saved" if why else "outside"
            self.tell(kind, why or word("outside"), file=name, before=before.sha256, after=version.sha256, **told)
        else:
            head.version = version
        return True

    def _moment(self) -> str:
        return self.at.isoformat(" ")

    def snapshot(self, why: str, note: str = "", *, automatic: bool) -> Snapshot:
        """Make a copy of the register as last looked at."""
        known = snapshots.listed(self.folder)
        present = [name for name in kept_files(self.folder) if name in self.heads.files]
        self.look(only=[name for name in present if not self.store.sound(self.heads.files[name].version)], anew=True)
        files = {name: self.heads.files[name].version for name in present}
        tables = {name: head.tables for name in present if (head := self.heads.files[name]).tables}
        self.flush()
        made = Snapshot(
            snapshots.new_name(known, self.at), known[-1].number + 1 if known else 1, self._moment(), actor.who(), why,
            note, automatic, actor.program(), actor.calendar(), self.heads.trail, files, tables,
        )
        # Told before it is there: a copy that nobody told of is one that somebody put there.
        self.tell("snapshot", why, name=made.name, sha256=made.sha256, files=len(files), note=note)
        self.flush()
        snapshots.write(self.folder, made)
        snapshots.prune(self.folder, [*known, made])
        return made

    def tell(self, kind: str, why: str, **told: Any) -> None:
        """Add something that happened to the trail; it is written by `flush`."""
        self.events.append({
            "at": self._moment(), "who": actor.who(), "host": machine(), "program": actor.program(),
            "event": kind, "why": why or actor.why(), **told,
        })

    def flush(self) -> None:
        """Write down what happened."""
        if self.events:
            self.heads.trail = trail.append(self.folder, self.events, self.heads.trail)
            self.events = []
        heads.save(self.folder, self.heads)

    def tidy(self) -> None:
        """Keep the store within its bounds."""
        if not self.store.crowded():
            return
        kept, known = settings()["ring"], snapshots.listed(self.folder)
        if snapshots.unread(self.folder, known):
            return  # what a list that cannot be read needs is not known
        with suppress(Refused, OSError):
            self.store.tidy(self._live(known))
            while self.store.bytes() > kept["bytes"] and self._let_go(known):
                known = snapshots.listed(self.folder)
                self.store.tidy(self._live(known))
        heads.save(self.folder, self.heads)

    def _live(self, known: Iterable[Snapshot]) -> list[Version]:
        return heads.versions(self.heads) + [version for one in known for version in one.files.values()]

    def _let_go(self, known: list[Snapshot]) -> bool:
        """Halve what is kept of former versions, then the automatic copies; whether there was anything to halve."""
        longest = max((len(head.ring) for head in self.heads.files.values()), default=0)
        if longest > 1:
            for head in self.heads.files.values():
                del head.ring[: -(longest // 2)]
            return True
        automatic = sum(one.automatic for one in known)
        if automatic > 1:
            snapshots.prune(self.folder, known, automatic // 2)
        return automatic > 1


def _settled(head: Head, mtime: int, size: int) -> bool:
    """Whether a file is surely as last known by its time and size, without reading it."""
    racy = settings()["wait"]["racy_seconds"] * _NANO
    return head.mtime == mtime and head.version.size == size and head.seen - head.mtime > racy
