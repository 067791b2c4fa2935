"""Finds which lines of ours an operator's lines mean: by number, by site and operator, by name and place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macros.reconcile.lines import mark
from macros.reconcile.named import by_name
from macros.reconcile.pairing import Match, pair, sum_ours, sum_theirs, told
from macros.reconcile.words import limit, words
from macros.values import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from macros.billing.lines import Line
    from macros.reconcile.lines import LedgerLine
    from macros.reconcile.places import Spot


@dataclass(slots=True)
class Rest:
    """What is not matched yet: ours by number, theirs by identity; and what is."""

    ours: dict[str, Line]
    theirs: dict[int, LedgerLine]
    found: list[Match] = field(default_factory=list)

    def take(self, made: Iterable[Match]) -> None:
        """Move matches out of what is left."""
        for one in made:
            for line in one.ours:
                self.ours.pop(line.lease.key, None)
            for other in one.theirs:
                self.theirs.pop(id(other), None)
            self.found.append(one)


def match(
    ours: Iterable[Line], theirs: Sequence[LedgerLine], *, operator: str, spots: Mapping[str, Spot],
    remembered: Mapping[str, Sequence[str]], known: Collection[str],
) -> list[Match]:
    """Match two lists; what stays alone stands in a match with one empty side.

    Args:
        ours: our lines of the operator.
        theirs: the operator's lines.
        operator: whose lines they are, where a line does not say.
        spots: site code → its name and place.
        remembered: confirmed matches: the operator's mark of a line → our lease numbers.
        known: every lease number of the register: a line that bears one means that lease and no other.
    """
    rest = Rest({line.lease.key: line for line in ours}, {id(line): line for line in theirs})
    rest.take(_by_number(rest))
    rest.take(_by_memory(rest, remembered))
    numbered = {fold(key) for key in known}

    def free(line: LedgerLine) -> bool:
        return not any(fold(number) in numbered for number in line.numbers)

    rest.take(_by_site(rest, operator, free))
    for exact in (True, False):
        open_ones = sorted(filter(free, rest.theirs.values()), key=told)
        rest.take(by_name(rest.ours, open_ones, operator, spots, exact=exact))
    _merge(rest, operator, spots, free)
    return [
        *rest.found, *(Match([line], []) for line in rest.ours.values()),
        *(Match([], [line]) for line in rest.theirs.values()),
    ]


def _by_number(rest: Rest) -> list[Match]:
    named = {fold(key): key for key in rest.ours}
    groups: dict[tuple[str, ...], list[LedgerLine]] = defaultdict(list)
    for line in rest.theirs.values():
        meant = [named[fold(number)] for number in line.numbers if fold(number) in named]
        if meant and len(meant) == len(line.numbers):
            groups[tuple(dict.fromkeys(meant))].append(line)
    made: list[Match] = []
    taken: set[str] = set()
    for keys, lines in sorted(groups.items()):
        free = [rest.ours[key] for key in keys if key not in taken]
        if free:
            taken |= {line.lease.key for line in free}
            made.append(Match(free, lines, "number", words()["match"]["number"]))
    return made


def _by_memory(rest: Rest, remembered: Mapping[str, Sequence[str]]) -> list[Match]:
    marks: dict[str, list[LedgerLine]] = defaultdict(list)
    for line in rest.theirs.values():
        marks[mark(line)].append(line)
    made: list[Match] = []
    taken: set[str] = set()
    for known, keys in sorted(remembered.items()):
        lines = marks.get(known, [])
        ours = [rest.ours[key] for key in keys if key in rest.ours and key not in taken]
        if len(lines) == 1 and ours and len(ours) == len(keys):
            taken |= set(keys)
            made.append(Match(ours, lines, "remembered", words()["match"]["remembered"]))
    return made


def _by_site(rest: Rest, operator: str, free: Callable[[LedgerLine], bool]) -> list[Match]:
    ours: dict[tuple[str, str], list[Line]] = defaultdict(list)
    theirs: dict[tuple[str, str], list[LedgerLine]] = defaultdict(list)
    for line in rest.ours.values():
        ours[line.lease.site, line.lease.operator].append(line)
    for other in rest.theirs.values():
        if other.site and free(other):
            theirs[other.site, other.operator or operator].append(other)
    return [
        made for place, lines in theirs.items() if place in ours
        for made in pair(ours[place], lines, "site", _site_reason)
    ]


def _site_reason(line: LedgerLine) -> str:
    said = words()["match"]
    number = "、".join(line.numbers)
    return str(said["site-number"].format(number=number) if number else said["site"])


def _merge(rest: Rest, operator: str, spots: Mapping[str, Spot], free: Callable[[LedgerLine], bool]) -> None:
    """Add what is left to a match of the same site and operator whose sums then agree (one line is several)."""
    places: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for made in rest.found:
        if len(made.ours) == len(made.theirs) == 1:
            places[made.ours[0].lease.site, made.ours[0].lease.operator].append(made)
    for line in sorted(rest.ours.values(), key=lambda one: one.lease.key):
        for made in places.get((line.lease.site, line.lease.operator), ()):
            gap = sum_ours([*made.ours, line]) - sum_theirs(made.theirs)
            if made.ours[0].amount != made.theirs[0].total and abs(gap) <= limit("rounding"):
                made.ours.append(rest.ours.pop(line.lease.key))
                made.reason += "；" + words()["match"]["merged"].format(count=len(made.ours))
                break
    held = {one.ours[0].lease.key: one.ours[0] for one in rest.found}
    by_key = {one.ours[0].lease.key: one for one in rest.found}
    open_ones = sorted(filter(free, rest.theirs.values()), key=told)
    named = by_name(held, [line for line in open_ones if not line.site], operator, spots, exact=True)
    close = {id(line): by_key[one.ours[0].lease.key] for one in named for line in one.theirs}
    for other in open_ones:
        near = [close[id(other)]] if id(other) in close else []
        for made in [*places.get((other.site, other.operator or operator), ()), *near]:
            same = made.theirs[0].total == other.total and not other.numbers
            gap = sum_ours(made.ours) - sum_theirs([*made.theirs, other])
            if same or (made.ours[0].amount != made.theirs[0].total and abs(gap) <= limit("rounding")):
                made.theirs.append(rest.theirs.pop(id(other)))
                made.reason += "" if same else "；" + words()["match"]["split"].format(count=len(made.theirs))
                break


