"""Why a demand got its label: one sentence, with the distances that speak for it or the lack that stood against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.sites.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from macros.consolidation.decided import Decided
    from macros.consolidation.proposal import Proposal
    from macros.sites.words import Limits


def reason(number: int, proposal: Proposal, decided: Decided, limits: Limits) -> str:
    """The sentence of one demand, in Chinese."""
    said, placed = words()["reasons"], proposal.placed[number]
    fixed = decided.fixed.get(number)
    facts = ""
    if placed.tower is not None:
        facts = _existing(number, proposal, limits)
    elif placed.partners:
        facts = _joint(number, proposal)
    elif fixed is None:
        facts = _alone(number, proposal, limits)
    if fixed is None:
        return facts
    if fixed.basis == "settled":
        own = said["settled"].format(label=fixed.label)
    else:
        own = said["override"].format(label=fixed.label, why=fixed.why)
        own += said["override_by"].format(who=fixed.who) if fixed.who else ""
    return str(own + (said["between"] + facts if facts else ""))


def _existing(number: int, proposal: Proposal, limits: Limits) -> str:
    said, placed, towers = words()["reasons"], proposal.placed[number], proposal.towers
    tower = placed.tower
    assert tower is not None
    present = "、".join(sorted(towers.tenants[tower])) or said["nobody"]
    offset = proposal.demands[number].offset
    # A signed or adjusted tower stays where it is, however far.
    near = offset is not None and placed.metres is not None and placed.metres <= offset
    text = said["existing" if near else "existing_far"].format(
        site=towers.codes[tower], name=towers.names[tower], metres=_metres(placed.metres), most=limits.tenants,
        offset=_metres(offset), tenants=present,
    )
    if placed.partners:
        text += said["existing_with"].format(others=_keys(placed.partners, proposal))
    return str(text)


def _joint(number: int, proposal: Proposal) -> str:
    said, placed = words()["reasons"], proposal.placed[number]
    met = proposal.reach.meets.get(number, {})
    others = "、".join(
        said["other"].format(
            key=proposal.demands[each].key, operator=proposal.demands[each].operator, metres=_metres(met.get(each)),
        ) for each in placed.partners
    )
    offset = _metres(proposal.demands[number].offset)
    return str(said["joint"].format(others=others, metres=_metres(placed.metres), offset=offset))


def _alone(number: int, proposal: Proposal, limits: Limits) -> str:
    said, demand = words()["reasons"], proposal.demands[number]
    if demand.offset is None:
        return str(said["no_offset"])
    tower = _no_tower(number, proposal, limits)
    return str(tower + said["between"] + _no_partner(number, proposal))


def _no_tower(number: int, proposal: Proposal, limits: Limits) -> str:
    """Why none of the towers in the circle serves, of the nearest one."""
    said, demand = words()["reasons"], proposal.demands[number]
    inside = proposal.reach.inside.get(number, [])
    if not inside:
        return str(said["no_tower"].format(offset=_metres(demand.offset)))
    may = {site.number for site in proposal.reach.sites.get(number, [])}
    tower, metres = next((each for each in inside if each[0] in may), inside[0])
    present, code = proposal.towers.tenants[tower], proposal.towers.codes[tower]
    named: Mapping[str, Any] = {"site": code, "metres": _metres(metres)}
    if demand.operator in present:
        return str(said["own_tower"].format(**named))
    if len(present) >= limits.tenants:
        return str(said["full_tower"].format(count=len(present), **named))
    holders = [other for other, placed in enumerate(proposal.placed) if placed.tower == tower]
    return str(said["taken_tower"].format(others=_keys(holders, proposal), **named))


def _no_partner(number: int, proposal: Proposal) -> str:
    said, own = words()["reasons"], proposal.demands[number].operator
    met = sorted(proposal.reach.meets.get(number, {}))
    others = [each for each in met if proposal.demands[each].operator != own]
    if others:
        return str(said["taken_partner"].format(others=_keys(others, proposal)))
    return str(said["own_partner"].format(others=_keys(met, proposal)) if met else said["no_partner"])


def _keys(numbers: Iterable[int], proposal: Proposal) -> str:
    said = words()["reasons"]
    keys = sorted(proposal.demands[each].key for each in numbers)
    most = said["shown"]
    return "、".join(keys[:most]) + (said["many"].format(count=len(keys)) if len(keys) > most else "")


def _metres(metres: float | None) -> str:
    return "" if metres is None else f"{metres:.1f}".removesuffix(".0")
