"""Reads words, codes and telephone numbers, free of what cannot be seen."""

from __future__ import annotations

import datetime as dt
import unicodedata

from macros.patterns import pattern
from macros.records import Broken, Cell
from macros.values.errors import Unreadable, refuse_broken
from macros.values.words import TOO_LONG

# Everything a reader cannot see: control characters other than the line break, zero-width and soft hyphens,
# direction marks, halves of surrogate pairs (which no file can hold) and non-characters.
_UNSEEN = pattern(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff]"
)
_BREAK = pattern("\r\n?|[\x85\u2028\u2029]")
_BLANK = pattern(r"\s+")

# What most cells hold, which needs no cleaning: a third of the time of going through everything below.
_PLAIN_TEXT = pattern("[ -~\u4e00-\u9fff、，。；：（）《》“”]*")
_PLAIN_CODE = pattern("[0-9]+|[A-Za-z][0-9A-Za-z-]*")

# Letters and digits only: punctuation of Chinese text stays as it was written.
_HALF_ALNUM = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if chr(c - 0xFEE0).isalnum()}
# Not NFKC: that would turn ² into 2 and ① into 1, and so change figures.
_HALF = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)} | {0xFFE5: 0xA5} | dict.fromkeys(
    (0x3000, 0xA0, 0x202F, *range(0x2000, 0x200B)), 0x20
)
_HYPHENS = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), 0x2D)
#: No figure, day or coordinate is longer; patterns need not walk a whole essay to say so.
_LONGEST = 64
#: An apostrophe with none after it, or a formula that is nothing but a text in quotes.
_MARKED_TEXT = pattern("['‘’`]([^'‘’`]+)|=\"([^\"]*)\"")
_TEXT_MARKS = frozenset("'‘’`=")
_DAMAGED = pattern(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{2,3}")


def clean_text(cell: Cell) -> str:
    """The cell's words without what cannot be seen; empty for a blank.

    Full-width letters and digits become half width; Chinese punctuation, line breaks and inner spaces stay.
    Spaces of every width go at both ends. A number shows as the spreadsheet would, a date as ISO.

    Raises:
        Unreadable: a broken cell, or a number of more digits than a spreadsheet keeps.
    """
    if type(cell) is not str:
        return _shown(cell)
    if _PLAIN_TEXT.fullmatch(cell):
        return cell.strip()
    text = _UNSEEN.sub("", _BREAK.sub("\n", cell).replace("\t", " "))
    return unicodedata.normalize("NFC", text).translate(_HALF_ALNUM).strip()


def hidden_characters(cell: Cell) -> bool:
    """Whether cleaning takes characters out that cannot be seen, which the user should know (VAL005)."""
    if not isinstance(cell, str) or cell.isprintable():
        return False
    return _UNSEEN.search(_BREAK.sub("\n", cell)) is not None


def narrow(cell: str) -> str:
    """The text as a figure or a code is read: cleaned, every full-width sign made half width, marks of text taken off.

    Systems that keep a spreadsheet from reading a code as a number write ``'4298…`` or ``="4298…"``.
    """
    text = cell if cell.isascii() and cell.isprintable() else clean_text(cell).translate(_HALF)
    text = text.strip()
    if text[:1] not in _TEXT_MARKS:
        return text
    found = _MARKED_TEXT.fullmatch(text)
    return found[found.lastindex or 0].strip() if found else text


def brief(cell: str) -> str:
    """The text as `narrow` gives it, cut with an ellipsis where it is too long to be a figure or a day."""
    text = narrow(cell)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def fold(text: str) -> str:
    """The text as two spellings of a word are compared: half width, no spaces or line breaks, lower case."""
    return _BLANK.sub("", narrow(text)).casefold()


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Broken):
        refuse_broken(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        if not abs(cell) < TOO_LONG:
            raise Unreadable("VAL003", cell)
        return str(cell) if isinstance(cell, int) else f"{cell:.15g}"
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == dt.time() else "%Y-%m-%d %H:%M")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return cell.strftime("%H:%M") if isinstance(cell, dt.time) else clean_text(str(cell))


def read_text(cell: Cell) -> str | None:
    """Words as `clean_text` leaves them; None for a blank.

    Raises:
        Unreadable: a broken cell, or a number whose last digits are lost.
    """
    return clean_text(cell) or None


def read_code(cell: Cell) -> str | None:
    """A number, key or site code: half width, no spaces, letters as written; None for a blank.

    A number cell gives its digits, up to the fifteen a spreadsheet keeps. Longer ones are refused, never
    restored: their tail is gone.

    Raises:
        Unreadable: damaged digits (also as text, ``4.298E+17``), a fraction, a date or true/false where a
            code belongs, or a text with neither letter nor digit.
    """
    if type(cell) is not str:
        return _code_of_other(cell)
    if _PLAIN_CODE.fullmatch(cell):
        return cell
    code = _BLANK.sub("", narrow(cell).translate(_HYPHENS))
    if not code:
        return None
    if _DAMAGED.fullmatch(code):
        raise Unreadable("VAL003", cell)
    if not any(map(str.isalnum, code)):
        raise Unreadable("VAL007", cell)
    return code


def _code_of_other(cell: Cell) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, Broken):
        refuse_broken(cell)
    if isinstance(cell, bool):
        raise Unreadable("VAL006", cell, kind="真假值")
    if isinstance(cell, dt.date | dt.time):
        raise Unreadable("VAL006", cell, kind="日期时间")
    if isinstance(cell, int | float):
        if not abs(cell) < TOO_LONG:
            raise Unreadable("VAL003", cell)
        if cell < 0 or cell != int(cell):
            raise Unreadable("VAL006", cell, kind="负数或小数")
        return str(int(cell))
    return read_code(str(cell))


def read_phone(cell: Cell) -> str | None:
    """A telephone number as text, half width, hyphens and separators as written; None for a blank.

    Raises:
        Unreadable: as `read_code`.
    """
    if type(cell) is not str:
        return _code_of_other(cell)
    phone = narrow(cell).translate(_HYPHENS)
    if not phone:
        return None
    if _DAMAGED.fullmatch(phone):
        raise Unreadable("VAL003", cell)
    if not any(map(str.isalnum, phone)):
        raise Unreadable("VAL007", cell)
    return phone
