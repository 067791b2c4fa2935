"""Understands what other people's files write where a register holds a bare value."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from macros.choices import choices
from macros.headings import settings
from macros.intake.given import operator_in
from macros.intake.headings import words
from macros.records import Broken
from macros.values import READERS, Unreadable, fold, read_month_end

if TYPE_CHECKING:
    from macros.forms import Column, Form
    from macros.records import Cell, Value

#: A time span in words or parted by a colon: 2:22, 2小时22分, 142分钟.
_SPAN = re.compile(r"(?:(?P<h>[0-9]{1,3})(?:小时|时|h|:))?(?:(?P<m>[0-9]{1,4})(?:分钟?|min|m)?)?(?::00|00?秒)?")
#: A word of a list with a remark in brackets behind it: 移动（CMCC）.
_REMARK = re.compile(r"\s*([^()（）]+?)\s*[(（][^()（）]*[)）]\s*")
#: What stands in a choice of operators when somebody wrote a branch's full name.
_FIRM = ("公司", "集团")


class Understood(NamedTuple):
    """What a refused cell means, and the note to make of it; no note where nothing was lost."""

    value: Value
    note: str = ""


def understood(form: Form, column: Column, cell: Cell, why: str) -> Understood | None:
    """The meaning of a cell that its column's reader refused; None where it cannot be known.

    A deadline given as a month is its last day (INT036), a sign for "nothing" a blank (INT037); a figure may carry
    the column's own unit, a duration hours, a word of a list a remark, and an operator the name of its branch. A term
    that says that it has no end is no blank: its column has a word of its own for it.

    Args:
        form: the column's form.
        column: the column.
        cell: what could not be read.
        why: the code of the refusal.
    """
    name = f"{form.code}.{column.name}"
    if cell is None or isinstance(cell, Broken | bool):
        return None
    if name in settings()["open_ended"] and why == settings()["open_ended_code"]:
        return None
    if name in settings()["month_ends"]:
        day = read_month_end(cell)
        if day:
            return Understood(day, "INT036")
    if isinstance(cell, str) and says_nothing(cell):
        return Understood(None, "INT037")
    if column.type in ("integer", "decimal", "money") and column.unit:
        return _span(column, cell) or _with_unit(column, cell)
    remark = _REMARK.fullmatch(cell) if column.type == "choice" and isinstance(cell, str) else None
    if remark and fold(remark[1]) in _words(column.list):
        return Understood(_words(column.list)[fold(remark[1])])
    if column.list == "operator" and isinstance(cell, str) and fold(cell).endswith(_FIRM):
        operator = operator_in(cell, choices()["operator"])
        return Understood(operator) if operator else None
    return None


@cache
def _words(name: str) -> dict[str, str]:
    """The spellings of a list, folded, and the values they stand for."""
    return {fold(spelling): value for spelling, value in choices()[name].items()}


def says_nothing(text: str) -> bool:
    """Whether a text is only a sign that there is nothing: -, /, 无, NULL."""
    return fold(text) in _signs("nothing")


def means_nothing(column: Column, value: str) -> bool:
    """Whether a text that could be read stands for a blank: words of machines anywhere, other signs among codes."""
    if len(value) > 6 or column.type not in ("text", "code"):
        return False
    return fold(value) in _signs("nothing" if column.type == "code" else "machine")


def of_lines(column: Column, cell: Cell) -> bool:
    """Whether a number was read of several lines: one that was wrapped, or several that stand in one cell."""
    return column.type == "code" and isinstance(cell, str) and "\n" in cell.strip()


@cache
def _signs(kind: str) -> frozenset[str]:
    cells = words()["cells"]
    return frozenset(map(fold, cells["machine"] + (cells["nothing"] if kind == "nothing" else [])))


def _with_unit(column: Column, cell: Cell) -> Understood | None:
    """A figure with the unit its column has anyhow."""
    if not isinstance(cell, str):
        return None
    text = fold(cell)
    for unit in _own_units(column.unit, column.type):
        if text.endswith(unit) and len(text) > len(unit):
            try:
                return Understood(READERS[column.type](text[: -len(unit)]))
            except Unreadable:
                return None
    return None


@cache
def _own_units(unit: str, kind: str) -> tuple[str, ...]:
    """The spellings of a unit, longest first; amounts always say 元."""
    counted = words()["counted"]
    known = words()["units"].get(counted["as"] if unit in counted["units"] else unit, [])
    folded = {fold(one) for one in (unit, *known)}
    return tuple(sorted((one for one in folded if kind != "money" or "元" in one), key=len, reverse=True))


def _span(column: Column, cell: Cell) -> Understood | None:
    """Minutes of a duration given in hours and minutes."""
    if column.unit != "分钟":
        return None
    if isinstance(cell, dt.time):
        return Understood(cell.hour * 60 + cell.minute)
    found = _SPAN.fullmatch(fold(cell)) if isinstance(cell, str) else None
    if not found or not (found["h"] or found["m"]):
        return None
    return Understood(int(found["h"] or 0) * 60 + int(found["m"] or 0))
