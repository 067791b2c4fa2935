"""Targets that cannot be written: read-only, locked, open elsewhere, gone; the old file stays and one code is said.

Each case runs in a process of its own, without the rights of root, whom nothing is read-only for.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.proofs.disks import refusal
from benchmarks.proofs.registers import Victim, edit, forked, victim
from macros.hosts.locks import hold

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.proofs import Figures, Scale

_NOBODY = 65534


def read_only_file(path: Path) -> str:
    """The file may only be read."""
    path.chmod(0o444)
    return refusal(path)


def read_only_folder(path: Path) -> str:
    """Nothing may be made in the folder."""
    path.parent.chmod(0o555)
    try:
        return refusal(path)
    finally:
        path.parent.chmod(0o755)


def unreadable(path: Path) -> str:
    """Somebody else's file."""
    path.chmod(0)
    try:
        return refusal(path)
    finally:
        path.chmod(0o644)


def open_in_office(path: Path) -> str:
    """Excel or WPS left its owner file."""
    path.with_name(f"~${path.name}").write_bytes(b"")
    return refusal(path)


def open_in_libreoffice(path: Path) -> str:
    """LibreOffice left its owner file."""
    path.with_name(f".~lock.{path.name}#").write_bytes(b"")
    return refusal(path)


def being_written(path: Path) -> str:
    """Another program of ours holds the lock."""
    with hold(path):
        return refusal(path)


def gone(path: Path) -> str:
    """Deleted between reading and writing; only a copy is left to compare with."""
    from macros.hosts import Refused
    from macros.hosts.files import FileBook

    kept = path.read_bytes()
    book = FileBook(path)
    book.update(book.sheets()[0], {(2, 3): "改"})
    path.unlink()
    try:
        book.save()
    except Refused as refused:
        return refused.finding.code
    finally:
        made = path.exists()
        path.write_bytes(kept)
    return "written" if made else ""


def folder_in_its_place(path: Path) -> str:
    """A folder of the same name."""
    kept = path.read_bytes()
    path.unlink()
    path.mkdir()
    try:
        return refusal(path)
    finally:
        path.rmdir()
        path.write_bytes(kept)


def no_temporary_folder(path: Path) -> str:
    """The system's temporary folder is not there; saving does not need it."""
    tempfile.tempdir = str(path.parent / "none")
    edit(path)
    return "written"


CASES: dict[str, tuple[Callable[[Path], str], str]] = {
    "read-only file": (read_only_file, "WBK080"), "read-only folder": (read_only_folder, "WBK035"),
    "unreadable file": (unreadable, "WBK001"), "open in Excel": (open_in_office, "WBK032"),
    "open in LibreOffice": (open_in_libreoffice, "WBK032"), "being written": (being_written, "WBK031"),
    "gone": (gone, "WBK001"), "folder in its place": (folder_in_its_place, "WBK002"),
    "no temporary folder": (no_temporary_folder, "written"),
}


def measure(scale: Scale) -> Figures:
    """Every case; each must give its code and leave the file as it was."""
    told: dict[str, str] = {}
    wrong = 0
    with victim(40) as one:
        # A user without rights may not be able to read the program's own files: load what a refusal needs before.
        being_written(one.path)
        one.restore()
        for name, (case, expected) in CASES.items():
            code, state = alone(one, case)
            right = code == expected and state == ("new" if expected == "written" else "old")
            told[name] = code if right else f"{code or 'nothing'} instead of {expected}, {state}"
            wrong += not right
    return {"cases": told, "wrong": wrong, "held": not wrong}


def alone(one: Victim, case: Callable[[Path], str]) -> tuple[str, str]:
    """Run a case as a user without special rights; its code, and the file's state afterwards."""
    home = Path(tempfile.mkdtemp())
    answer = home / "answer"
    try:
        folder = home / "台账"
        folder.mkdir()
        path = Path(shutil.copyfile(one.blank, folder / "大表.xlsx"))
        answer.write_bytes(b"")
        if os.geteuid() == 0:
            for each in (home, folder, path, answer):
                os.chown(each, _NOBODY, _NOBODY)

        def work() -> None:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(_NOBODY)
                os.setuid(_NOBODY)
            answer.write_text(case(path), encoding="utf-8")

        os.waitpid(forked(work), 0)
        state = Victim(path, one.blank, one.old, one.new, 0).state()
        return answer.read_text(encoding="utf-8"), state
    finally:
        shutil.rmtree(home, ignore_errors=True)
