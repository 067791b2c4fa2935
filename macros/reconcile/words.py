"""The settings and words of reconciliation, from ``rules/reconcile.toml``."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from macros.data import toml

_RULES = Path(__file__).parents[1] / "rules" / "reconcile.toml"


@cache
def words() -> dict[str, Any]:
    """The file as read."""
    return toml(_RULES)


@cache
def limit(name: str) -> Decimal:
    """A limit: metres, yuan, decimals or a share."""
    return Decimal(str(words()["limits"][name]))


def detail(name: str, **parts: object) -> str:
    """What is said of a cause, its blanks filled."""
    said: str = words()["detail"][name]
    return said.format(**parts)


def title(cause: str) -> str:
    """A cause as people read it."""
    named: str = words()["cause"][cause]["title"]
    return named
