"""Register leases as what a month's arithmetic needs, and which of them cannot be billed and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from macros.billing.inputs import read_lease
from macros.findings import about

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.findings import Finding
    from macros.pricing.fees import Terms
    from macros.pricing.parameters import Tariff
    from macros.records import Place, Record

_NEVER = dt.date.max
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lease:
    """One lease: who pays for which site from which day to which, both counted, and the inputs of its price.

    A number whose data change has a row for each stretch of days, and a lease of each; ``earlier`` is then the first
    day of all of them, None for a lease of one row.
    """

    key: str
    operator: str
    site: str
    starts: dt.date
    ends: dt.date
    terms: Terms
    row: Record
    earlier: dt.date | None = None

    @property
    def since(self) -> dt.date:
        """The first day of the number, whichever row states it."""
        return self.earlier or self.starts


class Excluded(NamedTuple):
    """A lease that a month leaves out, and why, in Chinese; ``doubted`` unless it simply does not run in it."""

    key: str
    why: str
    doubted: bool = True


def leases(
    rows: Iterable[Record], tariff: Tariff, wrong: Mapping[Place, str],
) -> tuple[list[Lease], list[Excluded], list[Finding]]:
    """The leases that can be billed; a row repeated exactly counts once.

    Rows of one number, operator and site whose days do not overlap are one lease whose data changed: each row is a
    lease of its days (billing rule 5).

    Args:
        rows: the register's leases.
        tariff: for the standard cost where a row names a product and height instead of a cost.
        wrong: rows that the register's check found in error, with what it said.

    Returns:
        Leases, the rows left out with the reason, and findings that name cell and cure. Each row is either a lease
        or left out, so that a month's control sheet adds up.
    """
    found: dict[str, Lease] = {}
    several: dict[str, list[Lease]] = {}
    out: list[Excluded] = []
    findings: list[Finding] = []
    doubted: list[Record] = []
    for row in rows:
        if wrong and row.place in wrong:
            doubted.append(row)
            continue
        made, said = read_lease(row, tariff)
        findings += said
        if made is None:
            out.append(Excluded(row.key, said[0].message))
            continue
        lease = Lease(made.key, made.operator, made.site, made.starts, made.ends or _NEVER, made.terms, row)
        other = found.setdefault(lease.key, lease)
        if other is lease:
            continue
        held = several.setdefault(lease.key, [other])
        same = _repeated(row, held)
        if same:
            out.append(same)
        else:
            held.append(lease)
    for row in doubted:
        first = several.get(row.key) or ([found[row.key]] if row.key in found else [])
        out.append(_repeated(row, first) or Excluded(row.key, wrong[row.place]))
    joined: dict[str, Sequence[Lease]] = {}
    for key, held in several.items():
        joined[key], said = _in_turn(held)
        findings += said
        if not joined[key]:
            # Of different rows of one number none can be told to be the right one.
            out += [Excluded(key, said[0].message)] * len(held)
    if not joined:
        return list(found.values()), out, findings
    return [one for key, lease in found.items() for one in joined.get(key, (lease,))], out, findings


def _repeated(row: Record, held: Sequence[Lease]) -> Excluded | None:
    """What is said of a row that is the same as one of its number's; None where it is not."""
    for lease in held:
        if lease.row.values == row.values:
            return Excluded(lease.key, f"与第 {lease.row.place.row} 行完全相同，只计一次", doubted=False)
    return None


def _in_turn(held: Sequence[Lease]) -> tuple[Sequence[Lease], list[Finding]]:
    """The rows of one number as leases, one after the other; none where they do not follow each other."""
    if len(held) == 1:
        return held, []
    first = held[0]
    findings = [
        about(one.row, "lease_no", "BIL003", other=first.row.place.row) for one in held[1:]
        if (one.operator, one.site) != (first.operator, first.site) or one.starts == first.starts
    ]
    if findings:
        return (), findings
    ordered = sorted(held, key=lambda one: one.starts)
    gaps: list[Finding] = []
    for before, one in pairwise(ordered):
        stated = before.row.date("ends_on") or "空"
        if one.starts <= before.ends:
            said = about(one.row, "starts_on", "BIL062", other=before.row.place.row, until=stated)
            findings.append(said)
        elif one.starts - before.ends > _DAY:
            gaps.append(about(one.row, "starts_on", "BIL063", other=before.row.place.row, until=stated))
    if findings:
        return (), findings
    return [replace(one, earlier=ordered[0].starts) for one in ordered], gaps
