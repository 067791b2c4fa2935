"""Loads what the manager's own work goes by: frequencies, states, sheets and sentences, from ``rules/*.toml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.data import toml

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def rules(name: str = "work") -> Mapping[str, Any]:
    """``rules/<name>.toml``: work (plans), visits, care, diary, checklists, analysis; see their comments."""
    return toml(Path(__file__).parents[1] / "rules" / f"{name}.toml")
