"""Cells as texts that do not depend on formats, rows packed into bytes, and fingerprints of sheets made of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from macros.records import Broken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.records import Cell

#: What fingerprints of this making begin with: one of another making says nothing of whether contents are the same.
SCHEME = "2-"
_SPACE = 1 << 256
_MIDNIGHT = dt.time()
#: Between the cells of a packed row; a text that holds it, or the sign before it, says so by that sign.
_NEXT, _ESCAPE = "\x1f", "\x1b"
_ESCAPED = re.compile(f"{_ESCAPE}(.)", re.DOTALL)
#: The first letter of a packed cell.
_TEXT, _NUMBER, _TRUTH, _DAY, _ERROR, _FORMULA = "sntdef"
_BROKEN = {"digits": _NUMBER, "error": _ERROR}


class Told(NamedTuple):
    """One cell: a letter for its kind, empty for a blank one, and its text. Kinds are what a reader tells apart."""

    kind: str
    text: str


EMPTY = Told("", "")


def text(value: Cell) -> str:
    """What a cell holds, as one text: equal values have equal texts however they are shown and whoever saved them."""
    return _told(value)[1:]


def _told(value: Cell) -> str:
    """A cell's kind and text in one string.

    Numbers have the 15 digits that a spreadsheet shows, and lines end in one way: programs save no more than that.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        bare = str.__str__(value)
        return _TEXT + (bare.replace("\r\n", "\n").replace("\r", "\n") if "\r" in bare else bare)
    if isinstance(value, bool):
        return _TRUTH + ("TRUE" if value else "FALSE")
    if isinstance(value, int):
        return f"{_NUMBER}{value}"
    if isinstance(value, float):
        return _NUMBER + _number(value)
    if isinstance(value, dt.datetime):
        return _DAY + (value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(" "))
    if isinstance(value, Broken):
        kind = _BROKEN.get(value.why, _FORMULA)
        return kind + (_number(float(value.text)) if kind == _NUMBER else value.text)
    return _DAY + value.isoformat()


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"


def packed(cells: Sequence[Cell]) -> bytes:
    """A row's cells as bytes: the same for the same values of the same kinds in the same columns."""
    told = [(_TEXT + cell if cell else "") if type(cell) is str else _told(cell) for cell in cells]
    while told and not told[-1]:
        told.pop()
    joined = _NEXT.join(told)
    if "\r" in joined or _ESCAPE in joined or joined.count(_NEXT) >= max(len(told), 1):
        joined = _NEXT.join(
            _told(cell).replace(_ESCAPE, _ESCAPE * 2).replace(_NEXT, _ESCAPE + "1") for cell in cells[: len(told)]
        )
    return joined.encode("utf-8", "surrogatepass")


def unpacked(row: bytes) -> list[Told]:
    """The cells of a packed row, up to the last that holds anything."""
    if not row:
        return []
    joined = row.decode("utf-8", "surrogatepass")
    cells = joined.split(_NEXT)
    if _ESCAPE in joined:
        cells = [_ESCAPED.sub(lambda found: _NEXT if found[1] == "1" else found[1], cell) for cell in cells]
    return [Told(cell[:1], cell[1:]) for cell in cells]


def fingerprint(rows: Iterable[tuple[int, bytes]]) -> str:
    """A fingerprint of a sheet's packed rows with their numbers: the same for the same values in the same cells.

    It is a sum over the rows, so that a few changed rows change it without reading the others (`moved`).
    """
    return printed(sum(weight(number, row) for number, row in rows))


def printed(total: int) -> str:
    """The fingerprint whose rows weigh so much together."""
    return f"{SCHEME}{total % _SPACE:064x}"


def moved(before: str, old: Mapping[int, bytes], new: Mapping[int, bytes]) -> str:
    """The fingerprint after rows ``old`` have become rows ``new``."""
    gone, come = (sum(weight(number, row) for number, row in rows.items()) for rows in (old, new))
    return printed(int(before.removeprefix(SCHEME), 16) - gone + come)


def weight(number: int, row: bytes) -> int:
    """What a row adds to the fingerprint of its sheet."""
    if not row:
        return 0
    return int.from_bytes(hashlib.sha256(b"%d\x1f" % number + row).digest(), "big")
