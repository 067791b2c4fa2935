"""Tells the folder of a register from any other, whatever name a call gives, and what it lacks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from macros.findings import finding
from macros.forms import by_file, later, workbooks

if TYPE_CHECKING:
    from pathlib import Path

    from macros.findings import Finding
    from macros.forms import Form


def is_register(folder: Path) -> bool:
    """Whether a folder holds a workbook of a register; False too where no folder can have that name."""
    return any(os.path.isfile(folder / file) for file in workbooks())  # noqa: PTH113


def absent(file: str, form: Form | None = None) -> Finding:
    """That a workbook, or one sheet of it, is not there: an error, unless it came with a later version."""
    tables = [form] if form else by_file().get(file, [])
    older = not tables or any(each.code not in later() for each in tables)
    code = ("CMD003" if older else "CMD019") if form else ("CMD002" if older else "CMD020")
    return finding(code, workbook=file, sheet=form.title if form else "")
