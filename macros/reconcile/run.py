"""Reconciles a month: every line of ours and of theirs, why it differs, and that the causes make the difference."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.reconcile.causes import Part, explain, explain_several
from macros.reconcile.joined import parted
from macros.reconcile.matching import match
from macros.reconcile.pairing import Match
from macros.reconcile.views import month_of
from macros.reconcile.words import detail, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from macros.billing.generators import Run
    from macros.billing.month import Bill
    from macros.billing.segments import Span
    from macros.reconcile.lines import LedgerLine
    from macros.reconcile.places import Spot
    from macros.reconcile.views import Month

_NONE = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Compared:
    """One or several lines of both sides that mean the same, with the parts of their difference."""

    key: str
    match: Match
    ours: Decimal
    theirs: Decimal
    parts: tuple[Part, ...]

    @property
    def difference(self) -> Decimal:
        """Ours − theirs."""
        return self.ours - self.theirs


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause over all lines: how many have it and what it amounts to."""

    cause: str
    lines: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A month of one operator compared. ``lines`` hold every line, equal ones too, in the order of their keys."""

    month: str
    operator: str
    lines: tuple[Compared, ...]

    @property
    def ours(self) -> Decimal:
        """Our lease lines' sum."""
        return sum((line.ours for line in self.lines), _NONE)

    @property
    def theirs(self) -> Decimal:
        """The operator's lines' sum."""
        return sum((line.theirs for line in self.lines), _NONE)

    @property
    def difference(self) -> Decimal:
        """Ours − theirs."""
        return self.ours - self.theirs

    @property
    def differing(self) -> list[Compared]:
        """The lines that differ."""
        return [line for line in self.lines if line.difference or line.parts]

    @property
    def causes(self) -> list[Cause]:
        """Every cause there is, in the order of `rules/reconcile.toml`."""
        held: dict[str, list[Decimal]] = defaultdict(list)
        for line in self.lines:
            sums: dict[str, Decimal] = defaultdict(Decimal)
            for part in line.parts:
                sums[part.cause] += part.amount
            for cause, amount in sums.items():
                held[cause].append(amount)
        return [Cause(name, len(held[name]), sum(held[name], _NONE)) for name in words()["cause"] if name in held]

    @property
    def unexplained(self) -> Decimal:
        """What has no cause, each line's without its sign: two lines that cancel out are not explained by that."""
        return sum((abs(part.amount) for line in self.lines for part in line.parts if part.cause == "other"), _NONE)


def reconcile(
    bill: Bill, theirs: Sequence[LedgerLine], *, operator: str, spans: Sequence[Span], known: Collection[str],
    spots: Mapping[str, Spot], remembered: Mapping[str, Sequence[str]] | None = None, county: str = "",
    unread: Mapping[str, str] | None = None,
) -> Reconciliation:
    """Compare a computed month with an operator's lines.

    Args:
        bill: the month.
        theirs: the operator's lines, in any order.
        operator: whose they are.
        spans: the month's spans of price rules.
        known: every lease number of the register.
        spots: site code → its name and place.
        remembered: confirmed matches: the operator's mark of a line → our lease numbers.
        county: compare the leases of this county only; empty for all.
        unread: the numbers of the operator's lines whose amount cannot be read, with their cells.
    """
    ours = [
        line for line in bill.lines
        if line.lease.operator == operator and county in ("", line.lease.row.text("county"))
    ]
    month = month_of((lease for line in bill.lines for lease in line.leases), spans)
    strange = [line for line in theirs if _strange(line, operator, bill.month)]
    usual = [line for line in theirs if not _strange(line, operator, bill.month)]
    matches = match(ours, usual, operator=operator, spots=spots, remembered=remembered or {}, known=known)
    known_here = _known(bill, unread or {})
    made = [_compare(one, month, known_here) for one in matches]
    made += [_alone(line, known_here) for line in strange]
    made.sort(key=lambda line: (line.key, line.theirs, line.ours))
    return Reconciliation(bill.month, operator, tuple(made))


def _strange(line: LedgerLine, operator: str, month: str) -> bool:
    """Whether a line says that it is another operator's or another month's."""
    return line.operator not in ("", operator) or line.month not in ("", month)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a month knows of numbers and sites: leases left out and why, holders of leases, runs; lines unread."""

    month: str
    why: Mapping[str, str]
    holders: Mapping[str, str]
    by_key: Mapping[str, Run]
    by_site: Mapping[str, Sequence[Run]]
    unread: Mapping[str, str]


def _known(bill: Bill, unread: Mapping[str, str]) -> _Known:
    runs = [run for run in bill.runs if run.fee]
    sites: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        sites[run.site].append(run)
    return _Known(
        bill.month, {one.key: one.why for one in bill.excluded},
        {one.lease.key: one.lease.operator for one in bill.lines}, {run.key: run for run in runs}, sites,
        unread,
    )


def _compare(found: Match, month: Month, here: _Known) -> Compared:
    if not found.ours:
        return _alone(found.theirs[0], here)
    key = "、".join(line.lease.key for line in found.ours)
    ours = sum((line.amount for line in found.ours), _NONE)
    if not found.theirs:
        cell = next((here.unread[line.lease.key] for line in found.ours if line.lease.key in here.unread), "")
        why = detail("unread-theirs", cell=cell) if cell else detail("missing-theirs")
        parts = [Part("missing-theirs", ours, why)]
        return Compared(key, found, ours, _NONE, _kept(parts))
    theirs, parts = parted(found.theirs, ours)
    leases = [lease for line in found.ours for lease in line.leases]
    if len(leases) == 1:
        parts += explain(leases[0], theirs, month)
    else:
        parts += explain_several(leases, theirs, month, ours)
    charged = sum((line.total for line in found.theirs), _NONE)
    return Compared(key, found, ours, charged, _kept(parts))


def _kept(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.amount)


def _alone(line: LedgerLine, here: _Known) -> Compared:
    """A line nobody knows on our side: a run of ours, or a charge we do not make."""
    named = [here.by_key[number] for number in line.numbers if number in here.by_key]
    there = here.by_site.get(line.site, ()) if line.site and not line.numbers else ()
    own = [run for run in named or there if line.operator in ("", run.operator)]
    if own and sum((run.fee for run in own), _NONE) == line.total:
        part = Part("generator", -line.total, detail("runs", count=len(own)))
    else:
        part = Part("missing-ours", -line.total, detail("missing-ours", why=_why(line, here)))
    return Compared(line.key, Match([], [line]), _NONE, line.total, _kept([part]))


def _why(line: LedgerLine, here: _Known) -> str:
    """Why we have no such line."""
    if line.month not in ("", here.month):
        return detail("month", month=line.month)
    for number in line.numbers:
        if number in here.why:
            return detail("unbilled", why=here.why[number].rstrip("。"))
    holder = next((here.holders[number] for number in line.numbers if number in here.holders), "")
    if holder and line.operator and holder != line.operator:
        return detail("stranger", operator=line.operator)
    return detail("unknown")


