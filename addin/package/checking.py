"""Compares an unpacked package with its list of hashes, before anything is copied."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SUMS = "SHA256SUMS.txt"


def differing(home: Path) -> list[str]:
    """The files of the list that are missing or are not what they were when the package was made."""
    lines = (home / SUMS).read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    return [name for name, digest in listed.items() if _digest(home / name) != digest]


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
