"""Keeps a command from reckoning with tables that cannot be read as a whole: a renamed sheet is not an empty one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.forms import forms
from macros.headings import settings
from macros.hosts import Refused

if TYPE_CHECKING:
    from macros.findings import Finding
    from macros.register import Register


def check_whole(register: Register, *codes: str) -> list[Finding]:
    """Make sure that tables were read with all their rows and columns; what else is to be told of their headings.

    Args:
        register: the register as read from its folder.
        codes: the forms of the tables that the command's figures rest on.

    Raises:
        Refused: a workbook or sheet is missing, has no headings, lacks a required one or has one twice.
    """
    tables = {(form.file, form.title) for form in map(forms().__getitem__, codes)}
    files = {(file, "") for file, _ in tables}
    said = [
        one for one in register.findings
        if one.code in settings()["whole_codes"] and (one.workbook, one.sheet) in tables | files
    ]
    for one in said:
        if one.severity == "error":
            raise Refused(one)
    return said
