"""Tells lines that repeat one charge from lines that share it, and makes one line of those that share it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.reconcile.causes import Part
from macros.reconcile.words import detail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.reconcile.lines import LedgerLine
    from macros.records import Value

_SUMMED = ("units",)


def parted(theirs: Sequence[LedgerLine], ours: Decimal) -> tuple[LedgerLine, list[Part]]:
    """One line of several that mean one charge of ours, and the part of those that are there twice.

    They share the charge where their sum is nearer to ours than any of them alone; else the nearest is the charge and
    the others repeat it.
    """
    if len(theirs) == 1:
        return theirs[0], []
    held = sorted(theirs, key=lambda line: (abs(line.total - ours), repr(line.row.values)))
    total = sum((line.total for line in theirs), Decimal(0))
    if abs(total - ours) < abs(held[0].total - ours):
        return _joined(held), []
    again = held[1:]
    rows = "、".join(str(line.row.place.row) for line in sorted(again, key=lambda line: line.row.place.row))
    said = detail("duplicate", rows=rows, first=held[0].row.place.row)
    return held[0], [Part("duplicate", -sum((line.total for line in again), Decimal(0)), said)]


def _joined(theirs: Sequence[LedgerLine]) -> LedgerLine:
    """The lines as one: amounts added, what they agree on kept, the rest not stated."""
    first = theirs[0]
    values: list[Value] = []
    dropped = set()
    for position, column in enumerate(first.row.form.columns):
        told = [line.row.values[position] for line in theirs]
        if column.type == "money" and column.name in first.stated:
            values.append(sum((one for one in told if isinstance(one, Decimal)), Decimal("0.00")))
        elif column.name in _SUMMED and all(isinstance(one, Decimal) for one in told):
            values.append(sum((one for one in told if isinstance(one, Decimal)), Decimal(0)))
        elif len(set(told)) == 1:
            values.append(told[0])
        else:
            values.append(None)
            dropped.add(column.name)
    items: dict[str, Decimal] = defaultdict(Decimal)
    for line in theirs:
        for name, amount in line.items.items():
            items[name] += amount
    complete = all(line.items for line in theirs)
    listed = [line.listed for line in theirs if line.listed is not None]
    return replace(
        first, row=replace(first.row, values=tuple(values)), stated=first.stated - dropped,
        total=sum((line.total for line in theirs), Decimal(0)), items=dict(items) if complete else {},
        listed=sum(listed, Decimal(0)) if listed else None,
    )
