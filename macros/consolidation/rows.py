"""The proposal as rows of 需求整合, as JSON, and as the table that the proposal's paper prints."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from macros.consolidation.reasons import reason
from macros.forms import forms
from macros.records import Place, Record
from macros.sites.words import words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from macros.consolidation.decided import Decided
    from macros.consolidation.proposal import Proposal
    from macros.records import Value
    from macros.register import Register
    from macros.sites.words import Limits

FORM = "consolidation"
#: Columns the program fills; the others are the manager's.
FILLED = (
    "operator", "county", "site_name", "label", "site_code", "partners", "distance_m", "offset_m", "longitude",
    "latitude", "basis", "reason", "proposed_on",
)
_TENTH, _DEGREE = Decimal("0.1"), Decimal("0.000001")


def rows(
    proposal: Proposal, decided: Decided, limits: Limits, register: Register, day: dt.date,
) -> dict[str, dict[str, Value]]:
    """The filled columns of every demand by its number, in the order of the register."""
    place = {each.key: number for number, each in enumerate(proposal.demands)}
    found: dict[str, dict[str, Value]] = {}
    for record in register.rows("demand"):
        number = place.get(record.key)
        if number is None or record.key in found:
            continue
        placed = proposal.placed[number]
        point = placed.point
        fixed = decided.fixed.get(number)
        code = proposal.towers.codes[placed.tower] if placed.tower is not None else (fixed.site if fixed else "")
        found[record.key] = {
            "operator": record["operator"], "county": record["county"], "site_name": record["site_name"],
            "label": placed.label, "site_code": code or None, "partners": "、".join(partners(number, proposal)) or None,
            "distance_m": _rounded(placed.metres, _TENTH), "offset_m": record["offset_m"],
            "longitude": _rounded(point[0] if point else None, _DEGREE),
            "latitude": _rounded(point[1] if point else None, _DEGREE),
            "basis": words()["basis"][placed.basis], "reason": reason(number, proposal, decided, limits),
            "proposed_on": day,
        }
    return found


def partners(number: int, proposal: Proposal) -> list[str]:
    """The numbers of the demands on the same tower."""
    return sorted(proposal.demands[each].key for each in proposal.placed[number].partners)


def _rounded(value: float | None, unit: Decimal) -> Decimal | None:
    return None if value is None else Decimal(repr(value)).quantize(unit)


def as_json(proposal: Proposal, made: Mapping[str, Mapping[str, Value]]) -> list[dict[str, Any]]:
    """What ``--json`` prints of each demand."""
    place = {each.key: number for number, each in enumerate(proposal.demands)}
    return [
        {
            "key": key, "label": row["label"], "site": row["site_code"], "with": partners(place[key], proposal),
            "distance_m": _number(row["distance_m"]), "reason": row["reason"], "basis": row["basis"],
            "longitude": _number(row["longitude"]), "latitude": _number(row["latitude"]),
            "distances": {
                proposal.demands[other].key: round(metres, 1)
                for other in proposal.placed[place[key]].partners
                if (metres := proposal.reach.meets.get(place[key], {}).get(other)) is not None
            },
        } for key, row in made.items()
    ]


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, Decimal) else None


def changes(
    made: Mapping[str, Mapping[str, Value]], present: Sequence[Record],
) -> tuple[list[tuple[Record, dict[str, Value]]], list[list[Value]]]:
    """What to set in rows that stand in 需求整合 and which rows to add; a row whose demand is gone is emptied.

    The manager's own columns stay as they are.
    """
    form = forms()[FORM]
    updates: list[tuple[Record, dict[str, Value]]] = []
    seen: set[str] = set()
    for record in present:
        wanted = made.get(record.key, dict.fromkeys(FILLED))
        differing: dict[str, Value] = {name: wanted[name] for name in FILLED if record[name] != wanted[name]}
        if differing:
            updates.append((record, differing))
        seen.add(record.key)
    added: list[list[Value]] = [
        [key if column.name == "demand_no" else row.get(column.name) for column in form.columns]
        for key, row in made.items() if key not in seen
    ]
    return updates, added


def records(made: Mapping[str, Mapping[str, Value]]) -> tuple[Record, ...]:
    """The rows as records of the form, for papers."""
    form = forms()[FORM]
    return tuple(
        Record(
            form, tuple(key if column.name == "demand_no" else row.get(column.name) for column in form.columns),
            Place(form.file, form.title, number), (0,) * len(form.columns),
        ) for number, (key, row) in enumerate(made.items(), 2)
    )
