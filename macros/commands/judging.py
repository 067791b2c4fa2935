"""What the clocks say of a register at a moment, by its own calendar and with the days that 单据登记簿 tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.commands.days import calendar_of
from macros.commands.taking_back import with_days

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from macros.clocks.engine import Judged
    from macros.register import Register


def judged(register: Register, at: dt.datetime, clocks: Iterable[str] | None = None) -> Judged:
    """Every deadline at a moment, or those of some clocks."""
    from macros.clocks.engine import judge_all

    return judge_all(with_days(register, at.date()), calendar_of(register), at, clocks=clocks)
