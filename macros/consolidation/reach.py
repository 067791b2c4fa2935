"""What each demand could have: towers with room inside its circle, and others it could build one tower with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from macros.consolidation.choice import Site
from macros.consolidation.circles import common_point
from macros.sites.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from macros.consolidation.circles import Circle
    from macros.consolidation.demands import Demand
    from macros.sites.towers import Towers

#: Cell of the search grid where no circle says otherwise, in metres.
_CELL = 200.0
#: Distances are compared and added in centimetres: whole numbers, so that every order gives the same sum.
CENTIMETRES = 100


@dataclass(slots=True)
class Reach:
    """Of each demand by its place in the list: towers it may take, towers inside its circle, and whom it meets.

    ``sites`` holds what it may take, nearest first; ``inside`` all towers in its circle with metres; ``meets`` the
    demands whose circles cross its own, of any operator, with metres.
    """

    sites: dict[int, list[Site]] = field(default_factory=dict)
    inside: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    meets: dict[int, dict[int, float]] = field(default_factory=dict)


def columns(demands: Sequence[Demand]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes, latitudes and radii; a radius not given is −1, which reaches nothing."""
    return (
        np.array([each.longitude for each in demands], dtype=np.float64),
        np.array([each.latitude for each in demands], dtype=np.float64),
        np.array([-1.0 if each.offset is None else each.offset for each in demands], dtype=np.float64),
    )


def reach(demands: Sequence[Demand], towers: Towers, tenants: int, added: Mapping[int, Collection[str]]) -> Reach:
    """What lies within reach of each demand.

    Args:
        demands: in any order; places in it are the answer's numbers.
        towers: the existing towers.
        tenants: operators a tower has room for.
        added: operators that decided demands bring to towers, by tower.
    """
    longitude, latitude, radius = columns(demands)
    found = Reach()
    if not len(demands):
        return found
    usual = float(np.median(radius[radius > 0])) if (radius > 0).any() else _CELL
    near = Grid(towers.longitude, towers.latitude, usual).within(longitude, latitude, radius)
    for number, tower, metres in zip(near.query.tolist(), near.point.tolist(), near.metres.tolist(), strict=True):
        found.inside.setdefault(number, []).append((tower, metres))
        present = towers.tenants[tower]
        if tower in added:
            present = present.union(added[tower])
        if demands[number].operator not in present and len(present) < tenants:
            found.sites.setdefault(number, []).append(Site(tower, round(metres * CENTIMETRES)))
    # The larger circle of two reaches the smaller one's centre within twice its own radius.
    near = Grid(longitude, latitude, usual).within(longitude, latitude, np.where(radius >= 0, 2 * radius, -1.0))
    for one, other, metres in zip(near.query.tolist(), near.point.tolist(), near.metres.tolist(), strict=True):
        if one != other and radius[other] >= 0 and metres <= radius[one] + radius[other]:
            found.meets.setdefault(one, {})[other] = metres
            found.meets.setdefault(other, {})[one] = metres
    return found


def trim(
    found: Mapping[int, list[Site]], operators: Sequence[str], room: Mapping[int, int],
) -> tuple[dict[int, list[Site]], set[int]]:
    """Leave out what no best arrangement needs: towers farther than one that nobody else can take away.

    A tower is sure when all who may take it have room on it together, each of another operator. What is left out
    makes other towers sure, so it is done until nothing changes.

    Returns:
        The towers left to each demand, and the demands that have a sure one.
    """
    kept = dict(found)
    while True:
        claims: dict[int, list[int]] = defaultdict(list)
        for demand, sites in kept.items():
            for site in sites:
                claims[site.number].append(demand)
        safe = {
            number for number, held in claims.items()
            if len(held) <= room[number] and len({operators[demand] for demand in held}) == len(held)
        }
        shorter = {demand: list(_until(sites, safe)) for demand, sites in kept.items()}
        if all(len(shorter[demand]) == len(sites) for demand, sites in kept.items()):
            return kept, {demand for demand, sites in kept.items() if any(site.number in safe for site in sites)}
        kept = shorter


def _until(sites: Sequence[Site], safe: Collection[int]) -> Iterator[Site]:
    for site in sites:
        yield site
        if site.number in safe:
            return


def joint(
    demands: Sequence[Demand], meets: Mapping[int, Mapping[int, float]], free: Collection[int], most: int,
) -> Iterator[tuple[int, ...]]:
    """Every set of two to ``most`` free demands of different operators whose circles have a common point."""
    for first in sorted(free):
        ahead = [other for other in sorted(meets.get(first, ())) if other > first and other in free]
        yield from _grow((first,), ahead, demands, meets, most)


def _grow(
    held: tuple[int, ...], ahead: Sequence[int], demands: Sequence[Demand], meets: Mapping[int, Mapping[int, float]],
    most: int,
) -> Iterator[tuple[int, ...]]:
    present = {demands[each].operator for each in held}
    for place, other in enumerate(ahead):
        if demands[other].operator in present:
            continue
        group = (*held, other)
        if common_point([circle(demands[each]) for each in group]) is None:
            continue
        yield group
        if len(group) < most:
            near = meets[other]
            yield from _grow(group, [each for each in ahead[place + 1 :] if each in near], demands, meets, most)


def circle(demand: Demand) -> Circle:
    """The demand's circle; of one without radius, its point alone."""
    return demand.longitude, demand.latitude, demand.offset or 0.0


def spread(group: Sequence[int], meets: Mapping[int, Mapping[int, float]]) -> int:
    """The distances of a group's demands from each other, summed, in centimetres."""
    return sum(
        round(meets[one][other] * CENTIMETRES) for place, one in enumerate(group) for other in group[place + 1 :]
    )
