"""Gathers what LibreOffice and WPS know of the add-in, from the files they keep."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from addin.install import libreoffice
from addin.install import wps as listing
from addin.install.facts import Office, Wps
from addin.install.machine import OFFICE, WPS
from macros.hosts import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from addin.install.apply import Item
    from addin.install.machine import Machine

#: The values with which a list of WPS's says that an add-in is on.
_OFF = ("false", "disable")


def office(machine: Machine, items: Sequence[Item]) -> Office:
    """LibreOffice, its profile's extensions, and whether this Python reaches it."""
    mark = next((item.mark for item in items if item.part == OFFICE and item.kind == "extension"), "")
    version = libreoffice.program_version(machine.office) if machine.office else ""
    return Office(version, mark, libreoffice.registered(machine.profile).get(mark, ""), bridge())


def bridge() -> str:
    """Why this Python cannot reach LibreOffice; empty when it can."""
    from addin.libreoffice.engine.loading import load_uno

    try:
        load_uno()
    except Refused as refused:
        return refused.finding.message.split("。")[0]  # ADD246 has a cure of its own
    return ""


def wps(machine: Machine, items: Sequence[Item]) -> tuple[Wps, ...]:
    """WPS's lists of add-ins, each with the state of ours in it."""
    name = next((item.mark for item in items if item.part == WPS and item.kind == "entry"), "")
    return tuple(_listed(folder, name) for folder in machine.jsaddons)


def _listed(folder: Path, name: str) -> Wps:
    path = folder / "publish.xml"
    entered: dict[str, str] = {}
    with suppress(OSError, UnicodeDecodeError, listing.Unreadable):
        entered = listing.names(path.read_text(encoding="utf-8-sig"))
    there = bool(name) and entered.get(name, "false") not in _OFF
    return Wps(str(path), there, bool(name) and refused(folder / "authaddin.json", name))


def refused(path: Path, name: str) -> bool:
    """Whether WPS's own record of consent says that the add-in is not allowed or was not loaded."""
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False
    return any(False in (one.get("enable"), one.get("isload")) for one in _about(told, name))


def _about(told: Any, name: str, ours: bool = False) -> Iterator[dict[str, Any]]:
    """The records about one add-in, wherever in the file: below its name, or with its name in a value."""
    if isinstance(told, list):
        for one in told:
            yield from _about(one, name, ours)
    elif isinstance(told, dict):
        mine = ours or any(isinstance(value, str) and name in value for value in told.values())
        if mine and ("enable" in told or "isload" in told):
            yield told
        for key, value in told.items():
            yield from _about(value, name, mine or name in key)
