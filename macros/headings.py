"""Matches the headings of a register sheet to the columns of its form and says what is wrong with them."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.data import toml
from macros.findings import finding
from macros.records import column_letter
from macros.values import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from macros.findings import Finding
    from macros.forms import Form
    from macros.records import Cell, Place


@cache
def settings() -> dict[str, Any]:
    """``rules/register.toml``: how register sheets are read."""
    return toml(Path(__file__).parent / "rules" / "register.toml")


class Matched(NamedTuple):
    """What a heading row holds.

    ``columns`` gives the 1-based sheet column of each form column, 0 where there is none; ``repeated`` has a
    second heading of a column already found: (sheet column, heading, sheet column of the first); ``unknown`` has the
    headings that name no column, by sheet column.
    """

    columns: tuple[int, ...]
    repeated: tuple[tuple[int, str, int], ...]
    unknown: Mapping[int, str]


@cache
def _names(form: Form) -> dict[str, int]:
    """Folded heading → position of the form column; headings and titles outrank aliases."""
    names: dict[str, int] = {}
    for words in (
        [(c.heading, i) for i, c in enumerate(form.columns)],
        [(c.title, i) for i, c in enumerate(form.columns)],
        [(alias, i) for i, c in enumerate(form.columns) for alias in c.aliases],
    ):
        for word, position in words:
            names.setdefault(fold(word), position)
    return names


@cache
def _titles(form: Form) -> dict[str, int]:
    """Folded titles and headings → position of the form column."""
    titles = {fold(column.title): number for number, column in enumerate(form.columns)}
    return titles | {fold(column.heading): number for number, column in enumerate(form.columns)}


def match(form: Form, headings: Sequence[Cell]) -> Matched:
    """Find the form's columns in a heading row, in any order and among the user's own columns.

    A heading counts as the column's heading, title or alias, widths, spaces and line breaks apart, with or
    without a unit in brackets. A column's own title outranks an alias, wherever the two stand.
    """
    return _matched(form, tuple((number, str(cell)) for number, cell in enumerate(headings, 1) if cell is not None))


@lru_cache(maxsize=256)
def _matched(form: Form, filled: tuple[tuple[int, str], ...]) -> Matched:
    names, titles = _names(form), _titles(form)
    found: dict[int, int] = {}
    repeated = []
    words = [(number, shown, fold(shown)) for number, shown in filled]
    for table in (titles, names):
        taken, settled = set(found.values()), set(found)
        for number, shown, word in words:
            position = _position(table, word)
            # Beside a column's own title its aliases are the user's words for something else.
            if position is None or number in taken or position in settled:
                continue
            if position not in found:
                found[position] = number
            else:
                repeated.append((number, shown, found[position]))
    unknown = {number: shown.strip() for number, shown, word in words if word and _position(names, word) is None}
    return Matched(
        tuple(found.get(position, 0) for position in range(len(form.columns))), tuple(repeated), unknown,
    )


def _position(names: dict[str, int], word: str) -> int | None:
    if word in names:
        return names[word]
    for opening, closing in settings()["brackets"]:
        if word.endswith(fold(closing)) and fold(opening) in word:
            return names.get(word[: word.rindex(fold(opening))])
    return None


def heading_findings(form: Form, matched: Matched, place: Place) -> list[Finding]:
    """What is wrong with a heading row standing at ``place``: none known, one twice, missing or perhaps renamed."""
    where = {"workbook": place.workbook, "sheet": place.sheet}
    if not any(matched.columns):
        return [finding("REG003", **where, cell=place.cell(1), table=form.title)]
    findings = [
        finding("REG001", **where, cell=place.cell(number), value=shown, first=f"{column_letter(first)}列")
        for number, shown, first in matched.repeated
    ]
    findings += [
        finding("REG002", **where, cell=place.cell(1), field=column.title, table=form.title)
        for column, number in zip(form.columns, matched.columns, strict=True)
        if column.required and not number
    ]
    findings += [
        finding("REG007", **where, cell=place.cell(number), field=title, value=shown, table=form.title)
        for title, number, shown in _renamed(form, matched)
    ]
    return findings


def _renamed(form: Form, matched: Matched) -> Iterator[tuple[str, int, str]]:
    """Unknown headings where an optional column belongs, beside its neighbour: its title, where, the word."""
    numbers = (0, *matched.columns, 0)
    for column, left, number, right in zip(form.columns, numbers, numbers[1:], numbers[2:], strict=False):
        if number or column.required or column.ours:
            continue
        place = next((at for at in (left and left + 1, right and right - 1) if at in matched.unknown), 0)
        if place:
            yield column.title, place, matched.unknown[place]
