"""Tells whether two site names may mean one site: normalised words, and metres between two points."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from macros.reconcile.words import words
from macros.values import fold

#: Mean radius of the earth, metres.
_EARTH = 6_371_008.8


@lru_cache(maxsize=1 << 16)
def plain_name(name: str, county: str = "") -> str:
    """A site's name as two spellings of it are compared: without brackets, signs, its county and common words."""
    rules = words()["names"]
    word = fold(re.sub(rules["brackets"], "", name))
    word = re.sub(r"[\W_]+", "", word)
    place = re.sub(r"[\W_]+", "", fold(county))
    if place:
        word = word.removeprefix(place)
    for common in rules["drop"]:
        word = word.replace(common, "")
    return word


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The distance of two points given as (longitude, latitude) in degrees, on the sphere."""
    (x, y), (u, v) = a, b
    half = math.radians(v - y) / 2, math.radians(u - x) / 2
    root = math.sin(half[0]) ** 2 + math.cos(math.radians(y)) * math.cos(math.radians(v)) * math.sin(half[1]) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(root)))
