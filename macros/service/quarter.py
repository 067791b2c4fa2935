"""The quarterly report of visit supervision (R5): visits, what customers said and what became of it, by department."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.data import toml
from macros.service.meetings import task
from macros.service.rules import measures
from macros.service.rules import rules as service_rules
from macros.values import round_half_up

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from macros.records import Record, Value
    from macros.register import Register
    from macros.service.counts import ServiceMonth

PAGE, LINE = "quarter_report", "quarter_line"


@cache
def rules() -> Mapping[str, Any]:
    """Everything ``rules/quarter.toml`` says."""
    return MappingProxyType(toml(Path(__file__).parents[1] / "rules" / "quarter.toml"))


class Quarter(NamedTuple):
    """The report's page and its lines."""

    page: Mapping[str, Value]
    lines: Sequence[Mapping[str, Value]]

    def part(self, name: str) -> list[Mapping[str, Value]]:
        """The lines of a part: visits, opinions, departments, tasks."""
        return [line for line in self.lines if line["part"] == rules()["part"][name]]


def quarter(
    register: Register, name: str, title: str, first: dt.date, last: dt.date, today: dt.date, counts: ServiceMonth,
) -> Quarter:
    """Work the report out.

    Args:
        register: the tables.
        name: ``2026-Q4``.
        title: as people say it.
        first: the quarter's first day.
        last: its last.
        today: what is dated later is not yet known.
        counts: the quarter's faults and complaints.
    """
    until = min(last, today)
    visits = sorted(
        (row for row in register.rows("visit") if (on := row.date("visited_on")) and first <= on <= until),
        key=lambda row: (row.date("visited_on") or first, row.key),
    )
    tasks = _tasks(register, visits, first, last)
    opinions = [_opinion(register, row, until) for row in visits if row["opinions"] is not None]
    lines: list[dict[str, Value]] = []
    for part, rows in (
        ("visits", _visits(register, visits)), ("opinions", opinions), ("departments", _departments(tasks, until)),
        ("tasks", [_task(row, until) for row in tasks]),
    ):
        lines += [{"quarter": name, "part": rules()["part"][part], "seq": n, **row} for n, row in enumerate(rows, 1)]
    page: dict[str, Value] = {"quarter": name, "title_text": title, "first_on": first, "last_on": until}
    page |= _visit_words(register, visits) | _opinion_words(opinions) | _task_words(tasks, until)
    for tally in counts.tallies:
        page[f"{tally.table}_words"] = _case_words(counts, tally.table)
    return Quarter(page, lines)


def _tasks(register: Register, visits: Sequence[Record], first: dt.date, last: dt.date) -> list[Record]:
    """The follow-ups of the quarter's visits and meetings, those due in it, and those left from before."""
    sources = {row.key for row in visits} | {
        row.key for row in register.rows("meeting") if (on := row.date("planned_at")) and first <= on <= last
    }

    def belongs(row: Record) -> bool:
        due, done = row.date("due_on"), row.date("done_on")
        if row.text("source_no") in sources or (due and first <= due <= last):
            return True
        return bool(due and due < first and (done is None or first <= done <= last))

    return [row for row in register.rows("followup") if belongs(row)]


def _visits(register: Register, visits: Sequence[Record]) -> list[dict[str, Value]]:
    """Visits by customer, customers without any last."""
    names = dict.fromkeys([*(row.text("customer_name") for row in visits), *_customers(register)])
    by_name: dict[str, list[Record]] = {name: [] for name in names}
    for row in visits:
        by_name[row.text("customer_name")].append(row)
    made: list[dict[str, Value]] = []
    for name in sorted(by_name, key=lambda name: (-len(by_name[name]), name)):
        rows = by_name[name]
        made.append({
            "customer_name": name, "total": len(rows), **_kinds(rows),
            "on": max((on for row in rows if (on := row.date("visited_on"))), default=None),
        })
    return made


def _customers(register: Register) -> list[str]:
    return [row.text("customer_name") for row in register.rows("customer") if row["customer_name"] is not None]


def _kinds(rows: Iterable[Record]) -> dict[str, int]:
    said, listed = rules()["kind"], list(rows)
    kinds = Counter(row.text("kind") for row in listed)
    return {
        **{name: kinds[said[name]] for name in ("routine", "high", "care")},
        "onsite": sum(row.text("manner") == said["onsite"] for row in listed),
    }


