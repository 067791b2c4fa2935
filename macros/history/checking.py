"""Verifies a register against what is known of it: the trail's chain, the copies, and every closed workbook's cells."""

from __future__ import annotations

import datetime as dt
import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from macros.findings import finding
from macros.forms import workbooks
from macros.history import heads, snapshots, trail
from macros.history.compare import changes
from macros.history.events import by, shown
from macros.history.privacy import load as mask_of
from macros.history.settings import is_book, kept_files, place, settings
from macros.history.store import Store
from macros.hosts import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from macros.findings import Finding
    from macros.history.heads import Head


def verify(folder: Path) -> list[Finding]:
    """Everything that does not agree. Nothing is written but the register's secret where it had none.

    Raises:
        Refused: the trail cannot be read.
    """
    known, copies = heads.load(folder), snapshots.listed(folder)
    words = settings()["breaks"]
    told = {event["name"]: event["sha256"] for event in trail.read(folder) if event.get("event") == "snapshot"}
    found = [
        finding("HIS010", line=each.line, why=words[each.why])
        for each in trail.verify(folder, [known.trail, *(one.trail for one in copies)])
    ]
    for one in copies:
        with suppress(OSError):
            data = (place(folder, "snapshots") / f"{one.name}.json").read_bytes()
            if told.get(one.name) != hashlib.sha256(data).hexdigest():
                found.append(finding("HIS016", value=one.name))
    found += [finding("HIS016", value=name) for name in snapshots.unread(folder, copies)]
    store = Store(folder)
    damaged = set(store.damaged())
    found += [finding("HIS003", value=name[:16]) for name in sorted(damaged)]
    for name, head in known.files.items():
        if is_book(name):
            found += _file(folder, name, head, store)
    return found + doubles(folder)


def doubles(folder: Path) -> list[Finding]:
    """Workbooks that look like second copies of the register's own, as a sync or a careful user leaves them."""
    books = {name.rpartition(".")[0]: name for name in workbooks()}
    marks = tuple(settings()["kept"]["double"])
    return [
        finding("HIS026", value=name, book=stem)
        for name in kept_files(folder) for stem in books
        if name not in workbooks() and name.startswith(stem) and name[len(stem) :].startswith(marks)
    ]


def _moment(nanoseconds: int) -> str:
    at = dt.datetime.fromtimestamp(nanoseconds // 1_000_000_000, dt.timezone(dt.timedelta(hours=8)))
    return at.replace(tzinfo=None).isoformat(" ")


def _file(folder: Path, name: str, head: Head, store: Store) -> Iterator[Finding]:
    path = folder / name
    try:
        data, mtime = path.read_bytes(), path.stat().st_mtime_ns
    except OSError:
        yield finding("HIS013", workbook=name, value=_moment(head.seen))
        return
    if hashlib.sha256(data).hexdigest() == head.version.sha256:
        return
    if mtime == head.mtime:
        yield finding("HIS012", workbook=name)
    mask, who = mask_of(folder), by(name, data)
    try:
        found = changes(name, store.content(head.version), data, ours=True)
    except Refused as refused:
        yield finding("HIS015", workbook=name, value=refused.finding.message.rstrip("。"))
        return
    if not found.cells:
        yield finding("HIS014", workbook=name)
    author = who.get("by") or settings()["words"]["unknown"]
    for each in found.cells:
        sheet, key, cell, field, old, new, _ = shown(each, mask)
        yield finding(
            "HIS011", workbook=name, sheet=sheet, cell=cell, key=key, field=field, value=new, old=old or "空",
            new=new or "空", by=author, modified=who.get("modified", ""),
        )


