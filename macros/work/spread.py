"""Spreads a month's actions over its working days: never on a rest day, as many a day as can be equal."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from macros.records import Record
    from macros.work.wanted import Wanted


def spread(wanted: Sequence[Wanted], present: Iterable[Record]) -> list[dt.date]:
    """A day for each row, in their order; the same rows always get the same days.

    What has one day only is placed first. Each of the others goes to the day on which its owner has the fewest rows
    so far, a day on which its customer has one already being taken only where all have; of equal days the earliest.

    Args:
        wanted: the rows, each with the days it may stand on.
        present: rows already planned, which count and stay.
    """
    load: Counter[tuple[str, dt.date]] = Counter()
    met: Counter[tuple[str, dt.date]] = Counter()
    for there in present:
        planned = there.date("planned_on")
        if planned:
            load[there.text("owner"), planned] += 1
            met[there.text("customer_name"), planned] += 1
    chosen: dict[int, dt.date] = {}
    for number in sorted(range(len(wanted)), key=lambda each: len(wanted[each].days) > 1):
        row = wanted[number]
        day = min(row.days, key=partial(_rank, row, load, met))
        load[row.owner, day] += 1
        met[row.customer, day] += 1
        chosen[number] = day
    return [chosen[number] for number in range(len(wanted))]


def _rank(
    row: Wanted, load: Counter[tuple[str, dt.date]], met: Counter[tuple[str, dt.date]], day: dt.date,
) -> tuple[int, int, dt.date]:
    """How little a day suits a row."""
    return met[row.customer, day] if row.customer else 0, load[row.owner, day], day
