"""What an examination knows of a machine, as plain data: gathered once, judged by the checks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Launch:
    """The interpreter launch.txt names, and what it says of itself.

    ``version`` is empty when it did not start; ``product`` is the version of TowerDesk it imports, and ``fault``
    why it could not.
    """

    path: str
    exists: bool = True
    version: tuple[int, ...] = ()
    product: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Installed:
    """One file put down by the installer, as it lies there now; ``zone`` is its mark of the web, if it has one."""

    part: str
    path: str
    state: Literal["same", "gone", "changed"] = "same"
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another add-in where Excel looks for them. ``shares`` says what it has in common with ours."""

    path: str
    same: bool
    shares: str = ""


@dataclass(frozen=True, slots=True)
class Excel:
    """Excel's settings that decide about an add-in.

    ``warnings`` is VBAWarnings (1 all macros run, 2 ask, 3 signed ones only, 4 none; 0 not set). ``trusted``
    says whether the add-in's folder is among the trusted locations. ``server`` is the program the system starts
    as Excel, ``disabled`` what Excel itself disabled, ``marked_blocked`` whether marked files are refused outright.
    """

    version: str = ""
    vba_off: bool = False
    addins_off: bool = False
    signed_only: bool = False
    warnings: int = 0
    trusted: bool = True
    locations_off: bool = False
    marked_blocked: bool = False
    disabled: tuple[str, ...] = ()
    rivals: tuple[Rival, ...] = ()
    server: str = ""
    startup: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """LibreOffice: its version, the extension registered (by version, empty without), and why pyuno fails."""

    version: str
    identifier: str
    extension: str = ""
    bridge: str = ""


@dataclass(frozen=True, slots=True)
class Wps:
    """WPS: its list of add-ins, whether ours is in it, and whether WPS itself has refused to load it."""

    listing: str
    entered: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the checks judge. ``register`` is the folder or address in use, empty when unknown.

    ``asr`` is what Defender does about Office starting programs: block, warn, audit or off, and empty where it
    cannot be told. ``helper`` is the running helper's version, ``synced`` the folders a cloud drive keeps in step.
    ``install_version`` is the version launch.txt was written by, ``decreed`` the last day of a decreed calendar.
    """

    platform: str
    version: str
    today: dt.date
    python: str
    store: bool = False
    launch: Launch | None = None
    install_version: str = ""
    files: tuple[Installed, ...] = ()
    parts: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    register: str = ""
    longest: int = 0
    synced: tuple[tuple[str, str], ...] = ()
    asr: str = ""
    excel: Excel | None = None
    office: Office | None = None
    wps: tuple[Wps, ...] = ()
    helper: str = ""
    xlwings: str = ""
    decreed: dt.date = field(default=dt.date.max)
