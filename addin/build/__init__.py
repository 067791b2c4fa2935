"""Makes the add-in files of Excel, LibreOffice and WPS from the one ribbon.xml."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from macros.commands import Answer
from macros.hosts.saving import replace_bytes

if TYPE_CHECKING:
    from pathlib import Path

XLAM, OXT, WPS = "TowerDesk.xlam", "TowerDesk.oxt", "wps"


def files() -> dict[str, bytes]:
    """Every add-in file by its path below the output folder; two makings are the same bytes."""
    from addin.build import oxt, wps, xlam

    return {XLAM: xlam.made(), OXT: oxt.made()} | {f"{WPS}/{name}": data for name, data in wps.made().items()}


def build(out: Path) -> Answer:
    """Write the add-in files into a folder, with the hash of each."""
    told: list[dict[str, str]] = []
    for name, data in sorted(files().items()):
        path = out / name
        replace_bytes(path, data)
        told.append({"file": str(path), "bytes": str(len(data)), "sha256": hashlib.sha256(data).hexdigest()})
    lines = [f"已制作加载项文件 {len(told)} 个，存于“{out}”："]
    lines += [f"  {row['sha256'][:12]}  {row['file']}" for row in told]
    return Answer({"files": told}, "\n".join(lines))
