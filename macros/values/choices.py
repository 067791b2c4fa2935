"""Reads what may only be one of a few words: yes or no, and drop-down lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.records import Broken, Cell
from macros.values.errors import Unreadable, refuse_broken
from macros.values.text import clean_text, fold
from macros.values.words import FLAGS

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_flag(cell: Cell) -> bool | None:
    """Yes or no; None for a blank, which is neither.

    Accepted: 是/否, 有/无, Y/N, √/×, 1/0, true and false, and the like (``rules/values.toml``).

    Raises:
        Unreadable: anything else.
    """
    if cell is None or isinstance(cell, bool):
        return cell
    if type(cell) is str and cell in FLAGS:
        return FLAGS[cell]
    if isinstance(cell, Broken):
        refuse_broken(cell)
    word = fold(cell if isinstance(cell, str) else clean_text(cell))
    if not word:
        return None
    if word not in FLAGS:
        raise Unreadable("VAL040", cell)
    return FLAGS[word]


def read_choice(cell: Cell, choices: Mapping[str, str]) -> str | None:
    """The value whose spelling the cell holds; None for a blank.

    Args:
        cell: the cell.
        choices: every accepted spelling, the values themselves among them, and the value it stands for.

    Raises:
        Unreadable: no such spelling, widths, spaces and letter case apart; ``allowed`` lists the values.
    """
    if type(cell) is str and cell in choices:
        return choices[cell]
    text = clean_text(cell)
    if not text:
        return None
    if text in choices:
        return choices[text]
    word = fold(text)
    for spelling, value in choices.items():
        if fold(spelling) == word:
            return value
    raise Unreadable("VAL041", cell, allowed="、".join(dict.fromkeys(choices.values())))
