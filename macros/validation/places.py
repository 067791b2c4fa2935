"""Checks coordinates, antenna heights and directions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.findings import about
from macros.validation.rules import positions, rules
from macros.values import PLAUSIBLE_LATITUDE, PLAUSIBLE_LONGITUDE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from macros.findings import Finding
    from macros.records import Record, Value

_FIGURE = re.compile(r"\d+(?:\.\d+)?")
# What may stand around the figures of a height: bands in mathematical or Chinese words.
_HEIGHT = re.compile(r"[\d.\s\[\]()（）【】<>＜＞≤≥=＝Hhm米高约至到~～—–\-－,，、/;；以上下含不于大小及]*")


def check_places(record: Record, unread: Collection[str]) -> Iterator[Finding]:
    """What is wrong with where the row's site lies and how its antennas hang; arguments as for `check_cells`."""
    form = record.form
    if "longitude" in form.index:
        yield from _coordinates(record, unread)
    for i in positions(form, "height.columns"):
        if record.values[i] is not None:
            yield from _height(record, form.columns[i].name)
    for i in positions(form, "azimuth.columns"):
        if record.values[i] is not None:
            yield from _azimuth(record, form.columns[i].name)


def _inside(value: Value, box: tuple[Decimal, Decimal]) -> bool:
    return isinstance(value, Decimal) and box[0] <= value <= box[1]


def _coordinates(record: Record, unread: Collection[str]) -> Iterator[Finding]:
    east, north = record["longitude"], record["latitude"]
    if swapped(record, unread):
        refused = unread if isinstance(unread, Mapping) else {}
        said = _said(north, refused.get(record.form.column("latitude").title, "别的值"))
        yield about(
            record, "longitude", "CHK010", longitude=_said(east), latitude=said,
            east="至".join(map(str, PLAUSIBLE_LONGITUDE)), north="至".join(map(str, PLAUSIBLE_LATITUDE)),
        )
        return
    for name, value, box in (("longitude", east, PLAUSIBLE_LONGITUDE), ("latitude", north, PLAUSIBLE_LATITUDE)):
        if value is not None and not _inside(value, box):
            yield about(record, name, "CHK011", low=box[0], high=box[1])


def swapped(record: Record, unread: Collection[str]) -> bool:
    """Whether longitude and latitude stand in each other's column.

    A longitude among the latitudes is often refused by its reader already, being beyond 90 degrees.
    """
    east, north = record["longitude"], record["latitude"]
    refused = north is None and record.form.column("latitude").title in unread
    return _inside(east, PLAUSIBLE_LATITUDE) and (refused or _inside(north, PLAUSIBLE_LONGITUDE))


def _said(value: Value, otherwise: str = "") -> str:
    return otherwise if value is None else str(value)


def heights(text: str) -> tuple[Decimal, ...]:
    """The figures of a height or a band of heights, in metres."""
    return tuple(Decimal(figure) for figure in _FIGURE.findall(text))


def _height(record: Record, name: str) -> Iterator[Finding]:
    limits = rules()["height"]
    text = record.text(name)
    figures = heights(text)
    if not figures and text not in limits["none"]:
        yield about(record, name, "CHK012")
    elif figures and (not _HEIGHT.fullmatch(text) or not 0 < max(figures) <= limits["highest"]):
        yield about(record, name, "CHK013", highest=limits["highest"])


def _azimuth(record: Record, name: str) -> Iterator[Finding]:
    below = rules()["azimuth"]["below"]
    figures = _FIGURE.findall(record.text(name))
    if any(Decimal(figure) >= below for figure in figures):
        yield about(record, name, "CHK014", below=below)
