"""Carries out steps and takes them back: everything put down is remembered, and only that is removed."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin import settings
from addin.install import libreoffice, wps
from addin.install.plan import NAMES, Enter, Put, Register, Step
from macros.findings import Finding, finding
from macros.hosts import reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.install.machine import Machine

_KEY = "installed"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing put down. ``kind`` is file, folder, entry (of a list of add-ins) or extension.

    ``path`` is a file's or folder's; ``mark`` is a file's sha256, an entry's name, an extension's identifier;
    ``new`` says of an entry that its list was made for it.
    """

    kind: str
    part: str
    path: str
    mark: str = ""
    new: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same thing in another version."""
        return self.kind, self.path


def remembered() -> list[Item]:
    """What was installed here, oldest first; an entry that no longer makes sense is passed over."""
    items = []
    for row in settings.load().get(_KEY, []):
        with suppress(TypeError):
            items.append(Item(**row))
    return items


def remember(items: Sequence[Item]) -> None:
    """Keep the list of what is installed; forget it when empty."""
    rows: list[dict[str, Any]] = [asdict(item) for item in items]
    settings.change(**{_KEY: rows or None})


def do(machine: Machine, steps: Sequence[Step]) -> tuple[list[Item], list[Finding]]:
    """Carry out the steps; one that fails does not keep the others from being done.

    Returns:
        What is now there (the folders made for it too), and what went wrong.
    """
    items: list[Item] = []
    findings: list[Finding] = []
    before = remembered()
    for step in steps:
        if not any(step.path.is_relative_to(root) for root in machine.roots):
            findings.append(finding("ADD205", path=step.path))
            continue
        try:
            items += _folders(step)
            if isinstance(step, Put):
                write(step.path, step.data)
                items.append(Item("file", step.part, str(step.path), sha256(step.data).hexdigest()))
            elif isinstance(step, Enter):
                items.append(_enter(step, before))
            elif problem := libreoffice.register(machine.unopkg, step.path):
                findings.append(problem)
            else:
                items.append(Item("extension", step.part, str(step.path), step.identifier))
        except wps.Unreadable as error:
            findings.append(finding("ADD210", path=step.path, reason=error))
        except OSError as error:
            findings.append(_hindered(step.part, step.path, error, machine.platform))
    return items, findings


def _folders(step: Step) -> list[Item]:
    if isinstance(step, Register):
        return []
    folder, missing = step.path.parent, []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    step.path.parent.mkdir(parents=True, exist_ok=True)
    return [Item("folder", step.part, str(one)) for one in reversed(missing)]


def _enter(step: Enter, before: Sequence[Item]) -> Item:
    there = step.path.exists()
    ours = any(item.new for item in before if item.kind == "entry" and item.path == str(step.path))
    text = _text(step.path) if there else ""
    write(step.path, wps.entered(text, step.name, step.element).encode("utf-8"))
    return Item("entry", step.part, str(step.path), step.name, new=ours or not there)


def undo(machine: Machine, items: Sequence[Item]) -> tuple[list[Item], list[Finding]]:
    """Take back what was put down, the newest first.

    Returns:
        What is still there because it could not be removed, and what went wrong.
    """
    kept: list[Item] = []
    findings: list[Finding] = []
    for item in [*_backwards(items, folders=False), *_backwards(items, folders=True)]:
        path = Path(item.path)
        try:
            if item.kind == "file":
                findings += _remove(path, item.mark)
            elif item.kind == "folder":
                with suppress(OSError):  # a folder that holds something of the user's stays
                    path.rmdir()
            elif item.kind == "entry":
                _take_out(path, item)
            elif machine.unopkg and (problem := libreoffice.unregister(machine.unopkg, item.mark)):
                kept.append(item)
                findings.append(problem)
        except wps.Unreadable as error:
            findings.append(finding("ADD210", path=path, reason=error))
        except OSError as error:
            kept.append(item)
            findings.append(_hindered(item.part, path, error, machine.platform))
    return kept[::-1], findings


def _backwards(items: Sequence[Item], *, folders: bool) -> list[Item]:
    return [item for item in reversed(items) if (item.kind == "folder") == folders]


def _remove(path: Path, mark: str) -> list[Finding]:
    if not path.exists():
        return []
    if sha256(path.read_bytes()).hexdigest() != mark:
        return [finding("ADD211", path=path)]
    path.unlink()
    return []


def _take_out(path: Path, item: Item) -> None:
    if not path.exists():
        return
    text = wps.without(_text(path), item.mark)
    if item.new and not wps.names(text):
        path.unlink()
    else:
        write(path, text.encode("utf-8"))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise wps.Unreadable("不是 UTF-8 编码") from error


def write(path: Path, data: bytes) -> None:
    """Write beside, flush to disk, take the place; a new file carries no mark of the web.

    Raises:
        OSError: it cannot be written; the old file is as it was and nothing is left behind, since Excel opens
            whatever lies in its start folder.
    """
    beside = path.with_name(f".~{path.name}.tmp")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _hindered(part: str, path: Path, error: OSError, platform: str) -> Finding:
    if isinstance(error, PermissionError) and platform == "win32":
        return finding("ADD203", path=path, program=NAMES[part])
    if isinstance(error, PermissionError) and platform == "darwin":
        return finding("ADD204", path=path)
    return finding("ADD206", path=path, reason=reason(error))
