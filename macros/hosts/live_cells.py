"""Values of an open workbook as cells, and cells as what a spreadsheet program takes without reading more into them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from macros.hosts import refuse
from macros.hosts.areas import a1
from macros.hosts.limits import limit
from macros.hosts.number_formats import moment, serial
from macros.records import Broken, Link

if TYPE_CHECKING:
    from macros.hosts.number_formats import Kind
    from macros.records import Cell

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ERROR = re.compile(r"#[A-Z0-9/_]+[!?]?")
_EPOCH, _ALIKE = dt.datetime(1899, 12, 30), dt.datetime(1900, 3, 1)
# Excel hands errors over as whole numbers, ordinary numbers never; xlwings knows the names of seven of them.
_ERROR_BASE = -2146828288
_ERRORS = {2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!",
           2042: "#N/A", 2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!",
           2048: "#UNKNOWN!", 2049: "#FIELD!", 2050: "#CALC!"}
# Text that no program takes for a number, date, error, truth value or formula: it starts with a letter or an
# ideograph that is no numeral, and not with a month, an era, a currency or a part of the day.
_PLAIN = re.compile(
    r"(?!jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|true|false|am|pm|[a-z]{1,4}\s*[0-9.,]+(?:[-/.年]|$)"
    r"|[上下中]午|[早晚凌]|星期|周|人民币|公元|民国|明治|大正|昭和|平成|令和|[真假])"
    r"[a-z\u4e00-\u9fff《（【“]",
    re.IGNORECASE,
)
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两廿卅元正")
_LINK_PART = 255  # characters a text inside a formula may have


class Formula(str):
    """A formula that stood in a cell and is put back."""

    __slots__ = ()


def looks_like_error(value: object) -> bool:
    """Whether text may be the name of an error: only the program can tell it from text that was typed."""
    return isinstance(value, str) and value[:1] == "#" and _ERROR.fullmatch(value) is not None


def is_formula(formula: object, value: object) -> bool:
    """Whether a cell holds a formula: text that starts with an equals sign comes back as its own formula."""
    return isinstance(formula, str) and formula[:1] == "=" and not (isinstance(value, str) and value[:1] == "=")


def read(value: Any) -> Cell:
    """A value as xlwings hands it over, as files give it: whole numbers as int, damaged and false ones as Broken."""
    kind: type = type(value)
    if kind is str:
        return str(value) or None
    if kind is float:
        return _number(value)
    if isinstance(value, dt.datetime):
        # Programs count days alike from March 1900 on; most moments are whole milliseconds already.
        if kind is not dt.datetime or value.tzinfo or value < _ALIKE or value.microsecond % 1000:
            return _moment(value)
        return value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        name = _ERRORS.get(value - _ERROR_BASE)
        return Broken(name, "error") if name else _number(float(value))
    if isinstance(value, (float, Decimal)):
        return _number(float(value))
    return str(value)


def _number(value: float) -> Cell:
    if not value.is_integer():
        return value if value - value == 0 else Broken(repr(value), "error")
    return Broken(repr(value), "digits") if abs(value) >= limit("sheet", "digits_from") else int(value)


def _moment(value: dt.datetime) -> Cell:
    """A moment, counted from the day programs count from; the days before March 1900 are one off in them."""
    days = (value.replace(tzinfo=None) - _EPOCH) / dt.timedelta(days=1)
    kind: Kind = "time" if 0 < days < 1 else "date"
    return moment(days, kind, False, repr(_number(days)))


def stored(value: Cell, where: tuple[str, str, int, int]) -> Cell:
    """A cell as it will be read back: the promise that `same` checks.

    Args:
        value: the cell to write.
        where: workbook, sheet, row and column, for the refusal.

    Raises:
        Refused: a cell cannot hold the value (WBK045, WBK046).
    """
    if value is None or value == "":
        return None
    if isinstance(value, (str, Broken)):
        text = _CONTROLS.sub("", str(value))
        if len(text) > limit("sheet", "text"):
            raise _refused("WBK046", where, limit=limit("sheet", "text"), size=len(text))
        if isinstance(value, Link) and text == value and max(len(text), len(value.target)) <= _LINK_PART:
            return value
        return text or None
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        if value - value != 0 or (abs(value) >= limit("sheet", "digits_from") and value == int(value)):
            raise _refused("WBK045", where, value=value, reason="超过 15 位或不是数")
        return value
    if isinstance(value, (dt.datetime, dt.time)) and value.tzinfo is not None:
        raise _refused("WBK045", where, value=value, reason="带时区，单元格记不下")
    if serial(value, False) is None:
        raise _refused("WBK045", where, value=value, reason="早于表格日期的起点")
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)
    return value


def _refused(code: str, where: tuple[str, str, int, int], **details: object) -> Exception:
    workbook, sheet, row, column = where
    return refuse(code, workbook, sheet=sheet, cell=a1(row, column), **details)


def want(value: Cell) -> str:
    """The number format a stored cell needs: of a ``date``, ``moment`` or ``time``, a ``number``, or none for text."""
    if isinstance(value, (Link, Formula)):
        return "number"
    if isinstance(value, dt.time):
        return "time"
    if isinstance(value, dt.datetime):
        return "moment" if value.time() != dt.time() else "date"
    if value is None or isinstance(value, (str, Broken)):
        return ""
    return "number"


def touchy(text: str) -> bool:
    """Whether a program may read more into text than text."""
    return text[0] in _NUMERALS or _PLAIN.match(text) is None


def given(value: Cell, as_text: bool) -> Any:
    """A stored cell as the program takes it; ``as_text`` tells that the cell's own format already keeps text."""
    if isinstance(value, Link):
        target, shown = (part.replace('"', '""') for part in (value.target, str(value)))
        return f'=HYPERLINK("{target}","{shown}")'
    if isinstance(value, Formula):
        return str(value)
    if isinstance(value, str):
        return value if as_text or not touchy(value) else "'" + value
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        return float(value)  # a whole number beyond 32 bits is refused by Excel
    if isinstance(value, dt.time):
        return serial(value, False)
    if isinstance(value, dt.datetime):
        days = serial(value, False)
        return days if days is not None and days < 61 else value
    return str(value)


def same(stored_: Cell, found: Cell) -> bool:
    """Whether a cell holds what was written to it; a number shown as a day or a time is still that number."""
    if isinstance(stored_, str) and isinstance(found, str):
        return _lines(stored_) == _lines(found)
    if stored_ is None or found is None or isinstance(stored_, str) or isinstance(found, (str, Broken)):
        return stored_ is found
    ours, theirs = _amount(stored_), _amount(found)
    return ours is not None and theirs is not None and abs(ours - theirs) <= 1e-9 * max(1.0, abs(ours))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _amount(value: Cell) -> float | None:
    if isinstance(value, (dt.date, dt.time)):
        return serial(value, False)
    return float(value) if isinstance(value, (int, float)) else None
