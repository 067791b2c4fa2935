"""Tells whose list a file is, and which of its lines belong to each operator where it is several's."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from macros.choices import choices
from macros.intake.given import operator_in
from macros.reconcile.words import limit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.reconcile.ledger import Ledger
    from macros.reconcile.lines import LedgerLine


def operators_of(ledger: Ledger, holders: Mapping[str, str]) -> list[str]:
    """The operators a list is of: as its lines say, else its titles, else whose leases it names; none if none tells.

    Args:
        ledger: the list.
        holders: lease number → operator.
    """
    counts = Counter(line.operator for line in ledger.lines if line.operator)
    named = sorted(name for name, count in counts.items() if count >= limit("share") * len(ledger.lines))
    if named:
        return named
    told = {who for text in ledger.words if (who := operator_in(text, choices()["operator"]))}
    if len(told) == 1:
        return [told.pop()]
    held = Counter(holders[number] for line in ledger.lines for number in line.numbers if number in holders)
    return [held.most_common(1)[0][0]] if held else []


def lines_of(
    ledger: Ledger, operator: str, operators: Sequence[str], holders: Mapping[str, str],
) -> list[LedgerLine]:
    """The lines of one of a list's operators: every line of the list is exactly one operator's.

    A line that names none is that of the lease it names; strays of an operator the list is not of, and lines that
    name nobody, stand with the first.
    """
    if operators in ([operator], []):
        return list(ledger.lines)

    def owner(line: LedgerLine) -> str:
        named = line.operator or next((holders[number] for number in line.numbers if number in holders), "")
        return named if named in operators else operators[0]

    return [line for line in ledger.lines if owner(line) == operator]
