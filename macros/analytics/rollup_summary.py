"""What the province's figures come to: each indicator with its best and worst cities, and who comes last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.analytics.rollup_words import indicators, rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.analytics.rollup import Measure, Province, Ranked
    from macros.analytics.rollup_words import Indicator


class Line(NamedTuple):
    """One indicator of the province: of this month and the last in words, None where months have none."""

    indicator: Indicator
    this: str | None
    before: str | None
    whole: Measure
    best: str | None
    worst: str | None
    placed: int


def summary(province: Province) -> list[Line]:
    """Every indicator."""
    names = ["", "", *province.months][-2:]
    lines: list[Line] = []
    for each in indicators():
        before, this = (found.words() if (found := province.in_month(each, name)) else None for name in names)
        places = [one for one in province.ranking[each.id] if one.place is not None]
        last = max((one.place for one in places if one.place), default=0)
        lines.append(Line(
            each, this, before, province.whole(each), _named(places, 1), _named(places, last) if last > 1 else None,
            len(places),
        ))
    return lines


def last(province: Province, indicator: Indicator, many: int) -> list[tuple[int, Ranked]]:
    """The cities that come last under an indicator, by their position in the province; the very last first."""
    placed = [
        (number, one) for number, one in enumerate(province.ranking[indicator.id]) if one.place and one.place > 1
    ]
    return sorted(placed, key=lambda found: (-(found[1].place or 0), found[0]))[:many]


def _named(places: Sequence[Ranked], place: int) -> str | None:
    """The cities that share a place, with their figure; None where there are none."""
    said, shown = rules()["words"], rules()["shown"]
    found = [one for one in places if one.place == place]
    if not found:
        return None
    names = said["list"].join(one.name for one in found)
    if len(found) > shown:
        names = said["level"].format(count=len(found))
    return str(said["best"].format(names=names, value=found[0].measure.words()))


def listed(names: Sequence[str], shown: int) -> str:
    """The first of the names, and how many there are where there are more."""
    said = rules()["words"]
    text = str(said["list"].join(names[:shown]))
    return text if len(names) <= shown else str(said["more"].format(names=text, count=len(names)))
