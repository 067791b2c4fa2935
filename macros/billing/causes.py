"""What the causes of a change are called, everywhere the same: from ``rules/causes.toml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from macros.data import toml

_RULES = Path(__file__).parents[1] / "rules" / "causes.toml"


@cache
def titles() -> dict[str, str]:
    """Each cause of a change from month to month with what people read, in the order they read them."""
    return dict(toml(_RULES)["cause"])


@cache
def correction(cause: str) -> str:
    """Why an issued month is corrected; causes it shares with the change from month to month are called the same."""
    named: str = (toml(_RULES)["correction"] | {name: titles()[name] for name in ("price", "sharing")})[cause]
    return named
