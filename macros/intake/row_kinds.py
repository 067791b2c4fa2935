"""What a row under the headings is, if it is no data: rules in order, of which the first that holds decides."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from macros.intake.headings import compact, words
from macros.intake.units import is_unit
from macros.records import Broken
from macros.values import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from macros.records import Cell

#: A figure under the keys of a total: how many rows there are, or a sum; no key is so short and bare.
_COUNT = re.compile(r"[\d.,]{1,12}[个条项家站笔行户元]?")
#: How a line of a note begins, and the heading of a part of the list.
_POINT = re.compile(r"\(?\d{1,2}[).、:]\D.*")
_PART = re.compile(r"\(?[一二三四五六七八九十]{1,3}[)、.:].*")
_SENTENCE = re.compile("[,。;:]")
#: A column's name in a system or another language: SITE_CODE, Tower Cost (CNY).
_NAME = re.compile(r"[A-Za-z][A-Za-z_. ()/#%&'-]*")
_KEY = re.compile(r"[0-9A-Za-z_-]+")
#: The same with a figure, as no word of a note has.
_NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Za-z_-]+")
#: What stands beside it, or is to be written there: 填表人：, 审核：某某. No time of day is one.
_LABEL = re.compile(r"[^\d:]{2,10}:.*")
_PAGE = re.compile(r"(?:第?\d{1,4}页|第\d{1,4}页[,/]?共\d{1,4}页|共\d{1,4}页)")


class Under(NamedTuple):
    """The headings that rows stand under: those of each column, compacted, and the columns of keys and serial numbers.

    Columns are counted from 1.
    """

    headings: Mapping[int, Sequence[str]]
    keys: Collection[int]
    serial: Collection[int]


class Line(NamedTuple):
    """A row: its filled cells with their columns, the first text folded, and what it stands under.

    ``before`` is what the row above is, blank ones passed over; ``merged``, whether a merge spreads a text over several
    columns.
    """

    cells: Sequence[tuple[int, Cell]]
    first: str
    under: Under
    before: str
    merged: bool


def kind_of(row: Sequence[Cell], under: Under, before: str, *, merged: bool) -> str:
    """What a row is by its words; empty for data.

    Args:
        row: the row.
        under: what it stands under.
        before: what the row above is, blank ones passed over.
        merged: whether a merge spreads a text over several columns.
    """
    cells = [(number, cell) for number, cell in enumerate(row, 1) if content(cell)]
    first = next((fold(cell) for _, cell in cells if isinstance(cell, str)), "")
    line = Line(cells, first, under, before, merged)
    return next((kind for kind, holds in _RULES if holds(line)), "")


def content(cell: Cell) -> bool:
    """Whether a cell holds more than spaces."""
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


def _empty(line: Line) -> bool:
    return not line.cells


def _only_numbered(line: Line) -> bool:
    return all(number in line.under.serial and fold(str(cell)).isdecimal() for number, cell in line.cells)


def _counts_columns(line: Line) -> bool:
    """1, 2, 3 and so on, under nearly all headings."""
    cells, settings = line.cells, words()["rows"]["counted"]
    if len(cells) < max(settings["least"], len(line.under.headings) * settings["share"]):
        return False
    return all(fold(str(cell)) == str(number) for number, (_, cell) in enumerate(cells, 1))


def _wordless(line: Line) -> bool:
    return isinstance(line.cells[0][1], Broken) or not any(isinstance(cell, str) for _, cell in line.cells)


def _begins_total(line: Line) -> bool:
    """A word for a total before its sums: at most a count stands where rows have keys."""
    if not line.first.startswith(_folded("total")) or len(line.first) > _longest("total"):
        return False
    (column, lead), *others = line.cells
    named = [fold(str(cell)) for number, cell in others if number in line.under.keys]
    if not named:
        return column not in line.under.keys or isinstance(lead, str)
    alone = line.first.strip(":") in _folded("total") and fold(str(lead)) == line.first
    return alone and all(_COUNT.fullmatch(word) for word in named)


def _repeats_headings(line: Line) -> bool:
    headings = line.under.headings
    return _several(line) and all(compact(str(cell)) in headings.get(number, ()) for number, cell in line.cells)


def _says_how_to_fill(line: Line) -> bool:
    """必填, 选填 and the like, or units."""
    marks = words()["rows"]["marks"]
    return all(isinstance(cell, str) and (fold(cell) in marks or is_unit(cell)) for _, cell in line.cells)


def _names_columns(line: Line) -> bool:
    """Columns' names in another system."""
    return len(line.cells) > 2 and all(isinstance(cell, str) and _NAME.fullmatch(cell) for _, cell in line.cells)