def _opinion(register: Register, visit: Record, until: dt.date) -> dict[str, Value]:
    """What a customer said on a visit, what was answered, and what became of what was passed on."""
    said = rules()["state"]
    passed = register.groups("followup", ("source_no",)).get((visit.key,), [])
    running = [row for row in passed if not _done(row, until)]
    if running:
        late = any((due := row.date("due_on")) and due < until for row in running)
        state = said["late" if late else "running"]
    elif passed:
        told = all((on := row.date("told_on")) and on <= until for row in passed)
        state = said["told" if told else "done"]
    else:
        state = said["answered" if visit["answers"] is not None else "none"]
    return {
        "key": visit.key, "customer_name": visit["customer_name"], "on": visit.date("visited_on"),
        "matter": visit["opinions"], "answer": visit["answers"], "state": state,
        "department": "、".join(dict.fromkeys(row.text("department") for row in passed if row["department"])) or None,
        "result": "；".join(row.text("result") for row in passed if row["result"]) or None,
    }


def _done(row: Record, until: dt.date) -> bool:
    done = row.date("done_on")
    return done is not None and done <= until


def _kept(row: Record, until: dt.date) -> bool | None:
    """Whether a follow-up was done by its day; None while its day has not passed."""
    done, due = row.date("done_on"), row.date("due_on")
    if _done(row, until) and done:
        return due is None or done <= due
    return False if due and due < until else None


def _departments(tasks: Sequence[Record], until: dt.date) -> list[dict[str, Value]]:
    """Follow-ups by the department in charge, the busiest first."""
    by_name: dict[str, list[Record]] = {}
    for row in tasks:
        by_name.setdefault(row.text("department") or rules()["no_department"], []).append(row)
    return [
        {"department": name, **_tally(by_name[name], until)}
        for name in sorted(by_name, key=lambda name: (-len(by_name[name]), name))
    ]


def _tally(tasks: Sequence[Record], until: dt.date) -> dict[str, Value]:
    kept = [_kept(row, until) for row in tasks]
    done = sum(_done(row, until) for row in tasks)
    late = sum(side is False and not _done(row, until) for side, row in zip(kept, tasks, strict=True))
    return {
        "total": len(tasks), "done": done, "on_time": kept.count(True), "late": late,
        "open": len(tasks) - done - late, "rate_words": _rate(kept.count(True), len(tasks) - kept.count(None)),
    }


def _rate(met: int, base: int) -> str:
    said = rules()["words"]
    if not base:
        return str(said["no_rate"])
    return str(said["rate"].format(rate=round_half_up(Decimal(met) * 100 / Decimal(base), 1), met=met, base=base))


def _task(row: Record, until: dt.date) -> dict[str, Value]:
    names = ("matter", "owner", "department", "due_on", "done_on", "told_on", "result", "customer_name")
    return {"key": row.key, "state": task(row, until).state, **{name: row[name] for name in names}}


def _visit_words(register: Register, visits: Sequence[Record]) -> dict[str, Value]:
    said, customers = rules()["words"], _customers(register)
    visited = {row.text("customer_name") for row in visits if row["customer_name"] is not None}
    words = said["no_visits"]
    if visits:
        share = _rate(len(visited & set(customers)), len(customers)) if customers else said["no_customers"]
        words = said["visits"].format(
            visits=len(visits), visited=len(visited), customers=len(customers), rate=share, **_kinds(visits),
        )
    unvisited = [name for name in customers if name not in visited]
    if unvisited:
        most = rules()["named"]
        words += said["unvisited"].format(
            count=len(unvisited), names="、".join(unvisited[:most]), more=said["more"] if len(unvisited) > most else "",
        )
    return {"visits": len(visits), "visited": len(visited), "customers": len(customers), "visit_words": words}


def _opinion_words(opinions: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    said, state = rules()["words"], rules()["state"]
    found = Counter(str(each["state"]) for each in opinions)
    done = found[state["done"]] + found[state["told"]]
    counts = {
        "opinions": len(opinions), "answered": found[state["answered"]],
        "passed": done + found[state["running"]] + found[state["late"]], "unanswered": found[state["none"]],
    }
    words = said["opinions"].format(done=done, told=found[state["told"]], **counts) if opinions else said["no_opinions"]
    return {**counts, "opinion_words": words}


def _task_words(tasks: Sequence[Record], until: dt.date) -> dict[str, Value]:
    said, counts = rules()["words"], _tally(tasks, until)
    words = said["no_tasks"]
    if tasks:
        words = said["tasks"].format(
            tasks=counts["total"], done=counts["done"], late=counts["late"], open=counts["open"],
            rate=counts["rate_words"],
        )
    return {"tasks": len(tasks), "done": counts["done"], "late": counts["late"], "task_words": words}


def _case_words(counts: ServiceMonth, table: str) -> str:
    """The quarter's faults or complaints with every rate."""
    said = rules()["words"]
    tally = counts.faults if table == "fault" else counts.complaints
    case = service_rules()["case"][table]["title"]
    if not tally.count:
        return str(said["no_cases"].format(case=case))
    rates = "；".join(f"{each.title}{tally.share(each.id).words()}" for each in measures(tally.table))
    return f"{said['total'].format(case=case, count=tally.count, open=len(tally.open))}{rates}。"
