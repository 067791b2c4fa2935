"""Words of a column for people: the note on its heading and the messages of its drop-down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.choices import values_of
from macros.workbooks.words import guide, style

if TYPE_CHECKING:
    from macros.forms import Column

_DIGITS = re.compile(r"\^\\d\{(\d+)\}\$")


def digits(column: Column) -> int:
    """How many digits a code must have; 0 where its pattern says something else or nothing."""
    found = _DIGITS.fullmatch(column.pattern)
    return int(found[1]) if found else 0


def note(column: Column) -> str:
    """What to write in the column, why, and by which clause; one thought a line."""
    words = guide()
    if column.ours:
        return "\n".join([words["tool_note"], column.note])
    kind = style()["type"][column.type]["hint"]
    lines = [f"{words['required_note']}；{kind}" if column.required else kind]
    if column.list:
        lines.append(words["list_note"].format(values="、".join(values_of(column.list))))
    if digits(column):
        lines.append(words["pattern_note"].format(length=digits(column)))
    if column.note:
        lines.append(column.note)
    if column.clause:
        lines.append(words["clause_note"].format(clause=column.clause))
    return "\n".join(lines)


def bounds(column: Column) -> str:
    """The column's limits in words."""
    low, high = column.minimum, column.maximum
    return str(guide()["at_least" if high is None else "between"].format(low=low, high=high))


def fitting(text: str, most: int = 220) -> str:
    """A message as long as a drop-down may show (255 signs, counted generously)."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
