"""Where things go on Windows: XLSTART, the start menu, the autostart folder."""

from __future__ import annotations

from pathlib import PureWindowsPath
from subprocess import list2cmdline
from typing import TYPE_CHECKING

from addin.install.machine import EXCEL
from addin.install.plan import BASE, Goods, Put, Step, helper_words, launch_file
from addin.install.shortcut import shortcut

if TYPE_CHECKING:
    from addin.install.machine import Machine

LINK = "塔务台助手.lnk"
_MENU = ("Microsoft", "Windows", "Start Menu", "Programs")


def steps(machine: Machine, goods: Goods, programs: frozenset[str], autostart: bool) -> list[Step]:
    """The steps of Windows; Excel trusts its own start folder, so no security setting is changed."""
    made: list[Step] = [launch_file(machine)]
    program, *words = helper_words(machine)
    # A shortcut by path can only name a program on a drive; the buttons start the helper without it.
    if PureWindowsPath(program).drive.endswith(":"):
        link = shortcut(program, list2cmdline(words), str(machine.own), "塔务台常驻助手：按钮即点即用")
        made.append(Put(BASE, machine.config.joinpath(*_MENU, LINK), link))
        if autostart:
            made.append(Put(BASE, machine.config.joinpath(*_MENU, "Startup", LINK), link))
    if EXCEL in programs and goods.xlam:
        made.append(Put(EXCEL, machine.startup / "TowerDesk.xlam", goods.xlam))
    return made
