"""Judges which customers are key accounts: sales, margin, growth, potential, credit and payment cycle (R2)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.customers.payments import cycle, payments
from macros.customers.sales import months_before, sales
from macros.customers.words import rules, says
from macros.values import round_half_up

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from macros.billing.collection import Standing
    from macros.customers.views import View
    from macros.records import Record
    from macros.register import Register

_YEAR = 12


class Test(NamedTuple):
    """One test of a key account: its figure, None where nothing is known, whether it is met, and it in words."""

    name: str
    figure: Decimal | None
    met: bool
    says: str


class Account(NamedTuple):
    """A customer's tests; ``fit`` says whether enough of them are met to be a key account."""

    row: Record
    tests: tuple[Test, ...]
    fit: bool

    @property
    def says(self) -> str:
        """Every test in words and how many are met."""
        count = sum(each.met for each in self.tests)
        told = says("key", "count", met=count, need=rules()["key"]["need"])
        return "；".join([*(each.says for each in self.tests), told])


def accounts(
    register: Register, standings: Sequence[Standing], views: Mapping[str, Mapping[str, View]], today: dt.date,
) -> list[Account]:
    """The judgement on every customer whose views are known, in the order of the sheet."""
    this = sales(register, months_before(today, _YEAR), today)
    before = sales(register, months_before(today, _YEAR, _YEAR), today)
    paid = payments(standings, months_before(today, _YEAR), today)
    made = []
    for row in register.rows("customer"):
        if row.key not in views:
            continue
        mine, margin = views[row.key], row["margin"]
        now, then = this.get(row.key), before.get(row.key)
        figures: dict[str, Decimal | None] = {
            "sales": now.amount if now else None,
            "margin": margin * 100 if isinstance(margin, Decimal) else None,
            "growth": (now.amount - then.amount) / then.amount * 100 if now and then and then.amount else None,
            "potential": mine["potential"].score, "credit": mine["punctual"].score,
            "cycle": cycle(paid.get(row.text("operator"), [])),
        }
        no_base = bool(now) and not (then and then.amount)
        tests = tuple(_test(rule, figures[rule["name"]], no_base) for rule in rules()["key"]["test"])
        made.append(Account(row, tests, sum(each.met for each in tests) >= rules()["key"]["need"]))
    return made


def _test(rule: Mapping[str, Any], figure: Decimal | None, no_base: bool) -> Test:
    """One test; growth from nothing is said in words and is not met."""
    name = rule["name"]
    if figure is None:
        word = rules()["words"]["zero_base" if name == "growth" and no_base else "untold"]
        return Test(name, None, False, f"{rule['title']} {word}")
    met = figure >= rule["at_least"] if "at_least" in rule else figure <= rule["at_most"]
    limit = f"≥{rule['at_least']:,}" if "at_least" in rule else f"≤{rule['at_most']:,}"
    shown = f"{round_half_up(figure, rule.get('places', 1)):,}{rule['unit']}"
    return Test(name, figure, met, f"{rule['title']} {shown}（{limit}{'√' if met else '×'}）")
