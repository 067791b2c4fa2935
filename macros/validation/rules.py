"""Loads ``rules/checks.toml``, the data behind the row rules."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.data import toml

if TYPE_CHECKING:
    from macros.forms import Form


@cache
def rules() -> dict[str, Any]:
    """The whole file, as it stands."""
    return toml(Path(__file__).parents[1] / "rules" / "checks.toml")


@cache
def rules_of(kind: str, table: str) -> tuple[dict[str, Any], ...]:
    """The rules of one kind (``chain``, ``need``, ``bound`` …) for one table."""
    return tuple(rule for rule in rules()[kind] if rule["table"] == table)


@cache
def positions(form: Form, listed: str) -> frozenset[int]:
    """Positions in ``form`` of the columns a list names as ``table.column``; ``listed`` is ``section.key``."""
    section, key = listed.split(".")
    names = (name.partition(".") for name in rules()[section][key])
    return frozenset(form.index[column] for table, _, column in names if table == form.code)
