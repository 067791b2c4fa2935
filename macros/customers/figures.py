"""What cross rules ask of a customer beside its own columns: payments, complaints, faults, leases, visits."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.customers.payments import payments
from macros.customers.sales import months_before, running_leases
from macros.customers.words import rules
from macros.data import toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.billing.collection import Standing
    from macros.customers.accounts import Account
    from macros.customers.files import File
    from macros.customers.grading import Grade
    from macros.customers.people import Map
    from macros.register import Register


@cache
def _said() -> dict[str, Any]:
    return toml(Path(__file__).parents[1] / "rules" / "customer_flags.toml")


def wording() -> dict[str, str]:
    """How the evidence puts each figure."""
    found: dict[str, str] = _said()["figures"]
    return found


def figures(
    register: Register, standings: Sequence[Standing], files: Iterable[File], maps: Iterable[Map],
    grades: Iterable[Grade], accounts: Iterable[Account], today: dt.date,
) -> dict[str, Mapping[str, Decimal | None]]:
    """Every customer's figures by its name, as of a day; None where nothing is known."""
    paid = payments(standings, months_before(today, rules()["view"]["punctual"]["months"]), today)
    leases = running_leases(register, today)
    graded = {each.row.key: each for each in grades}
    judged = {each.row.key: each for each in accounts}
    people = {each.row.key: each for each in maps}
    days, against = _said()["days"], rules()["people"]["against"]
    ending = today + dt.timedelta(days=days["ending"])
    complaints = register.groups("complaint", ("customer_name",))
    faults = register.groups("fault", ("customer_name",))
    made: dict[str, Mapping[str, Decimal | None]] = {}
    for file in files:
        row = file.row
        operator, grade = row.text("operator"), graded.get(row.key)
        tests = judged[row.key].tests if row.key in judged else ()
        growth = next((test.figure for test in tests if test.name == "growth"), None)
        made[row.key] = {
            "score": grade.score if grade else None,
            "late_payments": _count(each.days for each in paid.get(operator, ())),
            "arrears": sum((each.open for each in standings if each.operator == operator and each.days), Decimal(0)),
            "orders": Decimal(len(grade.views["volume"].evidence)) if grade else None,
            "complaints": _count(
                _open(each.date("accepted_at"), each.date("solved_at"), today)
                for each in complaints.get((row.key,), ())
            ),
            "faults": _count(
                _recent(each.date("reported_at"), days["faults"], today) for each in faults.get((row.key,), ())
            ),
            "ending": _count(
                (ends := each.date("ends_on")) and ends <= ending and each["renewed_on"] is None
                for each in leases.get(row.key, ())
            ),
            "visit_days": _since(register, row.key, today),
            "against": _count(each["attitude"] == against for each in file.contacts),
            "gaps": Decimal(len(people[row.key].gaps)), "stale": Decimal(len(file.having("stale"))),
            "growth": growth.quantize(Decimal("0.1"), ROUND_HALF_UP) if growth is not None else None,
        }
    return made


def _count(found: Iterable[object]) -> Decimal:
    return Decimal(sum(1 for each in found if each))


def _open(begun: dt.date | None, ended: dt.date | None, today: dt.date) -> bool:
    return begun is not None and begun <= today and (ended is None or ended > today)


def _recent(day: dt.date | None, days: int, today: dt.date) -> bool:
    return day is not None and 0 <= (today - day).days < days


def _since(register: Register, customer: str, today: dt.date) -> Decimal | None:
    """The days since the last visit; None where there was none, of which the visits' own list tells."""
    days = [
        day for each in register.groups("visit", ("customer_name",)).get((customer,), ())
        if (day := each.date("visited_on")) and day <= today
    ]
    return Decimal((today - max(days)).days) if days else None
