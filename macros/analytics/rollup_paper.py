"""The province as the rows its one-page paper prints: the whole, the indicators, the cities that come last."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from macros.analytics.rollup import by_clock
from macros.analytics.rollup_summary import last, listed, summary
from macros.analytics.rollup_words import indicators, rules
from macros.clocks.rules import clocks
from macros.tables import records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from macros.analytics.rollup import Measure, Province
    from macros.records import Record, Value

WHOLE, INDICATOR, CITY = "rollup", "rollup_indicator", "rollup_city"


def tables(
    province: Province, day: dt.date, unread: Sequence[str], differing: Sequence[str],
) -> dict[str, tuple[Record, ...]]:
    """The three tables of the paper.

    Args:
        province: the cities that were read.
        day: the day of the roll-up.
        unread: the folders that were not, by name.
        differing: the cities that count otherwise than most.
    """
    return {
        WHOLE: records(WHOLE, [_whole(province, day, unread, differing)]),
        INDICATOR: records(INDICATOR, _indicators(province, day)),
        CITY: records(CITY, _last(province, day)),
    }


def _whole(
    province: Province, day: dt.date, unread: Sequence[str], differing: Sequence[str],
) -> dict[str, Value]:
    sums, months = province.period, list(province.months)
    on_time = province.whole(indicators()[0])
    counts = ("open", "overdue", "demands", "leases", "faults", "complaints", "billed", "received", "owed_late")
    return {
        "day": day, "first": months[0], "last": months[-1], "cities": len(province.cities), "unread": len(unread),
        "unread_names": listed(unread, rules()["named"]) or None, "on_time": on_time.words(), "met": int(on_time.over),
        "judged": int(on_time.under), "differing": listed(differing, rules()["named"]) or None,
        **{name: sums.get(name, 0) for name in counts},
    }


def _indicators(province: Province, day: dt.date) -> list[dict[str, Value]]:
    dash = rules()["words"]["dash"]
    return [
        {
            "day": day, "title": line.indicator.title, "this": line.this or dash, "before": line.before or dash,
            "value": line.whole.words(), "base": _base(line.whole), "best": line.best or dash,
            "worst": line.worst or dash,
        } for line in summary(province)
    ]


def _last(province: Province, day: dt.date) -> list[dict[str, Value]]:
    rows: list[dict[str, Value]] = []
    for number, one in last(province, indicators()[0], rules()["last"]):
        city = province.cities[number]
        found = by_clock([city])
        worst = max(found, key=lambda clock: (found[clock].late, clock))
        rows.append({
            "day": day, "place": one.place, "city": one.name, "on_time": one.measure.words(),
            "base": _base(one.measure), "open": city.now.get("open", 0), "overdue": city.now.get("overdue", 0),
            "worst": rules()["words"]["worst"].format(title=clocks()[worst].title, count=found[worst].late),
            "owed_late": Decimal(city.now.get("owed_late", 0)),
        })
    return rows


def _base(measure: Measure) -> str:
    """Both sums, amounts in whole yuan."""
    return f"{measure.over:,.0f}/{measure.under:,.0f}"
