"""Closed deadlines as they were judged: 时限存档.csv of a register, read, applied and added to."""

from __future__ import annotations

import csv
from itertools import chain
from typing import TYPE_CHECKING

from macros.clocks import archive
from macros.commands.books import write_text
from macros.hosts import refuse
from macros.hosts.text import decode

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from macros.clocks.archive import Frozen, Judgement
    from macros.clocks.item import Item
    from macros.commands.shelf import Shelf


def archived(shelf: Shelf) -> tuple[list[Judgement], list[int]]:
    """The archive's rows, and the numbers of lines that are none; nothing when there is no archive yet.

    Raises:
        Refused: another program has saved it in a way that cannot be read (WBK016, WBK017).
    """
    path = shelf.folder / archive.NAME
    if not path.is_file():
        return [], []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return archive.read(file)
    except UnicodeDecodeError:  # a spreadsheet saves it in the system's own letters
        return archive.read(decode(path.read_bytes(), archive.NAME))
    except csv.Error as error:
        raise refuse("WBK017", archive.NAME, reason="有一行过长，引号无法配对") from error


def settle(shelf: Shelf, rows: list[Judgement], items: Iterable[Item], at: dt.datetime, calendar: str) -> Frozen:
    """Give closed items the deadline they were judged by, and archive what is closed for the first time."""
    frozen = archive.freeze(items, rows, at, calendar)
    if frozen.added:
        write_text(shelf.folder / archive.NAME, archive.lines(chain(rows, frozen.added)), encoding="utf-8-sig")
    return frozen
