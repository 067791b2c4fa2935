"""Scores managers by the user's own indicators, weights and targets; without weights nothing is scored."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from macros.analytics.figures import PERCENT, plain
from macros.analytics.indicators import Found, rules, value
from macros.delivered import delivered
from macros.findings import about, finding
from macros.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.analytics.sources import Sources
    from macros.analytics.spans import Span
    from macros.findings import Finding
    from macros.records import Record
    from macros.register import Register

_NOTHING = Decimal(0)
_LEVEL = pattern(r"([^0-9、，,]+?)\s*([0-9]+(?:\.[0-9]+)?)")
_APART = "、"


class Scheme(NamedTuple):
    """The indicators of a period; ``sound`` when the weights sum to 100, ``levels`` from high to low."""

    indicators: tuple[Record, ...]
    weight: Decimal
    sound: bool
    levels: tuple[tuple[str, Decimal], ...]
    findings: tuple[Finding, ...]


class Score(NamedTuple):
    """One indicator of one manager: what it came to and what it is worth; None where it is not scored, in words why."""

    indicator: Record
    found: Found
    score: Decimal | None
    full: Decimal
    weight: Decimal | None
    weighted: Decimal | None
    words: str
    weighing: str


class Card(NamedTuple):
    """A manager's scores. ``converted`` is the total over the weights that could be scored, out of 100."""

    manager: str
    scores: tuple[Score, ...]
    total: Decimal | None
    scorable: Decimal
    converted: Decimal | None
    grade: str
    rank: int | None


def scheme(register: Register, period: Span) -> Scheme:
    """The user's indicators for a period: those of its cycle, as delivered where the register has none."""
    findings: list[Finding] = []
    rows = [row for row in register.rows("indicator") if row.key]
    if not rows:
        rows = delivered("indicator")
        findings.append(finding("KPI017"))
    said = rules()["words"]
    cycles = said["yearly" if period.is_year else "quarterly"]
    mine = [row for row in rows if row.text("cycle") in cycles]
    weights = [weight for row in mine if (weight := _weight(row)) is not None]
    total = sum(weights, _NOTHING)
    sound = total == said["hundred"]
    if not weights:
        findings.append(finding("KPI011", period=period.title))
    elif not sound:
        findings.append(finding("KPI010", period=period.title, value=plain(total)))
    for row in mine:
        findings += _wrong(row)
    levels, wrong = _levels(register)
    return Scheme(tuple(mine), total, sound, levels, (*findings, *wrong))


def cards(plan: Scheme, sources: Sources, managers: Sequence[str]) -> list[Card]:
    """The managers' cards in the order given, each with its rank among them."""
    made = [_card(plan, sources, manager) for manager in managers]
    ranks = ranking({card.manager: card.converted for card in made})
    return [card._replace(rank=ranks.get(card.manager)) for card in made]


def ranking(scores: Mapping[str, Decimal | None]) -> dict[str, int]:
    """Ranks by score, high first; equal scores share a rank, and those without a score have none."""
    known = {name: score for name, score in scores.items() if score is not None}
    return {name: 1 + sum(other > score for other in known.values()) for name, score in known.items()}


def points(
    reached: Decimal, target: Decimal, threshold: Decimal | None, full: Decimal, *, lower: bool,
) -> tuple[Decimal, str]:
    """The score of a value, with its arithmetic.

    The target and what is better is worth ``full``, the threshold and what is worse nothing, in between in
    proportion. Without a threshold: in proportion to the target from zero on, or, where lower is better, nothing
    beyond the target.

    Args:
        reached: the value, a share in percent.
        target: what is worth full marks.
        threshold: what is worth nothing.
        full: full marks.
        lower: whether less is better.
    """
    said = rules()["words"]
    names = {"value": plain(reached), "target": plain(target), "full": plain(full)}
    if reached <= target if lower else reached >= target:
        return full, said["at_target"].format(**names)
    if threshold is None and lower:
        return _NOTHING, said["below_target"].format(**names)
    base = _NOTHING if threshold is None else threshold
    names["threshold"] = plain(base)
    if reached >= base if lower else reached <= base:
        return _NOTHING, said["at_threshold"].format(**names)
    score = (reached - base) / (target - base) * full
    return score, f"{said['between'].format(**names)} ＝ {plain(score)}"


