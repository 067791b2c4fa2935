"""Sites that may be registered twice: the same name, or nearly the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from macros.findings import about
from macros.sites.grid import Grid
from macros.sites.sphere import distance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from macros.findings import Finding
    from macros.records import Record
    from macros.sites.towers import Towers


def namesakes(towers: Towers, rows: Iterable[Record]) -> Iterator[Finding]:
    """Sites with different codes and one name (SIT002), said of each after the first."""
    by_code = {row.key: row for row in rows}
    first: dict[str, int] = {}
    for number, name in enumerate(towers.names):
        other = first.setdefault(name, number) if name else number
        if other != number:
            row, metres = by_code[towers.codes[number]], _metres(towers, other, number)
            yield about(row, "site_name", "SIT002", other=towers.codes[other], metres=metres)


def neighbours(towers: Towers, rows: Iterable[Record], same_place: float) -> Iterator[Finding]:
    """Sites not ``same_place`` metres from another (SIT003), said of the second of a pair."""
    by_code = {row.key: row for row in rows}
    reach = np.full(len(towers.codes), same_place)
    near = Grid(towers.longitude, towers.latitude, same_place).within(towers.longitude, towers.latitude, reach)
    for one, other, far in zip(near.query.tolist(), near.point.tolist(), near.metres.tolist(), strict=True):
        if one < other and far < same_place:
            row = by_code[towers.codes[other]]
            yield about(
                row, "longitude", "SIT003", other=towers.codes[one], metres=f"{far:.1f}", most=f"{same_place:g}",
            )


def _metres(towers: Towers, one: int, other: int) -> str:
    """How far two sites are from each other, for reading; a dash where one has no place."""
    far = float(distance(
        towers.longitude[one], towers.latitude[one], towers.longitude[other], towers.latitude[other],
    ))
    return f"{far:.1f}" if np.isfinite(far) else "—"
