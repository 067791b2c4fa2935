"""What is kept of a register and for how long, and the words of the trail: ``rules/history.toml``."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.data import toml
from macros.forms import workbooks

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Signs that no kept file's name has, and that lead elsewhere on some system.
_CLIMBING = frozenset("\\:\0")


@cache
def settings() -> dict[str, Any]:
    """The whole file by sections."""
    return toml(Path(__file__).parents[1] / "rules" / "history.toml")


def home(folder: Path) -> Path:
    """Where a register keeps its copies and its trail."""
    return folder / str(settings()["home"]["folder"])


def place(folder: Path, name: str) -> Path:
    """One of the files or folders of `home`, by its English name."""
    return home(folder) / str(settings()["home"][name])


def word(name: str, **details: object) -> str:
    """A word of the trail with its details filled in."""
    return str(settings()["words"][name]).format(**details)


def is_kept(name: str) -> bool:
    """Whether a name is one that a copy may hold: of a file in the register or one of the kept folders in it."""
    kept = settings()["kept"]
    first, slash, last = name.partition("/")
    if any(part.startswith(("~", ".")) for part in (first, last)) or _CLIMBING.intersection(name) or "/" in last:
        return False
    if slash:
        return first in kept["folders"] and Path(last).suffix.lower() in kept["folder_suffixes"]
    if any(fnmatchcase(name, pattern) for pattern in kept["derived"]):
        return False
    return Path(name).suffix.lower() in kept["suffixes"] or name in kept["files"]


def kept_files(folder: Path) -> Iterator[str]:
    """The files that a copy of the register holds, as paths within its folder with forward slashes, in order."""
    folders = settings()["kept"]["folders"]
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if _leads_out(path, folder):
            continue
        if path.is_dir() and path.name in folders:
            below = sorted(one for one in path.iterdir() if not _leads_out(one, folder))
            yield from (f"{path.name}/{one.name}" for one in below if is_kept(f"{path.name}/{one.name}"))
        elif is_kept(path.name) and path.is_file():
            yield path.name


def _leads_out(path: Path, folder: Path) -> bool:
    """Whether an entry is a link to what lies outside the register: the user's other files are not its memory's.

    The register's own workbooks may lie elsewhere, for they are read and shown wherever they lie.
    """
    if path.name in workbooks() or not (path.is_symlink() or path.is_dir()):
        return False
    return not path.resolve().is_relative_to(folder.resolve())


def is_book(file: str) -> bool:
    """Whether a kept file is one of the register's own workbooks, whose cells the trail tells of."""
    return file in workbooks()
