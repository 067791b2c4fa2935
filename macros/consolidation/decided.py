"""What is not to be worked out again: plans already signed, and the manager's own decisions where they can be kept."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from macros.consolidation.circles import common_point
from macros.consolidation.reach import circle
from macros.findings import finding
from macros.forms import forms
from macros.sites.sphere import distance
from macros.sites.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.consolidation.demands import Demand, Fixed
    from macros.findings import Finding
    from macros.sites.towers import Towers
    from macros.sites.words import Limits

_FORM = "consolidation"


@dataclass(slots=True)
class Decided:
    """Decisions by a demand's number, and what is left open.

    ``added`` are the operators they bring to towers; ``towers`` the towers of those that go to a known one;
    ``groups`` joint towers; ``may_take`` and ``may_join`` the demands that may still get a tower or a partner.
    """

    fixed: dict[int, Fixed] = field(default_factory=dict)
    added: dict[int, set[str]] = field(default_factory=dict)
    towers: dict[int, int] = field(default_factory=dict)
    groups: list[tuple[int, ...]] = field(default_factory=list)
    may_take: set[int] = field(default_factory=set)
    may_join: set[int] = field(default_factory=set)


def decide(demands: Sequence[Demand], towers: Towers, limits: Limits) -> tuple[Decided, list[Finding]]:
    """Keep what was decided; a decision that breaks a rule of sharing is left out with a finding and worked out anew.

    Signed plans come first, then the manager's decisions by demand number.
    """
    made = Decided()
    findings: list[Finding] = []
    codes = _named(demands, towers)
    numbers = {each.key: number for number, each in enumerate(demands)}
    by_key = [number for _, number in sorted(numbers.items())]
    labels = words()["labels"]
    for number in by_key:
        fixed = demands[number].fixed
        if fixed is None:
            made.may_take.add(number)
            made.may_join.add(number)
        elif fixed.basis == "settled":
            _settle(made, number, fixed, demands[number].operator, towers, codes)
    for number in by_key:
        fixed = demands[number].fixed
        if fixed is None or fixed.basis != "override":
            continue
        if fixed.label == labels["existing"]:
            said = _to_tower(made, demands[number], number, fixed, towers, codes, limits)
        elif fixed.label == labels["joint"]:
            said = _together(made, number, fixed, demands, numbers, limits)
        else:
            made.fixed[number] = fixed
            said = []
        findings += said
        if number not in made.fixed:
            made.may_take.add(number)
            made.may_join.add(number)
    return made, findings


def _named(demands: Sequence[Demand], towers: Towers) -> dict[str, int]:
    """The number of every tower that a decision names; there may be millions of others."""
    found: dict[str, int] = {}
    for code in {each.fixed.site for each in demands if each.fixed is not None}:
        number = bisect_left(towers.codes, code)
        if number < len(towers.codes) and towers.codes[number] == code:
            found[code] = number
    return found


def _settle(
    made: Decided, number: int, fixed: Fixed, operator: str, towers: Towers, codes: dict[str, int],
) -> None:
    """Keep the label of a signed plan; only what it leaves open, tower or partner, is still to be found."""
    labels = words()["labels"]
    made.fixed[number] = fixed
    if fixed.label == labels["joint"]:
        made.may_join.add(number)
    elif fixed.label == labels["existing"] and not fixed.site:
        made.may_take.add(number)
    elif fixed.label == labels["existing"] and fixed.site in codes:
        tower = codes[fixed.site]
        made.towers[number] = tower
        if operator not in towers.tenants[tower]:
            made.added.setdefault(tower, set()).add(operator)


def _to_tower(
    made: Decided, demand: Demand, number: int, fixed: Fixed, towers: Towers, codes: dict[str, int], limits: Limits,
) -> list[Finding]:
    tower = codes.get(fixed.site)
    if tower is None:
        return [_said("CON021", demand, "adjusted_site", fixed.site)]
    present = towers.tenants[tower] | made.added.get(tower, set())
    if demand.operator in present:
        return [_said("CON022", demand, "adjusted_site", fixed.site, operator=demand.operator)]
    if len(present) >= limits.tenants:
        return [_said("CON023", demand, "adjusted_site", fixed.site, count=len(present), most=limits.tenants)]
    made.fixed[number] = fixed
    made.towers[number] = tower
    made.added.setdefault(tower, set()).add(demand.operator)
    metres = float(distance(demand.longitude, demand.latitude, towers.longitude[tower], towers.latitude[tower]))
    if demand.offset is None or not metres <= demand.offset:
        return [_said("CON024", demand, "adjusted_site", fixed.site, metres=_shown(metres))]
    return []


def _together(
    made: Decided, number: int, fixed: Fixed, demands: Sequence[Demand], numbers: dict[str, int], limits: Limits,
) -> list[Finding]:
    demand = demands[number]
    listed = "、".join(fixed.partners)
    unknown = [key for key in fixed.partners if key not in numbers]
    if unknown:
        return [_said("CON025", demand, "adjusted_with", "、".join(unknown))]
    group = tuple(sorted({number, *(numbers[key] for key in fixed.partners)}))
    if group in made.groups:
        made.fixed[number] = fixed
        return []
    if len({demands[each].operator for each in group}) < len(group):
        return [_said("CON026", demand, "adjusted_with", listed)]
    if not 1 < len(group) <= limits.tenants:
        return [_said("CON027", demand, "adjusted_with", listed, most=limits.tenants)]
    bound = [demands[each].key for each in group if each in made.fixed]
    bound += [
        demands[each].key for each in group if (other := demands[each].fixed) is not None and each != number
        and (other.label != fixed.label or (other.basis == "override" and not _agree(other, group, each, numbers)))
    ]
    if bound:
        return [_said("CON028", demand, "adjusted_with", "、".join(dict.fromkeys(bound)))]
    made.groups.append(group)
    for each in group:
        made.fixed[each] = fixed
        made.may_take.discard(each)
        made.may_join.discard(each)
    apart = common_point([circle(demands[each]) for each in group]) is None
    return [_said("CON029", demand, "adjusted_with", listed)] if apart else []


def _agree(other: Fixed, group: tuple[int, ...], number: int, numbers: dict[str, int]) -> bool:
    """Whether another decision names the same demands."""
    return tuple(sorted({number, *(numbers.get(key, -1) for key in other.partners)})) == group


def _shown(metres: float) -> str:
    """The distance for reading; of a tower without a place, a dash."""
    return f"{metres:.1f}" if math.isfinite(metres) else "—"


def _said(code: str, demand: Demand, column: str, value: str, **details: object) -> Finding:
    form = forms()[_FORM]
    named: dict[str, Any] = {**details, "field": form.column(column).title}
    return finding(code, workbook=form.file, sheet=form.title, key=demand.key, value=value, **named)
