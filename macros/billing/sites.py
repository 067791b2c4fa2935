"""The lines of a month's leases, site by site, and those left out: too many tenants, days without price rules."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from macros.billing.leases import Excluded, Lease
from macros.billing.lines import Line, line
from macros.billing.segments import Segment, Span, cut
from macros.findings import about
from macros.pricing.parameters import Tariff, words
from macros.pricing.regimes import regime

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.findings import Finding

_DAY = dt.timedelta(days=1)


class Gap(NamedTuple):
    """Days without complete price rules, both counted, and what is missing."""

    first: dt.date
    last: dt.date
    findings: Sequence[Finding]


class Lines(NamedTuple):
    """A month's lines by lease number, its leases that have none and why, and what was found."""

    lines: dict[str, Line]
    excluded: list[Excluded]
    findings: list[Finding]


def spans_and_gaps(tariff: Tariff, first: dt.date, last: dt.date) -> tuple[list[Span], list[Gap]]:
    """The month cut where price rules change, and its days that have none."""
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


def lines_of(sites: Mapping[str, Sequence[Lease]], spans: Sequence[Span], gaps: Sequence[Gap]) -> Lines:
    """The lines of a month's leases; of a site with too many tenants, or on days without rules, none."""
    made = Lines({}, [], [])
    most = words()["site"]["tenants"]
    for site, held in sites.items():
        segments = cut(held, spans) if spans else {}
        # So many leases cannot be too many tenants, and few sites have more.
        if len(held) > most and _crowded(site, held, segments, most, made):
            continue
        made.findings.extend(_overlaps(held))
        changing = _rows(held) if segments and len(segments) < len(held) else {}
        for lease in held:
            unruled = _unruled(changing.get(lease.key, (lease,)), gaps) if gaps else None
            if unruled:
                made.excluded.append(Excluded(lease.key, unruled.findings[0].message))
            elif lease.key not in changing:
                made.lines[lease.key] = line(lease, segments[lease.key])
            elif lease is changing[lease.key][-1]:
                made.lines[lease.key] = line(lease, segments[lease.key], changing[lease.key][:-1])
            else:
                why = f"与第 {changing[lease.key][-1].row.place.row} 行是同一份租约的前后两段，合为一条出账"
                made.excluded.append(Excluded(lease.key, why, doubted=False))
    return made


def _crowded(
    site: str, held: Sequence[Lease], segments: Mapping[str, Sequence[Segment]], most: int, made: Lines,
) -> bool:
    """Whether a site has too many tenants; its leases are then left out."""
    crowded = max((one.tenants for found in segments.values() for one in found), default=0)
    if crowded <= most:
        return False
    names = "、".join(sorted({lease.operator for lease in held}))
    said = about(held[-1].row, "site_code", "BIL006", site=site, value=crowded, operators=names)
    made.findings.append(said)
    made.excluded.extend(Excluded(lease.key, said.message) for lease in held)
    return True


def _unruled(rows: Iterable[Lease], gaps: Sequence[Gap]) -> Gap | None:
    """The first gap on whose days any row of a lease runs."""
    return next((gap for one in rows for gap in gaps if one.starts <= gap.last and gap.first <= one.ends), None)


def _rows(held: Sequence[Lease]) -> dict[str, list[Lease]]:
    """The rows of numbers that have several on a site, each in the order of their days."""
    found: dict[str, list[Lease]] = defaultdict(list)
    for lease in held:
        found[lease.key].append(lease)
    return {key: sorted(rows, key=lambda one: one.starts) for key, rows in found.items() if len(rows) > 1}


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
