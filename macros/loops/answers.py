"""Follows the inquiries at the other two operators: who was asked, by when to answer, what to write if nobody did."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.findings import about
from macros.loops.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register


class Inquiry(NamedTuple):
    """The inquiry of one demand.

    ``state`` is answered, replied (both answered, the demand does not say so yet), unasked, missed (3.2 was signed
    without asking), undated, waiting or overdue; ``proposal`` what to enter as the answer where it is overdue or
    replied; ``others`` are the operators asked, ``told`` the rows of 共享征询 with their answers.
    """

    demand: Record
    state: str
    others: tuple[str, ...]
    asked_on: dt.date | None
    due: dt.date | None
    proposal: str
    told: tuple[Record, ...] = ()


def inquiries(register: Register, today: dt.date) -> tuple[list[Inquiry], list[Finding]]:
    """Every demand that consolidation left to a site of its own, in the order of the sheet, and what is amiss.

    Args:
        register: all tables.
        today: the day to judge by; the day of the limit itself is still in time.
    """
    said = rules()["answers"]
    printed: dict[str, dt.date] = {}
    for row in register.rows("document"):
        day = row.date("issued_at")
        if row.text("form_no") == said["paper"] and day and day <= today:
            printed.setdefault(row.text("row_key"), day)
    found: list[Inquiry] = []
    findings: list[Finding] = []
    for demand in register.rows("demand"):
        if demand["solution"] == said["solution"] and demand["form_signed_on"]:
            rows = register.groups("sharing", ("demand_no",)).get((demand.key,), [])
            inquiry = _inquiry(demand, rows, printed.get(demand.key), today)
            found.append(inquiry)
            findings += [*_amiss(inquiry, printed.get(demand.key)), *_rows_amiss(inquiry, rows)]
    return found, findings


def _inquiry(demand: Record, rows: Sequence[Record], printed: dt.date | None, today: dt.date) -> Inquiry:
    said = rules()["answers"]
    others = tuple(name for name in said["operators"] if name != demand["operator"])
    asked, due = demand.date("asked_on"), demand.date("answer_by")
    asked = asked if asked and asked <= today else None
    told = {str(row["operator"]): row for row in rows if row["operator"] in others and _known(row, today)}
    silent = [name for name in others if name not in told or told[name]["answer"] == said["none"]]
    if demand["asked_answer"]:
        state = "answered"
    elif told and not silent:
        state = "replied"
    elif not asked and not printed and not told:
        planned = demand.date("plan_signed_on")
        state = "missed" if planned and planned <= today else "unasked"
    elif due is None:
        state = "undated"
    else:
        state = "overdue" if due < today else "waiting"
    parts = [
        said["each"].format(operator=name, answer=told[name].text("answer")) for name in others if name not in silent
    ]
    parts += [said["proposal"].format(due=due, others="、".join(silent))] if silent else []
    proposal = "；".join(parts) if state in ("overdue", "replied") else ""
    return Inquiry(demand, state, others, asked or printed, due, proposal, tuple(told.values()))


def _known(row: Record, today: dt.date) -> bool:
    """Whether an answer has been given by the end of ``today``; one without a day was."""
    day = row.date("answered_on")
    return bool(row["answer"]) and (day is None or day <= today)


def _rows_amiss(inquiry: Inquiry, rows: Sequence[Record]) -> list[Finding]:
    """Who will share although the demand still stands alone, and rows about the demand's own operator."""
    said, demand = rules()["answers"], inquiry.demand
    own = [about(row, "operator", "LOO038") for row in rows if row["operator"] == demand["operator"]]
    willing = [
        about(row, "answer", "LOO037", operator=row["operator"], day=row["answered_on"] or "")
        for row in inquiry.told if row["answer"] == said["willing"]
    ]
    return [*own, *willing]


def _amiss(inquiry: Inquiry, printed: dt.date | None) -> Sequence[Finding]:
    """What is to be done about an inquiry."""
    demand, said = inquiry.demand, rules()["answers"]
    if inquiry.state == "answered":
        return _answered(inquiry)
    if inquiry.state == "unasked":
        return [about(demand, "asked_on", "LOO031", state=said["states"]["unasked"])]
    if inquiry.state == "missed":  # once the order is signed it is too late to reserve room in the first design
        return [] if demand["order_signed_on"] else [about(demand, "asked_answer", "LOO036", reserve=said["reserve"])]
    late = [about(demand, "asked_on", "LOO035", day=printed)] if printed and not demand["asked_on"] else []
    if inquiry.state == "undated":
        return [*late, about(demand, "answer_by", "LOO032")]
    if inquiry.state == "overdue":
        return [*late, about(demand, "asked_answer", "LOO030", due=inquiry.due, proposal=inquiry.proposal)]
    return late


def _answered(inquiry: Inquiry) -> Sequence[Finding]:
    said, answer = rules()["answers"], inquiry.demand.text("asked_answer")
    silent = any(word in answer for word in said["silent"])
    if silent and said["reserve"] not in answer:
        return [about(inquiry.demand, "asked_answer", "LOO034", reserve=said["reserve"])]
    named = [name for name in inquiry.others if name in answer]
    if len(named) == 1:
        rest = "、".join(name for name in inquiry.others if name not in named)
        return [about(inquiry.demand, "asked_answer", "LOO033", others=rest)]
    return []
