"""Knows the units that headings state and turns figures into the unit of their column: 万元 into 元, 公里 into 米."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from macros.intake.headings import compact, remarks, words
from macros.values import READERS, Unreadable, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from macros.forms import Column
    from macros.intake.headings import Heading
    from macros.records import Cell, Value

#: Types of columns that hold a figure in a unit.
_FIGURES = ("money", "decimal", "integer")


@cache
def _units() -> dict[str, frozenset[str]]:
    """Folded spelling of a unit → the units of the forms it can stand for."""
    found: dict[str, set[str]] = {}
    for unit, others in words()["units"].items():
        for spelling in others:
            found.setdefault(fold(spelling), set()).add(unit)
    return {spelling: frozenset(units) for spelling, units in found.items()}


@cache
def _endings() -> tuple[tuple[str, str], ...]:
    """The spellings of units as they end a compact heading, with the spelling itself; longest first."""
    return tuple((compact(spelling), spelling) for spelling in sorted(_units(), key=len, reverse=True))


def without_unit(word: str) -> tuple[str, str]:
    """A compact heading without the unit at its end, as some systems print it: 天线挂高米."""
    for end, spelling in _endings():
        if end and word.endswith(end) and len(word) > len(end) + 1:
            return word[: -len(end)], spelling
    return word, ""


def says(remark: str) -> list[str]:
    """The single remarks of a folded one: 单位:万元,不含税 is 万元 and 不含税."""
    settings = words()["remarks"]
    said = []
    for one in re.split(settings["between"], remark):
        for word in map(fold, settings["before"]):
            one = one.removeprefix(word)
        if one:
            said.append(one)
    return said


def fits(column: Column, said: Iterable[str]) -> bool:
    """Whether remarks, by `says`, leave the meaning of a column alone or only state a unit that can be turned."""
    settings = words()["headings"]
    for remark in said:
        if remark in _units():
            if column.unit and _times(column, remark) is None:
                return False
        elif remark not in settings["plain"] and any(word in remark for word in settings["telling"]):
            return False
    return True


def times(column: Column, heading: Heading, units: Mapping[int, str]) -> Decimal:
    """What figures under a heading are multiplied by to be in the unit of their column.

    The innermost unit of the heading counts, under it the unit of a row of units; where there is none, that of all
    amounts of the sheet.

    Args:
        column: the column they go into.
        heading: the heading with its groups.
        units: those stated outside the headings, by `units_of`.
    """
    if not column.unit or column.type not in _FIGURES:
        return Decimal(1)
    said = [units.get(heading.column, "")]
    for part in reversed([part for whole in heading.parts for part in whole.split("_") if part]):
        said += [*stated(part), without_unit(compact(part))[1]]
    if column.unit.startswith(words()["remarks"]["money"]):
        said.append(units.get(0, ""))
    return next((found for unit in said if unit and (found := _times(column, unit)) is not None), Decimal(1))


def scaled(reader: Callable[[Cell], Value], factor: Decimal) -> Callable[[Cell], Value]:
    """A reader of figures in another unit; what is no figure it refuses as it would in its own."""
    def read(cell: Cell) -> Value:
        try:
            figure = READERS["decimal"](_bare(cell, factor))
        except Unreadable:
            return reader(cell)
        return reader(f"{(figure * factor).normalize():f}") if isinstance(figure, Decimal) else None

    return read


def _bare(cell: Cell, factor: Decimal) -> Cell:
    """A figure without the unit that its heading states already: 18.3万 under 建造成本（万元）."""
    text, scales = fold(cell) if isinstance(cell, str) else "", words()["scales"]
    for spelling, units in _units().items():
        turned = [one for unit in units for one in scales.get(unit, {}).values()]
        if text.endswith(spelling) and factor in map(Decimal, turned):
            return text[: -len(spelling)]
    return cell


def stated(text: str) -> list[str]:
    """The units that the remarks of a heading state."""
    return [one for remark in remarks(text) for one in says(remark) if one in _units()]


def is_unit(cell: Cell) -> bool:
    """Whether a cell only names a unit, as in a row of units under the headings."""
    text = fold(cell).strip("()") if isinstance(cell, str) else ""
    return text in _units() or text in words()["remarks"]["angles"]


def units_of(titles: Iterable[str], marks: Iterable[Sequence[Cell]]) -> dict[int, str]:
    """The units a sheet states outside its headings: by column in a row under them, under 0 for all amounts above."""
    found = {0: _of_amounts(titles)}
    for row in marks:
        for column, cell in enumerate(row, 1):
            text = fold(cell).strip("()") if isinstance(cell, str) else ""
            if text in _units():
                found[column] = text
    return found


def _of_amounts(texts: Iterable[str]) -> str:
    """The unit of all amounts that a line states: 单位：万元; empty where none does."""
    before = "|".join(re.escape(fold(word)) for word in words()["remarks"]["before"])
    for text in texts:
        for found in re.finditer(f"(?:{before})([^,、;。()]+)", fold(text)):
            if found[1] in _units():
                return found[1]
    return ""


def _times(column: Column, spelling: str) -> Decimal | None:
    """How many of the column's unit one of this unit holds; None where they are not of one kind."""
    counted = words()["counted"]
    unit = counted["as"] if column.unit in counted["units"] else column.unit
    known = _units()[spelling]
    if unit in known:
        return Decimal(1)
    scales = words()["scales"]
    found = [scales[one][unit] for one in known if unit in scales.get(one, {})]
    return Decimal(found[0]) if found else None
