"""The words, columns and looks of a month's workbooks, from ``rules/wide.toml`` and ``rules/control.toml``."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from macros.data import toml
from macros.workbooks.words import RULES


class Column(NamedTuple):
    """One column of a wide list: its heading, the group above it, and where its values come from, empty for blank."""

    title: str
    group: str
    source: str
    type: str
    width: float
    note: str


@cache
def wide() -> dict[str, Any]:
    """The wide list: its file, its sheets, its groups of columns."""
    return toml(RULES / "wide.toml")


@cache
def control() -> dict[str, Any]:
    """The control workbook: its sheets, checks, causes and charts."""
    return toml(RULES / "control.toml")


@cache
def columns() -> tuple[Column, ...]:
    """The wide list's columns in their order, from position 0."""
    return tuple(_column(one, group["title"]) for group in wide()["group"] for one in group["columns"])


@cache
def run_columns() -> tuple[Column, ...]:
    """The columns of the list of generator runs."""
    return tuple(_column(one, "") for one in wide()["runs"]["columns"])


def _column(raw: dict[str, Any], group: str) -> Column:
    return Column(raw["title"], group, raw["source"], raw["type"], raw["width"], raw.get("note", ""))
