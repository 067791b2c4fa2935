"""Pairs lines of ours and of theirs that stand for one place: alone, together, or one after the other by likeness."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from macros.billing.lines import Line
    from macros.reconcile.lines import LedgerLine

#: What tells two leases of one place apart where lists state it.
_FACTS = ("starts_on", "units", "product", "antenna_height")


@dataclass(slots=True)
class Match:
    """Lines of ours and of theirs that mean the same; either side may be several.

    ``by`` is number, remembered, site, name or none; ``reason`` says it in Chinese.
    """

    ours: list[Line]
    theirs: list[LedgerLine]
    by: str = "none"
    reason: str = ""


def pair(
    ours: Sequence[Line], theirs: Sequence[LedgerLine], by: str, reason: Callable[[LedgerLine], str],
) -> list[Match]:
    """Pair lines of one place: all with all where only the sums agree, else the likeliest first."""
    gap = abs(sum_ours(ours) - sum_theirs(theirs))
    single = min(abs(a.amount - b.total) for a in ours for b in theirs)
    if (len(ours) == 1) != (len(theirs) == 1) and gap < single:
        return [Match(list(ours), list(theirs), by, reason(theirs[0]))]
    pairs = sorted(((_unlikeness(a, b), a.lease.key, told(b), a, b) for a in ours for b in theirs), key=_likest)
    made: list[Match] = []
    taken: set[str] = set()
    used: set[int] = set()
    for _, key, _, a, b in pairs:
        if key not in taken and id(b) not in used:
            again = [c for c in theirs if c is not b and id(c) not in used and told(c) == told(b)]
            taken.add(key)
            used |= {id(b), *map(id, again)}
            made.append(Match([a], [b, *again], by, reason(b)))
    return made


def _likest(one: tuple[tuple[int, Decimal], str, str, Line, LedgerLine]) -> tuple[tuple[int, Decimal], str, str]:
    return one[:3]


def told(line: LedgerLine) -> str:
    """What a line says: two that say the same are one line twice."""
    return repr(line.row.values)


def _unlikeness(ours: Line, theirs: LedgerLine) -> tuple[int, Decimal]:
    """How many stated facts differ, then by how much the amounts do."""
    lease = ours.lease.row
    differ = sum(theirs.row[name] is not None and theirs.row[name] != lease[name] for name in _FACTS)
    return (0 if ours.amount == theirs.total else 1) + differ, abs(ours.amount - theirs.total)


def sum_ours(lines: Iterable[Line]) -> Decimal:
    """What we charge for lines."""
    return sum((line.amount for line in lines), Decimal("0.00"))


def sum_theirs(lines: Iterable[LedgerLine]) -> Decimal:
    """What they charge for lines."""
    return sum((line.total for line in lines), Decimal("0.00"))
