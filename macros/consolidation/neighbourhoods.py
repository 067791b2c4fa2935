"""Parts demands into neighbourhoods that do not touch each other, and lines each up for the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.consolidation.choice import Group, Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.consolidation.choice import Site
    from macros.consolidation.demands import Demand


def neighbourhoods(sites: Mapping[int, Sequence[Site]], groups: Iterable[Sequence[int]]) -> list[list[int]]:
    """Demands that compete for a tower or could build together, directly or through others."""
    above: dict[int, int] = {}

    def top(each: int) -> int:
        while above.setdefault(each, each) != each:
            above[each] = above[above[each]]
            each = above[each]
        return each

    def join(one: int, other: int) -> None:
        a, b = top(one), top(other)
        above[max(a, b)] = min(a, b)

    holder: dict[int, int] = {}
    for demand, held in sites.items():
        top(demand)
        for site in held:
            join(demand, holder.setdefault(site.number, demand))
    for group in groups:
        for other in group:
            join(group[0], other)
    found: dict[int, list[int]] = {}
    for demand in sorted(above):
        found.setdefault(top(demand), []).append(demand)
    return list(found.values())


def ordered(held: Sequence[int], demands: Sequence[Demand]) -> list[int]:
    """The demands of a neighbourhood along its longer side: few of them then wait for others at a time."""
    east = [demands[each].longitude for each in held]
    north = [demands[each].latitude for each in held]
    if max(east) - min(east) >= max(north) - min(north):
        return sorted(held)
    return sorted(held, key=lambda each: (demands[each].latitude, each))


def question(
    held: Sequence[int], demands: Sequence[Demand], sites: Mapping[int, Sequence[Site]],
    groups: Iterable[tuple[Sequence[int], int]], room: Mapping[int, int],
) -> Question:
    """A neighbourhood's demands as the search wants them: numbered from 0 in the order of ``held``."""
    place = {demand: number for number, demand in enumerate(held)}
    operators = {name: number for number, name in enumerate(sorted({demands[each].operator for each in held}))}
    return Question(
        [operators[demands[each].operator] for each in held],
        [sites.get(each, ()) for each in held],
        [Group(tuple(sorted(place[member] for member in group)), far) for group, far in groups],
        {site.number: room[site.number] for each in held for site in sites.get(each, ())},
    )
