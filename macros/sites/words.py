"""Loads the rules of consolidation: limits with their first days, labels, reasons, names of coordinate systems."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from macros.data import toml

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

RULES = Path(__file__).parents[1] / "rules"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a tower may hold and how far is far, in metres, from a day on.

    ``tenants`` operators have room on one tower; an allowed offset above ``offset`` is doubted; two towers nearer
    than ``same_place`` may be one registered twice.
    """

    tenants: int
    offset: float
    same_place: float
    clause: str


@cache
def words() -> Mapping[str, Any]:
    """``rules/consolidation.toml``."""
    return MappingProxyType(toml(RULES / "consolidation.toml"))


def limits(day: dt.date) -> Limits:
    """The limits in force on a day; the first also serve earlier days."""
    dated = sorted(words()["limits"], key=lambda one: one["effective"])
    held = [one for one in dated if one["effective"] <= day] or dated[:1]
    last = held[-1]
    return Limits(last["tenants"], float(last["offset_m"]), float(last["same_place_m"]), last["clause"])
