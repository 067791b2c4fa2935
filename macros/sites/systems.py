"""The three coordinate systems of Chinese maps, converted into each other: WGS-84, GCJ-02 and BD-09.

GCJ-02 (高德, 腾讯) shifts every point in China by some hundred metres, BD-09 (百度) shifts it once more. The shift of
GCJ-02 is known as a formula from WGS-84 only; the way back is found by repeating it until the point no longer moves.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from macros.sites.words import words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Degrees = NDArray[np.float64]
    Points = tuple[Degrees, Degrees]

#: Krassowsky's ellipsoid, which the shift is written for: half axis in metres and squared eccentricity.
_AXIS, _SQUARED = 6378245.0, 0.00669342162296594323
#: The box outside which there is no shift: west, east, south, north.
_CHINA = (72.004, 137.8347, 0.8293, 55.8271)
_BAIDU_TURN = math.pi * 3000 / 180
_BAIDU_LONGITUDE, _BAIDU_LATITUDE = 0.0065, 0.006
#: Rounds of the way back; each takes off more than two digits of what is left.
_ROUNDS = 8


def to_wgs84(longitude: Degrees, latitude: Degrees, system: str) -> Points:
    """Points of a named system in WGS-84, to better than a centimetre.

    Args:
        longitude: degrees east.
        latitude: degrees north, of the same shape.
        system: a name of ``rules/consolidation.toml``.

    Raises:
        KeyError: there is no such system.
    """
    if system == words()["systems"]["earth"]:
        return longitude, latitude
    east, north = longitude.copy(), latitude.copy()
    for _ in range(_ROUNDS):
        there_east, there_north = from_wgs84(east, north, system)
        east, north = east + longitude - there_east, north + latitude - there_north
    return east, north


def from_wgs84(longitude: Degrees, latitude: Degrees, system: str) -> Points:
    """Points of WGS-84 in a named system.

    Raises:
        KeyError: there is no such system.
    """
    names = words()["systems"]
    if system == names["earth"]:
        return longitude, latitude
    return {names["mars"]: _shifted, names["baidu"]: _baidu}[system](longitude, latitude)


def _shifted(longitude: Degrees, latitude: Degrees) -> Points:
    """WGS-84 → GCJ-02."""
    x, y = longitude - 105.0, latitude - 35.0
    root, both = np.sqrt(np.abs(x)), x * y
    wave = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * both + 0.2 * root + wave
    north += (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * both + 0.1 * root + wave
    east += (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    radians = np.radians(latitude)
    bulge = 1 - _SQUARED * np.sin(radians) ** 2
    north = np.degrees(north * bulge * np.sqrt(bulge) / (_AXIS * (1 - _SQUARED)))
    east = np.degrees(east * np.sqrt(bulge) / (_AXIS * np.cos(radians)))
    west_end, east_end, south_end, north_end = _CHINA
    inside = (longitude >= west_end) & (longitude <= east_end) & (latitude >= south_end) & (latitude <= north_end)
    return longitude + np.where(inside, east, 0.0), latitude + np.where(inside, north, 0.0)


def _baidu(longitude: Degrees, latitude: Degrees) -> Points:
    """WGS-84 → BD-09, by way of GCJ-02."""
    x, y = _shifted(longitude, latitude)
    far = np.hypot(x, y) + 0.00002 * np.sin(y * _BAIDU_TURN)
    turned = np.arctan2(y, x) + 0.000003 * np.cos(x * _BAIDU_TURN)
    return far * np.cos(turned) + _BAIDU_LONGITUDE, far * np.sin(turned) + _BAIDU_LATITUDE
