"""Finds the placeholders that somebody may have meant: by spelling, by containing, and by where they belong."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from generator.definition_checks import SERIAL

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_MOST = 3
_CLOSE = 0.5


def near(path: str, written: str, fields: AbstractSet[str]) -> str:
    """The end of a sentence that names what an unknown placeholder may stand for; empty when nothing is like it.

    Args:
        path: the placeholder as its use was read: ``明细[].金`` for a column of a loop's row, ``甲?`` after an if.
        written: as the template has it.
        fields: legal placeholders.
    """
    path = path.rstrip("?")
    if path.endswith("[]."):
        return f"；它是列表的一行，须写明列名，如“{written}.{_column(path, fields)}”"
    if f"{path}[]" in fields:
        return f"；它是列表，须用{{%tr for 行 in {written} %}}逐行印出"
    row, _, last = path.rpartition(".")
    if f"{row}[]" in fields and f"{row}[].{last}" in fields:
        return f"；它是列表“{row}”的列，须写在for与endfor之间"
    if row not in fields:
        list_ = next((each for each in sorted(fields) if each.endswith(f"[].{last}")), "")
        same = [each for each in sorted(fields) if "[]" not in each and each.rpartition(".")[2] == last]
        if list_ and not same:
            return f"；“{last}”是列表“{list_.partition('[]')[0]}”的列，须写在for与endfor之间"
        if same and not row:
            return _asked(same)
    return _asked(_alike(path, last, row, fields))


def _column(row: str, fields: AbstractSet[str]) -> str:
    """A column of a row, for an example."""
    names = sorted(each.removeprefix(row) for each in fields if each.startswith(row))
    return next((name for name in names if "[]" not in name and name != SERIAL), SERIAL)


def _alike(path: str, last: str, row: str, fields: AbstractSet[str]) -> list[str]:
    """The nearest names: those spelled alike first, then those that contain the word or stand in it."""
    own = {each.rpartition(".")[2]: each for each in sorted(fields) if each.rpartition(".")[0] == row}
    found = [own[each] for each in get_close_matches(last, own, _MOST, _CLOSE)]
    found += get_close_matches(path, sorted(fields), 1, _CLOSE)
    if len(last) > 1:
        within = [each for title, each in own.items() if len(title) > 1 and (last in title or title in last)]
        found += sorted(within, key=lambda each: (abs(len(each) - len(path)), each))
    names = []
    for each in found:
        if not each.endswith("[]") or path.endswith("[]"):
            base, _, title = each.rpartition(".")
            names.append(title if row.endswith("[]") and base == row else each.replace("[]", ""))
    return names


def _asked(names: list[str]) -> str:
    several = list(dict.fromkeys(names))[:_MOST]
    return f"，是否应为{'或'.join(f'“{each}”' for each in several)}" if several else ""
