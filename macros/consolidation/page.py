"""The map of a proposal as one page that opens without network: sites, circles, labels, and the reason of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from macros.consolidation.reach import columns
from macros.sites.grid import Grid
from macros.sites.words import words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from macros.consolidation.proposal import Proposal
    from macros.records import Value
    from macros.sites.towers import Towers

_PAGE = Path(__file__).with_name("map.html")
_PLACES = 6


def page(proposal: Proposal, made: Mapping[str, Mapping[str, Value]], city: str, day: dt.date) -> str:
    """The page; the same proposal always gives the same text.

    Args:
        proposal: what was proposed.
        made: its rows of 需求整合 by demand number.
        city: for the heading.
        day: of the proposal.
    """
    shown = _near(proposal)
    towers, operators = proposal.towers, sorted({each.operator for each in proposal.demands})
    tenants = sorted({name for number in shown for name in towers.tenants[number]})
    place = {name: number for number, name in enumerate(tenants)}
    data: dict[str, Any] = {
        "city": city, "day": day.isoformat(), "labels": [words()["labels"][name] for name in words()["map"]["labels"]],
        "operators": operators, "tenants": tenants, "left": _placed(towers) - len(shown),
        "places": _places(proposal, made), "demands": _demands(proposal, made),
        "sites": {
            "x": [round(float(towers.longitude[number]), _PLACES) for number in shown],
            "y": [round(float(towers.latitude[number]), _PLACES) for number in shown],
            "t": [sorted(place[name] for name in towers.tenants[number]) for number in shown],
            "c": [towers.codes[number] for number in shown], "n": [towers.names[number] for number in shown],
        },
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # A name that looks like the end of a script must not end it.
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return _PAGE.read_text(encoding="utf-8").replace("@DATA@", safe)


def _placed(towers: Towers) -> int:
    return int((np.isfinite(towers.longitude) & np.isfinite(towers.latitude)).sum())


def _near(proposal: Proposal) -> list[int]:
    """The sites to draw: all, or where there are too many, the nearest to demands."""
    towers, most = proposal.towers, words()["map"]["sites"]
    known = np.flatnonzero(np.isfinite(towers.longitude) & np.isfinite(towers.latitude))
    if len(known) <= most:
        return [int(number) for number in known]
    longitude, latitude, radius = columns(proposal.demands)
    around = np.maximum(radius, float(words()["map"]["around_m"]))
    near = Grid(towers.longitude, towers.latitude, float(words()["map"]["around_m"])).within(
        longitude, latitude, around,
    )
    nearest = dict.fromkeys(near.point[np.argsort(near.metres, kind="stable")].tolist())
    return sorted(list(nearest)[:most])


def _demands(proposal: Proposal, made: Mapping[str, Mapping[str, Value]]) -> list[dict[str, Any]]:
    found = []
    for number, each in enumerate(proposal.demands):
        row, placed = made[each.key], proposal.placed[number]
        point = placed.point
        found.append({
            "k": each.key, "o": each.operator, "n": str(row["site_name"] or ""), "l": placed.label,
            "x": round(each.longitude, _PLACES), "y": round(each.latitude, _PLACES), "r": each.offset,
            "s": row["site_code"] or "", "w": sorted(proposal.demands[other].key for other in placed.partners),
            "m": None if placed.metres is None else round(placed.metres, 1),
            "px": round(point[0], _PLACES) if point else None, "py": round(point[1], _PLACES) if point else None,
            "b": row["basis"], "why": row["reason"],
        })
    return found


def _places(proposal: Proposal, made: Mapping[str, Mapping[str, Value]]) -> list[tuple[str, float, float]]:
    """The counties, each named in the middle of its demands."""
    held: dict[str, list[tuple[float, float]]] = {}
    for each in proposal.demands:
        county = made[each.key]["county"]
        if county is not None:
            held.setdefault(str(county), []).append((each.longitude, each.latitude))
    return [
        (name, round(sum(x for x, _ in spots) / len(spots), 4), round(sum(y for _, y in spots) / len(spots), 4))
        for name, spots in sorted(held.items())
    ]
