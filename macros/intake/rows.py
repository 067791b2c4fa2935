"""Tells the data rows of a foreign sheet from titles, totals, signatures, notes and blanks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from macros.intake.headings import compact, words
from macros.intake.units import is_unit
from macros.records import Broken
from macros.values import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from macros.hosts import Sheet
    from macros.intake.headings import Block
    from macros.records import Cell

#: A figure under the keys of a total: how many rows there are, or a sum; no key is so short and bare.
_COUNT = re.compile(r"[\d.,]{1,12}[个条项家站笔行户元]?")
#: How a line of a note begins, and the heading of a part of the list.
_POINT = re.compile(r"[(（]?\d{1,2}[)）.．、:：]\D.*")
_PART = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．:：].*")
_SENTENCE = re.compile("[,，。;；:：]")
#: A column's name in a system: SITE_CODE.
_NAME = re.compile(r"[A-Za-z][A-Za-z_. ]*")
_KEY = re.compile(r"[0-9A-Za-z_-]+")

#: What a row can be besides data, with the word the user reads.
KINDS = {
    "title": "标题", "total": "合计", "signature": "签字", "note": "说明", "part": "分组标题", "heading": "重复表头",
    "mark": "填写提示", "serial": "只有序号", "blank": "空行",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """A sheet's rows sorted: data as (1-based sheet row, cells), the others as sheet rows by kind."""

    data: list[tuple[int, Sequence[Cell]]]
    others: dict[str, list[int]]
    filled: list[str] = field(default_factory=list)


def sort_rows(sheet: Sheet, block: Block, keys: Sequence[int]) -> Rows:
    """Sort the rows under the headings; ``keys`` are the 1-based columns that identify a row.

    A wrong or repeated row is data: only what is plainly no record is left out. Cells merged downwards hold their
    value in each of their rows.
    """
    filled: list[str] = []
    source = _unmerged(sheet, block, keys, filled)
    headings = {heading.column: tuple(map(compact, heading.parts)) for heading in block.headings}
    serial = {
        column for column, parts in headings.items()
        if parts[-1] in words()["rows"]["serial"] and column not in keys
    }
    wide = {m[0] for m in sheet.merges if m[0] == m[2] and m[3] - m[1] > 1}
    width = len(headings)
    data: list[tuple[int, Sequence[Cell]]] = []
    others: dict[str, list[int]] = {}
    if block.top > 1:
        others["title"] = [n for n in range(1, block.top) if any(map(_content, sheet.rows[n - 1]))]
    blanks: list[int] = []
    before = ""
    for number, row in enumerate(source, block.bottom + 1):
        kind = _kind(row, headings, keys, serial, width) or _lone(row, keys, before, merged=number in wide)
        before = before if kind == "blank" else kind
        if kind == "blank":
            blanks.append(number)
            continue
        if kind:
            others.setdefault(kind, []).append(number)
        else:
            if blanks:
                others.setdefault("blank", []).extend(blanks)
            data.append((number, row))
        blanks = []
    return Rows(data, {kind: numbers for kind, numbers in others.items() if numbers}, filled)


def _content(cell: Cell) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


