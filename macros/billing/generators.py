"""What each generator run costs (billing rule 7): by the hour begun, never before doubts about it are cleared."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from macros.findings import about
from macros.pricing.parameters import Case, words
from macros.values import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.billing.leases import Lease
    from macros.findings import Finding
    from macros.pricing.parameters import Tariff
    from macros.records import Place, Record

_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Run:
    """One generator run: its payer, hours billed, fee before tax, and why it costs nothing, empty when it does.

    ``doubted`` is one that costs nothing only until a finding about it is cleared.
    """

    key: str
    operator: str
    site: str
    hours: int
    fee: Decimal
    why: str
    row: Record
    doubted: bool = False


def runs(
    rows: Iterable[Record], leases: Iterable[Lease], tariff: Tariff, first: dt.date, last: dt.date,
    wrong: Mapping[Place, str],
) -> tuple[list[Run], list[Finding]]:
    """The runs that began between two days, both counted, in the register's order.

    Failed runs, runs of leases with a yearly sum and runs with a finding cost nothing; of two that overlap on a site
    neither is billed. Runs beginning outside the span still count for the overlap.
    """
    findings: list[Finding] = []
    timed = [row for row in rows if isinstance(row["started_at"], dt.datetime)]
    overlapping = _overlaps(row for row in timed if row.place not in wrong and not _failed(row))
    lump = _lump_sites(leases) if timed else {}
    made: list[Run] = []
    for row in timed:
        started = row["started_at"]
        assert isinstance(started, dt.datetime)
        if not first <= started.date() <= last:
            continue
        hours, fee, why = 0, Decimal("0.00"), wrong.get(row.place, "")
        doubted = bool(why)
        if not why and _failed(row):
            why = "发电未成功"
        if not why and _is_lump(lump, row, started.date()):
            why = "租约为包干"
        if not why:
            said = _doubts(row, started, tariff, overlapping)
            if said:
                findings += said
                why, doubted = said[0].message, True
            else:
                hours, fee = _fee(row, started, tariff)
        made.append(Run(row.key, row.text("operator"), row.text("site_code"), hours, fee, why, row, doubted))
    return made, findings


def _failed(row: Record) -> bool:
    return bool(row["result"] == words()["word"]["failed"])


def _lump_sites(leases: Iterable[Lease]) -> dict[tuple[str, str], list[Lease]]:
    found: dict[tuple[str, str], list[Lease]] = defaultdict(list)
    for lease in leases:
        if lease.row["generator_mode"] == words()["word"]["lump"]:
            found[lease.site, lease.operator].append(lease)
    return found


def _is_lump(lump: Mapping[tuple[str, str], Sequence[Lease]], row: Record, day: dt.date) -> bool:
    held = lump.get((row.text("site_code"), row.text("operator")), ())
    return any(lease.starts <= day <= lease.ends for lease in held)


def _doubts(row: Record, started: dt.datetime, tariff: Tariff, overlapping: Mapping[str, str]) -> list[Finding]:
    ended = row["ended_at"]
    if not isinstance(ended, dt.datetime) or ended <= started:
        return [about(row, "ended_at", "BIL008", started=f"{started:%Y-%m-%d %H:%M}")]
    longest = tariff.on(started.date(), Case("run_longest"))
    if longest is not None and ended - started > int(longest) * _HOUR:
        return [about(row, "ended_at", "BIL009", value=f"{(ended - started) / _HOUR:.1f}", longest=longest)]
    if row.key in overlapping:
        return [about(row, "started_at", "BIL010", other=overlapping[row.key])]
    terrain = row.text("terrain")
    for case in (Case("run_start", terrain), Case("run_hours"), Case("run_more")):
        if tariff.on(started.date(), case) is None:
            name = terrain or words()["parameter"][case.parameter]
            return [about(row, "terrain", "BIL011", value=name, day=started.date())]
    return []


def _fee(row: Record, started: dt.datetime, tariff: Tariff) -> tuple[int, Decimal]:
    """Whole hours, at least the number the start price covers, and the fee before tax."""
    day, ended = started.date(), row["ended_at"]
    assert isinstance(ended, dt.datetime)
    start = tariff.on(day, Case("run_start", row.text("terrain")))
    covered, more = tariff.on(day, Case("run_hours")), tariff.on(day, Case("run_more"))
    assert start is not None and covered is not None and more is not None
    hours = max(int((ended - started) // _HOUR), int(covered))
    return hours, round_half_up(start + more * (hours - int(covered)))


def _overlaps(rows: Iterable[Record]) -> dict[str, str]:
    """Each run that overlaps another on its site, with the other's number; touching runs do not overlap."""
    sites: dict[str, list[tuple[dt.datetime, dt.datetime, str]]] = defaultdict(list)
    for row in rows:
        started, ended = row["started_at"], row["ended_at"]
        if isinstance(started, dt.datetime) and isinstance(ended, dt.datetime) and ended > started:
            sites[row.text("site_code")].append((started, ended, row.key))
    found: dict[str, str] = {}
    for held in sites.values():
        held.sort()
        longest = held[0]
        for before, one in pairwise(held):
            longest = max(longest, before, key=lambda run: run[1])
            if one[0] < longest[1]:
                found.setdefault(one[2], longest[2])
                found.setdefault(longest[2], one[2])
    return found
