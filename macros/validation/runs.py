"""Checks generator runs: their length, their month, and that no two overlap at one site (§2.3.2)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from macros.findings import about
from macros.validation.cells import shown
from macros.validation.rules import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from macros.findings import Finding
    from macros.records import Record

_MINUTE = dt.timedelta(minutes=1)
_HOUR = dt.timedelta(hours=1)


def _names() -> dict[str, Any]:
    names: dict[str, Any] = rules()["runs"]
    return names


def span(record: Record) -> tuple[dt.datetime, dt.datetime] | None:
    """A run's start and end, or None where it cannot have run so: a blank, an end not after the start, too long."""
    names = _names()
    start, end = record[names["start"]], record[names["end"]]
    if not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
        return None
    return (start, end) if dt.timedelta(0) < end - start <= names["longest_hours"] * _HOUR else None


def check_run(record: Record) -> Iterator[Finding]:
    """What is wrong with one run; exactly the longest time is still right."""
    names = _names()
    if record.form.code != names["table"]:
        return
    start, end = record[names["start"]], record[names["end"]]
    if isinstance(start, dt.datetime) and record[names["month"]] not in (None, f"{start:%Y-%m}"):
        yield about(record, names["month"], "CHK044", month=f"{start:%Y-%m}")
    if not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
        return
    details = {
        "value": shown(record, names["end"]), "other": record.form.column(names["start"]).title,
        "before": shown(record, names["start"]),
    }
    if end <= start:
        yield about(record, names["end"], "CHK040", **details)
    elif end - start > names["longest_hours"] * _HOUR:
        hours = f"{(end - start) / _HOUR:.1f}"
        yield about(record, names["end"], "CHK041", **details, limit=names["longest_hours"], hours=hours)
    else:
        minutes = (end - start) // _MINUTE
        if record[names["minutes"]] not in (None, minutes):
            yield about(record, names["minutes"], "CHK043", minutes=minutes)


def check_overlaps(runs: Iterable[Record]) -> Iterator[Finding]:
    """Runs of one site that overlap, both of a pair named; runs that only touch do not.

    Runs wrong in themselves are left out: until they are mended nobody knows when they ran. So are repeats of one
    work order, which are reported as such.
    """
    names = _names()
    sites: dict[str, list[tuple[dt.datetime, dt.datetime, Record]]] = {}
    for record in runs:
        times = span(record)
        site = record.text(names["site"])
        if times and site:
            sites.setdefault(site, []).append((*times, record))
    for entries in sites.values():
        entries.sort(key=lambda entry: entry[:2])
        for number, (_, end, record) in enumerate(entries):
            for start, _, other in entries[number + 1:]:
                if start >= end:
                    break
                if record.key != other.key:
                    yield _overlap(record, other)
                    yield _overlap(other, record)


def _overlap(record: Record, other: Record) -> Finding:
    names = _names()
    return about(
        record, names["start"], "CHK042", value=shown(record, names["start"]), span=_said(record), twin=other.key,
        place=f"第{other.place.row}行", other_span=_said(other), end=record.form.column(names["end"]).title,
    )


def _said(record: Record) -> str:
    names = _names()
    return f"{shown(record, names['start'])}至{shown(record, names['end'])}"
