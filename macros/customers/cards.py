"""The rows that 客户关系卡片 prints: one card for each customer with what is known of it, latest things first (R1)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.customers.sales import running_leases
from macros.customers.words import rules, says
from macros.findings import about
from macros.periods import add_months
from macros.tables import FIRST_ROW, record
from macros.values import round_half_up

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from macros.billing.collection import Standing
    from macros.customers.files import File
    from macros.customers.grading import Grade
    from macros.findings import Finding
    from macros.records import Record, Value
    from macros.register import Register

CARD, FEE = "card", "card_fee"


class Card(NamedTuple):
    """One customer's card as tables to print; ``withheld`` says why there is none."""

    customer: str
    tables: Mapping[str, tuple[Record, ...]]
    withheld: Finding | None = None


def cards(
    register: Register, files: Sequence[File], grades: Sequence[Grade], standings: Sequence[Standing], today: dt.date,
    ours: Sequence[str],
) -> list[Card]:
    """Every customer's card in the order of the sheet; none for a file that was never verified.

    Args:
        register: the tables.
        files: every customer's file; one that is no longer current is printed and marked so.
        grades: the grades there are.
        standings: every statement as collection tells it.
        today: the day.
        ours: names of papers that are no correspondence (the card itself).
    """
    leases = running_leases(register, today)
    graded = {each.row.key: each for each in grades}
    branches: dict[str, int] = {}
    for file in files:
        branches[file.row.text("operator")] = branches.get(file.row.text("operator"), 0) + 1
    made = []
    for file in files:
        row = file.row
        if file.until is None:
            made.append(Card(row.key, {}, about(row, "verified_on", "CUS009")))
            continue
        held = leases.get(row.key, [])
        mine = [each for each in standings if each.operator == row.text("operator")]
        fees = _fees(row, mine, today)
        shown = _latest(held, "starts_on", rules()["card"]["leases"])
        values = _values(file, graded.get(row.key), held, shown, mine, branches[row.text("operator")], today)
        made.append(Card(row.key, {
            "customer": (row,), "contact": file.contacts, CARD: (record(CARD, values),), FEE: fees, "lease": shown,
            **_year(register, row, ours, today),
        }))
    return made


def _values(
    file: File, grade: Grade | None, held: Sequence[Record], shown: Sequence[Record], mine: Sequence[Standing],
    branches: int, today: dt.date,
) -> dict[str, Value]:
    row, words = file.row, rules()["card"]["words"]
    missing = [each.row.form.column(each.column).title for each in file.having("missing")]
    note = words["shared"].format(operator=row["operator"]) if branches > 1 else ""
    return {
        "customer_name": row.key, "verified_on": row["verified_on"], "valid_until": file.until,
        "validity": words["current" if file.current(today) else "stale"],
        "completeness": round_half_up(file.complete, 4),
        "missing": "、".join(dict.fromkeys(missing)) or rules()["words"]["none"], "manager": row["manager"],
        "grading": says("card", "grading", grade=grade.grade, score=grade.score) if grade else rules()["words"]["none"],
        "key_account": rules()["words"]["yes" if row["key_account"] is True else "no"],
        "leases_running": len(held),
        "leases_more": words["more" if len(shown) < len(held) else "all"].format(all=len(held), shown=len(shown)),
        "arrears": sum((each.open for each in mine if each.days), Decimal("0.00")),
        "fee_note": note if mine and note else words["months"].format(months=rules()["card"]["months"]),
    }


def _fees(row: Record, mine: Sequence[Standing], today: dt.date) -> tuple[Record, ...]:
    """The statements of the last months, the latest first: a card tells what is the case now."""
    paid = rules()["words"]["clock_paid"]
    since = f"{add_months(today, -rules()['card']['months']):%Y-%m}"
    shown = sorted((each for each in mine if each.month >= since), key=lambda each: each.month, reverse=True)
    lines = []
    for number, each in enumerate(shown, FIRST_ROW):
        due = each.milestones[paid].due if paid in each.milestones else None
        complete = each.received.complete_on
        # What is open grows older every day, and the card with it would be another paper each morning.
        late = max(0, (complete - due).days) if due and complete else 0
        open_ = rules()["card"]["words"]["open"] if each.days else ""
        why = each.row.text("note") if late or open_ else ""
        lines.append(record(FEE, {
            "customer_name": row.key, "month": each.month, "billed": each.billed, "received": each.received.amount,
            "due_on": due, "paid_on": complete, "days_late": late or None,
            "why": "：".join(filter(None, (open_, why))) or None,
        }, number))
    return tuple(lines)


def _year(register: Register, row: Record, ours: Sequence[str], today: dt.date) -> dict[str, tuple[Record, ...]]:
    """The customer's faults, complaints and papers of the last months, the latest first."""
    since = add_months(today, -rules()["card"]["months"])
    found = {}
    for table, day, most in (("fault", "reported_at", "cases"), ("complaint", "accepted_at", "cases"),
                             ("document", "issued_at", "documents")):
        rows = [
            each for each in register.groups(table, ("customer_name",)).get((row["customer_name"],), ())
            if (on := each.date(day)) and since < on <= today and not (table == "document" and each["name"] in ours)
        ]
        found[table] = _latest(rows, day, rules()["card"][most])
    return found


def _latest(rows: Sequence[Record], day: str, most: int) -> tuple[Record, ...]:
    return tuple(sorted(rows, key=lambda each: str(each[day]), reverse=True)[:most])
