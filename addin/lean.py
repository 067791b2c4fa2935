"""Loads xlwings without pandas: a click hands over plain rows, and loading pandas would take half of its time."""

from __future__ import annotations

import contextlib
import sys
from importlib import import_module

_HEAVY = "pandas"


def load() -> None:
    """Load xlwings, unless it is there already or is not installed; pandas can be loaded by others as before."""
    if "xlwings" in sys.modules or _HEAVY in sys.modules:
        return
    # xlwings converts data frames only where it finds pandas while it is being loaded.
    sys.modules[_HEAVY] = None  # type: ignore[assignment]
    try:
        with contextlib.suppress(ImportError):
            import_module("xlwings")
    finally:
        del sys.modules[_HEAVY]
