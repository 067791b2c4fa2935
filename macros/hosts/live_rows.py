"""Which rows of an open sheet are to be seen, and letting them all be seen."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from macros.hosts.limits import limit
from macros.hosts.live_blocks import runs
from macros.hosts.live_read import of

if TYPE_CHECKING:
    from collections.abc import Iterable


def shown_rows(sheet: Any, spans: Iterable[tuple[int, int]]) -> list[int]:
    """The rows of some spans (first, last) that are neither hidden nor filtered out, in order."""
    shown: set[int] = set()
    for first, last in spans:
        try:
            # Excel answers for a whole span in one call, but for its rows' hiding only row by row.
            parts = of(sheet, (first, 1, last, limit("sheet", "columns"))).get_special_cells("visible")
        except NotImplementedError:
            shown.update(_halved(sheet, first, last))
            continue
        for part in parts:
            shown.update(range(part.row, part.row + part.shape[0]))
    return sorted(shown)


def _halved(sheet: Any, first: int, last: int) -> Iterable[int]:
    """The shown rows of a span, found by halving it where only some are: few calls, as filters hide runs of rows."""
    waiting = [(first, last)]
    while waiting:
        top, end = waiting.pop()
        hidden = of(sheet, (top, 1, end, 1)).rows.hidden
        if hidden is False:
            yield from range(top, end + 1)
        elif hidden is None and top < end:
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
        except (NotImplementedError, AttributeError):
            pass
        hidden = set(range(first, first + count)) - set(shown_rows(sheet, [(first, first + count - 1)]))
        for top, end in runs(hidden):
            with contextlib.suppress(NotImplementedError):
                of(sheet, (top, 1, end, 1)).rows.hidden = False
