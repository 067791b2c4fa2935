"""Loads what the loops go by: standings, paths of a change, sheets and sentences, from ``rules/loops.toml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.data import toml

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def rules() -> Mapping[str, Any]:
    """``rules/loops.toml``; see its comments."""
    return toml(Path(__file__).parents[1] / "rules" / "loops.toml")


def holds(rule: Mapping[str, Any], facts: frozenset[str]) -> bool:
    """Whether a rule speaks of something of which these facts are true: all of ``has``, none of ``lacks``."""
    return facts.issuperset(rule.get("has", ())) and facts.isdisjoint(rule.get("lacks", ()))
