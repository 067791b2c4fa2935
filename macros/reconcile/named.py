"""Matches lines whose site's code differs or is missing: by the site's name, normalised, within some hundred metres."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from macros.reconcile.pairing import Match, pair
from macros.reconcile.places import alike, metres, spellings
from macros.reconcile.words import limit, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from macros.billing.lines import Line
    from macros.reconcile.lines import LedgerLine
    from macros.reconcile.places import Spot

#: Farther away than one site can be.
_FAR = -1.0
#: Degrees to a side of the map's cells, which are wider than two names may be apart.
_CELL = 0.01


def by_name(
    ours: Mapping[str, Line], theirs: Sequence[LedgerLine], operator: str, spots: Mapping[str, Spot], *, exact: bool,
) -> list[Match]:
    """The matches of lines by name and place.

    Args:
        ours: our lines still open, by lease number.
        theirs: theirs still open, in an order of their own.
        operator: whose lines they are, where a line does not say.
        spots: site code → its name and place.
        exact: whether names must be equal once normalised, or one may hold the other. Where a place is not known on
            either side, only names that are equal and stand once on both sides are taken.
    """
    named: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in ours.values():
        for word in _names(line, spots):
            named[word, line.lease.operator].append(line)
    close = {} if exact else _cells(named, spots)
    wanted: dict[str, list[tuple[LedgerLine, float | None]]] = defaultdict(list)
    for other in theirs:
        who = other.operator or operator
        said = spellings(other.name, other.row.text("county"))
        if exact:
            held = {line.lease.key: line for word in said for line in named.get((word, who), ())}
        else:
            held = {
                line.lease.key: line for cell in _around(other.point) for word, line in close.get((who, cell), ())
                if any(alike(word, one) for one in said)
            }
        near = [(line, far) for line in held.values() if (far := _metres(line, other, spots)) != _FAR]
        placed = [one for one in near if one[1] is not None]
        chosen = placed or (near if exact and len(near) == 1 else [])
        for line, away in chosen:
            wanted[line.lease.key].append((other, away))
    return _paired(ours, wanted)


def _names(line: Line, spots: Mapping[str, Spot]) -> set[str]:
    row, spot = line.lease.row, spots.get(line.lease.site)
    county = row.text("county")
    return {
        word for name in (row.text("site_name"), spot.name if spot else "") for word in spellings(name, county)
    }


def _cells(
    named: Mapping[tuple[str, str], Sequence[Line]], spots: Mapping[str, Spot],
) -> dict[tuple[str, tuple[int, int]], list[tuple[str, Line]]]:
    """Names and lines by operator and cell of the map, so that only neighbours are compared letter by letter."""
    found: dict[tuple[str, tuple[int, int]], list[tuple[str, Line]]] = defaultdict(list)
    for (word, operator), lines in named.items():
        for line in lines:
            spot = spots.get(line.lease.site)
            if spot and spot.point:
                found[operator, _cell(spot.point)].append((word, line))
    return found


def _cell(point: tuple[float, float]) -> tuple[int, int]:
    return int(point[0] // _CELL), int(point[1] // _CELL)


def _around(point: tuple[float, float] | None) -> list[tuple[int, int]]:
    """The cell of a place and those around it."""
    if point is None:
        return []
    x, y = _cell(point)
    return [(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]


def _metres(line: Line, other: LedgerLine, spots: Mapping[str, Spot]) -> float | None:
    """The distance; None where either place is not known, `_FAR` where they are two sites."""
    spot = spots.get(line.lease.site)
    if spot is None or spot.point is None or other.point is None:
        return None
    away = metres(spot.point, other.point)
    return away if away <= limit("near_m") else _FAR


def _paired(
    ours: Mapping[str, Line], wanted: Mapping[str, Sequence[tuple[LedgerLine, float | None]]],
) -> list[Match]:
    """Pair leases and lines that want each other, those without places only where neither wants another."""
    groups: list[tuple[set[str], dict[int, tuple[LedgerLine, float | None]]]] = []
    for key in sorted(wanted):
        lines = {id(other): (other, away) for other, away in wanted[key]}
        joined = [group for group in groups if group[1].keys() & lines.keys()]
        keys = {key}.union(*(group[0] for group in joined))
        for group in joined:
            lines |= group[1]
            groups.remove(group)
        groups.append((keys, lines))
    made: list[Match] = []
    for keys, lines in groups:
        unknown = [other for other, away in lines.values() if away is None]
        if unknown and (len(keys) > 1 or len(lines) > 1):
            continue
        reasons = {place: _reason(away) for place, (_, away) in lines.items()}
        others = [other for other, _ in lines.values()]
        made += pair([ours[key] for key in sorted(keys)], others, "name", _told(reasons))
    return made


def _reason(away: float | None) -> str:
    said = words()["match"]
    return str(said["name-only"] if away is None else said["name"].format(metres=round(away)))


def _told(reasons: Mapping[int, str]) -> Callable[[LedgerLine], str]:
    return lambda line: reasons[id(line)]
