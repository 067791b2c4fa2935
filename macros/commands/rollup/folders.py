"""Finds the cities' register folders below the folders given, without opening or changing anything."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from macros.analytics.rollup_words import readable
from macros.findings import finding
from macros.forms import workbooks
from macros.hosts import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from macros.findings import Finding


def registers(folders: Iterable[Path]) -> tuple[list[Path], list[tuple[Path, Finding]]]:
    """The register folders, each once, in the order of their paths; and folders given in vain, with the reason.

    A folder with one of the register's workbooks is a register; what lies below it is its own. Folders whose name
    begins with a dot, and links to folders, are passed over.
    """
    found: dict[Path, Path] = {}
    vain: list[tuple[Path, Finding]] = []
    for folder in folders:
        if not folder.is_dir():
            vain.append((folder, finding("ROL001", value=readable(str(folder)))))
            continue
        below = list(_below(folder))
        if not below:
            vain.append((folder, finding("ROL002", value=readable(str(folder)))))
        for each in below:
            found.setdefault(each.resolve(), each)
    return [found[real] for real in sorted(found)], vain


def _below(folder: Path) -> Iterator[Path]:
    known = set(workbooks())
    for home, inner, files in os.walk(folder):
        if known.intersection(files):
            inner.clear()
            yield Path(home)
        else:
            inner[:] = sorted(name for name in inner if not name.startswith("."))


def check_apart(out: Path, found: Sequence[Path]) -> None:
    """Make sure that what is written does not come to lie in a city's folder.

    Raises:
        Refused: it would (ROL003).
    """
    real = out.resolve()
    if any(real.is_relative_to(each.resolve()) for each in found):
        raise refuse("ROL003", value=readable(str(out)))
