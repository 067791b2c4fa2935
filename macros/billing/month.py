"""Bills one month: every lease's line, every run's fee, every customer's sums, and what was left out and why."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.billing.generators import Run, runs, unbilled_lumps
from macros.billing.inputs import NO_SUM
from macros.billing.leases import Excluded, leases
from macros.billing.lines import Line, yuan
from macros.billing.records import RUN
from macros.billing.segments import Span, by_site
from macros.billing.sites import lines_of, spans_and_gaps
from macros.billing.taxes import Tax, taxes, untaxed
from macros.clocks.quiet import no_collection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.findings import Finding
    from macros.pricing.parameters import Tariff
    from macros.records import Place, Record


@dataclass(frozen=True, slots=True)
class Statement:
    """One operator's month before it becomes paper; ``net`` is lease lines plus generator runs."""

    operator: str
    lines: tuple[Line, ...]
    runs: tuple[Run, ...]
    lease_net: Decimal
    run_net: Decimal
    net: Decimal
    taxes: tuple[Tax, ...]

    @property
    def tax(self) -> Decimal:
        """The tax of all rates."""
        return sum((one.tax for one in self.taxes), Decimal("0.00"))

    @property
    def gross(self) -> Decimal:
        """Net and tax."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class Bill:
    """A month: its statements by operator, the leases left out, all runs, and what was found.

    ``unstated`` are fees of billed leases that nobody stated and that are therefore not in their lines.
    """

    month: str
    leases_in: int
    statements: tuple[Statement, ...]
    excluded: tuple[Excluded, ...]
    runs: tuple[Run, ...]
    findings: tuple[Finding, ...]
    unstated: tuple[Excluded, ...] = ()

    @property
    def lines(self) -> list[Line]:
        """Every lease line, statement by statement."""
        return [one for statement in self.statements for one in statement.lines]

    @property
    def net(self) -> Decimal:
        """The sum of all statements before tax."""
        return sum((one.net for one in self.statements), Decimal("0.00"))


@no_collection()
def bill(
    month: str, rows: Sequence[Record], generator: Iterable[Record], tariff: Tariff, wrong: Mapping[Place, str],
) -> Bill:
    """Bill the month ``YYYY-MM``.

    Args:
        month: the month billed.
        rows: the register's leases.
        generator: its generator runs.
        tariff: prices, discounts and rates.
        wrong: rows with an error of the register's check; they are neither billed nor tenants.
    """
    first, last = days_of(month)
    known, out, told = leases(rows, tariff, wrong)
    lumps = unbilled_lumps(rows, out)
    spans, gaps = spans_and_gaps(tariff, first, last)
    lines, more, said = lines_of(by_site(known, first, last), spans, gaps)
    # Warnings about a lease are of no use in a month that does not bill it.
    findings = [one for one in told if one.severity == "error" or one.key in lines]
    findings += [missing for gap in gaps for missing in gap.findings]
    findings += said
    out += more
    out += [
        Excluded(one.key, "本月不在服务期内", doubted=False) for one in known
        if one.starts > last or one.ends < first
    ]
    made, said = runs(generator, known, lumps, tariff, first, last, wrong)
    findings += said
    out += _without_rates(lines, made, untaxed(tariff, last), findings)
    own: dict[str, tuple[list[Line], list[Run]]] = defaultdict(lambda: ([], []))
    for lease in known:
        line = lines.get(lease.key)
        if line is not None and line.lease is lease:
            own[lease.operator][0].append(line)
    for run in made:
        if run.fee:
            own[run.operator][1].append(run)
    statements = tuple(_statement(name, *own[name], tariff, last) for name in sorted(own))
    unstated = tuple(Excluded(one.key, one.message) for one in findings if one.code == NO_SUM)
    return Bill(month, len(rows), statements, tuple(out), tuple(made), tuple(findings), unstated)


def days_of(month: str) -> tuple[dt.date, dt.date]:
    """First and last day of ``YYYY-MM``."""
    year, number = map(int, month.split("-"))
    return dt.date(year, number, 1), dt.date(year, number, monthrange(year, number)[1])


def spans_of(tariff: Tariff, first: dt.date, last: dt.date) -> tuple[list[Span], list[Finding]]:
    """The month cut where price rules change, without its days that have none; findings name what these lack."""
    spans, gaps = spans_and_gaps(tariff, first, last)
    return spans, [said for gap in gaps for said in gap.findings]


def _without_rates(
    lines: dict[str, Line], made: list[Run], lacking: Mapping[str, Finding], findings: list[Finding],
) -> list[Excluded]:
    """Take out the lines and fees with an item that no tax rate is stated for: it would be charged without tax."""
    out: list[Excluded] = []
    said: dict[Finding, None] = {}
    for key, line in list(lines.items()) if lacking else ():
        charged = [name for name, fen in zip(line.names, line.fen, strict=True) if fen]
        found = next((lacking[name] for name in charged if name in lacking), None)
        if found:
            said[found] = None
            del lines[key]
            out.append(Excluded(key, found.message))
    for number, run in enumerate(made) if RUN in lacking else ():
        if run.fee:
            said[lacking[RUN]] = None
            made[number] = replace(run, hours=0, fee=Decimal("0.00"), why=lacking[RUN].message, doubted=True)
    findings += said
    return out


def _statement(
    operator: str, lines: Sequence[Line], fees: Sequence[Run], tariff: Tariff, last: dt.date,
) -> Statement:
    fen: dict[str, int] = defaultdict(int)
    for one in lines:
        for name, part in zip(one.names, one.fen, strict=True):
            fen[name] += part
    lease_net = yuan(sum(fen.values()))
    run_net = sum((one.fee for one in fees), Decimal("0.00"))
    items = {name: yuan(part) for name, part in fen.items()} | {RUN: run_net}
    return Statement(
        operator, tuple(lines), tuple(fees), lease_net, run_net, lease_net + run_net,
        tuple(taxes(items, tariff, last)),
    )
