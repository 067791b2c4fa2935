"""Rolls a month forward: last month's statement plus every change makes this month's, in lines and in money."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.billing.causes import titles
from macros.billing.records import RUN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from macros.billing.movement import Step as Moved
    from macros.billing.records import Charge

_NONE = Decimal("0.00")
#: Causes whose steps are a line that comes or goes, and how many lines each makes.
_LINES = {"new": 1, "ended": -1, "held": -1}
_RUNS = "generator"


@dataclass(frozen=True, slots=True)
class Step:
    """One cause of change: its title, how many lines it adds or takes, and by how much the amount changes."""

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
    month: str, moved: Iterable[Moved], before: Collection[Charge], after: Collection[Charge],
    opening: tuple[str, int, Decimal], closing: tuple[int, Decimal],
) -> Forward:
    """Explain what changed from one month's charges to the next one's.

    Args:
        month: this month, ``YYYY-MM``.
        moved: the parts of the leases' changes, from `macros.billing.movement.lease_steps`.
        before: last month's charges of an operator, as issued or as reckoned; its runs are taken from them.
        after: this month's, likewise.
        opening: last month, and its statement's lines and amount before tax, added up on their own.
        closing: this month's statement's lines and amount, likewise.
    """
    counts: dict[str, int] = defaultdict(int)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for step in moved:
        counts[step.cause] += _LINES.get(step.cause, 0)
        sums[step.cause] += step.amount
    for sign, charges in ((-1, before), (1, after)):
        runs = [one.amount for one in charges if RUN in one.items]
        counts[_RUNS] += sign * len(runs)
        sums[_RUNS] += sign * sum(runs, _NONE)
    steps = tuple(
        Step(title, counts[cause], sums[cause] + _NONE) for cause, title in titles().items()
        if counts[cause] or sums[cause]
    )
    return Forward(Step(opening[0], *opening[1:]), steps, Step(month, *closing))


def of_operator(charges: Iterable[Charge], operator: str, counties: Mapping[str, str], county: str) -> list[Charge]:
    """The charges of one operator, of one county where it is named."""
    return [
        one for one in charges
        if one.operator == operator and county in ("", counties.get(one.key, county))
    ]
