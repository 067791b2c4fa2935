"""The caps of ``rules/limits.toml``, by section and name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from macros.data import toml


@cache
def _sections() -> dict[str, dict[str, int | float | str]]:
    return toml(Path(__file__).parents[1] / "rules" / "limits.toml")


def limit(section: str, name: str) -> int:
    """A whole-number cap: bytes, seconds, rows or cells as the data file says."""
    return int(_sections()[section][name])


def seconds(section: str, name: str) -> float:
    """A time cap in seconds, fractions allowed."""
    return float(_sections()[section][name])


def number_format(name: str) -> str:
    """The number format given to a ``date``, ``moment`` or ``time`` whose cell has none."""
    return str(_sections()["formats"][name])
