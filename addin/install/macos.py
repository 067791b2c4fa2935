"""Where things go on macOS: Excel's start folder, its AppleScripts, a launch agent."""

from __future__ import annotations

import plistlib
from typing import TYPE_CHECKING

from addin.install.machine import EXCEL
from addin.install.plan import BASE, Goods, Put, Step, helper_words, launch_file

if TYPE_CHECKING:
    from addin.install.machine import Machine

LABEL = "cn.towerdesk.agent"


def steps(machine: Machine, goods: Goods, programs: frozenset[str], autostart: bool) -> list[Step]:
    """The steps of macOS; AppleScripts of this folder are the only programs a sandboxed Excel may start."""
    made: list[Step] = [launch_file(machine)]
    if autostart:
        agent = machine.config / "LaunchAgents" / f"{LABEL}.plist"
        made.append(Put(BASE, agent, plistlib.dumps({
            "Label": LABEL, "ProgramArguments": helper_words(machine), "WorkingDirectory": str(machine.own),
            "RunAtLoad": True, "ProcessType": "Background",
        })))
    if EXCEL in programs and goods.xlam:
        made.append(Put(EXCEL, machine.startup / "TowerDesk.xlam", goods.xlam))
        scripts = machine.config / "Application Scripts" / "com.microsoft.Excel"
        made += [Put(EXCEL, scripts / name, text) for name, text in sorted((goods.scripts or {}).items())]
    return made
