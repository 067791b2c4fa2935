"""Gathers Excel's settings from the registry, the add-ins beside ours, and what Defender says of Office."""

from __future__ import annotations

import json
import ntpath
import os
import re
import subprocess
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.install.facts import Excel, Rival
from addin.install.machine import facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from addin.install.machine import Machine
    from addin.install.registry import Registry

_OFFICE = r"Software\Microsoft\Office"
_POLICY = r"Software\Policies\Microsoft\Office"
_GUARD = r"Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
_DOES = {0: "off", 1: "block", 2: "audit", 5: "off", 6: "warn"}
_TAB = re.compile(rb'<tab\b[^>]*\blabel="([^"]+)"')
#: The project's name stands uncompressed among its properties.
_PROJECT = re.compile(rb'\nName="([^"]+)"')
_ASK = (
    "Get-MpPreference | Select-Object AttackSurfaceReductionRules_Ids,AttackSurfaceReductionRules_Actions"
    " | ConvertTo-Json"
)
_ADDIN = "TowerDesk.xlam"
#: Seconds PowerShell may take.
PATIENCE = 30


def excel(machine: Machine, read: Registry) -> Excel:
    """Excel's settings and what lies beside the add-in."""
    office = (read.offices() or ("16.0",))[0]
    options = read.values(f"HKCU\\{_OFFICE}\\{office}\\Excel\\Options")
    others = rivals(machine.startup, [_alternate(options)], opened(options))
    return settings(read, office, str(machine.startup), others, dict(os.environ))


def settings(
    read: Registry, office: str, startup: str, others: tuple[Rival, ...], environment: Mapping[str, str],
) -> Excel:
    """Excel's settings from the registry; those of the company's policy stand above the user's own."""
    policy = [f"{hive}\\{_POLICY}\\{office}\\Excel\\Security" for hive in ("HKLM", "HKCU")]
    both = [*policy, f"HKCU\\{_OFFICE}\\{office}\\Excel\\Security"]
    common = [f"{hive}\\{_POLICY}\\{office}\\Common" for hive in ("HKLM", "HKCU")]
    locations = [f"{key}\\Trusted Locations" for key in both]
    server = read.text(r"HKCR\CLSID\{00024500-0000-0000-C000-000000000046}\LocalServer32", "")
    return Excel(
        version=read.text(r"HKLM\Software\Microsoft\Office\ClickToRun\Configuration", "VersionToReport") or office,
        vba_off=_set(read, common, "vbaoff"),
        addins_off=_set(read, both, "DisableAllAddins"),
        signed_only=_set(read, both, "RequireAddinSig"),
        warnings=_number(read.first(both, "VBAWarnings")),
        trusted=trusted(read, locations, startup, environment) and (
            not startup.startswith("\\\\") or _set(read, locations, "AllowNetworkLocations")
        ),
        locations_off=_set(read, locations, "AllLocationsDisabled"),
        marked_blocked=_set(read, policy, "blockcontentexecutionfrominternet"),
        disabled=disabled(read.values(f"HKCU\\{_OFFICE}\\{office}\\Excel\\Resiliency\\DisabledItems").values()),
        rivals=others, server=server, startup=startup,
    )


def trusted(read: Registry, locations: Iterable[str], folder: str, environment: Mapping[str, str]) -> bool:
    """Whether a folder is a trusted location; before Excel's first start there is no list, and its own are trusted."""
    held = [location for key in locations for location in read.below(key)]
    wanted = _plain(folder)
    for location in held:
        values = {name.lower(): data for name, data in location.items()}
        path = _plain(_expanded(str(values.get("path", "")), environment))
        if path and (wanted == path or (values.get("allowsubfolders") == 1 and wanted.startswith(path + "\\"))):
            return True
    return not held


def _plain(path: str) -> str:
    return ntpath.normpath(path.replace("/", "\\")).rstrip("\\").lower() if path else ""


def _expanded(path: str, environment: Mapping[str, str]) -> str:
    """The path with its %NAMES% put in."""
    known = {name.lower(): value for name, value in environment.items()}
    return re.sub(r"%([^%]+)%", lambda found: known.get(found[1].lower(), found[0]), path)


def disabled(items: Iterable[object]) -> tuple[str, ...]:
    """Paths of what Excel disabled: three numbers (kind, bytes of the path, bytes of its name), then the path."""
    found = []
    for item in items:
        if isinstance(item, bytes) and len(item) > 12:
            length = int.from_bytes(item[4:8], "little")
            found.append(item[12:12 + length].decode("utf-16-le", "replace").rstrip("\0"))
    return tuple(found)


