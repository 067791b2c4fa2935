"""report: one kind of report over the register, each made by its own module."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from macros.commands import Answer

#: Where reports go below the register when no folder is named.
HOME = "报告"


def report(
    folder: Path, kind: str, what: Sequence[str] = (), out: Path | None = None, now: str | None = None
) -> Answer:
    """Make one report.

    Args:
        folder: the register.
        kind: month, week, meeting, quarter, kpi, forecast or handover; each a module of this package with its own
            ``report(folder, what, out, now)``.
        what: the period and whose report it is, as the kind reads it.
        out: where it goes; 报告 below the register when None.
        now: the moment it is, the present when None.
    """
    made = import_module(f"macros.commands.reports.{kind}")
    answer: Answer = made.report(folder, tuple(what), out or folder / HOME, now)
    return answer
