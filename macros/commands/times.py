"""The clock as an argument: reads ``--now``, and takes the machine's time only at the edge."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from macros.data import toml
from macros.hosts import refuse

RULES = Path(__file__).parents[1] / "rules" / "command.toml"

_CHINA = dt.timezone(dt.timedelta(hours=8))


def moment(text: str | None) -> dt.datetime:
    """The moment a command works at: ``text``, else the present in China, to the second, zone-free.

    A click has no word for it: the environment's ``TOWERDESK_NOW`` stands for ``text`` where none is given, as in
    demonstrations of a sample city whose days have passed.

    Raises:
        Refused: the text is no date or time, or one that no register is of.
    """
    if text is None:
        text = os.environ.get("TOWERDESK_NOW") or None
    if text is None:
        return dt.datetime.now(_CHINA).replace(tzinfo=None, microsecond=0)
    found, years = named(text), toml(RULES)["years"]
    if not years[0] <= found.year <= years[1]:
        raise refuse("CMD026", value=text, first=years[0], last=years[1])
    return found


def named(text: str) -> dt.datetime:
    """The day or moment a call names, in ISO form or as a cell may hold it, zone-free.

    Raises:
        Refused: the text is no date or time.
    """
    from macros.values import Unreadable, read_moment

    try:
        found = dt.datetime.fromisoformat(text)
        return found.astimezone(_CHINA).replace(tzinfo=None) if found.tzinfo else found
    except (ValueError, OverflowError):
        pass
    try:
        read = read_moment(text)
    except Unreadable:
        read = None
    if read is None:
        raise refuse("CMD005", value=text)
    return read
