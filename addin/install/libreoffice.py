"""Registers the extension with LibreOffice for one user, and says which extensions a profile has."""

from __future__ import annotations

import re
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from addin.install.goods import description
from macros.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: Seconds unopkg may take; a first start makes the whole profile.
PATIENCE = 180


def register(unopkg: Sequence[str], extension: Path) -> Finding | None:
    """Add the extension file, in place of an older version; what went wrong."""
    return _run(unopkg, "add", "--force", "--suppress-license", str(extension))


def unregister(unopkg: Sequence[str], identifier: str) -> Finding | None:
    """Remove the extension; what went wrong. One that is not there is no mistake."""
    return _run(unopkg, "remove", identifier, absent=True)


def _run(unopkg: Sequence[str], *words: str, absent: bool = False) -> Finding | None:
    try:
        done = subprocess.run(
            [*unopkg, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        return finding("ADD207", reason=f"{PATIENCE} 秒没有结束")
    except OSError as error:
        return finding("ADD207", reason=f"{unopkg[0]} 不能启动：{error.strerror}")
    if done.returncode == 0:
        return None
    said = (done.stderr or done.stdout).decode("utf-8", "replace")
    if absent and "no such extension" in said:
        return None
    if "as root" in said:
        return finding("ADD208")
    if "lock file" in said:
        return finding("ADD209")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return finding("ADD207", reason=lines[0] if lines else f"退出码 {done.returncode}")


def running(profile: Path) -> bool:
    """Whether a LibreOffice of this profile runs, or has left its mark in a crash."""
    return (profile / ".lock").exists()


def registered(profile: Path) -> dict[str, str]:
    """Versions of the extensions a profile has registered, by identifier; works while the program runs."""
    cache = profile / "user" / "uno_packages" / "cache"
    try:
        listed = (cache / "uno_packages.pmap").read_bytes()
    except OSError:
        return {}
    found: dict[str, str] = {}
    for path in cache.glob("uno_packages/*/*/description.xml"):
        with suppress(OSError, ElementTree.ParseError):
            identifier, version = description(path.read_bytes())
            # folders of removed extensions stay until the next start; the list alone says what counts
            if identifier and identifier.encode() in listed and _held(path.parents[1].name).encode() in listed:
                found[identifier] = version
    return found


def _held(folder: str) -> str:
    """The folder's name as the list has it, without the mark of a folder in use."""
    return folder.rstrip("_")


def program_version(office: Path) -> str:
    """LibreOffice's version by the files beside its programs, such as ``7.4``; empty when they do not say."""
    for name in ("bootstraprc", "bootstrap.ini", "../Resources/bootstraprc"):
        with suppress(OSError):
            text = (office / name).read_text(encoding="utf-8", errors="replace")
            if found := re.search(r"^ProductKey=\D*([\d.]+)", text, re.MULTILINE):
                return found[1]
    return ""
