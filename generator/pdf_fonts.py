"""Which Chinese fonts Word files name that this machine neither has nor has a stand-in for, where that can be asked."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from generator.pdf_proof import parts_of
from macros.findings import Finding, finding

if TYPE_CHECKING:
    from collections.abc import Iterable

_STAND_INS = Path(__file__).parent / "fonts.conf"
_NAMED = re.compile(rb'<w:rFonts\b[^<>]*\sw:eastAsia="([^"]+)"')


def without_font(files: Iterable[Path]) -> list[Finding]:
    """A finding with the fonts that are missing; one file of each folder is looked at, the others are its like.

    Western fonts are left to fontconfig: it has twins of the usual ones, and no shape of theirs is wrong.
    """
    installed = _installed()
    if not installed:
        return []
    named = {name for file in {file.parent: file for file in files}.values() for name in _fonts(file)}
    missing = [name for name in sorted(named) if installed.isdisjoint(_folded((name, *_stand_ins().get(name, ()))))]
    return [finding("PDF003", fonts="、".join(missing))] if missing else []


def _fonts(file: Path) -> set[str]:
    """The fonts a Word file names for Chinese text, in its text and styles."""
    try:
        parts = parts_of(file)
    except (OSError, ValueError):
        return set()
    found = (mark for name, part in parts.items() if name.startswith("word/") for mark in _NAMED.findall(part))
    return {html.unescape(name.decode(errors="replace")) for name in found}


@cache
def _stand_ins() -> dict[str, list[str]]:
    """Font → the families that stand for it, from the file that LibreOffice reads as well."""
    return {
        alias.findtext("family", ""): [node.text or "" for node in alias.iterfind("accept/family")]
        for alias in etree.parse(_STAND_INS).getroot().iter("alias")
    }


@cache
def _installed() -> frozenset[str]:
    """The families on this machine in small letters; none where there is no fontconfig."""
    lister = shutil.which("fc-list")
    if lister is None:
        return frozenset()
    listed = subprocess.run([lister, ":", "family"], capture_output=True, check=False)
    lines = listed.stdout.decode("utf-8", errors="replace").splitlines()
    return _folded(name.replace("\\", "") for line in lines for name in line.split(","))


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.strip().casefold() for name in names)
