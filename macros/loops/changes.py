"""Follows every change along its path of §2.1.4: which steps it takes, what of them is done, what comes next."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.findings import about
from macros.loops.words import holds, rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register


class Step(NamedTuple):
    """One step of a change: ``state`` is done, open, spare (not needed) or waits; ``say`` what to do, or why not."""

    id: str
    title: str
    clause: str
    state: str
    say: str
    at_once: bool


class Trail(NamedTuple):
    """A change with its path, the day it was raised or known, what it has cost so far and its steps in order."""

    change: Record
    demand: Record
    fault: str
    path: str
    clause: str
    day: dt.date | None
    costs: Decimal
    steps: tuple[Step, ...]
    signed: bool

    @property
    def next(self) -> Step | None:
        """The first step that can be done and is not."""
        return next((step for step in self.steps if step.state == "open"), None)


def trails(register: Register, today: dt.date) -> tuple[list[Trail], list[Finding]]:
    """Every change whose path can be told, in the order of the sheet, and why it cannot for the others.

    Args:
        register: all tables.
        today: the day to judge by; what is dated later has not happened.
    """
    found: list[Trail] = []
    findings: list[Finding] = []
    for change in register.rows("change"):
        demand = register.find("demand", change.text("demand_no"))
        if demand is None:
            findings.append(about(change, "demand_no", "LOO025"))
            continue
        party = demand["change_party"] or change["raised_by"]
        fault = rules()["changes"]["faults"].get(party)
        path = next((
            each for each in rules()["changes"]["path"]
            if each["fault"] == fault and demand["solution"] in each["solution"] and change["phase"] in each["phase"]
        ), None)
        if path is None:
            findings += _unknown(change, demand, fault)
            continue
        if demand["change_party"] is None:
            findings.append(about(demand, "change_party", "LOO024", change=change.key, party=party))
        found.append(_trail(register, change, demand, path, today))
    return found, findings


def _unknown(change: Record, demand: Record, fault: str | None) -> list[Finding]:
    """The cells without which no path can be told."""
    cells = [(demand, "solution"), (change, "phase"), *([] if fault else [(change, "raised_by")])]
    return [about(row, name, "LOO023") for row, name in cells if row[name] is None]


def _trail(
    register: Register, change: Record, demand: Record, path: Mapping[str, Any], today: dt.date,
) -> Trail:
    days = [day for name in ("change_requested_on", "change_known_on") if (day := demand.date(name))]
    begin = min(days, default=None)
    lines = register.groups("cost", ("change_no",)).get((change["change_no"],), [])
    costs = sum((Decimal(str(row["amount"] or 0)) for row in lines), Decimal(0))
    facts = _facts(register, change, demand, begin, costs, today)
    steps: dict[str, Step] = {}
    for name in path["steps"]:
        steps[name] = _step(name, rules()["changes"]["step"][name], facts, steps)
    return Trail(
        change, demand, path["fault"], path["name"], path["clause"], begin, costs, tuple(steps.values()),
        "signed" in facts,
    )


def _facts(
    register: Register, change: Record, demand: Record, begin: dt.date | None, costs: Decimal, today: dt.date,
) -> frozenset[str]:
    """What is true of a change; see the list in ``loops.toml``."""
    said = rules()["changes"]
    lines = register.groups("cost", ("change_no",)).get((change["change_no"],), [])
    orders = {
        row.text("kind") for row in register.groups("workorder", ("demand_no",)).get((change["demand_no"],), [])
        if (day := row.date("issued_on")) and day <= today and (begin is None or day >= begin)
    }
    papers = {
        row.text("form_no") for row in register.groups("document", ("row_key",)).get((change.key,), [])
        if (day := row.date("issued_at")) and day <= today
    }
    fee = Decimal(str(change["fee"])) if change["fee"] is not None else None
    true = {
        "stopped": _past(demand, "stop_told_on", today),
        "pause_ordered": said["pause_order"] in orders,
        "fee": fee,
        "listed_costs": lines,
        "costless": fee == 0 and not lines,
        "incurred": costs > 0,
        "cost_paper": said["cost_paper"] in papers,
        "compensated": change["compensation"],
        "schemed": change["content"],
        "others_known": change["others"] is not None,
        "others": change["others"],
        "views": change["others_view"],
        "searching": said["search_order"] in orders,
        "new_fee": change["new_fee"] is not None,
        "paper": said["paper"] in papers,
        "signed": _past(demand, "change_signed_on", today),
    }
    return frozenset(name for name, holding in true.items() if holding)


def _past(record: Record, name: str, today: dt.date) -> bool:
    day = record.date(name)
    return day is not None and day <= today


def _step(name: str, rule: Mapping[str, Any], facts: frozenset[str], before: Mapping[str, Step]) -> Step:
    words, at_once = rules()["changes"]["words"], bool(rule.get("at_once"))
    first = before.get(rule.get("after", ""))
    if any(holds(each, facts) for each in rule["done"]):
        state, say = "done", ""
    elif first and first.state != "done":
        state, say = "waits", words["waits"].format(title=first.title)
    elif not facts.issuperset(rule.get("needs", ())):
        state, say = "spare", rule["spare"]
    else:
        state, say = "open", next(each["text"] for each in rule["say"] if holds(each, facts))
    return Step(name, rule["title"], rule["clause"], state, say, at_once)
