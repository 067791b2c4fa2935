"""An appraisal as sheets of figures: ranking, scores, formulas with their numbers, evidence, clocks, satisfaction."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from macros.analytics import ontime
from macros.analytics.figures import PERCENT, Figure, plain, ratio
from macros.analytics.indicators import rules
from macros.clocks.rules import words as clock_words
from macros.records import as_cell
from macros.values import round_half_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.analytics.appraisal import Card
    from macros.analytics.grades import Grid
    from macros.analytics.sources import Sources
    from macros.records import Cell, Record
    from macros.workbooks.reports import Sheet

_Rows = list[list["Cell"]]


def sheets(held: Sequence[Card], sources: Sources, managers: Sequence[str]) -> list[Sheet]:
    """The workbook's sheets in the order of ``rules/appraisal.toml``."""
    grid = sources.grid("")
    built: dict[str, _Rows] = {
        "ranking": _ranking(held), "scores": _scores(held), "formulas": _formulas(held), "evidence": _evidence(held),
        "clocks": _clocks(sources, managers), "survey": _survey(sources), "grades": _grades(grid),
        "raises": [
            [each.kind, each.customers.shown, each.customers.working, each.pairs.shown, each.pairs.working]
            for each in (*grid.attained, grid.total)
        ],
    }
    items = _items(grid)
    built["grid"] = _grid(grid, items)
    return [(_columns(spec, items) if "each" in spec else spec, built[spec["name"]]) for spec in rules()["sheet"]]


def shown(number: Decimal | None, blank: str = "") -> str:
    """A number as printed; ``blank`` where there is none."""
    return blank if number is None else plain(number)


def _ranking(held: Sequence[Card]) -> _Rows:
    ordered = sorted(held, key=lambda card: (card.rank is None, card.rank or 0))
    return [
        [
            card.manager, _rounded(card.converted), _rounded(card.total), _rounded(card.scorable), card.grade,
            str(card.rank or rules()["words"]["no_rank"]),
        ] for card in ordered
    ]


def _rounded(number: Decimal | None) -> Cell:
    return None if number is None else as_cell(round_half_up(number))


def _scores(held: Sequence[Card]) -> _Rows:
    return [
        [
            card.manager, one.indicator.key, one.indicator.text("title"), one.found.figure.shown,
            _text(one.indicator, "target"), _text(one.indicator, "threshold"), shown(one.weight), shown(one.score),
            shown(one.weighted), one.words,
        ] for card in held for one in card.scores
    ]


def _text(row: Record, name: str) -> str:
    number = row[name]
    return plain(number) if isinstance(number, Decimal) else ""


def _formulas(held: Sequence[Card]) -> _Rows:
    said = rules()["words"]
    rows: _Rows = []
    for card in held:
        rows += [
            [
                card.manager, one.indicator.text("title"), one.found.figure.formula, one.found.figure.working,
                one.found.figure.shown, one.words, one.weighing,
            ] for one in card.scores
        ]
        if card.total is not None and card.converted is not None:
            parts = " + ".join(plain(one.weighted) for one in card.scores if one.weighted is not None)
            sums = said["converted"].format(total=plain(card.total), scorable=plain(card.scorable))
            rows.append([
                card.manager, said["total"], "", f"{parts} ＝ {plain(card.total)}", plain(card.converted),
                f"{sums} ＝ {plain(card.converted)}", said["partial"].format(scorable=plain(card.scorable)),
            ])
    return rows


def _evidence(held: Sequence[Card]) -> _Rows:
    return [
        [card.manager, one.indicator.text("title"), row.key, row.about, row.due, row.done, row.verdict,
         None if row.amount is None else as_cell(row.amount)]
        for card in held for one in card.scores for row in one.found.evidence
    ]


def _clocks(sources: Sources, managers: Sequence[str]) -> _Rows:
    """Hard clocks of each manager with their total, the others below, which count nowhere."""
    settings = sources.register.settings
    rows: _Rows = []
    for manager in managers:
        found = ontime.rates(sources.items_of(manager), sources.period.first, sources.period.last, settings)
        hard = ontime.hard(found)
        rows += [_clock(manager, rate) for rate in hard]
        rows += [_clock(manager, ontime.total(found))] if hard else []
        rows += [_clock(manager, rate) for rate in found.values() if not rate.counts]
    return rows


