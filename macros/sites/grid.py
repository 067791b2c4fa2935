"""A search grid over points on the earth: which of them lie within a distance of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from macros.sites.sphere import DEGREE, distance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.int64]

#: Queries answered at once; bounds the memory of a search among crowded points.
_AT_ONCE = 4096
#: A little more than needed: the grid only preselects, the distance decides.
_MARGIN = 1.001


class Near(NamedTuple):
    """Pairs within reach: the query, the point, and metres between them; by query, then nearest first."""

    query: Numbers
    point: Numbers
    metres: Floats


class Grid:
    """Points sorted into cells of ``cell`` metres, row by row from south to north."""

    def __init__(self, longitude: Floats, latitude: Floats, cell: float) -> None:
        """Sort the points; those without a number for a coordinate are never found."""
        self._longitude, self._latitude = longitude, latitude
        known = np.flatnonzero(np.isfinite(longitude) & np.isfinite(latitude))
        east, north = longitude[known], latitude[known]
        self._height = max(cell, 1.0) / DEGREE
        top = float(np.abs(north).max(initial=0.0))
        self._width = self._height / max(float(np.cos(np.radians(min(top, 89.0)))), 0.01)
        self._west, self._south = float(east.min(initial=180.0)), float(north.min(initial=90.0))
        column = np.floor((east - self._west) / self._width).astype(np.int64)
        row = np.floor((north - self._south) / self._height).astype(np.int64)
        self._columns = int(column.max(initial=0)) + 1
        self._rows = int(row.max(initial=0)) + 1
        cells = row * self._columns + column
        order = np.argsort(cells, kind="stable")
        self._cells: Numbers = cells[order]
        self._points: Numbers = known[order]

    def within(self, longitude: Floats, latitude: Floats, metres: Floats) -> Near:
        """The points within ``metres`` of each query, the border included; a query without numbers has none."""
        usable = np.isfinite(longitude) & np.isfinite(latitude) & (metres >= 0)
        queries = np.flatnonzero(usable)
        found = [
            self._some(queries[start : start + _AT_ONCE], longitude, latitude, metres)
            for start in range(0, len(queries), _AT_ONCE)
        ]
        if not found:
            return Near(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
        query, point, far = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.lexsort((point, far, query))
        return Near(query[order], point[order], far[order])

    def _some(self, query: Numbers, longitude: Floats, latitude: Floats, metres: Floats) -> Near:
        east, north, far = longitude[query], latitude[query], metres[query] * _MARGIN
        tall = far / DEGREE
        wide = tall / np.maximum(np.cos(np.radians(np.minimum(np.abs(north) + tall, 89.0))), 0.01)
        first_row = np.maximum(np.floor((north - tall - self._south) / self._height).astype(np.int64), 0)
        last_row = np.floor((north + tall - self._south) / self._height).astype(np.int64)
        last_row = np.minimum(last_row, self._rows - 1)
        first = np.floor((east - wide - self._west) / self._width).astype(np.int64)
        last = np.floor((east + wide - self._west) / self._width).astype(np.int64)
        meets = (last >= 0) & (first < self._columns)
        first, last = np.maximum(first, 0), np.minimum(last, self._columns - 1)
        parts: list[tuple[Numbers, Numbers]] = []
        for step in range(int((last_row - first_row).max(initial=-1)) + 1):
            row = first_row + step
            active = np.flatnonzero((row <= last_row) & meets)
            start = np.searchsorted(self._cells, row[active] * self._columns + first[active], "left")
            end = np.searchsorted(self._cells, row[active] * self._columns + last[active], "right")
            parts.append(_spread(query[active], start, end))
        queries = np.concatenate([each for each, _ in parts]) if parts else np.empty(0, np.int64)
        points = self._points[np.concatenate([each for _, each in parts])] if parts else np.empty(0, np.int64)
        far = distance(longitude[queries], latitude[queries], self._longitude[points], self._latitude[points])
        inside = far <= metres[queries]
        return Near(queries[inside], points[inside], far[inside])


def _spread(query: Numbers, start: Numbers, end: Numbers) -> tuple[Numbers, Numbers]:
    """Every place from ``start`` to before ``end``, each with its query."""
    counts = end - start
    total = int(counts.sum())
    before = np.cumsum(counts) - counts
    places = np.arange(total, dtype=np.int64) - np.repeat(before, counts) + np.repeat(start, counts)
    return np.repeat(query, counts), places
