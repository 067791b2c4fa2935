"""Keeps a command from reckoning with tables that cannot be read as a whole: a renamed sheet is not an empty one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.forms import forms
from macros.headings import settings
from macros.hosts import Refused

if TYPE_CHECKING:
    from macros.findings import Finding
    from macros.register import Register


def not_whole(register: Register, *codes: str) -> list[Finding]:
    """What is to be told of tables that were not read with all their rows and columns.

    Args:
        register: the register as read from its folder.
        codes: the forms of the tables; all of them where none is named.
    """
    tables = {(form.file, form.title) for code, form in forms().items() if code in codes or not codes}
    files = {(file, "") for file, _ in tables}
    return [
        one for one in register.findings
        if one.code in settings()["whole_codes"] and (one.workbook, one.sheet) in tables | files
    ]


def check_whole(register: Register, *codes: str) -> list[Finding]:
    """Make sure that the tables a command's figures rest on were read whole; what else is to be told of their headings.

    Raises:
        Refused: a workbook or sheet is missing, has no headings, lacks a required one or has one twice.
    """
    said = not_whole(register, *codes)
    for one in said:
        if one.severity == "error":
            raise Refused(one)
    return said
