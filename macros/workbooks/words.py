"""Loads the look (``rules/style.toml``) and the words (``rules/guide.toml``) of the workbooks."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from macros.data import toml

RULES = Path(__file__).parents[1] / "rules"


@cache
def style() -> dict[str, Any]:
    """Fonts, colours, formats and widths."""
    return toml(RULES / "style.toml")


@cache
def guide() -> dict[str, Any]:
    """The words of the guide sheet, of notes and of messages."""
    return toml(RULES / "guide.toml")


@cache
def boards() -> tuple[dict[str, Any], ...]:
    """The workbooks the program fills, with their sheets and columns."""
    return tuple(toml(RULES / "board.toml")["workbook"])


@cache
def assumptions() -> tuple[dict[str, Any], ...]:
    """The assumptions and settings, in order."""
    return tuple(toml(RULES / "assumptions.toml")["assumption"])
