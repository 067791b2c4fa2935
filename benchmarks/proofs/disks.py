"""A disk that is full at so many levels: the old file stays to the byte, nothing is left behind, one code is said.

Where a disk of memory may be mounted the real thing is used, else the size of files is limited instead.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.proofs.registers import Victim, edit, sha256, victim
from macros.hosts import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.proofs import Figures, Scale

ROWS = 400
_PAGE = 4096


def measure(scale: Scale) -> Figures:
    """Save at each level from no room at all to more than enough."""
    sums, codes = Counter[str](), Counter[str]()
    with victim(ROWS) as one:
        need = one.path.stat().st_size * 3
        with disk(need + one.path.stat().st_size + (1 << 20)) as place:
            for level in range(scale.count):
                room = need * level // max(1, scale.count - 1)
                state, code = on_disk(one, place, room) if place else limited(one, room)
                sums[state] += 1
                if code:
                    codes[code] += 1
    return {
        "levels": scale.count, "way": "small disk" if place else "limit of file size", "refused": sums["old"],
        "written": sums["new"], "lost": sums["lost"], "strays": sums["strays"], "codes": dict(codes),
        "held": not sums["lost"] + sums["strays"] and set(codes) <= {"WBK035"} and sums["old"] > 0 < sums["new"],
    }


@contextmanager
def disk(size: int) -> Iterator[Path | None]:
    """A disk of so many bytes, where one may be mounted."""
    with tempfile.TemporaryDirectory() as home:
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "towerdesk-proof", home], capture_output=True, check=False,
        ) if shutil.which("mount") and os.geteuid() == 0 else None
        if made is None or made.returncode:
            yield None
            return
        try:
            yield Path(home)
        finally:
            subprocess.run(["umount", home], check=True)


def on_disk(one: Victim, place: Path, room: int) -> tuple[str, str]:
    """Save on the disk with so many bytes left."""
    for left in place.iterdir():
        left.unlink()
    path = Path(shutil.copyfile(one.blank, place / "大表.xlsx"))
    free = os.statvfs(place)
    ballast = max(0, free.f_bavail * free.f_bsize - room) // _PAGE * _PAGE
    with (place / "ballast").open("wb") as file:
        if ballast:
            os.posix_fallocate(file.fileno(), 0, ballast)
    code = refusal(path)
    names = {each.name for each in place.iterdir()}
    if names - {"大表.xlsx", "ballast"}:
        return "strays", code
    return {one.old: "old", one.new: "new"}.get(sha256(path), "lost"), code


def limited(one: Victim, room: int) -> tuple[str, str]:
    """Save where no file may have more than so many bytes."""
    one.restore()
    before, heard = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        code = refusal(one.path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)
    return ("strays" if one.strays() else one.state()), code


def refusal(path: Path) -> str:
    """The code the edit is refused with; empty where it is made."""
    try:
        edit(path)
    except Refused as refused:
        return refused.finding.code
    return ""
