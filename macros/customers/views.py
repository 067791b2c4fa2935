"""The four single views of a customer (R2), each with its rows: punctual payment, orders, potential, profit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.customers.payments import payments
from macros.customers.sales import months_before, sales
from macros.customers.words import Evidence, rules, says
from macros.periods import add_months
from macros.values import round_half_up

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from macros.billing.collection import Standing
    from macros.records import Record
    from macros.register import Register

#: The views in the order they are shown.
VIEWS = ("punctual", "volume", "potential", "profit")
_NOTHING, _FULL = Decimal(0), Decimal(100)


class View(NamedTuple):
    """One view of one customer: points of 100 (None where nothing is known), how they come about, the rows behind."""

    score: Decimal | None
    says: str
    evidence: tuple[Evidence, ...] = ()


def views(
    register: Register, standings: Sequence[Standing], today: dt.date,
) -> dict[str, dict[str, View]]:
    """Every customer's views by the customer's name, then by the view's."""
    rows = [row for row in register.rows("customer") if row.key]
    given = rules()["view"]
    made = {
        "punctual": _punctual(rows, standings, today, given["punctual"]),
        "volume": _volume(rows, register, today, given["volume"]),
        "potential": {row.key: _potential(row, given["potential"]) for row in rows},
        "profit": _profit(rows, register, today, given["profit"]),
    }
    return {row.key: {name: made[name][row.key] for name in VIEWS} for row in rows}


def _punctual(
    rows: Sequence[Record], standings: Sequence[Standing], today: dt.date, given: Mapping[str, Any],
) -> dict[str, View]:
    """The mean of the points of a year's statements; an operator's statements speak for each of its branches."""
    paid = payments(standings, months_before(today, given["months"]), today)
    made = {}
    for row in rows:
        mine = paid.get(row.text("operator"), [])
        if not mine:
            made[row.key] = View(None, says("view", "no_statement", months=given["months"]))
            continue
        score = _tenth(sum((each.points for each in mine), _NOTHING) / len(mine))
        working = "＋".join(str(each.points) for each in mine)
        made[row.key] = View(
            score, f"（{working}）÷{len(mine)}＝{score}" if len(mine) > 1 else str(score),
            tuple(each.evidence for each in mine),
        )
    return made


def _volume(rows: Sequence[Record], register: Register, today: dt.date, given: Mapping[str, Any]) -> dict[str, View]:
    """The rank by orders signed in the last months: first their number, then what they bring a year."""
    since = add_months(today, -given["months"])
    fees: dict[str, Decimal] = {}
    for order in register.rows("order"):
        if isinstance(order["total_fee"], Decimal):
            fees[order.text("demand_no")] = fees.get(order.text("demand_no"), _NOTHING) + order["total_fee"]
    signed: dict[str, list[tuple[Evidence, Decimal]]] = {}
    for demand in register.rows("demand"):
        day = demand.date("order_signed_on")
        customer = register.customer_of(demand) if day and since < day <= today else None
        if customer:
            fee = fees.get(demand.key, _NOTHING)
            told = says("view", "order", key=demand.key, day=day, fee=f"，年服务费{fee:,}元" if fee else "")
            signed.setdefault(customer.key, []).append((Evidence(demand, told), fee))
    ranks = _ranks({
        name: (Decimal(len(held)), sum((fee for _, fee in held), _NOTHING)) for name, held in signed.items()
    })
    return {
        row.key: _ranked(
            ranks.get(row.key), len(ranks), tuple(each for each, _ in signed.get(row.key, [])),
            says("view", "no_order", months=given["months"]),
        ) for row in rows
    }


def _potential(row: Record, given: Mapping[str, Any]) -> View:
    value = row.text("potential")
    if value not in given["points"]:
        return View(None, says("view", "no_potential"))
    why = f"：{row['potential_why']}" if row["potential_why"] is not None else ""
    told = says("view", "potential", value=value, why=why)
    return View(Decimal(given["points"][value]), told, (Evidence(row, told),))


def _profit(rows: Sequence[Record], register: Register, today: dt.date, given: Mapping[str, Any]) -> dict[str, View]:
    """The rank by what was billed in the last months times the margin."""
    sold = sales(register, months_before(today, given["months"]), today)
    made: dict[str, View] = {}
    figures: dict[str, tuple[Decimal, Decimal]] = {}
    told: dict[str, str] = {}
    for row in rows:
        margin, mine = row["margin"], sold.get(row.key)
        if not isinstance(margin, Decimal):
            made[row.key] = View(None, says("view", "no_margin"))
        elif mine is None:
            made[row.key] = View(None, says("view", "no_bill", months=given["months"]))
        else:
            profit = round_half_up(mine.amount * margin)
            figures[row.key] = (profit, mine.amount)
            told[row.key] = says(
                "view", "profit", months=given["months"], amount=f"{mine.amount:,}",
                margin=f"{round_half_up(margin * 100, 1)}%", profit=f"{profit:,}",
            )
    ranks = _ranks(figures)
    for row in rows:
        if row.key in figures:
            ranked = _ranked(ranks.get(row.key), len(ranks), sold[row.key].evidence, told[row.key])
            says_ = f"{told[row.key]}，{ranked.says}" if row.key in ranks else told[row.key]
            made[row.key] = ranked._replace(says=says_, evidence=(Evidence(row, told[row.key]), *ranked.evidence))
    return made


def _ranks(figures: Mapping[str, tuple[Decimal, Decimal]]) -> dict[str, int]:
    """The rank of each figure above zero, the largest first; equal ones share a rank."""
    counted = {name: figure for name, figure in figures.items() if figure[0] > 0}
    return {
        name: 1 + sum(other > figure for other in counted.values()) for name, figure in counted.items()
    }


def _ranked(rank: int | None, count: int, evidence: tuple[Evidence, ...], none: str) -> View:
    """The points of a rank: the first of n has 100, the last 100 ÷ n; no rank has none of them."""
    if rank is None:
        return View(_NOTHING, none, evidence)
    score = _tenth(_FULL * (count - rank + 1) / count)
    told = says("view", "rank", rank=rank, count=count)
    return View(score, f"{told}，100×{count - rank + 1}÷{count}＝{score}", evidence)


def _tenth(score: Decimal) -> Decimal:
    return round_half_up(score, 1)
