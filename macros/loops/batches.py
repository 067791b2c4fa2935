"""Makes up each customer's next batch of orders: when it is due, its number, what it covers (§2.1.3.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from macros.loops.words import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

    from macros.loops.orders import Site

    #: The last day of the batch that runs from a day on.
    Ends = Callable[[dt.date], dt.date]


class Batch(NamedTuple):
    """The next batch of a customer.

    ``due`` is None where nothing waits to be handed over; ``sites`` are those ready for it, ``left`` the others that
    wait; the counts tell how many of the successful sites are ``signed`` and ``handed``.
    """

    customer: str
    number: int
    due: dt.date | None
    sites: tuple[Site, ...]
    left: tuple[Site, ...]
    successful: int
    signed: int
    handed: int

    @property
    def label(self) -> str:
        """What the batch is called in 提交批次."""
        return str(rules()["batches"]["label"].format(number=self.number))

    def is_due(self, today: dt.date) -> bool:
        """Whether its day has come."""
        return self.due is not None and self.due <= today


def batches(sites: Iterable[Site], ends: Ends) -> list[Batch]:
    """The customers' next batches, in the order of their first demands.

    A batch runs from the day the one before was handed over, or from the day the first of the waiting demands was
    received when that is later.

    Args:
        sites: every demand and how it stands.
        ends: the last day of a batch that runs from a day on.
    """
    by_customer: dict[str, list[Site]] = {}
    for site in sites:
        by_customer.setdefault(site.customer, []).append(site)
    return [_batch(customer, held, ends) for customer, held in by_customer.items()]


def _batch(customer: str, held: Sequence[Site], ends: Ends) -> Batch:
    days = [day for site in held if (day := site.demand.date("last_batch_on")) and site.handed_on]
    waiting = [site for site in held if site.kind in ("ready", "left")]
    received = [
        day for site in waiting if site.since_received is not None and (day := site.demand.date("form_received_on"))
    ]
    begin = max([min(received), *days]) if received else None
    good = [site for site in held if site.successful]
    return Batch(
        customer, _last_number(held, days) + 1, ends(begin) if begin else None,
        tuple(site for site in waiting if site.kind == "ready"),
        tuple(site for site in waiting if site.kind == "left"),
        len(good), sum(site.kind == "signed" for site in good), sum(site.kind == "handed" for site in good),
    )


def _last_number(held: Sequence[Site], days: Sequence[dt.date]) -> int:
    """The number of the customer's last batch: by its label, else by the days on which batches were handed over."""
    label = re.compile(re.escape(rules()["batches"]["label"]).replace(r"\{number\}", r"(\d+)"))
    # Registers without 提交批次 keep the number in 项目批次, where the customer names none.
    named = [text for site in held for text in (site.demand.text("order_batch"), site.demand.text("batch"))]
    told = [int(found[1]) for text in named if (found := label.fullmatch(text))]
    return max([len(set(days)), *told])
