"""Sites that may be registered twice: the same name, or nearly the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from macros.findings import finding
from macros.forms import forms
from macros.sites.grid import Grid
from macros.sites.sphere import distance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.findings import Finding
    from macros.sites.towers import Towers


def duplicates(towers: Towers, same_place: float) -> Iterator[Finding]:
    """Pairs of sites with different codes and one name (SIT002), or not ``same_place`` metres apart (SIT003)."""
    seen: set[tuple[int, int]] = set()
    first: dict[str, int] = {}
    for number, name in enumerate(towers.names):
        other = first.setdefault(name, number) if name else number
        if other != number:
            seen.add((other, number))
            yield _said("SIT002", towers, other, number, "site_name")
    reach = np.full(len(towers.codes), same_place)
    near = Grid(towers.longitude, towers.latitude, same_place).within(towers.longitude, towers.latitude, reach)
    for one, other, metres in zip(near.query.tolist(), near.point.tolist(), near.metres.tolist(), strict=True):
        if one < other and metres < same_place and (one, other) not in seen:
            yield _said("SIT003", towers, one, other, "longitude", most=f"{same_place:g}")


def _said(code: str, towers: Towers, one: int, other: int, column: str, most: str = "") -> Finding:
    form = forms()["site"]
    metres = float(distance(
        towers.longitude[one], towers.latitude[one], towers.longitude[other], towers.latitude[other],
    ))
    return finding(
        code, workbook=form.file, sheet=form.title, key=towers.codes[other], field=form.column(column).title,
        value=towers.codes[other], other=towers.codes[one], metres=f"{metres:.1f}" if np.isfinite(metres) else "—",
        most=most,
    )
