"""The steps an installation is made of, as data; nothing here touches the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from addin.install.machine import EXCEL, OFFICE, WPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from addin.install.machine import Machine

#: The steps every installation has, whatever programs it is for.
BASE = "base"
#: What the user calls the parts.
NAMES = {BASE: "塔务台", EXCEL: "Excel", WPS: "WPS 表格", OFFICE: "LibreOffice"}


@dataclass(frozen=True, slots=True)
class Goods:
    """What is to be installed, as bytes; a part that could not be made is missing.

    ``scripts`` are the AppleScripts by file name. ``wps`` are its files by path below the add-in folder, the
    list of add-ins (publish.xml) left out: ``entry`` is our element of that list and ``entry_name`` its name.
    ``extension`` is the identifier of the LibreOffice extension.
    """

    xlam: bytes = b""
    scripts: Mapping[str, bytes] | None = None
    oxt: bytes = b""
    extension: str = ""
    wps: Mapping[str, bytes] | None = None
    entry: str = ""
    entry_name: str = ""


@dataclass(frozen=True, slots=True)
class Put:
    """Write a file."""

    part: str
    path: Path
    data: bytes

    @property
    def key(self) -> tuple[str, str]:
        """What the thing put down is remembered by."""
        return "file", str(self.path)

    @property
    def said(self) -> str:
        """The step in the user's words."""
        return f"{NAMES[self.part]}：写入 {self.path}"


@dataclass(frozen=True, slots=True)
class Enter:
    """Enter our element into the list of add-ins of WPS, beside those of others."""

    part: str
    path: Path
    name: str
    element: str

    @property
    def key(self) -> tuple[str, str]:
        """What the thing put down is remembered by."""
        return "entry", str(self.path)

    @property
    def said(self) -> str:
        """The step in the user's words."""
        return f"{NAMES[self.part]}：在 {self.path} 登记“{self.name}”，其他加载项不动"


@dataclass(frozen=True, slots=True)
class Register:
    """Register the extension file with LibreOffice."""

    part: str
    path: Path
    identifier: str

    @property
    def key(self) -> tuple[str, str]:
        """What the thing put down is remembered by."""
        return "extension", str(self.path)

    @property
    def said(self) -> str:
        """The step in the user's words."""
        return f"{NAMES[self.part]}：向 LibreOffice 注册扩展 {self.identifier}"


Step = Put | Enter | Register


def plan(machine: Machine, goods: Goods, programs: Iterable[str], autostart: bool = False) -> list[Step]:
    """Every step of an installation on ``machine`` for the given programs, in order.

    Pure: the same facts give the same steps. A part of ``goods`` that is missing has no step.
    """
    from addin.install import linux, macos, windows

    platforms = {"win32": windows.steps, "darwin": macos.steps}
    chosen = frozenset(programs)
    steps = platforms.get(machine.platform, linux.steps)(machine, goods, chosen, autostart)
    if WPS in chosen and goods.wps:
        for folder in machine.jsaddons:
            steps += [Put(WPS, folder / name, data) for name, data in sorted(goods.wps.items())]
            steps.append(Enter(WPS, folder / "publish.xml", goods.entry_name, goods.entry))
    if OFFICE in chosen and goods.oxt and machine.unopkg:
        extension = machine.own / "TowerDesk.oxt"
        steps += [Put(OFFICE, extension, goods.oxt), Register(OFFICE, extension, goods.extension)]
    return steps


def launch_file(machine: Machine) -> Put:
    """launch.txt: the interpreter the buttons start, in the encoding that VBA reads without a code page."""
    text = f"{machine.python}\r\n{machine.version}\r\n"
    return Put(BASE, machine.own / "launch.txt", b"\xff\xfe" + text.encode("utf-16-le"))


def helper_words(machine: Machine) -> list[str]:
    """The command that starts the resident helper; -P keeps packages of the folder it starts in from being loaded."""
    return [str(machine.python), "-P", "-X", "utf8", "-m", "addin", "agent"]
