"""Where things go on Linux: the application menu and the autostart folder of the desktop."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from addin.install.plan import BASE, Goods, Put, Step, helper_words, launch_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.install.machine import Machine

ENTRY = "towerdesk-agent.desktop"


def steps(machine: Machine, goods: Goods, programs: frozenset[str], autostart: bool) -> list[Step]:
    """The steps of Linux; there is no Excel, the other programs' steps are the same everywhere."""
    entry = _entry(helper_words(machine), str(machine.own))
    made: list[Step] = [launch_file(machine), Put(BASE, machine.data / "applications" / ENTRY, entry)]
    if autostart:
        made.append(Put(BASE, machine.config / "autostart" / ENTRY, entry))
    return made


def _entry(words: Sequence[str], folder: str) -> bytes:
    lines = [
        "[Desktop Entry]", "Type=Application", "Name=塔务台助手", "Comment=塔务台常驻助手：按钮即点即用",
        f"Exec={' '.join(map(_quoted, words))}", f"Path={_escaped(folder)}", "Terminal=false", "Categories=Office;",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _quoted(word: str) -> str:
    """One word of Exec by the Desktop Entry Specification: quoted, its special characters escaped twice."""
    if re.fullmatch(r"[\w./:=+-]+", word, re.ASCII):
        return word
    inside = re.sub(r'(["`$\\])', r"\\\1", word).replace("%", "%%")
    return f'"{_escaped(inside)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")
