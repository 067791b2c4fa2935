"""The words and limits of `rules/values.toml`, ready for look-up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from macros.data import toml

_data = toml(Path(__file__).parents[1] / "rules" / "values.toml")

EARLIEST_YEAR: int = _data["dates"]["earliest_year"]
OPEN_ENDED: frozenset[str] = frozenset(_data["dates"]["open_ended"])
MORNING: frozenset[str] = frozenset(_data["dates"]["morning"])
AFTERNOON: frozenset[str] = frozenset(_data["dates"]["afternoon"])

#: Figures of this many digits and more lose their tail in a spreadsheet's number cell.
TOO_LONG: int = 10 ** _data["numbers"]["kept_digits"]
LIMIT = Decimal(_data["numbers"]["limit"])
#: Longest first, so that 万元 is found before 元.
UNITS: tuple[str, ...] = tuple(sorted(_data["numbers"]["units"], key=len, reverse=True))

MONEY_PREFIXES: tuple[str, ...] = tuple(_data["money"]["prefixes"])
MONEY_SUFFIXES: tuple[str, ...] = tuple(_data["money"]["suffixes"])

FLAGS: dict[str, bool] = {
    word: meaning for meaning, name in ((True, "yes"), (False, "no")) for word in _data["flags"][name]
}

COORDINATE_PLACES: int = _data["coordinates"]["places"]
EAST: tuple[str, ...] = tuple(_data["coordinates"]["east"])
WEST: tuple[str, ...] = tuple(_data["coordinates"]["west"])
NORTH: tuple[str, ...] = tuple(_data["coordinates"]["north"])
SOUTH: tuple[str, ...] = tuple(_data["coordinates"]["south"])

#: Degrees between which a site can lie, lowest and highest; for the row rules.
PLAUSIBLE_LONGITUDE: tuple[Decimal, Decimal] = (
    Decimal(_data["coordinates"]["plausible"]["longitude"][0]),
    Decimal(_data["coordinates"]["plausible"]["longitude"][1]),
)
PLAUSIBLE_LATITUDE: tuple[Decimal, Decimal] = (
    Decimal(_data["coordinates"]["plausible"]["latitude"][0]),
    Decimal(_data["coordinates"]["plausible"]["latitude"][1]),
)
