"""Goals set in 目标 against what came of them; growth on the same period; concentration on two bases."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.analytics.counting import rules
from macros.analytics.figures import Figure, change, plain, ratio
from macros.analytics.spans import Span, span, to_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from macros.analytics.counting import Counter
    from macros.analytics.forecast import Line
    from macros.records import Record
    from macros.register import Register

_NOTHING, _YEAR = Decimal(0), Decimal(12)


class Goal(NamedTuple):
    """A row of 目标: its plan, its actual so far, attainment of the whole plan and of the plan to date.

    ``actual`` is None where nothing is known; ``met`` then too.
    """

    record: Record
    period: Span
    kind: str
    plan: Decimal
    actual: Decimal | None
    planned: Decimal
    attained: Figure
    paced: Figure
    met: bool | None

    @property
    def title(self) -> str:
        """What it is about, in one line."""
        about = (self.kind, self.record.text("customer_name"), self.record.text("item"))
        return f"{self.period.name} " + " ".join(part for part in about if part)


def goals(register: Register, lines: Sequence[Line], counter: Counter, month: Span, today: dt.date) -> list[Goal]:
    """The goals of a month and of its year, as they stand at the end of ``today`` or of the month.

    Args:
        register: the tables.
        lines: the forecasts of the year to date with their actuals.
        counter: what the register counts.
        month: the reported month.
        today: what has happened by then is known.
    """
    found: list[Goal] = []
    rows = register.rows("target")
    for row in rows:
        period = span(row.text("period"))
        plan = row["plan"]
        if period is None or not isinstance(plan, Decimal) or row["kind"] is None:
            continue  # the register's own check names the missing cell
        if period.name != month.name and not (period.is_year and period.first.year == month.first.year):
            continue
        found.append(_goal(row, period, plan, rows, lines, counter, month, today))
    return found


def success(found: Sequence[Goal], title: str) -> Figure:
    """Goals met ÷ goals set; one whose actual is not known is set and not met."""
    met = [goal for goal in found if goal.met]
    return ratio(
        title, rules()["formula"]["success"], Decimal(len(met)), Decimal(len(found)), rules()["words"]["zero_goals"],
        [goal.record.key for goal in met],
    )


def growth(name: str, this: Sequence[Line], before: Sequence[Line]) -> Figure:
    """``(this − same period) ÷ same period`` of the actuals; a same period of zero is said in words."""
    said = rules()["words"]
    keys = [key for line in (*this, *before) for key in line.keys]
    title = said["growth"].format(name=name)
    return change(title, rules()["formula"]["growth"], volume(this), volume(before), said["zero_before"], keys)


def concentration(known: Sequence[Line]) -> list[Figure]:
    """What the key products are of each class that has any, and of everything: two bases."""
    said, formula = rules()["words"], rules()["formula"]
    key = [line for line in known if line.key_item]
    found: list[Figure] = []
    for name in dict.fromkeys(line.item_class for line in key):
        over, under = ([line for line in rows if line.item_class == name] for rows in (key, known))
        found.append(ratio(
            said["concentration_class"].format(name=name), formula["concentration_class"], volume(over), volume(under),
            said["zero_total"], [line.record.key for line in over],
        ))
    found.append(ratio(
        said["concentration_total"], formula["concentration_total"], volume(key), volume(known), said["zero_total"],
        [line.record.key for line in key],
    ))
    return found


def volume(rows: Iterable[Line]) -> Decimal:
    """The sum of the actuals that are known."""
    return sum((line.actual for line in rows if line.actual is not None), _NOTHING)


def elapsed(month: Span, today: dt.date) -> tuple[int, int]:
    """The days of a month gone by at the end of ``today``, and all its days."""
    days = (month.last - month.first).days + 1
    return max(0, min(days, (today - month.first).days + 1)), days


def _goal(
    row: Record, period: Span, plan: Decimal, rows: Sequence[Record], lines: Sequence[Line], counter: Counter,
    month: Span, today: dt.date,
) -> Goal:
    said, formula = rules()["words"], rules()["formula"]
    until = to_date(month) if period.is_year else month
    kind = next((one for one in rules()["kind"] if one["title"] == row.text("kind")), None)
    actual, keys = _actual(row, kind, lines, counter, until)
    planned, words = plan, formula["attained"]
    if kind and kind["paced"]:
        planned = _year_plan(row, plan, rows, month) if period.is_year else _month_plan(plan, month, today)
        words = formula["paced_year"] if period.is_year else formula["paced_month"]
    title = f"{period.name} {row.text('kind')}"
    if actual is None:
        unknown = Figure(title, None, "%", formula["attained"], "", said["unknown"])
        return Goal(row, period, row.text("kind"), plan, None, planned, unknown, unknown, None)
    return Goal(
        row, period, row.text("kind"), plan, actual, planned,
        ratio(title, formula["attained"], actual, plan, said["zero_plan"], keys),
        ratio(title, words, actual, planned, said["zero_plan"], keys), actual >= plan,
    )


def _month_plan(plan: Decimal, month: Span, today: dt.date) -> Decimal:
    """The share of a month's plan that its days gone by make."""
    gone, days = elapsed(month, today)
    return plan * gone / days


def _year_plan(row: Record, plan: Decimal, rows: Sequence[Record], month: Span) -> Decimal:
    """The plan of the year up to a month: the months' own plans where every one has one, else by twelfths."""
    same = ("kind", "customer_name", "item")
    months = to_date(month).months
    own = {
        other.text("period"): other["plan"] for other in rows
        if other.text("period") in months and all(other.text(name) == row.text(name) for name in same)
    }
    plans = [value for value in own.values() if isinstance(value, Decimal)]
    return sum(plans, _NOTHING) if len(plans) == len(months) else plan * len(months) / _YEAR


def _actual(
    row: Record, kind: dict[str, Any] | None, lines: Sequence[Line], counter: Counter, until: Span,
) -> tuple[Decimal | None, list[str]]:
    """What came of a goal so far, typed or worked out, with the rows it was worked out from."""
    typed = row["actual"]
    if isinstance(typed, Decimal):
        return typed, [row.key]
    if kind is None:
        return None, []
    customer, item = row.text("customer_name"), row.text("item")
    if kind["measure"] == "unit_value":
        priced = [event for event in counter.events("", until.months, customer, item) if event.amount is not None]
        total = sum((event.amount for event in priced if event.amount is not None), _NOTHING)
        return (total / len(priced), [event.key for event in priced]) if priced else (None, [])
    known = [
        line for line in lines
        if line.month in until.months and line.actual is not None and (not customer or line.customer == customer)
        and item in ("", line.item, line.item_class) and (line.key_item or kind["measure"] != "key")
    ]
    keys = [key for line in known for key in line.keys]
    if not known:
        return None, []
    if kind["measure"] == "customers":
        return Decimal(len({line.customer for line in known if line.actual})), keys
    return volume(known), keys


def worked(goal: Goal) -> str:
    """The plan to date with its numbers, for the sheet of formulas."""
    return f"至今计划 {plain(goal.planned)}；{goal.paced.working}"
