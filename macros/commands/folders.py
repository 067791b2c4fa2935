"""Tells the folder of a register from any other, whatever name a call gives."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from macros.forms import workbooks

if TYPE_CHECKING:
    from pathlib import Path


def is_register(folder: Path) -> bool:
    """Whether a folder holds a workbook of a register; False too where no folder can have that name."""
    return any(os.path.isfile(folder / file) for file in workbooks())  # noqa: PTH113
