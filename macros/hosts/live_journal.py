"""What was there before an open workbook was written to, and putting it back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from macros.hosts import refuse
from macros.hosts.areas import area
from macros.hosts.live_cells import Formula, is_formula
from macros.hosts.live_errors import first_line
from macros.hosts.live_put import looks, put, set_format
from macros.hosts.live_read import formulas, of

if TYPE_CHECKING:
    from collections.abc import Callable

    from macros.hosts.areas import Area
    from macros.hosts.live_put import Looks
    from macros.hosts.live_read import Grid
    from macros.records import Cell


class Journal:
    """The steps back, to be taken in the opposite order.

    What is as it was is left alone: a program that refused to change it would refuse again.
    """

    def __init__(self, workbook: str) -> None:
        self.workbook = workbook
        self._back: list[Callable[[], object]] = []

    def content(self, sheet: Any, where: Area) -> Grid:
        """Remember what a block holds, formulas as formulas, and return it."""
        old = _content(sheet, where)

        def back() -> None:
            if _content(sheet, where) != old:
                put(sheet, where, old, looks(sheet, where, old))

        self._back.append(back)
        return old

    def formats(self, sheet: Any, found: Looks) -> None:
        """Remember the number formats that are changed for good."""
        for stretch in (*found.dated, *found.loosened):
            self._back.append(lambda stretch=stretch: set_format(sheet, stretch, stretch.old))  # type: ignore[misc]

    def merged(self, sheet: Any, where: Area) -> None:
        """Remember a merged cell."""

        def back() -> None:
            if of(sheet, where).merge_cells is not True:
                of(sheet, where).merge()

        self._back.append(back)

    def table(self, sheet: Any, name: str, old: Area) -> None:
        """Remember a table's area."""

        def back() -> None:
            table = sheet.tables[name]
            if area(table.range.address) != old:
                table.resize(of(sheet, old))

        self._back.append(back)

    def take_back(self, reached: Callable[[], bool]) -> None:
        """Take every step back; one that fails does not keep the others from being tried.

        Args:
            reached: whether the workbook can still be reached: where it cannot, nothing is tried.

        Raises:
            Refused: some could not be (WBK069).
        """
        failed: Exception | None = None
        for back in reversed(self._back):
            try:
                back()
            except Exception as error:
                failed = error
                if not reached():
                    return
        self._back.clear()
        if failed is not None:
            raise refuse("WBK069", self.workbook, reason=first_line(failed)) from failed


def _content(sheet: Any, where: Area) -> Grid:
    found: Grid = of(sheet, where).options(ndim=2, err_to_str=True).value
    texts = formulas(sheet, where)
    return [
        [Formula(text) if is_formula(text, value) else _old(value) for value, text in zip(line, other, strict=True)]
        for line, other in zip(found, texts, strict=True)
    ]


def _old(value: Any) -> Cell:
    if isinstance(value, str):
        return value or None
    if value is None or isinstance(value, (bool, dt.datetime)):
        return value
    return float(value)
