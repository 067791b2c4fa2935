"""Leases that end, month by month, and where each stands between notice, renewal and termination."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.data import toml
from macros.findings import about
from macros.periods import add_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.billing.renewal import Price
    from macros.findings import Finding
    from macros.records import Record, Value


class Step(NamedTuple):
    """One clock of the pipeline as it stands: its last day, its state, when it was done."""

    clock: str
    due: dt.date | None
    state: str
    done_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Ending:
    """A lease that ends: its steps by clock, its stage, its prices, and the customer's termination if there is one.

    ``yearly`` and ``renewal`` are the register's own amounts where it has them, else the computed ones; a customer who
    will not renew is proposed no price.
    """

    row: Record
    ends_on: dt.date
    stage: str
    steps: Mapping[str, Step]
    yearly: Decimal | None
    renewal: Decimal | None
    basis: str
    termination: Record | None

    @property
    def month(self) -> str:
        """The month it ends in."""
        return f"{self.ends_on:%Y-%m}"

    @property
    def difference(self) -> Decimal | None:
        """How much a year costs more when renewed."""
        return None if self.yearly is None or self.renewal is None else self.renewal - self.yearly

    @property
    def next_step(self) -> Step | None:
        """The running step that is due first."""
        running = [step for step in self.steps.values() if step.state in ("open", "late") and step.due]
        return min(running, key=lambda step: (step.due, step.clock), default=None)


@cache
def words() -> dict[str, Any]:
    """How the list looks ahead, how renewals are priced, words and sheets, from ``rules/expiry.toml``."""
    path = Path(__file__).parents[1] / "rules" / "expiry.toml"
    return toml(path)


def listed(rows: Iterable[Record], today: dt.date, months: int) -> list[Record]:
    """The leases that end in the present month or one of the ``months`` after it, by last day, then as they stand.

    A row that a later one of its number continues does not end the lease.
    """
    first = today.replace(day=1)
    beyond = add_months(first, months + 1)
    held = list(rows)
    latest: dict[str, dt.date] = {}
    for row in held:
        starts = row.date("starts_on")
        if starts is not None:
            latest[row.key] = max(latest.get(row.key, starts), starts)
    found = [
        row for row in held
        if (end := row.date("ends_on")) is not None and first <= end < beyond
        and row.date("starts_on") in (None, latest.get(row.key))
    ]
    return sorted(found, key=lambda row: row.date("ends_on") or dt.date.max)


def endings(
    rows: Iterable[Record], steps: Mapping[str, Mapping[str, Step]], prices: Mapping[str, Price],
    excluded: Mapping[str, str], notices: Iterable[Record], today: dt.date,
) -> tuple[list[Ending], list[Finding]]:
    """Where each of the leases stands.

    Args:
        rows: the leases listed.
        steps: by lease number, then clock, as the clocks tell them: nothing is reckoned here.
        prices: computed prices by lease number.
        excluded: why a lease cannot be priced, by its number.
        notices: rows of 业务变更.
        today: what is dated later is not known yet.
    """
    terminations: dict[str, Record] = {}
    for notice in notices:
        if notice["kind"] == words()["words"]["termination"]:
            terminations[notice.text("lease_no")] = notice
    found: list[Ending] = []
    findings: list[Finding] = []
    for row in rows:
        end, price, own = row.date("ends_on"), prices.get(row.key), terminations.get(row.key)
        if end is None:
            continue
        proposed = price if row["renew"] is not False else None
        found.append(Ending(
            row, end, stage(row, today), steps.get(row.key, {}),
            _amount(row["yearly_fee"], price.now if price else None),
            _amount(row["renewal_fee"], proposed.renewal if proposed else None),
            proposed.basis if proposed else "", own,
        ))
        findings += _said(row, end, price, own)
        if price is None and end >= today and row["yearly_fee"] is None:
            why = excluded.get(row.key, words()["words"]["unpriced"])
            findings.append(about(row, "yearly_fee", "COL043", why=why))
    return found, findings


def stage(row: Record, today: dt.date) -> str:
    """Where a lease stands in the pipeline, in words."""
    def known(name: str) -> bool:
        day = row.date(name)
        return day is not None and day <= today

    if known("renewed_on"):
        name = "renewed"
    elif known("ending_received_on"):
        name = "ended"
    elif row["renew"] is not None:
        name = "renewing" if row["renew"] else "ending"
    else:
        name = "told" if known("expiry_told_on") else "to_tell"
    return str(words()["stage"][name])


def _amount(own: Value, computed: Decimal | None) -> Decimal | None:
    return own if isinstance(own, Decimal) else computed


def _said(row: Record, end: dt.date, price: Price | None, termination: Record | None) -> list[Finding]:
    found = []
    fee = row["yearly_fee"]
    if price is not None and row["renewed_on"] is None:
        if fee is not None and fee != price.now:
            found.append(about(row, "yearly_fee", "COL024", now=price.now))
        if row["renew"] is not False and row["renewal_fee"] is not None and row["renewal_fee"] != price.renewal:
            found.append(about(row, "renewal_fee", "COL042", now=price.renewal))
    if row["ending_received_on"] is not None and termination is None:
        found.append(about(row, "ending_received_on", "COL040"))
    if termination is not None and termination["compensation"] is None:
        effective = termination.date("effective_on")
        if effective is not None and effective < end:
            found.append(about(termination, "compensation", "COL041", value=effective, ends=end))
    return found


def fillings(found: Iterable[Ending]) -> list[tuple[Record, dict[str, Value]]]:
    """The blank 年服务费 and 续期建议价 of leases not yet renewed, to be filled with the computed amounts."""
    updates: list[tuple[Record, dict[str, Value]]] = []
    for each in found:
        blank = {"yearly_fee": each.yearly, "renewal_fee": each.renewal}
        values: dict[str, Value] = {
            name: value for name, value in blank.items() if value is not None and each.row[name] is None
        }
        if values and each.row["renewed_on"] is None:
            updates.append((each.row, values))
    return updates


def by_month(found: Sequence[Ending]) -> dict[str, list[Ending]]:
    """The leases by the month they end in, earliest first."""
    made: dict[str, list[Ending]] = {}
    for each in sorted(found, key=lambda ending: ending.month):
        made.setdefault(each.month, []).append(each)
    return made
