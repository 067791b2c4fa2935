"""Finds the heading rows of a foreign sheet and flattens merged group headings to ``组_字段``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.data import toml
from macros.records import Broken
from macros.values import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.hosts import Sheet
    from macros.records import Cell

_BREAKS = re.compile(r"\s*[\r\n]+\s*")
#: A heading in two languages: 经度 Longitude, 需求编号/Demand No.
_BOTH = re.compile(r"(?P<ours>.*[\u4e00-\u9fff)）])[\s/|_-]*(?=[A-Z]?[a-z])[A-Za-z][A-Za-z .'_-]{3,}\s*$")
_BRACKET = re.compile(r"[(\[【（〔]([^()\[\]【】（）〔〕]*)[)\]】）〕]\s*$")
#: What counts a heading: 1. 站址编码, （一）站址编码, ③站址编码.
_COUNT = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_COUNTED = re.compile(rf"\s*(?:[(（]\s*{_COUNT}\s*[)）]|{_COUNT}\s*[.．、)）](?!\d)|[①-⒛㈠-㈩])\s*(?=\S)")
#: What leads to a note below: 站址编码①, 站址编码², 站址编码[注1]; a square metre does not.
_NOTED = re.compile(
    r"(?<=[\u4e00-\u9fff)）])(?<!米)\s*(?:[①-⑳¹²³⁴-⁹]|[(\[（【〔]注\s*\d*[)\]）】〕])+(?=\s*(?:$|[(\[（【〔]))"
)


@cache
def words() -> dict[str, Any]:
    """``words.toml``: how headings and rows are recognised."""
    return toml(Path(__file__).parent / "words.toml")


@lru_cache(maxsize=1 << 14)
def compact(text: str) -> str:
    """A heading as two spellings of it are compared: folded, without brackets, signs and underscores."""
    return fold(text).translate(_dropped())


@cache
def _dropped() -> dict[int, None]:
    return dict.fromkeys(map(ord, words()["headings"]["signs"]))


def shown(cell: Cell) -> str:
    """A heading cell as text on one line; empty for a blank or an unusable one."""
    if cell is None or isinstance(cell, Broken):
        return ""
    return _BREAKS.sub("", str(cell)).strip()


@dataclass(frozen=True, slots=True)
class Heading:
    """One column's heading: its 1-based sheet column and its parts from the outermost group to the field."""

    column: int
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The flattened heading."""
        return "_".join(self.parts)


@dataclass(frozen=True, slots=True)
class Block:
    """The heading rows of a sheet: first and last row, 1-based, and a heading for each column that has one.

    ``titles`` counts the rows that are no groups of the last: a single text, a remark, or as many texts.
    ``hidden`` lists headings that a merge spreads over several columns of the last heading row, so that the headings
    of those columns are hidden, as (text, first column, last column).
    """

    top: int
    bottom: int
    headings: tuple[Heading, ...]
    hidden: tuple[tuple[str, int, int], ...]
    titles: int


def block(sheet: Sheet, top: int, height: int) -> Block:
    """Flatten ``height`` rows from the 1-based row ``top``."""
    bottom = top + height - 1
    rows = [list(map(shown, sheet.rows[r - 1])) if r <= len(sheet.rows) else [] for r in range(top, bottom + 1)]
    width = max(map(len, rows), default=0)
    merges = [m for m in sheet.merges if m[0] <= bottom and m[2] >= top]
    for row in rows:
        row += [""] * (width - len(row))
    for first, left, last, right in merges:
        if first < top:
            continue
        text = rows[first - top][left - 1] if left <= width else ""
        for r in range(first, min(last, bottom) + 1):
            for c in range(left, min(right, width) + 1):
                rows[r - top][c - 1] = text
    if not merges:
        _spread_groups(rows)
    texts = [set(row) - {""} for row in rows]
    titles = sum(
        len(upper) < 2 or len(upper) >= len(texts[-1]) or any(":" in fold(text) for text in upper)
        for upper in texts[:-1]
    )
    hidden = tuple(
        (shown(_at(sheet, first, left)), left, right)
        for first, left, last, right in merges
        if last == bottom and right > left and shown(_at(sheet, first, left))
    )
    # A heading spread over several columns belongs to the first of them.
    covered = {column for _, left, right in hidden for column in range(left + 1, right + 1)}
    headings = []
    for column in range(width):
        if column + 1 in covered:
            continue
        parts: list[str] = []
        for row in rows:
            if row[column] and (not parts or parts[-1] != row[column]):
                parts.append(row[column])
        if parts:
            headings.append(Heading(column + 1, tuple(parts)))
    return Block(top, bottom, tuple(headings), hidden, titles)


def _spread_groups(rows: list[list[str]]) -> None:
    """Where no merge tells, a group's name reaches right over the blanks that have a field under them."""
    for upper, lower in pairwise(rows):
        group = ""
        for column, field in enumerate(lower):
            if upper[column]:
                group = upper[column] if field else ""
            elif field and group:
                upper[column] = group
            else:
                group = ""


