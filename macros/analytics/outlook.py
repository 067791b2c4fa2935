"""A month's forecast analysis put together: the month and the year to date, each figure with its formula."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.analytics import attainment, forecast, uptake
from macros.analytics.counting import Counter, rules
from macros.analytics.spans import Span, a_year_before, span, to_date
from macros.findings import about, finding
from macros.register import default_settings
from macros.values import Unreadable, read_rate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from macros.analytics.attainment import Goal
    from macros.analytics.figures import Figure
    from macros.analytics.forecast import Accuracy, Line, Miss
    from macros.analytics.uptake import Metric
    from macros.findings import Finding
    from macros.register import Register


class Part(NamedTuple):
    """The figures of the month or of the year to date."""

    period: Span
    lines: tuple[Line, ...]
    accuracy: Accuracy
    growth: tuple[Figure, ...]
    concentration: tuple[Figure, ...]
    success: Figure

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All of the summary, in its order."""
        return (*self.accuracy.figures, *self.growth, *self.concentration, self.success)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the forecast report says of a month; ``limit`` and ``standard`` are shares of one."""

    month: Part
    year: Part
    goals: tuple[Goal, ...]
    misses: tuple[Miss, ...]
    metrics: tuple[Metric, ...]
    limit: Decimal
    standard: Decimal
    finished: bool
    findings: tuple[Finding, ...]


def outlook(register: Register, month: Span, today: dt.date) -> Outlook:
    """Work out a month and its year to date as they stand at the end of ``today``."""
    findings: list[Finding] = []
    limit, standard = (share(register, rules()["settings"][name], findings) for name in ("miss", "standard"))
    counter, last = Counter(register, today), f"{min(month.last, today):%Y-%m}"
    until = to_date(month)
    year = forecast.lines(register, counter, until.months, last)
    mine = [line for line in year if line.month == month.name]
    goals = attainment.goals(register, year, counter, month, today)
    misses = forecast.misses(mine, limit)
    if not mine:
        findings.append(finding("KPI001", month=month.name))
    findings += [
        about(miss.line.record, "reason", "KPI002", limit=shown(limit), value=miss.line.forecast,
              actual=miss.line.actual, miss=miss.figure.shown)
        for miss in misses if not miss.reason
    ]
    window = forecast.lines(register, counter, uptake.window(month), last)
    wanted = list(dict.fromkeys((line.item, line.item_class) for line in mine if line.key_item))
    monthly = [goal for goal in goals if not goal.period.is_year]
    return Outlook(
        _part(register, counter, month, mine, monthly, standard, last),
        _part(register, counter, until, year, _to_date(register, counter, year, until, today), standard, last),
        tuple(goals), tuple(misses), tuple(uptake.metrics(register, counter, window, wanted, month)), limit, standard,
        today >= month.last, tuple(findings),
    )


def _part(
    register: Register, counter: Counter, period: Span, lines: Sequence[Line], goals: Sequence[Goal],
    standard: Decimal, last: str,
) -> Part:
    said = rules()["words"]
    known = [line for line in lines if line.actual is not None]
    before = _before(register, counter, known, a_year_before(period), last)
    names = dict.fromkeys(line.item_class for line in known)
    growth = [attainment.growth(said["all"], known, before)]
    growth += [
        attainment.growth(
            name, [line for line in known if line.item_class == name],
            [line for line in before if line.item_class == name],
        ) for name in names
    ]
    return Part(
        period, tuple(lines), forecast.judged(lines, standard), tuple(growth),
        tuple(attainment.concentration(known)), attainment.success(goals, said["success"]),
    )


def _to_date(register: Register, counter: Counter, year: Sequence[Line], until: Span, today: dt.date) -> list[Goal]:
    """The goals of every month of the year to date; the year's own is judged when it is over."""
    months = [found for name in until.months if (found := span(name))]
    goals = [goal for month in months for goal in attainment.goals(register, year, counter, month, today)]
    return [goal for goal in goals if not goal.period.is_year]


def _before(
    register: Register, counter: Counter, known: Sequence[Line], period: Span, last: str,
) -> list[Line]:
    """The same period a year earlier: its rows of 需求预测; where it has none, what the register counts for ours."""
    rows = forecast.lines(register, counter, period.months, last)
    if rows:
        return rows
    found: list[Line] = []
    for line in known:
        month = f"{int(line.month[:4]) - 1}{line.month[4:]}"
        title = line.record.text("counting") or rules()["default"]
        keys = tuple(event.key for event in counter.events(title, [month], line.customer, line.item))
        source = rules()["words"]["counted"].format(title=title)
        found.append(line._replace(month=month, actual=Decimal(len(keys)), keys=keys, source=source))
    return found


def share(register: Register, name: str, findings: list[Finding]) -> Decimal:
    """A setting that is a percentage; one that cannot be read is told and its default taken."""
    default = read_rate(default_settings()[name])
    assert default is not None
    try:
        value = read_rate(register.settings[name])
    except Unreadable:
        value = None
    if value is None or not 0 <= value <= 1:
        findings.append(finding("KPI003", name=name, value=register.settings[name], taken=shown(default)))
        return default
    return value


def shown(value: Decimal) -> str:
    """A share as a percentage."""
    from macros.analytics.figures import PERCENT, Figure

    return Figure("", value, PERCENT, "", "").shown
