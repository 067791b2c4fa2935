"""Closed deadlines as they were judged: 时限存档.csv of a register, read, applied and added to."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from macros.clocks import archive
from macros.commands.books import write_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from macros.clocks.archive import Frozen, Judgement
    from macros.clocks.item import Item
    from macros.commands.shelf import Shelf


def archived(shelf: Shelf) -> tuple[list[Judgement], list[int]]:
    """The archive's rows, and the numbers of lines that are none; nothing when there is no archive yet."""
    path = shelf.folder / archive.NAME
    if not path.is_file():
        return [], []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return archive.read(file)


def settle(shelf: Shelf, rows: list[Judgement], items: Iterable[Item], at: dt.datetime, calendar: str) -> Frozen:
    """Give closed items the deadline they were judged by, and archive what is closed for the first time."""
    frozen = archive.freeze(items, rows, at, calendar)
    if frozen.added:
        write_text(shelf.folder / archive.NAME, archive.lines(chain(rows, frozen.added)), encoding="utf-8-sig")
    return frozen
