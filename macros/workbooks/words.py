"""Loads the look (``rules/style.toml``) and the words (``rules/guide.toml``) of the workbooks."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

RULES = Path(__file__).parents[1] / "rules"


@cache
def style() -> dict[str, Any]:
    """Fonts, colours, formats and widths."""
    return tomllib.loads((RULES / "style.toml").read_text(encoding="utf-8"))


@cache
def guide() -> dict[str, Any]:
    """The words of the guide sheet, of notes and of messages."""
    return tomllib.loads((RULES / "guide.toml").read_text(encoding="utf-8"))


@cache
def boards() -> tuple[dict[str, Any], ...]:
    """The workbooks the program fills, with their sheets and columns."""
    return tuple(tomllib.loads((RULES / "board.toml").read_text(encoding="utf-8"))["workbook"])


@cache
def assumptions() -> tuple[dict[str, Any], ...]:
    """The assumptions and settings, in order."""
    return tuple(tomllib.loads((RULES / "assumptions.toml").read_text(encoding="utf-8"))["assumption"])
