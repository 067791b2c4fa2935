"""Words each row's deadlines for the column 时限提示 beside it, worst first."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from macros.clocks.board import distance, instant, shown, standing
from macros.clocks.quiet import no_collection
from macros.clocks.rules import words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from macros.clocks.item import Item
    from macros.records import Place

#: Standings from worst to best, as keys of the words.
_WORST_FIRST = ("late", "today", "near", "normal", "provisional", "waiting")


def hints(items: Iterable[Item], now: dt.datetime) -> Mapping[Place, str]:
    """The hint of every row that has a running deadline, by the row's place.

    Like ``逾期 K04 2026-11-10（逾期9天）；K02 2026-12-04（剩13天）``: the worst standing, then the deadlines. Soft
    limits follow the others and set the standing only where they are alone; duties by month or week are no row's.
    """
    rows: dict[Place, list[Item]] = defaultdict(list)
    with no_collection():
        for item in items:
            if item.record and item.running and item.rule.shape != "period":
                rows[item.record.place].append(item)
        return {place: _hint(mine, now) for place, mine in rows.items()}


def _hint(items: list[Item], now: dt.datetime) -> str:
    hint, aside = words()["hint"], words()["aside"]
    firm = sorted((item for item in items if item.kind not in aside), key=lambda i: _rank(i, now))
    soft = sorted((item for item in items if item.kind in aside), key=lambda i: _rank(i, now))
    worst = min(_WORST_FIRST.index(standing(item, now)) for item in firm or soft)
    chosen = (firm + soft)[: int(words()["hints"])]
    named = [_named(item, now) for item in chosen]
    return f"{hint[_WORST_FIRST[worst]]} {str(hint['separator']).join(named)}"


def _rank(item: Item, now: dt.datetime) -> tuple[int, tuple[bool, dt.datetime, str, str]]:
    return _WORST_FIRST.index(standing(item, now)), instant(item)


def _named(item: Item, now: dt.datetime) -> str:
    if item.due is None or item.state == "waiting":
        due = f" {shown(item.due)}" if item.due else ""
        return f"{item.clock}{due}（{words()['hint']['waiting']}）"
    return f"{item.clock} {shown(item.due)}（{distance(item.due, now)}）"