def _at(sheet: Sheet, row: int, column: int) -> Cell:
    cells = sheet.rows[row - 1] if row <= len(sheet.rows) else []
    return cells[column - 1] if column <= len(cells) else None


def top_rows(sheet: Sheet) -> int:
    """How many rows are looked at for headings, with the empty ones above all else."""
    blank = next((number for number, row in enumerate(sheet.rows) if any(map(shown, row))), 0)
    return min(len(sheet.rows), blank + int(words()["headings"]["search_rows"]))


def candidates(sheet: Sheet, vocabulary: frozenset[str]) -> Iterator[Block]:
    """Every block of rows near the top that could be the headings, because it holds words of ``vocabulary``."""
    settings = words()["headings"]
    depth = top_rows(sheet)
    hits = [sum(_known(text, vocabulary) for text in map(shown, row) if text) for row in sheet.rows[:depth]]
    # A word or two of the vocabulary also stand in data rows; headings hold far more than those.
    least = max(2, max(hits, default=0) * settings["near_best"])
    for top in range(1, depth + 1):
        for height in range(1, min(settings["most_rows"], depth - top + 1) + 1):
            if max(hits[top - 1 : top + height - 1]) >= least and any(map(shown, sheet.rows[top - 1])):
                yield block(sheet, top, height)


def upright(sheet: Sheet, vocabulary: frozenset[str]) -> int:
    """The column in which headings stand one under another, as in a table laid on its side; 0 where none does."""
    top, least = sheet.rows[: top_rows(sheet)], words()["sheets"]["least_columns"]
    for column in range(least):
        texts = [text for row in top if column < len(row) and (text := shown(row[column]))]
        known = sum(_known(text, vocabulary) for text in texts)
        if known >= least and known * 2 > len(texts):
            return column + 1
    return 0


def _known(text: str, vocabulary: frozenset[str]) -> bool:
    """Whether a text is a known heading, by itself or as the field of a group joined to it: 本月费用(元)_场地费折后."""
    return any(name in vocabulary for part in {text, text.rpartition("_")[2]} for name in spellings(part))


@lru_cache(maxsize=1 << 14)
def spellings(text: str) -> tuple[str, ...]:
    """The compact forms a heading may be known by: uncounted, then without the remarks in brackets at its end."""
    rest = _uncounted(text)
    found = [compact(rest)]
    while (bracket := _BRACKET.search(rest)) and rest[: bracket.start()].strip():
        rest = rest[: bracket.start()].strip()
        found.append(compact(rest))
    both = _BOTH.fullmatch(rest)
    if both:
        found.append(compact(both["ours"]))
    return tuple(dict.fromkeys(word for word in found if word))


def _uncounted(text: str) -> str:
    """A heading without its number and without signs that lead to notes."""
    return _NOTED.sub("", _COUNTED.sub("", text, count=1))


@lru_cache(maxsize=1 << 14)
def remarks(text: str) -> tuple[str, ...]:
    """The folded remarks in brackets at a heading's end, outermost first."""
    found = []
    rest = _uncounted(text)
    while bracket := _BRACKET.search(rest):
        found.append(fold(bracket[1]))
        rest = rest[: bracket.start()].strip()
    return tuple(found)


def plain_heading_row(sheet: Sheet) -> int:
    """The row that looks most like headings when none of its words is known; 0 when there is none.

    It is the first row of at least three different short texts without figures.
    """
    settings = words()
    for number, row in enumerate(sheet.rows[: top_rows(sheet)], 1):
        texts = [cell for cell in row if cell is not None and not isinstance(cell, Broken)]
        if len(texts) < settings["sheets"]["least_columns"]:
            continue
        if all(isinstance(cell, str) and shown(cell) and not _figures(cell) for cell in texts):
            return number
    return 0


def _figures(text: str) -> bool:
    """Whether a text is mostly figures, or too long for a heading."""
    word = fold(text)
    return len(word) > 40 or sum(map(str.isdigit, word)) * 2 >= len(word)