def _begins_sample(line: Line) -> bool:
    if line.first.strip(":()") in _folded("sample"):
        return True
    return line.first.startswith(_folded("sample")) and len(line.first) <= _longest("sample")


def _keyed(line: Line) -> bool:
    """A number in front, whatever words stand behind it; or a key behind something else, neither of them a label."""
    at, key = next(((number, cell) for number, cell in line.cells if number in line.under.keys), (0, None))
    if at == line.cells[0][0]:
        return bool(_NUMBER.fullmatch(fold(str(key))))
    labels = _LABEL.fullmatch(line.first) or (isinstance(key, str) and _LABEL.fullmatch(fold(key)))
    return key is not None and not labels


def _crowded(line: Line) -> bool:
    return len(line.cells) > max(1, len(line.under.headings) * float(words()["rows"]["sparse"]))


def _signed(line: Line) -> bool:
    """A word of a signature somewhere, or nothing but labels."""
    texts = _texts(line)
    if any(word in text for text in texts for word in _folded("signature")):
        return True
    return _several(line) and len(texts) == len(line.cells) and all(":" in text for text in texts)


def _ends_total(line: Line) -> bool:
    return any(text.endswith(_folded("total")) and len(text) <= _longest("total") for text in _texts(line))


def _noted(line: Line) -> bool:
    if all(_PAGE.fullmatch(text) for text in _texts(line)):
        return True
    return line.first.startswith(_folded("note")) or (not _several(line) and len(line.first) > _longest("key"))


def _several(line: Line) -> bool:
    return len(line.cells) > 1


def _names_part(line: Line) -> bool:
    return bool(_PART.fullmatch(line.first))


def _goes_on(line: Line) -> bool:
    """A point or a sentence of a note, or words below one."""
    said = _POINT.fullmatch(line.first) or _SENTENCE.search(line.first)
    return bool(said) or (line.before == "note" and not _KEY.fullmatch(line.first))


def _apart(line: Line) -> bool:
    """A text alone that is no key."""
    return line.merged or line.cells[0][0] not in line.under.keys


#: Each kind with what gives it away; an empty one is data. Behind ``_several`` a row is one text.
_RULES: Sequence[tuple[str, Callable[[Line], bool]]] = (
    ("blank", _empty),
    ("serial", _only_numbered),
    ("mark", _counts_columns),
    ("", _wordless),
    ("total", _begins_total),
    ("heading", _repeats_headings),
    ("mark", _says_how_to_fill),
    ("mark", _names_columns),
    ("note", _begins_sample),
    ("", _keyed),
    ("", _crowded),
    ("signature", _signed),
    ("total", _ends_total),
    ("note", _noted),
    ("", _several),
    ("part", _names_part),
    ("note", _goes_on),
    ("part", _apart),
)


def _texts(line: Line) -> list[str]:
    return [fold(cell) for _, cell in line.cells if isinstance(cell, str)]


@cache
def _folded(kind: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words()["rows"][kind])


def _longest(kind: str) -> int:
    """The most letters of a text of this kind."""
    return int(words()["rows"]["longest"][kind])
