"""An appraisal as the tables its papers print: a page for each manager, a grid of service grades for each customer."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from macros.analytics import ontime
from macros.analytics.figures import plain
from macros.analytics.grades import grid, standard
from macros.analytics.grades import rules as grade_rules
from macros.analytics.indicators import rules, value
from macros.analytics.spans import month_of
from macros.commands.reports.kpi_sheets import shown, shown_rate
from macros.periods import add_months
from macros.tables import records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.analytics.appraisal import Card, Score
    from macros.analytics.sources import Sources
    from macros.records import Record, Value

PAGE, VALUES, GRADES = "kpi", "kpi-values", "service-grades"
_Row = dict[str, "Value"]


def kpi(held: Sequence[Card], ranked: int, sources: Sources) -> Mapping[str, tuple[Record, ...]]:
    """The pages of some managers and the lines on them."""
    pages: list[_Row] = []
    lines: list[_Row] = []
    for card in held:
        pages.append(_page(card, ranked, sources))
        whose: _Row = {"period": sources.period.name, "manager": card.manager}
        scored = [one for one in card.scores if one.weight is not None] or list(card.scores)
        lines += [{**whose, "part": "score", "line_no": n, **_line(one)} for n, one in enumerate(scored, 1)]
        lines += [
            {**whose, "part": "chart", "line_no": n, **_line(one)} for n, (_, one) in enumerate(_lost(card), 1)
        ]
        lines += [
            {**whose, "part": "trend", "line_no": n, "title": month, "rate": rate}
            for n, (month, rate) in enumerate(_trend(card.manager, sources), 1)
        ]
    return {"kpi_page": records("kpi_page", pages), "kpi_line": records("kpi_line", lines)}


def _page(card: Card, ranked: int, sources: Sources) -> _Row:
    said, period = rules()["words"], sources.period
    weighed = [one for one in card.scores if one.weight is not None]
    silent = len(card.scores) - len(weighed)
    notes = [said["no_weights"]] if not weighed else []
    notes += [said["others"].format(count=silent)] if weighed and silent else []
    if card.total is not None and card.scorable != said["hundred"]:
        notes.append(said["partial"].format(scorable=plain(card.scorable)))
    blocked = [one.words for one in weighed if one.weighted is None]
    notes += blocked[:1] if card.total is None else []
    raises = grid([row for row in sources.register.rows("grade") if sources.manager_of(row) == card.manager], period)
    none = said["summary_none"]
    return {
        "period": period.name, "manager": card.manager, "period_title": period.title,
        "as_of": said["as_of"].format(day=sources.last) if sources.last < period.last else None,
        "total": shown(card.total, none), "scorable": shown(card.scorable), "converted": shown(card.converted, none),
        "grade": card.grade or none,
        "rank": said["rank_of"].format(rank=card.rank, count=ranked) if card.rank else none,
        "ontime": shown_rate(_rate(card.manager, sources)), "losses": _losses(card), "others": "；".join(notes) or None,
        "raises": raises.total.customers.shown,
        "satisfaction": value(said["survey"], sources, card.manager).figure.shown,
    }


def _rate(manager: str, sources: Sources) -> ontime.Rate:
    """All hard clocks of a manager over the period."""
    mine = sources.items_of(manager)
    found = ontime.rates(mine, sources.period.first, sources.period.last, sources.register.settings)
    return ontime.total(found)


def _trend(manager: str, sources: Sources) -> list[tuple[str, Decimal | None]]:
    """The on-time rate of hard clocks in each of the months up to the last one known."""
    mine = sources.items_of(manager)
    found: list[tuple[str, Decimal | None]] = []
    for back in reversed(range(rules()["page"]["trend"])):
        month = month_of(add_months(sources.last.replace(day=1), -back))
        rate = ontime.total(ontime.rates(mine, month.first, month.last, sources.register.settings))
        found.append((month.name, rate.rate))
    return found


def _losses(card: Card) -> str | None:
    """The indicators that lost most, in words; None where nothing was scored."""
    said = rules()["words"]
    if card.total is None:
        return None
    worst = [(gap, one) for gap, one in _lost(card) if gap][: rules()["page"]["losses"]]
    names = "、".join(said["loss"].format(title=one.indicator.text("title"), lost=plain(gap)) for gap, one in worst)
    return str(said["losses"].format(names=names) if names else said["no_loss"])


def _lost(card: Card) -> list[tuple[Decimal, Score]]:
    """The indicators that were scored with what each lost, most first."""
    lost = [
        (one.weight - one.weighted, one) for one in card.scores if one.weight is not None and one.weighted is not None
    ]
    return sorted(lost, key=lambda pair: -pair[0])


def _line(one: Score) -> _Row:
    row = one.indicator
    target, threshold = row["target"], row["threshold"]
    return {
        "title": row.text("title"), "kind": row.text("kind"), "value": one.found.figure.shown,
        "target": plain(target) if isinstance(target, Decimal) else None,
        "threshold": plain(threshold) if isinstance(threshold, Decimal) else None, "weight": shown(one.weight) or None,
        "score": shown(one.score) or None, "weighted": shown(one.weighted) or None,
        "evidence": len(one.found.evidence), "rate": None if one.score is None else one.score / one.full,
        "words": one.words,
    }


def grades(sources: Sources) -> Mapping[str, tuple[Record, ...]]:
    """The grid of each customer that has rows in the period."""
    held = sources.grid("").rows
    pages: list[_Row] = []
    lines: list[_Row] = []
    for name in dict.fromkeys(row.text("customer_name") for row in held):
        mine = [row for row in held if row.text("customer_name") == name]
        found = grid(mine, sources.period)
        by_kind = [each.pairs.shown for each in found.attained]
        whose: _Row = {"period": sources.period.name, "customer_name": name}
        pages.append({
            **whose, "period_title": sources.period.title, "manager": sources.manager_of(mine[0]),
            "up_cb": by_kind[0], "up_ba": by_kind[1], "up_ca": by_kind[2], "up_all": found.total.pairs.shown,
            "dropped": _names(found.dropped), "unplanned": _names(found.unplanned),
        })
        order = {one["title"]: place for place, one in enumerate(grade_rules()["item"])}
        ordered = sorted(mine, key=lambda row: order.get(row.text("item"), len(order)))
        measures = {one.record.place.row: one.measure for one in found.raises}
        lines += [
            {
                **whose, "line_no": n, "item": row.text("item"), "grade": row.text("grade"),
                "standard": standard(row.text("item"), row.text("grade")) or None, "target": row["target"],
                "measure": measures.get(row.place.row), "due": str(row.date("due_on") or "") or None,
                "own": _mark(row["own_result"]), "superior": _mark(row["superior_result"]), "reached": row["reached"],
            } for n, row in enumerate(ordered, 1)
        ]
    return {"grade_page": records("grade_page", pages), "grade_line": records("grade_line", lines)}


def _names(rows: Sequence[Record]) -> str | None:
    return "、".join(row.text("item") for row in rows) or None


def _mark(answer: Value) -> str | None:
    return None if answer is None else "Y" if answer is True else "N"
