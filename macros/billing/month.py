"""Bills one month: every lease's line, every run's fee, every customer's sums, and what was left out and why."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.billing.generators import Run, runs
from macros.billing.leases import Excluded, Lease, leases
from macros.billing.lines import Line, line, yuan
from macros.billing.segments import Span, by_site, cut
from macros.clocks.quiet import no_collection
from macros.findings import about
from macros.pricing.parameters import Case, Tariff, words
from macros.pricing.regimes import regime
from macros.values import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.findings import Finding
    from macros.records import Place, Record

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tax:
    """One rate's sum and the tax on it, rounded once (billing rule 6)."""

    rate: Decimal
    net: Decimal
    tax: Decimal


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
    """A month: its statements by operator, the leases left out, all runs, and what was found."""

    month: str
    leases_in: int
    statements: tuple[Statement, ...]
    excluded: tuple[Excluded, ...]
    runs: tuple[Run, ...]
    findings: tuple[Finding, ...]

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
    known, out, findings = leases(rows, tariff, wrong)
    spans, gaps = _spans(tariff, first, last)
    findings += [said for gap in gaps for said in gap.findings]
    lines, more, said = _lines(by_site(known, first, last), spans, gaps)
    told = {one.key for one in more}
    findings += said
    out += more
    out += [
        Excluded(one.key, "本月不在服务期内", doubted=False)
        for one in known if one.key not in lines and one.key not in told
    ]
    made, said = runs(generator, known, tariff, first, last, wrong)
    findings += said
    own: dict[str, tuple[list[Line], list[Run]]] = defaultdict(lambda: ([], []))
    for lease in known:
        if lease.key in lines:
            own[lease.operator][0].append(lines[lease.key])
    for run in made:
        if run.fee:
            own[run.operator][1].append(run)
    statements = tuple(_statement(name, *own[name], tariff, last) for name in sorted(own))
    return Bill(month, len(rows), statements, tuple(out), tuple(made), tuple(findings))


def days_of(month: str) -> tuple[dt.date, dt.date]:
    """First and last day of ``YYYY-MM``."""
    year, number = map(int, month.split("-"))
    return dt.date(year, number, 1), dt.date(year, number, monthrange(year, number)[1])


class Gap(NamedTuple):
    """Days without complete price rules, both counted, and what is missing."""

    first: dt.date
    last: dt.date
    findings: Sequence[Finding]


def spans_of(tariff: Tariff, first: dt.date, last: dt.date) -> tuple[list[Span], list[Finding]]:
    """The month cut where price rules change, without its days that have none; findings name what these lack."""
    spans, gaps = _spans(tariff, first, last)
    return spans, [said for gap in gaps for said in gap.findings]


def _spans(tariff: Tariff, first: dt.date, last: dt.date) -> tuple[list[Span], list[Gap]]:
    starts = [first, *tariff.cuts(first, last)]
    spans: list[Span] = []
    gaps: list[Gap] = []
    for start, following in zip(starts, [*starts[1:], last + _DAY], strict=True):
        rules, missing = regime(tariff, start)
        if rules is None:
            gaps.append(Gap(start, following - _DAY, missing))
        elif spans and spans[-1].regime == rules and spans[-1].last == start - _DAY:
            spans[-1] = spans[-1]._replace(last=following - _DAY)
        else:
            spans.append(Span(start, following - _DAY, rules))
    return spans, gaps


def _lines(
    sites: Mapping[str, Sequence[Lease]], spans: Sequence[Span], gaps: Sequence[Gap],
) -> tuple[dict[str, Line], list[Excluded], list[Finding]]:
    """The lines of a month's leases by number; of a site with too many tenants, or on days without rules, none."""
    lines: dict[str, Line] = {}
    out: list[Excluded] = []
    findings: list[Finding] = []
    most = words()["site"]["tenants"]
    for site, held in sites.items():
        segments = cut(held, spans) if spans else {}
        # So many leases cannot be too many tenants, and few sites have more.
        if len(held) > most:
            crowded = max((one.tenants for found in segments.values() for one in found), default=0)
            if crowded > most:
                names = "、".join(sorted({lease.operator for lease in held}))
                said = about(held[-1].row, "site_code", "BIL006", site=site, value=crowded, operators=names)
                findings.append(said)
                out += [Excluded(lease.key, said.message) for lease in held]
                continue
        findings += _overlaps(held)
        for lease in held:
            unruled = [gap for gap in gaps if lease.starts <= gap.last and gap.first <= lease.ends]
            if unruled:
                out.append(Excluded(lease.key, unruled[0].findings[0].message))
            else:
                lines[lease.key] = line(lease, segments[lease.key])
    return lines, out, findings


def _overlaps(held: Sequence[Lease]) -> list[Finding]:
    """Leases of one operator on one site that run at the same time."""
    found: list[Finding] = []
    if len({lease.operator for lease in held}) == len(held):
        return found
    seen: dict[str, list[Lease]] = defaultdict(list)
    for lease in held:
        for other in seen[lease.operator]:
            if lease.starts <= other.ends and other.starts <= lease.ends:
                found.append(about(lease.row, "starts_on", "BIL007", other=other.key))
                break
        seen[lease.operator].append(lease)
    return found


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
    sums: dict[Decimal, Decimal] = defaultdict(Decimal)
    for name, amount in items.items():
        sums[_rate(tariff, last, name)] += amount
    taxes = tuple(Tax(rate, net, round_half_up(net * rate)) for rate, net in sorted(sums.items()) if net)
    return Statement(operator, tuple(lines), tuple(fees), lease_net, run_net, lease_net + run_net, taxes)


#: The item name of runs billed one by one, as rates are stated for it.
RUN = "run"


def _rate(tariff: Tariff, day: dt.date, item: str) -> Decimal:
    """The rate of an item on the month's last day; none stated for the item itself is that of all items."""
    titles = {one["name"]: one["title"] for one in words()["item"]}
    for named in (titles.get(item, words()["run_title"]), ""):
        found = tariff.on(day, Case("tax", named))
        if found is not None:
            return found
    return Decimal(0)
