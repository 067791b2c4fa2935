"""The towers there are: place, tenants and room, as columns that a search can run over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from macros.choices import choices
from macros.findings import about
from macros.sites.systems import to_wgs84
from macros.sites.words import words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register


@dataclass(frozen=True, slots=True, eq=False)
class Towers:
    """Existing sites, one position a site, ordered by code.

    ``longitude`` and ``latitude`` are WGS-84 degrees, not a number where unknown or contradictory; ``tenants`` are the
    operators on each.
    """

    codes: Sequence[str]
    names: Sequence[str]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    tenants: Sequence[frozenset[str]]


def towers(register: Register, day: dt.date) -> tuple[Towers, list[Finding]]:
    """The register's sites with the operators present on a day: those of 使用单位 and those whose leases run.

    A code registered at two places stands at neither (SIT001); one registered twice at the same place is one tower.
    """
    rows = sorted((row for row in register.rows("site") if row.key), key=_order)
    leased = tenants_by_lease(register.rows("lease"), day)
    longitude, latitude = positions(rows)
    codes: list[str] = []
    names: list[str] = []
    chosen: list[int] = []
    tenants: list[frozenset[str]] = []
    findings: list[Finding] = []
    blurred: list[int] = []
    for number, row in enumerate(rows):
        present = tenants_of(row.text("tenants"))
        if codes and codes[-1] == row.key:
            first = chosen[-1]
            tenants[-1] |= present
            if (longitude[number], latitude[number]) != (longitude[first], latitude[first]):
                findings.append(about(row, "site_code", "SIT001", other=rows[first].cell("site_code")))
                blurred.append(first)
            continue
        codes.append(row.key)
        names.append(row.text("site_name"))
        chosen.append(number)
        tenants.append(present | leased.get(row.key, frozenset()))
    longitude[blurred] = np.nan
    return Towers(codes, names, longitude[chosen], latitude[chosen], tenants), findings


def _order(row: Record) -> tuple[str, ...]:
    return (row.key, row.text("longitude"), row.text("latitude"), row.text("tenants"), row.text("site_name"))


def positions(rows: Sequence[Record]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes of rows in WGS-84, whatever their 坐标系; not a number where either is missing."""
    longitude = np.array([_degrees(row, "longitude") for row in rows], dtype=np.float64)
    latitude = np.array([_degrees(row, "latitude") for row in rows], dtype=np.float64)
    names = words()["systems"]
    systems = np.array([row.text("datum") or names["earth"] for row in rows], dtype=object)
    known = np.isfinite(longitude) & np.isfinite(latitude)
    longitude[~known] = latitude[~known] = np.nan
    for system in names.values():
        here = np.flatnonzero(known & (systems == system))
        if len(here):
            longitude[here], latitude[here] = to_wgs84(longitude[here], latitude[here], system)
    return longitude, latitude


def _degrees(row: Record, name: str) -> float:
    value = row[name]
    return float("nan") if value is None else float(str(value))


@lru_cache(maxsize=1 << 12)
def tenants_of(text: str) -> frozenset[str]:
    """The operators a cell names, in the register's spelling; a word nobody knows counts as somebody."""
    spelt = choices()[words()["tenants"]["list"]]
    parts = re.split(f"[{re.escape(words()['tenants']['between'])}]", text)
    return frozenset(spelt.get(part.strip(), part.strip()) for part in parts if part.strip())


def tenants_by_lease(leases: Iterable[Record], day: dt.date) -> dict[str, frozenset[str]]:
    """The operators whose leases run on a day, by site code; a lease without a last day runs on."""
    found: dict[str, set[str]] = {}
    for lease in leases:
        start, end = lease.date("starts_on"), lease.date("ends_on")
        if start is None or start > day or (end is not None and end < day):
            continue
        if lease["operator"] is not None and lease["site_code"] is not None:
            found.setdefault(lease.text("site_code"), set()).add(lease.text("operator"))
    return {site: frozenset(each) for site, each in found.items()}
