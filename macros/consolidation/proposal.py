"""The proposal: every demand with its label, tower or partners, and what stood in the way of better."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macros.consolidation.choice import Group, Site, choose
from macros.consolidation.circles import common_point
from macros.consolidation.neighbourhoods import neighbourhoods, ordered, question
from macros.consolidation.reach import CENTIMETRES, Reach, circle, joint, reach, spread, trim
from macros.sites.sphere import distance
from macros.sites.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.consolidation.choice import Question
    from macros.consolidation.decided import Decided
    from macros.consolidation.demands import Demand
    from macros.sites.towers import Towers
    from macros.sites.words import Limits


@dataclass(frozen=True, slots=True)
class Placed:
    """One demand's place in the proposal.

    ``tower`` is its number among the towers; ``partners`` the others on it, by number; ``metres`` the way
    from the demand to the tower or to the proposed ``point`` (WGS-84). ``basis`` is a name of the rules' ``basis``.
    """

    label: str
    basis: str = "computed"
    tower: int | None = None
    partners: tuple[int, ...] = ()
    metres: float | None = None
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """All demands in their own order with their places, what was in reach, and the crowds not proven best."""

    demands: Sequence[Demand]
    towers: Towers
    placed: Sequence[Placed]
    reach: Reach
    unproven: Sequence[Sequence[int]] = field(default=())


def propose(demands: Sequence[Demand], towers: Towers, decided: Decided, limits: Limits) -> Proposal:
    """The best arrangement (`choice`) of all demands, with what has been decided before kept."""
    found = reach(demands, towers, limits.tenants, decided.added)
    may_take = {number: sites for number, sites in found.sites.items() if number in decided.may_take}
    room = {
        site.number: limits.tenants - len(towers.tenants[site.number].union(decided.added.get(site.number, ())))
        for sites in may_take.values() for site in sites
    }
    operators = [each.operator for each in demands]
    sites, served = trim(may_take, operators, room)
    free = decided.may_join - served
    groups = {group: spread(group, found.meets) for group in joint(demands, found.meets, free, limits.tenants)}
    chosen: dict[int, Site | Group] = {}
    unproven: list[list[int]] = []
    by_member: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for group in groups:
        by_member[group[0]].append(group)
    for held in neighbourhoods(sites, groups):
        line = ordered(held, demands)
        own = [(group, groups[group]) for each in held for group in by_member[each]]
        asked = question(line, demands, sites, own, room)
        answer = choose(asked, _effort(asked))
        if not answer.proven:
            unproven.append(line)
        for demand, what in zip(line, answer.of, strict=True):
            if isinstance(what, Group):
                chosen[demand] = Group(tuple(sorted(line[member] for member in what.members)), what.far)
            elif what is not None:
                chosen[demand] = what
    return Proposal(demands, towers, _place(demands, towers, chosen, decided), found, unproven)


def _effort(asked: Question) -> int:
    """How many arrangements may be kept, so that a crowd with very many possible groups is answered in time too."""
    search = words()["search"]
    ways = len(asked.operators) + len(asked.groups) + sum(map(len, asked.sites))
    return int(max(search["fewest"], min(search["arrangements"], search["steps"] * len(asked.operators) // ways)))


def _place(
    demands: Sequence[Demand], towers: Towers, chosen: Mapping[int, Site | Group], decided: Decided,
) -> list[Placed]:
    labels = words()["labels"]
    where: dict[int, tuple[int | None, tuple[int, ...], tuple[float, float] | None, float | None]] = {}
    together: dict[int, list[int]] = defaultdict(list)
    for number, what in chosen.items():
        if isinstance(what, Site):
            where[number] = what.number, (), None, what.far / CENTIMETRES
            together[what.number].append(number)
    for number, held in decided.towers.items():
        where[number] = held, (), None, _way(demands[number], towers.longitude[held], towers.latitude[held])
        together[held].append(number)
    for group in {what.members for what in chosen.values() if isinstance(what, Group)} | set(decided.groups):
        spot = common_point([circle(demands[each]) for each in group]) or _middle([demands[each] for each in group])
        for number in group:
            others = tuple(each for each in group if each != number)
            where[number] = None, others, spot, _way(demands[number], *spot)
    made: list[Placed] = []
    for number in range(len(demands)):
        tower, others, point, metres = where.get(number, (None, (), None, None))
        fixed = decided.fixed.get(number)
        label = labels["existing"] if tower is not None else labels["joint"] if others else labels["exclusive"]
        if tower is not None:
            others = tuple(each for each in sorted(together[tower]) if each != number)
            point = float(towers.longitude[tower]), float(towers.latitude[tower])
        made.append(Placed(
            fixed.label if fixed else label, fixed.basis if fixed else "computed", tower, others, metres, point,
        ))
    return made


def _way(demand: Demand, longitude: float, latitude: float) -> float:
    return float(distance(demand.longitude, demand.latitude, longitude, latitude))


def _middle(held: Sequence[Demand]) -> tuple[float, float]:
    """The middle of demands that a manager put together although their circles do not meet."""
    return sum(each.longitude for each in held) / len(held), sum(each.latitude for each in held) / len(held)
