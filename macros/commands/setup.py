"""init: a blank register folder for one city, with the user's own copies of the Word templates."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from macros.commands import Answer
from macros.hosts import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The templates as delivered, and the folder of the user's copies inside a register.
TEMPLATES = Path(__file__).parents[2] / "templates"
OWN_TEMPLATES = "模板"


def init(folder: Path, city: str = "") -> Answer:
    """Write blank workbooks, output workbooks and template copies into ``folder``; nothing present is replaced.

    A register of an earlier version gets the workbooks that came since.

    Raises:
        Refused: the folder already holds all of the workbooks.
    """
    from macros.workbooks import build_all

    files = build_all(folder, city)
    if not files:
        raise refuse("CMD008", value=str(folder))
    own = folder / OWN_TEMPLATES
    own.mkdir(exist_ok=True)
    for template in sorted(TEMPLATES.glob("*.docx")):
        if not (own / template.name).exists():
            shutil.copyfile(template, own / template.name)
    return Answer({"register": str(folder), "files": [path.name for path in files]}, _text(folder, files, city))


def _text(folder: Path, files: Sequence[Path], city: str) -> str:
    lines = [f"已在“{folder}”建立{city}台账：", *(f"  {path.name}" for path in files)]
    lines += [f"  {OWN_TEMPLATES}/（Word 模板，可直接修改）", "第一次用，先打开《参数.xlsx》的“开始”。"]
    lines.append("下一步：towerdesk import 文件… --register 文件夹")
    return "\n".join(lines)
