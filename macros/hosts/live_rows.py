"""Which rows of an open sheet are to be seen, and letting them all be seen."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from macros.hosts import Refused
from macros.hosts.limits import limit
from macros.hosts.live_blocks import runs
from macros.hosts.live_read import of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def shown_rows(sheet: Any, spans: Iterable[tuple[int, int]]) -> list[int]:
    """The rows of some spans (first, last) that are neither hidden nor filtered out, in order."""
    shown: set[int] = set()
    for first, last in spans:
        try:
            parts = of(sheet, (first, 1, last, limit("sheet", "columns"))).get_special_cells("visible")
        except Refused:
            raise
        except Exception:  # Excel does not tell for a protected sheet; a program that is gone fails again
            shown.update(by_height(sheet, first, last))
            continue
        for part in parts:
            shown.update(range(part.row, part.row + part.shape[0]))
    return sorted(shown)


def by_height(sheet: Any, first: int, last: int) -> Iterator[int]:
    """The shown rows of a span by their height, halving the span where heights differ: hidden ones have none."""
    waiting = [(first, last)]
    while waiting:
        top, end = waiting.pop()
        height = of(sheet, (top, 1, end, 1)).row_height
        if height:
            yield from range(top, end + 1)
        elif height is None and top < end:
            middle = (top + end) // 2
            waiting += [(top, middle), (middle + 1, end)]


def unfilter(sheet: Any) -> None:
    """Lift the filters of a sheet's tables, and show the rows they hid."""
    for table in sheet.tables:
        where = table.range
        first, count = where.row, where.shape[0]
        try:
            if table.autofilter.criteria:
                table.autofilter.clear()
        except NotImplementedError:
            pass
        hidden = set(range(first, first + count)) - set(shown_rows(sheet, [(first, first + count - 1)]))
        for top, end in runs(hidden):
            with contextlib.suppress(NotImplementedError):
                of(sheet, (top, 1, end, 1)).rows.hidden = False
