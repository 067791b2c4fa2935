"""The machine an installation is planned for: where its programs and the user's folders are."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import Any

from addin.install.registry import Registry, snapshot
from addin.places import home
from macros.data import toml

EXCEL, WPS, OFFICE = "excel", "wps", "libreoffice"
_MAC_EXCEL = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"


@dataclass(frozen=True, slots=True)
class Machine:
    """Everything a plan depends on.

    ``config`` is where programs keep a user's settings (APPDATA, ~/.config, ~/Library), ``data`` where they keep
    a user's data on Linux. ``python`` starts the program without a window. ``jsaddons`` are the folders WPS reads
    add-ins from. ``unopkg`` is the command that registers LibreOffice extensions, empty without LibreOffice, and
    ``office`` the folder of its programs; ``profile`` is its user's profile. ``found`` are the programs present.
    """

    platform: str
    home: Path
    own: Path
    config: Path
    data: Path
    python: PurePath
    version: str
    startup: Path
    jsaddons: tuple[Path, ...]
    unopkg: tuple[str, ...]
    office: Path | None
    profile: Path
    found: frozenset[str]

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders of the profile, outside of which nothing is written."""
        return (self.home, self.own, self.config, self.data)


@cache
def facts() -> dict[str, Any]:
    """The registry keys and limits of places.toml."""
    return toml(Path(__file__).with_name("places.toml"))


def registry() -> Registry:
    """This machine's registry as far as the program reads it."""
    return snapshot(facts()["registry"])


def here() -> Machine:
    """This machine and its user."""
    user, read = Path.home(), registry()
    if sys.platform == "win32":
        config = Path(os.environ.get("APPDATA") or user / "AppData" / "Roaming")
        data, startup = config, xlstart(config, read)
        jsaddons: tuple[Path, ...] = (config / "kingsoft" / "wps" / "jsaddons",)
        profile = config / "LibreOffice" / "4"
    elif sys.platform == "darwin":
        config = data = user / "Library"
        startup, jsaddons = user / _MAC_EXCEL, mac_jsaddons(user)
        profile = config / "Application Support" / "LibreOffice" / "4"
    else:
        config = Path(os.environ.get("XDG_CONFIG_HOME") or user / ".config")
        data = Path(os.environ.get("XDG_DATA_HOME") or user / ".local" / "share")
        startup, jsaddons = user, (data / "Kingsoft" / "wps" / "jsaddons",)
        profile = config / "libreoffice" / "4"
    office = _office(read)
    return Machine(
        sys.platform, user, home(), config, data, windowless(Path(sys.executable)), version("towerdesk"), startup,
        jsaddons, (str(_unopkg(office)),) if office else (), office, profile,
        _found(read, user, jsaddons, office),
    )


def windowless(python: Path) -> Path:
    """The interpreter beside ``python`` that opens no black window; itself where there is none."""
    beside = python.with_name("pythonw.exe")
    return beside if python.name.lower() == "python.exe" and beside.is_file() else python


def from_store(*paths: str) -> bool:
    """Whether an interpreter is Microsoft Store's: its files in the profile are hidden from other programs."""
    return any("\\windowsapps\\" in path.lower().replace("/", "\\") for path in paths)


def xlstart(config: Path, read: Registry) -> Path:
    """The folder whose files Excel opens at start; the registry may give it another name or place."""
    keys = [f"HKCU\\Software\\Microsoft\\Office\\{office}\\Common\\General" for office in read.offices()]
    return config / "Microsoft" / "Excel" / os.path.expandvars(read.first(keys, "Xlstart") or "XLSTART")


def mac_jsaddons(user: Path) -> tuple[Path, ...]:
    """Folders of WPS for macOS: the one of its edition, or the usual one when it was never started."""
    inside = Path("Data") / ".kingsoft" / "wps" / "jsaddons"
    containers = user / "Library" / "Containers"
    usual = containers / "com.kingsoft.wpsoffice.mac"
    there = [one for one in (usual, containers / "com.kingsoft.wpsoffice.mac.global") if one.is_dir()]
    return tuple(one / inside for one in there or [usual])


def _office(read: Registry) -> Path | None:
    """LibreOffice's program folder."""
    places = [read.text(f"{hive}\\Software\\LibreOffice\\UNO\\InstallPath", "") for hive in ("HKCU", "HKLM")]
    started = read.text(r"HKLM\Software\Microsoft\Windows\CurrentVersion\App Paths\soffice.exe", "")
    places += [str(Path(started.strip('"')).parent)] if started else []
    places += ["/Applications/LibreOffice.app/Contents/MacOS"] if sys.platform == "darwin" else []
    command = shutil.which("soffice") or shutil.which("libreoffice")
    places += [str(Path(command).resolve().parent)] if command else []
    return next((Path(one) for one in places if one and _unopkg(Path(one)).is_file()), None)


def _unopkg(office: Path) -> Path:
    # on Windows only the .com program waits and prints
    return office / ("unopkg.com" if sys.platform == "win32" else "unopkg")


def _found(read: Registry, user: Path, jsaddons: tuple[Path, ...], office: Path | None) -> frozenset[str]:
    found = {OFFICE} if office else set()
    if sys.platform == "win32":
        excel = read.text(r"HKLM\Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe", "")
        wps = any(read.values(f"{hive}\\Software\\Kingsoft\\Office\\6.0\\Common") for hive in ("HKCU", "HKLM"))
    elif sys.platform == "darwin":
        excel = any((base / "Microsoft Excel.app").is_dir() for base in (Path("/Applications"), user / "Applications"))
        wps = Path("/Applications/wpsoffice.app").is_dir()
    else:
        excel, wps = False, bool(shutil.which("et") and shutil.which("wps"))
    found |= {EXCEL} if excel else set()
    return frozenset(found | ({WPS} if wps or any(one.is_dir() for one in jsaddons) else set()))
