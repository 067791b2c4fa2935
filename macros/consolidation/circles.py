"""Whether circles on the ground have a point in common, and one such point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from macros.sites.sphere import flat, round_again

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Longitude, latitude in degrees and radius in metres.
Circle = tuple[float, float, float]

#: Metres a point may lie outside a circle by the error of arithmetic.
_SLACK = 1e-4
#: Steps of the way back to the middle: a kilometre to less than a millimetre.
_HALVINGS = 24


def common_point(circles: Sequence[Circle]) -> tuple[float, float] | None:
    """A point inside all circles, near the middle of their centres; the same whatever their order. None: there is none.

    What circles have in common is convex. It has a corner where two of them cross, or is the smallest of them whole:
    the mean of those corners, and of the centres that lie in it, lies in it too. From there it is gone towards the
    middle of the centres as far as all circles allow.
    """
    origin = math.fsum(sorted(one[0] for one in circles)), math.fsum(sorted(one[1] for one in circles))
    origin = origin[0] / len(circles), origin[1] / len(circles)
    discs = sorted((*flat(east, north, origin), radius) for east, north, radius in circles)
    if _inside((0.0, 0.0), discs):
        return origin
    corners = [spot for spot in [*((x, y) for x, y, _ in discs), *_crossings(discs)] if _inside(spot, discs)]
    if not corners:
        return None
    x = math.fsum(spot[0] for spot in corners) / len(corners)
    y = math.fsum(spot[1] for spot in corners) / len(corners)
    near, far = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        near, far = (near, middle) if _inside((x * middle, y * middle), discs) else (middle, far)
    return round_again(x * far, y * far, origin)


def _inside(spot: tuple[float, float], discs: Sequence[tuple[float, float, float]]) -> bool:
    return all(math.hypot(spot[0] - x, spot[1] - y) <= radius + _SLACK for x, y, radius in discs)


def _crossings(discs: Sequence[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """Where the borders of any two circles meet; where they only touch, once."""
    found: list[tuple[float, float]] = []
    for number, (x, y, radius) in enumerate(discs):
        for to_x, to_y, to_radius in discs[number + 1 :]:
            far = math.hypot(to_x - x, to_y - y)
            if far == 0 or far > radius + to_radius + _SLACK or far < abs(radius - to_radius) - _SLACK:
                continue
            along = (far * far + radius * radius - to_radius * to_radius) / (2 * far)
            across = math.sqrt(max(radius * radius - along * along, 0.0))
            ahead_x, ahead_y = (to_x - x) / far, (to_y - y) / far
            middle_x, middle_y = x + along * ahead_x, y + along * ahead_y
            found.append((middle_x - across * ahead_y, middle_y + across * ahead_x))
            if across:
                found.append((middle_x + across * ahead_y, middle_y - across * ahead_x))
    return found