def _card(plan: Scheme, sources: Sources, manager: str) -> Card:
    scores = tuple(_score(row, plan, sources, manager) for row in plan.indicators)
    scored = [one for one in scores if one.weighted is not None]
    if not scored:
        return Card(manager, scores, None, _NOTHING, None, "", None)
    total = sum((one.weighted for one in scored if one.weighted is not None), _NOTHING)
    scorable = sum((one.weight for one in scored if one.weight is not None), _NOTHING)
    converted = total / scorable * rules()["words"]["hundred"]
    return Card(manager, scores, total, scorable, converted, level(plan.levels, converted), None)


def level(levels: Sequence[tuple[str, Decimal]], score: Decimal) -> str:
    """The first level whose threshold the score reaches; in words that none is set."""
    if not levels:
        return str(rules()["words"]["no_grade"])
    return next((name for name, least in levels if score >= least), "")


def _score(row: Record, plan: Scheme, sources: Sources, manager: str) -> Score:
    said = rules()["words"]
    weight, full = _weight(row), _number(row, "full") or Decimal(said["full"])
    found = value(_formula(row), sources, manager, row.key)
    blank = Score(row, found, None, full, weight, None, said["no_weight"], "")
    if weight is None:
        return blank
    if not plan.sound:
        return blank._replace(words=said["blocked"].format(sum=plain(plan.weight)))
    if found.figure.value is None:
        return blank._replace(words=said["no_value"].format(why=found.figure.words))
    if not _quantitative(row):
        score, words = found.figure.value, said["direct"].format(value=found.figure.shown, full=plain(full))
    elif _target(row) is None or _wrong(row):
        return blank._replace(words=said["no_target"])
    else:
        reached = found.figure.value * said["hundred"] if found.figure.unit == PERCENT else found.figure.value
        target = _target(row) or _NOTHING
        score, words = points(reached, target, _number(row, "threshold"), full, lower=_lower(row))
    weighted = score / full * weight
    weighing = said["weighted"].format(score=plain(score), full=plain(full), weight=plain(weight))
    return Score(row, found, score, full, weight, weighted, words, f"{weighing} ＝ {plain(weighted)}")


def _formula(row: Record) -> str:
    """The way of counting; people's scores for an indicator that has none."""
    return row.text("formula") or str(rules()["formula"][-1]["title"])


def _wrong(row: Record) -> list[Finding]:
    """What keeps a weighted indicator from being scored."""
    if _weight(row) is None or not _quantitative(row):
        return []
    target, threshold = _target(row), _number(row, "threshold")
    if row["formula"] is None:
        return [about(row, "formula", "KPI013", title=row.text("title"))]
    if target is None:
        return [about(row, "target", "KPI012", title=row.text("title"))]
    if _is_share(row) and not _lower(row) and 0 < target <= 1:
        meant = plain(target * rules()["words"]["hundred"])
        return [about(row, "target", "KPI022", title=row.text("title"), meant=meant)]
    if threshold is not None and (threshold <= target if _lower(row) else threshold >= target):
        return [about(row, "threshold", "KPI019", title=row.text("title"), target=plain(target))]
    return []


def _is_share(row: Record) -> bool:
    """Whether the indicator's value is a percentage."""
    measure = next(one["measure"] for one in rules()["formula"] if one["title"] == row["formula"])
    return measure not in rules()["units"]


def _levels(register: Register) -> tuple[tuple[tuple[str, Decimal], ...], list[Finding]]:
    """The grade thresholds the user wrote, from high to low."""
    text = register.settings[rules()["words"]["grade_setting"]].strip()
    found = [_LEVEL.fullmatch(part.strip()) for part in text.split(_APART)] if text else []
    levels = tuple((one[1], Decimal(one[2])) for one in found if one)
    if len(levels) < len(found) or [least for _, least in levels] != sorted({n for _, n in levels}, reverse=True):
        return (), [finding("KPI016", value=text)]
    return levels, []


def _number(row: Record, name: str) -> Decimal | None:
    number = row[name]
    return number if isinstance(number, Decimal) else None


def _weight(row: Record) -> Decimal | None:
    return _number(row, "weight") or None


def _target(row: Record) -> Decimal | None:
    return _number(row, "target")


def _quantitative(row: Record) -> bool:
    return bool(row.text("kind") == rules()["words"]["quantitative"])


def _lower(row: Record) -> bool:
    return bool(row.text("direction") == rules()["words"]["lower"])
