"""How well demand was forecast: in all, by class, by product weighted by its forecast, and the large misses."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.analytics.counting import rules
from macros.analytics.figures import PERCENT, Figure, accuracy, plain, ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from macros.analytics.counting import Counter
    from macros.records import Record
    from macros.register import Register

_NOTHING = Decimal(0)


class Line(NamedTuple):
    """A row of 需求预测 with its actual, typed or counted; ``actual`` is None for a month still to come."""

    record: Record
    month: str
    customer: str
    item: str
    item_class: str
    key_item: bool
    forecast: Decimal
    actual: Decimal | None
    keys: tuple[str, ...]
    source: str


class Item(NamedTuple):
    """A product over all its rows: forecast, actual, accuracy."""

    name: str
    item_class: str
    key_item: bool
    forecast: Decimal
    actual: Decimal
    accuracy: Figure


class Accuracy(NamedTuple):
    """The readings of one period, each beside the other."""

    total: Figure
    classes: tuple[Figure, ...]
    weighted: Figure
    hit: Figure
    wmape: Figure
    items: tuple[Item, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Those of the summary, products left to their own list."""
        return (self.total, *self.classes, self.weighted, self.hit, self.wmape)


class Miss(NamedTuple):
    """A row whose forecast lies farther from the actual than the limit allows."""

    line: Line
    figure: Figure
    side: str
    reason: str


def lines(register: Register, counter: Counter, months: Iterable[str], last: str) -> list[Line]:
    """The forecasts of some months with their actuals; blank ones are counted, those after ``last`` stay unknown."""
    wanted, said = set(months), rules()["words"]
    found: list[Line] = []
    for row in register.rows("forecast"):
        month, forecast = row.text("month"), row["forecast"]
        if month not in wanted or not isinstance(forecast, Decimal) or row["item"] is None:
            continue  # the register's own check names the missing cell
        customer, item, actual = row.text("customer_name"), row.text("item"), row["actual"]
        keys: tuple[str, ...] = (row.key,)
        source = said["typed"]
        if actual is None and month <= last:
            title = row.text("counting") or rules()["default"]
            events = counter.events(title, [month], customer, item)
            actual, source = Decimal(len(events)), said["counted"].format(title=title)
            keys += tuple(event.key for event in events)
        found.append(Line(
            row, month, customer, item, row.text("item_class") or item, row["key_item"] is True, forecast,
            actual if isinstance(actual, Decimal) else None, keys, source,
        ))
    return found


def judged(rows: Sequence[Line], standard: Decimal) -> Accuracy:
    """All readings of the rows whose actual is known.

    Args:
        rows: forecasts with their actuals.
        standard: the accuracy from which on a product counts as hit, a share of one.
    """
    known = [line for line in rows if line.actual is not None]
    said = rules()["words"]
    held = items(known)
    names = dict.fromkeys(line.item_class for line in known)
    classes = tuple(
        _of(said["class"].format(name=name), [line for line in known if line.item_class == name]) for name in names
    )
    total, hits, errors = _of(said["total"], known), hit(held, standard), wmape(held)
    if not known:  # nothing forecast, or months to come
        why = said["unknown" if rows else "none"]
        total, hits, errors = (figure._replace(words=why) for figure in (total, hits, errors))
    return Accuracy(total, classes, weighted(held), hits, errors, tuple(held))


def items(known: Sequence[Line]) -> list[Item]:
    """The products in the order of their first rows, customers taken together."""
    found: list[Item] = []
    for name in dict.fromkeys(line.item for line in known):
        mine = [line for line in known if line.item == name]
        found.append(Item(
            name, mine[0].item_class, any(line.key_item for line in mine), _sum(mine, lambda line: line.forecast),
            _sum(mine, lambda line: line.actual), _of(rules()["words"]["item"].format(name=name), mine),
        ))
    return found


def weighted(held: Sequence[Item]) -> Figure:
    """The mean of the products' accuracies, each weighted by its FORECAST; a product without actuals has none."""
    said = rules()["words"]
    counted = [(one, one.accuracy.value) for one in held if one.accuracy.value is not None]
    silent = [one.name for one in held if one.accuracy.value is None and one.forecast]
    over = sum((one.forecast * value for one, value in counted), _NOTHING)
    under = sum((one.forecast for one, _ in counted), _NOTHING)
    left = said["left_out"].format(count=len(silent), names="、".join(silent)) if silent else ""
    parts = " + ".join(f"{plain(one.forecast)} × {one.accuracy.shown}" for one, _ in counted)
    formula = rules()["formula"]["weighted"]
    if not under:
        return Figure(said["weighted"], None, PERCENT, formula, parts + left, said["zero_weight"])
    made = Figure(said["weighted"], over / under, PERCENT, formula, "")
    return made._replace(working=f"({parts}) ÷ {plain(under)} ＝ {made.shown}{left}")


def hit(held: Sequence[Item], standard: Decimal) -> Figure:
    """The other reading: products that met the standard ÷ products forecast; foretelling zero rightly is a hit."""
    met = [one for one in held if is_hit(one, standard)]
    formula = rules()["formula"]["hit"].format(standard=Figure("", standard, PERCENT, "", "").shown)
    said = rules()["words"]
    return ratio(
        said["hit"], formula, Decimal(len(met)), Decimal(len(held)), said["none"], [one.name for one in met]
    )


def is_hit(one: Item, standard: Decimal) -> bool:
    """Whether a product's forecast met the standard."""
    if one.accuracy.value is None:
        return one.forecast == one.actual
    return one.accuracy.value >= standard


def wmape(held: Sequence[Item]) -> Figure:
    """The products' absolute errors over their ACTUALS: another base than the weighted accuracy has."""
    said = rules()["words"]
    errors = sum((abs(one.forecast - one.actual) for one in held), _NOTHING)
    actual = sum((one.actual for one in held), _NOTHING)
    return ratio(said["wmape"], rules()["formula"]["wmape"], errors, actual, said["zero_total"])


def misses(rows: Iterable[Line], limit: Decimal) -> list[Miss]:
    """The rows that miss by more than ``limit``, a share of the actual; any forecast misses an actual of zero."""
    said = rules()["words"]
    found: list[Miss] = []
    for line in rows:
        if line.actual is None or line.forecast == line.actual:
            continue
        figure = ratio(
            line.item, rules()["formula"]["miss"], abs(line.forecast - line.actual), line.actual, said["zero_actual"],
            line.keys,
        )
        if figure.value is None or figure.value > limit:
            side = said["over"] if line.forecast > line.actual else said["under"]
            found.append(Miss(line, figure, side, line.record.text("reason")))
    return found


def _of(title: str, known: Sequence[Line]) -> Figure:
    """The accuracy of rows taken together."""
    said = rules()["words"]
    forecast, actual = _sum(known, lambda line: line.forecast), _sum(known, lambda line: line.actual)
    zero = said["none"] if not known else said["zero_actual"] if forecast else said["zero_both"]
    made = accuracy(title, rules()["formula"]["total"], forecast, actual, zero)
    return made._replace(keys=tuple(key for line in known for key in line.keys))


def _sum(rows: Iterable[Line], column: Callable[[Line], Decimal | None]) -> Decimal:
    return sum((value for line in rows if (value := column(line)) is not None), _NOTHING)
