"""The forecast analysis as sheets of figures, as the table its paper prints, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.analytics.attainment import worked
from macros.analytics.counting import rules
from macros.analytics.figures import plain
from macros.analytics.forecast import is_hit
from macros.analytics.outlook import shown
from macros.records import as_cell
from macros.tables import records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from macros.analytics.attainment import Goal
    from macros.analytics.figures import Figure
    from macros.analytics.outlook import Outlook
    from macros.records import Cell, Record, Value
    from macros.workbooks.reports import Sheet

#: Rows named behind a figure; the others are counted.
_KEYS = 40
_Rows = list[list["Cell"]]


def sheets(made: Outlook) -> list[Sheet]:
    """The workbook's sheets in the order of ``rules/forecast.toml``."""
    built: dict[str, _Rows] = {
        "summary": [[each.title, each.shown, year, each.formula] for each, year in _pairs(made)],
        "items": _items(made), "goals": [_goal(goal) for goal in made.goals],
        "metrics": [
            [each.item, each.title, each.figure.shown, shown(each.standard), _met(each.met), each.figure.working]
            for each in made.metrics
        ],
        "misses": [
            [
                miss.line.month, miss.line.customer, miss.line.item, as_cell(miss.line.forecast),
                as_cell(miss.line.actual), miss.figure.shown, miss.side, miss.reason or rules()["words"]["ask"],
            ] for miss in made.misses
        ],
        "formulas": _formulas(made),
    }
    return [(spec, built[spec["name"]]) for spec in rules()["sheet"]]


def _pairs(made: Outlook) -> list[tuple[Figure, str]]:
    """The month's figures with the year's beside them; what the year alone has comes last."""
    years = {each.title: each for each in made.year.figures}
    pairs = [(each, years.pop(each.title).shown if each.title in years else "") for each in made.month.figures]
    return pairs + [(each._replace(value=None, words=""), each.shown) for each in years.values()]


def _items(made: Outlook) -> _Rows:
    return [
        [
            one.name, one.item_class, as_cell(one.forecast), as_cell(one.actual), one.accuracy.shown,
            as_cell(is_hit(one, made.standard)), as_cell(one.key_item),
        ] for one in made.month.accuracy.items
    ]


def _goal(goal: Goal) -> list[Cell]:
    return [
        goal.period.name, goal.kind, goal.record.text("customer_name"), goal.record.text("item"), as_cell(goal.plan),
        as_cell(goal.actual), goal.attained.shown, plain(goal.planned), goal.paced.shown, _met(goal.met),
    ]


def _met(met: bool | None) -> str:
    said = rules()["words"]
    return "" if met is None else str(said["met"] if met else said["missed"])


def _formulas(made: Outlook) -> _Rows:
    """Every figure with the numbers put in, so that it can be recounted by hand."""
    rows: _Rows = []
    for part in (made.month, made.year):
        figures = [*part.figures, *(one.accuracy for one in part.accuracy.items)]
        rows += [_formula(each, part.period.name) for each in figures]
    rows += [_formula(goal.attained, goal.period.name) for goal in made.goals]
    rows += [
        _formula(goal.paced, goal.period.name, worked(goal)) for goal in made.goals if goal.planned != goal.plan
    ]
    rows += [_formula(each.figure, made.month.period.name, item=each.item) for each in made.metrics]
    return rows + [_formula(miss.figure, miss.line.month, item=miss.line.customer) for miss in made.misses]


def _formula(each: Figure, period: str, working: str = "", item: str = "") -> list[Cell]:
    keys = list(dict.fromkeys(each.keys))
    named = "、".join(keys[:_KEYS]) + (f" 等{len(keys)}行" if len(keys) > _KEYS else "")
    title = f"{item} {each.title}" if item else each.title
    return [title, period, each.formula, working or each.working, each.shown, named]


def paper(made: Outlook, at: dt.datetime) -> dict[str, tuple[Record, ...]]:
    """The tables the paper prints: one page of key figures and the rows of its parts."""
    said, month = rules()["words"], made.month.period
    first = rules()["kind"][0]["title"]
    volume = next((goal for goal in made.goals if goal.period == month and goal.kind == first), None)
    page: dict[str, Value] = {
        "month": month.name, "period": month.title,
        "as_of": None if made.finished else said["unfinished"].format(day=at.date()),
        "total": made.month.accuracy.total.shown, "weighted": made.month.accuracy.weighted.shown,
        "hit": made.month.accuracy.hit.shown, "attained": volume.attained.shown if volume else said["zero_goals"],
        "limit": shown(made.limit), "standard": shown(made.standard),
    }
    lines: list[dict[str, Value]] = []

    def add(part: str, rows: list[dict[str, Value]]) -> None:
        lines.extend({"month": month.name, "part": part, "line_no": n, **row} for n, row in enumerate(rows, 1))

    add("summary", [
        {"title": each.title, "value": each.shown, "year": year, "words": each.formula} for each, year in _pairs(made)
    ])
    add("goals", [
        {
            "title": goal.kind, "about": _about(goal), "forecast": plain(goal.plan),
            "actual": "" if goal.actual is None else plain(goal.actual), "value": goal.attained.shown,
            "year": goal.paced.shown, "words": goal.period.title,
        } for goal in made.goals
    ])
    add("items", [
        {
            "title": one.name, "about": one.item_class, "forecast": plain(one.forecast), "actual": plain(one.actual),
            "value": one.accuracy.shown, "forecast_count": one.forecast, "actual_count": one.actual,
            "words": said["hit_yes" if is_hit(one, made.standard) else "hit_no"],
        } for one in made.month.accuracy.items
    ])
    add("metrics", [
        {
            "about": each.item, "title": each.title, "value": each.figure.shown, "forecast": shown(each.standard),
            "words": _met(each.met),
        } for each in made.metrics
    ])
    add("misses", [
        {
            "about": miss.line.customer, "title": miss.line.item, "forecast": plain(miss.line.forecast),
            "actual": "" if miss.line.actual is None else plain(miss.line.actual), "value": miss.figure.shown,
            "words": miss.reason or said["ask"],
        } for miss in made.misses
    ])
    return {"forecast_page": records("forecast_page", [page]), "forecast_line": records("forecast_line", lines)}


def _about(goal: Goal) -> str:
    parts = [part for part in (goal.record.text("customer_name"), goal.record.text("item")) if part]
    return " ".join(parts) or "全部"


def as_json(made: Outlook) -> Mapping[str, Any]:
    """What ``--json`` prints."""
    return {
        "month_figures": {each.title: _json(each) for each in made.month.figures},
        "year_figures": {each.title: _json(each) for each in made.year.figures},
        "items": {one.name: _json(one.accuracy) for one in made.month.accuracy.items},
        "goals": [
            {
                "goal": goal.title, "plan": str(goal.plan), "actual": None if goal.actual is None else str(goal.actual),
                "attained": _json(goal.attained), "paced": _json(goal.paced), "met": goal.met,
            } for goal in made.goals
        ],
        "metrics": [
            {"item": each.item, "metric": each.title, "met": each.met, **_json(each.figure)} for each in made.metrics
        ],
        "misses": [
            {"key": miss.line.record.key, "side": miss.side, "reason": miss.reason, **_json(miss.figure)}
            for miss in made.misses
        ],
    }


def _json(each: Figure) -> dict[str, Any]:
    return {"value": None if each.number is None else str(each.number), "shown": each.shown, "working": each.working}
