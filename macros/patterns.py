"""Patterns that are compiled when they are first used: a command uses few of those its modules name."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, by the time one of its methods is called; it is used by its methods alone."""
    return cast("re.Pattern[AnyStr]", _Late(text, flags))


class _Late:
    """A pattern not compiled yet; a method asked for once is its own from then on."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found
