"""Workbooks that published packages ship for their own tests, fetched for the run and thrown away with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

#: Source packages with workbooks in them, by registry.
PYPI = ("xlsx2csv", "frictionless", "xlrd2", "pyexcel-xlsx", "agate-excel", "tablib", "petl")
NPM = ("xlsx-chart", "xlsx-datafill", "xlsx-populate", "simple-excel-to-json", "convert-excel-to-json")
_LARGEST = 5_000_000


def fetched(folder: Path) -> dict[str, list[Path]]:
    """The workbooks of the packages that are to be had now, each under a name of its own."""
    folder.mkdir(parents=True)
    found: dict[str, list[Path]] = {}
    for name in PYPI:
        source_only = ["--no-deps", "--no-binary", name, "-d", str(folder)]
        _run([sys.executable, "-m", "pip", "download", "-q", *source_only, name])
    if shutil.which("npm"):
        for name in NPM:
            _run(["npm", "pack", "-s", "--pack-destination", str(folder), name])
    for archive in sorted([*folder.glob("*.tar.gz"), *folder.glob("*.tgz")]):
        if paths := _unpacked(archive, folder / "files"):
            found[archive.name] = paths
    return found


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=False, capture_output=True, timeout=120)
    except subprocess.TimeoutExpired:
        return


def _unpacked(archive: Path, folder: Path) -> list[Path]:
    """The workbooks of one archive."""
    folder.mkdir(exist_ok=True)
    found = []
    with tarfile.open(archive) as packed:
        for number, member in enumerate(packed):
            suffix = Path(member.name).suffix.lower()
            if not member.isfile() or suffix not in (".xlsx", ".xlsm") or member.size > _LARGEST:
                continue
            source = packed.extractfile(member)
            if source is not None:
                path = folder / f"{archive.name.split('-')[0]}-{number}{suffix}"
                path.write_bytes(source.read())
                found.append(path)
    return found