def _kind(
    row: Sequence[Cell], headings: dict[int, tuple[str, ...]], keys: Sequence[int], serial: set[int], width: int,
) -> str:
    """What a row is by its words; empty for data."""
    content = [(number, cell) for number, cell in enumerate(row, 1) if cell is not None and _content(cell)]
    if not content:
        return "blank"
    if all(number in serial and fold(str(cell)).isdecimal() for number, cell in content):
        return "serial"
    key_text = next((cell for number, cell in content if number in keys), None)
    lead = next((cell for _, cell in content if isinstance(cell, str)), None)
    if _numbering(content, width):
        return "mark"
    if lead is None or isinstance(content[0][1], Broken):
        return ""
    settings = words()["rows"]
    first = fold(lead)
    if _begins(first, "total") and len(first) <= 12 and _totals(content, keys, first):
        return "total"
    if len(content) > 1 and all(compact(str(cell)) in headings.get(number, ()) for number, cell in content):
        return "heading"
    if all(isinstance(cell, str) and (fold(cell) in settings["marks"] or is_unit(cell)) for _, cell in content):
        return "mark"
    if len(content) > 2 and all(isinstance(cell, str) and _NAME.fullmatch(cell) for _, cell in content):
        return "mark"
    if first.strip(":：()（）") in _folded("sample") or (_begins(first, "sample") and len(first) <= 6):
        return "note"
    if key_text is not None and key_text is not content[0][1] and not _label(lead) and not _label(key_text):
        return ""
    if len(content) > max(1, width * settings["sparse"]):
        return ""
    texts = [fold(cell) for _, cell in content if isinstance(cell, str)]
    if any(word in text for text in texts for word in _folded("signature")):
        return "signature"
    if len(content) > 1 and len(texts) == len(content) and all(":" in text for text in texts):
        return "signature"
    if any(text.endswith(_folded("total")) and len(text) <= 12 for text in texts):
        return "total"
    if _begins(first, "note") or (len(content) == 1 and len(first) > 30):
        return "note"
    return ""


def _lone(row: Sequence[Cell], keys: Sequence[int], before: str, *, merged: bool) -> str:
    """What a row of one text is: a part's heading, a line of a note, or data that lacks all but its key.

    Args:
        row: the row.
        keys: the columns that identify a row, 1-based.
        before: what the row above is, blank ones passed over.
        merged: whether a merge spreads the text over several columns.
    """
    content = [(number, cell) for number, cell in enumerate(row, 1) if cell is not None and _content(cell)]
    if len(content) != 1 or not isinstance(content[0][1], str):
        return ""
    number, text = content[0][0], fold(content[0][1])
    if _PART.fullmatch(text):
        return "part"
    if _POINT.fullmatch(text) or _SENTENCE.search(text) or (before == "note" and not _KEY.fullmatch(text)):
        return "note"
    return "part" if merged or number not in keys else ""


def _label(cell: Cell) -> bool:
    """Whether a cell only names what stands or is to be written beside it: 填表人：."""
    return isinstance(cell, str) and fold(cell).endswith(":")


def _totals(content: Sequence[tuple[int, Cell]], keys: Sequence[int], first: str) -> bool:
    """Whether a row that begins with a word for a total is one: at most a count stands where rows have keys."""
    named = [fold(str(cell)) for number, cell in content[1:] if number in keys]
    if not named:
        return content[0][0] not in keys or isinstance(content[0][1], str)
    alone = first.strip(":：") in _folded("total") and fold(str(content[0][1])) == first
    return alone and all(_COUNT.fullmatch(word) for word in named)


def _numbering(content: Sequence[tuple[int, Cell]], width: int) -> bool:
    """Whether the row only counts the columns: 1, 2, 3 and so on."""
    if len(content) < max(4, width * 0.8) or fold(str(content[0][1])) != "1" or fold(str(content[1][1])) != "2":
        return False
    return [fold(str(cell)) for _, cell in content] == [str(n) for n in range(1, len(content) + 1)]


@cache
def _folded(kind: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words()["rows"][kind])


def _begins(text: str, kind: str) -> bool:
    return text.startswith(_folded(kind))


def _unmerged(sheet: Sheet, block: Block, keys: Sequence[int], filled: list[str]) -> Iterator[Sequence[Cell]]:
    """The rows under the headings, with cells merged downwards repeated; says in ``filled`` where."""
    known = {heading.column for heading in block.headings} - set(keys)
    down: dict[int, list[tuple[int, int]]] = {}
    for top, left, last, right in sheet.merges:
        if top > block.bottom and last > top and left == right and left in known:
            for covered in range(top + 1, last + 1):
                down.setdefault(covered, []).append((left, top))
            filled.append(f"{top}—{last}行")
    if not down:
        yield from sheet.rows[block.bottom:]
        return
    for number, row in enumerate(sheet.rows[block.bottom:], block.bottom + 1):
        copied = list(row)
        for column, top in down.get(number, ()):
            above = sheet.rows[top - 1]
            copied += [None] * (column - len(copied))
            copied[column - 1] = above[column - 1] if column <= len(above) else None
        yield copied
