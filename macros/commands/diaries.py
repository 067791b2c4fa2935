"""Puts proposed lines into the diary, for the commands that a manager's day runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.forms import forms
from macros.hosts import Refused
from macros.tables import in_order
from macros.work.diary import proposed

if TYPE_CHECKING:
    import datetime as dt

    from macros.commands.shelf import Shelf
    from macros.findings import Finding
    from macros.register import Register
    from macros.tables import Values


def write_up(shelf: Shelf, register: Register, first: dt.date, last: dt.date) -> tuple[list[Values], list[Finding]]:
    """Add what the diary lacks from the first to the last day; the caller saves the shelf.

    A register that has no diary yet is told how to add it, and works on.
    """
    rows = proposed(register, first, last)
    if not rows:
        return [], []
    try:
        shelf.append(forms()["diary"], in_order("diary", rows))
    except Refused as refused:
        return [], [refused.finding]
    return rows, []
