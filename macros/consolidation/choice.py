"""The best arrangement of demands that compete: who takes which tower, who builds with whom.

What counts, in this order: demands on existing towers; demands sharing a new tower; few new towers; short distances.

The demands are gone through once. After each, two arrangements that leave the same demands and the same room for
the rest are alike for what follows, and only the better is kept: what is kept last is the best of all, proven. Where
more arrangements than `limit` would have to be kept, only the best go on; that is very good, but no longer proven.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Site(NamedTuple):
    """A tower a demand may take: its number and the distance in centimetres."""

    number: int
    far: int


class Group(NamedTuple):
    """Demands that may build one tower together, in rising order, and their distances from each other, summed."""

    members: tuple[int, ...]
    far: int


@dataclass(frozen=True, slots=True)
class Question:
    """Demands 0, 1, 2 … of one neighbourhood.

    ``operators`` gives each one's operator as a number from 0; ``sites`` the towers it may take, nearest first;
    ``groups`` the joint towers there could be; ``room`` how many more operators each tower holds.
    """

    operators: Sequence[int]
    sites: Sequence[Sequence[Site]]
    groups: Sequence[Group]
    room: Mapping[int, int]


class Answer(NamedTuple):
    """The tower or the group of each demand, None for one left alone, and whether nothing better exists."""

    of: list[Site | Group | None]
    proven: bool


#: What was chosen for the demands so far, newest first.
_Chain = tuple["Site | Group", int, "_Chain"] | None


def choose(question: Question, limit: int) -> Answer:
    """The best arrangement; of equals always the same one."""
    count = len(question.operators)
    first = _by_first(question.groups, count)
    slots, clear = _slots(question)
    existing, joint, tower = _weights(question)
    states: dict[int, tuple[int, _Chain]] = {0: (0, None)}
    proven = True
    for demand in range(count):
        bit, operator = 1 << demand, question.operators[demand]
        after: dict[int, tuple[int, _Chain]] = {}

        def keep(state: int, score: int, chain: _Chain, forget: int = clear[demand] | bit,
                 into: dict[int, tuple[int, _Chain]] = after) -> None:
            state &= ~forget
            held = into.get(state)
            if held is None or held[0] < score:
                into[state] = score, chain

        for state, (score, chain) in states.items():
            if state & bit:
                keep(state, score, chain)
                continue
            for site in question.sites[demand]:
                mask = slots[site.number]
                taken = (state >> mask[0]) & mask[1]
                if not taken >> operator & 1 and taken.bit_count() < question.room[site.number]:
                    taken_now = state | 1 << (mask[0] + operator)
                    keep(taken_now, score + existing - site.far, (site, demand, chain))
            for members, group in first[demand]:
                if not state & members:
                    gain = joint * len(group.members) - tower - group.far
                    keep(state | members, score + gain, (group, demand, chain))
            keep(state, score, chain)
        if len(after) > limit:
            proven = False
            kept = sorted(after.items(), key=lambda each: (-each[1][0], each[0]))[:limit]
            after = dict(kept)
        states = after
    _, chain = max(states.values(), key=lambda each: each[0])
    return Answer(_told(chain, count), proven)


def _by_first(groups: Sequence[Group], count: int) -> list[list[tuple[int, Group]]]:
    """The groups by their first demand, each with its members as bits; in an order of their own."""
    found: list[list[tuple[int, Group]]] = [[] for _ in range(count)]
    for group in sorted(groups):
        found[group.members[0]].append((sum(1 << member for member in group.members), group))
    return found


def _slots(question: Question) -> tuple[dict[int, tuple[int, int]], list[int]]:
    """Where in a state each tower's new operators stand, and which of them can be forgotten after each demand."""
    width = max(question.operators, default=0) + 1
    last: dict[int, int] = {}
    for demand, sites in enumerate(question.sites):
        for site in sites:
            last[site.number] = demand
    slots = {
        number: (len(question.operators) + place * width, (1 << width) - 1) for place, number in enumerate(sorted(last))
    }
    clear = [0] * len(question.operators)
    for number, demand in last.items():
        clear[demand] |= slots[number][1] << slots[number][0]
    return slots, clear


def _weights(question: Question) -> tuple[int, int, int]:
    """What an existing tower, a shared new one and a further new one count for, each more than all that follows."""
    count = len(question.operators) + 1
    tower = 1 + sum(max((site.far for site in sites), default=0) for sites in question.sites)
    longest: dict[int, int] = {}
    for group in question.groups:
        longest[group.members[0]] = max(longest.get(group.members[0], 0), group.far)
    tower += sum(longest.values())
    joint = tower * count * 2
    return joint * count * 2, joint, tower


def _told(chain: _Chain, count: int) -> list[Site | Group | None]:
    found: list[Site | Group | None] = [None] * count
    while chain is not None:
        chosen, demand, chain = chain
        for member in chosen.members if isinstance(chosen, Group) else (demand,):
            found[member] = chosen
    return found
