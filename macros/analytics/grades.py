"""The A/B/C grid of service items: planned raises, what was reached, drops and raises nobody planned."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.analytics.figures import Figure, ratio
from macros.analytics.spans import span
from macros.data import toml
from macros.findings import about

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from macros.analytics.spans import Span
    from macros.findings import Finding
    from macros.records import Record


@cache
def rules() -> dict[str, Any]:
    """Service items, raises and words, from ``rules/service_items.toml``."""
    return toml(Path(__file__).parents[1] / "rules" / "service_items.toml")


class Raise(NamedTuple):
    """A planned raise of one item of one customer; ``reached`` is None until both sides have graded it."""

    record: Record
    customer: str
    item: str
    kind: str
    measure: str
    reached: bool | None

    @property
    def state(self) -> str:
        """How it stands, in words."""
        said = rules()["words"]
        return str(said["half"] if self.reached is None else said["reached" if self.reached else "open"])


class Attained(NamedTuple):
    """One kind of raise, or all: by customers, and by items."""

    kind: str
    customers: Figure
    pairs: Figure


class Grid(NamedTuple):
    """A period's grid.

    ``dropped`` are rows whose grade fell, ``unplanned`` rows that rose without a plan, ``idle`` rows below the best
    grade without one.
    """

    rows: tuple[Record, ...]
    raises: tuple[Raise, ...]
    attained: tuple[Attained, ...]
    total: Attained
    dropped: tuple[Record, ...]
    unplanned: tuple[Record, ...]
    idle: tuple[Record, ...]
    findings: tuple[Finding, ...]


def grid(rows: Iterable[Record], period: Span) -> Grid:
    """The rows of 服务提升 whose period lies in ``period``."""
    held = [row for row in rows if _within(row, period) and row["grade"] is not None]
    order = rules()["order"]
    raises: list[Raise] = []
    dropped, unplanned, idle = [], [], []
    findings: list[Finding] = []
    for row in held:
        now, target, end = row.text("grade"), row.text("target"), row.text("reached")
        kind = f"{now}{rules()['arrow']}{target}"
        if kind in rules()["raises"]:
            raises.append(_raise(row, kind))
            if (row["own_result"] is None) != (row["superior_result"] is None):
                sides = (row[name] for name in ("own_result", "superior_result"))
                own, superior = ("—" if side is None else "是" if side else "否" for side in sides)
                findings.append(about(row, "superior_result", "KPI021", own=own, superior=superior))
        elif target:
            findings.append(about(row, "target", "KPI020", grade=now))
        elif now != order[0]:
            idle.append(row)
        if end and order.index(end) > order.index(now):
            dropped.append(row)
        elif end and order.index(end) < order.index(now) and kind not in rules()["raises"]:
            unplanned.append(row)
    attained = [_attained(kind, [one for one in raises if one.kind == kind]) for kind in rules()["raises"]]
    return Grid(
        tuple(held), tuple(raises), tuple(attained), _attained(rules()["words"]["all"], raises), tuple(dropped),
        tuple(unplanned), tuple(idle), tuple(findings),
    )


def standard(item: str, grade: str) -> str:
    """What a grade of an item looks like; empty for an item of the user's own."""
    return next((str(one[grade]) for one in rules()["item"] if one["title"] == item), "")


def _within(row: Record, period: Span) -> bool:
    own = span(row.text("period"))
    return own is not None and period.first <= own.first and own.last <= period.last


def _raise(row: Record, kind: str) -> Raise:
    own, superior = row["own_result"], row["superior_result"]
    reached = None if own is None or superior is None else own is True and superior is True
    measure = row.text("measure") or standard(row.text("item"), kind)
    return Raise(row, row.text("customer_name"), row.text("item"), kind, measure, reached)


def _attained(kind: str, raises: Sequence[Raise]) -> Attained:
    """Customers all of whose raises were reached ÷ customers with any; the same by items."""
    said = rules()["words"]
    planned = dict.fromkeys(one.customer for one in raises)
    done = [who for who in planned if all(one.reached for one in raises if one.customer == who)]
    reached = [one for one in raises if one.reached]
    return Attained(
        kind,
        ratio(
            f"{kind} {said['customers']}", said["formula_customers"], Decimal(len(done)), Decimal(len(planned)),
            said["zero"], [one.record.key for one in raises if one.customer in done],
        ),
        ratio(
            f"{kind} {said['pairs']}", said["formula_pairs"], Decimal(len(reached)), Decimal(len(raises)),
            said["zero"], [one.record.key for one in reached],
        ),
    )
