"""Seven measures of a product over the last months: who uses it, where, how often, how much of its class."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.analytics.attainment import volume
from macros.analytics.counting import rules
from macros.analytics.figures import Figure, ratio
from macros.periods import add_months

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.analytics.counting import Counter
    from macros.analytics.forecast import Line
    from macros.analytics.spans import Span
    from macros.records import Record
    from macros.register import Register


class Metric(NamedTuple):
    """One measure of one product beside the standard it should reach; ``met`` is None where there is no figure."""

    item: str
    title: str
    figure: Figure
    standard: Decimal

    @property
    def met(self) -> bool | None:
        """Whether it reaches the standard."""
        return None if self.figure.value is None else self.figure.value >= self.standard


class Use(NamedTuple):
    """That a customer had a product in a month, with the row that says so."""

    customer: str
    month: str
    key: str


#: What is counted above and below the line, with the rows above it.
_Parts = tuple[Decimal, Decimal, list[str]]


def window(month: Span) -> list[str]:
    """The months the measures look at, the reported one last."""
    count = rules()["window"]["months"]
    return [f"{add_months(month.first, -back):%Y-%m}" for back in reversed(range(count))]


def metrics(
    register: Register, counter: Counter, lines: Sequence[Line], wanted: Sequence[tuple[str, str]], month: Span,
) -> list[Metric]:
    """The seven measures of each product over the months of the window.

    A customer uses a product in a month in which a row of the register counts for it, or 需求预测 has an actual.

    Args:
        register: the tables.
        counter: what the register counts.
        lines: the forecasts of the window's months with their actuals.
        wanted: products with their class.
        month: the reported month.
    """
    months = window(month)
    customers = [row for row in register.rows("customer") if row.key]
    made: list[Metric] = []
    for item, item_class in wanted:
        mine = [line for line in lines if line.item == item]
        peers = [line for line in lines if line.item_class == item_class]
        uses = [Use(event.customer, f"{event.day:%Y-%m}", event.key) for event in counter.events("", months, "", item)]
        uses += [Use(line.customer, line.month, line.record.key) for line in mine if line.actual]
        pairs = [
            len(counter.events(rules()["converted"][side], months, "", item_class)) for side in ("over", "under")
        ]
        for spec in rules()["metric"]:
            match spec["measure"]:
                case "share":
                    parts = volume(mine), volume(peers), [line.record.key for line in mine]
                case "converted":
                    parts = Decimal(pairs[0]), Decimal(pairs[1]), []
                case measure:
                    parts = _parts(measure, uses, months, customers)
            made.append(_metric(spec, item, parts))
    return made


def _metric(spec: Mapping[str, object], item: str, parts: _Parts) -> Metric:
    over, under, keys = parts
    said = rules()["words"]
    formula = str(spec["formula"]).format(months=rules()["window"]["months"])
    zero = said["zero_base"].format(what=said[str(spec["measure"])])
    figure = ratio(str(spec["title"]), formula, over, under, zero, dict.fromkeys(keys))
    return Metric(item, str(spec["title"]), figure, Decimal(str(spec["standard"])))


def _parts(measure: str, uses: Sequence[Use], months: Sequence[str], customers: Sequence[Record]) -> _Parts:
    """The two numbers of a measure of users and the rows behind the upper one."""
    users = dict.fromkeys(use.customer for use in uses)
    over: list[str]
    match measure:
        case "customers" | "key_customers":
            base = [row.key for row in customers if measure == "customers" or row["key_account"] is True]
            over = [who for who in base if who in users]
        case "counties":
            where = {row.key: row.text("county") for row in customers}
            base = list(dict.fromkeys(county for county in where.values() if county))
            over = [county for county in base if any(where.get(who) == county for who in users)]
        case "repeated":
            base = list(users)
            over = [who for who in base if len({use.month for use in uses if use.customer == who}) > 1]
        case "months":
            base = list(months)
            over = [month for month in base if any(use.month == month for use in uses)]
        case _:
            raise KeyError(measure)
    return Decimal(len(over)), Decimal(len(base)), [use.key for use in uses]
