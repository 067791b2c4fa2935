"""Gathers what an examination judges: the interpreter, the installed files, the register's place, the helper."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING

from addin.agent import state
from addin.install import apply
from addin.install.facts import Facts, Installed, Launch
from addin.install.gather_excel import attack_surface, excel
from addin.install.gather_office import office, wps
from addin.install.machine import EXCEL, OFFICE, WPS, from_store, registry
from macros.versions import program

if TYPE_CHECKING:
    from addin.install.apply import Item
    from addin.install.machine import Machine

#: Seconds the interpreter of launch.txt may take to introduce itself.
PATIENCE = 30
_INTRODUCE = (
    "import json, sys; told = {'version': list(sys.version_info[:3])}\n"
    "try:\n import addin.click; from importlib.metadata import version\n told['product'] = version('towerdesk')\n"
    "except Exception as error:\n told['fault'] = f'{type(error).__name__} {error}'\n"
    "print(json.dumps(told))"
)
#: Variables in which cloud drives leave the folders they keep in step.
_SYNCED = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")


def gather(machine: Machine, register: str = "") -> Facts:
    """Everything known of this machine; ``register`` is the folder or address of the register in use."""
    items = apply.remembered()
    read = registry()
    parts = frozenset(item.part for item in items)
    windows = machine.platform == "win32"
    launch, written_by = launched(machine)
    found = state.living()
    return Facts(
        machine.platform, machine.version, dt.datetime.now().astimezone().date(), sys.executable,
        from_store(sys.executable, sys.base_prefix) if windows else False,
        launch, written_by, tuple(look(item) for item in items if item.kind == "file"), parts, machine.found,
        register, _longest(register), synced(dict(os.environ)), attack_surface(read) if windows else "",
        excel(machine, read) if EXCEL in machine.found | parts and machine.platform in ("win32", "darwin") else None,
        office(machine, items) if OFFICE in machine.found | parts else None,
        wps(machine, items) if WPS in machine.found | parts else (),
        _age(found[0].version) if found else "", _installed("xlwings"), _decreed(),
    )


def launched(machine: Machine) -> tuple[Launch | None, str]:
    """The interpreter launch.txt names and the version that wrote it; None when there is no such file."""
    try:
        lines = (machine.own / "launch.txt").read_bytes().decode("utf-16").splitlines()
    except (OSError, UnicodeError):
        return None, ""
    path, written_by = (*lines, "", "")[:2]
    return (introduced(path, machine.own) if Path(path).is_file() else Launch(path, exists=False)), written_by


def introduced(path: str, folder: Path) -> Launch:
    """Let an interpreter say its version and which TowerDesk it imports, started as a click starts it."""
    shown = Path(path).with_name("python.exe") if path.lower().endswith("pythonw.exe") else Path(path)
    try:
        done = subprocess.run(
            [shown, "-P", "-X", "utf8", "-c", _INTRODUCE], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=PATIENCE, check=True, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        told = json.loads(done.stdout)
        return Launch(path, True, tuple(told["version"]), told.get("product", ""), told.get("fault", ""))
    except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
        return Launch(path, fault=f"不能启动（{type(error).__name__}）")


def look(item: Item) -> Installed:
    """An installed file as it is now."""
    path = Path(item.path)
    try:
        same = sha256(path.read_bytes()).hexdigest() == item.mark
    except OSError:
        return Installed(item.part, item.path, "gone")
    return Installed(item.part, item.path, "same" if same else "changed", zone(path))


def zone(path: Path) -> str:
    """A file's mark of the web: on Windows its ZoneId above the intranet, on macOS its quarantine."""
    if sys.platform == "win32":
        with suppress(OSError):
            lines = Path(f"{path}:Zone.Identifier").read_text(encoding="utf-8", errors="replace").splitlines()
            return next((line for line in lines if line.strip() in ("ZoneId=3", "ZoneId=4")), "")
    elif sys.platform == "darwin":
        with suppress(OSError, subprocess.SubprocessError):
            words = ["/usr/bin/xattr", "-p", "com.apple.quarantine", str(path)]
            return subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=True).stdout.strip()
    return ""


def synced(environment: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Folders a cloud drive keeps in step, each with the drive's name."""
    return tuple((environment[name], "OneDrive") for name in _SYNCED if environment.get(name))


def _longest(register: str) -> int:
    """The length of the longest path of a workbook in the register's folder."""
    folder = Path(register)
    if not register or "://" in register or not folder.is_dir():
        return 0
    return max((len(str(path.absolute())) for path in folder.glob("*.xls*")), default=0)


def _age(version: str) -> str:
    """The helper's version: this program's own where it runs the sources that lie here."""
    return installed("towerdesk") if version == program() else version or "？"


def _installed(name: str) -> str:
    try:
        return installed(name)
    except PackageNotFoundError:
        return ""


def _decreed() -> dt.date:
    from macros.calendars import base

    return base().last_decreed
