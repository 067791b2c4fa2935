"""Takes apart a cell that names several people: 客户代表A（网络部）、客户代表B."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"[、，,；;/\n]+|\s{2,}")
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")


def names(text: str) -> list[str]:
    """The names in a cell, in its order, without what stands in brackets behind them."""
    return [name for part in _BETWEEN.split(_ASIDE.sub("", text)) if (name := part.strip())]
