"""The four parts of a customer's service report (§2.4.3.3) in sentences worked out from the register."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.service.meetings import rules
from macros.service.rules import measures
from macros.service.rules import rules as service_rules
from macros.service.sampling import callbacks
from macros.service.steps import next_step
from macros.values import round_half_up

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from macros.records import Record
    from macros.register import Register
    from macros.service.cases import Case
    from macros.service.counts import ServiceMonth
    from macros.service.supervision import Supervised

_HOUR = 3600


class Whose(NamedTuple):
    """One customer's rows, gathered once: demands and generator runs."""

    demands: Sequence[Record]
    runs: Sequence[Record]


def gather(register: Register) -> dict[str, Whose]:
    """The demands and generator runs of each customer by name."""
    found: dict[str, tuple[list[Record], list[Record]]] = {}
    for number, table in enumerate(("demand", "generator")):
        for row in register.rows(table):
            customer = register.customer_of(row)
            if customer is not None:
                found.setdefault(customer.text("customer_name"), ([], []))[number].append(row)
    return {name: Whose(*rows) for name, rows in found.items()}


def construction(demands: Sequence[Record], first: dt.date, last: dt.date) -> str:
    """The works: what is running in which stage, what happened from ``first`` to ``last``, what is beyond its day."""
    said = rules()["construction"]
    running = [row for row in demands if not _by(row, "agreement_signed_on", last) and _by(row, "raised_on", last)]
    stages = Counter(_stage(row, last) for row in running)
    far = [stage["say"] for stage in rules()["stage"]]
    order = sorted(stages.items(), key=lambda one: (-one[1], far.index(one[0]) if one[0] in far else len(far)))
    lines = [
        said["running"].format(count=len(running), stages="、".join(f"{name}{count}项" for name, count in order))
        if running else said["none"]
    ]
    events = []
    for event in said["events"]:
        rows = [row for row in demands if (on := row.date(event["column"])) and first <= on <= last]
        if rows:
            events.append(event["say"].format(count=len(rows), sites=_named(row.text("site_name") for row in rows)))
    lines += ["；".join(events) + "。"] if events else []
    late = [
        row for row in running
        if not _by(row, "acceptance_signed_on", last) and (due := row.date("deliver_by")) and due < last
    ]
    if late:
        lines.append(said["late"].format(count=len(late), sites=_named(row.text("site_name") for row in late)))
    elif running:
        lines.append(said["on_time"])
    return "".join(lines)


def _by(row: Record, column: str, last: dt.date) -> bool:
    on = row.date(column)
    return on is not None and on <= last


def _stage(row: Record, last: dt.date) -> str:
    if row["phase"] is not None:
        return row.text("phase")
    for stage in rules()["stage"]:
        on = row.date(stage["column"])
        if (on and on <= last) or (on is None and row[stage["column"]] is not None):
            return str(stage["say"])
    return ""


def assurance(month: ServiceMonth, runs: Sequence[Record], register: Register) -> str:
    """The upkeep: faults, their causes, how long repairs took, call-backs, generator runs."""
    said, faults = rules()["assurance"], month.faults
    lines: list[str] = []
    if faults.count:
        keys = _named(case.key for case in faults.open)
        still = said["open"].format(count=len(faults.open), keys=keys) if keys else ""
        lines.append(said["faults"].format(count=faults.count, ended=faults.count - len(faults.open), open=still))
        causes = Counter(case.cause for case in faults.cases).most_common()
        lines.append(said["causes"].format(causes="、".join(f"{name}{count}件" for name, count in causes)))
        hours = [Decimal(int((case.ended - case.asked).total_seconds())) / _HOUR for case in faults.cases if case.ended]
        if hours:
            mean = round_half_up(sum(hours, Decimal(0)) / len(hours), 1)
            lines.append(said["mean"].format(hours=mean, count=len(hours)))
        latest = callbacks(register)
        called = [latest[case.key] for case in faults.cases if case.key in latest]
        if called:
            no = service_rules()["satisfied"]["no"]
            ill = sum(row["satisfied"] in no or row["repaired"] is False for row in called)
            lines.append(said["called"].format(count=len(called), ill=ill))
    else:
        lines.append(said["none"])
    mine = [row for row in runs if (on := row.date("started_at")) and month.first <= on <= month.last]
    if mine:
        well = sum(row.text("result") == said["well"] for row in mine)
        lines.append(said["generator"].format(count=len(mine), well=well))
    return "".join(lines)


def indicators(month: ServiceMonth, before: ServiceMonth | None, clocks: str) -> str:
    """The rates, each with its counts and beside that of the month before; ``clocks`` the on-time rate in words."""
    said = rules()["indicators"]
    lines: list[str] = []
    for number, tally in enumerate(month.tallies):
        title = service_rules()["case"][tally.table]["title"]
        for measure in measures(tally.table):
            share = tally.share(measure.id)
            if not share.base:
                continue
            past = before.tallies[number].share(measure.id) if before else None
            beside = said["before"].format(words=past.words()) if past is not None and past.base else ""
            lines.append(f"{title}{measure.title}{share.words()}{beside}")
    text = "；".join(lines) + "。" if lines else str(said["none"])
    return text + str(said["clocks"].format(words=clocks))


def complaints(month: ServiceMonth, running: Sequence[Case], supervised: Iterable[Supervised]) -> str:
    """The complaints: how many of which kind, what still runs and what comes next, supervision, visits.

    Args:
        month: the month's cases.
        running: complaints not closed, of earlier months too.
        supervised: those under key supervision.
    """
    said, found = rules()["complaints"], month.complaints
    lines: list[str] = []
    if found.count:
        kinds = Counter(case.cause for case in found.cases).most_common()
        named = said["kinds"].format(kinds="、".join(f"{name}{count}件" for name, count in kinds))
        lines.append(said["count"].format(count=found.count, kinds=named, ended=found.count - len(found.open)))
    else:
        lines.append(said["none"])
    if running:
        cases = "；".join(_next(case, month.at) for case in running[: rules()["named"]])
        lines.append(said["open"].format(count=len(running), cases=cases))
    listed = list(supervised)
    if listed:
        cases = "、".join(said["over"].format(key=one.case.key, days=one.over) for one in listed[: rules()["named"]])
        lines.append(said["supervised"].format(count=len(listed), cases=cases))
    visited = sum(case.record["visited_on"] is not None for case in found.cases)
    if visited:
        lines.append(said["visited"].format(count=visited))
    return "".join(lines)


def _next(case: Case, at: dt.datetime) -> str:
    step = next_step(case, at)
    matter = case.record.text("content")
    return str(rules()["complaints"]["case"].format(key=case.key, matter=matter, next=step.say if step else ""))


def _named(names: Iterable[str]) -> str:
    """The first few of the names, and that there are more."""
    listed, most = [name for name in names if name], rules()["named"]
    return "、".join(listed[:most]) + ("等" if len(listed) > most else "")


def on_time(met: int, judged: int) -> str:
    """The on-time rate of hard clocks in words."""
    said: Mapping[str, str] = rules()["indicators"]
    if not judged:
        return said["zero"]
    percent = round_half_up(Decimal(met) * 100 / Decimal(judged), 1)
    return said["rate"].format(rate=percent, met=met, base=judged)
