"""Tells of every demand how near its order is to the customer: signed, handed over, ready, or left and why (§2.1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from macros.loops.words import holds, rules
from macros.periods import CalendarError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from macros.records import Record
    from macros.register import Register
    from macros.workdays import Calendar

    #: Why an order's paper cannot be made yet; nothing when it can.
    Unready = Callable[[Record], Sequence[str]]


class Site(NamedTuple):
    """One demand on its way to an order.

    ``kind`` is signed, handed, ready or left; ``reason`` says why it is left and ``cure`` what mends it; ages are
    working days since 3.1 was received and since 3.2 was signed, None where that has not been or on a day that the
    calendar does not hold; ``successful`` tells that 3.2 is signed and a site was found.
    """

    demand: Record
    customer: str
    kind: str
    reason: str
    cure: str
    since_received: int | None
    since_signed: int | None
    successful: bool
    handed_on: dt.date | None


def sites(register: Register, unready: Unready, calendar: Calendar, today: dt.date) -> list[Site]:
    """Every demand whose collection form was received, in the order of the sheet.

    Args:
        register: all tables.
        unready: what stands against the order's paper, for a row of 订单.
        calendar: the working days.
        today: the day to judge by; what is dated later has not happened.
    """
    orders, candidates = register.groups("order", ("demand_no",)), register.groups("candidate", ("demand_no",))
    issued = _issued(register, today)
    return [
        _site(
            register, demand, orders.get((demand["demand_no"],), []), candidates.get((demand["demand_no"],), []),
            issued, unready, calendar, today,
        ) for demand in register.rows("demand") if _past(demand, "form_received_on", today)
    ]


def customer_of(register: Register, record: Record) -> str:
    """The customer's name, or the operator's where the customer cannot be told."""
    customer = register.customer_of(record)
    return customer.key if customer else record.text("operator")


def age(calendar: Calendar, day: dt.date | None, today: dt.date) -> int | None:
    """Working days since a day; None without one, and for a day the calendar does not hold."""
    try:
        return calendar.count(day, today) if day else None
    except CalendarError:
        return None


def _past(record: Record, name: str, today: dt.date) -> dt.date | None:
    found = record.date(name)
    return found if found and found <= today else None


def _issued(register: Register, today: dt.date) -> Mapping[str, list[dt.date]]:
    """The days on which each order's paper was issued."""
    found: dict[str, list[dt.date]] = {}
    for row in register.rows("document"):
        day = row.date("issued_at")
        if row.text("form_no") == rules()["batches"]["paper"] and day and day <= today:
            found.setdefault(row.text("row_key"), []).append(day)
    return found


def _again(days: Sequence[dt.date], back_on: dt.date) -> bool:
    """Whether a paper was made anew after it came back; of papers of that very day the first is the one that did."""
    return bool(days) and (max(days) > back_on or (max(days) == back_on and len(days) > 1))


def _site(
    register: Register, demand: Record, orders: Sequence[Record], candidates: Sequence[Record],
    issued: Mapping[str, list[dt.date]], unready: Unready, calendar: Calendar, today: dt.date,
) -> Site:
    said = rules()["batches"]
    received, planned = _past(demand, "form_received_on", today), _past(demand, "plan_signed_on", today)
    reviewed, changed = _past(demand, "review_on", today), _past(demand, "change_signed_on", today)
    handed = _past(demand, "last_batch_on", today) or _past(demand, "order_sent_on", today)
    returned = reviewed if demand.text("review_result") == said["returned"] else None
    came_back = [day for day in (returned, changed) if day and (handed is None or handed <= day)]
    against = list(dict.fromkeys(why for order in orders for why in unready(order)))
    true = {
        "signed": _past(demand, "order_signed_on", today),
        "planned": planned,
        "changing": not changed and (
            _past(demand, "change_requested_on", today) or _past(demand, "change_known_on", today)
        ),
        "candidates": candidates,
        "orderable": any(row["orderable"] for row in candidates),
        "negotiating": _past(demand, "negotiation_on", today),
        "ordered": orders,
        "ticked": not against,
        "issued": orders and all(issued.get(order.key) for order in orders),
        "returned": returned in came_back,
        "changed": changed in came_back,
        "renewed": all(_again(issued.get(order.key, []), day) for order in orders for day in came_back),
        "handed": handed and not came_back,
    }
    facts = frozenset(name for name, holding in true.items() if holding)
    rule = next(each for each in said["stand"] if holds(each, facts))
    words = {
        "against": "、".join(against),
        "obstacles": "、".join(dict.fromkeys(row.text("obstacle") or said["unexplained"] for row in candidates)),
        "reported": demand.date("negotiation_reported_on") or said["unreported"],
    }
    return Site(
        demand, customer_of(register, demand), rule["kind"], rule.get("say", "").format(**words), rule.get("cure", ""),
        age(calendar, received, today), age(calendar, planned, today),
        bool(planned and (orders or true["orderable"])), handed,
    )
