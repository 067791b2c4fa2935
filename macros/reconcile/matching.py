"""Finds which lines of ours an operator's lines mean: by number, by site and operator, by name and place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.reconcile.lines import mark
from macros.reconcile.places import metres, plain_name
from macros.reconcile.words import limit, words
from macros.values import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence

    from macros.billing.lines import Line
    from macros.reconcile.lines import LedgerLine


@dataclass(slots=True)
class Match:
    """Lines of ours and of theirs that mean the same; either side may be several.

    ``by`` is number, remembered, site, name or none; ``reason`` says it in Chinese.
    """

    ours: list[Line]
    theirs: list[LedgerLine]
    by: str = "none"
    reason: str = ""


@dataclass(slots=True)
class _Open:
    """What is not matched yet."""

    ours: dict[str, Line]
    theirs: list[LedgerLine]
    found: list[Match] = field(default_factory=list)

    def take(self, ours: Sequence[Line], theirs: Sequence[LedgerLine], by: str, reason: str) -> None:
        for one in ours:
            self.ours.pop(one.lease.key, None)
        taken = set(map(id, theirs))
        self.theirs = [line for line in self.theirs if id(line) not in taken]
        self.found.append(Match(list(ours), list(theirs), by, reason))


def match(
    ours: Iterable[Line], theirs: Sequence[LedgerLine], *, operator: str, points: Mapping[str, tuple[float, float]],
    remembered: Mapping[str, Sequence[str]], known: Collection[str],
) -> list[Match]:
    """Match two lists; what stays alone stands in a match with one empty side.

    Args:
        ours: our lines of the operator.
        theirs: the operator's lines.
        operator: whose lines they are, where a line does not say.
        points: site code → longitude and latitude of our sites.
        remembered: confirmed matches: the operator's mark of a line → our lease numbers.
        known: every lease number of the register: a line that bears one means that lease and no other.
    """
    rest = _Open({line.lease.key: line for line in ours}, list(theirs))
    _by_number(rest)
    _by_memory(rest, remembered)
    numbered = {fold(key) for key in known}

    def free(line: LedgerLine) -> bool:
        return not any(fold(number) in numbered for number in line.numbers)

    _by_place(
        rest, "site", lambda line: (line.lease.site, line.lease.operator),
        lambda line: (line.site, line.operator or operator) if line.site and free(line) else None,
    )
    _by_name(rest, operator, points, free)
    _merge(rest, operator, free)
    return [
        *rest.found, *(Match([line], []) for line in rest.ours.values()), *(Match([], [line]) for line in rest.theirs),
    ]


def _by_number(rest: _Open) -> None:
    named = {fold(key): line for key, line in rest.ours.items()}
    groups: dict[tuple[str, ...], list[LedgerLine]] = defaultdict(list)
    for line in rest.theirs:
        meant = [named[fold(number)].lease.key for number in line.numbers if fold(number) in named]
        if meant and len(meant) == len(line.numbers):
            groups[tuple(dict.fromkeys(meant))].append(line)
    held = dict(rest.ours)
    for keys, lines in sorted(groups.items()):
        free = [held[key] for key in keys if key in rest.ours]
        if free:
            rest.take(free, lines, "number", words()["match"]["number"])


def _by_memory(rest: _Open, remembered: Mapping[str, Sequence[str]]) -> None:
    marks: dict[str, list[LedgerLine]] = defaultdict(list)
    for line in rest.theirs:
        marks[mark(line)].append(line)
    for known, keys in remembered.items():
        lines = marks.get(known, [])
        ours = [rest.ours[key] for key in keys if key in rest.ours]
        if len(lines) == 1 and ours and len(ours) == len(keys):
            rest.take(ours, lines, "remembered", words()["match"]["remembered"])


def _by_place(
    rest: _Open, by: str, our_place: Callable[[Line], Hashable], their_place: Callable[[LedgerLine], Hashable],
) -> None:
    ours: dict[Hashable, list[Line]] = defaultdict(list)
    theirs: dict[Hashable, list[LedgerLine]] = defaultdict(list)
    for line in rest.ours.values():
        ours[our_place(line)].append(line)
    for other in rest.theirs:
        place = their_place(other)
        if place is not None:
            theirs[place].append(other)
    for place, lines in theirs.items():
        if place in ours:
            _pair(rest, ours[place], lines, by, _site_reason)


def _site_reason(line: LedgerLine) -> str:
    said = words()["match"]
    number = "、".join(line.numbers)
    return str(said["site-number"].format(number=number) if number else said["site"])


def _by_name(
    rest: _Open, operator: str, points: Mapping[str, tuple[float, float]], free: Callable[[LedgerLine], bool],
) -> None:
    named: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in rest.ours.values():
        row = line.lease.row
        named[plain_name(row.text("site_name"), row.text("county")), line.lease.operator].append(line)
    for other in sorted(rest.theirs, key=_told):
        word = plain_name(other.name, other.row.text("county"))
        if not word or other.point is None or not free(other):
            continue
        near = [
            (metres(points[line.lease.site], other.point), line)
            for line in named.get((word, other.operator or operator), ())
            if line.lease.key in rest.ours and line.lease.site in points
        ]
        near = [one for one in near if one[0] <= limit("near_m")]
        if near:
            reason = str(words()["match"]["name"].format(metres=round(min(one[0] for one in near))))
            _pair(rest, [line for _, line in near], [other], "name", _always(reason))


def _always(reason: str) -> Callable[[LedgerLine], str]:
    return lambda line: reason


def _pair(
    rest: _Open, ours: Sequence[Line], theirs: Sequence[LedgerLine], by: str, reason: Callable[[LedgerLine], str],
) -> None:
    """Pair lines of one place: all with all where only the sums agree, else the likeliest first."""
    gap = abs(_sum_ours(ours) - _sum_theirs(theirs))
    single = min(abs(a.amount - b.total) for a in ours for b in theirs)
    if (len(ours) == 1) != (len(theirs) == 1) and gap < single:
        rest.take(ours, theirs, by, reason(theirs[0]))
        return
    pairs = sorted(
        ((_unlikeness(a, b), a.lease.key, _told(b), a, b) for a in ours for b in theirs), key=lambda one: one[:3],
    )
    taken: set[int] = set()
    for _, key, _, a, b in pairs:
        if key in rest.ours and id(b) not in taken:
            again = [c for c in theirs if c is not b and id(c) not in taken and _told(c) == _told(b)]
            taken |= {id(b), *map(id, again)}
            rest.take([a], [b, *again], by, reason(b))


def _told(line: LedgerLine) -> str:
    """What a line says: two that say the same are one line twice."""
    return repr(line.row.values)


def _unlikeness(ours: Line, theirs: LedgerLine) -> tuple[int, Decimal]:
    """How many stated facts differ, then by how much the amounts do."""
    lease = ours.lease.row
    facts = ("starts_on", "units", "product", "antenna_height")
    differ = sum(theirs.row[name] is not None and theirs.row[name] != lease[name] for name in facts)
    return (0 if ours.amount == theirs.total else 1) + differ, abs(ours.amount - theirs.total)


def _merge(rest: _Open, operator: str, free: Callable[[LedgerLine], bool]) -> None:
    """Add what is left to a match of the same site and operator whose sums then agree (one line is several)."""
    places: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for made in rest.found:
        if len(made.ours) == len(made.theirs) == 1:
            places[made.ours[0].lease.site, made.ours[0].lease.operator].append(made)
    for line in sorted(rest.ours.values(), key=lambda one: one.lease.key):
        for made in places.get((line.lease.site, line.lease.operator), ()):
            gap = _sum_ours([*made.ours, line]) - _sum_theirs(made.theirs)
            if made.ours[0].amount != made.theirs[0].total and abs(gap) <= limit("rounding"):
                made.ours.append(rest.ours.pop(line.lease.key))
                made.reason += "；" + words()["match"]["merged"].format(count=len(made.ours))
                break
    named: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for made in rest.found:
        row = made.ours[0].lease.row
        named[plain_name(row.text("site_name"), row.text("county")), made.ours[0].lease.operator].append(made)
    for other in sorted((line for line in rest.theirs if free(line)), key=_told):
        who = other.operator or operator
        word = plain_name(other.name, other.row.text("county"))
        close = [] if other.site else [one for one in named.get((word, who), ()) if _near(one.theirs[0], other)]
        for made in [*places.get((other.site, who), ()), *close]:
            same = made.theirs[0].total == other.total and not other.numbers
            gap = _sum_ours(made.ours) - _sum_theirs([*made.theirs, other])
            if same or (made.ours[0].amount != made.theirs[0].total and abs(gap) <= limit("rounding")):
                made.theirs.append(other)
                rest.theirs = [line for line in rest.theirs if line is not other]
                made.reason += "" if same else "；" + words()["match"]["split"].format(count=len(made.theirs))
                break


def _near(a: LedgerLine, b: LedgerLine) -> bool:
    return a.point is not None and b.point is not None and metres(a.point, b.point) <= limit("near_m")


def _sum_ours(lines: Iterable[Line]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))


def _sum_theirs(lines: Iterable[LedgerLine]) -> Decimal:
    return sum((line.total for line in lines), Decimal(0))
