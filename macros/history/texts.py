"""Cells as texts that do not depend on formats, and fingerprints of whole sheets made of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.records import Cell

_SPACE = 1 << 256
_MIDNIGHT = dt.time()


def text(value: Cell) -> str:
    """What a cell holds, as one text: equal values have equal texts however they are shown."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def fingerprint(rows: Mapping[int, Sequence[Cell]]) -> str:
    """A fingerprint of a sheet's rows by number: the same for the same texts in the same rows and columns.

    It is a sum over the rows, so that a few changed rows change it without reading the others (`moved`).
    """
    return f"{sum(_row(number, cells) for number, cells in rows.items()) % _SPACE:064x}"


def moved(before: str, old: Mapping[int, Sequence[Cell]], new: Mapping[int, Sequence[Cell]]) -> str:
    """The fingerprint after rows ``old`` have become rows ``new``."""
    sums = [sum(_row(number, cells) for number, cells in rows.items()) for rows in (old, new)]
    return f"{(int(before, 16) - sums[0] + sums[1]) % _SPACE:064x}"


def _row(number: int, cells: Sequence[Cell]) -> int:
    texts = [text(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    if not texts:
        return 0
    told = "\x1f".join([str(number), *texts]).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(told).digest(), "big")
