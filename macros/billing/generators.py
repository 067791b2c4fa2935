"""What each generator run costs (billing rule 7): by the hour begun, never before doubts about it are cleared."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from macros.findings import about
from macros.pricing.parameters import Case, words
from macros.values import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.billing.leases import Excluded, Lease
    from macros.findings import Finding
    from macros.pricing.parameters import Tariff
    from macros.records import Place, Record

_HOUR = dt.timedelta(hours=1)
_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Run:
    """One generator run: its payer, hours billed, fee before tax, and why it costs nothing, empty when it does.

    ``doubted`` is one that costs nothing only until a finding about it is cleared; ``repeats`` is one whose row says
    once more what another does, which alone is billed.
    """

    key: str
    operator: str
    site: str
    hours: int
    fee: Decimal
    why: str
    row: Record
    doubted: bool = False
    repeats: bool = False


class Lump(NamedTuple):
    """A lease with a yearly sum for its generator: its days, and why it is not billed, empty when it is."""

    starts: dt.date
    ends: dt.date
    why: str = ""


#: Leases with a yearly sum by site and operator.
Lumps = dict[tuple[str, str], list[Lump]]
#: What two rows of one run have in common; what a bill writes into them later does not count.
_SAME = ("run_no", "operator", "site_code", "started_at", "ended_at", "terrain", "result")


def runs(
    rows: Iterable[Record], leases: Iterable[Lease], lumps: Lumps, tariff: Tariff, first: dt.date, last: dt.date,
    wrong: Mapping[Place, str],
) -> tuple[list[Run], list[Finding]]:
    """The runs that began between two days, both counted, in the register's order.

    Failed runs, runs of leases with a yearly sum and runs with a finding cost nothing; of two that overlap on a site
    neither is billed, of a row that repeats another only the first. Runs beginning outside the span still count for
    the overlap.

    Args:
        rows: the register's runs.
        leases: those that can be billed.
        lumps: those with a yearly sum that cannot, from `unbilled_lumps`.
        tariff: the prices of a run.
        first: first day of the span.
        last: its last day.
        wrong: rows that the register's check found in error, with what it said.
    """
    findings: list[Finding] = []
    timed = [row for row in rows if isinstance(row["started_at"], dt.datetime)]
    twice = _twice(timed, wrong)
    counted = [row for row in timed if row.place not in wrong and row.place not in twice]
    known = _Known(
        _overlaps(row for row in counted if not _failed(row)), _numbers(counted),
        _lump_sites(leases, lumps) if timed else {}, tariff,
    )
    made: list[Run] = []
    for row in timed:
        started = row["started_at"]
        assert isinstance(started, dt.datetime)
        if not first <= started.date() <= last:
            continue
        who = row.key, row.text("operator"), row.text("site_code")
        if row.place in twice:
            findings.append(about(row, "run_no", "BIL061", other=twice[row.place], row=row.place.row))
            made.append(Run(*who, 0, _NOTHING, findings[-1].message, row, repeats=True))
        elif row.place in wrong:
            made.append(Run(*who, 0, _NOTHING, wrong[row.place], row, doubted=True))
        else:
            why, said, doubted = _free(row, started, known)
            findings += said
            hours, fee = (0, _NOTHING) if why else _fee(row, started, tariff)
            made.append(Run(*who, hours, fee, why, row, doubted))
    return made, findings


class _Known(NamedTuple):
    """What runs are looked at with: overlaps by number, rows by number, yearly sums, prices."""

    overlapping: Mapping[str, str]
    numbers: Mapping[str, Sequence[int]]
    lumps: Lumps
    tariff: Tariff


def _free(row: Record, started: dt.datetime, known: _Known) -> tuple[str, list[Finding], bool]:
    """Why a run costs nothing, empty when it does; what was found, and whether it is only until that is cleared."""
    if _failed(row):
        return "发电未成功", [], False
    lump = _lump(known.lumps, row, started.date())
    if lump:
        return lump.why or "租约为包干", [], bool(lump.why)
    said = _doubts(row, started, known)
    return (said[0].message, said, True) if said else ("", [], False)


def _twice(rows: Iterable[Record], wrong: Mapping[Place, str]) -> dict[Place, int]:
    """The rows that say exactly what an earlier one does, with that one's row in the sheet."""
    first: dict[tuple[object, ...], Record] = {}
    found: dict[Place, int] = {}
    for row in rows:
        other = first.setdefault(tuple(row[name] for name in _SAME), row)
        if other is not row and other.place not in wrong:
            found[row.place] = other.place.row
    return found


def _numbers(rows: Iterable[Record]) -> dict[str, list[int]]:
    """The sheet rows of every work order's number."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.key:
            found[row.key].append(row.place.row)
    return found


def unbilled_lumps(rows: Iterable[Record], out: Iterable[Excluded]) -> Lumps:
    """The leases with a yearly sum that are left out: until they are mended their runs are not billed one by one."""
    whys = {one.key: one.why for one in out if one.doubted}
    found: Lumps = defaultdict(list)
    for row in rows if whys else ():
        if row.key in whys and row["generator_mode"] == words()["word"]["lump"]:
            starts, ends = row.date("starts_on") or dt.date.min, row.date("ends_on") or dt.date.max
            days = (starts, ends) if starts <= ends else (dt.date.min, dt.date.max)
            why = f"租约 {row.key} 为包干，尚未出账：{whys[row.key]}"
            found[row.text("site_code"), row.text("operator")].append(Lump(*days, why))
    return found


def _failed(row: Record) -> bool:
    return bool(row["result"] == words()["word"]["failed"])


def _lump_sites(leases: Iterable[Lease], unbilled: Lumps) -> Lumps:
    """All leases with a yearly sum, those that are billed first."""
    found: Lumps = defaultdict(list)
    for lease in leases:
        if lease.row["generator_mode"] == words()["word"]["lump"]:
            found[lease.site, lease.operator].append(Lump(lease.starts, lease.ends))
    for where, held in unbilled.items():
        found[where] += held
    return found


def _lump(lumps: Lumps, row: Record, day: dt.date) -> Lump | None:
    held = lumps.get((row.text("site_code"), row.text("operator")), ())
    return next((lump for lump in held if lump.starts <= day <= lump.ends), None)


def _doubts(row: Record, started: dt.datetime, known: _Known) -> list[Finding]:
    ended, tariff, overlapping = row["ended_at"], known.tariff, known.overlapping
    others = [one for one in known.numbers.get(row.key, ()) if one != row.place.row]
    if others:
        return [about(row, "run_no", "BIL064", other="、".join(map(str, others)))]
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