def _clock(manager: str, rate: ontime.Rate) -> list[Cell]:
    said = rules()["words"]
    return [
        manager, rate.clock, rate.title, clock_words()["kinds"][rate.kind], rate.clause, rate.met, rate.late, rate.open,
        rate.waiting, shown_rate(rate), said["counted" if rate.counts else "apart"],
    ]


def shown_rate(rate: ontime.Rate) -> str:
    """A rate as a percentage, or in words that nothing was judged."""
    return Figure("", rate.rate, PERCENT, "", "", rules()["zero"]["ontime"]).shown


def _survey(sources: Sources) -> _Rows:
    """Each half-year: all questionnaires, by dimension, by customer."""
    said = rules()["words"]
    rows: _Rows = []
    asked = sources.surveyed()
    for half in sorted({row.text("half") for row in asked}):
        mine = [row for row in asked if row.text("half") == half]
        rows.append(_answered(half, said["all"], mine))
        for column in ("dimension", "customer_name"):
            for name in dict.fromkeys(row.text(column) for row in mine):
                rows.append(_answered(half, name, [row for row in mine if row.text(column) == name]))
    return rows


def _answered(half: str, about: str, mine: Sequence[Record]) -> list[Cell]:
    said = rules()["words"]
    scores = [score for row in mine if isinstance(score := row["score"], Decimal)]
    returned = ratio("", said["returned_formula"], Decimal(len(scores)), Decimal(len(mine)), said["none_sent"])
    mean = plain(sum(scores, Decimal(0)) / len(scores)) if scores else rules()["zero"]["satisfied"]
    return [half, about, len(mine), len(scores), returned.shown, mean]


def _grades(grid: Grid) -> _Rows:
    from macros.analytics.grades import rules as grade_rules

    said = grade_rules()["words"]
    rows: _Rows = [
        [
            one.customer, one.item, one.kind, one.measure, one.record.date("due_on"), as_cell(one.record["own_result"]),
            as_cell(one.record["superior_result"]), one.state,
        ] for one in grid.raises
    ]
    for word, found in (("dropped", grid.dropped), ("unplanned", grid.unplanned), ("idle", grid.idle)):
        rows += [
            [
                row.text("customer_name"), row.text("item"), _moved(row), row.text("measure"), None, None, None,
                said[word],
            ] for row in found
        ]
    return rows


def _columns(spec: dict[str, Any], items: Sequence[str]) -> dict[str, Any]:
    """A sheet with a column for each service item."""
    columns = [{"name": f"i{n}", "title": item, **spec["each"]} for n, item in enumerate(items)]
    return {**spec, "columns": [spec["first"], *columns]}


def _items(grid: Grid) -> list[str]:
    """The service items in their order, those of the user's own after them."""
    from macros.analytics.grades import rules as grade_rules

    own = (row.text("item") for row in grid.rows)
    return list(dict.fromkeys([*(str(one["title"]) for one in grade_rules()["item"]), *own]))


def _grid(grid: Grid, items: Sequence[str]) -> _Rows:
    """Customers down, items across: the grade, or the raise planned and what became of it."""
    said = rules()["words"]
    states = {True: said["grid_met"], False: said["grid_missed"], None: said["grid_open"]}
    marks = {(row.text("customer_name"), row.text("item")): _moved(row) for row in grid.rows}
    marks |= {(one.customer, one.item): states[one.reached].format(kind=one.kind) for one in grid.raises}
    customers = dict.fromkeys(row.text("customer_name") for row in grid.rows)
    return [[who, *(marks.get((who, item), "") for item in items)] for who in customers]


def _moved(row: Record) -> str:
    from macros.analytics.grades import rules as grade_rules

    end = row.text("reached")
    return f"{row.text('grade')}{grade_rules()['arrow']}{end}" if end else row.text("grade")


def as_json(held: Sequence[Card]) -> list[dict[str, Any]]:
    """What ``--json`` prints of each manager."""
    return [
        {
            "manager": card.manager, "total": _number(card.total), "scorable": _number(card.scorable),
            "converted": _number(card.converted), "grade": card.grade, "rank": card.rank,
            "indicators": [
                {
                    "no": one.indicator.key, "title": one.indicator.text("title"), "value": one.found.figure.shown,
                    "working": one.found.figure.working, "score": _number(one.score), "weight": _number(one.weight),
                    "weighted": _number(one.weighted), "words": one.words,
                    "keys": [row.key for row in one.found.evidence],
                } for one in card.scores
            ],
        } for card in held
    ]


def _number(number: Decimal | None) -> str | None:
    return None if number is None else str(round_half_up(number))