def rivals(startup: Path, others: Iterable[Path | None], chosen: Iterable[Path] = ()) -> tuple[Rival, ...]:
    """Other add-ins that Excel loads which are ours once more, or bear our names.

    Args:
        startup: Excel's start folder, where ours lies.
        others: further folders whose files Excel opens.
        chosen: add-ins ticked in Excel's own list, wherever they lie.
    """
    ours = startup / _ADDIN
    mine = traits(ours)
    folders = [folder for folder in (startup, startup.parent / "AddIns", *others) if folder and folder.is_dir()]
    paths = [path for folder in folders for path in sorted(folder.glob("*.xla*"))]
    found = []
    for path in dict.fromkeys([*paths, *chosen]):
        shared = [word for kind, word in traits(path).items() if mine.get(kind) == word]
        named = path.stem.lower().startswith(Path(_ADDIN).stem.lower())
        if path != ours and (shared or named):
            found.append(Rival(str(path), named or len(shared) > 1, "、".join(shared)))
    return tuple(found)


def opened(options: Mapping[str, object]) -> list[Path]:
    r"""The add-ins ticked in Excel's list: values OPEN, OPEN1 … such as ``/R "C:\…\x.xlam"``, bare names left out."""
    found = []
    for name, value in options.items():
        path = re.sub(r"^(/[A-Za-z]\s+)*", "", str(value)).strip('" ')
        if re.fullmatch(r"OPEN\d*", name, re.IGNORECASE) and ntpath.isabs(path):
            found.append(Path(path))
    return found


def traits(addin: Path) -> dict[str, str]:
    """The names an add-in takes in Excel: its ribbon tab's and its VBA project's; none where it cannot be read."""
    found: dict[str, str] = {}
    with suppress(OSError, zipfile.BadZipFile), zipfile.ZipFile(addin) as package:
        for name in package.namelist():
            if name.startswith("customUI/") and (tab := _TAB.search(package.read(name))):
                found["tab"] = f"选项卡“{tab[1].decode('utf-8', 'replace')}”"
            if name == "xl/vbaProject.bin" and (project := _PROJECT.search(package.read(name))):
                found["project"] = f"宏工程名“{project[1].decode('ascii', 'replace')}”"
    return found


def attack_surface(read: Registry) -> str:
    """What Defender does when Office starts a program: by policy in the registry, else by asking Defender."""
    return by_policy(read) or by_defender(_ask_defender())


def by_policy(read: Registry) -> str:
    """The rule's action as the registry has it; empty when no policy speaks of it."""
    rule = facts()["child_processes"]
    keys = [rf"HKLM\Software\Policies\Microsoft\{_GUARD}", rf"HKLM\Software\Microsoft\{_GUARD}"]
    said = read.first(keys[:1], rule)
    if not said:
        managed = read.text(r"HKLM\Software\Policies\Microsoft\Windows Defender\Policy Manager", "ASRRules")
        listed = dict(pair.split("=", 1) for pair in managed.lower().split("|") if "=" in pair)
        said = listed.get(rule.lower(), "") or read.first(keys[1:], rule)
    return _DOES.get(_number(said), "") if said else ""


def by_defender(told: str) -> str:
    """The rule's action by Get-MpPreference as JSON; off when Defender lists only others, empty when it is silent."""
    try:
        said: Any = json.loads(told)
        rules, actions = (_several(said[f"AttackSurfaceReductionRules_{name}"]) for name in ("Ids", "Actions"))
    except (ValueError, KeyError, TypeError):
        return ""
    found = {str(rule).lower(): action for rule, action in zip(rules, actions, strict=False)}
    return _DOES.get(_number(str(found.get(facts()["child_processes"].lower(), 0))), "")


def _several(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _ask_defender() -> str:
    with suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(
            ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", _ASK], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=PATIENCE, check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ).stdout
    return ""


def _alternate(options: Mapping[str, object]) -> Path | None:
    """The second start folder a user may have named in Excel's options."""
    said = next((str(value).strip() for name, value in options.items() if name.lower() == "altstartup"), "")
    return Path(os.path.expandvars(said)) if said else None


def _set(read: Registry, keys: Iterable[str], name: str) -> bool:
    return _number(read.first(keys, name)) == 1


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
