"""Loads the drop-down lists: every accepted spelling and the value it stands for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from macros.data import toml

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A list's accepted spellings, the values themselves first, and the value each stands for.
Spellings = dict[str, str]


@cache
def choices() -> Mapping[str, Spellings]:
    """Every list of ``rules/choices.toml`` by its name."""
    raw = toml(Path(__file__).parent / "rules" / "choices.toml")
    return MappingProxyType({name: spellings(values) for name, values in raw.items()})


def spellings(values: Mapping[str, list[str]]) -> Spellings:
    """One list's spellings from its values and their other spellings; a value outranks another's spelling."""
    others = {other: value for value, aliases in values.items() for other in aliases}
    return {value: value for value in values} | {
        other: value for other, value in others.items() if other not in values
    }


def values_of(name: str) -> tuple[str, ...]:
    """The values of a list in their own order, as a drop-down shows them."""
    return tuple(dict.fromkeys(choices()[name].values()))


def is_open(name: str) -> bool:
    """Whether a list only suggests: other words may stand in its columns, and nothing is reckoned from them."""
    return name in _open_lists()


@cache
def _open_lists() -> frozenset[str]:
    raw = toml(Path(__file__).parent / "rules" / "register.toml")
    return frozenset(raw["open_lists"])
