"""The clock as an argument: reads ``--now``, and takes the machine's time only at the edge."""

from __future__ import annotations

import datetime as dt
import os

from macros.hosts import refuse

_CHINA = dt.timezone(dt.timedelta(hours=8))


def moment(text: str | None) -> dt.datetime:
    """The moment a command works at: ``text`` in ISO form, else the present in China, to the second, zone-free.

    A click has no word for it: the environment's ``TOWERDESK_NOW`` stands for ``text`` where none is given, as in
    demonstrations of a sample city whose days have passed.

    Raises:
        Refused: the text is no ISO date or time.
    """
    text = text or os.environ.get("TOWERDESK_NOW")
    if not text:
        return dt.datetime.now(_CHINA).replace(tzinfo=None, microsecond=0)
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise refuse("CMD005", value=text) from None
    return found.astimezone(_CHINA).replace(tzinfo=None) if found.tzinfo else found
