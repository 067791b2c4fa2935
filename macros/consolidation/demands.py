"""Reads what consolidation needs of each demand: its circle, its operator, and what has been decided already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from macros.findings import about
from macros.sites.towers import positions
from macros.sites.words import limits, words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register


@dataclass(frozen=True, slots=True)
class Fixed:
    """A label that is not to be worked out: of a signed plan, or the manager's; ``site`` and ``partners`` with it.

    ``basis`` names an entry of the rules' ``basis``; ``why`` and ``who`` are the manager's.
    """

    label: str
    basis: str
    site: str = ""
    partners: tuple[str, ...] = ()
    why: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Demand:
    """One demand as a circle: centre in WGS-84 degrees, radius ``offset`` in metres, None where none is given."""

    key: str
    operator: str
    longitude: float
    latitude: float
    offset: float | None
    fixed: Fixed | None = None


def demands(register: Register, day: dt.date) -> tuple[list[Demand], list[Finding]]:
    """Every demand that can be placed, in an order that does not depend on the rows', and what is wrong with others.

    A demand without place or operator is left out (CON001), as is a number that stands for different demands
    (CON002); an exact repeat counts once.
    """
    rows = [row for row in register.rows("demand") if row.key]
    longitude, latitude = positions(rows)
    adjusted, findings = overrides(register)
    most = limits(day).offset
    found: dict[str, Demand] = {}
    doubtful: set[str] = set()
    for row, east, north in zip(rows, longitude.tolist(), latitude.tolist(), strict=True):
        missing = _missing(row, east)
        if missing:
            findings.append(about(row, missing, "CON001"))
            continue
        radius = row["offset_m"]
        offset = float(radius) if isinstance(radius, int) else None
        if offset is not None and offset > most:
            findings.append(about(row, "offset_m", "CON003", most=f"{most:g}"))
        fixed = adjusted.get(row.key) or _settled(row, day)
        made = Demand(row.key, row.text("operator"), east, north, offset, fixed)
        if found.setdefault(row.key, made) != made:
            doubtful.add(row.key)
            findings.append(about(row, "demand_no", "CON002"))
    usable = [each for key, each in found.items() if key not in doubtful]
    return sorted(usable, key=lambda each: (each.longitude, each.latitude, each.key)), findings


def _missing(row: Record, longitude: float) -> str:
    """The column without which a demand has no place among others; empty when it has all."""
    if row["operator"] is None:
        return "operator"
    if np.isfinite(longitude):
        return ""
    return "longitude" if row["longitude"] is None else "latitude"


def _settled(row: Record, day: dt.date) -> Fixed | None:
    """What the signed annex 3.2 says; None before its signature."""
    signed = row.date("plan_signed_on")
    if signed is None or signed > day or row["solution"] is None:
        return None
    return Fixed(row.text("solution"), "settled", row.text("site_code"))


def overrides(register: Register) -> tuple[dict[str, Fixed], list[Finding]]:
    """What the manager decided in 需求整合, by demand; a decision without its reason is not carried out (CON010)."""
    labels = words()["labels"]
    found: dict[str, Fixed] = {}
    findings: list[Finding] = []
    for row in register.rows("consolidation"):
        label, site = row.text("adjusted"), row.text("adjusted_site")
        if not label:
            continue
        partners = split(row.text("adjusted_with"))
        if row["adjusted_reason"] is None:
            findings.append(about(row, "adjusted_reason", "CON010", label=label))
        elif label == labels["existing"] and not site:
            findings.append(about(row, "adjusted_site", "CON011", label=label))
        elif label == labels["joint"] and not partners:
            findings.append(about(row, "adjusted_with", "CON012", label=label))
        elif row.key in found:
            findings.append(about(row, "demand_no", "CON013"))
        else:
            why, who = row.text("adjusted_reason"), row.text("adjusted_by")
            found[row.key] = Fixed(
                label, "override", site if label == labels["existing"] else "",
                partners if label == labels["joint"] else (), why, who,
            )
    return found, findings


def split(text: str) -> tuple[str, ...]:
    """The numbers a cell lists."""
    parts: Sequence[str] = re.split(f"[{re.escape(words()['tenants']['between'])}]", text)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
