"""The words and rules of service, from ``rules/service.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from macros.data import toml

if TYPE_CHECKING:
    from collections.abc import Mapping

Table = Literal["fault", "complaint"]
TABLES: tuple[Table, ...] = ("fault", "complaint")


@dataclass(frozen=True, slots=True)
class Measure:
    """A rate: the share of cases that kept every one of ``clocks``, or that stayed over where there are none."""

    id: str
    table: Table
    title: str
    clocks: tuple[str, ...]
    clause: str
    formula: str


@cache
def rules() -> Mapping[str, Any]:
    """Everything the file says."""
    return MappingProxyType(toml(Path(__file__).parents[1] / "rules" / "service.toml"))


@cache
def measures(table: Table) -> tuple[Measure, ...]:
    """The rates of a table's cases, in the order they are shown."""
    return tuple(
        Measure(each["id"], each["table"], each["title"], tuple(each["clocks"]), each["clause"], each["formula"])
        for each in rules()["measure"] if each["table"] == table
    )
