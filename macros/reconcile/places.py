"""Tells whether two site names may mean one site: normalised words, and metres between two points."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from macros.reconcile.words import words
from macros.values import fold


class Spot(NamedTuple):
    """A site's name, and its longitude and latitude where they are known."""

    name: str
    point: tuple[float, float] | None


#: A site's number is written either way.
_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")
#: Mean radius of the earth, metres.
_EARTH = 6_371_008.8


@lru_cache(maxsize=1 << 16)
def plain_name(name: str, county: str = "") -> str:
    """A site's name as two spellings of it are compared: without brackets, signs, its county and common words."""
    rules = words()["names"]
    word = fold(re.sub(rules["brackets"], "", name))
    word = re.sub(r"[\W_]+", "", word)
    place = re.sub(r"[\W_]+", "", fold(county))
    # 甲县新村 may be written 甲新村 as well.
    short = place[:-1] if len(place) > 2 and place[-1] in rules["counties"] else place
    for prefix in filter(None, (place, short)):
        if word.startswith(prefix) and word != prefix:
            word = word.removeprefix(prefix)
            break
    for common in rules["drop"]:
        word = word.replace(common, "")
    return word.translate(_DIGITS)


def spellings(name: str, county: str) -> set[str]:
    """A name without and with its county, as lists may write it either way."""
    return {word for word in (plain_name(name, county), plain_name(name)) if word}


def alike(a: str, b: str) -> bool:
    """Whether one name holds the other, and enough of it to mean one place."""
    short, long = sorted((a, b), key=len)
    return len(short) >= int(words()["names"]["least"]) and short in long


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The distance of two points given as (longitude, latitude) in degrees, on the sphere."""
    (x, y), (u, v) = a, b
    half = math.radians(v - y) / 2, math.radians(u - x) / 2
    root = math.sin(half[0]) ** 2 + math.cos(math.radians(y)) * math.cos(math.radians(v)) * math.sin(half[1]) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(root)))
