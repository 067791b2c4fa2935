"""A month by its name ``2026-11``: its first and last day, the month of a day, the months before."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange

from macros.periods import add_months

_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


def is_month(text: str) -> bool:
    """Whether the words name a month."""
    return bool(_MONTH.fullmatch(text))


def first_of(month: str) -> dt.date:
    """The month's first day.

    Raises:
        ValueError: it is no month.
    """
    return dt.date.fromisoformat(f"{month}-01")


def last_of(month: str) -> dt.date:
    """The month's last day.

    Raises:
        ValueError: it is no month.
    """
    return end_of(first_of(month))


def end_of(day: dt.date) -> dt.date:
    """The last day of the month a day lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def name_of(day: dt.date) -> str:
    """The month a day lies in: ``2026-11``."""
    return f"{day:%Y-%m}"


def previous(month: str, back: int = 1) -> str:
    """The name of the month ``back`` months before."""
    return name_of(add_months(first_of(month), -back))
