"""Running cases: how long each has stood at its stage, and what is to be done for a new customer (R13)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from macros.customers.words import default_manager, rules
from macros.findings import about
from macros.forms import forms

if TYPE_CHECKING:
    from macros.findings import Finding
    from macros.records import Record, Value
    from macros.register import Register

FORM = "opportunity"


class Case(NamedTuple):
    """One running case: the days at its stage, the days it may stand there, and days past its expected end."""

    row: Record
    days: int
    most: int | None
    over: int


def cases(register: Register, today: dt.date) -> tuple[list[Case], list[Finding]]:
    """The cases open on a day, the longest standing first, and what is late or contradicts itself."""
    made: list[Case] = []
    findings: list[Finding] = []
    for row in register.rows(FORM):
        opened, since, closed = row.date("opened_on"), row.date("stage_on"), row.date("closed_on")
        if not runs(row, today):
            if row["stage"] == rules()["cases"]["closed"] and closed is None:
                findings.append(about(row, "closed_on", "CUS050"))
            continue
        if since is None:
            continue  # the register's own check names the missing cell
        if opened and since < opened:
            findings.append(about(row, "stage_on", "CUS051", opened=opened))
        most = rules()["cases"]["stage_days"].get(row.text("stage"))
        days, expected = (today - since).days, row.date("expected_on")
        over = max(0, (today - expected).days) if expected else 0
        if most is not None and days > most:
            findings.append(about(row, "stage", "CUS052", days=days, most=most))
        if over:
            findings.append(about(row, "expected_on", "CUS053", days=over))
        made.append(Case(row, days, most, over))
    return sorted(made, key=lambda each: -each.days), findings


def runs(row: Record, today: dt.date) -> bool:
    """Whether a case has begun and is not closed on a day."""
    opened, closed = row.date("opened_on"), row.date("closed_on")
    if opened is None or opened > today or row["stage"] == rules()["cases"]["closed"]:
        return False
    return closed is None or closed > today


def tasks(register: Register, today: dt.date) -> list[list[Value]]:
    """The rows of 跟进事项 that running cases of new customers still lack, each task once for a case."""
    form = forms()["followup"]
    known = {(row.text("source_no"), row.text("matter")) for row in register.rows("followup")}
    added: list[list[Value]] = []
    for row in register.rows(FORM):
        opened = row.date("opened_on")
        if row["kind"] != rules()["cases"]["new_kind"] or opened is None or not runs(row, today):
            continue
        customer = register.customer_of(row)
        named = (each.text("manager") for each in (row, customer) if each)
        owner = next(filter(None, named), "") or default_manager(register)
        for number, task in enumerate(rules()["task"], 1):
            if (row.key, task["matter"]) in known:
                continue
            values: dict[str, Value] = {
                "followup_no": f"{row.key}-{number}", "source_no": row.key, "customer_name": row["customer_name"],
                "matter": task["matter"], "owner": owner or None, "due_on": opened + dt.timedelta(days=task["days"]),
            }
            added.append([values.get(column.name) for column in form.columns])
    return added
