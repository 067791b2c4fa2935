"""Rolls a month forward: last month's statement plus every change makes this month's, in lines and in money."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.billing.records import RUN
from macros.reconcile.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.billing.records import Charge

_SEGMENT = re.compile(r"(\d\d)(\d\d)-(\d\d)(\d\d)/(\d+)(A?)")
_NONE = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of change: its title, how many lines it adds or takes, and by how much the amount changes."""

    title: str
    lines: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Forward:
    """A month rolled forward. ``ties`` tells whether count and amount both come to this month's statement."""

    before: Step
    steps: tuple[Step, ...]
    after: Step

    @property
    def ties(self) -> bool:
        """Whether last month and the changes make this month."""
        lines = self.before.lines + sum(step.lines for step in self.steps)
        amount = self.before.amount + sum((step.amount for step in self.steps), _NONE)
        return (lines, amount) == (self.after.lines, self.after.amount)


def forward(
    month: str, before: Iterable[Charge], after: Iterable[Charge], opening: tuple[str, int, Decimal],
    closing: tuple[int, Decimal],
) -> Forward:
    """Explain what changed from one month's charges to the next one's.

    Args:
        month: this month, ``YYYY-MM``.
        before: last month's charges of an operator, as issued or as reckoned.
        after: this month's.
        opening: last month, and its statement's lines and amount before tax, added up on their own.
        closing: this month's statement's lines and amount, likewise.
    """
    said = words()["forward"]
    old, new = ({one.key: one for one in held} for held in (before, after))
    lengths = _length(opening[0]), _length(month)
    counts: dict[str, int] = defaultdict(int)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for key in old.keys() | new.keys():
        was, now = old.get(key), new.get(key)
        kind = _kind(was, now, lengths)
        counts[kind] += (now is not None) - (was is not None)
        sums[kind] += (now.amount if now else _NONE) - (was.amount if was else _NONE)
    steps = tuple(
        Step(title, counts[kind], sums[kind] + _NONE) for kind, title in said.items() if counts[kind] or sums[kind]
    )
    return Forward(Step(opening[0], *opening[1:]), steps, Step(month, *closing))


def _length(month: str) -> int:
    year, number = map(int, month.split("-"))
    return monthrange(year, number)[1]


def _kind(was: Charge | None, now: Charge | None, lengths: tuple[int, int]) -> str:
    """Why a line is there, gone, or other than it was."""
    if RUN in (was.items if was else {}) or RUN in (now.items if now else {}):
        return "runs"
    if was is None or now is None:
        return "new" if was is None else "ended"
    then, later = _course(was.how), _course(now.how)
    if (then[0] != lengths[0]) or (later[0] != lengths[1]):
        return "part"
    return "tenants" if then[1] != later[1] else "data"


def _course(how: str) -> tuple[int, Sequence[tuple[str, str]]]:
    """Days charged, and tenants and anchor one after the other."""
    found = _SEGMENT.findall(how)
    steps: list[tuple[str, str]] = []
    for *_, tenants, anchor in found:
        if not steps or steps[-1] != (tenants, anchor):
            steps.append((tenants, anchor))
    return sum(int(last) - int(first) + 1 for _, first, _, last, *_ in found), steps


def of_operator(charges: Iterable[Charge], operator: str, counties: Mapping[str, str], county: str) -> list[Charge]:
    """The charges of one operator, of one county where it is named."""
    return [
        one for one in charges
        if one.operator == operator and county in ("", counties.get(one.key, county))
    ]
