"""Which cases to call back: a share of those over in a month, picked so that everyone picks the same."""

from __future__ import annotations

import hashlib
import math
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.service.counts import grouped
from macros.service.rules import TABLES, rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from macros.records import Record
    from macros.register import Register
    from macros.service.cases import Case


def sample(found: Iterable[Case], month: str) -> list[Case]:
    """The cases over in ``month`` that are proposed for a call-back, in the order they were asked.

    They are picked by a hash of their number: nobody chooses, and another look at the same rows picks the same.
    """
    over = grouped((case for case in found if case.ended and f"{case.ended:%Y-%m}" == month), lambda case: case.table)
    picked: list[Case] = []
    for table in TABLES:
        cases = over.get(table, [])
        wanted = math.ceil(Decimal(rules()["sampling"]["shares"][table]) * len(cases))
        picked += sorted(sorted(cases, key=lambda case: _rank(case.key))[:wanted], key=lambda case: case.asked)
    return picked


def _rank(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def callbacks(register: Register) -> dict[str, Record]:
    """The last call-back of each case, by its number."""
    found: dict[str, Record] = {}
    for row in register.rows("callback"):
        key, on = row.text("case_no"), row.date("called_on")
        before = found[key].date("called_on") if key in found else None
        if key and on and (before is None or on >= before):
            found[key] = row
    return found
