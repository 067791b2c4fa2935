"""Distances on the sphere, and a flat piece of it around a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

#: Mean radius of the earth in metres (IUGG R1).
RADIUS = 6371008.8
#: Metres of one degree along a meridian.
DEGREE = RADIUS * np.pi / 180


def distance(
    longitude: ArrayLike, latitude: ArrayLike, to_longitude: ArrayLike, to_latitude: ArrayLike,
) -> NDArray[np.float64]:
    """Great-circle distance in metres (haversine); arguments in degrees, of shapes that go together."""
    east, north, to_east, to_north = (
        np.radians(np.asarray(each, dtype=np.float64)) for each in (longitude, latitude, to_longitude, to_latitude)
    )
    half = np.sin((to_north - north) / 2) ** 2
    half = half + np.cos(north) * np.cos(to_north) * np.sin((to_east - east) / 2) ** 2
    found: NDArray[np.float64] = 2 * RADIUS * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return found


def flat(longitude: float, latitude: float, origin: tuple[float, float]) -> tuple[float, float]:
    """Metres east and north of ``origin``; good to a millimetre over a kilometre."""
    scale = float(np.cos(np.radians(origin[1])))
    return (longitude - origin[0]) * DEGREE * scale, (latitude - origin[1]) * DEGREE


def round_again(east: float, north: float, origin: tuple[float, float]) -> tuple[float, float]:
    """Longitude and latitude of a point given in metres east and north of ``origin``: the way back of `flat`."""
    scale = float(np.cos(np.radians(origin[1])))
    return origin[0] + east / (DEGREE * scale), origin[1] + north / DEGREE
