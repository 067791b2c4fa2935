"""What each indicator of an appraisal comes to, worked out from register rows that are kept with it."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.analytics.figures import Figure, accuracy, plain, ratio
from macros.data import toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from macros.analytics.sources import Sources

_NOTHING = Decimal(0)


@cache
def rules() -> dict[str, Any]:
    """Ways of counting, words and sheets, from ``rules/appraisal.toml``."""
    return toml(Path(__file__).parents[1] / "rules" / "appraisal.toml")


class Evidence(NamedTuple):
    """A row behind a figure: its number, what about it, when due and done, what it counts as, its amount."""

    key: str
    about: str = ""
    due: str = ""
    done: str = ""
    verdict: str = ""
    amount: Decimal | None = None


class Found(NamedTuple):
    """A figure and every row it rests on."""

    figure: Figure
    evidence: tuple[Evidence, ...]


def value(formula: str, sources: Sources, manager: str, number: str = "") -> Found:
    """What a way of counting comes to for a manager.

    Args:
        formula: a 计算口径 of the table 考核指标.
        sources: the register's rows of the period.
        manager: whose customers count; figures of scope ``city`` are the same for all.
        number: the indicator's number, for those that are scored by people.
    """
    spec = next(one for one in rules()["formula"] if one["title"] == formula)
    made = _MEASURES[spec["measure"]](spec, sources, "" if spec.get("scope") else manager, number)
    return Found(made.figure._replace(title=formula), made.evidence)


def _share(measure: str, over: Decimal, under: Decimal, evidence: Iterable[Evidence]) -> Found:
    rows = tuple(evidence)
    figure = ratio("", rules()["said"][measure], over, under, rules()["zero"][measure], [row.key for row in rows])
    return Found(figure, rows)


def _sum(measure: str, total: Decimal, working: str, evidence: Iterable[Evidence], words: str = "") -> Found:
    """A number that is no share; ``words`` say why there is none."""
    rows = tuple(evidence)
    unit = rules()["units"][measure]
    made = Figure("", None if words else total, unit, rules()["said"][measure], working, words, _keys(rows))
    return Found(made if words else made._replace(working=f"{working} ＝ {made.shown}"), rows)


def _keys(rows: Iterable[Evidence]) -> tuple[str, ...]:
    return tuple(row.key for row in rows)


def _ontime(spec: Mapping[str, Any], sources: Sources, manager: str, _: str) -> Found:
    said = rules()["words"]
    rows = [
        Evidence(
            item.key, f"{item.clock} {item.title}", moment(item.due), moment(item.closed_on),
            said["met" if stands == "met" else "late"],
        ) for item, stands in sources.judged(spec["clocks"], manager)
    ]
    met = [row for row in rows if row.verdict == said["met"]]
    return _share("ontime", Decimal(len(met)), Decimal(len(rows)), rows)


def _cases(spec: Mapping[str, Any], sources: Sources, manager: str, _: str) -> Found:
    said = rules()["words"]
    table, measure = spec["share"]
    share = sources.share(table, measure, manager)
    rows = [
        Evidence(case.key, case.cause, moment(case.asked), moment(case.ended), said["kept" if kept else "broken"])
        for kept, found in ((True, share.met), (False, share.missed)) for case in found
    ]
    return _share("share", Decimal(len(share.met)), Decimal(share.base), rows)


def _collected(spec: Mapping[str, Any], sources: Sources, _: str, __: str) -> Found:
    rows, over, under = [], _NOTHING, _NOTHING
    for each, due in sources.statements(spec["clocks"][0]):
        paid = min(each.received.amount, each.billed)
        over, under = over + paid, under + each.billed
        rows.append(Evidence(
            each.row.key, plain(each.billed), str(due), moment(each.received.last_on),
            rules()["words"]["met" if paid >= each.billed else "late"], each.received.amount,
        ))
    return _share("collected", over, under, rows)


def _leases(measure: str, pairs: Sequence[tuple[Any, bool]]) -> Found:
    said = rules()["words"]
    rows = [
        Evidence(row.key, row.text("site_name"), moment(row.date("ends_on")), "", said["kept" if kept else "broken"])
        for row, kept in pairs
    ]
    return _share(measure, Decimal(sum(kept for _, kept in pairs)), Decimal(len(pairs)), rows)


def _won(_: Mapping[str, Any], sources: Sources, manager: str, __: str) -> Found:
    rows = [Evidence(event.key, event.item_class, "", str(event.day), rules()["words"]["counted"])
            for event in sources.orders(manager)]
    return _sum("won", Decimal(len(rows)), str(len(rows)), rows)


def _revenue(_: Mapping[str, Any], sources: Sources, __: str, ___: str) -> Found:
    paid = sources.received()
    rows = [Evidence(row.key, row.text("operator"), "", str(on), rules()["words"]["counted"], amount)
            for row, on, amount in paid]
    total = sum((amount for _, _, amount in paid), _NOTHING)
    return _sum("revenue", total, " + ".join(plain(amount) for _, _, amount in paid), rows,
                "" if rows else rules()["zero"]["revenue"])


def _accuracy(_: Mapping[str, Any], sources: Sources, manager: str, __: str) -> Found:
    lines = sources.forecasts(manager)
    forecast = sum((line.forecast for line in lines), _NOTHING)
    actual = sum((line.actual for line in lines if line.actual is not None), _NOTHING)
    rows = tuple(
        Evidence(key, line.item, "", line.month, rules()["words"]["counted"], line.actual)
        for line in lines for key in line.keys[:1]
    )
    figure = accuracy("", rules()["said"]["accuracy"], forecast, actual, rules()["zero"]["accuracy"])
    return Found(figure._replace(keys=_keys(rows)), rows)


def _attained(_: Mapping[str, Any], sources: Sources, __: str, ___: str) -> Found:
    goals = [goal for goal in sources.goals(rules()["words"]["plan_kind"]) if goal.actual is not None]
    over = sum((goal.actual for goal in goals if goal.actual is not None), _NOTHING)
    under = sum((goal.plan for goal in goals), _NOTHING)
    rows = [Evidence(goal.record.key, goal.title, plain(goal.plan), "", "", goal.actual) for goal in goals]
    return _share("attained", over, under, rows)


def _grades(_: Mapping[str, Any], sources: Sources, manager: str, __: str) -> Found:
    found = sources.grid(manager)
    rows = tuple(
        Evidence(one.record.key, one.kind, moment(one.record.date("due_on")), "", one.state) for one in found.raises
    )
    figure = found.total.customers._replace(formula=rules()["said"]["grades"], keys=_keys(rows))
    return Found(figure._replace(words=figure.words and rules()["zero"]["grades"]), rows)


def _satisfied(_: Mapping[str, Any], sources: Sources, manager: str, __: str) -> Found:
    return _mean("satisfied", [
        Evidence(row.key, row.text("customer_name"), "", moment(row.date("answered_on")), row.text("dimension"), score)
        for row in sources.answers(manager) if isinstance(score := row["score"], Decimal)
    ])


def _scored(_: Mapping[str, Any], sources: Sources, manager: str, number: str) -> Found:
    return _mean("scored", [
        Evidence(row.key, row.text("reason"), "", moment(row.date("scored_on")), row.text("scorer"), score)
        for row in sources.scores(manager, number) if isinstance(score := row["score"], Decimal)
    ])


def _mean(measure: str, rows: Sequence[Evidence]) -> Found:
    amounts = [row.amount for row in rows if row.amount is not None]
    if not amounts:
        return _sum(measure, _NOTHING, "", rows, rules()["zero"][measure])
    total = sum(amounts, _NOTHING)
    working = f"({' + '.join(map(plain, amounts))}) ÷ {len(amounts)}"
    return _sum(measure, total / len(amounts), working, rows)


def moment(when: object) -> str:
    """A day, or a moment to the minute; empty for None."""
    text = "" if when is None else str(when)
    return text[:16]


_MEASURES: dict[str, Callable[[Mapping[str, Any], Any, str, str], Found]] = {
    "ontime": _ontime, "share": _cases, "collected": _collected, "won": _won, "revenue": _revenue,
    "renewed": lambda _, sources, manager, __: _leases("renewed", sources.ended(manager)),
    "kept": lambda _, sources, manager, __: _leases("kept", sources.running(manager)),
    "accuracy": _accuracy, "attained": _attained, "grades": _grades, "satisfied": _satisfied, "scored": _scored,
}
